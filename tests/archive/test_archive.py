"""`nl archive`, from outside: which issues, what their pages hold, what becomes of the folder."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree, html

from tests.archive.issues import BASE, make_newsletter
from tests.inside import Done, call
from tests.pictures import png
from tests.workspaces import tree, write

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def archive(root: Path, *options: str) -> Done:
    return call("archive", *options, cwd=root)


def page(root: Path, name: str) -> html.HtmlElement:
    return html.parse(root / "public" / name, parser=html.HTMLParser(encoding="utf-8")).getroot()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_newsletter(tmp_path)
    return tmp_path


@pytest.fixture
def built(root: Path) -> Path:
    done = archive(root)
    assert done.status == 0, done.err
    return root


class TestWhichIssues:
    def test_those_that_readers_had(self, root: Path) -> None:
        done = archive(root, "--json")
        result = json.loads(done.out)
        assert [one["page"] for one in result["issues"]] == ["issue-1/index.html", "issue-2/index.html"]
        assert [(one["issue"], one["reason"]) for one in result["left_out"]] == [(3, "not-sent")]
        assert result["feed"]
        assert result["changed"]

    def test_what_is_left_out_is_said_with_what_to_do(self, root: Path) -> None:
        done = archive(root)
        assert "Left out, for they were not sent: 3" in done.out
        assert 'under [archive]: also = "3"' in done.out

    def test_what_is_named_and_not_there_is_said_in_a_line(self, root: Path) -> None:
        config = (root / "newsletter.toml").read_text("utf-8")
        assert 'also = "1"' in config
        write(root / "newsletter.toml", config.replace('also = "1"', 'also = "1, 3-9, 12"'))
        told = [line for line in archive(root).out.splitlines() if "archive.also" in line]
        assert told == ["Left out: issue 4-9, 12: archive.also names it, and there is no such issue here"]

    def test_drafts_are_marked_kept_from_search_engines_and_from_the_feed(self, root: Path) -> None:
        assert archive(root, "--drafts").status == 0
        assert "not out yet" in page(root, "issue-3/index.html").text_content()
        assert page(root, "issue-3/index.html").xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert "The third" not in (root / "public/feed.xml").read_text("utf-8")

    def test_where_all_are_drafts_no_page_names_a_feed(self, root: Path) -> None:
        config = (root / "newsletter.toml").read_text("utf-8").replace('also = "1"', "")
        write(root / "newsletter.toml", config)
        (root / "sent/002.toml").unlink()
        assert archive(root, "--drafts").status == 0
        assert not (root / "public/feed.xml").exists()
        assert "feed.xml" not in (root / "public/index.html").read_text("utf-8")

    def test_none_at_all_is_no_archive(self, root: Path) -> None:
        config = (root / "newsletter.toml").read_text("utf-8").replace('also = "1"', "")
        write(root / "newsletter.toml", config)
        (root / "sent/002.toml").unlink()
        done = archive(root)
        assert done.status == 2
        assert "no issue has been sent yet" in done.err
        assert not (root / "public").exists()

    def test_a_number_that_is_not_there_is_named(self, root: Path) -> None:
        write(root / "newsletter.toml", (root / "newsletter.toml").read_text("utf-8").replace('"1"', '"1, 7"'))
        assert "issue 7: archive.also names it" in archive(root).out


class TestPages:
    def test_the_text_as_a_page_has_it(self, built: Path) -> None:
        seen = page(built, "issue-2/index.html")
        assert seen.get("lang") == "en"
        assert next(one.tag for one in seen.iter("header", "nav", "main", "footer")) == "header"
        assert len(list(seen.iter("main"))) == 1
        assert [one.text_content() for one in seen.iter("h1")] == ["The second"]
        assert seen.xpath("//h3[@id='table--code']")
        assert [one.get("href") for one in seen.xpath("//a[text()='above']")] == ["#table--code"]
        assert [one.get("href") for one in seen.xpath("//a[text()='earlier']")] == ["../issue-1/#1-coming-up"]
        (figure,) = seen.iter("figure")
        (image,) = figure.iter("img")
        assert [image.get(name) for name in ("src", "alt", "width", "height")] == [
            "drawing.png", "A drawing", "64", "32"
        ]  # fmt: skip
        assert [one.text for one in figure.iter("figcaption")] == ["Drawn"]
        assert seen.xpath("//pre")[0].text_content() == 'def f(x):\n    return "{{ x }}"\n'
        assert seen.xpath("//pre//span[@class='ck']")
        assert seen.xpath("//a[@id='fnref:1']/@href") == ["#fn:1"]
        assert seen.xpath("//li[@id='fn:1']//a/@href") == ["#fnref:1"]
        assert seen.xpath("//a[@class='permalink']/@href") == ["#1-news"]
        assert seen.xpath("//a[@rel='prev']/@href") == ["../issue-1/"]
        assert not seen.xpath("//script | //*[starts-with(@href, 'javascript:')]")

    def test_what_is_shared_has_title_summary_and_picture(self, built: Path) -> None:
        head = {
            one.get("property"): one.get("content")
            for one in page(built, "issue-2/index.html").xpath("//meta[@property]")
        }
        assert head["og:title"] == "The second"
        assert head["og:description"] == "All of it"
        assert head["og:url"] == f"{BASE}issue-2/"
        assert head["og:image"] == f"{BASE}issue-2/drawing.png"

    def test_every_relative_link_leads_to_a_file(self, built: Path) -> None:
        public = built / "public"
        pages = sorted(public.rglob("*.html"))
        assert len(pages) == 3
        for file in pages:
            address = f"https://x.example/sub/{file.relative_to(public).as_posix()}"
            for found in html.fromstring(file.read_bytes()).xpath("//@href | //@src"):
                split = urlsplit(urljoin(address, found))
                if split.netloc != "x.example":
                    assert found.startswith(("https://", "mailto:")), found
                    continue
                there = public / unquote(split.path).removeprefix("/sub/")
                there = there / "index.html" if split.path.endswith("/") else there
                assert there.is_file(), (file, found)
                if split.fragment and there.suffix == ".html":
                    ids = html.fromstring(there.read_bytes()).xpath("//@id")
                    assert unquote(split.fragment) in ids, (file, found)

    def test_where_the_e_mail_leads_its_readers_they_find_it(self, root: Path) -> None:
        (root / "templates").mkdir()
        (root / "templates/logo.png").write_bytes(png(20, 10))
        config = (root / "newsletter.toml").read_text("utf-8")
        write(root / "newsletter.toml", config + '\n[email]\nlogo = "templates/logo.png"\n')
        assert archive(root).status == 0
        for number in ("1", "2"):
            assert call("assemble", number, "--offline", cwd=root).status == 0
            mail = html.fromstring((root / f"build/00{number}/email.html").read_bytes())
            found = [one for one in mail.xpath("//@href | //@src") if one.startswith(BASE)]
            assert any(one.endswith("masthead/logo.png") for one in found)
            for address in found:
                path, _mark, fragment = unquote(address.removeprefix(BASE)).partition("#")
                there = root / "public" / path / "index.html" if path.endswith("/") else root / "public" / path
                assert there.is_file(), address
                if fragment:
                    assert fragment in html.fromstring(there.read_bytes()).xpath("//@id"), address

    def test_nothing_of_any_reader(self, built: Path) -> None:
        for file in (built / "public").rglob("*"):
            content = file.read_bytes() if file.is_file() else b""
            for word in (b"Dear", b"reader,", b"Ada", b"ada@", b"first_name"):
                assert word not in content, (file, word)
        way_out = page(built, "index.html").xpath("//footer//a[text()='Unsubscribe']/@href")
        assert way_out == ["mailto:desk@example.org?subject=Unsubscribe"]

    def test_only_what_a_page_needs_goes_along(self, built: Path) -> None:
        there = {
            file.relative_to(built / "public").as_posix() for file in (built / "public").rglob("*") if file.is_file()
        }
        assert there == {
            ".nl-archive.json", ".nojekyll", "assets/style.css", "feed.xml", "index.html", "issue-1/agenda.ics",
            "issue-1/index.html", "issue-2/drawing.png", "issue-2/files/sheet.csv", "issue-2/index.html",
        }  # fmt: skip

    def test_two_issues_of_one_slug_and_one_that_is_no_name(self, root: Path) -> None:
        write(root / "sections/001/_issue.md", "---\ntitle: The first\nslug: Issue-2\n---\n")
        done = archive(root)
        assert done.status == 1
        assert "its page would stand where that of issue 1 does" in done.err
        write(root / "sections/001/_issue.md", "---\ntitle: The first\nslug: ../../etc\n---\n")
        done = archive(root)
        assert done.status == 1
        assert "its page cannot be put anywhere" in done.err
        assert not (root.parent / "etc").exists()
        assert not (root.parent.parent / "etc").exists()

    def test_a_template_that_runs_something_is_refused(self, root: Path) -> None:
        write(root / "templates/archive/parts.html.j2", "{% macro event(it) %}\n<script>x</script>\n{% endmacro %}\n")
        done = archive(root)
        assert done.status == 1
        assert "templates/archive/parts.html.j2:2: the template holds <script>" in done.err
        assert not (root / "public").exists()

    def test_templates_that_no_page_uses_are_named(self, root: Path) -> None:
        for name in ("isue.html.j2", "style.css", "line.html.j2"):
            write(root / "templates/archive" / name, "x\n")
        write(root / "templates/archive/entry.html.j2", '{% include "line.html.j2" %}\n')
        done = archive(root)
        told = [line for line in done.out.splitlines() if "no template of the archive" in line]
        assert [line.partition(":")[0].rpartition("/")[2] for line in told] == ["isue.html.j2", "style.css"]
        assert json.loads(archive(root, "--json").out)["unread_templates"] == [
            "templates/archive/isue.html.j2", "templates/archive/style.css",
        ]  # fmt: skip


class TestFeed:
    def test_it_is_what_the_standard_says(self, built: Path) -> None:
        feed = etree.parse(built / "public/feed.xml")
        schema = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
        schema.assertValid(feed)
        assert feed.xpath("/a:feed/a:id/text()", namespaces=ATOM) == [BASE]
        assert feed.xpath("//a:entry/a:id/text()", namespaces=ATOM) == [f"{BASE}issue-2/", f"{BASE}issue-1/"]
        assert feed.xpath("/a:feed/a:updated/text()", namespaces=ATOM) == ["2026-07-02T08:30:00+00:00"]
        content = feed.xpath("//a:entry[1]/a:content[@type='html']/text()", namespaces=ATOM)[0]
        shown = html.fromstring(content)
        for address in shown.xpath("//@href | //@src"):
            assert urlsplit(address).scheme, address
        assert shown.xpath("//img/@src") == [f"{BASE}issue-2/drawing.png"]
        assert "At the foot." in shown.text_content()

    def test_ids_stay_when_the_archive_moves(self, built: Path) -> None:
        before = etree.parse(built / "public/feed.xml").xpath("//a:id/text()", namespaces=ATOM)
        config = (built / "newsletter.toml").read_text("utf-8")
        moved = config.replace(BASE, "https://new.example.org/").replace("also", f'first_url = "{BASE}"\nalso')
        write(built / "newsletter.toml", moved)
        assert archive(built).status == 0
        feed = etree.parse(built / "public/feed.xml")
        assert feed.xpath("//a:id/text()", namespaces=ATOM) == before
        assert feed.xpath("//a:entry/a:link/@href", namespaces=ATOM)[0] == "https://new.example.org/issue-2/"

    def test_without_an_address_there_is_none_and_that_is_said(self, root: Path) -> None:
        config = (root / "newsletter.toml").read_text("utf-8")
        write(root / "newsletter.toml", config.replace(f'url = "{BASE}"\nsub', "sub"))
        done = archive(root)
        assert "No feed: archive.url" in done.out
        assert not (root / "public/feed.xml").exists()
        assert not page(root, "index.html").xpath("//link[@rel='alternate']")


class TestFolder:
    def test_a_second_run_changes_no_byte(self, built: Path) -> None:
        before = tree(built / "public")
        stamps = {file: file.stat().st_mtime_ns for file in (built / "public").rglob("*")}
        done = archive(built)
        assert "Nothing has changed." in done.out
        assert tree(built / "public") == before
        assert {file: file.stat().st_mtime_ns for file in (built / "public").rglob("*")} == stamps
        again = built / "again"
        assert archive(built, "--output", str(again)).status == 0
        assert tree(again) == before

    def test_a_dry_run_says_the_same_and_writes_nothing(self, root: Path) -> None:
        before = tree(root)
        done = archive(root, "--dry-run")
        assert "to be written: issue-2/index.html" in done.out
        assert tree(root) == before

    def test_what_is_not_its_own_stays(self, built: Path) -> None:
        public = built / "public"
        write(public / "CNAME", "letter.example.org\n")
        write(public / "issue-1/ours.txt", "ours\n")
        write(public / "issue-2/index.html", "changed by hand\n")
        write(public / "issue-3/index.html", "foreign\n")
        (built / "sections/001/_issue.md").unlink()
        config = (built / "newsletter.toml").read_text("utf-8").replace('also = "1"', 'also = "3"')
        write(built / "newsletter.toml", config)
        done = archive(built)
        assert done.status == 1
        assert "issue-2/index.html" in done.err
        assert "issue-3/index.html" in done.err
        assert (public / "issue-2/index.html").read_text("utf-8") == "changed by hand\n"
        assert (public / "issue-3/index.html").read_text("utf-8") == "foreign\n"
        assert (public / "CNAME").exists()
        # Issue 1 is not in the archive any more: its page goes, and what else lies there does not.
        assert [path.name for path in (public / "issue-1").iterdir()] == ["ours.txt"]

    def test_an_issue_that_cannot_be_read_any_more_keeps_its_page(self, built: Path) -> None:
        before = (built / "public/issue-2/index.html").read_bytes()
        write(built / "sections/002/news.md", "---\nstatus: [\n---\n")
        done = archive(built)
        assert done.status == 1
        assert "sections/002/news.md" in done.err
        assert "Pages that stay as they were: 2" in done.out
        assert (built / "public/issue-2/index.html").read_bytes() == before
        assert "The second" in page(built, "index.html").text_content()
        assert page(built, "issue-1/index.html").xpath("//a[@rel='next']/@href") == ["../issue-2/"]

    def test_line_ends_that_git_changed_are_no_change(self, built: Path) -> None:
        style = built / "public/assets/style.css"
        style.write_bytes(style.read_bytes().replace(b"\n", b"\r\n"))
        assert "Nothing has changed." in archive(built).out

    @pytest.mark.parametrize("writes", [1, 2, 3])
    def test_killed_runs_are_taken_up(self, built: Path, writes: int) -> None:
        from newsletter_cli.base.files import write_file
        from newsletter_cli.flows.archiving import archive as flow
        from newsletter_cli.workspace.folder import open_workspace

        for word in ("new", "newer"):
            write(built / "sections/002/news.md", f"---\nstatus: ready\n---\n\nAll is {word}.\n")
            planned = flow.plan_archive(open_workspace(built))
            left = iter(range(writes))

            def dying(path: Path, content: bytes, *, is_lasting: bool, left: Iterator[int] = left) -> None:
                if next(left, None) is None:
                    raise KeyboardInterrupt
                write_file(path, content, is_lasting=is_lasting)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("newsletter_cli.flows.archiving.folder.write_file", dying)
                with pytest.raises(KeyboardInterrupt):
                    flow.write_archive(open_workspace(built), planned)
        # And the issue changes once more before the next run.
        write(built / "sections/002/news.md", "---\nstatus: ready\n---\n\nAll is newest.\n")
        done = archive(built)
        assert done.status == 0, done.err
        assert "All is newest." in page(built, "issue-2/index.html").text_content()

    @pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
    @pytest.mark.parametrize("name", ["../victim.txt", "/etc/hostname", "way/victim.txt"])
    def test_a_record_from_anybody_takes_nothing_away(self, built: Path, name: str) -> None:
        from newsletter_cli.flows.archiving.record import digest_of

        victim = built / "victim.txt"
        write(victim, "here\n")
        (built / "public/way").symlink_to(built, target_is_directory=True)
        record = built / "public/.nl-archive.json"
        data = json.loads(record.read_text("utf-8"))
        data["files"][name] = digest_of(b"here\n")
        write(record, json.dumps(data))
        archive(built)
        assert victim.exists()

    def test_a_broken_record_is_told(self, built: Path) -> None:
        write(built / "public/.nl-archive.json", "{")
        done = archive(built)
        assert done.status == 2
        assert "public/.nl-archive.json" in done.err

    def test_hundreds_of_issues(self, root: Path) -> None:
        for number in range(10, 40):
            write(
                root / f"sections/{number:03}/_issue.md",
                f"---\ntitle: Issue {number}\ndate: 2025-01-{number - 9:02}\n---\nHi.\n",
            )
        config = (root / "newsletter.toml").read_text("utf-8").replace('also = "1"', 'also = "1, 10-39"')
        write(root / "newsletter.toml", config)
        assert archive(root).status == 0
        entries = etree.parse(root / "public/feed.xml").xpath("//a:entry/a:title/text()", namespaces=ATOM)
        assert entries[:3] == ["The second", "The first", "Issue 39"]
        assert len(entries) == 20
        index = [one.text_content() for one in page(root, "index.html").xpath("//h3")]
        assert index[0] == "Issue 39"
        assert len(index) == 32
        assert not re.search(r"\bNone\b", page(root, "index.html").text_content())
