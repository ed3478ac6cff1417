"""The logo in the masthead of the e-mail, from the file on."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.check import check_workspace
from newsletter_cli.render.masthead import fit_logo
from newsletter_cli.workspace.folder import open_workspace
from tests.pictures import png, webp
from tests.rendering import Page
from tests.workspaces import CONFIG, make_workspace, write

POST = '[post]\nurl = "https://www.example.org/{slug}/"\n\n[email]\nlogo = "templates/logo.png"\n'
ADDRESS = "https://www.example.org/newsletter1/masthead/logo.png"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((400, 128), (200, 64)),
        ((100, 30), (100, 30)),
        ((64, 640), (6, 64)),
        ((4000, 3), (200, 1)),
        ((900, 90), (200, 20)),
    ],
)
def test_it_is_no_larger_than_its_place(size: tuple[int, int], shown: tuple[int, int]) -> None:
    logo = fit_logo("x", size)
    assert (logo.width, logo.height) == shown


def workspace_with(root: Path, content: bytes) -> Path:
    write(root / "templates" / "logo.png", content)
    make_workspace(root, CONFIG.replace("[[sections]]", f"{POST}\n[[sections]]", 1))
    return root


def findings(root: Path) -> dict[str, tuple[str, int | None]]:
    return {one.rule: (one.file, one.line) for one in check_workspace(open_workspace(root), 1).findings}


def test_it_goes_the_way_of_the_issues_pictures(tmp_path: Path) -> None:
    root = workspace_with(tmp_path, png(400, 100))
    assemble_issue(open_workspace(root), 1)
    build = root / "build" / "001"
    assert (build / "masthead" / "logo.png").read_bytes() == png(400, 100)
    page = Page((build / "email.html").read_text("utf-8"))
    (image,) = page.root.xpath("//img")
    assert (image.get("src"), image.get("width"), image.get("height")) == (ADDRESS, "200", "50")
    assert image.get("alt") == ""
    assert "background:#fff" in image.getparent().get("style")
    assert page.root.xpath("string(//p[@class='brand'])") == "Tidings"
    assert b'src="cid:' in (build / "email.eml").read_bytes().replace(b"=\r\n", b"").replace(b"=3D", b"=")
    for name in ("post.md", "email.txt"):
        assert "masthead" not in (build / name).read_text("utf-8")
    assert "theme-logo-missing" not in findings(root)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"no picture", "image-unreadable"),
        (png(size_bytes=900_000), "image-heavy"),
        (png(1600, 400, size_bytes=150_000), "image-oversized"),
    ],
)
def test_what_is_wrong_with_it_is_told_where_it_is_named(content: bytes, rule: str, tmp_path: Path) -> None:
    found = findings(workspace_with(tmp_path, content))
    assert found[rule] == ("newsletter.toml", 9)
    assert "theme-logo-missing" not in found


def test_a_header_without_a_place_for_it_is_told(tmp_path: Path) -> None:
    root = workspace_with(tmp_path, png())
    header = "<mj-section><mj-column><mj-text><h1>{{ issue.title }}</h1></mj-text></mj-column></mj-section>\n"
    write(root / "templates/themes/default/header.mjml.j2", header)
    assert findings(root)["theme-logo-missing"] == ("newsletter.toml", 9)


def test_one_of_a_kind_that_some_do_not_show_is_told(tmp_path: Path) -> None:
    config = CONFIG.replace("[[sections]]", f"{POST.replace('.png', '.webp')}\n[[sections]]", 1)
    write(tmp_path / "templates" / "logo.webp", webp())
    make_workspace(tmp_path, config)
    assert findings(tmp_path)["client-support"] == ("newsletter.toml", 9)
