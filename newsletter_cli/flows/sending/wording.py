"""What people call the states of a delivery and the reasons for leaving somebody out."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.deliver.ledger.reading import Report
from newsletter_cli.i18n import _, ngettext
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.model.subscriber import Reason


def state_names() -> dict[DeliveryState, str]:
    """What people call the states."""
    return {
        DeliveryState.PENDING: _("waiting"),
        DeliveryState.CLAIMED: _("about to be sent"),
        DeliveryState.ATTEMPTING: _("under way"),
        DeliveryState.SENT: _("sent"),
        DeliveryState.DEFERRED: _("put off by their server"),
        DeliveryState.REFUSED: _("refused"),
        DeliveryState.IN_DOUBT: _("in doubt"),
    }


def reason_names() -> dict[str, str]:
    """What people call the reasons for leaving somebody out."""
    return {
        Reason.INVALID: _("no valid address"),
        Reason.UNSUBSCRIBED: _("unsubscribed"),
        Reason.BOUNCED: _("bounced before"),
        Reason.COMPLAINED: _("complained"),
        Reason.SUPPRESSED: _("on the suppression list"),
        Reason.UNCONFIRMED: _("not confirmed"),
        Reason.NOT_IN_GROUP: _("not in the part that was asked for"),
        Reason.DOUBLE: _("twice on the list"),
    }


def complete_line(report: Report) -> Iterator[str]:
    """Whether all is done, and what is to be done."""
    counts, number = report.counts, report.issue
    if report.is_complete:
        yield _("Complete: nothing is left to do.")
        return
    if under_way := counts[DeliveryState.ATTEMPTING]:
        yield ngettext(
            "{count} is under way — or was, if no nl send is running: then the next one calls it in doubt",
            "{count} are under way — or were, if no nl send is running: then the next one calls them in doubt",
            under_way,
        ).format(count=under_way)
    if waiting := counts[DeliveryState.PENDING] + counts[DeliveryState.CLAIMED]:
        yield ngettext(
            "{count} waits: nl send {number} goes on where it was",
            "{count} wait: nl send {number} goes on where it was",
            waiting,
        ).format(count=waiting, number=number)
    if deferred := counts[DeliveryState.DEFERRED]:
        yield ngettext(
            "{count} was put off: run nl send {number} again in a while, or have it wait: --retry-deferred-for 4h",
            "{count} were put off: run nl send {number} again in a while, or have it wait: --retry-deferred-for 4h",
            deferred,
        ).format(count=deferred, number=number)
    if report.unsettled_refusals:
        yield ngettext(
            "{count} was refused for good: once looked at, nl resolve {number} --refused skip",
            "{count} were refused for good: once looked at, nl resolve {number} --refused skip",
            report.unsettled_refusals,
        ).format(count=report.unsettled_refusals, number=number)
    if doubtful := counts[DeliveryState.IN_DOUBT]:
        yield ngettext(
            "{count} is in doubt: the message went out and no answer came. You decide: "
            "nl resolve {number} --in-doubt skip (they may lack it), resend (they may get it twice), "
            "sent (you know that they have it)",
            "{count} are in doubt: the message went out and no answer came. You decide: "
            "nl resolve {number} --in-doubt skip (they may lack it), resend (they may get it twice), "
            "sent (you know that they have it)",
            doubtful,
        ).format(count=doubtful, number=number)
