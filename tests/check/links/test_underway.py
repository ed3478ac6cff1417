"""Links checked while something else is done."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from newsletter_cli.check.links import LinkStatus, LinksUnderway, check_links
from newsletter_cli.config.link_patterns import LinkPatternFault
from tests.check.links.conftest import places_of, settings
from tests.check.links.server import Site
from tests.waiting import outcome_within_patience, wait_until


def underway(*urls: str, **wishes: object) -> LinksUnderway:
    return LinksUnderway(
        lambda is_stopped: check_links(places_of(urls), settings(**wishes), cache_folder=None, is_stopped=is_stopped)
    )


def test_the_report_comes_when_it_is_wanted(site: Site) -> None:
    with underway(site.url(), site.url("404")) as running:
        wait_until(lambda: len(site.requests) == 2)
        report = running.report()
    assert [outcome.status for outcome in report.outcomes.values()] == [LinkStatus.OK, LinkStatus.BROKEN]


def test_what_the_check_raises_is_raised_where_the_report_is_wanted() -> None:
    with underway("https://site.fr/", exclude=("(",)) as running, pytest.raises(LinkPatternFault):
        running.report()


def test_who_leaves_ends_it_and_lychee_with_it(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def leave() -> None:
        with contextlib.suppress(KeyboardInterrupt), underway(site.url("never"), timeout_seconds=3600):
            wait_until(lambda: "GET /never" in site.requests)
            raise KeyboardInterrupt

    outcome_within_patience(leave)
    assert list(tmp_path.iterdir()) == []
    pids = [pid for path in Path(f"/proc/{os.getpid()}/task").glob("*/children") for pid in path.read_text().split()]
    assert "lychee" not in [Path(f"/proc/{pid}/comm").read_text().strip() for pid in pids]
