"""Examples of configuration and of headers are read by those who read the real ones."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from newsletter_cli.config.reader import parse_config
from newsletter_cli.model.field_names import ISSUE_FIELDS, SECTION_FIELDS
from tests.docs.pages import ROOT, Block, blocks, pages
from tests.inside import call
from tests.workspaces import CONFIG, ISSUE, make_workspace, write

# The first key of what is no `newsletter.toml`: an approval, a record of a send, a theme.
OTHER_FILES = {"by", "ledger", "extends", "colors"}


def of(kinds: tuple[str, ...]) -> list[Block]:
    """Outside the pages of rules, whose examples tests/check/rules/test_examples.py tries."""
    return [block for block in blocks(*kinds) if "/rules/" not in block.page]


def headers() -> list[tuple[Block, str, bool]]:
    """The headers of sections and issues that pages show; the last says whether it is an issue's."""
    found = []
    for block in of(("yaml", "markdown")):
        header = re.match(r"---\n(.*?)^---$", block.text, flags=re.MULTILINE | re.DOTALL)
        text = header[1] if header else block.text if block.kind == "yaml" else ""
        read = yaml.safe_load(text) if text else None
        keys = set(read) if isinstance(read, dict) else set()
        if keys and keys <= {*SECTION_FIELDS, *ISSUE_FIELDS}:
            found.append((block, text, not keys <= set(SECTION_FIELDS)))
    return found


def test_every_example_of_the_configuration_is_one() -> None:
    examples = [block for block in of(("toml",)) if next(iter(tomllib.loads(block.text))) not in OTHER_FILES]
    assert len(examples) > 30
    for block in examples:
        name = "" if "newsletter" in tomllib.loads(block.text) else '\n[newsletter]\nname = "Letter"\n'
        parse_config(block.text + name, file=f"{block.page}:{block.line}")


@pytest.mark.parametrize("is_french", [False, pytest.param(True, marks=pytest.mark.long)])
def test_every_example_of_a_header_is_one(tmp_path: Path, is_french: bool) -> None:
    shown = [one for one in headers() if ("/fr/" in one[0].page) == is_french]
    assert len(shown) > 5
    root = make_workspace(tmp_path / "letter", CONFIG, {1: ISSUE}).root
    for block, text, is_of_issue in shown:
        make_workspace(root, CONFIG, {1: ISSUE})
        name, rest = ("_issue.md", 'title: "Letter"\n') if is_of_issue else ("agenda.md", "")
        whole = text if "title:" in text else text + rest
        write(root / "sections" / "001" / name, f"---\n{whole}---\nA word.\n")
        done = call("check", "1", "--offline", "--json", cwd=root)
        assert done.out, f"{block.page}:{block.line} {done.err}"
        faults = [
            one
            for one in json.loads(done.out)["findings"]
            if one["file"].endswith(name)
            and (one["rule"].startswith("front-matter-") or one["rule"] == "content-unusable")
            and one["rule"] != "front-matter-image-missing"
        ]
        assert faults == [], f"{block.page}:{block.line}"


def test_every_example_for_scripts_can_be_read() -> None:
    for block in blocks("json"):
        json.loads(block.text)


def test_no_page_has_a_registry_asked_for_a_name_that_is_not_ours() -> None:
    asked = re.compile(r"(?:pip|pipx|uv tool) install [\"']?newsletter-cli\b")
    assert [page for page in pages() if asked.search((ROOT / page).read_text("utf-8"))] == []


def test_the_extras_are_those_of_the_package() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for page in ("docs/guides/install.md", "docs/fr/guides/install.md"):
        rows = re.findall(r"^\| `(\w+)` \| ", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE)
        assert rows == sorted(extras), page
