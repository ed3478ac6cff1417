"""Sentences that several findings share: what providers want, and how an unanswered question is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsletter_cli.base.i18n import _
from newsletter_cli.check.domain.finding import DomainFinding, Standing

if TYPE_CHECKING:
    from newsletter_cli.check.domain.asking import Unanswered

MOST_NAMED = 4


def bulk_rule() -> str:
    """What large providers want. Gmail, Yahoo: February 2024; Outlook.com: May 2025; laposte.net: September 2025."""
    return _(
        "Gmail, Yahoo, Outlook.com and laposte.net want SPF, DKIM and DMARC from whoever sends them more than 5,000 "
        "messages a day, Orange from everybody: without them, mail is refused or goes to the spam folder."
    )


def ask_elsewhere() -> str:
    """What to do where the DNS did not say enough."""
    return _("nothing is known of it: run it again where there is a network, or ask another server: --resolver 9.9.9.9")


def not_asked(topic: str, name: str, missed: Sequence[Unanswered], *, record: str = "") -> DomainFinding:
    """A finding of which the DNS did not say enough: no fault of the domain's."""
    shown = "; ".join(dict.fromkeys(map(str, missed[:MOST_NAMED])))
    return DomainFinding(
        topic=topic,
        standing=Standing.UNKNOWN,
        name=name,
        message=_("could not be asked: {questions}").format(questions=shown),
        hint=ask_elsewhere(),
        record=record,
    )


def quoted(error: Exception) -> str:
    """What checkdmarc says of a record, in its own words: one line, without signs that a terminal would obey."""
    words = " ".join(str(error.args[0] if error.args else error).split())
    return "".join(sign if sign.isprintable() else "?" for sign in words)
