"""One rule per module: a pure function of the issue that yields findings."""

from newsletter_cli.check.rules import RULES, check_issue
from newsletter_cli.check.rules.address_relative import check_addresses

__all__ = ["RULES", "check_addresses", "check_issue"]
