"""A file is parsed once, whatever is made from it: counted at the doors of the two libraries that parse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it.parser_block import ParserBlock

from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.check import check_workspace
from newsletter_cli.flows.sending.preparing import prepare
from newsletter_cli.markdown.parser import TracedInline
from newsletter_cli.preview.snapshot import Snapshot, take_snapshot
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.workspaces import CONFIG, make_workspace

NEWS = """\
---
author: Grace
---
<!-- nl: what is new? -->
Something [happened](https://example.org/a), see [the report][r].[^1] <!-- nl: more? -->

- [ ] to **do**

<!-- nl: ignore link-bare -->
https://example.org/b

[^1]: A note.
"""
FILES = {
    "_issue.md": '---\ntitle: "Tidings #1"\ndate: 2026-06-11\n---\nHello.\n',
    "agenda.md": "---\nauthor: Ada\nevents:\n  - title: Tea\n    start: 2026-06-18T16:00\n"
    "    description: Bring a [cake][r].\n---\nCome along.\n",
    "news.md": NEWS,
    "about.md": "Who we are.\n\n[r]: https://example.org/r\n",
}
# An event's description is a text of its own, in the header of its section.
DESCRIPTIONS = 1


def check(workspace: Workspace) -> object:
    return check_workspace(workspace, 1)


def assemble(workspace: Workspace) -> object:
    return assemble_issue(workspace, 1)


def preview(workspace: Workspace) -> object:
    return take_snapshot(workspace.root, "/files/", 1, Snapshot(number=1, workspace=workspace))


def send(workspace: Workspace) -> object:
    prepared = prepare(workspace.root, 1, datetime(2026, 6, 11, tzinfo=UTC), ())
    assert prepared.template is not None
    return prepared


@pytest.mark.parametrize("look", [check, assemble, preview, send])
def test_headers_and_texts_are_parsed_once(
    look: Callable[[Workspace], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path, CONFIG + '\n[sender]\naddress = "tidings@example.org"\n', {1: FILES})
    workspace = open_workspace(tmp_path)
    calls: Counter[str] = Counter()
    texts: list[str] = []

    def count(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            calls[name] += 1
            return original(*arguments, **options)

        monkeypatch.setattr(owner, name, counted)

    def count_inline(parser: TracedInline, state: Any) -> None:
        if state.pos == 0 or state.src.startswith("["):
            texts.append(state.src)
        tokenize(parser, state)

    for name in ("parse", "compose", "load"):
        count(yaml, name)
    blocks: Counter[str] = Counter()
    parse_blocks, tokenize = ParserBlock.parse, TracedInline.tokenize

    def count_blocks(parser: ParserBlock, src: str, *arguments: Any) -> Any:
        blocks[src] += 1
        return parse_blocks(parser, src, *arguments)

    monkeypatch.setattr(ParserBlock, "parse", count_blocks)
    monkeypatch.setattr(TracedInline, "tokenize", count_inline)
    look(workspace)
    assert calls.total() == sum(text.startswith("---") for text in FILES.values())
    assert set(blocks.values()) == {1}
    assert len(blocks) == len(FILES) + DESCRIPTIONS
    assert max(Counter(texts).values()) == 1
