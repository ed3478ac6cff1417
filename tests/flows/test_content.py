"""What is the content of an issue? Whatever its readers see, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter_cli.flows.content import SeenContent
from newsletter_cli.flows.one_form import one_form
from newsletter_cli.flows.sending.message import build_content
from newsletter_cli.workspace.folder import open_workspace
from tests.pictures import png
from tests.workspaces import ROOT, make_workspace, write

CONFIG = """\
[newsletter]
name = "Tidings"
language = "en"

[post]
url = "https://www.example.org/{slug}/"

[sender]
name = "Tidings"
address = "letter@example.org"
reply_to = "desk@example.org"

[email]
unsubscribe = "https://www.example.org/leave"

[send]
bounces = "bounces@example.org"

[[sections]]
slug = "news"
title = "News"

[[sections]]
slug = "agenda"
title = "Coming up"

[personal]
greeting = "Dear {first_name},"

[[personal.fields]]
name = "first_name"
fallback = "reader"

[[personal.fields]]
name = "team"
fallback = "all"
"""
ISSUE = {
    "_issue.md": (
        '---\ntitle: "Tidings #1"\nsubject: News of June\npreheader: All of it\ndate: 2026-06-11\n---\nHello.\n'
    ),
    "news.md": (
        "---\nauthor: Grace\nstatus: ready\n---\nSome news, and a long line of it.\n<!-- for us -->\n\n"
        "![A cat](images/cat.png)\n\nA [page](https://example.org/a), a [file](images/plan.csv).\n\n"
        "```\nx  = 1\n```\n\n<p>Raw <b>words</b></p>\n"
    ),
    "agenda.md": (
        "---\nauthor: Ada\nevents:\n  - title: Tea\n    start: 2026-06-18T16:00\n    place: Room 1\n"
        "    description: |\n      Bring\n      cake.\n---\nCome.\n"
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_workspace(tmp_path, CONFIG, {1: ISSUE, 2: {"_issue.md": "---\ntitle: Two\ndate: 2026-07-11\n---\nHi.\n"}})
    folder = tmp_path / "sections" / "001" / "images"
    write(folder / "cat.png", png(40, 30))
    write(folder / "unused.png", png(20, 20))
    write(folder / "plan.csv", b"a;b\n1;2\n")
    write(tmp_path / "templates" / "words" / "en.toml", (ROOT / "templates" / "words" / "en.toml").read_text())
    return tmp_path


def content(root: Path, *, now: datetime = datetime(2026, 6, 11, tzinfo=UTC)) -> SeenContent:
    return build_content(open_workspace(root), 1, now=now).seen


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_bytes()
    assert old.encode() in text
    path.write_bytes(text.replace(old.encode(), new.encode(), 1))


NEWS, HEADER, AGENDA = (f"sections/001/{name}.md" for name in ("news", "_issue", "agenda"))
SEEN: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a word": ("email.txt", lambda root: change(root, NEWS, "Some news", "Some mews")),
    "a link": ("email.html", lambda root: change(root, NEWS, "example.org/a)", "example.org/b)")),
    "an alternative text": ("email.html", lambda root: change(root, NEWS, "A cat", "A rat")),
    "code": ("email.html", lambda root: change(root, NEWS, "x  = 1", "x = 1")),
    "raw html": ("post.md", lambda root: change(root, NEWS, "<b>", "<i>")),
    "the editorial": ("email.txt", lambda root: change(root, HEADER, "Hello", "Hallo")),
    "the title": ("email.html", lambda root: change(root, HEADER, "Tidings #1", "Tidings #l")),
    "the subject": ("subject", lambda root: change(root, HEADER, "June", "Jane")),
    "the preheader": ("preheader", lambda root: change(root, HEADER, "All of it", "All of us")),
    "the date": ("email.txt", lambda root: change(root, HEADER, "2026-06-11", "2026-06-12")),
    "an hour": ("agenda.ics", lambda root: change(root, AGENDA, "16:00", "16:01")),
    "a place": ("email.txt", lambda root: change(root, AGENDA, "Room 1", "Room 2")),
    "a description": ("email.txt", lambda root: change(root, AGENDA, "cake", "cape")),
    "the sender": ("sender", lambda root: change(root, "newsletter.toml", "letter@", "better@")),
    "the reply address": ("reply-to", lambda root: change(root, "newsletter.toml", "desk@", "disk@")),
    "the greeting": ("greeting", lambda root: change(root, "newsletter.toml", "Dear", "Deer")),
    "its fallback": ("greeting", lambda root: change(root, "newsletter.toml", '"reader"', '"leader"')),
    "the way out": ("unsubscribe", lambda root: change(root, "newsletter.toml", "/leave", "/leafe")),
    "a section's title": ("email.html", lambda root: change(root, "newsletter.toml", '"News"', '"Mews"')),
    "how pictures travel": (
        "pictures",
        lambda root: change(root, "newsletter.toml", "[send]", '[send]\nimages = "embedded"'),
    ),
    "the theme": (
        "email.html",
        lambda root: write(root / "templates/themes/default/theme.toml", '[colors]\naction = "#123456"\n'),
    ),
    "a word of the layout": (
        "email.txt",
        lambda root: change(root, "templates/words/en.toml", 'place = "', 'place = "In: '),
    ),
    "a section left out": ("email.txt", lambda root: change(root, NEWS, "status: ready", "status: skip")),
}


@pytest.mark.parametrize("what", SEEN)
def test_what_readers_see_is_content(root: Path, what: str) -> None:
    part, make = SEEN[what]
    before = content(root)
    make(root)
    after = content(root)
    assert after.hash != before.hash
    assert after.part_hashes[part] != before.part_hashes[part]


def test_pictures_and_files_count_by_their_octets(root: Path) -> None:
    before = content(root)
    assert set(before.files) == {"images/cat.png", "images/plan.csv"}
    for name in before.files:
        path = root / "sections" / "001" / name
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        assert content(root).hash != before.hash, name
        path.write_bytes(kept)
    assert content(root) == before


def test_a_style_sheet_counts_by_what_it_says() -> None:
    sheet = '<style>\n/* why */ a:hover , b { color : red; content: "x  y" }\n</style>'
    assert one_form(sheet) == one_form('<style>a:hover,b{color :red;content:"x  y";}</style>')
    for other in (sheet.replace("red", "rad"), sheet.replace("x  y", "x y"), sheet.replace("a:hover", "a :hover")):
        assert one_form(other) != one_form(sheet)


def test_what_only_outlook_is_told_counts() -> None:
    page = "<p>a</p><!--[if mso]><p>b</p><![endif]--><!--[if !mso]><!--><p>c</p><!--<![endif]-->"
    assert one_form(page) == page
    assert one_form(page.replace("c</p>", "c</p><!-- nothing -->\n")) == page


UNSEEN: dict[str, Callable[[Path], object]] = {
    "a comment": lambda root: change(root, NEWS, "for us", "for you"),
    "no comment": lambda root: change(root, NEWS, "<!-- for us -->\n", ""),
    "guidance": lambda root: change(root, NEWS, "![A", "<!-- nl: what to write -->\n![A"),
    "a comment within a line": lambda root: change(root, NEWS, "and a long", "and <!-- x --> a long"),
    "another line break": lambda root: change(root, NEWS, "and a long", "and\na long"),
    "a line break of a description": lambda root: change(root, AGENDA, "Bring\n      cake", "Bring cake"),
    "more empty lines": lambda root: change(root, NEWS, "\n\n![A", "\n\n\n\n![A"),
    "the author": lambda root: change(root, NEWS, "Grace", "Alan"),
    "the status": lambda root: change(root, NEWS, "ready", "draft"),
    "another issue": lambda root: change(root, "sections/002/_issue.md", "Hi", "Ho"),
    "a picture nobody is shown": lambda root: write(root / "sections/001/images/unused.png", png(21, 20)),
    "a note beside it": lambda root: write(root / "sections/001/notes.txt", "do not forget"),
    "where bounces go": lambda root: change(root, "newsletter.toml", "bounces@", "returns@"),
    "how fast it goes": lambda root: change(root, "newsletter.toml", "[send]", "[send]\nper_minute = 10"),
    "a field nobody sees": lambda root: change(root, "newsletter.toml", '"all"', '"none"'),
    "a comment in the settings": lambda root: change(root, "newsletter.toml", "[send]", "# how\n[send]"),
    "build": lambda root: write(root / "build" / "001" / "email.html", "x"),
    "the list": lambda root: write(root / "list.csv", "email\nada@example.org\n"),
    "an approval": lambda root: write(root / "sections/001/_approval.toml", "by = 1"),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_what_readers_do_not_see_is_none(root: Path, what: str) -> None:
    before = content(root)
    UNSEEN[what](root)
    after = content(root)
    assert {name: after.parts[name] for name in after.parts if after.parts[name] != before.parts.get(name)} == {}
    assert after == before


def test_the_day_of_sending_is_none(root: Path) -> None:
    moment = datetime(2026, 6, 11, tzinfo=UTC)
    assert content(root, now=moment).hash == content(root, now=moment + timedelta(days=400)).hash


def test_a_checkout_on_windows_is_the_same(root: Path) -> None:
    drawing = root / "sections" / "001" / "images" / "plan.csv"
    before = content(root)
    for path in [*root.glob("sections/**/*.md"), root / "newsletter.toml", drawing]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert content(root) == before


def test_pictures_of_other_sites_are_named(root: Path) -> None:
    change(root, NEWS, "images/cat.png", "https://pictures.example.org/cat.png?a=1&b=2")
    assert content(root).remote == ("https://pictures.example.org/cat.png?a=1&b=2",)
