"""Posts of other newsletters, imported with `--learn` and assembled, stay whole."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from newsletter_cli.base.errors import ContentError, NewsletterError
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.markdown.frontmatter import split_header
from newsletter_cli.workspace.folder import Workspace, open_workspace
from newsletter_cli.workspace.importing.headings import parse_headings
from newsletter_cli.workspace.scaffold import create_workspace
from tests.flows.posts import Author, lines_of, links_in, links_of, lost_lines
from tests.samples import sample
from tests.workspaces import CORPUS, tree, write

EMPTY = ("vide.md", "blancs.md")
WHOLE = sorted(path for path in CORPUS.glob("*.md") if path.name not in EMPTY and not path.name.startswith("broken-"))
EDITORS_COMMENT = re.compile(r"^<!-- nl:.*-->\n|<!-- nl:.*?-->", re.MULTILINE)
BROKEN = sorted(CORPUS.glob("broken-*.md"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "ws", name="Tidings", language="en", sections=default_sections("en"))


def assert_stays_whole(workspace: Workspace, path: Path, body: str, headings: list[str]) -> None:
    imported = import_post(workspace, path, number=None, is_learning=True)
    folder = assemble_issue(open_workspace(workspace.root), imported.number).folder
    post = (folder / "post.md").read_bytes().decode()
    email = links_in((folder / "email.html").read_text(encoding="utf-8"))
    text = unquote((folder / "email.txt").read_text(encoding="utf-8"))
    wanted = links_of(body)
    assert lost_lines(EDITORS_COMMENT.sub("", body), headings, post) == []
    assert wanted.targets - email.targets == set()
    assert wanted.images - email.images == set()
    assert [link for link in wanted.targets if link.removeprefix("mailto:") not in text] == []
    for heading in headings:
        title = max(re.findall(r"\w+", heading, re.UNICODE), key=len, default="")
        assert title in post


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_a_post_of_the_corpus_stays_whole(workspace: Workspace, path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    body = split_header(text).body
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", body)
    # Any heading may become a section's: its number, its emphasis and its underline are the assembly's own.
    headings = ["".join(lines[heading.start : heading.end]) for heading in parse_headings(body)]
    assert_stays_whole(workspace, path, body, headings)


@pytest.mark.parametrize("tens", sample(range(15), 0))
def test_a_made_up_post_stays_whole(tmp_path: Path, tens: int) -> None:
    for seed in range(tens * 10, tens * 10 + 10):
        post = Author(seed).post()
        root = tmp_path / str(seed)
        workspace = create_workspace(root / "ws", name="Tidings", language="en", sections=default_sections("en"))
        path = write(root / f"post-{seed + 1}.md", post.text)
        try:
            assert_stays_whole(workspace, path, post.body, post.headings)
        except NewsletterError as error:
            pytest.fail(f"post {seed}: {error}")


def test_the_made_up_posts_are_of_many_kinds() -> None:
    texts = [Author(seed).post().text for seed in range(150)]
    everything = "".join(texts)
    for kind in (
        "\r\n",
        "\n===",
        "\n---",
        "<script>",
        "<iframe",
        "{{ page",
        "هذا",
        "👩‍💻",
        "| [",
        "> > ",
        "~~~python",
        "[^n",
        "+++",
    ):
        assert kind in everything, kind
    assert any(len(re.findall(r"https?://", text)) >= 300 for text in texts)
    assert {level for text in texts for level in range(1, 4) if re.search(rf"^{'#' * level} ", text, re.MULTILINE)} == {
        1,
        2,
        3,
    }


def test_the_check_itself_sees_what_is_lost() -> None:
    body = "One\n\n## A\n\nTwo <https://example.org/a>, https://example.org/b. ![](https://example.org/c.png)\n"
    assert lost_lines(body, ["## A"], body) == []
    assert lost_lines(body, ["## A"], body.replace("One", "one"))[0] == "One"
    assert lost_lines("a\nb\n", [], "b\na\n") != []
    assert links_of(body).targets == {"https://example.org/a", "https://example.org/b"}
    assert links_of(body).images == {"https://example.org/c.png"}
    assert lines_of("a\r\nb\rc") == ["a", "b", "c"]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_header_stops_the_import_before_anything_is_written(workspace: Workspace, path: Path) -> None:
    before = tree(workspace.root)
    with pytest.raises(ContentError) as caught:
        import_post(workspace, path, number=None, is_learning=True)
    assert caught.value.exit_status == 1
    assert caught.value.file == str(path)
    assert caught.value.line
    assert tree(workspace.root) == before


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_file_is_no_post(workspace: Workspace, name: str) -> None:
    before = tree(workspace.root)
    with pytest.raises(ContentError, match="empty"):
        import_post(workspace, CORPUS / name, number=None, is_learning=True)
    assert tree(workspace.root) == before
