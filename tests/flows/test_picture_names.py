"""Names of pictures with signs that mean something in an address, or with accents made in another way."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.check import check_workspace
from tests.pictures import png
from tests.workspaces import CONFIG, ISSUE, make_workspace, write

PUBLIC = CONFIG + '\n[post]\nurl = "https://www.example.org/{slug}/"\n'
APART = unicodedata.normalize("NFD", "été.png")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("hash#1.png", "images/hash%231.png"),
        ("per%20.png", "images/per%2520.png"),
        ("what?.png", "images/what%3F.png"),
        ("a b.png", "images/a%20b.png"),
        ("a b.png", "<images/a b.png>"),
        ("(1).png", "images/%281%29.png"),
        ("été.png", "images/été.png"),
        (APART, "images/été.png"),
        ("été.png", f"images/{APART}"),
        (APART, f"images/{APART}"),
    ],
)
def test_it_is_found_embedded_and_as_wide_as_it_is(tmp_path: Path, name: str, typed: str) -> None:
    issue = '---\ntitle: "Tidings #1"\ndate: 2026-06-11\nembed_images: true\n---\nHello.\n'
    texts = {**ISSUE, "_issue.md": issue, "news.md": f"---\nauthor: Grace\n---\n![A grey square]({typed})\n"}
    workspace = make_workspace(tmp_path, PUBLIC, {1: texts})
    write(tmp_path / "sections" / "001" / "images" / name, png(30, 20))
    assemble_issue(workspace, 1)
    page = (tmp_path / "build" / "001" / "email.html").read_text(encoding="utf-8")
    message = (tmp_path / "build" / "001" / "email.eml").read_bytes()
    assert 'width="30"' in page
    assert b"Content-ID:" in message
    found = {one.rule for one in check_workspace(workspace, 1).findings}
    assert not found & {"image-file-missing", "image-unreadable", "image-dimensions"}
