"""The documentation keeps up with the code: commands, options, keys, rules, dependencies, links."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.tables import Table, field_types, is_table
from newsletter_cli.base.tables import options_of as options_of_table
from newsletter_cli.check.catalogue import ALL_RULES
from newsletter_cli.cli.app import COMMANDS
from newsletter_cli.config.settings import Config
from newsletter_cli.model.field_names import EVENT_FIELDS, ISSUE_FIELDS, JOB_FIELDS, SECTION_FIELDS
from scripts.rules import written_pages
from tests.inside import call

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
NAME = re.compile(r"[A-Za-z0-9._-]+")


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def part(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    # A `#` inside a code block is no heading; the text keeps its length.
    plain = re.sub(r"^```.*?^```", lambda code: code[0].replace("#", "."), text, flags=re.MULTILINE | re.DOTALL)
    found = re.search(rf"^(#+) {re.escape(heading)}$", plain, flags=re.MULTILINE)
    assert found, f"no heading “{heading}”"
    following = re.compile(rf"^#{{1,{len(found[1])}}} ", re.MULTILINE).search(plain, found.end())
    return text[found.end() : following.start() if following else len(text)]


@cache
def help_of(command: str) -> str:
    done = call(*command.split(), "--help", cwd=ROOT, env={"COLUMNS": "200"})
    assert done.status == 0, done.err
    return done.out


def options_of(command: str) -> set[str]:
    listed = help_of(command).partition("Options:")[2]
    heads = re.findall(r"^  (-.*?)(?:  |$)", listed, flags=re.MULTILINE)
    return {option for head in heads for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", head)}


@pytest.mark.parametrize("command", list(COMMANDS))
def test_each_command_has_a_section_with_all_its_options(command: str) -> None:
    text = part(page("docs/reference/commands.md"), f"nl {command}")
    options = options_of(command)
    assert {"-h", "--help"} <= options
    documented = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))
    assert options <= documented
    assert "```console" in text
    assert "Exit statuses:" in text


def test_no_command_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^## nl (\S+)$", page("docs/reference/commands.md"), flags=re.MULTILINE)) == set(COMMANDS)


def console_commands() -> Iterator[Any]:
    for path in PAGES:
        for block in re.findall(r"^```console\n(.*?)^```", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                if line.startswith("$ nl ") or line.startswith("$ newsletter "):
                    yield pytest.param(line[2:], id=f"{path.name}: {line[2:]}")


@pytest.mark.parametrize("line", list(console_commands()))
def test_commands_shown_exist_with_the_options_they_use(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    if words[0] == "-C":
        words = words[2:]
    if words == ["--version"]:
        return
    assert words[0] in COMMANDS
    assert {word for word in words[1:] if word.startswith("-")} <= options_of(command_of(words))


def command_of(words: list[str]) -> str:
    """`nl list` is a group of commands, and so is `nl list suppression`."""
    groups = ("list", "state", "theme", "words")
    depth = 1 if words[0] not in groups else 3 if words[1] == "suppression" else 2
    return " ".join(words[:depth])


def keys_of(settings: type[Table], heading: str = "") -> Iterator[tuple[str, str]]:
    for name in options_of_table(settings):
        kind = field_types(settings)[name]
        inner = [one for one in (kind, *getattr(kind, "__args__", ())) if is_table(one)]
        if inner:
            path = ".".join(part for part in (heading.strip("[]"), name) if part)
            yield from keys_of(inner[0], f"[[{path}]]" if inner[0] is not kind else f"[{path}]")
        else:
            yield heading, name


@pytest.mark.parametrize(("table", "key"), list(keys_of(Config)))
def test_each_key_of_the_configuration_is_described(table: str, key: str) -> None:
    text = page("docs/reference/configuration.md")
    heading = re.search(rf"^## (`{re.escape(table)}`.*)$", text, flags=re.MULTILINE)
    assert heading
    assert f"\n| `{key}` | " in part(text, heading[1])


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("`_issue.md`", ISSUE_FIELDS),
        ("A section", SECTION_FIELDS),
        ("Events", EVENT_FIELDS),
        ("Jobs", JOB_FIELDS),
    ],
)
def test_each_field_of_a_header_is_described(heading: str, keys: tuple[str, ...]) -> None:
    text = part(page("docs/reference/workspace.md"), heading)
    assert [key for key in keys if f"`{key}`" not in text and f"{key}:" not in text] == []


def rules_in_the_code() -> set[str]:
    """Those with a check, and those applied while files are read."""
    slugs = set()
    for path in (ROOT / "newsletter_cli").rglob("*.py"):
        pattern = r'(?:\brule=|\breport\(\s*|@rule\(\s*|\bRule\(\s*(?:slug=)?)"([a-z0-9-]+)"'
        slugs.update(re.findall(pattern, path.read_text("utf-8")))
    return slugs


def test_each_rule_of_the_code_is_listed() -> None:
    assert {rule.slug for rule in ALL_RULES} == rules_in_the_code()
    assert len({rule.slug for rule in ALL_RULES}) == len(ALL_RULES)


@cache
def rule_entries() -> dict[str, str]:
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "docs" / "reference" / "rules").glob("*.md"))]
    return {entry: part(text, entry) for text in texts for entry in re.findall(r"^### (\S+)$", text, re.MULTILINE)}


def test_each_rule_has_an_entry_with_its_level_and_a_bad_and_a_good_example() -> None:
    entries = rule_entries()
    assert entries.keys() == {rule.slug for rule in ALL_RULES}
    words = {"error": "Error", "warning": "Warning", "info": "Note"}
    for rule in ALL_RULES:
        text = entries[rule.slug].lstrip()
        assert text.startswith(f"{words[rule.level]}. "), rule.slug
        assert re.search(r"^Bad\b", text, flags=re.MULTILINE), rule.slug
        assert re.search(r"^Good\b", text, flags=re.MULTILINE), rule.slug


def test_the_docs_of_rules_are_what_the_rules_say() -> None:
    """`python scripts/rules.py` writes them."""
    stale = [path.name for path, text in written_pages() if path.read_text("utf-8") != text]
    assert stale == []


def test_the_list_of_rules_leads_to_each_entry() -> None:
    text = page("docs/reference/rules.md")
    for rule in ALL_RULES:
        assert re.search(rf"\(rules/\w+\.md#{rule.slug}\)", text), rule.slug


def test_each_rule_that_fixes_says_so() -> None:
    for rule in ALL_RULES:
        assert ("--fix" in rule_entries()[rule.slug]) == rule.is_fixable, rule.slug


def name_of(requirement: str) -> str:
    found = NAME.match(requirement)
    assert found is not None, requirement
    return found[0]


def test_each_dependency_says_why_it_is_there() -> None:
    project = tomllib.loads(page("pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    text = part(page("CONTRIBUTING.md"), "Why each dependency is there")
    explained = {
        name for row in re.findall(r"^\| (`.*?`) \|", text, flags=re.MULTILINE) for name in re.findall(r"`(.+?)`", row)
    }
    assert {name_of(line) for line in wanted} == explained


def test_each_name_a_template_may_use_is_listed() -> None:
    source = page("newsletter_cli/render/email.py").partition("def _context(")[2]
    names = set(re.findall(r'^\s+"(\w+)":', source, flags=re.MULTILINE))
    text = part(page("docs/guides/themes.md"), "Names a template may use")
    assert {name for name in names if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "``", text)
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        file, _hash, anchor = target.partition("#")
        to = (path.parent / file).resolve() if file else path
        assert to.exists(), target
        if anchor:
            assert anchor in anchors_of(to.read_text("utf-8")), target


def anchors_of(text: str) -> set[str]:
    """As GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_readme_names_every_room() -> None:
    package = ROOT / "newsletter_cli"
    rooms = [f"{path.name}/" for path in package.iterdir() if (path / "__init__.py").is_file()]
    modules = [path.name for path in package.glob("*.py") if not path.name.startswith("__")]
    text = part(page("README.md"), "Where things are in the code")
    assert [name for name in (*rooms, *modules) if name not in text] == []
