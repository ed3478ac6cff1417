"""`nl publish`: what comes into the site, and what is left alone there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from newsletter_cli.base import files
from tests.flows.publishing.sites import PICTURES, TEXTS, URL, SiteAndLetter
from tests.workspaces import IS_ROOT, write

PAGE = "content/posts/one/index.md"


@pytest.fixture
def letter(tmp_path: Path) -> SiteAndLetter:
    return SiteAndLetter(tmp_path)


def published(letter: SiteAndLetter, *arguments: str, typed: str | None = None) -> str:
    done = letter.nl("publish", "1", *arguments, typed=typed)
    assert done.status == 0, done.err
    return done.out + done.err


def refused(letter: SiteAndLetter, *arguments: str, status: int = 2) -> str:
    before = letter.files
    done = letter.nl("publish", "1", *arguments)
    assert done.status == status, done.out + done.err
    assert letter.files == before
    assert "→" in done.err
    return done.err


def test_the_page_is_the_post_but_for_header_and_addresses(letter: SiteAndLetter) -> None:
    said = published(letter)
    letter.nl("assemble", "1", "--offline")
    post = (letter.root / "build/001/post.md").read_text("utf-8")
    assert letter.files[PAGE].decode() == post.replace("(/team/)", '({{< ref "/team" >}})')
    assert {name: letter.files[f"content/posts/one/{name}"] for name in PICTURES if name != "unseen.png"} == {
        name: content for name, content in PICTURES.items() if name != "unseen.png"
    }
    assert "not published, for nothing shows it: unseen.png" in said
    assert "content/posts/one/unseen.png" not in letter.files
    assert "Read at https://www.example.org/posts/one/" in said


def test_the_e_mail_leads_to_the_page_and_to_its_pictures(tmp_path: Path) -> None:
    letter = SiteAndLetter(tmp_path, profile="hugo-static")
    letter.text("news.md", "---\nauthor: Grace\n---\n![A square](square.png)\n")
    published(letter)
    letter.nl("assemble", "1", "--offline")
    page = (letter.root / "build/001/email.html").read_text("utf-8")
    assert "https://www.example.org/posts/one/" in page
    assert 'src="https://www.example.org/img/one/square.png"' in page
    assert letter.files["static/img/one/square.png"] == PICTURES["square.png"]
    assert b"![A square](/img/one/square.png)" in letter.files["content/posts/2026-06-11-one.md"]
    assert b"images:\n  - /img/one/cover.png\n" in letter.files["content/posts/2026-06-11-one.md"]


def test_the_calendar_comes_with_it(letter: SiteAndLetter) -> None:
    event = "---\nauthor: Ada\nevents:\n  - title: Tea\n    start: 2026-06-18T16:00\n---\nCome.\n"
    letter.text("agenda.md", event)
    published(letter)
    letter.nl("assemble", "1", "--offline")
    assert letter.files["content/posts/one/agenda.ics"] == (letter.root / "build/001/agenda.ics").read_bytes()


def test_a_dry_run_shows_the_same_and_writes_nothing(letter: SiteAndLetter) -> None:
    before = letter.files
    shown = published(letter, "--dry-run")
    assert letter.files == before
    assert not (letter.root / "sections/001/_site.toml").exists()
    assert "+Hello, see" in shown
    assert "Nothing was written." in shown


def test_a_new_file_is_one_line_once_it_is_written(letter: SiteAndLetter) -> None:
    said = published(letter)
    assert f"+ {PAGE}  " in said
    assert "+ content/posts/one/square.png  " in said
    assert "Hello, see" not in said
    letter.text("_issue.md", TEXTS["_issue.md"].replace("Hello", "Good day"))
    said = published(letter)
    assert "-Hello, see" in said
    assert "+Good day, see" in said


@pytest.mark.parametrize(
    ("profile", "sign", "setting", "option"),
    [
        ("hugo", "hugo.toml", "", "--buildFuture"),
        ("hugo", "hugo.toml", "buildFuture = true\n", ""),
        ("hugo-static", "hugo.yaml", "buildfuture: true\n", ""),
        ("jekyll", "_config.yml", "", "--future"),
        ("jekyll", "_config.yml", "future: true\n", ""),
        ("pelican", "pelicanconf.py", "", ""),
    ],
)
def test_a_date_to_come_is_told_where_the_site_waits_for_it(
    tmp_path: Path, profile: str, sign: str, setting: str, option: str
) -> None:
    letter = SiteAndLetter(tmp_path, profile=profile, sign=sign)
    write(letter.site / sign, setting)
    assert "still to come" not in published(letter)
    letter.text("_issue.md", TEXTS["_issue.md"].replace("2026-06-11", "2999-06-11T10:00"))
    said = published(letter)
    assert ("date is still to come (2999-06-11 10:00)" in said) == bool(option)
    assert option in said


def test_another_address_than_the_site_s_own_is_told(tmp_path: Path) -> None:
    letter = SiteAndLetter(tmp_path)
    config = (letter.root / "newsletter.toml").read_text("utf-8")
    assert "the e-mail leads to" not in published(letter)
    write(letter.root / "newsletter.toml", config + f'\n[post]\nurl = "{URL}letters/{{slug}}/"\n')
    assert f"the e-mail leads to {URL}letters/one/, but such a site shows the page at {URL}posts/one/" in published(
        letter
    )
    archive = f'\n[post]\nurl = "{URL}letters/{{slug}}/"\n\n[archive]\nurl = "{URL}letters"\n'
    write(letter.root / "newsletter.toml", config + archive)
    assert "the e-mail leads to" not in published(letter)
    told = config.replace("[site]\n", '[site]\npage_url = "letters/{slug}/"\n')
    write(letter.root / "newsletter.toml", told + f'\n[post]\nurl = "{URL}letters/{{slug}}/"\n')
    assert "the e-mail leads to" not in published(letter)


def test_for_scripts(letter: SiteAndLetter) -> None:
    expected = {
        "issue": 1,
        "site": os.path.realpath(letter.site),
        "files": [PAGE, *(f"content/posts/one/{name}" for name in ("cover.png", "minutes.pdf", "square.png"))],
    }
    assert json.loads(letter.nl("publish", "1", "--json").out) == {**expected, "changed": True}
    assert json.loads(letter.nl("publish", "1", "--json").out) == {**expected, "changed": False}


def test_what_nl_wrote_is_written_anew(letter: SiteAndLetter) -> None:
    published(letter)
    letter.text("news.md", "---\nauthor: Grace\n---\n![A square](square.png) alone.\n")
    write(letter.root / "sections/001/square.png", PICTURES["cover.png"])
    said = published(letter)
    assert "-![A square](square.png) and [the minutes](minutes.pdf)." in said
    assert b"alone." in letter.files[PAGE]
    assert letter.files["content/posts/one/square.png"] == PICTURES["cover.png"]
    assert "minutes.pdf: published before, and no more part of the issue" in said
    # Named as long as it is there.
    assert "minutes.pdf: published before" in published(letter)


def test_at_a_terminal_it_asks_before_it_replaces(letter: SiteAndLetter) -> None:
    published(letter)
    letter.text("news.md", "---\nauthor: Grace\n---\nOther words.\n")
    before = letter.files
    assert "Nothing was changed." in published(letter, typed="n\n")
    assert letter.files == before
    published(letter, typed="y\n")
    assert b"Other words." in letter.files[PAGE]


def test_what_somebody_changed_is_refused_with_the_difference(letter: SiteAndLetter) -> None:
    published(letter)
    write(letter.site / PAGE, letter.files[PAGE].replace(b"Hello", b"Good day"))
    said = refused(letter)
    assert "somebody has changed this in the site since it was published" in said
    assert "-Good day, see" in said
    assert "+Hello, see" in said
    published(letter, "--replace")
    assert b"Hello, see" in letter.files[PAGE]


def test_what_nl_never_wrote_is_refused(letter: SiteAndLetter) -> None:
    write(letter.site / "content/posts/one/cover.png", PICTURES["square.png"])
    assert "this is in the site already, and nl did not write it" in refused(letter)


def test_line_ends_of_a_checkout_are_no_change(letter: SiteAndLetter) -> None:
    published(letter)
    write(letter.site / PAGE, letter.files[PAGE].replace(b"\n", b"\r\n"))
    assert "the site ../site has it already" in published(letter)
    letter.text("news.md", "---\nauthor: Grace\n---\nOther words.\n")
    published(letter)


def test_a_run_that_was_stopped_is_taken_up(letter: SiteAndLetter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped behind any file: the next run, with other texts, knows those that were written already."""
    whole = files.write_file
    for count in range(4):
        letter.text("news.md", f"---\nauthor: Grace\n---\n![A square](square.png) [m](minutes.pdf) {count}\n")
        left = [count]

        def write_some(path: Path, content: bytes, left: list[int] = left) -> None:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            whole(path, content)

        monkeypatch.setattr("newsletter_cli.flows.publishing.writing.write_file", write_some)
        letter.nl("publish", "1")
        monkeypatch.setattr("newsletter_cli.flows.publishing.writing.write_file", whole)
    published(letter)
    assert b" 3\n" in letter.files[PAGE]


def test_another_slug_leaves_the_former_page_and_says_so(letter: SiteAndLetter) -> None:
    published(letter)
    text = (letter.root / "sections/001/_issue.md").read_text("utf-8")
    letter.text("_issue.md", text.replace("slug: one", "slug: two"))
    assert f"../site/{PAGE}: published before, and no more part of the issue" in published(letter)


def test_a_link_to_another_issue_leads_to_its_page(tmp_path: Path) -> None:
    letter = SiteAndLetter(tmp_path, profile="hugo-static")
    published(letter)
    write(
        letter.root / "sections/002/_issue.md",
        '---\ntitle: "#2"\nslug: two\ndate: 2026-07-09\n---\n[Last](/posts/one/)\n',
    )
    assert letter.nl("publish", "2").status == 0
    assert b'[Last]({{< ref "/posts/2026-06-11-one" >}})' in letter.files["content/posts/2026-07-09-two.md"]


def test_faults_stop_it_unless_they_are_accepted(letter: SiteAndLetter) -> None:
    letter.text("news.md", "---\nauthor: Grace\n---\nA [link]() to nowhere.\n")
    said = refused(letter, status=1)
    assert "issue 1 was not published" in said
    published(letter, "--accept", "link-empty")


def test_an_issue_without_a_date_has_no_place_in_some_sites(tmp_path: Path) -> None:
    letter = SiteAndLetter(tmp_path, profile="jekyll", sign="_config.yml")
    letter.text("_issue.md", "---\ntitle: One\nslug: one\n---\nHello.\n")
    assert "the issue has no date" in refused(letter, "--accept", "date-missing", status=1)


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("../../escape", "this leads out of the site"),
        (".github/x", "is hidden"),
        ("con", "on Windows"),
        ("a:b", "on Windows"),
        ("end.", "on Windows"),
    ],
)
def test_a_slug_that_no_site_can_have(letter: SiteAndLetter, slug: str, reason: str) -> None:
    text = (letter.root / "sections/001/_issue.md").read_text("utf-8")
    letter.text("_issue.md", text.replace("slug: one", f'slug: "{slug}"'))
    assert reason in refused(letter, status=1)


def test_something_that_differs_in_capitals_alone(letter: SiteAndLetter) -> None:
    write(letter.site / "content/Posts/other.md", "---\ntitle: x\n---\n")
    assert "Posts is there, which Windows and macOS take for the same as posts" in refused(letter, status=1)


def test_pictures_that_differ_in_capitals_alone(letter: SiteAndLetter) -> None:
    write(letter.root / "sections/001/Square.PNG", PICTURES["square.png"])
    letter.text("news.md", "---\nauthor: Grace\n---\n![A](square.png) ![B](Square.PNG)\n")
    assert "are the same file to Windows and macOS" in refused(letter, status=1)


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("link", ["content", "content/posts", "content/posts/one", PAGE])
def test_nothing_is_written_through_a_link(letter: SiteAndLetter, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    path = letter.site / link
    if path.is_dir():
        path.rename(tmp_path / "moved")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(outside / "x.md" if link == PAGE else outside)
    assert "is a link, and nothing is written through it" in refused(letter, status=1)
    assert list(outside.iterdir()) == []


def test_a_file_where_a_folder_would_be(letter: SiteAndLetter) -> None:
    write(letter.site / "content/posts", "a file")
    assert "is a file, where a folder would be" in refused(letter, status=1)
    (letter.site / "content/posts").unlink()
    (letter.site / PAGE).mkdir(parents=True)
    assert "a folder is where the file would be" in refused(letter, status=1)


@pytest.mark.skipif(IS_ROOT or os.name != "posix", reason="root may write anywhere")
def test_a_site_that_may_not_be_written(letter: SiteAndLetter) -> None:
    letter.site.chmod(0o500)
    try:
        refused(letter)
    finally:
        letter.site.chmod(0o700)


@pytest.mark.parametrize(
    ("name", "setting", "is_told"),
    [
        ("hugo.toml", "baseURL = 'x'\n", True),
        ("hugo.toml", "[markup.goldmark.renderer]\nunsafe = false\n", True),
        ("hugo.toml", "[markup.goldmark.renderer]\nunsafe = true\n", False),
        ("config/_default/markup.yaml", "goldmark:\n  renderer:\n    unsafe: true\n", False),
        ("config.json", '{"markup": {"goldmark": {"renderer": {"unsafe": true}}}}', False),
    ],
)
def test_raw_html_that_the_site_would_leave_out(tmp_path: Path, name: str, setting: str, is_told: bool) -> None:
    letter = SiteAndLetter(tmp_path)
    write(letter.site / name, setting)
    assert "leaves out raw HTML" not in published(letter)
    letter.text("news.md", '---\nauthor: Grace\n---\n<!-- a note -->\n<img src="square.png" alt="A square">\n')
    assert ('leaves out raw HTML, such as <img src="square.png"' in published(letter)) == is_told


def test_how_far_it_is_tells_of_the_site(letter: SiteAndLetter) -> None:
    """`nl status` names what is left to be published, or published anew; it asks nobody and runs nothing."""
    assert "The site does not have it yet: nl publish 1" in letter.nl("status", "1").out
    published(letter)
    assert "The site" not in letter.nl("status", "1").out
    letter.text("news.md", "---\nauthor: Grace\n---\nOther words.\n")
    assert "The site has it as it was before: nl publish 1" in letter.nl("status", "1").out
    assert f"before: nl -C {letter.root} publish 1" in letter.nl("-C", str(letter.root), "status", "1").out
    assert json.loads(letter.nl("status", "1", "--json").out)["published"] == {"page": PAGE, "current": False}


def test_a_folder_that_is_no_such_site_is_told(tmp_path: Path) -> None:
    letter = SiteAndLetter(tmp_path, sign="README.md")
    assert "does not look like such a site (hugo)" in published(letter)


def test_the_newsletter_s_own_folders_are_no_pages(tmp_path: Path) -> None:
    letter = SiteAndLetter(tmp_path, site='page = "letter/sections/{slug}.md"\nfile_link = "/x/{name}"\n')
    config = (letter.root / "newsletter.toml").read_text("utf-8")
    write(letter.root / "newsletter.toml", config.replace('folder = "../site"', 'folder = ".."'))
    assert "among the newsletter’s own files" in refused(letter)


def test_a_page_whose_pictures_lie_elsewhere_needs_a_way_to_them(tmp_path: Path) -> None:
    letter = SiteAndLetter(tmp_path, site='page = "content/letters/{slug}.md"\n')
    assert "a name alone does not lead there" in refused(letter)


def test_a_record_that_nl_did_not_write(letter: SiteAndLetter) -> None:
    write(letter.root / "sections/001/_site.toml", "page = 3\n")
    assert "sections/001/_site.toml" in refused(letter, status=1)


class TestTrust:
    """A folder outside the repository of the workspace, which its configuration names."""

    def test_it_is_not_written_to_before_somebody_trusts_it(self, letter: SiteAndLetter) -> None:
        from tests.inside import call

        env = {"NL_CONFIG_DIR": str(letter.root.parent / "config")}
        before = letter.files
        done = call("publish", "1", cwd=letter.root, env=env)
        assert done.status == 2
        assert "site.folder names a folder outside this repository that you have not trusted" in done.err
        assert letter.files == before
        assert call("trust", "--yes", cwd=letter.root, env=env).status == 0
        assert call("publish", "1", cwd=letter.root, env=env).status == 0
        config = (letter.root / "newsletter.toml").read_text("utf-8")
        write(letter.root / "newsletter.toml", config.replace("../site", "../other"))
        (letter.root.parent / "other").mkdir()
        assert call("publish", "1", cwd=letter.root, env=env).status == 2

    def test_at_a_terminal_it_is_asked_for(self, letter: SiteAndLetter) -> None:
        from tests.inside import call

        env = {"NL_CONFIG_DIR": str(letter.root.parent / "config")}
        done = call("publish", "1", cwd=letter.root, env=env, typed="n\n")
        assert done.status == 2
        assert PAGE not in letter.files
        assert call("publish", "1", cwd=letter.root, env=env, typed="y\n").status == 0

    def test_the_repository_around_the_workspace_needs_none(self, letter: SiteAndLetter) -> None:
        from tests.inside import call

        (letter.root.parent / ".git").mkdir()
        done = call("publish", "1", cwd=letter.root, env={"NL_CONFIG_DIR": str(letter.root.parent / "config")})
        assert done.status == 0, done.err


def test_a_slug_is_one_in_page_address_and_header(letter: SiteAndLetter) -> None:
    text = (letter.root / "sections/001/_issue.md").read_text("utf-8")
    letter.text(
        "_issue.md", text.replace("slug: one", "slug: L’été  à Paris").replace("/team/", "/posts/l’été-à-paris/")
    )
    said = published(letter)
    page = letter.files["content/posts/l’été-à-paris/index.md"].decode()
    assert "slug: l’été-à-paris\n" in page
    assert '[the team]({{< ref "/posts/l’été-à-paris" >}})' in page
    assert "Read at https://www.example.org/posts/l%E2%80%99%C3%A9t%C3%A9-%C3%A0-paris/" in said
    assert "the site may write the slug “l’été-à-paris” otherwise" in said
    assert "the site ../site has it already" in published(letter)


def test_a_folder_typed_on_windows(letter: SiteAndLetter) -> None:
    config = (letter.root / "newsletter.toml").read_text("utf-8")
    config = config.replace('folder = "../site"', "folder = '..\\site'").replace("\n", "\r\n")
    write(letter.root / "newsletter.toml", config)
    published(letter)
    assert PAGE in letter.files


@pytest.mark.parametrize("more", [(), ("--replace",), ("--dry-run",)])
def test_an_issue_never_takes_the_place_of_another_one(letter: SiteAndLetter, more: tuple[str, ...]) -> None:
    published(letter)
    write(letter.root / "sections/002/_issue.md", TEXTS["_issue.md"].replace("images: [cover.png]\n", ""))
    write(letter.root / "sections/002/news.md", "---\nauthor: Grace\n---\nOther news.\n")
    before = letter.files
    done = letter.nl("publish", "2", *more)
    assert done.status != 0, done.out
    assert "issue 2 would take the place of issue 1, which was published there" in done.err
    assert "another slug" in done.err
    assert "--replace" not in done.err
    assert letter.files == before
    # The first one is published again as ever.
    assert letter.nl("publish", "1").status == 0


def test_mark_up_that_nl_does_not_understand_is_told(letter: SiteAndLetter) -> None:
    letter.text("news.md", "---\nauthor: Grace\n---\nSee {{< timeline year=2026 >}} for more.\n")
    said = published(letter)
    assert "news.md:4: “{{< timeline year=2026 >}}” is mark-up of another program" in said


def test_a_file_is_no_site(letter: SiteAndLetter) -> None:
    write(letter.root / "notes.txt", "x")
    assert "notes.txt is a file, not a folder" in refused(letter, "--site", "notes.txt")
