"""The header fields that arrived beside those that were handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.delivered.difference import Difference
from newsletter_cli.check.delivered.parsed import BLANKS, Parsed, mailboxes, moment

# What describes how the body is written down, and what the way adds by itself.
OF_THE_BODY = frozenset({"content-type", "content-transfer-encoding", "mime-version", "content-disposition"})
OF_THE_WAY = frozenset({"received", "return-path", "delivered-to", "x-original-to", "bcc", "lines", "content-length"})
ADDRESSES = frozenset({"from", "reply-to", "to", "cc", "sender"})
# What changes what mail readers do or say, where nobody had put it there.
MEANINGFUL = frozenset(
    {
        "reply-to", "sender", "list-id", "list-unsubscribe", "list-unsubscribe-post", "list-post", "list-help",
        "list-archive", "list-subscribe", "list-owner", "precedence", "auto-submitted", "errors-to", "cc",
        "disposition-notification-to", "return-receipt-to", "x-confirm-reading-to", "importance", "x-priority",
        "feedback-id", "cfbl-address", "resent-from", "resent-to", "resent-sender", "sensitivity", "expires",
        "in-reply-to", "references",
    }
)  # fmt: skip
RECEIPTS = frozenset({"disposition-notification-to", "return-receipt-to", "x-confirm-reading-to"})
KINDS = {
    "from": "from-rewritten", "reply-to": "reply-to-changed", "message-id": "message-id-changed",
    "date": "date-changed", "subject": "subject-changed", "list-unsubscribe": "list-unsubscribe-changed",
    "list-unsubscribe-post": "list-unsubscribe-post-changed",
}  # fmt: skip
TAG = re.compile(
    r"(?:\[[^\]]{1,60}\]|\([^)]{1,40}\)|\*{2,}[^*]{1,40}\*{2,}|[A-Z][A-Z _-]{2,30}:|(?:Fwd?|TR|RE|Re|AW|WG) ?:)"
)


def compare_headers(was: Parsed, now: Parsed) -> Iterator[Difference]:
    """What is lost, another, doubled or new. Folds, encodings and the order of fields are no difference."""
    names = dict.fromkeys(field.key for field in was.fields)
    for key in names:
        if key not in OF_THE_BODY and key not in OF_THE_WAY and key != "dkim-signature":
            yield from _compare_field(key, was.values(key), now.values(key), _written(was, key))
    for key in dict.fromkeys(field.key for field in now.fields):
        if key in MEANINGFUL and key not in names:
            yield _put_in(key, now.value(key) or "", _written(now, key))
    if was.values("dkim-signature") and not set(map(_dense, was.values("dkim-signature"))) <= set(
        map(_dense, now.values("dkim-signature"))
    ):
        yield Difference(
            kind="dkim-signature-lost",
            message=_("the signature (DKIM) that it was handed over with is gone"),
            place="DKIM-Signature",
        )


def _compare_field(key: str, was: list[str], now: list[str], name: str) -> Iterator[Difference]:
    before = was[0]
    if not now:
        yield Difference(kind=f"{_stem(key)}-lost", message=_lost(key, name), place=name, was=before)
        return
    after = now[0]
    if len(now) > len(was):
        yield Difference(
            kind="header-doubled",
            message=_("{header} is there {count} times: each mail reader takes another one").format(
                header=name, count=len(now)
            ),
            place=name,
            was=before,
            now=now[-1] if now[-1] != before else after,
        )
        # Whichever of them it was is none that is gone.
        if before in now:
            return
    if _is_same(key, before, after):
        return
    if key == "subject":
        yield _told_subject(before, after)
    elif key == "from":
        yield Difference(kind="from-rewritten", message=_told_from(before, after), place=name, was=before, now=after)
    else:
        yield Difference(
            kind=KINDS.get(key, "header-changed"), message=_changed(key, name), place=name, was=before, now=after
        )


def _is_same(key: str, was: str, now: str) -> bool:
    if key in ADDRESSES:
        return mailboxes(was) == mailboxes(now)
    if key == "date":
        before, after = moment(was), moment(now)
        return before == after if before and after else was == now
    if key.startswith("list-unsubscribe") or key in ("message-id", "archived-at", "list-id"):
        return _dense(was) == _dense(now)
    return BLANKS.sub(" ", was) == BLANKS.sub(" ", now)


def _dense(value: str) -> str:
    """Without blanks: where a field may be folded, there may be one."""
    return BLANKS.sub("", value)


def _told_subject(was: str, now: str) -> Difference:
    kind, message = "subject-changed", _("the subject is another")
    if now.endswith(was):
        kind = "subject-prefixed"
        tag = now.removesuffix(was).strip()
        message = _("“{tag}” was put before the subject").format(tag=tag)
    elif now.startswith(was):
        message = _("“{tag}” was put behind the subject").format(tag=now.removeprefix(was).strip())
    elif was.startswith(now.rstrip("… .")) and now:
        kind, message = "subject-cut", _("the subject is cut off")
    elif (found := TAG.match(now)) and now[found.end() :].strip() in was:
        kind = "subject-prefixed"
        message = _("“{tag}” was put into the subject").format(tag=found[0])
    return Difference(kind=kind, message=message, place="Subject", was=was, now=now)


def _told_from(was: str, now: str) -> str:
    before = [address for _name, address in mailboxes(was)]
    after = [address for _name, address in mailboxes(now)]
    if before == after:
        return _("the sender’s name is another")
    return _("the sender is another: a list or a relay has put its own address there (DMARC)")


def _lost(key: str, name: str) -> str:
    reasons = {
        "list-unsubscribe": _("List-Unsubscribe is gone: mail readers show no button to leave"),
        "list-unsubscribe-post": _("List-Unsubscribe-Post is gone: nobody leaves with one click"),
        "reply-to": _("Reply-To is gone: answers go to the sender"),
        "message-id": _("Message-ID is gone"),
    }
    return reasons.get(key) or _("{header} is gone").format(header=name)


def _changed(key: str, name: str) -> str:
    reasons = {
        "list-unsubscribe": _("List-Unsubscribe is another: who leaves does so elsewhere"),
        "reply-to": _("Reply-To is another: answers go elsewhere"),
        "message-id": _("Message-ID is another: answers and reports are not found by it any more"),
        "date": _("Date is another"),
    }
    return reasons.get(key) or _("{header} is another").format(header=name)


def _put_in(key: str, value: str, name: str) -> Difference:
    if key in RECEIPTS:
        return Difference(
            kind="receipt-asked",
            message=_("{header} was put in: readers are asked for a receipt").format(header=name),
            place=name,
        )
    if key == "sender":
        message = _("Sender was put in: Outlook shows “on behalf of”")
        return Difference(kind="sender-added", message=message, place=name, now=value)
    return Difference(kind="header-added", message=_("{header} was put in").format(header=name), place=name, now=value)


def _stem(key: str) -> str:
    return key if key in KINDS else "header"


def _written(message: Parsed, key: str) -> str:
    return next(field.name for field in message.fields if field.key == key)
