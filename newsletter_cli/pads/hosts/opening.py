"""The pad at an address: the ways to ask for its text, tried one after the other."""

from __future__ import annotations

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.web.address import WebAddress, is_web, parse_address
from newsletter_cli.base.web.asking import Answer, Asker, Cause, Limits, NotAnswered
from newsletter_cli.base.web.reach import Network
from newsletter_cli.pads.hosts import docs, etherpad, file, hedgedoc
from newsletter_cli.pads.hosts.addresses import Asked, Kind, ways_to_ask
from newsletter_cli.pads.hosts.answers import failure_refusal, is_page
from newsletter_cli.pads.hosts.reading import Read, Reader
from newsletter_cli.pads.hosts.writing import takes_none, write_file
from newsletter_cli.pads.pad import OpenPad, Pad, PadRefusal, PadText

# A section is some pages; a pad of HedgeDoc holds 100,000 characters, unless its host is told otherwise.
TEXT_LIMITS = Limits(size_bytes=5_000_000, seconds=40.0)
READERS: dict[Kind, Reader] = {
    Kind.HEDGEDOC: hedgedoc.read,
    Kind.DOCS: docs.read,
    Kind.ETHERPAD: etherpad.read,
    Kind.GOOGLE: file.read,
    Kind.FILE: file.read,
}


def pad_asker(*, allow_private: bool = False, network: Network | None = None, limits: Limits = TEXT_LIMITS) -> Asker:
    """Who asks pads; `allow_private`: those in the local network, too."""
    return Asker(limits=limits, allow_private=allow_private, network=network)


def open_pads(asker: Asker, *, has_hard_breaks: bool) -> OpenPad:
    """What opens pads. `has_hard_breaks`: whether a line's end is a line break in the newsletter, too."""

    def open_pad(address: str) -> Pad | PadRefusal:
        try:
            if not is_web(address):
                raise ValueError(address)
            parsed = parse_address(address)
        except ValueError:
            return failure_refusal(NotAnswered(Cause.NOT_AN_ADDRESS, address))
        if parsed.user:
            return PadRefusal(
                reason=_("its address holds a password, and would be in every copy of the newsletter"),
                hint=_("take out what stands before @; a pad is asked without signing in"),
            )
        ways = ways_to_ask(parsed)
        if ways[0].kind is Kind.CRYPTPAD:
            return PadRefusal(
                reason=_("CryptPad encrypts in the browser: no program can read a pad there"),
                hint=_("export it there as Markdown, then: nl import FILE.md --section SLUG"),
            )
        return _HostedPad(address=address, parsed=parsed, ways=ways, asker=asker, has_hard_breaks=has_hard_breaks)

    return open_pad


class _HostedPad(Struct, frozen=True, kw_only=True):
    address: str
    parsed: WebAddress
    ways: tuple[Asked, ...]
    asker: Asker
    has_hard_breaks: bool

    @property
    def host(self) -> str:
        """As `Pad` says."""
        return self.ways[0].kind.value

    def fetch(self) -> PadText | PadRefusal:
        """As `Pad` says."""
        refusals: list[PadRefusal] = []
        for way in self.ways:
            try:
                answer = self.asker.ask(way.url, accept=_accepted(way.kind))
            except NotAnswered as error:
                return failure_refusal(error)
            found = READERS[way.kind](Read(answer=answer, page=self.parsed, has_hard_breaks=self.has_hard_breaks))
            if isinstance(found, PadText):
                return found
            if not _may_be_elsewhere(way.kind, answer):
                return found
            refusals.append(found)
        # The first is about what the address most likely is.
        return refusals[0]

    def write(self, text: str, *, over: str, is_rehearsal: bool = False) -> PadText | PadRefusal:
        """As `Pad` says."""
        # What may be a HedgeDoc is not asked for its page: many would make a pad.
        if self.ways[0].kind is not Kind.FILE:
            return takes_none(self.host)
        return write_file(self.asker, self.ways[0].url, text, over=over, is_rehearsal=is_rehearsal)


def _accepted(kind: Kind) -> str:
    return "application/json" if kind is Kind.DOCS else "text/markdown,text/plain;q=0.9,*/*;q=0.5"


def _may_be_elsewhere(kind: Kind, answer: Answer) -> bool:
    """Whether the host may be one that knows nothing of what it was asked, and has the text at another address.

    A HedgeDoc says that it is one. It must not be asked for a pad that does not exist: many would make it.
    """
    is_hedgedoc = kind is Kind.HEDGEDOC and answer.headers.keys() & {"hedgedoc-version", "codimd-version"}
    if is_hedgedoc or answer.is_redirected:
        return False
    return answer.status in (400, 404, 405, 410) or (answer.status == 200 and is_page(answer))
