"""Whatever names people: Git leaves it alone, or `nl` says that it would not."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.inside import Done, call
from tests.workspaces import CONFIG, git, make_workspace, write

FULL = CONFIG + '\n[sender]\naddress = "letter@example.org"\n[post]\nurl = "https://www.example.org/{slug}/"\n'
TABLE = "email;name\nada@example.org;Ada\nben@example.org;Ben\n"
TABLE_OF_ONE = "email\nada@example.org\n"
MESSAGE = "From: letter@example.org\r\nTo: Ada <ada@example.org>\r\n\r\nHello\r\n"
OUTBOX = '[send]\ntransport = "maildir:{folder}"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace in Git from before `.gitignore` knew more than this."""
    git_workspace(tmp_path / "w", FULL)
    return tmp_path / "w"


def git_workspace(root: Path, config: str, ignored: str = "state/\nbuild/\nlist.csv\n.nl-*.tmp\n") -> None:
    make_workspace(root, config)
    write(root / ".gitignore", ignored)
    git(root, "init", "-q")


def nl(root: Path, *arguments: str, status: int = 0, **env: str) -> Done:
    done = call(*arguments, cwd=root, env=env)
    assert done.status == status, done.out + done.err
    return done


def findings(root: Path, status: int = 0, **env: str) -> dict[str, str]:
    found = json.loads(nl(root, "check", "--offline", "--json", status=status, **env).out)["findings"]
    return {one["file"]: one["level"] for one in found if one["rule"] == "people-in-git"}


def diagnosed(root: Path) -> list[dict[str, Any]]:
    found = json.loads(call("doctor", "--json", cwd=root).out)["diagnoses"]
    return [one for one in found if one["subject"] == "people" and one["health"] != "well"]


def taken(root: Path) -> set[str]:
    """What `git add -A` would take."""
    git(root, "add", "-A")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True).stdout
    return {os.fsdecode(name) for name in listed.split(b"\0") if name}


class TestANewWorkspace:
    def test_takes_none_of_the_usual_names(self, tmp_path: Path) -> None:
        nl(tmp_path, "init", "w")
        root = tmp_path / "w"
        git(root, "init", "-q")
        tables = ("list.csv", "report.csv", "members.csv", "abonnes.csv", "left.csv", "ABONNES.CSV", "membres.tsv",
                  "membres.xlsx", "membres.ods", "contacts.vcf")  # fmt: skip
        messages = ("outbox/new/1.eml", "outbox/cur/2", "state/report-001.csv", "looked-at/000001.eml")
        for name in (*tables, *messages):
            write(root / name, TABLE)
        assert taken(root) == {".gitattributes", ".gitignore", "newsletter.schema.json", "newsletter.toml"}
        assert diagnosed(root) == []


class TestWhatGitWouldTake:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("members.csv", TABLE),
            ("abonnes.csv", TABLE_OF_ONE),
            ("lists/2026/Members.CSV", TABLE),
            ("membres.tsv", TABLE.replace(";", "\t")),
            ("excel.csv", TABLE.encode("utf-16")),
            ("sympa.txt", "ada@example.org Ada\nben@example.org\n"),
            ("contacts.vcf", "BEGIN:VCARD\nEMAIL:ada@example.org\nEND:VCARD\n"),
            ("first.eml", MESSAGE),
            ("hashes.csv", "# nl suppression list, key 0123\nhash,reason,since\n"),
        ],
    )
    def test_whatever_a_list_is_called(self, root: Path, name: str, content: str | bytes) -> None:
        write(root / name, content)
        assert findings(root) == {name: "warning"}
        (one,) = diagnosed(root)
        assert (one["health"], f"/{name}" in one["hint"]) == ("attention", True)
        # As it says, it is fixed.
        write(root / ".gitignore", (root / ".gitignore").read_text() + f"/{name}\n")
        assert findings(root) == {}
        assert name not in taken(root)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("events.csv", "date;title\n2026-01-01;Tea\n"),
            ("README.txt", "Write to us: letter@example.org\n\nWe answer.\nAlways.\n"),
            ("build/001/email.eml", "Subject: a draft, to nobody\r\n\r\nTo: a@example.org\r\n"),
        ],
    )
    def test_what_names_nobody_is_nothing(self, root: Path, name: str, content: str) -> None:
        write(root / ".gitignore", "state/\n")
        write(root / name, content)
        assert findings(root) == {}

    def test_a_folder_of_messages_is_one_thing(self, root: Path) -> None:
        for number in range(12):
            write(root / "looked-at" / f"{number:06d}.eml", MESSAGE)
        assert findings(root) == {"looked-at/": "warning"}

    @pytest.mark.parametrize(
        ("config", "name"),
        [
            ('[list]\nfile = "people/abonnes"\n', "people/abonnes"),
            ('[list]\nsource = "sql"\n[list.sql]\nurl = "sqlite:///members.db"\nquery = "SELECT 1"\n', "members.db"),
            (OUTBOX.format(folder="outbox"), "outbox/"),
            (OUTBOX.format(folder="sent/mail box"), "sent/mail box/"),
        ],
    )
    def test_what_is_configured_counts_before_it_is_there(self, tmp_path: Path, config: str, name: str) -> None:
        git_workspace(tmp_path / "w", FULL + config)
        assert findings(tmp_path / "w") == {name: "warning"}
        write(tmp_path / "w" / ".gitignore", f"state/\nbuild/\n/{name}\n.nl-*.tmp\n")
        assert findings(tmp_path / "w") == {}

    def test_what_the_environment_names(self, root: Path) -> None:
        write(root / "people", TABLE)
        assert findings(root, NL_LIST="people", NL_TRANSPORT="maildir:out") == {"people": "warning", "out/": "warning"}

    def test_state_itself(self, root: Path) -> None:
        nl(root, "list", "add", "ada@example.org")
        assert findings(root) == {}
        write(root / ".gitignore", "build/\n")
        assert findings(root) == {"state/": "warning"}

    def test_a_name_with_signs_of_a_pattern(self, root: Path) -> None:
        write(root / "list[1].csv", TABLE)
        (one,) = diagnosed(root)
        assert r"/list\[1].csv" in one["hint"]
        write(root / ".gitignore", "state/\nbuild/\n.nl-*.tmp\n/list\\[1].csv\n")
        assert diagnosed(root) == []

    def test_a_workspace_in_a_folder_of_the_repository(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        make_workspace(tmp_path / "letters" / "w", FULL + OUTBOX.format(folder="../outbox"))
        write(tmp_path / ".gitignore", "state/\nbuild/\n.nl-*.tmp\n")
        write(tmp_path / "letters" / "w" / "members.csv", TABLE)
        found = findings(tmp_path / "letters" / "w")
        assert found == {"members.csv": "warning", "newsletter.toml": "warning"}
        assert any("/letters/outbox/" in one["hint"] for one in diagnosed(tmp_path / "letters" / "w"))

    def test_outside_git_nothing(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "w", FULL)
        write(tmp_path / "w" / "members.csv", TABLE)
        assert findings(tmp_path / "w") == {}
        assert nl(tmp_path / "w", "list", "export", "--all", "-o", "x.csv", "--list", "members.csv").err == ""

    def test_a_link_is_no_list_in_git(self, root: Path, tmp_path: Path) -> None:
        write(tmp_path / "elsewhere.csv", TABLE)
        (root / "members.csv").symlink_to(tmp_path / "elsewhere.csv")
        assert findings(root) == {}


class TestWhatGitHas:
    @pytest.mark.parametrize("name", ["members.csv", "lists/all.tsv"])
    def test_is_an_error_and_stops_the_commit(self, root: Path, name: str) -> None:
        write(root / name, TABLE)
        git(root, "add", "-A")
        assert findings(root, status=1) == {name: "error"}
        (one,) = diagnosed(root)
        assert (one["health"], f"git rm -r --cached {name}" in one["hint"]) == ("wrong", True)
        git(root, "rm", "-rq", "--cached", name)
        assert findings(root) == {name: "warning"}

    @pytest.mark.parametrize("name", ["list.csv", "outbox/new/0000001.eml"])
    def test_also_where_it_is_ignored_besides(self, tmp_path: Path, name: str) -> None:
        root = tmp_path / "w"
        git_workspace(root, FULL + OUTBOX.format(folder="outbox"), "state/\nbuild/\nlist.csv\noutbox/\n.nl-*.tmp\n")
        write(root / name, MESSAGE)
        assert findings(root) == {}
        git(root, "add", "-f", name)
        assert list(findings(root, status=1).values()) == ["error"]

    def test_on_purpose(self, tmp_path: Path) -> None:
        root = tmp_path / "w"
        git_workspace(root, FULL + '[check]\nignore = ["people-in-git"]\n')
        write(root / "members.csv", TABLE)
        git(root, "add", "-A")
        assert findings(root) == {}

    def test_a_hook_of_git_asks_about_its_own_index(self, root: Path) -> None:
        write(root / "members.csv", TABLE)
        git(root, "add", "-A")
        assert findings(root, status=1, GIT_INDEX_FILE=".git/index", GIT_DIR=".git") == {"members.csv": "error"}


class TestWritingIt:
    @pytest.fixture
    def sent(self, root: Path) -> Path:
        write(root / "list.csv", TABLE)
        nl(root, "assemble", "1")
        nl(root, "send", "1", "--yes")
        return root

    @pytest.mark.parametrize(
        ("command", "name"),
        [
            ("report 1 --csv {}", "who.dat"),
            ("list export --all --output {}", "all.dat"),
            ("list export ada@example.org -o {}", "ada.json"),
            ("list suppression export {}", "hashes.dat"),
            ("send 1 --dry-run --outbox {}", "looked-at/"),
        ],
    )
    def test_is_told_at_once_and_later(self, sent: Path, command: str, name: str) -> None:
        nl(sent, "list", "unsubscribe", "ben@example.org")
        assert f"Git would take {name}" in nl(sent, *command.format(name).split()).err
        assert findings(sent) == {name: "warning"}
        assert "Git would" not in nl(sent, *command.format(f"state/{name}").split()).err

    def test_messages_into_a_folder(self, root: Path) -> None:
        write(root / "list.csv", TABLE)
        nl(root, "assemble", "1")
        assert "Git would take out/" in nl(root, "send", "1", "--yes", "--transport", "maildir:out").err
        assert findings(root) == {"out/": "warning"}

    def test_a_list_that_is_imported_and_its_refused_rows(self, root: Path) -> None:
        write(root / "people.dat", TABLE + "nobody;X\n")
        said = nl(root, "list", "import", "people.dat", "--rejects", "bad.dat", status=1).err
        assert "Git would take people.dat" in said
        assert "Git would take bad.dat" in said
        assert findings(root) == {"people.dat": "warning", "bad.dat": "warning"}

    def test_what_is_proposed_lies_in_state(self, sent: Path) -> None:
        proposed = nl(sent, "send", "1", "--yes").out.rpartition("nl report ")[2].split()
        assert nl(sent, "report", *proposed).err.strip() == f"2 rows written to {proposed[-1]}"
        assert findings(sent) == {}
