"""What the receiving server says of the message's origin: `Authentication-Results` (RFC 8601), and whose word counts.

Anybody on the way, and whoever sends, can write such a field. Believed is the topmost, and those of the same server
beside it; none that stood in the message before it was received by a server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.check.delivered.difference import Difference
from newsletter_cli.check.delivered.parsed import Parsed, mailboxes

COMMENT = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
RESULT = re.compile(r"^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:/\s*\d+\s*)?=\s*([A-Za-z]+)(.*)$", re.DOTALL)
PROPERTY = re.compile(r"([A-Za-z]+(?:\.[A-Za-z0-9_-]+)?)\s*=\s*(\"[^\"]*\"|[^\s;]+)")
METHODS = ("dkim", "spf", "dmarc", "arc")
BAD = frozenset({"fail", "hardfail", "softfail", "permerror", "policy"})
UNSURE = frozenset({"none", "neutral", "temperror", "unknown", "bestguesspass"})


class Verdict(Struct, frozen=True, kw_only=True):
    """What one method came to. `domain` is the one that it is about, empty where none is named; `words` are its reason
    in the server's own words.
    """

    method: str
    result: str
    domain: str = ""
    words: str = ""


class Verdicts(Struct, frozen=True, kw_only=True):
    """`server` is who says so, empty where it does not name itself; `ignored` counts fields that are not believed."""

    server: str
    found: tuple[Verdict, ...]
    ignored: int

    def of(self, method: str) -> list[Verdict]:
        """Those of one method."""
        return [one for one in self.found if one.method == method]


def read_verdicts(message: Parsed) -> Verdicts:
    """What the receiving server says."""
    places = [index for index, field in enumerate(message.fields) if field.key == "authentication-results"]
    if not places:
        return Verdicts(server="", found=tuple(_received_spf(message)), ignored=0)
    server = _server(message.fields[places[0]].value)
    if not _is_believed(message, places[0], server):
        return Verdicts(server="", found=(), ignored=len(places))
    believed = []
    for index in places:
        between = message.fields[places[0] : index]
        if _server(message.fields[index].value) == server and not any(one.key == "received" for one in between):
            believed.append(index)
    found = [verdict for index in believed for verdict in _parse(message.fields[index].value)]
    if not any(one.method == "spf" for one in found):
        found += _received_spf(message)
    return Verdicts(server=server, found=tuple(found), ignored=len(places) - len(believed))


def _is_believed(message: Parsed, place: int, server: str) -> bool:
    """Whether a server put it there: it stands above where one received the message, or names the last that did."""
    received = [index for index, field in enumerate(message.fields) if field.key == "received"]
    if not received:
        return False
    if place < received[-1]:
        return True
    # Below all: filters put theirs under the field of their own server.
    by = re.search(r"\bby\s+([^\s;()]+)", message.fields[received[0]].value)
    return by is not None and len(received) == 1 and by[1].lower().rstrip(".") == server


def compare_verdicts(was: Parsed, now: Parsed) -> Iterator[Difference]:
    """What failed is a difference; what passed, and what nobody said, is worth a note."""
    verdicts = read_verdicts(now)
    sender = next((address.rpartition("@")[2] for _name, address in mailboxes(now.value("From") or "")), "")
    place = "Authentication-Results"
    for method in METHODS:
        said = verdicts.of(method)
        if not said:
            continue
        best = min(said, key=lambda one: (_rank(one.result), not _is_of(one.domain, sender)))
        about = f"{best.domain}, " if best.domain else ""
        told = f"{about}{best.words}" if best.words else about.rstrip(", ")
        yield Difference(
            kind=f"{method}-{'failed' if best.result in BAD else 'unsure' if best.result in UNSURE else 'passed'}",
            message=_told(method, best, verdicts.server),
            place=place,
            now=told,
            is_note=best.result not in BAD,
        )
    missing = [method.upper() for method in METHODS[:3] if not verdicts.of(method)]
    if missing:
        message = _("the receiving server says nothing about {methods}").format(methods=", ".join(missing))
        yield Difference(kind="verdict-missing", message=message, place=place, is_note=True)
    if verdicts.ignored:
        message = _("verdicts that the receiving server did not write are not believed ({count})").format(
            count=verdicts.ignored
        )
        yield Difference(kind="verdict-ignored", message=message, place=place, is_note=True)


def _told(method: str, verdict: Verdict, server: str) -> str:
    who = server or _("the receiving server")
    if verdict.result in BAD:
        return _("{method} failed: {result}, says {server}").format(
            method=method.upper(), result=verdict.result, server=who
        )
    if verdict.result in UNSURE:
        return _("{method} proves nothing: {result}, says {server}").format(
            method=method.upper(), result=verdict.result, server=who
        )
    return _("{method} passed, says {server}").format(method=method.upper(), server=who)


def _rank(result: str) -> int:
    return 0 if result == "pass" else 2 if result in BAD else 1


def _is_of(domain: str, sender: str) -> bool:
    return bool(domain) and (sender == domain or sender.endswith(f".{domain}") or domain.endswith(f".{sender}"))


def _server(value: str) -> str:
    """Who says so; empty where the field begins with a verdict, as Microsoft's does."""
    first = COMMENT.sub(" ", value).partition(";")[0].split()
    return "" if not first or "=" in first[0] else first[0].lower().rstrip(".")


def _parse(value: str) -> Iterator[Verdict]:
    pieces = COMMENT.sub(" ", value).split(";")
    for piece in pieces if not _server(value) else pieces[1:]:
        found = RESULT.match(piece)
        if found is None:
            continue
        properties = {name.lower(): text.strip('"') for name, text in PROPERTY.findall(found[3])}
        domain = next(
            (
                properties[name].rpartition("@")[2]
                for name in ("header.d", "header.i", "header.from", "smtp.mailfrom", "smtp.helo")
                if properties.get(name)
            ),
            "",
        )
        yield Verdict(
            method=found[1].lower(),
            result=found[2].lower(),
            domain=domain.lower(),
            words=properties.get("reason", ""),
        )


def _received_spf(message: Parsed) -> Iterator[Verdict]:
    """`Received-SPF`, of a server that says it there alone (RFC 7208, 9.1): above where the message was received."""
    for field in message.fields:
        if field.key == "received":
            return
        if field.key == "received-spf" and (found := re.match(r"\s*([A-Za-z]+)", field.value)):
            yield Verdict(method="spf", result=found[1].lower())
            return
