"""Remote images: what they weigh, read from no more than their heads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter_cli.base.web.address import parse_address
from newsletter_cli.check.links import LinkReport, RemoteImage
from newsletter_cli.check.links.weigh import weigh_images
from newsletter_cli.check.rules.link_answers import link_broken
from newsletter_cli.check.rules.link_report import image_remote_heavy
from newsletter_cli.check.subjects.manuscript import Asset
from tests.check.links.server import Site
from tests.pictures import png
from tests.waiting import outcome_within_patience

Ask = Callable[..., LinkReport]


def weigh(url: str, timeout_seconds: int = 3) -> RemoteImage | None:
    found = weigh_images({url: parse_address(url)}, timeout_seconds=timeout_seconds, is_allowed=lambda _address: True)
    return found.get(url)


def test_size_type_and_pixels(site: Site) -> None:
    assert weigh(site.url("small.png")) == RemoteImage(
        size_bytes=len(png(640, 480)), media_type="image/png", width=640, height=480
    )
    assert weigh(site.url("heavy.png")) == RemoteImage(
        size_bytes=900_000, media_type="image/png", width=900, height=600
    )


def test_a_wrong_type_does_not_hide_the_image(site: Site) -> None:
    assert weigh(site.url("mislabelled.png")) == RemoteImage(
        size_bytes=len(png(30, 20)), media_type="text/plain", width=30, height=20
    )


def test_an_endless_image_is_not_downloaded(site: Site) -> None:
    assert weigh(site.url("huge.png")) == RemoteImage(size_bytes=None, media_type="image/png", width=300, height=200)
    assert site.sent_bytes < 20_000_000


def test_a_dripping_image_does_not_hold_up(site: Site) -> None:
    assert outcome_within_patience(lambda: weigh(site.url("drip.png"), timeout_seconds=1)) is None


def test_what_cannot_be_weighed(site: Site) -> None:
    for path in ("404", "hang-up", "loop", "r/301/"):
        assert weigh(site.url(path)) in (None, RemoteImage(size_bytes=76, media_type="text/html"))
    with Site() as gone:
        url = gone.url("small.png")
    assert weigh(url) is None


def test_redirects_are_followed_but_not_to_where_nobody_may_go(site: Site) -> None:
    url = site.url("r/302/small.png")
    assert weigh(url) is not None
    asked = parse_address(url)
    before = len(site.requests)
    assert not weigh_images({url: asked}, timeout_seconds=3, is_allowed=lambda address: address == asked)
    assert site.requests[before:] == ["GET /r/302/small.png"]


def test_no_cookie_and_no_password_travels(site: Site, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login you password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    weigh(site.url("cookie.png"))
    weigh(site.url("r/302/cookie.png"))
    assert not any("cookie" in headers or "authorization" in headers for headers in site.headers)


def test_images_of_an_issue(site: Site, ask: Ask, tmp_path: Path) -> None:
    names = ("small.png", "heavy.png", "wide.png", "page.png", "404")
    report = ask(*map(site.url, names), kind="image", cache_folder=tmp_path)
    assert report.assets[site.url("heavy.png")] == Asset(size_bytes=900_000, width=900, height=600)
    assert site.url("404") not in report.images
    heavy = [(finding.subject, finding.message) for finding in image_remote_heavy.check(report)]
    assert heavy == [
        (site.url("heavy.png"), f"the image {site.url('heavy.png')} weighs 900 kB"),
        (site.url("wide.png"), f"the image {site.url('wide.png')} is 4000 pixels wide"),
    ]
    broken = {finding.subject: (finding.level, finding.message) for finding in link_broken.check(report)}
    assert broken[site.url("404")][0] == "error"
    assert "the image" in broken[site.url("404")][1]
    assert broken[site.url("page.png")] == ("warning", f"this image is a web page: {site.url('page.png')}")
    before = list(site.requests)
    again = ask(*map(site.url, names[:-1]), kind="image", cache_folder=tmp_path)
    assert again.images == report.images
    assert site.requests == before


def test_certificates_of_an_organisation(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with Site(certificate=certificate) as secure:
        assert weigh(secure.url("small.png")) is None
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert weigh(secure.url("small.png")) is not None


def test_links_are_not_weighed(site: Site, ask: Ask) -> None:
    assert ask(site.url("heavy.png")).images == {}
    assert site.requests == ["GET /heavy.png"]
