"""The life of one address in order: what `nl list show ADDR` tells of what `audience/rights.py` gathers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from newsletter_cli.base.i18n import _, ngettext, shown_moment
from newsletter_cli.base.moments import timestamp
from newsletter_cli.flows.feedback_words import feedback_names
from newsletter_cli.flows.sending.words import state_names, told_reply
from newsletter_cli.model.delivery import DeliveryState, Reply
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.model.subscriber import SubscriberStatus

# What may have come back where somebody is suppressed for that reason.
CAUSES: dict[str, frozenset[FeedbackKind]] = {
    "bounced": frozenset({FeedbackKind.HARD, FeedbackKind.FULL, FeedbackKind.SOFT}),
    "complained": frozenset({FeedbackKind.COMPLAINT}),
    "unsubscribed": frozenset({FeedbackKind.UNSUBSCRIBE}),
}
# What has no date of its own stands before all that has one, or after it.
BEFORE, AFTER = "", "~"


class LifeEvent(Struct, frozen=True, kw_only=True):
    """Something that happened. `at` is ISO 8601, or as somebody wrote it, or empty; `kind` is for scripts, `text` for
    people; `issue` its number, where there is one.
    """

    at: str
    kind: str
    text: str
    issue: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The event for scripts."""
        return {"at": self.at, "kind": self.kind, "issue": self.issue, "text": self.text}

    @property
    def moment(self) -> str:
        """Its moment for people, a day where no more is known."""
        return shown_moment(self.at) if "T" in self.at or " " in self.at else self.at


def read_life(data: Mapping[str, Any]) -> tuple[LifeEvent, ...]:
    """What happened, in order, from what `export_person` gives."""
    events = [
        *_consents(data),
        *_deliveries(data.get("deliveries", ())),
        *_proofs(data.get("proofs", ())),
        *_feedback(data.get("feedback", ())),
        *_changes(data),
    ]
    return tuple(sorted(dict.fromkeys(events), key=_order))


def suppression_names() -> dict[str, str]:
    """What people call the reasons for being on the suppression list."""
    return {
        "imported": _("taken over from another list"),
        "bounced": _("messages came back"),
        "unsubscribed": _("unsubscribed"),
        "complained": _("complained"),
        "erased": _("erased, and never to be written to again"),
    }


def told_suppression(data: Mapping[str, Any]) -> str | None:
    """Since when and why somebody is suppressed, and what that came of; `None` for whoever is not."""
    suppressed = data["suppressed"]
    if not suppressed:
        return None
    reason = suppression_names().get(suppressed["reason"], suppressed["reason"])
    text = _("On the suppression list since {since}: {reason}").format(
        since=shown_moment(suppressed["since"]), reason=reason
    )
    cause = _cause(data.get("feedback", ()), suppressed["reason"])
    return text if cause is None else _("{text} ({cause})").format(text=text, cause=_told_feedback(cause))


def _cause(feedback: Any, reason: str) -> Mapping[str, Any] | None:
    """The last of what came back that may have led to it."""
    kinds = CAUSES.get(reason, frozenset())
    return next((one for one in reversed(list(feedback)) if one["kind"] in kinds), None)


def _consents(data: Mapping[str, Any]) -> Iterator[LifeEvent]:
    """Each consent on record, in the private list and in others; where it is written twice, once."""
    records = [data["subscriber"], *(row for source in data["sources"] for row in source["rows"])]
    for record in records:
        consent = (record or {}).get("consent")
        if consent and (consent["at"] or consent["how"]):
            text = _("agreed: {how}").format(how=consent["how"] or "?")
            yield LifeEvent(at=consent["at"], kind="consent", text=text)
    for one in data["readmissions"]:
        text = _("back on the list: agreed anew on {at}, {how}")
        shown = {"at": shown_moment(one["consent_at"]) or "?", "how": one["consent_how"] or "?"}
        yield LifeEvent(at=one["at"], kind="readmitted", text=text.format(**shown))


def _changes(data: Mapping[str, Any]) -> Iterator[LifeEvent]:
    subscriber, suppressed = data["subscriber"], data["suppressed"]
    if subscriber:
        yield LifeEvent(at=subscriber["created_at"], kind="added", text=_("put on the list"))
        if subscriber["left_at"]:
            names = {
                SubscriberStatus.BOUNCED: _("taken off: messages came back"),
                SubscriberStatus.COMPLAINED: _("taken off: complained"),
            }
            text = names.get(subscriber["status"], _("left the list"))
            yield LifeEvent(at=subscriber["left_at"], kind="left", text=text)
    for at in data["address_changes"]:
        yield LifeEvent(at=at, kind="moved", text=_("the address was changed to this one"))
    if suppressed:
        reason = suppression_names().get(suppressed["reason"], suppressed["reason"])
        text = _("on the suppression list: {reason}").format(reason=reason)
        yield LifeEvent(at=suppressed["since"], kind="suppressed", text=text)


def _deliveries(rows: Any) -> Iterator[LifeEvent]:
    for row in rows:
        text = _("issue {number}: {state}").format(number=row["issue"], state=_told_delivery(row))
        yield LifeEvent(at=row["at"], kind=str(row["state"]), text=text, issue=row["issue"])


def _proofs(rows: Any) -> Iterator[LifeEvent]:
    for row in rows:
        text = _("proof {proof} of issue {number}: {state}").format(
            proof=row["proof"], number=row["issue"], state=_told_delivery(row)
        )
        yield LifeEvent(at=row["at"], kind="proof", text=text, issue=row["issue"])


def _told_delivery(row: Mapping[str, Any]) -> str:
    """The state, and the server's answer; after how many tries, where it took several."""
    state = state_names(1)[DeliveryState(row["state"])]
    reply = Reply(row["code"], row["reply"])
    said = told_reply(reply) if reply.code or reply.text else ""
    tries = ""
    if row["tries"] > 1:
        tries = ngettext("after {count} try", "after {count} tries", row["tries"]).format(count=row["tries"])
    more = ", ".join(one for one in (tries, said) if one)
    return f"{state} ({more})" if more else state


def _feedback(rows: Any) -> Iterator[LifeEvent]:
    for row in rows:
        yield LifeEvent(at=row["at"], kind=row["kind"], text=_told_feedback(row), issue=row["issue"])


def _told_feedback(row: Mapping[str, Any]) -> str:
    name = feedback_names()[FeedbackKind(row["kind"])]
    said = " ".join(one for one in (row["status"], row["words"]) if one)
    text = f"{name}, {said}" if said else name
    return text if row["issue"] is None else _("came back of issue {number}: {text}").format(
        number=row["issue"], text=text
    )  # fmt: skip


def _order(event: LifeEvent) -> str:
    """By moment; what has none is a consent, which comes before all, or a delivery that is still to come."""
    try:
        moment = datetime.fromisoformat(event.at)
    except ValueError:
        return BEFORE if event.kind == "consent" else AFTER
    return timestamp(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
