"""The README tells the story of a first issue in the words of the tutorial, which a test of its own follows."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORY = (ROOT / "docs/tutorial/first-issue.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def shown(command: str, page: str = STORY) -> str:
    """What the page prints below a command."""
    found = re.search(rf"^\$ {re.escape(command)}\n(.*?)(?=^\$|^```)", page, flags=re.MULTILINE | re.DOTALL)
    assert found, command
    return found[1]


def parts_of_readme(command: str) -> list[str]:
    """What the README prints below a command, in the parts that it leaves out something between."""
    return [part for part in re.split(r"^…\n", shown(command, README), flags=re.MULTILINE) if part]


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
