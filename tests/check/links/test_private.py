"""Addresses of the local network are not asked for, whatever they are called; and what else is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.web.reach import Lookup, is_private
from newsletter_cli.check.catalogue import LINK_RULES
from newsletter_cli.check.links import Cause, LinkReport, LinkStatus, Outcome
from newsletter_cli.config.link_patterns import LinkPatternFault
from tests.check.links.conftest import ToldNetwork
from tests.check.links.server import Site

Ask = Callable[..., LinkReport]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[::ffff:127.0.0.1]",
        "[2002:7f00:1::]",
        "localhost",
        "LOCALHOST.",
        "build.localhost",
        "printer.local",
    ],
)
def test_private_addresses_are_refused(host: str, ask: Ask) -> None:
    url = f"http://{host}:8901/x"
    report = ask(url, allow_private=False)
    assert report.outcomes[url] == Outcome(status=LinkStatus.UNCHECKED, cause=Cause.PRIVATE)


def test_a_public_name_that_leads_to_a_private_address_is_refused(site: Site, ask: Ask) -> None:
    network = ToldNetwork(names={"www.inside.fr": Lookup(("192.0.2.1", "127.0.0.1"))})
    url = f"http://www.inside.fr:{site.port}/ok"
    report = ask(url, allow_private=False, network=network)
    assert report.outcomes[url].cause is Cause.PRIVATE
    assert site.requests == []


def test_one_note_for_all_private_addresses(site: Site, ask: Ask) -> None:
    report = ask(site.url(), site.url("404"), allow_private=False)
    found = [finding for rule in LINK_RULES for finding in rule.check(report)]
    assert [(finding.rule, finding.level) for finding in found] == [("links-unchecked", "info")]
    assert "2 links" in found[0].message
    assert "--allow-private" in (found[0].suggestion or "")
    assert site.requests == []


def test_private_addresses_where_they_are_allowed(site: Site, ask: Ask) -> None:
    assert ask(site.url(), allow_private=True).outcomes[site.url()].status is LinkStatus.OK


def test_nothing_is_told_of_a_private_address_behind_a_redirect(site: Site, ask: Ask) -> None:
    from datetime import UTC, datetime

    from newsletter_cli.check.links.cache import LinkCache
    from newsletter_cli.check.links.probe import _Check
    from newsletter_cli.check.links.screen import Screen
    from tests.check.links.conftest import settings

    now = datetime(2026, 3, 5, tzinfo=UTC)
    check = _Check(
        screen=Screen(settings(allow_private=False)),
        preferences=settings(allow_private=False),
        network=ToldNetwork(names={"intra.site.fr": Lookup(("10.0.0.1",))}),
        cache=LinkCache(None, max_age_hours=1, now=now),
        on_progress=lambda *_: None,
        now=now,
        remapped=frozenset(),
        outcomes={},
    )
    shown = check._hidden_if_private(
        "https://a.fr/", ("intra.site.fr",), Outcome(status=LinkStatus.BROKEN, cause=Cause.NOT_FOUND)
    )
    assert shown == Outcome(status=LinkStatus.UNCHECKED, cause=Cause.PRIVATE)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=6, network="fc00::/7"))
def test_every_address_of_a_private_network_is_private(address: object) -> None:
    assert is_private(str(address))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "64:ff9b::10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "::ffff:0:192.168.0.1",
            "2002:a00:1::",
            "::127.0.0.1",
        ),
        *("::ffff:10.0.0.1", "fe80::1%eth0", "3fff::1", "5f00::1", "192.0.0.8", "100.64.0.1", "169.254.169.254"),
    ],
)
def test_nor_is_one_in_another_s_clothes(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", ["8.8.4.4", "2606:4700::1111", "64:ff9b::8.8.4.4"])
def test_public_addresses_are_not(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize("host", ["www.example.org", "atelier.example", "nobody.invalid", "host.test", "EXAMPLE.com"])
def test_names_for_examples_are_not_asked_for_and_nothing_is_said(host: str, ask: Ask) -> None:
    network = ToldNetwork()
    report = ask(f"https://{host}/x", network=network)
    assert [outcome.cause for outcome in report.outcomes.values()] == [Cause.RESERVED]
    assert network.looked_up == []
    assert not [finding for rule in LINK_RULES for finding in rule.check(report)]


@pytest.mark.parametrize("entry", ["127.0.0.1", r"^http://127\.", "/404$", "27.0.0.1"])
def test_excluded_by_host_or_pattern(entry: str, site: Site, ask: Ask) -> None:
    report = ask(site.url("404"), exclude=(entry,))
    is_excluded = entry != "27.0.0.1"
    assert (report.outcomes[site.url("404")].cause is Cause.EXCLUDED) == is_excluded
    assert bool(site.requests) != is_excluded


def test_a_host_is_excluded_with_all_below_it_but_not_beside_it(ask: Ask) -> None:
    names = dict.fromkeys(["a.site.fr", "site.fr", "mysite.fr"], Lookup())
    urls = [f"https://{name}/" for name in names]
    report = ask(*urls, exclude=("Site.fr",), network=ToldNetwork(names=names))
    assert [outcome.cause is Cause.EXCLUDED for outcome in report.outcomes.values()] == [True, True, False]


def test_remapped_to_a_site_on_trial(site: Site, ask: Ask) -> None:
    """What is written in the configuration may be private, and its redirects are not the real site's."""
    urls = ("https://www.example.org/ok", "https://www.example.org/404", "https://www.example.org/r/301/ok")
    report = ask(*urls, remap=(f"https://www.example.org http://127.0.0.1:{site.port}",), allow_private=False)
    assert [one.status for one in report.outcomes.values()] == [LinkStatus.OK, LinkStatus.BROKEN, LinkStatus.OK]
    assert all(one.new_address is None for one in report.outcomes.values())


def test_remapped_with_groups(site: Site, ask: Ask) -> None:
    report = ask("https://site.fr/en/404", remap=(rf"^https://site\.fr/(\w+)/(.*) {site.url('$2')}?$1",))
    assert report.outcomes["https://site.fr/en/404"].code == 404
    assert site.requests == ["GET /404?en"]


@pytest.mark.parametrize("is_offline", [False, True])
@pytest.mark.parametrize(
    "wishes",
    [{"exclude": ("(",)}, {"remap": ("one",)}, {"remap": ("a b c",)}, {"remap": ("( x",)}, {"remap": (r"a \2",)}],
)
def test_a_pattern_that_is_none_is_a_fault_of_the_configuration(
    wishes: dict[str, object], is_offline: bool, ask: Ask
) -> None:
    with pytest.raises(LinkPatternFault):
        ask("https://site.fr/", is_offline=is_offline, **wishes)


def test_https_of_an_http_address(
    certificate: tuple[object, object], site: Site, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsletter_cli.check.rules.link_answers import link_https_available

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with Site(certificate=certificate) as secure:  # type: ignore[arg-type]
        remap = (f"http://site.fr {site.url('').rstrip('/')}", f"https://site.fr {secure.url('').rstrip('/')}")
        urls = [f"http://site.fr/{path}" for path in ("ok", "404", "only-http")]
        report = ask(*urls, remap=remap)
        assert [one.has_https for one in report.outcomes.values()] == [True, False, True]
        found = list(link_https_available.check(report))
        assert [finding.subject for finding in found] == [urls[0], urls[2]]
    report = ask(*urls, remap=remap)
    assert not any(one.has_https for one in report.outcomes.values())
