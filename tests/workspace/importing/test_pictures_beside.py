"""Pictures and other files beside a post come along; those that are not there are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.flows.import_post import import_post
from newsletter_cli.workspace.importing.pictures import find_beside
from tests.pictures import png
from tests.workspaces import CONFIG, make_workspace, write


def found(root: Path, text: str, *images: str) -> tuple[list[str], list[tuple[str, int | None]]]:
    beside = find_beside(text, images, root / "post.md", name="post.md")
    return sorted(beside.files), [(one.rule, one.line) for one in beside.findings]


class TestBeside:
    @pytest.mark.parametrize(
        "text",
        [
            "![Le phare](images/phare bleu.png)\n".replace("phare bleu", "phare%20bleu"),
            "![Le phare](<images/phare bleu.png>)\n",
            '![Le phare](./images/phare%20bleu.png "Titre")\n',
            '<img alt="x" src="images/phare bleu.png">\n',
            "![Le phare][p]\n\n[p]: <images/phare bleu.png>\n",
            "[Le phare](images/phare%20bleu.png)\n",
            "[![Le phare](images/phare%20bleu.png)](https://example.org/)\n",
        ],
    )
    def test_come_along(self, tmp_path: Path, text: str) -> None:
        write(tmp_path / "images" / "phare bleu.png", png(1, 1))
        assert found(tmp_path, text) == (["images/phare bleu.png"], [])

    def test_those_of_the_header_too(self, tmp_path: Path) -> None:
        write(tmp_path / "cover.png", png(1, 1))
        assert found(tmp_path, "", "cover.png", "/img/site.png") == (["cover.png"], [])

    def test_a_picture_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        assert found(tmp_path, "Un\n\n![x](phare.png)\n") == ([], [("import-file-left", 3)])

    def test_nor_does_what_lies_elsewhere(self, tmp_path: Path) -> None:
        write(tmp_path / "phare.png", png(1, 1))
        (tmp_path / "post").mkdir()
        assert found(tmp_path / "post", "![x](../phare.png)\n") == ([], [("import-file-left", 1)])

    @pytest.mark.parametrize(
        "text",
        [
            "![x](https://example.org/phare.png)\n",
            "![x](/img/phare.png)\n",
            "[x](#phare)\n",
            "[x](other.qmd)\n",
            "[écrivez](mailto:a@example.org)\n",
            "[x](page)\n",
        ],
    )
    def test_addresses_of_the_site_and_of_the_web_are_left(self, tmp_path: Path, text: str) -> None:
        write(tmp_path / "other.qmd", "x")
        assert found(tmp_path, text) == ([], [])


def test_an_import_brings_them(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w", CONFIG, {})
    write(tmp_path / "post" / "index.md", "---\ntitle: L\n---\n## News\n\n![Le phare](phare.png)\n")
    write(tmp_path / "post" / "phare.png", png(1, 1))
    done = import_post(workspace, tmp_path / "post" / "index.md", number="1", is_learning=False)
    assert "sections/001/phare.png" in done.written
    assert (tmp_path / "w" / "sections" / "001" / "phare.png").read_bytes() == png(1, 1)
