"""A `state/` that cannot be written, or is somebody else's: what can be said is said, and nobody sees a traceback."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from newsletter_cli.audience import copying
from newsletter_cli.flows.sending.report import report_issue
from tests.flows.sending.newsletter import Newsletter
from tests.inside import call
from tests.workspaces import tree


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    newsletter = Newsletter(tmp_path / "w")
    newsletter.send()
    return newsletter


@pytest.fixture
def read_only(newsletter: Newsletter) -> Iterator[Newsletter]:
    """For root, permission bits mean nothing: the system's answers are given by hand."""
    real, state = Path.chmod, str(newsletter.state)

    def refused(path: Path, *arguments: object, **named: object) -> None:
        if str(path).startswith(state):
            raise PermissionError(30, "Read-only file system", str(path))
        real(path, *arguments, **named)  # type: ignore[arg-type]

    with (
        mock.patch.object(Path, "chmod", refused),
        mock.patch.object(copying, "is_writable", return_value=False),
        mock.patch("newsletter_cli.audience.store.is_writable", return_value=False),
        mock.patch("newsletter_cli.flows.sending.ledger.is_writable", return_value=False),
    ):
        yield newsletter


@pytest.fixture
def foreign(newsletter: Newsletter) -> Iterator[Newsletter]:
    """Whose folder is closed: nothing in it can be looked at."""
    names = ("stat", "is_file", "is_dir", "exists", "open", "iterdir", "chmod")
    state = newsletter.state

    def closed(name: str) -> object:
        real = getattr(Path, name)

        def refused(path: Path, *arguments: object, **named: object) -> object:
            if state in path.parents or (path == state and name in ("iterdir", "chmod")):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *arguments, **named)

        return refused

    def connect(name: str, *arguments: object, **named: object) -> object:
        if str(state) in str(name):
            raise sqlite3.OperationalError("unable to open database file")
        return real_connect(name, *arguments, **named)  # type: ignore[call-overload]

    real_connect = sqlite3.connect
    patches = [mock.patch.object(Path, name, closed(name)) for name in names]
    with mock.patch("sqlite3.connect", connect), mock.patch("os.access", return_value=False):
        for one in patches:
            one.start()
        try:
            yield newsletter
        finally:
            for one in patches:
                one.stop()


def test_read_only_all_is_told_and_nothing_written(read_only: Newsletter) -> None:
    before = tree(read_only.state)
    status = call("status", "1", cwd=read_only.root)
    assert "a rehearsal, 3 of 3" in status.out, status.err
    doctor = call("doctor", cwd=read_only.root)
    assert "3 people on the list would get an issue" in doctor.out, doctor.err
    assert report_issue(read_only.workspace, 1).numbers.is_complete
    assert call("resolve", "1", "--show", cwd=read_only.root).status == 0
    assert tree(read_only.state) == before


def test_closed_to_this_user_the_rest_is_told(foreign: Newsletter) -> None:
    status = call("status", "1", cwd=foreign.root)
    assert (status.status, "News" in status.out) == (0, True), status.err
    assert "whether it went out cannot be told: state/ledger.db" in status.out
    doctor = call("doctor", cwd=foreign.root)
    assert doctor.status == 2
    assert "templates: theme" in doctor.out, doctor.err
    assert "Permission denied" in doctor.out


@pytest.mark.parametrize("command", [("report", "1"), ("resolve", "1", "--show")])
def test_closed_to_this_user_the_others_say_why(foreign: Newsletter, command: tuple[str, ...]) -> None:
    done = call(*command, cwd=foreign.root)
    assert done.status == 2
    assert "Permission denied" in done.err
    assert "fault of nl" not in done.err
