"""The message as it was handed over, and as it arrived: each difference, and what is worth knowing of the way."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.check.delivered.difference import Difference, shown
from newsletter_cli.check.delivered.headers import compare_headers
from newsletter_cli.check.delivered.parsed import Parsed, parse_message
from newsletter_cli.check.delivered.parts import PAGE, compare_parts
from newsletter_cli.check.delivered.route import Hop, compare_route, read_route
from newsletter_cli.check.delivered.signature import AskDns, check_signatures
from newsletter_cli.check.delivered.spam import compare_filters
from newsletter_cli.check.delivered.verdicts import Verdict, compare_verdicts, read_verdicts

# Gmail shows so much of the HTML, as `email_page.py` has it.
GMAIL_BYTES = 102_400


class Arrival(Struct, frozen=True, kw_only=True):
    """What came of a comparison. Sizes are in bytes, `html_bytes` that of the HTML as it is decoded."""

    differences: tuple[Difference, ...]
    notes: tuple[Difference, ...]
    verdicts: tuple[Verdict, ...]
    hops: tuple[Hop, ...]
    handed_over_bytes: int
    received_bytes: int
    html_bytes: int

    @property
    def is_as_sent(self) -> bool:
        """Nothing is otherwise than it was handed over."""
        return not self.differences

    @property
    def gmail_percent(self) -> int:
        """How much of what Gmail shows the HTML takes."""
        return round(100 * self.html_bytes / GMAIL_BYTES)

    def as_dict(self) -> dict[str, Any]:
        """For scripts; it names nobody."""
        return {
            "as_sent": self.is_as_sent,
            "differences": [one.as_dict() for one in self.differences],
            "notes": [one.as_dict() for one in self.notes],
            "verdicts": {one.method: one.result for one in reversed(self.verdicts)},
            "size_bytes": {
                "handed_over": self.handed_over_bytes,
                "received": self.received_bytes,
                "html": self.html_bytes,
                "gmail_shows": GMAIL_BYTES,
            },
            "hops": len(self.hops),
        }


def compare_messages(handed_over: bytes, received: bytes, *, ask: AskDns | None = None) -> Arrival:
    """Each difference between the two. `ask` fetches the keys of signatures; without it only bodies are checked.

    A relay's own work (fields folded otherwise, another encoding of the same text, `Received`) is no difference.
    """
    was, now = parse_message(handed_over), parse_message(received)
    found: list[Difference] = []
    inner = _inner(was, now)
    if inner is not None:
        found.append(
            Difference(
                kind="wrapped",
                message=_("it came as an attachment of another message, as filters do with what they suspect"),
                place=now.value("Subject") or "",
            )
        )
        found += compare_filters(was, now)
        outer, now = now, inner
    else:
        outer = now
    found += compare_headers(was, now)
    found += compare_parts(was, now)
    found += check_signatures(now, ask)
    found += compare_verdicts(was, outer)
    found += [] if inner is not None else compare_filters(was, now)
    found += _line_ends(was, now)
    hops = read_route(outer)
    found += compare_route(hops, None)
    html_bytes, before_bytes = _html_bytes(now), _html_bytes(was)
    if html_bytes > GMAIL_BYTES >= before_bytes:
        message = _("it has grown beyond what Gmail shows: the end is cut off there")
        found.append(Difference(kind="gmail-clips", message=message, place=_("the HTML")))
    return Arrival(
        differences=tuple(shown(one for one in found if not one.is_note)),
        notes=tuple(shown(one for one in found if one.is_note)),
        verdicts=read_verdicts(outer).found,
        hops=tuple(hops),
        handed_over_bytes=was.size_bytes,
        received_bytes=outer.size_bytes,
        html_bytes=html_bytes,
    )


def _inner(was: Parsed, now: Parsed) -> Parsed | None:
    """The message itself, where it came in another one."""
    if now.value("Message-ID") == was.value("Message-ID") or was.inner:
        return None
    for octets in now.inner:
        wrapped = parse_message(octets)
        if wrapped.value("Message-ID") == was.value("Message-ID"):
            return wrapped
    return None


def _line_ends(was: Parsed, now: Parsed) -> list[Difference]:
    plain = now.octets.replace(b"\r\n", b"\n")
    if b"\r" not in plain or b"\r" in was.octets.replace(b"\r\n", b"\n"):
        return []
    message = _("its lines do not end as they should (a CR alone)")
    return [Difference(kind="line-ends-changed", message=message)]


def _html_bytes(message: Parsed) -> int:
    part = message.body(PAGE)
    return len((part.text or "").encode("utf-8", "replace")) if part else 0
