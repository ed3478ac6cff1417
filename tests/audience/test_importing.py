"""An import is whole or not there, changes nothing the second time, and lets nobody back in."""

from __future__ import annotations

import csv
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.audience.address import parse_address
from newsletter_cli.audience.csv_output import Rejects
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.importing import Additions, ImportedList, LeftOut, import_list
from newsletter_cli.audience.managed import ManagedList, merge_groups, merge_status
from newsletter_cli.audience.membership import unsubscribe
from newsletter_cli.audience.row import Tally
from newsletter_cli.audience.store import Store, open_store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import ListFaulty
from newsletter_cli.model.subscriber import SubscriberStatus
from tests.samples import sample
from tests.workspaces import NL, SIGKILL, environment, make_workspace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
POSIX_KILL = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


def take_in(
    store: Store, path: Path, content: str | None = None, *, left: list[LeftOut] | None = None, **additions: object
) -> ImportedList:
    if content is not None:
        path.write_text(content, "utf-8")
    heard = left if left is not None else []
    return import_list(
        store,
        CsvSource(path=path, name=path.name),
        additions=Additions(**additions),  # type: ignore[arg-type]
        now=NOW,
        reject=lambda *_: None,
        start_rejects=lambda _: None,
        on_left_out=heard.append,
    )


def people(store: Store) -> dict[str, str]:
    return {one.address: str(one.status) for one in ManagedList(store).read(Tally())}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "members.csv"


def test_what_was_added_left_out_and_why(store: Store, path: Path) -> None:
    left: list[LeftOut] = []
    done = take_in(store, path, "email;name\na@x.fr;A\nA@x.fr;\nbad;B\n\nb@x.fr;B\n", left=left)
    assert (done.rows, done.added, done.blank_rows) == (4, 2, 1)
    assert [(one.row, one.kind) for one in left] == [(3, "double"), (4, "invalid")]
    assert done.left_out == {"double": 1, "invalid": 1}


def test_the_same_file_again_changes_nothing_and_is_not_read(store: Store, path: Path) -> None:
    first = take_in(store, path, "email;name\na@x.fr;A\nb@x.fr;B\n", consent_how="form")
    before = list(store.connection.execute("SELECT * FROM subscriber"))
    again = take_in(store, path)
    assert (first.is_repeated, again.is_repeated) == (False, False)  # other additions: another import
    again = take_in(store, path, consent_how="form")
    assert (again.added, again.updated) == (0, 0)
    assert take_in(store, path, consent_how="form").is_repeated
    assert list(store.connection.execute("SELECT * FROM subscriber")) == before


def test_a_changed_list_is_read_again_and_still_nothing_changes(store: Store, path: Path) -> None:
    take_in(store, path, "email\na@x.fr\nb@x.fr\n")
    unsubscribe(store, ["a@x.fr"], now=NOW)
    done = take_in(store, path)
    assert not done.is_repeated
    assert people(store) == {"a@x.fr": "unsubscribed", "b@x.fr": "confirmed"}
    assert done.left_out == {"suppressed": 1}


def test_filled_cells_complete_and_empty_ones_change_nothing(store: Store, path: Path) -> None:
    take_in(store, path, "email;name;ville;groupes;consentement\na@x.fr;Léa;Paris;proof;form\n")
    done = take_in(store, path, "email;name;ville;groupes;consentement\nA@x.fr;;Lyon;direction;later\n")
    one = ManagedList(store).find("a@x.fr")
    assert one is not None
    assert (done.added, done.updated) == (0, 1)
    assert (one.name, dict(one.attributes), one.groups) == ("Léa", {"ville": "Lyon"}, ("proof", "direction"))
    assert one.consent.how == "form"  # the first proof stays


@pytest.mark.parametrize("status", ["désinscrit", "bounced", "plainte"])
def test_a_file_can_take_off_and_never_put_back(store: Store, path: Path, status: str) -> None:
    take_in(store, path, f"email;statut\na@x.fr;{status}\n")
    take_in(store, path, "email;statut\na@x.fr;inscrit\n")
    assert people(store)["a@x.fr"] != "confirmed"
    assert Suppression(store).find("a@x.fr") is not None


def test_rejects_are_fixed_and_imported_again(store: Store, path: Path, tmp_path: Path) -> None:
    path.write_text('email;name;ville\n"=cmd|x";"=1+1";Paris\nlea(at)x.fr;Léa;Lyon\nok@x.fr;Ok;\n', "utf-8")
    out = tmp_path / "rejects" / "r.csv"

    def again(source: Path) -> tuple[ImportedList, int]:
        with Rejects(out, name="r.csv") as rejects:
            done = import_list(
                store, CsvSource(path=source, name="m"), additions=Additions(), now=NOW,
                reject=rejects.add, start_rejects=rejects.start, on_left_out=lambda _: None,
            )  # fmt: skip
        return done, rejects.count

    assert again(path)[1] == 2
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["email", "name", "ville", "nl_row", "nl_reason"]
    assert rows[1][:2] == ["'=cmd|x", "'=1+1"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600 or os.name == "nt"
    fixed = tmp_path / "fixed.csv"
    fixed.write_text(out.read_text("utf-8-sig").replace("lea(at)x.fr", "lea@x.fr"), "utf-8")
    done, count = again(fixed)
    assert (done.added, count) == (1, 1)
    lea = ManagedList(store).find("lea@x.fr")
    assert lea is not None
    assert dict(lea.attributes) == {"ville": "Lyon"}


SCRIPT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.importing import Additions, import_list
from newsletter_cli.audience.store import open_store

def heard(one):
    if one.row == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

with open_store(Path(sys.argv[1])) as store:
    import_list(store, CsvSource(path=Path(sys.argv[2]), name="m"), additions=Additions(), now=datetime.now(UTC),
                reject=lambda *_: None, start_rejects=lambda _: None, on_left_out=heard)
"""


@POSIX_KILL
@pytest.mark.parametrize("row", sample([2, 5_001, 12_001], 5_001))
def test_killed_in_the_middle_nothing_is_there(tmp_path: Path, path: Path, row: int) -> None:
    with open_store(tmp_path / "state") as store:
        take_in(store, tmp_path / "first.csv", "email\nfirst@x.fr\n")
    path.write_text("email\n" + "".join(f"{'bad' if n + 2 == row else f'u{n}@x.fr'}\n" for n in range(12_000)), "utf-8")
    done = subprocess.run([sys.executable, "-c", SCRIPT, tmp_path / "state", path, str(row)], check=False)
    assert done.returncode == -SIGKILL
    with open_store(tmp_path / "state") as store:
        assert people(store) == {"first@x.fr": "confirmed"}
        assert take_in(store, path).added == 11_999


@POSIX_KILL
@pytest.mark.parametrize("seconds", sample([0.25, 0.45, 0.65, 0.9], 0.45))
def test_the_command_killed_at_any_moment_is_whole_or_not_there(tmp_path: Path, path: Path, seconds: float) -> None:
    make_workspace(tmp_path)
    path.write_text("email\n" + "".join(f"u{n}@x.fr\n" for n in range(20_000)), "utf-8")
    with subprocess.Popen(
        [NL, "list", "import", path], cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    with open_store(tmp_path / "state") as store:
        assert len(people(store)) in {0, 20_000}
        take_in(store, path)
        assert len(people(store)) == 20_000


def test_two_imports_at_once_do_not_mix(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    for name, start in (("one", 0), ("two", 5_000)):
        rows = "".join(f"u{n}@x.fr;{name}\n" for n in range(start, start + 10_000))
        (tmp_path / f"{name}.csv").write_text("email;groupe\n" + rows, "utf-8")
    commands: list[list[str | Path]] = [
        [NL, "list", "import", tmp_path / f"{name}.csv", "--json"] for name in ("one", "two")
    ]
    running = [
        subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, encoding="utf-8")
        for command in commands
    ]
    results = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], results
    with open_store(tmp_path / "state") as store:
        groups = [one.groups for one in ManagedList(store).read(Tally())]
    assert len(groups) == 15_000
    assert sum(len(one) == 2 for one in groups) == 5_000


def test_a_list_that_cannot_be_read_leaves_the_old_one(store: Store, path: Path) -> None:
    take_in(store, path, "email\na@x.fr\n")

    def fail(_: Sequence[str], _row: int, _why: str) -> None:
        raise OSError(28, "No space left on device")

    path.write_text("email\nb@x.fr\nbad\n", "utf-8")
    with pytest.raises(Exception, match="No space left"):
        import_list(
            store, CsvSource(path=path, name="m"), additions=Additions(), now=NOW, reject=fail,
            start_rejects=lambda _: None, on_left_out=lambda _: None,
        )  # fmt: skip
    assert people(store) == {"a@x.fr": "confirmed"}


GROUPS = st.lists(st.sampled_from("abcd"), unique=True).map(
    lambda names: "" if not names else str(names).replace("'", '"')
)


@given(known=GROUPS, new=GROUPS)
def test_merging_groups_twice_is_merging_once(known: str, new: str) -> None:
    once = merge_groups(known, new)
    assert merge_groups(once, new) == once


@given(st.lists(st.sampled_from(list(SubscriberStatus)), min_size=1, max_size=5))
def test_whoever_left_once_never_comes_back_by_a_merge(statuses: list[SubscriberStatus]) -> None:
    status = str(statuses[0])
    for one in statuses[1:]:
        status = merge_status(status, str(one))
    has_left = any(one not in (SubscriberStatus.CONFIRMED, SubscriberStatus.UNCONFIRMED) for one in statuses)
    assert (status not in {"confirmed", "unconfirmed"}) == has_left


def test_the_key_of_a_person_is_the_same_wherever_they_come_from(store: Store, path: Path) -> None:
    take_in(store, path, "email\nLéa@Exämple.org\n")
    assert ManagedList(store).find(parse_address("LÉA@exämple.org").key) is not None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("email;RGPD\na@x.fr;oui\nb@x.fr;non\n", "the column “RGPD” may say who left"),
        ("email;note\na@x.fr;\nb@x.fr;unsubscribed\n", "says “unsubscribed”"),
        ('email;name\na@x.fr;A\nb@x.fr;"B\nc@x.fr;C\nd@x.fr;D\n', "swallows 2 rows"),
    ],
)
def test_of_a_file_that_may_hide_people_nothing_is_taken_in(store: Store, path: Path, content: str, why: str) -> None:
    with pytest.raises(ListFaulty, match=why):
        take_in(store, path, content)
    assert people(store) == {}
