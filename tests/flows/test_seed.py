"""The post `nl` was first made for: imported and assembled, nothing of it is lost."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.workspace.scaffold import create_workspace
from tests.flows.posts import links_in, links_of, lost_lines

HEADING = re.compile(r"^## .*$", re.MULTILINE)


@pytest.fixture
def build(tmp_path: Path, seed_path: Path) -> Path:
    workspace = create_workspace(tmp_path / "ws", name="10 %", language="fr", sections=default_sections("fr"))
    imported = import_post(workspace, seed_path, number=None, is_learning=False)
    assert imported.number == 1
    assert not imported.findings
    return assemble_issue(workspace, 1).folder


def test_nine_sections_numbered_from_one_to_nine(build: Path) -> None:
    post = (build / "post.md").read_text(encoding="utf-8")
    assert [heading.split(" ")[1] for heading in HEADING.findall(post)] == [f"{number}." for number in range(1, 10)]
    page = html.document_fromstring((build / "email.html").read_text(encoding="utf-8"))
    titles = [re.sub(r"[ \n]+", " ", heading.text_content()).strip() for heading in page.iter("h2")]
    numbered = [title for title in titles if re.match(r"\d", title)]
    assert [re.match(r"\d+", title)[0] for title in numbered] == [f"{number:02}" for number in range(1, 10)]  # type: ignore[index]
    # As French is set: the spaces do not break, and one stands before the sign.
    assert "Zoom sur un projet 10\u00a0%\u00a0: OCR" in numbered[2]


def test_each_body_is_verbatim(build: Path, seed_text: str) -> None:
    post = (build / "post.md").read_bytes().decode()
    body = seed_text.partition("\n---\n")[2]
    for section in HEADING.split(body)[1:]:
        assert section.strip("\n") in post
    assert lost_lines(body, HEADING.findall(body), post) == []


def test_the_section_files_hold_each_body_byte_for_byte(build: Path, seed_text: str) -> None:
    files = build.parents[1] / "sections" / "001"
    bodies = [path.read_bytes().decode().split("---\n", 2)[2] for path in files.glob("[!_]*.md")]
    wanted = [section.removeprefix("\n") for section in HEADING.split(seed_text.partition("\n---\n")[2])[1:]]
    assert sorted(bodies) == sorted(wanted)


def test_every_link_image_and_word_arrives(build: Path, seed_text: str) -> None:
    body = seed_text.partition("\n---\n")[2]
    wanted = links_of(body)
    page = (build / "email.html").read_text(encoding="utf-8")
    text = (build / "email.txt").read_text(encoding="utf-8")
    assert len(wanted.images) == 9
    assert len(wanted.targets) == 29
    assert wanted.targets <= links_in(page).targets
    assert wanted.images <= links_in(page).images
    assert [link for link in wanted.targets if link not in unquote(text)] == []
    document = html.document_fromstring(page)
    shown = document.text_content() + " ".join(image.get("alt") or "" for image in document.iter("img"))
    prose = re.sub(r"<[^>]*>|\]\([^)]*\)|https?://\S+", " ", HEADING.sub("", body))
    for word in set(re.findall(r"\w+", prose)):
        assert word in shown, word
        assert word in text, word


def test_nothing_of_the_machinery_is_left_in_the_email(build: Path) -> None:
    page = (build / "email.html").read_text(encoding="utf-8")
    assert len(page.encode()) <= 75_000
    for debris in ("\\u{", "{{", "{%", "nl-slot", "data-premailer"):
        assert debris not in page
