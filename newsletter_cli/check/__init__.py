"""One rule per module: a pure function of the issue that yields findings."""

from newsletter_cli.check.rules import RULES, check_issue

__all__ = ["RULES", "check_issue"]
