"""The table of statuses, each through the real lychee against a real server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter_cli.base.web.address import parse_address
from newsletter_cli.check.links import Cause, LinkReport, LinkStatus, Outcome, check_links
from newsletter_cli.check.links.answers import Answer
from newsletter_cli.check.links.judge import judge
from tests.check.links.conftest import places_of, settings
from tests.check.links.server import Site

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
TABLE: dict[str, tuple[LinkStatus, Cause, int | None]] = {
    "ok": (LinkStatus.OK, Cause.NONE, 200),
    "204": (LinkStatus.OK, Cause.NONE, 204),
    "no-head": (LinkStatus.OK, Cause.NONE, 200),
    "slow": (LinkStatus.OK, Cause.NONE, 200),
    "huge": (LinkStatus.OK, Cause.NONE, 200),
    "broken-encoding": (LinkStatus.OK, Cause.NONE, 200),
    "wrong-letters": (LinkStatus.OK, Cause.NONE, 200),
    "no-type": (LinkStatus.OK, Cause.NONE, 200),
    "ok?a=(b)&c=d*_e_,f;g='h'": (LinkStatus.OK, Cause.NONE, 200),
    "ok?x=1).": (LinkStatus.OK, Cause.NONE, 200),
    "limited-then-fine": (LinkStatus.OK, Cause.NONE, 200),
    "r/302/ok": (LinkStatus.OK, Cause.NONE, 200),
    "r/303/ok": (LinkStatus.OK, Cause.NONE, 200),
    "r/307/ok": (LinkStatus.OK, Cause.NONE, 200),
    "r/301/302/ok": (LinkStatus.OK, Cause.NONE, 200),
    "r/302/308/ok": (LinkStatus.OK, Cause.NONE, 200),
    "members-only": (LinkStatus.OK, Cause.NONE, 200),
    "r/301/ok": (LinkStatus.REDIRECTED, Cause.NONE, 200),
    "r/308/ok": (LinkStatus.REDIRECTED, Cause.NONE, 200),
    "r/301/308/ok": (LinkStatus.REDIRECTED, Cause.NONE, 200),
    "404": (LinkStatus.BROKEN, Cause.NOT_FOUND, 404),
    "404#here": (LinkStatus.BROKEN, Cause.NOT_FOUND, 404),
    "r/301/404": (LinkStatus.BROKEN, Cause.NOT_FOUND, 404),
    "gone": (LinkStatus.BROKEN, Cause.GONE, 410),
    "414": (LinkStatus.BROKEN, Cause.TOO_LONG, 414),
    "500": (LinkStatus.BROKEN, Cause.SERVER, 500),
    "503": (LinkStatus.BROKEN, Cause.SERVER, 503),
    "loop": (LinkStatus.BROKEN, Cause.LOOP, 301),
    "hang-up": (LinkStatus.BROKEN, Cause.CLOSED, None),
    "401": (LinkStatus.UNVERIFIABLE, Cause.SIGN_IN, 401),
    "403": (LinkStatus.UNVERIFIABLE, Cause.ROBOTS, 403),
    "r/302/403": (LinkStatus.UNVERIFIABLE, Cause.ROBOTS, 403),
    "405": (LinkStatus.UNVERIFIABLE, Cause.ROBOTS, 405),
    "limited": (LinkStatus.UNVERIFIABLE, Cause.LIMITED, 429),
    "999": (LinkStatus.UNVERIFIABLE, Cause.ROBOTS, 999),
    "400": (LinkStatus.UNVERIFIABLE, Cause.ODD_ANSWER, 400),
    "418": (LinkStatus.UNVERIFIABLE, Cause.ODD_ANSWER, 418),
    "never": (LinkStatus.TIMEOUT, Cause.SLOW, None),
}
FRAGMENTS = {
    "ok#here": False,
    "ok#old-way": False,
    "wrong-letters#here": False,
    "r/302/ok#here": False,
    "ok#nowhere": True,
    "r/302/ok#nowhere": True,
    # What no server knows: the state of an application, a page of a file, a line of code, words, the top.
    "ok#/route": False,
    "ok#!route": False,
    "ok#page=3": False,
    "ok#L10-L12": False,
    "ok#:~:text=words": False,
    "ok#top": False,
    "ok#": False,
}


@pytest.fixture(scope="module")
def asked(certificate: tuple[Path, Path]) -> tuple[Site, LinkReport, list[tuple[int, int]]]:
    # No site here is unreachable: on a machine that is busy with other tests a connection can fail by itself.
    for _turn in range(3):
        progress: list[tuple[int, int]] = []
        with Site() as site:
            urls = [site.url(path) for path in (*TABLE, *FRAGMENTS, "r/308/ok#here")]
            report = check_links(
                places_of(urls),
                settings(),
                cache_folder=None,
                on_progress=lambda *done, told=progress: told.append(done),
            )
        if all(one.cause is not Cause.UNREACHABLE for one in report.outcomes.values()):
            break
    return site, report, progress


@pytest.mark.parametrize("path", TABLE)
def test_status_of(path: str, asked: tuple[Site, LinkReport, object]) -> None:
    site, report, _progress = asked
    outcome = report.outcomes[site.url(path)]
    assert (outcome.status, outcome.cause, outcome.code) == TABLE[path]
    assert bool(outcome.reason) == (outcome.cause is not Cause.NONE)
    assert outcome.checked_at is not None


@pytest.mark.parametrize("path", FRAGMENTS)
def test_fragment(path: str, asked: tuple[Site, LinkReport, object]) -> None:
    site, report, _progress = asked
    outcome = report.outcomes[site.url(path)]
    assert (outcome.status, outcome.is_fragment_missing) == (LinkStatus.OK, FRAGMENTS[path])


def test_new_address_of_permanent_redirects_only(asked: tuple[Site, LinkReport, object]) -> None:
    site, report, _progress = asked
    moved = {url: outcome.new_address for url, outcome in report.outcomes.items() if outcome.new_address}
    assert moved == {
        site.url("r/301/ok"): site.url("ok"),
        site.url("r/308/ok"): site.url("ok"),
        site.url("r/301/308/ok"): site.url("ok"),
        site.url("r/308/ok#here"): site.url("ok#here"),
    }


def test_each_page_is_asked_for_once_and_a_huge_one_not_downloaded(asked: tuple[Site, LinkReport, object]) -> None:
    site, _report, _progress = asked
    assert site.requests.count("GET /no-head") == 1
    assert site.requests.count("GET /404") == 2  # with and without fragment are one page; and a redirect leads there
    assert site.sent_bytes < 50_000_000


def test_progress_ends_with_all(asked: tuple[Site, LinkReport, list[tuple[int, int]]]) -> None:
    _site, _report, progress = asked
    done, totals = zip(*progress, strict=True)
    assert list(done) == list(range(1, len(done) + 1))
    assert set(totals) == {done[-1]}


def test_certificates(
    certificate: tuple[Path, Path], ask: Callable[..., LinkReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Site(certificate=certificate) as secure:
        outcome = ask(secure.url()).outcomes[secure.url()]
        assert (outcome.status, outcome.cause, outcome.is_certain) == (LinkStatus.BROKEN, Cause.TLS, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert ask(secure.url()).outcomes[secure.url()].status is LinkStatus.OK


def test_refused_connection_is_broken_but_may_pass(outcome_of: Callable[..., Outcome]) -> None:
    with Site() as site:
        url = site.url()
    outcome = outcome_of(url)
    assert (outcome.status, outcome.cause, outcome.is_certain) == (LinkStatus.BROKEN, Cause.REFUSED, False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "https://", "http://a b.example.org/", "http://[::1/x"])
def test_what_is_no_address(url: str, outcome_of: Callable[..., Outcome]) -> None:
    outcome = outcome_of(url)
    assert (outcome.status, outcome.cause, outcome.is_certain) == (LinkStatus.BROKEN, Cause.NOT_AN_ADDRESS, True)


@pytest.mark.parametrize("host", ["www.linkedin.com", "lnkd.in", "x.com", "m.facebook.com"])
@pytest.mark.parametrize("code", [404, 410, 500, 999])
def test_sites_that_refuse_robots_are_never_broken(host: str, code: int) -> None:
    outcome = judge(parse_address(f"https://{host}/in/somebody"), Answer(code=code), NOON)
    assert outcome.status is LinkStatus.UNVERIFIABLE


def test_sites_that_refuse_robots_send_them_anywhere() -> None:
    answer = Answer(code=200, hops=((301, "https://www.example.org/authenticate-yourself"),), is_ok=True)
    outcome = judge(parse_address("https://www.linkedin.com/in/somebody"), answer, NOON)
    assert (outcome.status, outcome.new_address) == (LinkStatus.OK, None)


def test_a_redirect_to_a_site_that_refuses_robots_is_not_broken() -> None:
    answer = Answer(code=404, hops=((302, "https://www.linkedin.com/x"),))
    assert judge(parse_address("https://short.example.org/x"), answer, NOON).status is LinkStatus.UNVERIFIABLE


def test_a_page_larger_than_memory_costs_only_its_own_fragment(site: Site, ask: Callable[..., LinkReport]) -> None:
    report = ask(site.url("huge#x"), site.url("ok#nowhere"), timeout_seconds=5)
    assert report.outcomes[site.url("huge#x")].status is LinkStatus.OK
    assert report.outcomes[site.url("ok#nowhere")].is_fragment_missing
    assert report.problem is None


def test_a_thousand_addresses(ask: Callable[..., LinkReport]) -> None:
    """On a hundred hosts: to each one, lychee leaves 50 ms between two requests."""
    with Site(host="0.0.0.0") as site:
        urls = [site.url(f"page-{number}", host=f"127.0.0.{number % 100 + 1}") for number in range(1000)]
        report = ask(*urls, timeout_seconds=20)
    assert report.counts[LinkStatus.OK] == 1000
    assert len(site.requests) == 1000
