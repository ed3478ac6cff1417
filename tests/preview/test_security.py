"""Nobody but the page on this machine gets anything, and the page nothing that is not for readers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.preview.security import ACTS, HEADERS, is_foreign, is_own_host, new_token, split_path, view_policy
from newsletter_cli.preview.server import servable
from newsletter_cli.preview.snapshot import Snapshot, take_snapshot
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.pictures import png
from tests.preview.asking import HOST, PORT, Asking, opened
from tests.preview.conftest import CONFIG, FIRST, SECOND
from tests.workspaces import ROOT, make_workspace, write

posix = pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
SECRET = "nobody@example.org"
EVERYTHING = [
    "",
    "state",
    "events",
    "page/style.css",
    "view/2/email",
    "files/2/chart.png",
    "clients/2",
    "clients/2/gmail",
]


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """One preview for all tests that change nothing."""
    workspace = make_workspace(tmp_path_factory.mktemp("guarded") / "ws", CONFIG, {1: FIRST, 2: SECOND})
    shutil.copyfile(ROOT / "sections/001/images/ocr.png", workspace.root / "sections/002/chart.png")
    write(workspace.root / "list.csv", f"email\n{SECRET}\n")
    write(workspace.root / "state/ledger.txt", SECRET)
    write(workspace.root / "build/002/email.html", SECRET)
    write(workspace.root / "sections/001/first.png", b"\x89PNG of the first issue")
    write(workspace.root.parent / "outside.png", SECRET)
    with opened(workspace) as asking:
        yield asking


class TestHost:
    @pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}"])
    def test_this_machine_by_its_names(self, asking: Asking, host: str) -> None:
        assert asking.ask_raw(f"/{asking.preview.token}/state", hosts=(host,)).status == 200

    @pytest.mark.parametrize(
        "hosts",
        [
            ("rebound.example.org",),
            (f"rebound.example.org:{PORT}",),
            (f"127.0.0.1.example.org:{PORT}",),
            (f"localhost.example.org:{PORT}",),
            ("127.0.0.1",),
            ("localhost",),
            (f"127.0.0.1:{PORT + 1}",),
            (f"0.0.0.0:{PORT}",),
            (f"127.0.0.2:{PORT}",),
            (f"[::1]:{PORT}",),
            (f"user@127.0.0.1:{PORT}",),
            (f"127.0.0.1:{PORT}, example.org",),
            (f" 127.0.0.1:{PORT}",),
            ("",),
            (),
            (HOST, "rebound.example.org"),
            (HOST, HOST),
        ],
    )
    @pytest.mark.parametrize("path", EVERYTHING)
    def test_any_other_is_refused_even_with_the_token(self, asking: Asking, hosts: tuple[str, ...], path: str) -> None:
        answer = asking.ask_raw(f"/{asking.preview.token}/{path}", hosts=hosts)
        assert (answer.status, answer.body) == (421, b"")

    def test_without_a_port_only_where_http_has_none(self) -> None:
        assert is_own_host(["localhost"], 80)
        assert not is_own_host(["localhost"], 8080)


class TestToken:
    def test_it_is_long_and_new_each_time(self, workspace: Workspace) -> None:
        tokens = {new_token() for _n in range(50)}
        assert len(tokens) == 50
        assert all(len(token) >= 43 for token in tokens)

    @pytest.mark.parametrize("path", EVERYTHING)
    def test_without_it_nothing_exists(self, asking: Asking, path: str) -> None:
        token = asking.preview.token
        for wrong in ("", "x", token[:-1], token + "x", token.swapcase(), token[::-1], f"{token}%00", "é", "%c3%a9"):
            for target in (f"/{wrong}/{path}", f"/{path}", f"/{path}?token={token}"):
                answer = asking.ask_raw(target.encode().decode("latin-1"))
                assert (answer.status, answer.body) == (404, b""), target

    def test_the_address_without_its_slash_leads_to_the_page(self, asking: Asking) -> None:
        answer = asking.ask_raw(f"/{asking.preview.token}")
        assert (answer.status, answer.headers["location"]) == (307, f"/{asking.preview.token}/")

    def test_it_is_in_no_answer_that_somebody_without_it_gets(self, asking: Asking) -> None:
        for target in ("/", "/state", "*", "/%"):
            answer = asking.ask_raw(target)
            assert asking.preview.token not in f"{answer.headers}{answer.text}"


class TestMethods:
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
    @pytest.mark.parametrize("path", EVERYTHING)
    def test_only_get_and_head(self, asking: Asking, method: str, path: str) -> None:
        answer = asking.ask(path, method)
        assert (answer.status, answer.body, answer.headers["allow"]) == (405, b"", "GET, HEAD")

    @pytest.mark.parametrize("path", [path for path in EVERYTHING if path != "events"])
    def test_head_is_get_without_its_body(self, asking: Asking, path: str) -> None:
        head, get = asking.ask(path, "HEAD"), asking.ask(path)
        assert head.status == get.status == 200
        assert head.headers["content-type"] == get.headers["content-type"]

    def test_head_of_the_events_ends(self, asking: Asking) -> None:
        assert asking.ask("events", "HEAD").headers["content-type"].startswith("text/event-stream")


class TestOtherSites:
    @pytest.mark.parametrize("path", [path for path in EVERYTHING if path])
    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://example.org"},
            {"origin": "null"},
            {"origin": f"https://127.0.0.1:{PORT}"},
            {"origin": f"http://127.0.0.1:{PORT + 1}"},
            {"origin": ""},
            {"sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "same-site"},
            {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"},
            {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"},
            {"sec_fetch_site": "something-new"},
        ],
    )
    def test_what_they_ask_for_is_refused(self, asking: Asking, path: str, headers: dict[str, str]) -> None:
        answer = asking.ask(path, **headers)
        assert (answer.status, answer.body) == (403, b"")

    def test_a_link_elsewhere_may_lead_to_the_page(self, asking: Asking) -> None:
        visit = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
        assert asking.ask("", **visit).status == 200
        assert asking.ask("", **visit | {"sec_fetch_dest": "iframe"}).status == 403
        assert asking.ask("", **visit | {"origin": "https://example.org"}).status == 403

    @pytest.mark.parametrize("site", ["same-origin", "none"])
    def test_its_own_page_and_the_address_bar_may_ask(self, site: str) -> None:
        assert not is_foreign({"sec-fetch-site": site, "origin": f"http://localhost:{PORT}"}, PORT, is_page=False)

    def test_no_answer_lets_another_site_read_it(self, asking: Asking) -> None:
        for path in EVERYTHING:
            if path != "events":
                assert not [name for name in asking.ask(path).headers if name.startswith("access-control")]


class TestActs:
    """What changes a file is asked for by the page itself, and by nobody else."""

    WISH = MappingProxyType({"issue": 2, "finding": "x", "proposal": 0})

    @pytest.mark.parametrize("act", sorted(ACTS))
    def test_the_page_itself_is_heard(self, asking: Asking, act: str) -> None:
        assert asking.post(act, dict(self.WISH)).status == 409
        assert asking.post(act, dict(self.WISH), origin=f"http://localhost:{PORT}", sec_fetch_site="").status == 409

    @pytest.mark.parametrize("act", sorted(ACTS))
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"origin": ""}, 403),
            ({"origin": "null"}, 403),
            ({"origin": "https://example.org"}, 403),
            ({"origin": f"https://{HOST}"}, 403),
            ({"origin": f"http://127.0.0.1:{PORT + 1}"}, 403),
            ({"sec_fetch_site": "cross-site"}, 403),
            ({"sec_fetch_site": "same-site"}, 403),
            ({"sec_fetch_site": "none"}, 403),
            ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}, 403),
            # What a form of another site can send without asking first.
            ({"content_type": ""}, 415),
            ({"content_type": "text/plain"}, 415),
            ({"content_type": "application/x-www-form-urlencoded"}, 415),
            ({"content_type": "text/plain; application/json"}, 415),
            ({"content_length": ""}, 413),
            ({"content_length": "2001"}, 413),
            ({"content_length": "-1"}, 413),
        ],
    )
    def test_nobody_else_is(self, asking: Asking, act: str, headers: dict[str, str], status: int) -> None:
        answer = asking.post(act, dict(self.WISH), **headers)
        assert (answer.status, answer.body) == (status, b"")

    @pytest.mark.parametrize("act", sorted(ACTS))
    def test_a_link_changes_nothing(self, asking: Asking, act: str) -> None:
        for method in ("GET", "HEAD"):
            answer = asking.ask(act, method)
            assert (answer.status, answer.headers["allow"]) == (405, "POST")
        for method in ("PUT", "OPTIONS", "DELETE"):
            assert asking.ask(act, method).status == 405

    def test_nor_does_another_token_another_host_or_a_longer_path(self, asking: Asking) -> None:
        headers = {"origin": f"http://{HOST}", "content-type": "application/json", "content-length": "2"}
        target = f"/{asking.preview.token}/undo"
        assert asking.ask_raw(f"/{new_token()}/undo", "POST", headers, body=b"{}").status == 404
        assert asking.ask_raw(target, "POST", headers, hosts=("example.org",), body=b"{}").status == 421
        assert asking.ask_raw(f"{target}/", "POST", headers, body=b"{}").status == 405
        assert asking.ask_raw(target, "POST", headers, body=b"{}").status == 400


class TestHeaders:
    def answers(self, asking: Asking) -> Iterator[tuple[str, Mapping[str, str]]]:
        for path in EVERYTHING:
            if path != "events":
                yield path, asking.ask(path).headers
        yield "404", asking.ask("nothing").headers
        yield "404 in an issue", asking.ask("files/2/nothing.png").headers
        yield "token", asking.ask_raw("/").headers
        yield "host", asking.ask_raw("/", hosts=("example.org",)).headers
        yield "method", asking.ask("", "POST").headers
        yield "foreign", asking.ask("state", origin="null").headers
        yield "slash", asking.ask_raw(f"/{asking.preview.token}").headers
        yield "HEAD", asking.ask("events", "HEAD").headers

    def test_they_are_on_every_answer(self, asking: Asking) -> None:
        for name, headers in self.answers(asking):
            assert headers.keys() >= HEADERS.keys(), name
            assert "default-src 'none'" in headers["content-security-policy"], name
            assert headers["x-content-type-options"] == "nosniff", name
            assert headers["referrer-policy"] == "no-referrer", name
            assert "no-store" in headers["cache-control"], name

    def test_also_where_something_unexpected_happens(self, workspace: Workspace) -> None:
        unexpected: list[BaseException] = []
        with opened(workspace) as asking:
            asking.app._on_unexpected = unexpected.append  # type: ignore[attr-defined]
            asking.preview.people.state = None  # type: ignore[assignment, method-assign]
            answer = asking.ask("state")
        assert (answer.status, answer.body) == (500, b"")
        assert answer.headers.keys() >= HEADERS.keys()
        assert [type(error) for error in unexpected] == [TypeError]

    def test_a_rendering_may_run_nothing_and_load_its_own_images_only(self, asking: Asking) -> None:
        folder = f"http://{HOST}/{asking.preview.token}/files/2/"
        policy = directives(asking.ask("view/2/email").headers["content-security-policy"])
        assert policy["default-src"] == ["'none'"]
        assert policy["img-src"] == [folder]
        assert policy["sandbox"] == ["allow-same-origin"]
        assert policy["frame-ancestors"] == ["'self'"]
        assert "script-src" not in policy
        assert "connect-src" not in policy
        remote = directives(asking.ask("view/2/email?remote=1").headers["content-security-policy"])
        assert remote["img-src"] == [folder, "https:", "http:"]
        off = directives(asking.ask("view/2/images-off?remote=1").headers["content-security-policy"])
        assert off["img-src"] == ["'none'"]

    def test_the_page_runs_its_own_scripts_only_and_is_in_nobodys_frame(self, asking: Asking) -> None:
        policy = directives(asking.ask().headers["content-security-policy"])
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
        assert policy["frame-ancestors"] == policy["default-src"] == ["'none'"]
        assert "unsafe" not in asking.ask().headers["content-security-policy"]

    def test_scripts_are_allowed_by_no_view(self) -> None:
        for has_images in (True, False):
            for has_remote in (True, False):
                assert "script" not in view_policy("x", has_images=has_images, has_remote=has_remote)


def directives(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "../../list.csv",
            "../../../outside.png",
            "../../state/ledger.txt",
            "../../build/002/email.html",
            "../001/first.png",
            "%2e%2e/%2e%2e/list.csv",
            "%2E%2E%2F%2E%2E%2Flist.csv",
            "..%2f..%2flist.csv",
            "%252e%252e/%252e%252e/list.csv",
            "..%5c..%5clist.csv",
            "..\\..\\list.csv",
            "./chart.png",
            "%2e/chart.png",
            "a/../chart.png",
            "chart.png/",
            "chart.png/..",
            "chart.png%00",
            "chart.png%00.png",
            "%00",
            "chart.png%0a",
            "chart.png%7f",
            "%c0%ae%c0%ae/%c0%ae%c0%ae/list.csv",
            "%c0%af..%c0%aflist.csv",
            "%e0%80%ae%e0%80%ae/list.csv",
            "%ff",
            "%ed%a0%80",
            "%",
            "%zz",
            "/etc/passwd",
            "//etc/passwd",
            "%2fetc%2fpasswd",
            "C:/Windows/win.ini",
            "C%3a%5cWindows%5cwin.ini",
            "%5c%5cserver%5cshare",
            "file:///etc/passwd",
            "~/list.csv",
            "_issue.md",
            "news.md",
            "agenda.md",
            "news.md::$DATA",
            "CHART.PNG.",
            "chart.png ",
            "",
            ".",
            "..",
        ],
    )
    def test_nothing_but_the_files_of_the_issue(self, asking: Asking, path: str) -> None:
        for prefix in ("files/2/", "files/002/", "view/2/", "page/", ""):
            answer = asking.ask(prefix + path)
            if prefix + path in ("", "view/2/"):
                continue
            assert (answer.status, answer.body) == (404, b""), prefix

    @pytest.mark.parametrize(
        "number", ["0", "-1", "3", "999999", "9999999", "x", "2.0", "%32%", "٢", "1e0", "", "002x"]
    )
    def test_issues_that_are_none(self, asking: Asking, number: str) -> None:
        for target in (f"files/{number}/chart.png", f"view/{number}/email"):
            assert asking.ask(target.encode().decode("latin-1")).status == 404

    def test_the_files_of_another_issue_are_not_in_this_one(self, asking: Asking) -> None:
        assert asking.ask("files/1/first.png").status == 200
        assert asking.ask("files/2/first.png").status == 404
        assert asking.ask("files/1/chart.png").status == 404

    @posix
    def test_links_that_lead_out_are_not_followed(self, workspace: Workspace) -> None:
        write(workspace.root / "list.csv", f"email\n{SECRET}\n")
        write(workspace.root / "state/ledger.txt", SECRET)
        write(workspace.root.parent / "outside.png", SECRET)
        write(workspace.root / "sections/001/first.png", b"\x89PNG")
        folder = workspace.root / "sections/002"
        for name, target in {
            "out.png": "../../../outside.png",
            "absolute.png": str(workspace.root.parent / "outside.png"),
            "list.csv": "../../list.csv",
            "other.png": "../001/first.png",
            "loop.png": "loop.png",
        }.items():
            (folder / name).symlink_to(target)
        for name, target in {"up": "..", "state": "../../state", "etc": "/etc"}.items():
            (folder / name).symlink_to(target, target_is_directory=True)
        with opened(workspace) as anew:
            for name in ("out.png", "absolute.png", "list.csv", "other.png", "loop.png", "up/001/first.png"):
                assert anew.ask(f"files/2/{name}").status == 404, name
            for name in ("state/ledger.txt", "etc/hostname", "up/002/chart.png"):
                assert anew.ask(f"files/2/{name}").status == 404, name
            assert anew.ask("files/2/chart.png").status == 200

    @posix
    def test_a_link_put_in_the_place_of_a_file_is_not_followed(self, workspace: Workspace) -> None:
        write(workspace.root.parent / "outside.png", SECRET)
        picture = workspace.root / "sections/002/chart.png"
        before = take_snapshot(workspace.root, "/files/", 2, Snapshot(number=2, workspace=workspace))
        assert servable(before, "chart.png") == picture.resolve()
        picture.unlink()
        picture.symlink_to(workspace.root.parent / "outside.png")
        assert servable(before, "chart.png") is None

    @posix
    def test_the_logo_is_served_from_where_it_lies_and_nothing_beside_it(self, workspace: Workspace) -> None:
        logo, config = workspace.root / "templates/logo.png", workspace.root / "newsletter.toml"
        write(logo, png())
        write(config, config.read_text("utf-8") + '\n[email]\nlogo = "templates/logo.png"\n')
        anew = open_workspace(workspace.root)
        before = take_snapshot(anew.root, "/files/", 2, Snapshot(number=2, workspace=anew))
        assert servable(before, "masthead/logo.png") == logo.resolve()
        assert servable(before, "logo.png") is None
        write(workspace.root / "state/secret.png", SECRET)
        logo.unlink()
        logo.symlink_to(workspace.root / "state/secret.png")
        assert servable(before, "masthead/logo.png") is None

    @posix
    @pytest.mark.parametrize("target", ["elsewhere", "ws/state/pictures", "ws/build"])
    def test_an_issues_folder_that_stands_elsewhere_is_not_served(self, workspace: Workspace, target: str) -> None:
        write(workspace.root.parent / target / "images/far.png", b"far")
        write(workspace.root.parent / target / "far.png", b"far")
        (workspace.root / "sections/003").symlink_to(workspace.root.parent / target, target_is_directory=True)
        with opened(workspace, 3) as asking:
            assert asking.ask("files/3/far.png").status == 404
            assert asking.ask("files/3/images/far.png").status == 404

    def test_a_list_that_stands_among_the_files_of_an_issue(self, workspace: Workspace) -> None:
        config = workspace.root / "newsletter.toml"
        write(config, config.read_text("utf-8") + '\n[list]\nfile = "sections/002/people.csv"\n')
        write(workspace.root / "sections/002/people.csv", f"email\n{SECRET}\n")
        write(workspace.root / "sections/002/figures.csv", "a\n1\n")
        with opened(workspace) as asking:
            assert asking.ask("files/2/people.csv").status == 404
            assert asking.ask("files/2/figures.csv").status == 200

    def test_a_page_or_a_program_among_the_files_is_offered_never_shown(self, workspace: Workspace) -> None:
        for name in ("demo/index.html", "demo/run.js", "demo/style.css", "paper.pdf", "demo/x.xhtml"):
            write(workspace.root / "sections/002" / name, "<script>alert(1)</script>")
        write(workspace.root / "sections/002/drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        with opened(workspace) as asking:
            for name in ("demo/index.html", "demo/run.js", "demo/style.css", "paper.pdf", "demo/x.xhtml"):
                headers = asking.ask(f"files/2/{name}").headers
                assert headers["content-type"] == "application/octet-stream", name
                assert headers["content-disposition"].startswith("attachment"), name
                assert "sandbox" in directives(headers["content-security-policy"]), name
            drawing = asking.ask("files/2/drawing.svg").headers
            assert drawing["content-type"] == "image/svg+xml"
            assert directives(drawing["content-security-policy"])["sandbox"] == []

    def test_names_with_blanks_and_accents_are_found(self, workspace: Workspace) -> None:
        write(workspace.root / "sections/002/images/été à Nîmes.png", b"\x89PNG")
        with opened(workspace) as asking:
            answer = asking.ask("files/2/images/%C3%A9t%C3%A9%20%C3%A0%20N%C3%AEmes.png")
            assert (answer.status, answer.body) == (200, b"\x89PNG")
            assert answer.headers["content-type"] == "image/png"

    @given(st.binary(max_size=60))
    def test_a_path_taken_apart_holds_names_only(self, tail: bytes) -> None:
        segments = split_path(b"/" + tail)
        for segment in segments or []:
            assert segment not in (".", "..")
            assert not {"/", "\\", "\x00"} & set(segment)
            assert not Path(segment).is_absolute()

    @given(st.lists(st.sampled_from(["..", "%2e", ".", "%2f", "/", "\\", "%5c", "%00", "list.csv", "state", "%25"])))
    def test_no_mixture_of_them_leads_out(self, pieces: list[str]) -> None:
        segments = split_path(("/t/files/2/" + "".join(pieces)).encode())
        assert segments is None or ".." not in segments


class TestPrivate:
    def test_no_answer_holds_what_is_private(self, asking: Asking) -> None:
        for path in ("view/2/email", "view/2/text", "view/2/post", "view/2/source", "view/2/post-source", ""):
            assert SECRET not in asking.ask(path).text, path
