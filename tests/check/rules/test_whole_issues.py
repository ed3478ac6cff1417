"""What an issue is made of: header, sections, files. Each rule fires on its fault and on nothing that looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.check.rule import rules_in
from newsletter_cli.check.rules import header_dates, header_markup, headers, image_contents, image_files, sections
from newsletter_cli.model import Finding, Level
from tests.pictures import jpeg, png
from tests.workspaces import make_workspace, read_manuscript, write

# The rules on the whole of an issue; those on each image have cases of their own.
RULES = [
    rule
    for rule in rules_in(headers, header_dates, header_markup, sections, image_files, image_contents)
    if rule.slug not in ("image-data", "image-file-missing", "image-svg")
]
CONFIG = """\
[newsletter]
name = "Tides"
language = "en"
title = "Tides #{number}"

[[sections]]
slug = "agenda"
title = "Coming up"
author = true

[[sections]]
slug = "news"
title = "News"

[[sections]]
slug = "about"
title = "About us"
new = false
standing = true
"""
HEADER = {
    "title": '"Tides #1"',
    "slug": "tides1",
    "date": "2026-06-11",
    "summary": "What the sea brings.",
    "subject": "The sea, the sand and three dates",
    "preheader": "A concert on the pier, and who is looking for a keeper of tides.",
}
FILES = {
    "agenda.md": "---\nauthor: Ada\nstatus: ready\n---\nCome along.\n",
    "news.md": "Something [happened](https://example.org/a).\n",
    "about.md": "Who we are.\n",
}


def header(**fields: str | None) -> str:
    """The header with fields changed, or left out where `None`."""
    merged = {**HEADER, **fields}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in merged.items() if value is not None) + "---\n"


def findings(
    root: Path, issue: str | None = None, assets: dict[str, bytes] | None = None, **files: str
) -> list[Finding]:
    texts = {**FILES, **{f"{name}.md": text for name, text in files.items()}}
    texts["_issue.md"] = header() if issue is None else issue
    workspace = make_workspace(root, CONFIG, {1: texts})
    for name, content in (assets or {}).items():
        write(root / "sections" / "001" / name, content)
    manuscript = read_manuscript(workspace, 1)
    return [finding for rule in RULES for finding in rule.check(manuscript)]


def places(found: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [(one.rule, one.file.removeprefix("sections/001/"), one.line) for one in found]


def test_nothing_is_said_of_an_issue_that_is_right(tmp_path: Path) -> None:
    assert findings(tmp_path) == []


class TestHeader:
    @pytest.mark.parametrize("name", ["date", "summary", "subject", "preheader", "title"])
    def test_a_field_is_missing(self, tmp_path: Path, name: str) -> None:
        [found] = findings(tmp_path, header(**{name: None}))
        assert (found.rule, found.file, found.level) == (f"{name}-missing", "sections/001/_issue.md", Level.WARNING)
        assert f"{name}:" in (found.suggestion or "")

    @pytest.mark.parametrize("name", ["date", "summary", "subject", "preheader"])
    def test_an_empty_field_is_found_on_its_line(self, tmp_path: Path, name: str) -> None:
        [found] = findings(tmp_path, header(**{name: ""}))
        assert found.rule == f"{name}-missing"
        assert found.line == 2 + list(HEADER).index(name)

    def test_an_issue_hardly_begun_is_left_in_peace(self, tmp_path: Path) -> None:
        draft = "---\nstatus: draft\n---\n"
        found = findings(tmp_path, "---\ntitle: Tides\n---\n", agenda=draft, news=draft)
        assert {one.rule for one in found} == {"section-empty"}

    def test_while_sections_are_drafts_it_is_for_information(self, tmp_path: Path) -> None:
        found = findings(tmp_path, header(summary=None, subject=None), news="---\nstatus: draft\n---\nHalf.\n")
        levels = {one.rule: one.level for one in found}
        assert levels == {
            "section-draft": Level.WARNING,
            "subject-missing": Level.INFO,
            "summary-missing": Level.INFO,
        }

    def test_without_the_file_there_is_another_finding(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, CONFIG, {1: FILES})
        manuscript = read_manuscript(workspace, 1)
        assert [one for rule in RULES for one in rule.check(manuscript)] == []

    def test_a_section_without_a_title(self, tmp_path: Path) -> None:
        found = findings(tmp_path, news='---\nauthor: Ada\ntitle: ""\n---\nWords.\n')
        assert places(found) == [("title-missing", "news.md", 3)]


class TestSubject:
    def test_too_long(self, tmp_path: Path) -> None:
        [found] = findings(tmp_path, header(subject="s" * 61))
        assert (found.rule, found.line) == ("subject-long", 6)
        assert "61" in found.message

    @pytest.mark.parametrize("subject", ["s" * 60, "é" * 60, '"' + "s " * 30 + '"'])
    def test_long_enough(self, tmp_path: Path, subject: str) -> None:
        assert findings(tmp_path, header(subject=subject)) == []

    def test_the_title_serves_where_there_is_none(self, tmp_path: Path) -> None:
        found = findings(tmp_path, header(subject=None, title="t" * 61))
        assert places(found) == [("subject-long", "_issue.md", 2), ("subject-missing", "_issue.md", 1)]

    @pytest.mark.parametrize("subject", ["🌊 The sea 🌙", "🇫🇷🇪🇺 Two flags", "1️⃣ and 2️⃣", "👩🏽‍💻🌊 at sea"])
    def test_several_emoji(self, tmp_path: Path, subject: str) -> None:
        assert places(findings(tmp_path, header(subject=subject))) == [("subject-emoji", "_issue.md", 6)]

    @pytest.mark.parametrize(
        "subject",
        ["🌊 The sea", "👩🏽‍💻 at work", "🇫🇷 One flag", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scotland", "❤️‍🔥", "1 # 2 * 3", "© 2026 ® 2 ™", "→ 3 ✕"],
    )
    def test_one_emoji_or_none(self, tmp_path: Path, subject: str) -> None:
        assert findings(tmp_path, header(subject=f'"{subject}"')) == []


class TestHeaderMarkup:
    @pytest.mark.parametrize(
        ("subject", "plain"),
        [
            ("Le **phare** cherche", "Le phare cherche"),
            ("Le _phare_ cherche", "Le phare cherche"),
            ("Le [phare](https://example.org/) cherche", "Le phare cherche"),
            ("Le <b>phare</b> cherche", "Le phare cherche"),
            ("Marée &amp; phare", "Marée & phare"),
            ("`nl` est sorti", "nl est sorti"),
            ("# Le phare", "Le phare"),
            ("**Le _phare_**", "Le phare"),
        ],
    )
    def test_is_found_with_the_text_without_it(self, tmp_path: Path, subject: str, plain: str) -> None:
        found = findings(tmp_path, header(subject=f"'{subject}'"))
        assert places(found) == [("header-markup", "_issue.md", 6)]
        assert f"subject: {plain}" in (found[0].suggestion or "")

    def test_a_named_emoji(self, tmp_path: Path) -> None:
        found = findings(tmp_path, header(subject="'The sea :wave:'"))
        assert places(found) == [("header-markup", "_issue.md", 6)]

    @pytest.mark.parametrize(
        "subject",
        ["R&D, 5 * 3 * 2", "a_b_c and x*y*z", "12:30: the sea", "Half < whole > none", "[Sea] news", "AT&T; 3"],
    )
    def test_plain_text(self, tmp_path: Path, subject: str) -> None:
        assert findings(tmp_path, header(subject=f'"{subject}"')) == []


class TestPreheader:
    @pytest.mark.parametrize(
        ("preheader", "words"),
        [
            ("The sea, the sand and three dates", "subject"),
            ("the sea,  the sand and three dates!", "subject"),
            ('"« Tides #1 »"', "title"),
        ],
    )
    def test_the_same(self, tmp_path: Path, preheader: str, words: str) -> None:
        [found] = findings(tmp_path, header(preheader=preheader))
        assert (found.rule, found.line) == ("preheader-same", 7)
        assert words in found.message

    @pytest.mark.parametrize("preheader", ["The sea, the sand and three dates, and more", "The sand"])
    def test_another(self, tmp_path: Path, preheader: str) -> None:
        assert findings(tmp_path, header(preheader=preheader)) == []


class TestDates:
    @pytest.mark.parametrize(
        ("fields", "line", "level"),
        [
            ({"slug": "2026-03-newsletter"}, 3, Level.WARNING),
            ({"slug": "2025-06-11-newsletter"}, 3, Level.WARNING),
            ({"slug": "2026-05-12-newsletter"}, 3, Level.WARNING),
            ({"slug": "2026-07-newsletter"}, 3, Level.INFO),
            ({"title": "Tides of March 2026"}, 2, Level.WARNING),
            ({"summary": "Newsletter mars 2026"}, 5, Level.WARNING),
            ({"subject": "Newsletter du 12 mai 2026"}, 6, Level.WARNING),
        ],
    )
    def test_they_disagree(self, tmp_path: Path, fields: dict[str, str], line: int, level: Level) -> None:
        [found] = findings(tmp_path, header(**fields))
        assert (found.rule, found.line, found.level) == ("date-differs", line, level)

    @pytest.mark.parametrize(
        "fields",
        [
            {"slug": "2026-06-newsletter"},
            {"slug": "2026-06-11-newsletter"},
            {"slug": "2026-06-02-newsletter"},
            {"slug": "2026-05-newsletter"},
            {"slug": "2026-01"},
            {"title": "Tides weekly 2026-03"},
            {"title": "Newsletter mai 2026"},
            {"subject": "Newsletter du 12 juin 2026"},
            {"subject": "On the pier in October 2026"},
            {"slug": "tides-2026-13"},
            {"slug": "tides-2025"},
            {"title": "Newsletter juin 2026"},
            {"title": "What was new in 2025"},
            {"title": "March of the crabs"},
            {"summary": "The workshop of March 2026, and what comes next in the harbour."},
            {"subject": "Newsletter du 11 juin 2026"},
            {"date": None, "slug": "2025-01-tides"},
        ],
    )
    def test_they_agree_or_say_nothing(self, tmp_path: Path, fields: dict[str, str]) -> None:
        assert {one.rule for one in findings(tmp_path, header(**fields))} <= {"date-missing"}


class TestAuthor:
    def test_nobody_has_signed(self, tmp_path: Path) -> None:
        [found] = findings(tmp_path, agenda="Come along.\n")
        assert (found.rule, found.file, found.level) == ("author-missing", "sections/001/agenda.md", Level.WARNING)

    def test_a_draft_may_wait(self, tmp_path: Path) -> None:
        found = findings(tmp_path, agenda="---\nauthor:\nstatus: draft\n---\nCome along.\n")
        assert {one.rule: one.level for one in found}["author-missing"] is Level.INFO
        assert next(one.line for one in found if one.rule == "author-missing") == 2

    @pytest.mark.parametrize("agenda", ["---\nstatus: skip\n---\nCome.\n", "---\nauthor: Ada\n---\nCome.\n"])
    def test_signed_or_left_out(self, tmp_path: Path, agenda: str) -> None:
        assert findings(tmp_path, agenda=agenda) == []

    def test_an_empty_section_has_a_finding_already(self, tmp_path: Path) -> None:
        assert places(findings(tmp_path, agenda="\n")) == [("section-empty", "agenda.md", 1)]


class TestImages:
    def test_of_the_front_matter(self, tmp_path: Path) -> None:
        found = findings(tmp_path, header(images="[images/cover.png]"), {"images/Cover.png": b"x"})
        assert places(found) == [("front-matter-image-missing", "_issue.md", 8)]
        assert "images/Cover.png" in (found[0].suggestion or "")

    @pytest.mark.parametrize("images", ["[images/cover.png]", "[./images/cover.png]", "[/img/a.png]", "[]"])
    def test_that_are_there_or_the_site_s(self, tmp_path: Path, images: str) -> None:
        assert findings(tmp_path, header(images=images), {"images/cover.png": png()}) == []

    def test_a_heavy_one_is_told_once(self, tmp_path: Path) -> None:
        news = "![The pier](images/pier.png)\n\nAgain: ![The pier](images/pier.png)\n"
        found = findings(tmp_path, None, {"images/pier.png": png(size_bytes=800_001)}, news=news)
        assert places(found) == [("image-heavy", "news.md", 1)]
        assert "800 kB" in found[0].message

    @pytest.mark.parametrize(
        ("name", "content", "said", "fix"),
        [
            ("room.png", b"", "room.png is empty", "again"),
            ("room.png", png()[:-1], "cut short", "whole"),
            ("room.png", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer", "git lfs pull"),
            ("room.jpg", png(), "room.jpg is a PNG picture under another name", "name it room.png"),
            ("room.png", jpeg(), "room.png is a JPEG picture", "name it room.jpg"),
            ("room.png", b"<!doctype html>", "web page", "open the picture itself"),
            ("room.png", b"to come", "room.png is a text", "put the picture"),
            ("plan.pdf", b"%PDF-1.7", "plan.pdf is a PDF file", "PNG or JPEG"),
            ("plan.svg", b"<svg/>", "does not begin", '<svg xmlns="'),
        ],
    )
    def test_one_that_is_none(self, tmp_path: Path, name: str, content: bytes, said: str, fix: str) -> None:
        found = findings(tmp_path, None, {f"images/{name}": content}, news=f"Look:\n\n![The room](images/{name})\n")
        assert places(found) == [("image-unreadable", "news.md", 3)]
        assert found[0].level is Level.ERROR
        assert said in found[0].message
        assert fix in (found[0].suggestion or "")

    def test_one_that_is_none_wherever_it_is_shown(self, tmp_path: Path) -> None:
        assets = {f"images/{name}.png": b"" for name in ("cover", "a room", "map", "unseen")}
        news = '![The room](<images/a room.png>)\n\n<img src="images/a%20room.png" alt="a"> [a map](images/map.png)\n'
        found = findings(tmp_path, header(images="[images/cover.png]"), assets, news=news)
        assert places(found) == [
            ("image-unreadable", "_issue.md", 8),
            ("image-unreadable", "news.md", 1),
            ("image-unreadable", "news.md", 3),
        ]

    def test_a_document_that_is_linked_is_no_picture(self, tmp_path: Path) -> None:
        assert findings(tmp_path, None, {"plan.pdf": b"%PDF"}, news="See [the plan of the room](plan.pdf).\n") == []

    def test_a_light_one_and_one_that_nobody_sees(self, tmp_path: Path) -> None:
        assets = {"images/pier.png": png(size_bytes=800_000), "images/spare.png": png(size_bytes=900_000)}
        assert findings(tmp_path, None, assets, news="![The pier](images/pier.png)\n") == []
