"""`nl pull`: pads of a real server, files on disk, and what is said."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.pads.fetching import fetch_all
from newsletter_cli.workspace import pad_bases
from tests.inside import Done, call
from tests.pads.server import HedgeDoc
from tests.pictures import png
from tests.workspaces import NL, make_workspace, tree, write

AGENDA = "sections/001/agenda.md"
BASE = "sections/001/.pads/agenda.md"
TEXT = "One.\n\nTwo.\n\nThree.\n"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site() -> Iterator[HedgeDoc]:
    with HedgeDoc() as running:
        running.pads["agenda"] = TEXT
        yield running


@pytest.fixture
def folder(tmp_path: Path, site: HedgeDoc) -> Path:
    root = tmp_path / "letter"
    make_workspace(root)
    write(root / AGENDA, f"---\nauthor: Ada\npad: {site.address('agenda')}\n---\n")
    return root


def pull(folder: Path, *options: str, **env: str | None) -> Done:
    return call("pull", "1", "--allow-private", *options, cwd=folder, env=env)


def result(folder: Path, *options: str) -> tuple[int, str]:
    """The exit status, and what became of the agenda."""
    done = pull(folder, "--json", *options)
    told = json.loads(done.out)
    assert told["issue"] == 1
    (section,) = told["sections"]
    assert sorted(section) == ["file", "pad", "result"]
    assert section["file"] == AGENDA
    return done.status, section["result"]


def body(folder: Path) -> str:
    return (folder / AGENDA).read_text("utf-8").split("---\n", 2)[2]


def put(folder: Path, text: str) -> None:
    """Write the agenda's body here."""
    header = (folder / AGENDA).read_text("utf-8").split("---\n", 2)[1]
    write(folder / AGENDA, f"---\n{header}---\n{text}")


class TestResults:
    def test_the_first_time_into_an_empty_section(self, folder: Path) -> None:
        assert result(folder) == (0, "updated")
        assert body(folder) == f"\n{TEXT}"
        assert (folder / BASE).read_text("utf-8") == TEXT
        before = tree(folder)
        assert result(folder) == (0, "unchanged")
        assert tree(folder) == before

    def test_changed_in_the_pad_only(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder)
        site.pads["agenda"] = TEXT.replace("Two", "2")
        assert result(folder) == (0, "updated")
        assert body(folder) == "\n" + TEXT.replace("Two", "2")

    def test_changed_here_only(self, folder: Path) -> None:
        pull(folder)
        put(folder, TEXT.replace("Two", "Deux"))
        assert result(folder) == (0, "unchanged")
        assert body(folder) == TEXT.replace("Two", "Deux")

    def test_changed_on_both_sides(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder)
        put(folder, TEXT.replace("One", "Un"))
        site.pads["agenda"] = TEXT.replace("Three", "3")
        assert result(folder) == (0, "merged")
        assert body(folder) == "Un.\n\nTwo.\n\n3.\n"
        assert result(folder) == (0, "unchanged")

    def test_the_same_line_on_both_sides(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder)
        put(folder, TEXT.replace("Two", "Deux"))
        site.pads["agenda"] = TEXT.replace("Two", "2")
        done = pull(folder)
        assert done.status == 1
        assert f"{AGENDA}:7" in done.err
        assert "Deux.\n=======\n2.\n>>>>>>> in the pad, " in body(folder)
        # The check and the assembly stop at it, and so does the next pull.
        checked = call("check", "1", "--offline", "--no-language", "--json", cwd=folder)
        (finding,) = [one for one in json.loads(checked.out)["findings"] if one["level"] == "error"]
        assert (checked.status, finding["file"], finding["line"]) == (1, AGENDA, 7)
        assert call("assemble", "1", "--offline", cwd=folder).status == 1
        before = tree(folder)
        done = pull(folder)
        assert (done.status, f"{AGENDA}:7" in done.err) == (1, True)
        assert tree(folder) == before
        # Settled, it stays settled.
        put(folder, TEXT.replace("Two", "Deux (2)"))
        assert result(folder) == (0, "unchanged")
        assert body(folder) == TEXT.replace("Two", "Deux (2)")

    def test_without_a_base_nothing_is_overwritten(self, folder: Path) -> None:
        put(folder, "One.\n\nMine.\n\nThree.\n")
        assert result(folder) == (1, "conflict")
        assert "Mine." in body(folder)
        assert "Two." in body(folder)

    def test_without_a_base_the_same_text_is_no_conflict(self, folder: Path) -> None:
        put(folder, TEXT)
        assert result(folder) == (0, "unchanged")
        assert (folder / BASE).read_text("utf-8") == TEXT

    def test_another_address_of_the_same_pad_is_the_same_pad(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder)
        put(folder, TEXT.replace("One", "Un"))
        agenda = (folder / AGENDA).read_text("utf-8")
        write(folder / AGENDA, agenda.replace(site.address("agenda"), f"{site.address('agenda')}?both#here"))
        site.pads["agenda"] = TEXT.replace("Three", "3")
        assert result(folder) == (0, "merged")

    def test_what_nl_new_wrote_is_nobodys_text(self, folder: Path, site: HedgeDoc) -> None:
        skeleton = "---\npad:\n---\n\nWho, in $title of issue $number?\n\nWhere?\n"
        write(folder / "templates/skeletons/agenda.md", skeleton)
        assert call("new", "2", "--date", "2026-07-09", cwd=folder).status == 0
        agenda = folder / "sections/002/agenda.md"
        text = agenda.read_text("utf-8").replace("pad:", f"pad: {site.address('agenda')}")
        site.pads["agenda"] = "Who, in Coming up of issue 2?\n\nAda.\n"
        for added, result in (("", "updated"), ("\nAt ten.\n", "conflict")):
            write(agenda, text + added)
            done = call("pull", "2", "--allow-private", "--dry-run", "--json", cwd=folder)
            assert [one["result"] for one in json.loads(done.out)["sections"]] == [result]

    def test_what_was_said_once_is_not_said_again(self, folder: Path, site: HedgeDoc) -> None:
        site.pads["agenda"] = "# Coming up\n\nTea.\n"
        assert "“Coming up”" in pull(folder).err
        assert pull(folder).err == ""

    def test_nor_where_git_gave_the_copy_other_line_ends(self, folder: Path, site: HedgeDoc) -> None:
        site.pads["agenda"] = f"# Coming up\n\n{TEXT}"
        assert "Coming up" in pull(folder).err
        for file in (folder / "sections/001").rglob("agenda.md"):
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        done = pull(folder)
        assert (done.status, done.err) == (0, "")

    def test_a_section_that_is_left_out_is_told(self, folder: Path, site: HedgeDoc) -> None:
        file = folder / "sections/001/agenda.md"
        file.write_text(file.read_text(encoding="utf-8").replace("---\n", "---\nstatus: skip\n", 1), encoding="utf-8")
        told = pull(folder)
        assert (told.status, "no reader gets it" in told.err) == (0, True)
        assert "no reader" not in pull(folder).err

    def test_another_pad_is_no_base(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder)
        site.pads["other"] = "Nothing of it.\n"
        agenda = (folder / AGENDA).read_text("utf-8")
        write(folder / AGENDA, agenda.replace(site.address("agenda"), site.address("other")))
        done = pull(folder)
        assert done.status == 1
        assert "another pad" in done.err
        assert "One." in body(folder)
        assert "Nothing of it." in body(folder)

    @pytest.mark.parametrize("what", ["empty", "page", "login"])
    def test_a_pad_that_gives_nothing_changes_nothing(self, folder: Path, site: HedgeDoc, what: str) -> None:
        pull(folder)
        before = tree(folder)
        site.misbehaviours["agenda"] = what
        done = pull(folder)
        assert done.status == 1
        assert f"{AGENDA}: " in done.err
        assert tree(folder) == before
        assert result(folder) == (1, "refused")

    @pytest.mark.parametrize(
        "text",
        [
            b"---\npad: on paper\n---\n",
            b"---\npad: [https://a.example, https://b.example]\n---\n",
            b"---\npad: https://pad.example.org/a\ntitle: [\n---\n",
            b"---\npad: https://pad.example.org/a\nnever closed\n",
            b"---\npad: https://pad.example.org/a\n---\n\x00\xff\x00\n",
            b"---\n<<<<<<< HEAD\npad: https://pad.example.org/a\n=======\npad: x\n>>>>>>> b\n---\n",
        ],
    )
    def test_a_file_that_cannot_be_read_is_told_where_it_names_a_pad(self, folder: Path, text: bytes) -> None:
        write(folder / AGENDA, text)
        assert result(folder) == (1, "refused")
        assert f"{AGENDA}:" in pull(folder).err
        assert (folder / AGENDA).read_bytes() == text

    def test_the_local_network_is_not_asked(self, folder: Path, site: HedgeDoc) -> None:
        done = call("pull", "1", "--json", cwd=folder)
        assert json.loads(done.out)["sections"][0]["result"] == "refused"
        assert site.requests == []

    def test_two_sections_with_one_pad_are_refused(self, folder: Path, site: HedgeDoc) -> None:
        write(folder / "sections/001/news.md", f"---\npad: {site.address('agenda')}?view\n---\n")
        done = pull(folder, "--json")
        assert [one["result"] for one in json.loads(done.out)["sections"]] == ["refused", "refused"]
        assert "news.md names the same pad" in done.err
        assert result(folder, "--section", "agenda") == (1, "refused")

    def test_a_fault_in_one_file_keeps_no_other_from_its_pad(self, folder: Path, site: HedgeDoc) -> None:
        site.pads["news"] = "News.\n"
        write(folder / "sections/001/news.md", f"---\npad: {site.address('news')}\n  x: [\n---\n<<<<<<< a\n")
        write(folder / "sections/001/_issue.md", "---\ntitle: [\n---\nHello.\n")
        done = pull(folder, "--json")
        assert [one["result"] for one in json.loads(done.out)["sections"]] == ["updated", "refused"]
        assert "news.md:" in done.err


class TestTheFile:
    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    @pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
    def test_line_ends_mark_and_encoding_stay(self, folder: Path, site: HedgeDoc, newline: str, codec: str) -> None:
        site.pads["agenda"] = "Été.\n\nTwo.\n"
        header = f"---\nauthor: Zoé\npad: {site.address('agenda')}\n---\n"
        text = f"{header}Été.\n\nTwo.".replace("\n", newline)
        write(folder / AGENDA, text.encode(codec))
        assert result(folder) == (0, "unchanged")
        site.pads["agenda"] = "Été.\n\nDeux.\n\nTrois.\n"
        assert result(folder) == (0, "updated")
        expected = f"{header}Été.\n\nDeux.\n\nTrois.".replace("\n", newline)
        assert (folder / AGENDA).read_bytes() == expected.encode(codec)

    def test_the_header_stays_as_it_is_and_that_of_the_pad_is_told(self, folder: Path, site: HedgeDoc) -> None:
        header = (folder / AGENDA).read_text("utf-8")
        site.pads["agenda"] = "---\nauthor: Mallory\nstatus: ready\n---\n\n# Coming up\n\nOne.\n"
        done = pull(folder)
        assert (folder / AGENDA).read_text("utf-8") == f"{header}\nOne.\n"
        assert "(author, status)" in done.err
        assert "“Coming up”" in done.err

    def test_the_editorial_has_its_pad(self, folder: Path, site: HedgeDoc) -> None:
        site.pads["welcome"] = "# Éditorial\n\nWelcome.\n"
        write(folder / "sections/001/_issue.md", f"---\ntitle: T\npad: {site.address('welcome')}\n---\n")
        done = pull(folder, "--section", "_issue", "--json")
        assert [one["result"] for one in json.loads(done.out)["sections"]] == ["updated"]
        assert (folder / "sections/001/_issue.md").read_text("utf-8").endswith("---\n\nWelcome.\n")

    def test_a_dry_run_shows_and_writes_nothing(self, folder: Path) -> None:
        before = tree(folder)
        done = pull(folder, "--dry-run")
        assert (done.status, "+Two." in done.out) == (0, True)
        assert tree(folder) == before

    def test_a_link_out_of_the_workspace_is_not_written_through(self, folder: Path, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (folder / "sections/001/.pads").symlink_to(outside)
        done = pull(folder)
        assert (done.status, list(outside.iterdir())) == (1, [])
        assert body(folder) == ""

    def test_no_section_names_a_pad(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "letter")
        done = pull(tmp_path / "letter")
        assert (done.status, "pad: https://" in done.out) == (0, True)
        assert json.loads(pull(tmp_path / "letter", "--json").out) == {"issue": 1, "sections": []}

    def test_a_section_without_a_pad_cannot_be_chosen(self, folder: Path) -> None:
        done = pull(folder, "--section", "news")
        assert (done.status, "agenda" in done.err) == (2, True)

    def test_without_git(self, folder: Path, tmp_path: Path) -> None:
        before = tree(folder / "sections")
        done = pull(folder, PATH=str(tmp_path))
        assert (done.status, "Git" in done.err) == (2, True)
        assert tree(folder / "sections") == before


class TestWhoComesBetween:
    @pytest.mark.parametrize("is_merged", [True, False])
    @pytest.mark.parametrize("step", ["write_fixed", "_write_base", "_remove_note"])
    def test_a_kill_between_the_files_changes_nothing_of_the_end(
        self, folder: Path, site: HedgeDoc, monkeypatch: pytest.MonkeyPatch, step: str, is_merged: bool
    ) -> None:
        # Neighbours: what was merged already would be a conflict, were it merged once more.
        site.pads["agenda"] = "- one\n- two\n- three\n\nfour\n"
        pull(folder)
        put(folder, "- un\n- two\n- three\n\nfour\n")
        site.pads["agenda"] = "- one\n- two\n- 3\n\nfour\n" if is_merged else "- one\n- 2\n- three\n\n4\n"
        whole = shutil.copytree(folder, folder.parent / "whole")
        pull(whole)
        expected = (whole / AGENDA).read_text("utf-8")
        module: Any = pad_bases if step != "write_fixed" else __import__("newsletter_cli.flows.pull", fromlist=["x"])
        with monkeypatch.context() as patched:
            patched.setattr(module, step, killed)
            with pytest.raises(Killed):
                pull(folder)
        pull(folder)
        assert unmarked((folder / AGENDA).read_text("utf-8")) == unmarked(expected)
        assert (folder / BASE).read_text("utf-8") == site.pads["agenda"]
        assert [one.name for one in (folder / "sections/001/.pads").iterdir() if "tmp" in one.name] == []

    def test_settled_before_the_next_run(self, folder: Path, site: HedgeDoc, monkeypatch: pytest.MonkeyPatch) -> None:
        """Killed after the section; then somebody writes on, and another command sweeps the note away."""
        pull(folder)
        site.pads["agenda"] = TEXT.replace("Two", "2")
        with monkeypatch.context() as patched:
            patched.setattr(pad_bases, "_write_base", killed)
            with pytest.raises(Killed):
                pull(folder)
        put(folder, body(folder) + "\nFour, here.\n")
        call("new", "2", cwd=folder)
        assert result(folder) == (0, "unchanged")
        assert body(folder) == "\n" + TEXT.replace("Two", "2") + "\nFour, here.\n"

    def test_a_full_disk_leaves_all_as_it_was(
        self, folder: Path, site: HedgeDoc, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pull(folder)
        site.pads["agenda"] = TEXT.replace("Two", "2")
        before = tree(folder)

        def full(*_arguments: object, **_options: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("newsletter_cli.flows.fixing.write_aside", full)
            done = pull(folder)
        assert (done.status, "full" in done.err) == (1, True)
        assert tree(folder) == before
        assert result(folder) == (0, "updated")

    def test_two_at_once(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder)
        put(folder, TEXT.replace("One", "Un"))
        site.pads["agenda"] = TEXT.replace("Three", "3")
        runs = [
            subprocess.Popen([NL, "pull", "1", "--allow-private"], cwd=folder, stdout=subprocess.DEVNULL)
            for _number in range(2)
        ]
        assert [run.wait() for run in runs] == [0, 0]
        assert body(folder) == "Un.\n\nTwo.\n\n3.\n"

    def test_somebody_saves_while_the_pad_is_asked(
        self, folder: Path, site: HedgeDoc, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pull(folder)
        site.pads["agenda"] = TEXT.replace("Three", "3")
        real = fetch_all

        def slowly(*arguments: Any, **options: Any) -> Any:
            found = real(*arguments, **options)
            put(folder, TEXT.replace("One", "Un"))
            return found

        monkeypatch.setattr("newsletter_cli.flows.pull.fetch_all", slowly)
        assert result(folder) == (0, "merged")
        assert body(folder) == "Un.\n\nTwo.\n\n3.\n"


def unmarked(text: str) -> str:
    """The text, its marks without the minute they were made in."""
    return re.sub(r"in the pad, [0-9: -]+", "in the pad ", text)


class Killed(BaseException):
    """In the place of a signal that ends the process."""


def killed(*_arguments: object, **_options: object) -> None:
    raise Killed


def test_all_pads_are_asked_at_once(folder: Path, site: HedgeDoc, monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(3, timeout=60)
    serve = site.serve

    def wait(request: Any) -> None:
        together.wait()
        serve(request)

    monkeypatch.setattr(site, "serve", wait)
    for name in ("news", "about"):
        site.pads[name] = f"{name}.\n"
        write(folder / f"sections/001/{name}.md", f"---\npad: {site.address(name)}\n---\n")
    told = json.loads(pull(folder, "--json").out)["sections"]
    assert [one["result"] for one in told] == ["updated"] * 3


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    env: Mapping[str, str] = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["git", *identity, *words], cwd=folder, env=env, capture_output=True, check=True)
    return done.stdout.decode()


def test_a_second_editor_merges_from_the_same_base(folder: Path, site: HedgeDoc, tmp_path: Path) -> None:
    write(folder / ".gitignore", "state/\nbuild/\n.nl-*.tmp\n")
    pull(folder)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    assert BASE in git(folder, "ls-files")
    git(folder, "commit", "-qm", "Fetched")
    second = tmp_path / "second"
    git(tmp_path, "clone", "-q", str(folder), str(second))
    put(second, TEXT.replace("One", "Un"))
    site.pads["agenda"] = TEXT.replace("Three", "3")
    assert result(second) == (0, "merged")
    assert body(second) == "Un.\n\nTwo.\n\n3.\n"
    # The first one, who takes it over by Git, has nothing left to merge.
    git(second, "commit", "-qam", "Merged")
    git(folder, "pull", "-q", str(second), "main")
    assert result(folder) == (0, "unchanged")
    assert body(folder) == body(second)


def test_what_was_fetched_is_no_section(folder: Path) -> None:
    pull(folder)
    write(folder / BASE, "# A base with <b>faults</b>, teh one ![](x.png)\n" * 3)
    found = json.loads(call("check", "1", "--offline", "--json", cwd=folder).out)["findings"]
    assert [one for one in found if ".pads" in one["file"]] == []
    assert "A base with" not in call("assemble", "1", "--offline", cwd=folder).out
    assert all(b"A base with" not in content for name, content in tree(folder).items() if name.startswith("build/"))


def test_a_standing_section_is_carried_over_with_its_base(folder: Path, site: HedgeDoc) -> None:
    site.pictures["/uploads/us.png"] = png()
    site.pads["about"] = "Who we are.\n\n![Us](/uploads/us.png)\n"
    write(folder / "sections/001/about.md", f"---\npad: {site.address('about')}\n---\n")
    pull(folder, "--images")
    assert call("new", "2", "--from", "1", "--date", "2026-07-09", cwd=folder).status == 0
    site.pads["about"] = "Who we all are.\n\n![Us](/uploads/us.png)\n"
    done = call("pull", "2", "--allow-private", "--json", cwd=folder)
    assert [one["result"] for one in json.loads(done.out)["sections"]] == ["updated"]
    about = (folder / "sections/002/about.md").read_text("utf-8")
    assert about.endswith("Who we all are.\n\n![Us](images/us.png)\n")
    kept = sorted(path.name for path in (folder / "sections/002/.pads").iterdir())
    assert kept == ["about.md", "about.pad", "pictures.json"]


def test_in_french(folder: Path, site: HedgeDoc) -> None:
    pull(folder)
    put(folder, TEXT.replace("Two", "Deux"))
    site.pads["agenda"] = TEXT.replace("Two", "2")
    done = pull(folder, NL_LANG="fr")
    assert "<<<<<<< ici, dans agenda.md (nl pull)\n" in body(folder)
    assert ">>>>>>> dans le pad, " in body(folder)
    assert "conflit" in done.out
