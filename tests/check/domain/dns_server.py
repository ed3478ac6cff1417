"""A DNS server on loopback, with zones of its own and misbehaviours by name.

Names are those of examples alone. `misbehaves` says of a name and all below it, of `NAME TYPE`, or of everything (`*`)
what is done instead of answering.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping

import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset

# What a server may do to a name: nothing at all, a failure, a refusal, an answer that nobody can read.
MISBEHAVIOURS = ("silent", "servfail", "refused", "garbage")
# A name has records by type; a text beyond 255 octets is several strings.
Zone = Mapping[str, Mapping[str, str | list[str]]]


class DnsServer:
    """Answers from `zone`; `asked` are the questions it heard, in their order."""

    def __init__(self, zone: Zone, misbehaves: Mapping[str, str] | None = None) -> None:
        self.zone = {name.lower(): dict(records) for name, records in zone.items()}
        self.misbehaves = dict(misbehaves or {})
        assert set(self.misbehaves.values()) <= set(MISBEHAVIOURS)
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        # Nothing, which is no question, ends it.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(b"", self._socket.getsockname())
        self._thread.join(10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            octets, client = self._socket.recvfrom(4096)
            if not octets:
                return
            answer = self._answer(octets)
            if answer is not None:
                self._socket.sendto(answer, client)

    def _answer(self, octets: bytes) -> bytes | None:
        query = dns.message.from_wire(octets)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        fault = next(
            (
                one
                for known, one in self.misbehaves.items()
                if known in (name, f"{name} {kind}") or name.endswith(f".{known}") or known == "*"
            ),
            None,
        )
        if fault == "silent":
            return None
        if fault == "garbage":
            return octets[:2] + b"\xff" * 5
        if fault is not None:
            response.set_rcode(dns.rcode.SERVFAIL if fault == "servfail" else dns.rcode.REFUSED)
            return response.to_wire()
        self._fill(response, question, name, kind)
        return response.to_wire(max_size=65_000)

    def _fill(self, response: dns.message.Message, question: dns.rrset.RRset, name: str, kind: str) -> None:
        records = self.zone.get(name)
        if records is None:
            if not any(known.endswith(f".{name}") for known in self.zone):
                response.set_rcode(dns.rcode.NXDOMAIN)
            return
        texts = records.get(kind, [])
        found = [texts] if isinstance(texts, str) else texts
        if not found:
            return
        if kind in ("TXT", "SPF"):
            made = [dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, question.rdtype, _strings(text)) for text in found]
            response.answer.append(dns.rrset.from_rdata(question.name, 60, *made))
        else:
            response.answer.append(dns.rrset.from_text(question.name, 60, dns.rdataclass.IN, question.rdtype, *found))


def _strings(text: str) -> list[bytes]:
    """A text as strings of at most 255 octets, wherever that cuts it."""
    octets = text.encode()
    return [octets[start : start + 255] for start in range(0, len(octets), 255)] or [b""]


@contextlib.contextmanager
def serving(zone: Zone, misbehaves: Mapping[str, str] | None = None) -> Iterator[DnsServer]:
    """A server for as long as the block lasts."""
    server = DnsServer(zone, misbehaves)
    try:
        yield server
    finally:
        server.stop()
