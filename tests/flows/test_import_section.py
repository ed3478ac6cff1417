"""`nl import FILE --section SLUG`: a text that somebody hands in becomes a section; nothing is ever lost by it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter_cli.config import SectionSettings
from newsletter_cli.workspace.folder import open_workspace
from newsletter_cli.workspace.importing.section_text import compose_section
from newsletter_cli.workspace.read import read_issue
from tests.inside import run
from tests.workspaces import CONFIG, make_workspace, tree, write

SKELETON = "---\n# Who writes it.\nauthor:\nstatus: draft\n---\n\n<!-- nl:\nOne idea per paragraph.\n-->\n"
NEWS = SectionSettings(slug="news", title="News", aliases=("What is new",))


def picture(kind: str, size: tuple[int, int]) -> bytes:
    with io.BytesIO() as file:
        Image.new("RGB", size, "teal").save(file, kind)
        return file.getvalue()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    issue = {"_issue.md": "---\ntitle: One\ndate: 2026-06-11\n---\n", "news.md": SKELETON}
    make_workspace(tmp_path / "w", CONFIG, {1: issue})
    (tmp_path / "w" / "state").mkdir()
    return tmp_path / "w"


def news(root: Path) -> str:
    return (root / "sections" / "001" / "news.md").read_bytes().decode()


def composed(incoming: str, existing: str | None = SKELETON, **options: Any) -> str:
    return compose_section(incoming, name="pad.md", existing=existing, file="news.md", settings=NEWS, **options).text


def test_the_skeleton_stays_and_the_text_follows(root: Path) -> None:
    write(root / "pad.md", "## 3. **News**\n\nSomething *happened*.\n")
    done = run("import", "pad.md", "--section", "news", cwd=root)
    assert done.returncode == 0, done.stderr
    assert news(root) == SKELETON + "\nSomething *happened*.\n"
    assert "sections/001/news.md" in done.stdout


def test_a_folder_is_told_from_what_is_not_there(root: Path) -> None:
    done = run("import", "sections", "--section", "news", cwd=root)
    assert (done.returncode, "this is a folder" in done.stderr) == (2, True)
    assert run("import", "absent.md", "--section", "news", cwd=root).returncode == 2


def test_a_section_that_is_left_out_is_told(root: Path) -> None:
    write(root / "pad.md", "Something happened.\n")
    write(root / "sections/001/news.md", SKELETON.replace("draft", "skip"))
    done = run("import", "pad.md", "--section", "news", "--json", cwd=root)
    [told] = [one for one in json.loads(done.stdout)["findings"] if one["rule"] == "import-skipped"]
    assert (done.returncode, told["file"], "no reader" in told["message"]) == (0, "sections/001/news.md", True)


@pytest.mark.parametrize("heading", ["# News", "## News", "News\n====", "## What is new", "### NEWS 📰", "## 2. news"])
def test_a_heading_that_says_the_title_goes(heading: str) -> None:
    assert composed(f"{heading}\n\nText.\n") == SKELETON + "\nText.\n"


def test_a_title_that_goes_on_is_kept_as_the_sections_own(root: Path) -> None:
    assert 'title: "News: from the harbour"\n---' in composed("## News: from the harbour\n\nText.\n")
    assert "title: The harbour\n---" in composed("# The harbour\n\nText.\n\n## Ships\n")


def test_headings_within_the_text_stay() -> None:
    for text in ("### Ships\n\nText.\n", "Hello.\n\n# News\n\nText.\n", "# One\n\na\n\n# Two\n\nb\n"):
        assert composed(text) == f"{SKELETON}\n{text}"


def test_the_header_of_the_file_fills_what_the_section_leaves_open() -> None:
    text = composed("---\nauteur: Ada\nstatus: ready\ntags: [a]\n---\nText.\n")
    assert text == SKELETON.replace("author:", "author: Ada") + "\nText.\n"
    result = compose_section(
        "---\nauthor: Ada\nstatus: ready\ntags: [a]\n---\nText.\n",
        name="pad.md", existing=SKELETON.replace("author:", "author: Grace"), file="news.md", settings=NEWS,
    )  # fmt: skip
    assert "author: Grace" in result.text
    assert [(one.rule, one.line) for one in result.findings] == [("import-key-left", 2), ("import-key-left", 3),
                                                                ("import-key-left", 4)]  # fmt: skip


def test_a_section_without_a_file_gets_one_that_is_a_draft(root: Path) -> None:
    write(root / "pad.md", "---\nauthor: Ada\n---\nCome along.\n")
    run("import", "pad.md", "--section", "agenda", "--issue", "1", cwd=root)
    assert (root / "sections/001/agenda.md").read_text() == "---\nauthor: Ada\nstatus: draft\n---\n\nCome along.\n"


def test_a_text_is_never_written_over_and_the_former_is_kept(root: Path) -> None:
    write(root / "sections/001/news.md", "---\nauthor: Grace\n---\nMine.\n")
    write(root / "pad.md", "Theirs.\n")
    before = tree(root)
    refused = run("import", "pad.md", "--section", "news", cwd=root)
    assert (refused.returncode, tree(root)) == (2, before)
    assert "--replace" in refused.stderr
    done = run("import", "pad.md", "--section", "news", "--replace", "--json", cwd=root)
    told = json.loads(done.stdout)
    assert news(root) == "---\nauthor: Grace\n---\n\nTheirs.\n"
    assert (root / told["kept"]).read_text() == "---\nauthor: Grace\n---\nMine.\n"


def test_a_second_run_changes_nothing(root: Path) -> None:
    write(root / "pad.md", "# News\n\nText.\n![Pier](pier.png)\n")
    write(root / "pier.png", picture("PNG", (4, 4)))
    run("import", "pad.md", "--section", "news", cwd=root)
    before = tree(root)
    again = run("import", "pad.md", "--section", "news", cwd=root)
    assert (again.returncode, tree(root)) == (0, before)
    assert "nothing to do" in again.stdout


def test_pictures_come_along_fit_for_mail(root: Path) -> None:
    write(root / "in/pad.md", "![Pier](<img/the pier.webp>)\n\n![Far](https://example.org/a.png)\n\n"
          "`![code](img/the%20pier.webp)`\n\n[plan](plan.pdf) ![gone](gone.png)\n\n"
          "```\n![code](img/the%20pier.webp)\n```\n")  # fmt: skip
    write(root / "in/img/the pier.webp", picture("WEBP", (2000, 100)))
    write(root / "in/plan.pdf", b"%PDF-1.7\n")
    write(root / "sections/001/images/the pier.jpg", b"another")
    done = run("import", "in/pad.md", "--section", "news", cwd=root)
    text = news(root)
    assert "![Pier](<images/the pier-2.jpg>)" in text
    assert "![Far](https://example.org/a.png)" in text
    assert "[plan](files/plan.pdf)" in text
    assert "```\n![code](img/the%20pier.webp)\n```" in text
    with Image.open(root / "sections/001/images/the pier-2.jpg") as image:
        assert image.size == (1200, 60)
    assert (root / "sections/001/images/the pier.jpg").read_bytes() == b"another"
    assert "gone.png" in done.stdout + done.stderr


def test_a_picture_that_is_none_is_told(root: Path) -> None:
    write(root / "pad.md", "![Pier](pier.png)\n")
    write(root / "pier.png", picture("PNG", (400, 400))[:60])
    done = run("import", "pad.md", "--section", "news", "--json", cwd=root)
    assert [one["rule"] for one in json.loads(done.stdout)["findings"]] == ["import-picture-unfit"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--section", "nwes"), "did you mean “news”?"),
        (("--section", "zebra"), "choose one of"),
        (("--section", "news", "--learn"), "--learn does nothing with --section"),
        (("--replace",), "--replace goes with --section"),
        (("--section", "news", "--issue", "9"), "there is no issue 9"),
    ],
)
def test_what_cannot_be_is_refused(root: Path, arguments: tuple[str, ...], said: str) -> None:
    write(root / "pad.md", "Text.\n")
    done = run("import", "pad.md", *arguments, cwd=root)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        ("café".encode("cp1252"), "not UTF-8"),
        (b"<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", "conflict"),
        (b"---\ntitle: a: b\n---\nx\n", "colon"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(root: Path, content: bytes, said: str) -> None:
    write(root / "pad.md", content)
    before = tree(root)
    done = run("import", "pad.md", "--section", "news", cwd=root)
    assert (done.returncode, said in done.stderr, tree(root)) == (1, True, before), done.stderr


def test_encodings_and_line_ends(root: Path) -> None:
    write(root / "pad.md", "Café.\r\nThé.\r\n".encode("cp1252"))
    run("import", "pad.md", "--section", "news", "--encoding", "cp1252", cwd=root)
    assert news(root) == SKELETON + "\nCafé.\nThé.\n"
    assert composed("\r\nCafé.\r\n", SKELETON.replace("\n", "\r\n")) == (SKELETON + "\nCafé.\n").replace("\n", "\r\n")
    assert composed("Café.\n", None) == "---\nstatus: draft\n---\n\nCafé.\n"


def test_a_link_that_leads_out_is_not_followed(root: Path) -> None:
    outside = write(root.parent / "secret.md", "secret\n")
    (root / "sections/001/news.md").unlink()
    (root / "sections/001/news.md").symlink_to(outside)
    write(root / "pad.md", "Text.\n")
    assert run("import", "pad.md", "--section", "news", "--replace", cwd=root).returncode != 0
    assert outside.read_text() == "secret\n"


LINE = st.sampled_from(
    ["A text.", "- a", "  - b", "> q", "## News", "<!-- nl: note -->", "", "   ", "---", "a: b", "```"]
)


@given(st.lists(LINE, max_size=8), st.sampled_from(["\n", "\r\n"]), st.sampled_from([SKELETON, "", "Hello\n", None]))
def test_every_line_stands_in_the_result(lines: list[str], newline: str, existing: str | None) -> None:
    incoming = "News of the day.\n\n" + newline.join(lines) + newline
    result = composed(incoming, existing)
    for word in incoming.split():
        assert word in result
    for line in (existing or "").split("\n"):
        assert line in result


def test_the_issue_can_be_read_afterwards(root: Path) -> None:
    write(root / "pad.md", "---\nevents:\n  - title: Tea\n    start: 2026-06-18T16:00\n---\n# Tea time\n\nCome.\n")
    assert run("import", "pad.md", "--section", "news", cwd=root).returncode == 0
    section = next(one for one in read_issue(open_workspace(root), 1).issue.sections if one.slug == "news")
    assert (section.title, len(section.events)) == ("Tea time", 1)
