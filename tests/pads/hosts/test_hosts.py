"""What each host's pad comes to, and what each of its faults: nothing taken, a reason, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from newsletter_cli.base.web.asking import Limits
from newsletter_cli.base.web.reach import Internet, Lookup
from newsletter_cli.pads.hosts import open_pads, pad_asker
from newsletter_cli.pads.pad import PadRefusal, PadText
from tests.pads.server import MISBEHAVIOURS, Docs, Etherpad, Files, HedgeDoc, PadSite
from tests.samples import sample

DOCUMENT = "6f1c1d9e-0c5b-4c39-9a55-0d6f0f8d2a11"
PATIENT = Limits(size_bytes=5_000_000, seconds=60)
HASTY = Limits(size_bytes=200_000, seconds=0.4)
SLOW = ("drip", "slow headers", "silent")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


class Hosts:
    """The hosts by name, each started when it is first asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[str, PadSite] = {}

    def __getitem__(self, kind: str) -> PadSite:
        if kind not in self._running:
            self._running[kind] = self._stack.enter_context(KINDS[kind]())
        return self._running[kind]


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    with ExitStack() as stack:
        yield Hosts(stack)


KINDS: dict[str, Callable[[], PadSite]] = {"hedgedoc": HedgeDoc, "docs": Docs, "etherpad": Etherpad, "files": Files}
NAMES = {"hedgedoc": "agenda-mars", "docs": DOCUMENT, "etherpad": "agenda", "files": "notes/agenda.md"}


def fetch(address: str, *, has_hard_breaks: bool = False, limits: Limits = PATIENT) -> PadText | PadRefusal:
    pad = open_pads(pad_asker(allow_private=True, limits=limits), has_hard_breaks=has_hard_breaks)(address)
    return pad if isinstance(pad, PadRefusal) else pad.fetch()


def refused(address: str, *, limits: Limits = PATIENT) -> PadRefusal:
    found = fetch(address, limits=limits)
    assert isinstance(found, PadRefusal), found
    assert found.reason
    assert found.hint
    return found


def text(address: str, *, has_hard_breaks: bool = False) -> str:
    found = fetch(address, has_hard_breaks=has_hard_breaks)
    assert isinstance(found, PadText), found
    return found.text


@pytest.mark.parametrize("kind", NAMES)
def test_a_pad_is_its_text(kind: str, hosts: Hosts) -> None:
    site = hosts[kind]
    site.pads[NAMES[kind]] = "# Agenda\r\n\r\nÀ la plage, dès l’été 🏖.\r\n"
    assert text(site.address(NAMES[kind])) == "# Agenda\n\nÀ la plage, dès l’été 🏖.\n"


@pytest.mark.parametrize(
    ("kind", "what"),
    sample(
        [(kind, name) for kind in ("docs", "etherpad", "files") for name in MISBEHAVIOURS if name not in SLOW],
        *[("docs", name) for name in ("page", "latin-1", "empty", "500", "short")],
        *[("files", name) for name in ("login", "404", "huge")],
        ("etherpad", "page"),
    ),
)
def test_whatever_goes_wrong_is_told(kind: str, what: str, hosts: Hosts) -> None:
    site, name = hosts[kind], NAMES[kind]
    site.pads[name] = "Of which nothing is to be seen."
    site.misbehaviours[name] = what
    refusal = refused(site.address(name))
    assert "Of which nothing" not in refusal.reason
    if what.isdecimal():
        assert what in refusal.reason


@pytest.mark.parametrize("what", SLOW)
def test_nobody_waits_for_ever(what: str, hosts: Hosts) -> None:
    site = hosts["hedgedoc"]
    site.pads["agenda"] = "x"
    site.misbehaviours["agenda"] = what
    assert "takes too long" in refused(site.address("agenda"), limits=HASTY).reason


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("login", "sends whoever is not signed in to another page"),
        ("page", "answers a web page"),
        ("page as text", "answers a web page"),
        ("empty", "the pad is empty"),
        ("blank", "the pad is empty"),
        ("huge", "too large"),
        ("endless", "too large"),
        ("bomb", "too large"),
        ("reset", "broke off"),
        ("hung up", "broke off"),
        ("short", "broke off"),
        ("broken chunks", "broke off"),
        ("torn gzip", "broke off"),
        ("no gzip", "packed"),
        ("brotli", "packed"),
        ("not HTTP", "no HTTP"),
        ("utf-16", "in UTF-16"),
        ("utf-16 without mark", "in utf-16le"),
        ("latin-1", "in iso-8859-1"),
        ("latin-1 unsaid", "not in UTF-8"),
        ("picture", "not in UTF-8"),
        ("pdf", "application/pdf"),
        ("circles", "in circles"),
        ("to a file", "is no address"),
        ("401", "not open to whoever has the link (401)"),
        ("404", "no pad at this address (404)"),
        ("410", "no pad at this address (410)"),
        ("429", "slow down (429)"),
        ("503", "out of order (503)"),
        ("no content", "204"),
    ],
)
def test_each_fault_has_its_words(what: str, words: str, hosts: Hosts) -> None:
    site = hosts["hedgedoc"]
    site.pads["agenda"] = "x"
    site.misbehaviours["agenda"] = what
    assert words in refused(site.address("agenda")).reason


def test_no_redirect_leads_into_the_local_network(hosts: Hosts) -> None:
    site = hosts["files"]
    site.misbehaviours["agenda.md"] = "to the local network"
    network = _Told({"www.pads.fr": Lookup(("127.0.0.1",))}, is_public={"127.0.0.1"})
    pad = open_pads(pad_asker(network=network), has_hard_breaks=False)(
        site.address("agenda.md").replace("127.0.0.1", "www.pads.fr")
    )
    assert not isinstance(pad, PadRefusal)
    with network.judging():
        found = pad.fetch()
    assert isinstance(found, PadRefusal)
    assert "10.0.0.1 is inside the local network" in found.reason
    assert len(site.requests) == 1


class _Told(Internet):
    """A network whose names lead where the test says, some addresses of loopback taken for public ones."""

    def __init__(self, names: dict[str, Lookup], is_public: set[str]) -> None:
        super().__init__()
        self.names, self.is_public = names, is_public
        self.looked_up: list[str] = []

    def look_up(self, host: str) -> Lookup:
        self.looked_up.append(host)
        return self.names.get(host) or super().look_up(host)

    @contextmanager
    def judging(self) -> Iterator[None]:
        from newsletter_cli.base.web import reach

        real = reach.is_private
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reach, "is_private", lambda address: address not in self.is_public and real(address))
            yield


@pytest.mark.parametrize("kind", NAMES)
def test_the_local_network_is_not_asked(kind: str, hosts: Hosts) -> None:
    site = hosts[kind]
    site.pads[NAMES[kind]] = "x"
    for address in (site.address(NAMES[kind]), site.address(NAMES[kind]).replace("127.0.0.1", "localhost")):
        pad = open_pads(pad_asker(), has_hard_breaks=False)(address)
        assert not isinstance(pad, PadRefusal)
        found = pad.fetch()
        assert isinstance(found, PadRefusal)
        assert "inside the local network" in found.reason
    assert site.requests == []


def test_a_name_is_looked_up_once(hosts: Hosts) -> None:
    """DNS rebinding: what was judged is what is connected to."""
    site = hosts["files"]
    site.pads["agenda.md"] = "Bonjour"

    class Turning(_Told):
        def look_up(self, host: str) -> Lookup:
            self.looked_up.append(host)
            return Lookup(("192.0.2.1",)) if len(self.looked_up) == 1 else Lookup(("127.0.0.1",))

    network = Turning({}, is_public={"192.0.2.1"})
    limits = Limits(size_bytes=1000, seconds=0.3)
    address = site.address("agenda.md").replace("127.0.0.1", "www.pads.fr")
    pad = open_pads(pad_asker(network=network, limits=limits), has_hard_breaks=False)(address)
    assert not isinstance(pad, PadRefusal)
    with network.judging():
        assert isinstance(pad.fetch(), PadRefusal)
    assert network.looked_up == ["www.pads.fr"]
    assert site.requests == []


class TestHedgeDoc:
    @pytest.fixture
    def site(self) -> Iterator[HedgeDoc]:
        with HedgeDoc() as site:
            site.pads["agenda"] = "Bonjour"
            yield site

    @pytest.mark.parametrize(
        "form",
        [
            "agenda",
            "agenda?both",
            "agenda?view",
            "agenda?edit#Lieu",
            "agenda#Lieu",
            "agenda/",
            "s/agenda",
            "s/agenda#x",
            "p/agenda",
            "p/agenda#/2",
            "agenda/download",
            "agenda/publish",
            "agenda?both=&utm_source=x",
        ],
    )
    def test_every_form_of_its_address(self, form: str, site: HedgeDoc) -> None:
        assert text(f"{site.origin}/{form}") == "Bonjour"
        assert site.made == []

    def test_a_pad_that_is_not_there_is_not_made_by_asking(self, site: HedgeDoc) -> None:
        assert "no pad at this address" in refused(site.address("agneda")).reason
        assert site.made == []

    def test_a_private_pad_names_what_to_set(self, site: HedgeDoc) -> None:
        site.private.add("agenda")
        refusal = refused(site.address("agenda"))
        assert "sends whoever is not signed in" in refusal.reason
        assert "Freely, Editable or Locked" in (refusal.hint or "")

    def test_its_line_ends_are_line_breaks(self, site: HedgeDoc) -> None:
        site.pads["agenda"] = "**Question ?**\nRéponse, en deux\nlignes.\n\n- un\n- deux\n"
        assert text(site.address("agenda")) == "**Question ?**\\\nRéponse, en deux\\\nlignes.\n\n- un\n- deux\n"
        assert text(site.address("agenda"), has_hard_breaks=True) == site.pads["agenda"]


class TestDocs:
    @pytest.fixture
    def site(self) -> Iterator[Docs]:
        with Docs() as site:
            site.pads[DOCUMENT] = "Bonjour\n"
            yield site

    @pytest.mark.parametrize("form", [f"docs/{DOCUMENT}", f"docs/{DOCUMENT}/#x", f"docs/{DOCUMENT.upper()}/?x=1"])
    def test_every_form_of_its_address(self, form: str, site: Docs) -> None:
        site.pads[DOCUMENT.upper()] = "Bonjour\n"
        assert text(f"{site.origin}/{form}") == "Bonjour\n"

    def test_title_and_moment_come_along(self, site: Docs) -> None:
        site.titles[DOCUMENT] = "Agenda de mars"
        found = fetch(site.address(DOCUMENT))
        assert isinstance(found, PadText)
        assert found.title == "Agenda de mars"
        assert found.updated is not None
        assert found.updated.isoformat() == "2026-03-05T16:20:11.123456+00:00"

    def test_an_empty_document_is_refused(self, site: Docs) -> None:
        site.pads[DOCUMENT] = ""
        assert refused(site.address(DOCUMENT)).reason == "the pad is empty"

    def test_a_link_that_is_not_public(self, site: Docs) -> None:
        site.private.add(DOCUMENT)
        refusal = refused(site.address(DOCUMENT))
        assert refusal.reason == "the document is not public (401)"
        assert "Public" in (refusal.hint or "")

    def test_an_older_host(self, site: Docs) -> None:
        site.is_old = True
        assert "older than Docs 5.4" in refused(site.address(DOCUMENT)).reason


class TestFiles:
    @pytest.fixture
    def site(self) -> Iterator[Files]:
        with Files() as site:
            site.pads["notes/agenda.md"] = "Bonjour"
            site.pads["agenda"] = "Salut"
            yield site

    @pytest.mark.parametrize("kind", ["", "text/plain", "text/markdown", "application/octet-stream", "text/x-markdown"])
    def test_whatever_a_server_calls_it(self, kind: str, site: Files) -> None:
        site.media_type = kind
        assert text(site.address("notes/agenda.md")) == "Bonjour"
        assert text(site.address("agenda")) == "Salut"
        assert text(site.address("agenda?token=x")) == "Salut"

    @pytest.mark.parametrize("page", ["o/r/blob/main/", "o/r/-/blob/main/", "o/r/src/branch/main/"])
    def test_the_page_around_a_file_leads_to_the_file(self, page: str, site: Files) -> None:
        assert text(site.address(f"{page}notes/agenda.md")) == "Bonjour"

    def test_windows_marks_and_ends(self, site: Files) -> None:
        site.pads["notes/agenda.md"] = "\ufeffun\r\ndeux\rtrois"
        assert text(site.address("notes/agenda.md")) == "un\ndeux\ntrois"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("agenda.md", "is no address"),
        ("ftp://pad.example.org/x", "is no address"),
        ("https://", "is no address"),
        ("https://noor:secret@pad.example.org/x", "holds a password"),
        ("https://cryptpad.fr/code/#/2/code/edit/dvTDtnYhz2gwKkmsxdpYaxnF/", "CryptPad encrypts"),
    ],
)
def test_what_is_not_asked_at_all(address: str, words: str) -> None:
    refusal = refused(address)
    assert words in refusal.reason
    assert "secret" not in refusal.reason


Ways = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        (
            "https://github.com/etalab/lettre/blob/main/mars/agenda.md",
            ["https://github.com/etalab/lettre/raw/main/mars/agenda.md"],
        ),
        ("https://gitlab.example/a/b/c/-/blob/main/x.md?plain=1", ["https://gitlab.example/a/b/c/-/raw/main/x.md"]),
        (
            "https://codeberg.org/a/b/src/branch/main/x.md",
            ["https://codeberg.org/a/b/raw/branch/main/x.md"],
        ),
        (
            "https://docs.google.com/document/d/1AbC_d-e/edit?usp=sharing",
            ["https://docs.google.com/document/d/1AbC_d-e/export?format=md"],
        ),
        (
            "https://hackmd.io/@noor/mars?view",
            ["https://hackmd.io/@noor/mars/download", "https://hackmd.io/@noor/mars?view"],
        ),
        ("https://raw.githubusercontent.com/a/b/main/x.md", ["https://raw.githubusercontent.com/a/b/main/x.md"]),
    ],
)
def test_where_it_is_asked_for(address: str, asked: list[str]) -> None:
    from newsletter_cli.base.web.address import parse_address
    from newsletter_cli.pads.hosts.addresses import ways_to_ask

    assert [way.url for way in ways_to_ask(parse_address(address))] == asked
