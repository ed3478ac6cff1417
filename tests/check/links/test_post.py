"""The post's own address: told apart from the links, silent once it answers, and never from memory alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.check.catalogue import check_link_report
from newsletter_cli.check.links import Cause, LinkReport, LinkStatus, Outcome
from newsletter_cli.check.rules.link_answers import post_unpublished
from tests.check.links.conftest import places_of
from tests.check.links.server import Site
from tests.inside import call
from tests.workspaces import CONFIG, make_workspace, write

Ask = Callable[..., LinkReport]
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_it_is_no_link_of_the_texts(site: Site, ask: Ask) -> None:
    [post] = places_of([site.url("404")])
    report = ask(site.url("ok"), post=post)
    assert list(report.outcomes) == [site.url("ok")]
    [finding] = check_link_report(report)
    assert (finding.rule, finding.level.value, "(404)" in finding.message) == ("post-unpublished", "info", True)
    assert not list(check_link_report(ask(site.url("ok"), post=replace(post, url=site.url("there")))))


def test_that_it_was_missing_is_not_believed_later(site: Site, ask: Ask, tmp_path: Path) -> None:
    [post] = places_of([site.url("404")])
    assert list(post_unpublished.check(ask(post=post, cache_folder=tmp_path, now=NOON)))
    # Nobody is asked, and it may have been published since.
    offline = ask(post=post, cache_folder=tmp_path, now=NOON + MINUTE, is_offline=True)
    assert not check_link_report(offline)
    ask(post=post, cache_folder=tmp_path, now=NOON + MINUTE)
    assert sum("404" in request for request in site.requests) >= 2


@pytest.mark.parametrize("cause", [Cause.LOOKUP_FAILED, Cause.UNREACHABLE])
def test_what_may_be_the_way_there_says_nothing(cause: Cause) -> None:
    [post] = places_of(["https://a.fr/x"])
    outcome = Outcome(status=LinkStatus.BROKEN, cause=cause)
    assert not list(post_unpublished.check(LinkReport(post=post, post_outcome=outcome)))


def test_without_links_and_network_nothing_is_told_of_links(ask: Ask) -> None:
    [post] = places_of(["https://www.gouv.fr/x"])
    assert not check_link_report(ask(post=post, find_program=lambda: None))


def test_whoever_sends_is_told_once(site: Site, tmp_path: Path) -> None:
    root = tmp_path / "w"
    keys = (
        f'\n[post]\nurl = "{site.url("404")}"\n\n[sender]\naddress = "letter@example.org"\n'
        "\n[check.links]\nallow_private = true\n"
    )
    make_workspace(root, CONFIG + keys)
    write(root / "list.csv", "email;name\nada@example.org;Ada\n")
    assert call("assemble", "1", cwd=root).status == 0
    env = {"NL_OFFLINE": None}
    told = "the post is not online yet (the site has no such page (404)), and the e-mail leads there: "
    dry = call("send", "1", "--dry-run", "--json", cwd=root, env=env)
    assert [note.startswith(told) for note in json.loads(dry.out)["notes"]].count(True) == 1
    assert told not in call("send", "1", "--dry-run", cwd=root).out
    sent = call("send", "1", "--yes", cwd=root, env=env)
    assert (sent.status, (sent.out + sent.err).count(told)) == (0, 1)
