"""`nl preview` from outside: how long from a save to what the page fetches then, from the start to the first answer,
and whether a hundred saves leave anything behind.

`python -m bench.preview [--rounds N]`. The command runs as a process of its own, as an editor starts it; a page is
played by this one: it holds the events open, and asks for the state and the view as soon as it is told. Where there is
a Chromium, it is asked, too, when the saved words stand painted in the page.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from bench.__main__ import NL
from bench.issues import make_workspaces
from newsletter_cli.check.browser.chromium import find_chromium

SAVES = 100
ARCHIVE = 300
# What the issue asks for, in milliseconds.
ASKED_SAVE_MS, ASKED_START_MS = 300, 1000


class Page:
    """What a browser does with the preview, without painting."""

    def __init__(self, address: str) -> None:
        self.base = urlsplit(address)
        self.kept = self._connection()
        self.stream = self._connection()
        self.stream.request("GET", f"{self.base.path}events")
        self.events = self.stream.getresponse()

    def _connection(self) -> http.client.HTTPConnection:
        assert self.base.hostname is not None
        return http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=60)

    def get(self, path: str) -> bytes:
        try:
            self.kept.request("GET", self.base.path + path)
            answer = self.kept.getresponse()
        except http.client.RemoteDisconnected:
            # Kept open for some seconds only, which a busy machine takes between two questions.
            self.kept = self._connection()
            self.kept.request("GET", self.base.path + path)
            answer = self.kept.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return body

    def state(self) -> dict[str, Any]:
        found = json.loads(self.get("state"))
        assert isinstance(found, dict)
        return found

    def wait_for_change(self, version: int = 0) -> int:
        """The version of the next change that is told, newer than `version`."""
        while line := self.events.readline():
            if line.startswith(b"data: ") and (told := int(json.loads(line[len(b"data: ") :])["version"])) > version:
                return told
        raise SystemExit("the events have ended")

    def close(self) -> None:
        self.stream.close()
        self.kept.close()


@contextlib.contextmanager
def preview(root: Path) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """The process, its address, and when it was started."""
    start = perf_counter()
    command = [*NL, "-C", str(root), "preview", "1", "--no-open", "--offline"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip(), start
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def start_to_first_answers(root: Path) -> tuple[float, float, float]:
    """Milliseconds from the start to the address, to the page itself, and to the first view."""
    with preview(root) as (_process, address, start):
        times = [perf_counter() - start]
        page = Page(address)
        page.get("")
        times.append(perf_counter() - start)
        state = page.state()
        page.get(f"view/{state['issue']}/email?version={state['version']}")
        times.append(perf_counter() - start)
        page.close()
    return times[0] * 1000, times[1] * 1000, times[2] * 1000


def save_to_view(page: Page, path: Path, round_number: int) -> tuple[float, float, float]:
    """Milliseconds from a save to the event, to the state, and to the view that shows the saved words."""
    word = f"Mot{round_number}ajouté"
    text = path.read_text(encoding="utf-8")
    version = page.state()["version"]
    path.write_text(f"{text}\n{word}\n", encoding="utf-8")
    start = perf_counter()
    page.wait_for_change(version)
    told = perf_counter() - start
    state = page.state()
    known = perf_counter() - start
    shown = page.get(f"view/1/email?version={state['version']}").decode()
    seen = perf_counter() - start
    if word not in shown:
        raise SystemExit("the view is not that of the save")
    path.write_text(text, encoding="utf-8")
    page.wait_for_change(state["version"])
    return told * 1000, known * 1000, seen * 1000


# Resolves with the time at which a frame that shows the word has been painted: the second frame after its coming.
PAINTED = """word => new Promise(done => {
    const look = () => [...document.querySelectorAll("iframe:not(.coming)")].some(
        frame => frame.contentDocument?.body?.textContent.includes(word));
    const wait = () => look()
        ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.timeOrigin + performance.now())))
        : requestAnimationFrame(wait);
    wait();
})"""


def saves_to_repaint(address: str, path: Path, rounds: int) -> list[tuple[float]]:
    """Milliseconds from each save to the frame of Chromium that shows it; empty where there is no Chromium."""
    program = find_chromium()
    if program is None:
        return []
    from playwright.sync_api import sync_playwright

    text, found = path.read_text(encoding="utf-8"), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("iframe:not(.coming)")
        for number in range(rounds + 1):
            word = f"Image{number}peinte"
            page.wait_for_timeout(300)
            saved = time.time() * 1000
            path.write_text(f"{text}\n{word}\n", encoding="utf-8")
            found.append((page.evaluate(PAINTED, word) - saved,))
        browser.close()
    path.write_text(text, encoding="utf-8")
    return found[1:]


def state_times(root: Path, rounds: int) -> list[tuple[float]]:
    """Milliseconds that `/state` takes, of an issue that is known already."""
    found = []
    with preview(root) as (_process, address, _start):
        page = Page(address)
        page.state()
        for _round in range(rounds):
            start = perf_counter()
            page.state()
            found.append(((perf_counter() - start) * 1000,))
        page.close()
    return found


def with_archive(root: Path, target: Path) -> Path:
    """A copy of the workspace in which its issue stands three hundred times."""
    shutil.copytree(root, target)
    for number in range(2, ARCHIVE + 1):
        shutil.copytree(target / "sections" / "001", target / "sections" / f"{number:03d}")
    return target


def resident_mebibytes(process: subprocess.Popen[str]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def handle_count(process: subprocess.Popen[str]) -> int:
    return len(os.listdir(f"/proc/{process.pid}/fd"))  # noqa: PTH208 - names only


def many_saves(root: Path, path: Path) -> list[tuple[int, float, int]]:
    """After how many saves, the memory in MiB and the file handles of the process."""
    found = []
    with preview(root) as (process, address, _start):
        page = Page(address)
        version = page.state()["version"]
        text = path.read_text(encoding="utf-8")
        for number in range(SAVES + 1):
            if number % 20 == 0:
                time.sleep(0.3)
                found.append((number, resident_mebibytes(process), handle_count(process)))
            path.write_text(f"{text}\nEncore {number}.\n", encoding="utf-8")
            version = page.wait_for_change(version)
            page.get(f"view/1/email?version={version}")
        path.write_text(text, encoding="utf-8")
        page.close()
    return found


SETTLING_SECONDS = 5


def idle_share(root: Path) -> float:
    """The part of one core that a preview takes while nothing happens, in percent."""
    with preview(root) as (process, address, _start):
        page = Page(address)
        page.state()
        # The links are asked after a quiet second, and what replaced snapshots leave is cleared.
        time.sleep(SETTLING_SECONDS)
        before = _processor_seconds(process)
        time.sleep(3)
        share = (_processor_seconds(process) - before) / 3 * 100
        page.close()
    return share


def _processor_seconds(process: subprocess.Popen[str]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def show(title: str, names: tuple[str, ...], rows: Sequence[tuple[float, ...]], asked: float) -> None:
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    worst = [max(column) for column in zip(*rows, strict=True)]
    print(f"\n{title:<44}{'median ms':>12}{'worst ms':>12}")
    for name, median, most in zip(names, medians, worst, strict=True):
        print(f"{name:<44}{median:>12.0f}{most:>12.0f}")
    print(f"asked: {asked:.0f} ms at most, in the median; {'kept' if medians[-1] <= asked else 'MISSED'}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.preview", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspaces = make_workspaces(Path(folder))
        name, root = next(iter(workspaces.items()))
        path = sorted((root / "sections" / "001").glob("[a-z]*.md"))[0]
        print(f"{name}, Python {sys.version.split()[0]} on {sys.platform}")
        start_to_first_answers(root)
        starts = [start_to_first_answers(root) for _round in range(max(3, options.rounds // 4))]
        show("from the start", ("to the address", "to the page", "to the first view"), starts, ASKED_START_MS)
        with preview(root) as (_process, address, _start):
            page = Page(address)
            page.state()
            save_to_view(page, path, 0)
            saves = [save_to_view(page, path, number) for number in range(1, options.rounds + 1)]
            page.close()
            painted = saves_to_repaint(address, path, options.rounds)
        show("from a save", ("to the event", "to the state", "to the view"), saves, ASKED_SAVE_MS)
        if painted:
            show("from a save, in Chromium", ("to its repaint",), painted, ASKED_SAVE_MS)
        archive = with_archive(root, Path(folder) / "archive")
        alone, among_many = (state_times(one, options.rounds) for one in (root, archive))
        show("the state", ("of one issue",), alone, ASKED_SAVE_MS)
        # It costs what the issue costs, whatever lies beside it: twice that is room enough for a busy machine.
        asked = 2 * statistics.median(time for (time,) in alone)
        show("the state", (f"of one among {ARCHIVE} issues",), among_many, asked)
        if sys.platform == "linux":
            print(f"\n{'saves':<12}{'MiB':>8}{'handles':>10}")
            for number, mebibytes, handles in many_saves(root, path):
                print(f"{number:<12}{mebibytes:>8.1f}{handles:>10}")
            print(f"\nidle: {idle_share(root):.1f} % of one core")


if __name__ == "__main__":
    main()
