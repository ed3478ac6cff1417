"""`nl pull --images`, and what the marks of a pad come to in an issue: through the command, from a real server."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.inside import Done, call
from tests.pads.server import MISBEHAVIOURS, Docs, HedgeDoc
from tests.pictures import png
from tests.workspaces import make_workspace, tree, write

FOLDER = "sections/001"
AGENDA = f"{FOLDER}/agenda.md"
DOCUMENT = "6f1c1d9e-0c5b-4c39-9a55-0d6f0f8d2a11"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def photo(width: int, colour: str = "teal") -> bytes:
    """A photograph, with what its camera has noted."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    with io.BytesIO() as file:
        Image.new("RGB", (width, 400), colour).save(file, "JPEG", exif=exif)
        return file.getvalue()


@pytest.fixture
def site() -> Iterator[HedgeDoc]:
    with HedgeDoc() as running:
        running.pictures["/uploads/ab12.png"] = png()
        running.pictures["/uploads/vue.jpg"] = photo(3000)
        running.pads["agenda"] = (
            "Un.\n\n![Une vue](/uploads/vue.jpg =200x)\n\n"
            f"Deux ![]({running.origin}/uploads/ab12.png), `![](/uploads/ab12.png)`.\n"
        )
        yield running


@pytest.fixture
def folder(tmp_path: Path, site: HedgeDoc) -> Path:
    root = tmp_path / "letter"
    make_workspace(root)
    write(root / AGENDA, f"---\npad: {site.address('agenda')}\n---\n")
    return root


def pull(folder: Path, *options: str, status: int = 0) -> Done:
    done = call("pull", "1", "--allow-private", *options, cwd=folder)
    assert done.status == status, done.out + done.err
    return done


def result(folder: Path, *options: str) -> str:
    told = json.loads(call("pull", "1", "--allow-private", "--json", *options, cwd=folder).out)
    return str(told["sections"][0]["result"])


def body(folder: Path) -> str:
    return (folder / AGENDA).read_text("utf-8").split("---\n", 2)[2]


def asked(site: HedgeDoc) -> list[str]:
    return [one for one in site.requests if "/uploads/" in one]


class TestPictures:
    def test_they_come_along_fit_for_mail(self, folder: Path, site: HedgeDoc) -> None:
        said = pull(folder, "--images")
        assert "![Une vue](images/vue.jpg =200x)" in body(folder)
        assert "Deux ![](images/ab12.png), `![](/uploads/ab12.png)`." in body(folder)
        assert "line 3: the picture is images/vue.jpg now" in said.err
        with Image.open(folder / FOLDER / "images/vue.jpg") as image:
            assert image.width == 1200
            assert not image.getexif()
        assert (folder / FOLDER / "images/ab12.png").read_bytes() == png()

    def test_the_next_pull_finds_nothing_new_and_asks_for_none(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder, "--images")
        before, count = tree(folder), len(asked(site))
        assert result(folder, "--images") == "unchanged"
        assert result(folder) == "unchanged"
        assert tree(folder) == before
        assert len(asked(site)) == count

    def test_after_a_pull_without(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder)
        assert f"![Une vue]({site.origin}/uploads/vue.jpg =200x)" in body(folder)
        assert result(folder, "--images") == "updated"
        assert "![Une vue](images/vue.jpg =200x)" in body(folder)

    def test_words_changed_in_the_pad_and_a_picture_moved_here(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder, "--images")
        text = (folder / AGENDA).read_text("utf-8")
        write(folder / AGENDA, text.replace("![Une vue](images/vue.jpg =200x)", "![La mer](images/vue.jpg)"))
        site.pads["agenda"] = site.pads["agenda"].replace("Un.", "Un, deux.")
        assert result(folder) == "merged"
        assert "Un, deux.\n\n![La mer](images/vue.jpg)\n" in body(folder)

    def test_a_new_picture_in_the_pad_comes_alone(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder, "--images")
        count = len(asked(site))
        site.pictures["/uploads/sub/vue.jpg"] = photo(300, "red")
        site.pads["agenda"] += "\n![](/uploads/sub/vue.jpg)\n"
        pull(folder, "--images")
        assert "![](images/vue-2.jpg)" in body(folder)
        assert asked(site)[count:] == ["GET /uploads/sub/vue.jpg"]

    def test_one_that_was_deleted_here_comes_again(self, folder: Path, site: HedgeDoc) -> None:
        pull(folder, "--images")
        (folder / FOLDER / "images/vue.jpg").unlink()
        assert result(folder, "--images") == "unchanged"
        assert (folder / FOLDER / "images/vue.jpg").is_file()

    def test_one_that_does_not_come_is_told_each_time(self, folder: Path, site: HedgeDoc) -> None:
        del site.pictures["/uploads/vue.jpg"]
        assert "line 3: the picture stays at" in pull(folder, "--images").err
        assert "line 3: the picture stays at" in pull(folder, "--images").err
        assert pull(folder).err == ""

    def test_a_dry_run_writes_nothing(self, folder: Path) -> None:
        before = tree(folder)
        assert "images/vue.jpg" in pull(folder, "--images", "--dry-run").out
        assert {name for name in tree(folder) if name not in before} <= {"state/"}

    @pytest.mark.parametrize("what", ["page", "login", "404", "huge", "short", "pdf", "svg", "text", "bomb"])
    def test_what_is_no_picture_stays_where_it_is(self, what: str, folder: Path, site: HedgeDoc) -> None:
        contents = {
            "page": b"<!DOCTYPE html><html></html>",
            "pdf": b"%PDF-1.7\n",
            "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            "text": b"Nothing here",
            # A picture by its first bytes alone.
            "bomb": png()[:40],
        }
        if what in contents:
            site.pictures["/uploads/vue.jpg"] = contents[what]
        else:
            assert what in MISBEHAVIOURS
            del site.pictures["/uploads/vue.jpg"]
            site.pads["agenda"] = site.pads["agenda"].replace("/uploads/vue.jpg", f"{site.origin}/vue/download")
            site.misbehaviours["vue"] = what
        said = pull(folder, "--images")
        assert "the picture stays at" in said.err
        assert "![Une vue](images/" not in body(folder)
        assert "![](images/ab12.png)" in body(folder)
        assert sorted(path.name for path in (folder / FOLDER / "images").iterdir()) == ["ab12.png"]

    @pytest.mark.parametrize("record", ["{", "[]", '{"a": "../../newsletter.toml"}', '{"a": "/etc/x"}'])
    def test_a_record_that_is_none_is_named(self, record: str, folder: Path) -> None:
        pull(folder, "--images")
        write(folder / FOLDER / ".pads/pictures.json", record)
        assert f"{FOLDER}/.pads/pictures.json" in pull(folder, status=1).err

    def test_nothing_outside_the_workspace_is_written(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (folder / FOLDER / "images").symlink_to(tmp_path / "elsewhere")
        pull(folder, "--images", status=1)
        assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_document_of_la_suite(tmp_path: Path) -> None:
    """As BlockNote exports it: nested lists, a table, a picture, a line break, boxes, a callout, code."""
    exported = (
        "## Rendez-vous\n\n* un\n\n  * deux, **gras**\n\n    1. trois\n\n* [ ] à faire\n* [x] fait\n\n"
        "| Jour | Lieu |\n| ---- | ---- |\n| Lundi | Tréso |\n\n"
        "![vue.png](/media/6f1c/attachments/vue.png)\n\nUne légende\n\nAvant\\\naprès\n\n> Citation\n\n"
        "```python\nx = 1\ny = 2\n```\n\n💡 Un encadré\n"
    )
    with Docs() as site:
        site.pads[DOCUMENT] = exported
        site.pictures["/media/6f1c/attachments/vue.png"] = png()
        root = tmp_path / "letter"
        make_workspace(root)
        write(root / AGENDA, f"---\npad: {site.address(DOCUMENT)}\n---\n")
        pull(root)
        assert body(root) == "\n" + exported.replace("(/media", f"({site.origin}/media")
        assert result(root) == "unchanged"
        pull(root, "--images")
        assert "![vue.png](images/vue.png)" in body(root)
        assert result(root, "--images") == "unchanged"


def test_an_interview_reads_as_in_the_pad(tmp_path: Path) -> None:
    with HedgeDoc() as site:
        site.pads["agenda"] = "**Question ?**\nRéponse.\nEt la suite.\n"
        root = tmp_path / "letter"
        make_workspace(root)
        write(root / AGENDA, f"---\npad: {site.address('agenda')}\n---\n")
        pull(root)
        assert body(root) == "\n**Question ?**\\\nRéponse.\\\nEt la suite.\n"
        assert result(root) == "unchanged"
        assert call("assemble", "1", "--offline", cwd=root).status == 0
        html = (root / "build/001/email.html").read_text("utf-8")
        assert html.count("<br") >= 2
        assert "\\" not in (root / "build/001/email.txt").read_text("utf-8")


def test_the_links_own_word_on_the_local_network_counts(folder: Path) -> None:
    config = (folder / "newsletter.toml").read_text("utf-8")
    assert call("pull", "1", cwd=folder).status == 1
    write(folder / "newsletter.toml", f"{config}\n[check.links]\nallow_private = true\n")
    assert call("pull", "1", cwd=folder).status == 0
