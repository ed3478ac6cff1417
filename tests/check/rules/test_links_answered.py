"""The rules on links: what each says of which outcome, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from email_validator import validate_email
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from newsletter_cli.base.values import replace
from newsletter_cli.check.catalogue import LINK_RULES
from newsletter_cli.check.links import AddressPlace, Cause, LinkReport, LinkStatus, Outcome, RemoteImage
from newsletter_cli.check.links.outcome import CERTAIN
from newsletter_cli.check.links.places import Form
from newsletter_cli.check.rules.link_answers import (
    link_broken,
    link_fragment_missing,
    link_https_available,
    link_redirected,
)
from newsletter_cli.check.rules.link_report import PLAIN_MAIL, image_remote_heavy, mail_address_invalid
from newsletter_cli.model import Edit, Finding, Level, Place
from tests.check.links.conftest import places_of

FILE = "sections/002/agenda.md"


def report(*urls: str, outcome: Outcome, **more: object) -> LinkReport:
    return LinkReport(tuple(places_of(urls)), dict.fromkeys(urls, outcome), **more)  # type: ignore[arg-type]


def all_findings(given_report: LinkReport) -> list[Finding]:
    return [finding for rule in LINK_RULES for finding in rule.check(given_report)]


# Which rule speaks for which status, and how loudly; nothing else does.
SAID = {
    LinkStatus.OK: [],
    LinkStatus.REDIRECTED: [("link-redirected", Level.WARNING)],
    LinkStatus.UNVERIFIABLE: [("link-unverifiable", Level.INFO)],
    LinkStatus.TIMEOUT: [("link-timeout", Level.WARNING)],
}


@pytest.mark.parametrize("status", SAID)
def test_one_rule_for_each_status(status: LinkStatus) -> None:
    new = "https://b.fr/y" if status is LinkStatus.REDIRECTED else None
    found = all_findings(
        report("https://a.fr/x", outcome=Outcome(status=status, cause=Cause.ROBOTS, code=403, new_address=new))
    )
    assert [(finding.rule, finding.level) for finding in found] == SAID[status]
    assert all(finding.subject == "https://a.fr/x" and finding.suggestion for finding in found)


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.NONE])
def test_broken_is_an_error_only_where_it_is_certain(cause: Cause) -> None:
    [finding] = all_findings(report("https://a.fr/x", outcome=Outcome(status=LinkStatus.BROKEN, cause=cause, code=404)))
    assert finding.rule == "link-broken"
    assert finding.level is (Level.ERROR if cause in CERTAIN else Level.WARNING)
    assert "https://a.fr/x" in finding.message
    assert "{" not in finding.message


def test_every_place_of_an_address_has_its_finding() -> None:
    places = places_of(["https://a.fr/x"] * 3)
    given_report = LinkReport(
        tuple(places), {"https://a.fr/x": Outcome(status=LinkStatus.BROKEN, cause=Cause.GONE, code=410)}
    )
    assert [finding.line for finding in link_broken.check(given_report)] == [10, 11, 12]


def written(url: str, *, form: Form = "markdown") -> AddressPlace:
    place = Place(file=FILE, line=7, column=1, length=20)
    return AddressPlace(
        url=url, typed=url, place=place, written=Place(file=FILE, line=7, column=5), written_text=url, form=form
    )


def one(place: AddressPlace, outcome: Outcome) -> LinkReport:
    return LinkReport((place,), {place.url: outcome})


def moved(to: str) -> Outcome:
    return Outcome(status=LinkStatus.REDIRECTED, code=200, new_address=to)


def test_a_permanent_redirect_is_fixed() -> None:
    [finding] = link_redirected.check(one(written("http://a.fr/x"), moved("https://a.fr/x")))
    assert finding.edits == (Edit(file=FILE, line=7, column=5, old="http://a.fr/x", new="https://a.fr/x"),)


def test_not_where_the_source_is_not_known() -> None:
    place = replace(written("http://a.fr/x"), written=None)
    [finding] = link_redirected.check(one(place, moved("https://a.fr/x")))
    assert not finding.is_fixable


@pytest.mark.parametrize(
    ("url", "to", "is_fixed"),
    [
        ("https://a.fr/old/page", "https://a.fr/", False),
        ("https://a.fr/old/page", "https://other.fr", False),
        ("https://a.fr/", "https://www.a.fr/", True),
        ("https://a.fr/?p=3", "https://a.fr/three", True),
        ("https://a.fr/?p=3", "https://a.fr/", False),
    ],
)
def test_a_page_that_became_the_front_page_is_not_fixed(url: str, to: str, is_fixed: bool) -> None:
    [finding] = link_redirected.check(one(written(url), moved(to)))
    assert finding.is_fixable is is_fixed


def test_https_is_offered_and_fixed_where_it_works() -> None:
    place = written("http://a.fr/x")
    [finding] = all_findings(one(place, Outcome(status=LinkStatus.OK, code=200, has_https=True)))
    assert (finding.rule, finding.edits[0].old, finding.edits[0].new) == ("link-https-available", "http:", "https:")
    assert not list(link_https_available.check(one(place, Outcome(status=LinkStatus.OK, code=200))))
    assert not list(link_https_available.check(one(place, replace(moved("https://a.fr/x"), has_https=True))))


def test_fragment() -> None:
    outcome = Outcome(status=LinkStatus.OK, code=200, is_fragment_missing=True)
    [finding] = link_fragment_missing.check(one(written("https://a.fr/x#part"), outcome))
    assert "“#part”" in finding.message


@pytest.mark.parametrize(
    "url",
    [
        "mailto:",
        "mailto:atelier",
        "mailto:atelier@",
        "mailto:@a.fr",
        "mailto:a b@a.fr",
        "mailto:a@b@c.fr",
        "mailto:atelier@localhost",
        "mailto:ok@a.fr,no",
        "mailto:a..b@a.fr",
        "mailto://atelier@a.fr",
    ],
)
def test_no_mail_address(url: str) -> None:
    [finding] = mail_address_invalid.check(LinkReport(tuple(places_of([url]))))
    assert finding.level is Level.ERROR


@pytest.mark.parametrize(
    "url",
    [
        "mailto:atelier@site.fr",
        "MAILTO:atelier@site.fr",
        "mailto:l.b+x@sub.site.fr?subject=Hello%20you&body=x",
        "mailto:a@b.fr,c@d.fr",
        "mailto:andré@site.fr",
        "mailto:atelier@café.fr",
        "mailto:atelier@atelier.example",
        "mailto:?subject=Pass%20it%20on",
        "mailto:o%27neil@site.fr",
        "https://site.fr/not-a-mail",
    ],
)
def test_a_mail_address(url: str) -> None:
    assert not list(mail_address_invalid.check(LinkReport(tuple(places_of([url])))))


@settings(deadline=None)
@given(
    st.from_regex(r"[A-Za-z0-9_+.-]{1,70}", fullmatch=True),
    st.lists(st.from_regex(r"[a-zA-Z0-9-]{1,64}", fullmatch=True), min_size=1, max_size=4),
    st.from_regex(r"[a-zA-Z0-9]{1,6}", fullmatch=True),
)
def test_what_is_plainly_an_address_is_one_to_the_library(local: str, labels: list[str], top: str) -> None:
    address = f"{local}@{'.'.join(labels)}.{top}"
    assume(PLAIN_MAIL.fullmatch(address))
    assert "." in validate_email(address, check_deliverability=False, globally_deliverable=False).domain


@pytest.mark.parametrize(
    ("image", "is_heavy"),
    [
        (RemoteImage(size_bytes=800_000, media_type="image/jpeg", width=1360, height=900), False),
        (RemoteImage(size_bytes=800_001, media_type="image/jpeg", width=1360, height=900), True),
        (RemoteImage(size_bytes=10_000, media_type="image/png", width=2721, height=10), True),
        (RemoteImage(size_bytes=10_000, media_type="image/png", width=2720, height=10), False),
        (RemoteImage(size_bytes=None, media_type="image/png", width=None, height=None), False),
        (RemoteImage(size_bytes=9_000_000, media_type="text/html", width=None, height=None), False),
    ],
)
def test_heavy(image: RemoteImage, is_heavy: bool) -> None:
    url = "https://a.fr/i.png"
    given_report = LinkReport(tuple(places_of([url], "image")), {url: Outcome(status=LinkStatus.OK)}, {url: image})
    assert bool(list(image_remote_heavy.check(given_report))) is is_heavy


OUTCOMES = st.builds(
    Outcome,
    status=st.sampled_from(LinkStatus),
    cause=st.sampled_from(Cause),
    code=st.none() | st.integers(100, 999),
    new_address=st.none() | st.just("https://b.fr/{x}%"),
    is_fragment_missing=st.booleans(),
    has_https=st.booleans(),
)


@given(st.dictionaries(st.sampled_from(["http://a.fr/{x}#%s", "https://b.fr/", "https://c.fr/{0}"]), OUTCOMES))
def test_no_outcome_is_too_odd_for_the_rules(outcomes: Mapping[str, Outcome]) -> None:
    for finding in all_findings(LinkReport(tuple(places_of(list(outcomes))), outcomes)):
        assert finding.message
        assert finding.subject in outcomes
