"""`nl list` as a whole: what it says, its exit statuses, and where no address may show."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.audience.grist_server import DOC, KEY, TABLE, GristServer
from tests.inside import run
from tests.workspaces import CONFIG, make_workspace

LIST = """\
Adresse mél;Nom;Groupe;Ville
lea@example.org;Léa;proof;Paris
LEA@example.org;;;
not one;Jean;;
jo@gmial.com;Jo;;Lyon
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_workspace(tmp_path)
    (tmp_path / "members.csv").write_text(LIST, "cp1252")
    return tmp_path


def nl(root: Path, *arguments: str, status: int = 0, **env: str) -> str:
    done = run("-C", str(root), "list", *arguments, env=env, cwd=root)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def nl_json(root: Path, *arguments: str, status: int = 0, **env: str) -> Any:
    done = run("-C", str(root), "list", *arguments, "--json", env=env, cwd=root)
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_from_a_file_to_a_managed_list(root: Path) -> None:
    said = nl(root, "import", "members.csv", "--consent", "form", status=1)
    assert "2 added" in said
    assert "Windows-1252" in said
    assert "row 4: it has no @" in said
    assert "row 3: duplicate of row 2" in said
    assert "state/rejects/members-" in said
    assert "lea@" not in said.lower()
    stats = nl_json(root, "stats")
    assert (stats["source"], stats["candidates"], stats["recipients"]) == ("managed", 2, 2)
    assert stats["groups"] == {"proof": 1}
    assert nl_json(root, "import", "members.csv", "--consent", "form", status=1)["repeated"]
    assert [one["address"] for one in nl_json(root, "show", "--to", "group:proof")] == ["lea@example.org"]


def test_check_finds_faults_and_names_nobody(root: Path) -> None:
    said = nl(root, "check", "members.csv", status=1)
    assert "members.csv:4" in said
    assert "gmail.com" in said
    assert "lea@" not in said.lower()
    found = nl_json(root, "check", "members.csv", "--limit", "1", status=1)
    assert len(found["findings"]) == 1
    assert found["rules"]["list-address-invalid"] == 1


def test_a_list_kept_by_hand_and_the_ways_to_name_another(root: Path) -> None:
    (root / "list.csv").write_text("email\na@example.org\n")
    assert nl_json(root, "stats")["name"] == "list.csv"
    assert nl_json(root, "stats", "--list", "members.csv")["candidates"] == 4
    assert nl_json(root, "stats", NL_LIST="members.csv")["name"] == "members.csv"
    assert nl_json(root, "stats", "--list", "list.csv", NL_LIST="members.csv")["name"] == "list.csv"
    assert nl_json(root, "stats", "--list", "members.csv")["excluded"] == {"invalid": 1, "double": 1}


def test_no_list_and_two_lists_are_said_so(root: Path) -> None:
    assert "there is no list yet" in nl(root, "stats", status=2)
    nl(root, "add", "a@example.org")
    (root / "list.csv").write_text("email\na@example.org\n")
    assert "two lists" in nl(root, "stats", status=2)


def test_leaving_holds_for_every_source(root: Path) -> None:
    (root / "list.csv").write_text("email\na@example.org\nb@example.org\n")
    said = nl(root, "unsubscribe", "A@Example.org")
    assert "example.org" not in said
    assert nl_json(root, "stats")["excluded"] == {"suppressed": 1}
    assert "which nl does not write" in nl(root, "add", "c@example.org", status=2)
    nl(root, "add", "a@example.org", "--consent", "mail of 3 March")
    assert nl_json(root, "stats")["excluded"] == {}


def test_the_list_shows_who_is_not_written_to_any_more(root: Path) -> None:
    (root / "list.csv").write_text("email;status\nlea@example.org;confirmed\nali@example.org;confirmed\n")
    nl(root, "unsubscribe", "lea@example.org")
    rows = [line.split("\t") for line in nl(root, "show").splitlines()]
    assert {row[1]: row[3] for row in rows if len(row) > 3 and "@" in row[1]} == {
        "lea@example.org": "on the suppression list",
        "ali@example.org": "confirmed",
    }


def test_the_rights_of_one_person(root: Path) -> None:
    nl(root, "import", "members.csv", status=1)
    known = json.loads(nl(root, "export", "lea@example.org"))
    assert known["subscriber"]["name"] == "Léa"
    assert "add --yes" in nl(root, "forget", "lea@example.org", status=2)
    nl(root, "forget", "lea@example.org", "--yes")
    assert json.loads(nl(root, "export", "lea@example.org"))["subscriber"] is None
    nl_json(root, "import", "members.csv", status=1)
    assert nl_json(root, "stats")["candidates"] == 1
    assert "must not be written to" in nl(root, "add", "lea@example.org", status=2)
    assert "since" in nl(root, "show", "lea@example.org")
    assert "Nothing is known" in nl(root, "show", "nobody@example.org", status=1)


def test_an_export_is_private_harmless_and_comes_back(root: Path) -> None:
    nl(root, "add", "lea@example.org", "--name", "=HYPERLINK(1)", "--group", "proof", "--set", "ville=Paris")
    nl(root, "export", "--all", "--output", "out.csv")
    text = (root / "out.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    if os.name != "nt":
        assert stat.S_IMODE((root / "out.csv").stat().st_mode) == 0o600
    (one,) = nl_json(root, "show", "--list", "out.csv")
    assert (one["name"], one["groups"], one["attributes"]) == ("=HYPERLINK(1)", ["proof"], {"ville": "Paris"})
    assert nl(root, "export", status=2)
    nl(root, "export", "lea@example.org", "--output", "lea.json")
    assert json.loads((root / "lea.json").read_text("utf-8"))["address"] == "lea@example.org"


def test_the_suppression_list_as_a_file(root: Path) -> None:
    (root / "left.csv").write_text("courriel\na@example.org\nb@example.org\nbad\n")
    said = nl(root, "suppression", "import", "left.csv", status=1)
    assert "2 more people" in said
    assert "row 4: it has no @" in said
    nl(root, "suppression", "export", "hashes.csv")
    assert "@" not in (root / "hashes.csv").read_text()
    assert "0 more people" in nl(root, "suppression", "import", "hashes.csv")


def test_whom_a_file_without_dates_suppresses_again_is_said(root: Path) -> None:
    for address in ("a@example.org", "b@example.org"):
        nl(root, "add", address, "--consent", "form")
    nl(root, "unsubscribe", "a@example.org")
    nl(root, "add", "a@example.org", "--consent", "asked again")
    (root / "left.csv").write_text("courriel\nb@example.org\na@example.org\nA@example.org\n")
    said = " ".join(nl(root, "suppression", "import", "left.csv").split())
    assert "2 more people" in said
    assert "Among them 1 person who had come back with a consent on record (row 3)" in said
    assert "Among them" not in nl(root, "suppression", "import", "left.csv")


def test_purge_asks_first(root: Path) -> None:
    assert "Nothing" in nl(root, "purge")
    nl(root, "add", "old@example.org", "--unconfirmed")
    import sqlite3

    connection = sqlite3.connect(root / "state" / "list.db")
    connection.execute("UPDATE subscriber SET changed_at = '2020-01-01T00:00:00Z'")
    connection.commit()
    connection.close()
    assert nl_json(root, "purge", "--dry-run") == {"erased": {}, "due": {"unconfirmed": 1}}
    assert "--yes" in nl(root, "purge", status=2)
    nl(root, "purge", "--yes")
    assert "Nothing is known" in nl(root, "show", "old@example.org", status=1)


def test_grist_by_configuration_with_write_back(tmp_path: Path, grist: GristServer) -> None:
    grist.fill(
        [
            {"Email": "a@example.org", "Supprimez_mon_compte": False},
            {"Email": "b@example.org", "Supprimez_mon_compte": True},
        ]
    )
    config = (
        f'[list]\nsource = "grist"\n[list.grist]\nurl = "{grist.url}"\ndoc = "{DOC}"\ntable = "{TABLE}"\n'
        "write_back = true\n"
    )
    make_workspace(tmp_path, CONFIG + config)
    assert "NL_GRIST_KEY" in nl(tmp_path, "stats", status=2)
    assert "nl trust" in nl(tmp_path, "stats", status=2, NL_GRIST_KEY=KEY)
    assert run("trust", "--yes", cwd=tmp_path).returncode == 0
    assert nl_json(tmp_path, "stats", NL_GRIST_KEY=KEY)["recipients"] == 1
    assert nl_json(tmp_path, "unsubscribe", "A@example.org", NL_GRIST_KEY=KEY)["written_back"] == 1
    assert nl_json(tmp_path, "stats", NL_GRIST_KEY=KEY)["excluded"] == {"unsubscribed": 2}


def test_sql_by_configuration(tmp_path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(tmp_path / "m.db")
    connection.execute("CREATE TABLE m(email)")
    connection.execute("INSERT INTO m VALUES ('a@example.org')")
    connection.commit()
    connection.close()
    make_workspace(tmp_path, CONFIG + '[list]\nsource = "sql"\n[list.sql]\nquery = "SELECT email FROM m"\n')
    assert "NL_LIST_SQL_URL" in nl(tmp_path, "stats", status=2)
    assert nl_json(tmp_path, "stats", NL_LIST_SQL_URL=f"sqlite:///{tmp_path / 'm.db'}")["recipients"] == 1


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ('[list]\nsource = "grist"\n', "list.grist.doc is missing"),
        ('[list]\nsource = "sql"\n', "list.sql.query is missing"),
        ('[list]\nsource = "csvv"\n', "did you mean “csv”"),
        ('[list.sql]\nurl = "postgresql://u:hunter2@h/b"\n', "holds a password"),
        ('[list.sql]\nurl = "postgresql://h/b?user=u&password=hunter2"\n', "holds a password"),
        ('[list.column]\naddress = "x"\n', "did you mean “columns”"),
    ],
)
def test_a_configuration_that_cannot_be(tmp_path: Path, config: str, why: str) -> None:
    make_workspace(tmp_path)
    (tmp_path / "newsletter.toml").write_text(CONFIG + config)
    said = nl(tmp_path, "stats", status=2)
    assert why in said
    assert "newsletter.toml:" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("name", ["absent.csv", "list.xlsx"])
def test_files_that_are_no_list(root: Path, name: str) -> None:
    (root / "list.xlsx").write_bytes(b"PK\x03\x04...")
    said = nl(root, "import", name, status=2)
    assert name in said
    assert "→" in said


@pytest.mark.parametrize("delimiter", [";;", '"', "", "\n"])
def test_a_delimiter_that_is_none(root: Path, delimiter: str) -> None:
    assert "cannot separate" in nl(root, "import", "members.csv", "--delimiter", delimiter, status=2)


def test_no_list_is_written_over(root: Path) -> None:
    nl(root, "add", "a@example.org")
    before = (root / "members.csv").read_bytes()
    for command in (
        ["export", "--all", "--output", "members.csv"],
        ["export", "a@example.org", "--output", "members.csv"],
        ["import", "members.csv", "--rejects", "members.csv"],
        ["suppression", "export", "members.csv"],
    ):
        assert "exists already" in nl(root, *command, status=2)
    assert (root / "members.csv").read_bytes() == before


def test_a_new_workspace_keeps_the_list_out_of_git(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "w"), "--name", "X").returncode == 0
    assert "list.csv" in (tmp_path / "w" / ".gitignore").read_text().split()


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing on Windows")
def test_what_a_backup_opened_is_closed_again(root: Path) -> None:
    nl(root, "unsubscribe", "a@example.org", "--even-unknown")
    for path in (root / "state", *(root / "state").iterdir()):
        path.chmod(0o777)
    nl(root, "purge")
    assert stat.S_IMODE((root / "state").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (root / "state").iterdir()} == {0o600}


def test_an_interrupted_command_says_nothing_of_anybody(root: Path) -> None:
    (root / "state").mkdir()
    (root / "state" / "list.db").write_bytes(b"lea@example.org " * 100)
    said = nl(root, "show", "lea@example.org", status=2)
    assert "no list of nl" in said
    assert "lea@" not in said


def test_a_list_that_may_hide_who_left_has_one_answer_everywhere(root: Path) -> None:
    (root / "members.csv").write_text("email;Consentement RGPD ?\na@example.org;oui\nb@example.org;non\n", "utf-8")
    assert "1 would be written to" in nl(root, "stats", "--list", "members.csv")
    assert nl_json(root, "check", "members.csv")["rules"] == {}
    (root / "members.csv").write_text("email;Accord\na@example.org;oui\nb@example.org;non\n", "utf-8")
    said = nl(root, "check", "members.csv", status=1)
    assert "list-column-unclear" in said
    assert 'unused_columns = ["Accord"]' in nl(root, "import", "members.csv", status=1)
    assert not (root / "state" / "rejects").exists() or not list((root / "state" / "rejects").iterdir())
    assert "Fault of the list" in nl(root, "stats", "--list", "members.csv")
    write_config(root, '[list.columns]\nsubscribed = "Accord"\n')
    assert "2 added" in nl(root, "import", "members.csv")
    assert nl_json(root, "stats")["statuses"] == {"confirmed": 1, "unsubscribed": 1}


def write_config(root: Path, more: str) -> None:
    path = root / "newsletter.toml"
    path.write_text(path.read_text("utf-8") + "\n" + more, "utf-8")


def test_nobody_has_the_address(root: Path) -> None:
    """A slip must not look like a success while the person stays."""
    (root / "list.csv").write_text("email;status\nlea@example.org;\njo@example.org;perhaps\n")
    said = nl(root, "unsubscribe", "lae@example.org", status=1)
    assert "Nobody here has this address" in said
    assert "example.org" not in said
    assert "address 2 of those given" in nl(root, "unsubscribe", "lea@example.org", "loe@example.org", status=1)
    assert "token is not known here" in nl(root, "unsubscribe", "gsdenuopzwpqtemcte2dmtgc", status=1)
    assert "Nobody here" in nl(root, "forget", "lae@example.org", "--yes", status=1)
    assert nl_json(root, "stats")["suppressed"] == {"unsubscribed": 1}
    # A row that cannot be read is about somebody all the same.
    assert nl_json(root, "unsubscribe", "jo@example.org")["suppressed"] == 1
    done = nl_json(root, "forget", "lae@example.org", "loe@example.org", "--yes", "--even-unknown")
    assert (done["erased"], done["unknown"]) == (2, 0)


def test_two_lists_at_once_both_answer(root: Path) -> None:
    nl(root, "import", "members.csv", status=1)
    (root / "list.csv").write_text(
        "email;name;status\nines@example.org;I;\nLea@example.org;L;\nlea@example.org;;never\n"
    )
    known = json.loads(nl(root, "export", "lea@example.org"))
    assert known["subscriber"]["name"] == "Léa"
    assert [(one["name"], [row["row"] for row in one["rows"]]) for one in known["sources"]] == [("list.csv", [3, 4])]
    said = nl(root, "forget", "lea@example.org", "ines@example.org", "--yes")
    assert "Erased." in said
    assert "list.csv: erase row 2, 3, 4 there" in said
    (root / "list.csv").write_bytes(b"\0\0\0")
    done = nl_json(root, "forget", "jo@gmial.com", "--yes", status=1)
    assert (done["unread_sources"], done["was_subscriber"]) == (["list.csv"], True)
    assert json.loads(nl(root, "export", "jo@gmial.com", status=1).partition("\nThis list")[0])["unread_sources"]


def test_who_is_gone_from_the_file(root: Path) -> None:
    (root / "old.csv").write_text("email\nlea@example.org\nben@example.org\nuna@example.org\n")
    (root / "new.csv").write_text("email\nlea@example.org\nzoe@example.org\nUna@example.org\n")
    nl(root, "import", "old.csv", "--consent", "form")
    assert "nobody can be asked here" in nl(root, "import", "new.csv", "--sync", status=2)
    assert nl_json(root, "stats")["candidates"] == 3
    said = nl(root, "import", "new.csv", "--sync", "--yes")
    assert "1 person is on the list and not in the file" in said
    assert "ben@example.org" not in said
    assert nl_json(root, "stats")["statuses"] == {"confirmed": 3, "unsubscribed": 1}
    # The same file once more: nobody else is gone.
    assert nl_json(root, "import", "new.csv", "--sync", "--yes")["taken_off"] == 0
    # Whoever left is not brought back by a file.
    assert nl_json(root, "import", "old.csv", "--sync", "--yes")["taken_off"] == 1
    assert nl_json(root, "stats")["recipients"] == 2


@pytest.mark.parametrize("file", ["email\nlea@example.org\nnot one\n", "email\n"])
def test_a_file_that_does_not_tell_takes_nobody_off(root: Path, file: str) -> None:
    nl(root, "add", "ben@example.org")
    (root / "new.csv").write_text(file)
    assert "Nobody was taken off" in nl(root, "import", "new.csv", "--sync", "--yes", status=1)
    assert nl_json(root, "stats")["statuses"]["confirmed"] >= 1


def test_in_and_out_of_a_group(root: Path) -> None:
    nl(root, "add", "Léa <lea@example.org>", "--group", "proof", "--set", "ville=Paris", "--consent", "form")
    before = nl_json(root, "show", "lea@example.org")["subscriber"]
    changed = nl_json(root, "set", "LEA@example.org", "--not-group", "Proof", "--group", "board", "--set", "ville=")
    assert (changed["groups"], changed["attributes"], changed["name"]) == (["board"], {}, "Léa")
    assert (changed["consent"], changed["status"]) == (before["consent"], before["status"])
    assert "Nobody on the list" in nl(root, "set", "lae@example.org", "--group", "proof", status=1)
    assert "say what to change" in nl(root, "set", "lea@example.org", status=2)


def test_a_date_of_consent_is_one_or_its_row_is_refused(root: Path) -> None:
    (root / "dates.csv").write_text(
        "email;consent date\nlea@example.org;2025-03-28\njo@example.org;yesterday-ish\nana@example.org;2999-01-01\n"
        "al@example.org;28 mars 2025 10:00\nxl@example.org;45744\nsec@example.org;1743156000\n"
    )
    said = nl(root, "import", "dates.csv", status=1)
    assert "row 3: the date of consent: “yesterday-ish” is no date" in said
    assert "row 4: the date of consent: “2999-01-01” is yet to come" in said
    # As typed; as Excel keeps a date; as programs do.
    for address, at in (("lea", "2025-03-28"), ("xl", "2025-03-28"), ("sec", "2025-03-28T10:00:00Z")):
        assert nl_json(root, "show", f"{address}@example.org")["subscriber"]["consent"]["at"] == at
