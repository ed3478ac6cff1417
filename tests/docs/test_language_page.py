"""The page on spelling and grammar: what its example shows is what `nl` says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.inside import call

DOCS = Path(__file__).resolve().parents[2] / "docs"


def block(page: Path, language: str) -> str:
    """The page's only block in this language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.needs("grammalecte-cli")
@pytest.mark.parametrize(("name", "language"), [("guides/language.md", "en"), ("fr/guides/language.md", "fr")])
def test_the_example(tmp_path: Path, name: str, language: str) -> None:
    page = DOCS / name
    assert call("init", "ws", "--language", language, cwd=tmp_path).status == 0
    root = tmp_path / "ws"
    config = root / "newsletter.toml"
    config.write_text(
        re.sub('^language = "en"', 'language = "fr"', config.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )
    issue = root / "sections/001"
    issue.mkdir(parents=True)
    (issue / "_issue.md").write_text("---\ntitle: La lettre du phare n° 1\ndate: 2026-06-11\n---\n", encoding="utf-8")
    (issue / "zoom-projet.md").write_text(block(page, "markdown"), encoding="utf-8")
    shown = re.split(r"^\$ nl (.*)\n", block(page, "console"), flags=re.MULTILINE)[1:]
    for command, said in zip(shown[::2], shown[1::2], strict=True):
        out = call(*command.split(), cwd=root, env={"NL_NO_LANGUAGE": None, "NL_LANG": language}).out
        for part in filter(str.strip, re.split(r"^…\n", said, flags=re.MULTILINE)):
            assert part in out, out
