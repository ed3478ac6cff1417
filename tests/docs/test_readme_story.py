"""The story of a first issue, run as a newcomer would: what the page and the README show is what `nl` says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.inside import call

ROOT = Path(__file__).resolve().parents[2]
STORY = (ROOT / "docs/tutorial/first-issue.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
SIZE = re.compile(r"[\d.]+ kB(?: +\d+ % of Gmail’s limit)?")
ON_ANOTHER_DAY = re.compile(
    r"^Note: (?:the issue is dated|[^ ]+: “[^”]*” is over|\d+ more (?:is|are) over).*\n", re.MULTILINE
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")

# What the story says has been written meanwhile.
WRITTEN = {
    "portrait": '---\ntitle: "Meet a member: Camille Martin"\nauthor: Malik\nstatus: ready\n---\n\n'
    "### What brought you here?\n\nA spreadsheet of forty thousand lines, and nobody to ask.\n",
    "participer": "---\nstatus: ready\n---\n\nWe meet on the third Thursday of the month. "
    "[Write to the team](mailto:team@example.org) to come along.\n",
    "appel-a-idees": "---\nstatus: ready\n---\n\nA project, a book, a talk? "
    "[Send us three lines](mailto:team@example.org), we do the rest.\n",
}
FILLED_IN = {
    "summary": "The December workshop, and what brought Camille to us.",
    "subject": "A workshop, and forty thousand lines",
    "preheader": "Thursday at two: bring a laptop, and one question you never dared to ask.",
}


def shown(command: str, page: str = STORY) -> str:
    """What the page prints below a command."""
    found = re.search(rf"^\$ {re.escape(command)}\n(.*?)(?=^\$|^```)", page, flags=re.MULTILINE | re.DOTALL)
    assert found, command
    return found[1]


def parts_of_readme(command: str) -> list[str]:
    """What the README prints below a command, in the parts that it leaves out something between."""
    return [part for part in re.split(r"^…\n", shown(command, README), flags=re.MULTILINE) if part]


def run(folder: Path, *arguments: str) -> str:
    done = call(*arguments, cwd=folder)
    assert done.status == 0, done.err
    return done.out


def skip(section: Path) -> None:
    section.write_text(section.read_text("utf-8").replace("status: draft", "status: skip"), "utf-8")


def cells(table: str) -> list[list[str]]:
    rows = [re.split(r"\s{2,}|\t", line.strip()) for line in table.splitlines() if line.strip(" ─")]
    return [row for row in rows if len(row) > 1]


def test_the_story_from_an_empty_folder_to_a_finished_issue(tmp_path: Path) -> None:
    said = run(tmp_path, "init", "data-news", "--name", "Data news", "--language", "en")
    assert said.replace(str(tmp_path), "/home/ines") == shown('nl init data-news --name "Data news" --language en')

    workspace = tmp_path / "data-news"
    assert run(workspace, "new", "1", "--date", "2026-12-15") == shown("nl new 1 --date 2026-12-15")

    sections = workspace / "sections" / "001"
    agenda = re.search(r"^```markdown\n(---\nauthor: Inès.*?)^```", STORY, flags=re.MULTILINE | re.DOTALL)
    assert agenda
    (sections / "agenda.md").write_text(agenda[1], "utf-8")
    for slug, text in WRITTEN.items():
        (sections / f"{slug}.md").write_text(text, "utf-8")
    for slug in ("retour-atelier", "zoom-projet", "lectures"):
        skip(sections / f"{slug}.md")

    table, mark, steps = shown("nl status").partition("  → ")
    said_table, _mark, said_steps = run(workspace, "status").partition("  → ")
    assert (cells(said_table), mark) == (cells(table), "  → ")
    assert said_steps.strip() == steps.strip()

    skip(sections / "jobs.md")
    header = (sections / "_issue.md").read_text("utf-8")
    for key, words in FILLED_IN.items():
        header = re.sub(rf'^{key}: ""$', f'{key}: "{words}"', header, flags=re.MULTILINE)
    editorial = re.search(r"The editorial says “(.*?)”", STORY, flags=re.DOTALL)
    assert editorial
    (sections / "_issue.md").write_text(f"{header.rstrip()}\n\n{' '.join(editorial[1].split())}\n", "utf-8")
    config = (workspace / "newsletter.toml").read_text("utf-8")
    for key in ("url", "reply_to"):
        config = re.sub(rf"^# {key} = ", f"{key} = ", config, flags=re.MULTILINE)
    (workspace / "newsletter.toml").write_text(config, "utf-8")
    assert run(workspace, "check", "--offline") == shown("nl check --offline")
    run(workspace, "check", "--offline", "--fix")
    fixed = (sections / "_issue.md").read_text("utf-8")
    assert "(https://forms.example.org/come)" in fixed
    (sections / "_issue.md").write_text(fixed.replace("Wednesday 17", "Thursday 17"), "utf-8")
    assert (
        SIZE.sub("kB", run(workspace, "assemble", "--offline")).split()
        == SIZE.sub("kB", shown("nl assemble --offline")).split()
    )
    assert "Nothing stands between this issue and its readers." in run(workspace, "status")

    people = re.search(r"^```\n(email;.*?)^```", STORY, flags=re.MULTILINE | re.DOTALL)
    assert people
    (workspace / "list.csv").write_text(people[1], "utf-8")
    # The story is told on the issue's day.
    said = ON_ANOTHER_DAY.sub("", run(workspace, "send", "1", "--dry-run"))
    told, said = (MOMENT.sub("day", SIZE.sub("kB", text)) for text in (shown("nl send 1 --dry-run"), said))
    assert said.split() == told.split()
    # Scripts are not asked.
    story = re.sub(r"^To send it to.*\n", "", shown("nl send 1"), flags=re.MULTILINE)
    assert ON_ANOTHER_DAY.sub("", run(workspace, "send", "1", "--yes")) == story
    table, _rest, advice = shown("nl report 1").rpartition("\n\n")
    said = run(workspace, "report", "1")
    assert [row for row in cells(table) if row[-1].isdigit()] == [row for row in cells(said) if row[-1].isdigit()]
    assert said.endswith(advice)


def test_the_readme_tells_the_same_in_short() -> None:
    commands = re.findall(r"^\$ (nl .*)$", README.partition("## A first issue")[2], flags=re.MULTILINE)
    assert len(commands) > 5
    for command in commands:
        whole, place = shown(command), 0
        for part in parts_of_readme(command):
            place = whole.find(part, place)
            assert place >= 0, part
            place += len(part)


def test_the_short_story_is_short() -> None:
    story = README.partition("## A first issue")[2].partition("\n## ")[0]
    assert len(story.splitlines()) <= 62
