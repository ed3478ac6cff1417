"""The page on spelling and grammar: what its example shows is what `nl` says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.inside import call

PAGE = (Path(__file__).resolve().parents[2] / "docs/guides/language.md").read_text("utf-8")


def block(language: str) -> str:
    """The page's only block in this language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.needs("grammalecte-cli")
def test_the_example(tmp_path: Path) -> None:
    assert call("init", "ws", cwd=tmp_path).status == 0
    root = tmp_path / "ws"
    config = root / "newsletter.toml"
    config.write_text(
        re.sub('^language = "en"', 'language = "fr"', config.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )
    issue = root / "sections/001"
    issue.mkdir(parents=True)
    (issue / "_issue.md").write_text("---\ntitle: La lettre du phare n° 1\ndate: 2026-06-11\n---\n", encoding="utf-8")
    (issue / "zoom-projet.md").write_text(block("markdown"), encoding="utf-8")
    shown = re.split(r"^\$ nl (.*)\n", block("console"), flags=re.MULTILINE)[1:]
    for command, said in zip(shown[::2], shown[1::2], strict=True):
        out = call(*command.split(), cwd=root, env={"NL_NO_LANGUAGE": None}).out
        for part in filter(str.strip, re.split(r"^…\n", said, flags=re.MULTILINE)):
            assert part in out
