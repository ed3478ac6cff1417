"""`nl sync`: the key shown, written and changed; killed at any moment, nothing is lost and nothing counts twice."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.base.endpoint_key import parse_key
from newsletter_cli.flows.syncing.key import own_key
from newsletter_cli.model.feedback import FeedbackKind
from tests.flows.sending.newsletter import Newsletter
from tests.flows.syncing.stage import ADA, BEN, CLEO, Stage
from tests.flows.syncing.stub import told
from tests.inside import call
from tests.workspaces import make_workspace, run


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "w")
    with stage.stub.serving():
        stage.configure()
        yield stage


class TestKey:
    def test_it_is_shown_before_anything_was_sent(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        done = call("sync", "--key", cwd=tmp_path)
        (line,) = done.out.splitlines()
        assert parse_key(line).parts
        assert call("sync", "--key", cwd=tmp_path).out == done.out

    def test_it_is_written_into_a_private_file_and_over_none(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        done = call("sync", "--key", "--output", "../endpoint.key", cwd=tmp_path / "sections")
        path = tmp_path / "endpoint.key"
        assert parse_key(path.read_text("ascii")) == own_key(newsletter.workspace)
        assert path.read_text("ascii").strip() not in done.out + done.err
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        again = call("sync", "--key", "--output", "endpoint.key", cwd=tmp_path)
        assert again.status == 2
        assert "there is a file of this name" in again.err

    def test_changed_and_handed_over_to_another_machine(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "here")
        before = own_key(newsletter.workspace)
        assert call("sync", "--rotate", cwd=newsletter.root).out == ""
        shown = call("sync", "--rotate", "--key", cwd=newsletter.root)
        key = parse_key(shown.out)
        assert (len(key.parts), key.newsletter, key.parts[-1]) == (3, before.newsletter, before.parts[0])
        there = newsletter.copied(tmp_path / "there")
        shutil.rmtree(there.state)
        assert call("state", "export", "../state.age", cwd=newsletter.root).status == 0
        assert call("state", "import", "../state.age", cwd=there.root).status == 0
        assert own_key(there.workspace) == key
        assert call("sync", "--rotate", cwd=newsletter.root).status == 2

    @pytest.mark.parametrize("words", [["--key", "--trust"], ["--rotate", "--all"], ["--output", "x"]])
    def test_what_would_do_nothing_is_refused(self, tmp_path: Path, words: list[str]) -> None:
        make_workspace(tmp_path)
        assert call("sync", *words, cwd=tmp_path).status == 2


@pytest.mark.long
@pytest.mark.parametrize("place", ["after-page", "after-page:2", "before-feedback-commit", "before-feedback-commit:3",
                                   "after-feedback-commit:2", "after-feedback-commit:4"])  # fmt: skip
def test_killed_and_run_again(stage: Stage, place: str) -> None:
    stage.stub.page_entries = 1
    stage.click(ADA, BEN)
    stage.stub.tell(told(FeedbackKind.SOFT, reference=8, key=stage.key, token=stage.token(CLEO)))
    stage.click(CLEO, reference=9)
    killed = run("sync", cwd=stage.newsletter.root, env={"NL_FAILPOINT": place})
    assert killed.returncode not in (0, 2)
    assert run("sync", cwd=stage.newsletter.root).returncode == 0
    assert stage.gone() == dict.fromkeys((ADA, BEN, CLEO), "unsubscribed")
    assert [len(stage.records(one)) for one in (ADA, BEN, CLEO)] == [1, 1, 2]
    assert stage.sync().fetched == 0
