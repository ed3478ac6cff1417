"""What is kept between runs, for how long, and what is not."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.check.links import Cause, LinkReport, LinkStatus, Outcome, RemoteImage
from newsletter_cli.check.links.cache import LinkCache
from tests.check.links.server import Site

Ask = Callable[..., LinkReport]
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def no_lychee() -> str | None:
    raise AssertionError("everything is known: nobody is to be asked")


def cache_at(folder: Path, now: datetime, hours: int = 24) -> LinkCache:
    return LinkCache(folder, max_age_hours=hours, now=now)


def test_a_second_run_asks_nobody(site: Site, ask: Ask, tmp_path: Path) -> None:
    urls = [site.url(path) for path in ("ok", "ok#nowhere", "404", "403", "r/301/ok")]
    first = ask(*urls, cache_folder=tmp_path, now=NOON)
    before = list(site.requests)
    second = ask(*urls, cache_folder=tmp_path, now=NOON + HOUR / 2, find_program=no_lychee)
    assert second.outcomes == first.outcomes
    assert site.requests == before


def test_only_what_is_new_is_asked_for(site: Site, ask: Ask, tmp_path: Path) -> None:
    ask(site.url("a"), cache_folder=tmp_path, now=NOON)
    progress: list[tuple[int, int]] = []
    ask(site.url("a"), site.url("b"), cache_folder=tmp_path, now=NOON, on_progress=lambda *done: progress.append(done))
    assert site.requests == ["GET /a", "GET /b"]
    assert progress == [(2, 2)]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("ok", 24 * HOUR),
        ("r/301/ok", 24 * HOUR),
        ("403", 24 * HOUR),
        ("999", 24 * HOUR),
        ("404", HOUR),
        ("gone", HOUR),
        ("limited", timedelta(0)),
        ("500", timedelta(0)),
        ("hang-up", timedelta(0)),
        ("loop", timedelta(0)),
        ("never", timedelta(0)),
    ],
)
def test_how_long(path: str, kept: timedelta, site: Site, ask: Ask, tmp_path: Path) -> None:
    url = site.url(path)
    outcome = ask(url, cache_folder=tmp_path, now=NOON, timeout_seconds=1).outcomes[url]
    for moment in (NOON, NOON + kept - timedelta(seconds=1) if kept else NOON, NOON + kept):
        known = cache_at(tmp_path, moment).outcome(url)
        assert known == (outcome if moment < NOON + kept else None), moment


def test_never_longer_than_the_configuration_says(tmp_path: Path) -> None:
    cache = cache_at(tmp_path, NOON, hours=2)
    cache.keep("https://a.fr/", Outcome(status=LinkStatus.OK, code=200, checked_at=NOON))
    cache.write()
    assert cache_at(tmp_path, NOON + HOUR, hours=2).outcome("https://a.fr/")
    assert cache_at(tmp_path, NOON + HOUR, hours=1).outcome("https://a.fr/") is None
    assert cache_at(tmp_path, NOON - HOUR, hours=2).outcome("https://a.fr/") is None  # written in the future


def test_an_age_of_zero_asks_every_time(site: Site, ask: Ask, tmp_path: Path) -> None:
    for _time in range(2):
        ask(site.url(), cache_folder=tmp_path, max_age_hours=0)
    assert site.requests == ["GET /ok", "GET /ok"]
    assert list(tmp_path.iterdir()) == []


def test_a_wish_to_leave_out_wins_over_what_is_known(site: Site, ask: Ask, tmp_path: Path) -> None:
    ask(site.url(), cache_folder=tmp_path)
    report = ask(site.url(), cache_folder=tmp_path, exclude=("127.0.0.1",))
    assert report.outcomes[site.url()].cause is Cause.EXCLUDED


def test_an_answer_from_elsewhere_is_none_of_the_address_itself(site: Site, ask: Ask, tmp_path: Path) -> None:
    with Site() as trial:
        there = ask(site.url("404"), cache_folder=tmp_path, remap=(f"{site.url('404')} {trial.url('ok')}",))
        assert there.outcomes[site.url("404")].status is LinkStatus.OK
    assert ask(site.url("404"), cache_folder=tmp_path).outcomes[site.url("404")].status is LinkStatus.BROKEN


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"version": 99, "addresses": {}, "images": {}}',
        b'{"version": 1}',
        b'{"version": 1, "addresses": [], "images": {}}',
        b'{"version": 1, "addresses": {"https://a.fr/": {"status": "fine"}}, "images": {}}',
        b'{"version": 1, "addresses": {"https://a.fr/": 3}, "images": {}}',
        b"[" * 100_000,
    ],
)
def test_a_corrupt_or_foreign_file_counts_as_none(content: bytes, site: Site, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_bytes(content)
    assert ask(site.url(), cache_folder=tmp_path, now=NOON).outcomes[site.url()].status is LinkStatus.OK
    assert cache_at(tmp_path, NOON).outcome(site.url()) is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["status", "code", "checked_at", "cause", "x"]), inner, max_size=4)
        ),
    )
)
def test_any_value_in_the_file_is_survived(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    folder = tmp_path_factory.mktemp("cache")
    entry = {
        "status": "ok",
        "cause": "none",
        "code": 200,
        "new_address": None,
        "is_fragment_missing": False,
        "has_https": False,
        "checked_at": NOON.isoformat(),
    }
    broken = entry | (value if isinstance(value, dict) else {"status": value})
    text = json.dumps({"version": 1, "addresses": {"https://a.fr/": broken}, "images": {}})
    (folder / "answers.json").write_text(text)
    outcome = cache_at(folder, NOON).outcome("https://a.fr/")
    assert outcome is None or isinstance(outcome, Outcome)


def test_a_disk_that_refuses_costs_nothing_but_the_memory(site: Site, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert ask(site.url(), cache_folder=tmp_path / "file" / "links").outcomes[site.url()].status is LinkStatus.OK


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_nobody_else_reads_it_and_nothing_is_left_beside_it(site: Site, ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "links"
    ask(site.url(), cache_folder=folder)
    assert [path.name for path in folder.iterdir()] == ["answers.json"]
    assert stat.S_IMODE((folder / "answers.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_old_answers_leave_the_file(tmp_path: Path) -> None:
    cache = cache_at(tmp_path, NOON)
    cache.keep("https://old.fr/", Outcome(status=LinkStatus.OK, checked_at=NOON))
    cache.keep_image("https://old.fr/a.png", RemoteImage(size_bytes=3))
    cache.write()
    later = cache_at(tmp_path, NOON + 30 * HOUR)
    later.keep("https://new.fr/", Outcome(status=LinkStatus.OK, checked_at=NOON + 30 * HOUR))
    later.write()
    content = json.loads((tmp_path / "answers.json").read_text())
    assert list(content["addresses"]) == ["https://new.fr/"]
    assert content["images"] == {}
