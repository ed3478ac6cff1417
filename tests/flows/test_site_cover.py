"""A cover that the site has: named by a path of the site, shown by its address, looked for in the site's folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.inside import call
from tests.pictures import png
from tests.workspaces import CONFIG, ISSUE, make_workspace, write

SITE = '\n[post]\nurl = "https://www.example.org/letters/{slug}/"\n\n[site]\nfolder = "../site"\n'


def workspace(tmp_path: Path, image: str, keys: str = SITE) -> Path:
    header = ISSUE["_issue.md"].replace("date:", f"images: [{image}]\ndate:")
    make_workspace(tmp_path / "w", CONFIG + keys, {1: {**ISSUE, "_issue.md": header}})
    write(tmp_path / "site/config.toml", "")
    write(tmp_path / "site/static/img/cover.png", png())
    return tmp_path / "w"


def found(root: Path) -> list[dict[str, str]]:
    said = json.loads(call("check", "1", "--json", cwd=root).out)["findings"]
    return [one for one in said if one["rule"] == "front-matter-image-missing"]


def email(root: Path) -> str:
    call("assemble", "1", cwd=root)
    return (root / "build/001/email.html").read_text("utf-8")


def test_one_that_is_there_is_shown_by_its_address(tmp_path: Path) -> None:
    root = workspace(tmp_path, "/img/cover.png")
    assert found(root) == []
    assert 'src="https://www.example.org/img/cover.png"' in email(root)
    # By its address alone: nothing of the site comes into the build.
    assert not list((root / "build").rglob("cover.png"))


def test_below_the_path_of_a_whole_site(tmp_path: Path) -> None:
    keys = '\n[site]\nfolder = "../site"\nbase_url = "https://example.github.io/ours"\n'
    for image in ("/ours/img/cover.png", "/img/cover.png"):
        root = workspace(tmp_path, image, keys)
        assert found(root) == []
        assert 'src="https://example.github.io/ours/img/cover.png"' in email(root)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("/img/Cover2.png", "looked for: ../site/static/img/Cover2.png"),
        ("/../../etc/passwd", "leads out of the site"),
        ("/img/linked.png", "looked for: ../site/static/img/linked.png"),
    ],
)
def test_one_that_is_not_is_told_with_where_it_was_looked_for(tmp_path: Path, image: str, said: str) -> None:
    root = workspace(tmp_path, image)
    secret = write(tmp_path / "secret.png", png())
    (tmp_path / "site/static/img/linked.png").symlink_to(secret)
    [finding] = found(root)
    assert (finding["level"], said in finding["suggestion"]) == ("warning", True), finding


def test_one_that_nl_publish_will_put_there_is_not_missing(tmp_path: Path) -> None:
    root = workspace(tmp_path, "/img/newsletter1/images/room.png", SITE + 'profile = "hugo-static"\n')
    assert len(found(root)) == 1
    write(root / "sections/001/images/room.png", png())
    assert found(root) == []


def test_without_a_site_nothing_is_known_of_it(tmp_path: Path) -> None:
    root = workspace(tmp_path, "/img/none.png", SITE.partition("\n[site]")[0])
    assert found(root) == []
    assert "none.png" not in email(root)


def test_a_site_that_is_not_here_says_nothing(tmp_path: Path) -> None:
    root = workspace(tmp_path, "/img/none.png", SITE.replace("../site", "../elsewhere"))
    assert found(root) == []
