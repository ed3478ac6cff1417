"""List and ledger go to another machine: one sends at a time, and nothing is half in place."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from newsletter_cli.base.errors import AlreadyExists, ListError, NewsletterError, SendHeld, UsageError
from newsletter_cli.base.leftovers import LEFTOVERS
from newsletter_cli.deliver.ledger import schema
from newsletter_cli.flows import handover, state_archive
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.handover import export_state, import_state
from newsletter_cli.flows.sending.resolve import resolve_rehearsal
from tests.flows.sending.newsletter import Newsletter
from tests.inside import call
from tests.workspaces import tree


def plain(content: bytes) -> bytes:
    """No seal: each costs a second, and is tried apart."""
    return content


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sent to one of three, and Ada has left."""
    newsletter = Newsletter(tmp_path_factory.mktemp("sent") / "w")
    newsletter.send(limit=1)
    assert call("list", "unsubscribe", "cleo@example.org", cwd=newsletter.root).status == 0
    return newsletter.root


@pytest.fixture
def newsletter(sent: Path, tmp_path: Path) -> Newsletter:
    return copy_of(sent, tmp_path / "here")


def copy_of(root: Path, to: Path, *, has_state: bool = True) -> Newsletter:
    shutil.copytree(root, to)
    if not has_state:
        shutil.rmtree(to / "state")
    newsletter = object.__new__(Newsletter)
    newsletter.root = to
    return newsletter


def is_suppressing(newsletter: Newsletter) -> int:
    with open_state(newsletter.workspace) as store:
        return int(store.connection.execute("SELECT count(*) FROM suppression").fetchone()[0])


def test_there_and_back(newsletter: Newsletter, tmp_path: Path) -> None:
    there = copy_of(newsletter.root, tmp_path / "there", has_state=False)
    file = tmp_path / "state.age"
    done = export_state(newsletter.workspace, file, plain)
    assert (done.suppressed, done.issues) == (1, (1,))
    assert os.name != "posix" or stat.S_IMODE(file.stat().st_mode) == 0o600
    for refused in (newsletter.send, lambda: decide(newsletter)):
        with pytest.raises((SendHeld, ListError), match="handed over"):
            refused()
    assert [one.code for one in newsletter.dry().problems] == ["held"]
    assert "handed over" in call("list", "unsubscribe", "ben@example.org", cwd=newsletter.root).err
    assert "handed over" in call("doctor", cwd=newsletter.root).out
    assert newsletter.report().numbers.deliveries == 3
    before = newsletter.states()
    import_state(there.workspace, file, plain)
    assert there.states() == before
    assert is_suppressing(there) == 1
    # Of two who waited, one has left since.
    there.assemble()
    there.send()
    back = tmp_path / "back.age"
    export_state(there.workspace, back, plain)
    import_state(newsletter.workspace, back, plain)
    assert newsletter.states() == there.states() != before
    assert not (newsletter.state / "handed-over").exists()
    assert call("list", "unsubscribe", "ben@example.org", cwd=newsletter.root).status == 0
    # What is older than what is here would undo a send.
    export_state(newsletter.workspace, tmp_path / "again.age", plain)
    with pytest.raises(UsageError, match="older than what is here"):
        import_state(newsletter.workspace, file, plain)


def decide(newsletter: Newsletter) -> None:
    resolve_rehearsal(newsletter.workspace, 1, confirm=lambda count: None)


def test_a_mark_that_cannot_be_read_counts(newsletter: Newsletter) -> None:
    (newsletter.state / "handed-over").mkdir()
    assert [one.code for one in newsletter.dry().problems] == ["held"]


def test_the_same_copy_takes_it_back(newsletter: Newsletter, tmp_path: Path) -> None:
    before = newsletter.states()
    export_state(newsletter.workspace, tmp_path / "state.age", plain)
    import_state(newsletter.workspace, tmp_path / "state.age", plain)
    assert newsletter.states() == before
    assert newsletter.dry().problems == []


def test_what_is_in_use_is_not_replaced(newsletter: Newsletter, tmp_path: Path) -> None:
    other = copy_of(newsletter.root, tmp_path / "other")
    export_state(other.workspace, tmp_path / "state.age", plain)
    before = newsletter.states()
    with pytest.raises(AlreadyExists, match="in use") as refused:
        import_state(newsletter.workspace, tmp_path / "state.age", plain)
    assert "nl state export" in (refused.value.hint or "")
    assert newsletter.states() == before


@pytest.mark.parametrize("lost", ["before the mark", "after it"])
def test_an_export_that_fails_leaves_no_two_that_send(newsletter: Newsletter, tmp_path: Path, lost: str) -> None:
    file = tmp_path / "state.age"
    where = mock.patch.object(handover, "_mark", side_effect=OSError(28, "No space left on device"))
    if lost == "after it":
        where = mock.patch.object(Path, "replace", side_effect=OSError(28, "No space left on device"))
        handover._mark(newsletter.state)
    with where, pytest.raises(NewsletterError, match="No space left"):
        export_state(newsletter.workspace, file, plain)
    assert not file.exists()
    assert not list(tmp_path.glob(LEFTOVERS))
    assert bool(newsletter.dry().problems) == (lost == "after it")
    export_state(newsletter.workspace, file, plain)


@pytest.mark.parametrize("at", range(2))
def test_an_import_that_is_cut_off_is_completed_by_another(newsletter: Newsletter, tmp_path: Path, at: int) -> None:
    there = copy_of(newsletter.root, tmp_path / "there", has_state=False)
    export_state(newsletter.workspace, tmp_path / "state.age", plain)
    count = 0

    def rest(state: Path, name: str) -> None:
        nonlocal count
        count += 1
        if count > at:
            raise KeyboardInterrupt

    with mock.patch.object(handover, "_rest", rest), contextlib.suppress(KeyboardInterrupt):
        import_state(there.workspace, tmp_path / "state.age", plain)
    assert (there.state / "handed-over").exists()
    assert there.dry().problems
    import_state(there.workspace, tmp_path / "state.age", plain)
    assert there.states() == newsletter.states()
    assert not list(there.state.glob(LEFTOVERS))


def archive(*members: tuple[str, bytes], link: str = "") -> bytes:
    with io.BytesIO() as stream:
        with tarfile.open(fileobj=stream, mode="w:gz") as packed:
            for name, content in members:
                about = tarfile.TarInfo(name)
                about.size = len(content)
                packed.addfile(about, io.BytesIO(content))
            if link:
                about = tarfile.TarInfo(link)
                about.type, about.linkname = tarfile.SYMTYPE, "/etc/passwd"
                packed.addfile(about)
        return stream.getvalue()


def newer(folder: Path) -> bytes:
    with contextlib.closing(sqlite3.connect(folder / "newer.db")) as connection, connection:
        connection.execute("CREATE TABLE meta(name, value)")
        connection.execute("PRAGMA user_version = 99")
    return (folder / "newer.db").read_bytes()


def database(folder: Path, *statements: str) -> bytes:
    with contextlib.closing(sqlite3.connect(folder / "other.db")) as connection, connection:
        for statement in statements:
            connection.executescript(statement)
        connection.execute("PRAGMA user_version = 1")
    return (folder / "other.db").read_bytes()


META = "CREATE TABLE meta(name, value); INSERT INTO meta VALUES ('secret', 'ab'), ('generation', '0'), ('version', 0);"
TRIGGER = "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM meta; END;"
NOT_OURS = {
    "another program's": ("CREATE TABLE meta(name, value);",),
    "without its tables": (META,),
    "with a trigger": (*schema.MIGRATIONS[:1], META.partition(";")[2], TRIGGER),
    "without a secret": schema.MIGRATIONS[:1],
    "with other columns": (schema.FIRST.replace("settled INTEGER", "other INTEGER"), META.partition(";")[2]),
}


def zeros() -> bytes:
    """Small, and a gigabyte once unpacked; it never is."""
    with io.BytesIO() as stream:
        about = tarfile.TarInfo("ledger.db")
        about.size = 1 << 30
        stream.write(gzip.compress(about.tobuf() + bytes(1024)))
        return stream.getvalue()


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_database_that_is_none_of_ours_changes_nothing(newsletter: Newsletter, tmp_path: Path, name: str) -> None:
    there = copy_of(newsletter.root, tmp_path / "there", has_state=False)
    (tmp_path / "bad.age").write_bytes(archive(("ledger.db", database(tmp_path, *NOT_OURS[name]))))
    with pytest.raises(UsageError, match=r"ledger\.db in it is damaged"):
        import_state(there.workspace, tmp_path / "bad.age", plain)
    assert not (there.state / "ledger.db").exists()
    # As a list, too: nothing that cannot be used takes a place.
    (tmp_path / "bad.age").write_bytes(archive(("list.db", database(tmp_path))))
    with pytest.raises(UsageError, match=r"list\.db in it is damaged"):
        import_state(there.workspace, tmp_path / "bad.age", plain)
    assert not (there.state / "list.db").exists()


def test_another_programs_database_is_called_that(newsletter: Newsletter, tmp_path: Path) -> None:
    (newsletter.state / "ledger.db").unlink()
    (newsletter.state / "ledger.db").write_bytes(database(tmp_path, NOT_OURS["another program's"][0]))
    done = call("report", "1", cwd=newsletter.root)
    assert "this is no ledger of nl" in done.err
    assert "disk" not in done.err


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: b"PK not one", "no state of nl"),
        (lambda folder: zeros(), "no state of nl"),
        (lambda folder: archive(("../evil", b"x")), "no state of nl"),
        (lambda folder: archive(("/etc/cron.d/x", b"x")), "no state of nl"),
        (lambda folder: archive(link="list.db"), "no state of nl"),
        (lambda folder: archive(("list.mark", b"1")), "no state of nl"),
        (lambda folder: archive(("ledger.db", b"not a database" * 99)), "ledger.db in it is damaged"),
        (lambda folder: archive(("ledger.db", newer(folder))), "newer nl"),
    ],
)
def test_what_is_no_state_changes_nothing(
    newsletter: Newsletter, tmp_path: Path, make: Callable[[Path], bytes], said: str
) -> None:
    there = copy_of(newsletter.root, tmp_path / "there", has_state=False)
    (tmp_path / "bad.age").write_bytes(make(tmp_path))
    there.workspace.private_folder("")
    before = tree(there.root)
    with pytest.raises(UsageError, match=said):
        import_state(there.workspace, tmp_path / "bad.age", plain)
    left = {name for name in tree(there.root).keys() - before.keys() if not name.endswith("ledger.lock")}
    assert left - {"state/"} == set()
    assert not (tmp_path / "evil").exists()


def test_all_that_is_handed_over_has_a_name_of_its_own() -> None:
    assert state_archive.FILES == ("suppression.key", "list.db", "list.mark", "ledger.db", "ledger.mark")


class TestTheSeal:
    # What makes a key of a passphrase takes its two seconds, three times.
    @pytest.mark.long
    def test_only_the_passphrase_opens_it(
        self, newsletter: Newsletter, slow_seals: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("pyrage.passphrase", slow_seals)
        done = call("state", "export", "state.age", cwd=newsletter.root)
        assert done.status == 0, done.err
        content = (newsletter.root / "state.age").read_bytes()
        # By what makes a key of a passphrase slowly, so that nobody tries many.
        assert content.startswith(b"age-encryption.org/v1\n-> scrypt ")
        wrong = call("state", "import", "state.age", cwd=newsletter.root, env={"NL_PASSPHRASE": "another"})
        assert (wrong.status, "passphrase is another one" in wrong.err) == (2, True)
        assert call("state", "import", "state.age", cwd=newsletter.root).status == 0

    def test_what_was_never_sealed(self, newsletter: Newsletter) -> None:
        done = call("state", "import", "list.csv", cwd=newsletter.root)
        assert (done.status, "no file of nl state export" in done.err) == (2, True)

    @pytest.mark.parametrize(("typed", "said"), [(["one", "two"], "two passphrases"), ([""], "is empty")])
    def test_it_is_typed_twice(self, newsletter: Newsletter, typed: list[str], said: str) -> None:
        with mock.patch("newsletter_cli.console.ask_hidden", side_effect=typed):
            done = call("state", "export", "s.age", cwd=newsletter.root, typed="", env={"NL_PASSPHRASE": None})
        assert (done.status, said in done.err) == (2, True)
        assert not (newsletter.state / "handed-over").exists()

    def test_nobody_can_be_asked(self, newsletter: Newsletter) -> None:
        done = call("state", "export", "s.age", cwd=newsletter.root, env={"NL_PASSPHRASE": None})
        assert (done.status, "NL_PASSPHRASE" in done.err) == (2, True)
