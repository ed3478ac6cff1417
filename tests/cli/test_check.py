from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsletter_cli.check.catalogue import ALL_RULES
from tests.inside import call, run
from tests.workspaces import (
    CONFIG,
    ISSUE,
    environment,
    make_workspace,
    obeying_permissions,
    tree,
    write,
)

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
# Without anything that a rule could take offence at, as far as one can tell.
FULL_CONFIG = CONFIG + (
    '\n[post]\nurl = "https://www.example.org/letters/{slug}/"\n\n[sender]\naddress = "letter@example.org"\n'
)
SLIP = {**ISSUE, "news.md": "---\nauthor: Grace\nathor: x\n---\nSomething [happened](https://example.org/a).\n"}
# Faults of the kind that is safe to fix, more than one to a line.
FIXABLE = (
    "---\nauthor: Grace\n---\n## 1. A heading\n\nSee [the plan](https://example.org/plan?utm_source=letter&utm_medium=mail)"
    " and [the map](https://example.org/map?id=7&utm_source=letter).\n\n## 2) Another one\n\n𝗕𝗼𝗹𝗱 words.\n"
)
BROKEN = {**ISSUE, "news.md": "---\nauthor: [\n---\nText.\n"}


def found(root: Path, *options: str, number: str = "1") -> list[dict[str, Any]]:
    done = run("-C", str(root), "check", number, "--json", *options)
    assert done.stderr == ""
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    assert done.returncode == int(any(one["level"] == "error" for one in findings))
    return findings


def rules(findings: list[dict[str, Any]]) -> list[str]:
    return [one["rule"] for one in findings]


class TestUnreadable:
    def test_a_dry_run_says_what_cannot_be_read(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: BROKEN})
        done = run("-C", str(tmp_path), "check", "--offline", "--fix", "--dry-run")
        assert done.returncode == 1
        assert "sections/001/news.md:" in done.stdout
        assert "content-unusable" in done.stdout

    def test_a_header_is_put_right_and_the_rest_with_it(self, tmp_path: Path) -> None:
        text = "---\ntitle: News: the sea\nauthor: @grace\n---\n## 1. A heading\n\nText.\n"
        make_workspace(tmp_path, FULL_CONFIG, {1: {**ISSUE, "news.md": text}})
        before = found(tmp_path, "--offline")
        assert [(one["line"], one["fixable"]) for one in before if one["rule"] == "content-unusable"] == [
            (2, True),
            (3, True),
        ]
        run("-C", str(tmp_path), "check", "--offline", "--fix", "--yes")
        after = (tmp_path / "sections" / "001" / "news.md").read_text(encoding="utf-8")
        assert after.startswith('---\ntitle: "News: the sea"\nauthor: "@grace"\n---\n')
        assert "content-unusable" not in rules(found(tmp_path, "--offline"))
        again = run("-C", str(tmp_path), "check", "--offline", "--fix", "--yes")
        assert again.returncode == 0
        assert (tmp_path / "sections" / "001" / "news.md").read_text(encoding="utf-8") == after


class TestOutput:
    def test_json_has_the_keys_of_the_contract(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: SLIP})
        done = run("-C", str(tmp_path), "check", "--json")
        value = json.loads(done.stdout)
        assert list(value) == ["issue", "findings", "links", "language"]
        assert value["issue"] == 1
        (one,) = [one for one in value["findings"] if one["rule"] == "front-matter-unknown-key"]
        assert list(one) == ["file", "line", "column", "rule", "level", "message", "suggestion", "fixable"]
        assert (one["file"], one["line"], one["level"]) == ("sections/001/news.md", 3, "warning")
        assert run("-C", str(tmp_path), "check", "--format", "json").stdout == done.stdout

    def test_text_shows_place_line_and_advice(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: SLIP})
        done = run("-C", str(tmp_path), "check")
        assert re.search(r"^News – .*1 warning", done.stdout, re.MULTILINE)
        assert "sections/001/news.md:3  front-matter-unknown-key\n      athor: x\n" in done.stdout
        assert "→ did you mean “author”?" in done.stdout

    def test_errors_are_exit_status_1_and_everything_else_is_0(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "slip", FULL_CONFIG, {1: SLIP})
        make_workspace(tmp_path / "broken", FULL_CONFIG, {1: BROKEN})
        assert run("-C", str(tmp_path / "slip"), "check").returncode == 0
        done = run("-C", str(tmp_path / "broken"), "check")
        assert done.returncode == 1
        assert "sections/001/news.md:3  content-unusable" in done.stdout
        assert "An issue with errors cannot be sent." in done.stdout

    def test_github_names_files_as_seen_from_the_top_of_the_repository(self, tmp_path: Path) -> None:
        root = tmp_path / "site" / "letters"
        make_workspace(root, FULL_CONFIG, {1: SLIP})
        (tmp_path / "site" / ".git").mkdir()
        done = run("-C", str(root), "check", "--format", "github")
        assert "::warning file=letters/sections/001/news.md,line=3," in done.stdout

    def test_sarif_is_one_json_object(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: SLIP})
        (one,) = json.loads(run("-C", str(tmp_path), "check", "--format", "sarif").stdout)["runs"]
        assert {rule["id"] for rule in one["tool"]["driver"]["rules"]} == {rule.slug for rule in ALL_RULES}
        assert "front-matter-unknown-key" in {result["ruleId"] for result in one["results"]}

    def test_one_look_goes_into_as_many_formats_as_are_wanted(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws", FULL_CONFIG, {1: SLIP})
        wanted = [f"--format={name}:{tmp_path / name}" for name in ("text", "json", "github", "gitlab", "sarif")]
        for _twice in range(2):
            done = run("-C", str(tmp_path / "ws"), "check", *wanted, f"--format=markdown:{tmp_path / 'markdown'}")
        assert "athor: x" in done.stdout
        for name in ("text", "json", "github", "gitlab", "sarif", "markdown"):
            alone = run("-C", str(tmp_path / "ws"), "check", "--format", name)
            assert (tmp_path / name).read_text("utf-8") == alone.stdout

    def test_no_control_character_of_the_content_reaches_the_terminal(self, tmp_path: Path) -> None:
        hostile = '---\ntitle: News\n\x61thor\u009b31m: "\\e[2J"\n---\nText \x1b]0;title\x07 and \u202e more [](x).\n'
        make_workspace(tmp_path, FULL_CONFIG, {1: {**ISSUE, "news.md": hostile}})
        for name in ("text", "github", "json", "gitlab", "sarif", "markdown"):
            output = run("-C", str(tmp_path), "check", "--format", name).stdout
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", output)

    @posix
    def test_where_nothing_may_be_written_links_are_checked_all_the_same(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: ISSUE})
        tmp_path.chmod(0o555)
        try:
            done = run("-C", str(tmp_path), "check", "--json", env={"NL_OFFLINE": "0"}, prefix=obeying_permissions())
        finally:
            tmp_path.chmod(0o755)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["links"]["addresses"][0]["url"] == "https://example.org/a"

    def test_a_file_name_that_is_no_text(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: ISSUE})
        try:
            write(tmp_path / "sections" / "001" / os.fsdecode(b"caf\xe9.md"), "Text.\n")
        except OSError:
            pytest.skip("a file system that wants names in UTF-8")
        done = run("-C", str(tmp_path), "check", "--format", "sarif")
        assert done.returncode == 1
        assert "sections/001/caf%E9.md" in done.stdout

    def test_nothing_is_changed(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: {**ISSUE, "news.md": FIXABLE}})
        before = {name: content for name, content in tree(tmp_path).items() if not name.startswith("state/")}
        run("-C", str(tmp_path), "check", "--since", "HEAD")
        run("-C", str(tmp_path), "check", "--fix", "--dry-run")
        after = {name: content for name, content in tree(tmp_path).items() if not name.startswith("state/")}
        assert after == before

    @pytest.mark.parametrize(
        ("options", "message", "hint"),
        [
            (["--format", "jsno"], "there is no format “jsno”", "did you mean “json”?"),
            (["--format", "xml"], "there is no format “xml”", "text, json, github, gitlab, sarif"),
            (["--dry-run"], "go with --fix", "nl check --fix --dry-run"),
            (["--yes"], "go with --fix", "nl check --fix --dry-run"),
            (["7"], "there is no issue 7", "issues here: 1"),
        ],
    )
    def test_wrong_usage(self, tmp_path: Path, options: list[str], message: str, hint: str) -> None:
        make_workspace(tmp_path)
        done = run("-C", str(tmp_path), "check", *options)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
        assert hint in done.stderr


class TestRules:
    def test_each_is_listed(self) -> None:
        rows = [line.split("\t") for line in run("check", "--rules").stdout.splitlines()[2:]]
        assert [row[0] for row in rows] == [rule.slug for rule in ALL_RULES]
        assert {row[1] for row in rows} <= {"error", "warning", "note"}
        assert all(row[3] for row in rows)

    def test_as_json(self) -> None:
        listed = json.loads(run("check", "--rules", "--json").stdout)["rules"]
        assert [(one["slug"], one["level"], one["fixable"]) for one in listed] == [
            (rule.slug, rule.level.value, rule.is_fixable) for rule in ALL_RULES
        ]

    def test_rules_are_silenced_everywhere_or_on_a_line(self, tmp_path: Path) -> None:
        slug = "front-matter-unknown-key"
        make_workspace(tmp_path / "a", FULL_CONFIG, {1: SLIP})
        assert slug in rules(found(tmp_path / "a"))
        make_workspace(tmp_path / "b", f'{FULL_CONFIG}\n[check]\nignore = ["{slug}"]\n', {1: SLIP})
        assert slug not in rules(found(tmp_path / "b"))
        assert "1 silenced" in run("-C", str(tmp_path / "b"), "check").stdout
        news = SLIP["news.md"].replace("athor", f"# nl: ignore {slug}\nathor")
        make_workspace(tmp_path / "c", FULL_CONFIG, {1: {**SLIP, "news.md": news}})
        assert slug not in rules(found(tmp_path / "c"))
        make_workspace(tmp_path / "d", f'{FULL_CONFIG}\n[check]\nignore = ["front-mater-unknown-key"]\n', {1: SLIP})
        assert {slug, "ignore-unknown"} <= set(rules(found(tmp_path / "d")))


class TestFix:
    def make(self, root: Path, news: str = FIXABLE) -> Path:
        make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": news}})
        return root / "sections" / "001" / "news.md"

    def test_what_is_safe_is_fixed_and_then_its_rules_are_silent(self, tmp_path: Path) -> None:
        path = self.make(tmp_path)
        before = found(tmp_path)
        assert len({one["rule"] for one in before if one["fixable"]}) >= 2
        done = run("-C", str(tmp_path), "check", "1", "--fix")
        assert "--- a/sections/001/news.md\n+++ b/sections/001/news.md\n" in done.stdout
        assert "faults fixed:" in done.stdout
        after = found(tmp_path)
        assert not [one for one in after if one["fixable"]]
        assert not {one["rule"] for one in before if one["fixable"]} & {one["rule"] for one in after}
        fixed = path.read_bytes()
        again = run("-C", str(tmp_path), "check", "1", "--fix")
        assert "nothing that could be fixed" in again.stdout
        assert path.read_bytes() == fixed

    @pytest.mark.parametrize(
        ("newline", "mark", "end"), [("\r\n", "", "\r\n"), ("\r", "", ""), ("\n", "\ufeff", "\n"), ("\n", "", "")]
    )
    def test_line_ends_and_mark_stay(self, tmp_path: Path, newline: str, mark: str, end: str) -> None:
        path = self.make(tmp_path / "a")
        assert run("-C", str(tmp_path / "a"), "check", "--fix").returncode == 0
        plain = path.read_bytes().decode()
        news = mark + FIXABLE.rstrip("\n").replace("\n", newline) + end
        path = self.make(tmp_path / "b", news)
        assert run("-C", str(tmp_path / "b"), "check", "--fix").returncode == 0
        assert path.read_bytes().decode() == mark + plain.rstrip("\n").replace("\n", newline) + end

    def test_a_dry_run_shows_what_would_be(self, tmp_path: Path) -> None:
        path = self.make(tmp_path)
        before = path.read_bytes()
        dry = run("-C", str(tmp_path), "check", "--fix", "--dry-run").stdout
        assert "would be fixed:" in dry
        assert path.read_bytes() == before
        wet = run("-C", str(tmp_path), "check", "--fix").stdout
        assert wet.partition("\n\n")[0] == dry.partition("\n\n")[0]

    @posix
    def test_where_one_file_may_not_be_written_none_is(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: {**ISSUE, "news.md": FIXABLE, "agenda.md": FIXABLE}})
        locked = tmp_path / "sections" / "001" / "news.md"
        locked.chmod(0o444)
        before = tree(tmp_path / "sections")
        done = run("-C", str(tmp_path), "check", "--fix", "--yes", prefix=obeying_permissions())
        assert done.returncode == 2
        assert "sections/001/news.md" in done.stderr
        assert tree(tmp_path / "sections") == before

    def test_json_is_what_is_left(self, tmp_path: Path) -> None:
        self.make(tmp_path)
        left = found(tmp_path, "--fix")
        assert not [one for one in left if one["fixable"]]
        assert left == found(tmp_path)

    @posix
    @pytest.mark.parametrize(("answer", "is_fixed"), [("", True), ("y", True), ("oui", True), ("n", False)])
    def test_on_a_terminal_it_asks(self, tmp_path: Path, answer: str, is_fixed: bool) -> None:
        path = self.make(tmp_path)
        before = path.read_bytes()
        output = on_terminal(["-C", str(tmp_path), "check", "--fix"], answer=answer)
        assert (path.read_bytes() != before) == is_fixed
        assert ("Nothing was changed." in output) != is_fixed

    @posix
    def test_with_yes_it_does_not(self, tmp_path: Path) -> None:
        self.make(tmp_path)
        assert "Write these changes?" not in on_terminal(["-C", str(tmp_path), "check", "--fix", "--yes"])


def on_terminal(arguments: list[str], *, answer: str = "", columns: int = 80, **extra: str) -> str:
    """What `nl` shows on a terminal where somebody types `answer` when something is asked."""
    env = {"TERM": "xterm-256color", "COLUMNS": str(columns), **extra}
    done = call(*arguments, cwd=ROOT, typed=f"{answer}\n", env=env)
    return done.out + done.err


class TestTerminal:
    def test_the_fault_is_underlined_and_lines_fit(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: SLIP})
        for columns in (60, 80, 120):
            output = on_terminal(["-C", str(tmp_path), "check"], columns=columns)
            assert "\x1b[" in output
            lines = re.sub(r"\x1b\[[0-9;]*m", "", output).splitlines()
            # A place to click on and a command to copy stay in one piece.
            places = [line for line in lines if line.strip().startswith("sections/") or str(tmp_path) in line]
            assert max(len(line) for line in lines if line not in places) <= columns

    def test_without_colours_nothing_but_text(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: SLIP})
        assert "\x1b" not in on_terminal(["-C", str(tmp_path), "check"], NO_COLOR="1")


@pytest.mark.needs("git")
class TestSince:
    def git(self, root: Path, *arguments: str) -> None:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(["git", *who, *arguments], cwd=root, env=environment(), check=True, capture_output=True)

    def test_only_what_is_new_counts(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: SLIP})
        self.git(tmp_path, "init", "-q")
        self.git(tmp_path, "add", "-A")
        self.git(tmp_path, "commit", "-q", "-m", "x")
        assert found(tmp_path, "--since", "HEAD") == []
        done = run("-C", str(tmp_path), "check", "--since", "HEAD")
        assert done.stdout == "Issue 1: no new fault since HEAD.\n"
        agenda = tmp_path / "sections" / "001" / "agenda.md"
        agenda.write_text(agenda.read_text("utf-8").replace("author", "# moved\nathor: x\nauthor"), "utf-8")
        news = tmp_path / "sections" / "001" / "news.md"
        news.write_text("---\n# a line more\n" + news.read_text("utf-8").removeprefix("---\n"), "utf-8")
        assert [(one["rule"], one["file"]) for one in found(tmp_path, "--since", "HEAD")] == [
            ("front-matter-unknown-key", "sections/001/agenda.md")
        ]

    def test_errors_that_were_there_do_not_fail_it(self, tmp_path: Path) -> None:
        required = FULL_CONFIG.replace('title = "News"', 'title = "News"\nrequired = true')
        issue = {name: text for name, text in ISSUE.items() if name != "news.md"}
        make_workspace(tmp_path, required, {1: issue})
        self.git(tmp_path, "init", "-q")
        self.git(tmp_path, "add", "-A")
        self.git(tmp_path, "commit", "-q", "-m", "x")
        assert run("-C", str(tmp_path), "check").returncode == 1
        assert run("-C", str(tmp_path), "check", "--since", "HEAD").returncode == 0

    def test_a_base_that_cannot_be_read_is_said(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, FULL_CONFIG, {1: BROKEN})
        self.git(tmp_path, "init", "-q")
        self.git(tmp_path, "add", "-A")
        self.git(tmp_path, "commit", "-q", "-m", "x")
        write(tmp_path / "sections" / "001" / "news.md", SLIP["news.md"])
        done = run("-C", str(tmp_path), "check", "--since", "HEAD")
        assert "at HEAD the issue could not be read (sections/001/news.md:3: " in done.stderr
        assert "front-matter-unknown-key" in done.stdout

    @pytest.mark.parametrize("option", ["--since=-x", "--since=nowhere"])
    def test_what_is_no_revision(self, tmp_path: Path, option: str) -> None:
        make_workspace(tmp_path)
        self.git(tmp_path, "init", "-q")
        done = run("-C", str(tmp_path), "check", option)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Git knows no revision" in done.stderr


@cache
def options() -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w-])--?[a-zA-Z][a-z-]*", run("check", "--help").stdout))


def used(line: str) -> set[str]:
    """The options of the `nl check` in a line of shell."""
    words = shlex.split(re.split(r"\s(?:>|\|\|)\s", line)[0])
    while words[:1] == ["exec"]:
        words = words[1:]
    assert words[0] in ("nl", "newsletter")
    assert words[1] == "check"
    return {word.partition("=")[0] for word in words[2:] if word.startswith("-")}


class TestSamples:
    def test_the_hook_of_pre_commit(self) -> None:
        (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
        assert hook["id"] == "nl-check"
        assert hook["pass_filenames"] is False
        assert used(f"{hook['entry']} {shlex.join(hook['args'])}") <= options()
        for name in (
            "newsletter.toml",
            "letters/newsletter.toml",
            "sections/002/agenda.md",
            "a/templates/words/fr.toml",
            "members.csv",
            "listes/ABONNES.CSV",
            "outbox/new/0000001.20ffb59da78c2a71.eml",
            "state/ledger.lock",
        ):
            assert re.search(hook["files"], name)
        for name in ("README.md", "src/newsletter.toml.py", "build/002/email.html", "mysections/a.md"):
            assert not re.search(hook["files"], name)

    def test_the_sample_of_gitlab_uses_options_that_there_are(self) -> None:
        text = (ROOT / "docs" / "samples" / "gitlab-check.yml").read_text("utf-8")
        (command,) = [line for line in strings_of(yaml.safe_load(text)) if line.startswith("newsletter check")]
        assert "--since" in used(command)
        assert used(command.partition(" ||")[0]) <= options()

    def test_the_hook_runs(self, tmp_path: Path) -> None:
        (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
        make_workspace(tmp_path, FULL_CONFIG, {1: BROKEN})
        words = shlex.split(hook["entry"])[1:]
        assert run(*words, *hook["args"], cwd=tmp_path).returncode == 1

    def test_what_the_guide_shows(self) -> None:
        text = (ROOT / "docs" / "guides" / "check.md").read_text("utf-8")
        for line in re.findall(r"^(?:\$ nl|exec newsletter) check.*$", text, re.MULTILINE):
            assert used(line.removeprefix("$ ")) <= options()
        for block in re.findall(r"args: \[(.*?)\]", text):
            assert {word for word in re.split(r",\s*", block) if word.startswith("-")} <= options()
        slugs = {rule.slug for rule in ALL_RULES}
        named = re.findall(r"nl: ignore(?:-file)? ([a-z-]+)|ignore = \[\"([a-z-]+)\"\]|:\d+:\d+  ([a-z-]+)", text)
        assert len(named) == 7
        assert {name for names in named for name in names if name} <= slugs


def strings_of(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings_of(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings_of(part)]
    return [value] if isinstance(value, str) else []
