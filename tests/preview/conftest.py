"""What the tests of the preview share: a workspace worth looking at, `nl preview` running on it, a browser."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from newsletter_cli.workspace.folder import Workspace
from tests.chromium import launched
from tests.forked import HAS_FORKS, start_nl
from tests.forked import Running as Process
from tests.preview.watched import wait_until_watched
from tests.waiting import PATIENCE_SECONDS
from tests.workspaces import NL, ROOT, environment, make_workspace

CONFIG = """\
[newsletter]
name = "Tidings"
language = "en"

[post]
url = "https://letters.example.org/{slug}/"

[sender]
name = "The tidings"
address = "tidings@example.org"
reply_to = "hello@example.org"

[preview]
editor = "vscode"

[[sections]]
slug = "agenda"
title = "Coming up"

[[sections]]
slug = "news"
title = "News"
"""
# What goes away by itself, a notice after 8 s, "Copied" after 2.5 s: it stays here, for a busy machine looks late.
STAYING = """{ const wait = window.setTimeout; window.setTimeout = (act, milliseconds, ...more) =>
    wait(act, [2500, 8000].includes(milliseconds) ? 1e9 : milliseconds, ...more) }"""
LONG = "\n\n".join(f"Paragraph {number} of the news, long enough to fill a line and a half." for number in range(1, 41))
FIRST = {
    "_issue.md": '---\ntitle: "Tidings #1"\ndate: 2026-06-11\nsubject: The very first\n---\nHello from the first.\n',
    "agenda.md": "---\nauthor: Ada\nstatus: ready\n---\nNothing yet.\n",
    "news.md": "---\nauthor: Grace\nstatus: ready\n---\nAll is well.\n",
}
SECOND = {
    "_issue.md": (
        '---\ntitle: "Tidings #2"\ndate: 2026-07-09\nsummary: Two things\nsubject: Tea and a picture\n'
        "preheader: What happened in June, and what will happen in July\n---\nHello again.\n"
    ),
    "agenda.md": (
        "---\nauthor: Ada\nstatus: ready\nevents:\n  - title: Tea\n    start: 2026-07-18T16:00\n---\n"
        "Come along, [tell us](https://forms.example.org/tea) first.\n"
    ),
    "news.md": (
        "---\nauthor: Grace\nstatus: draft\n---\n"
        "![A chart that climbs](chart.png)\n\n![A far picture](https://pictures.example.org/far.png)\n\n"
        f"{LONG}\n\nTo know more, click [here](https://example.org/more).\n"
    ),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two issues in English: the second long, with a picture of its own, one from elsewhere and a vague link."""
    return make_letters(tmp_path / "ws")


class Running:
    """`nl preview` as a process of its own. `address` is the page's."""

    def __init__(self, root: Path, *arguments: str, **env: str):
        self.root = root
        command = ("-C", str(root), "preview", "--no-open", "--offline", "--port", "0", *arguments)
        self.process: Process
        if HAS_FORKS:
            self.process = start_nl(*command, env=environment(**env), folder=root)
            said = self.process.wait_until_said("\n")
        else:
            self.process = subprocess.Popen(
                [NL, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, encoding="utf-8", env=environment(PYTHONUNBUFFERED="1", **env),
            )  # fmt: skip
            assert self.process.stdout is not None
            said = self.process.stdout.readline()
        self.address = said.partition("\n")[0].strip()
        assert self.address.startswith("http://127.0.0.1:"), self.stop()

    def write(self, name: str, text: str) -> None:
        """Saves a file of the second issue."""
        wait_until_watched(self.root, self.process.pid)
        (self.root / "sections/002" / name).write_text(text, encoding="utf-8")

    def stop(self) -> str:
        """Ends it as Ctrl-C does; what it said on the way out."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return "".join(self.process.communicate(timeout=60))


def make_letters(root: Path) -> Workspace:
    made = make_workspace(root, CONFIG, {1: FIRST, 2: SECOND})
    shutil.copyfile(ROOT / "sections/001/images/ocr.png", made.root / "sections/002/chart.png")
    return made


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`nl preview` for the tests of a module that save nothing and do not end it."""
    preview = Running(make_letters(tmp_path_factory.mktemp("standing") / "ws").root)
    yield preview
    assert "Traceback" not in preview.stop()


@pytest.fixture
def running(workspace: Workspace) -> Iterator[Running]:
    """`nl preview` on the workspace, for one test."""
    preview = Running(workspace.root)
    yield preview
    assert "Traceback" not in preview.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the tests of a module. While it runs, `asyncio.run` cannot be used in this thread."""
    with launched() as browser:
        yield browser


class Visit:
    """A page of the preview, and all that it asked for and complained about."""

    def __init__(self, browser: Any, address: str, **options: Any):
        self.context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page.add_init_script(STAYING)
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.address = address

    def open(self, fragment: str = "") -> Any:
        """The page, once the rendering is there."""
        self.page.goto(f"{self.address}#{fragment}")
        self.page.wait_for_selector("iframe:not(.coming)")
        self.page.wait_for_selector("#live[data-state=live]")
        return self.page

    @property
    def email(self) -> Any:
        """The document of the rendering, for looking into it."""
        return self.page.frame_locator(".screen:first-child iframe:not(.coming)")

    def in_email(self, script: str) -> Any:
        """What an expression says in the page, `view` being the rendering's window and `doc` its document."""
        return self.page.evaluate(
            "script => { const view = document.querySelector('.screen iframe:not(.coming)').contentWindow,"
            " doc = view.document; return new Function('view', 'doc', 'return ' + script)(view, doc) }",
            script,
        )

    @property
    def foreign_requests(self) -> list[str]:
        """What was asked of anybody but the preview itself."""
        return [url for url in self.requests if urlsplit(url).hostname != "127.0.0.1" and not url.startswith("data:")]


@pytest.fixture
def visit(browser: Any, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A page on a preview, the test's own where it has one; nothing may go out, and nothing be complained about."""
    preview: Running = request.getfixturevalue("running" if "running" in request.fixturenames else "standing")
    visit = Visit(browser, preview.address, bypass_csp=False)
    yield visit
    visit.context.close()
    assert not visit.foreign_requests
    assert not visit.complaints
