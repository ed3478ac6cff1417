"""The pictures of the README: the sample issue in headless Chromium. Run by `make screenshots`."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from newsletter_cli.check.browser.chromium import FLAGS, find_chromium
from newsletter_cli.flows.demo import SAMPLE_LIST

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
# As it is typed: the pictures show the commands that it names.
NL = str(Path(sys.executable).with_name("nl"))
FRAME_FLAGS = ("--allow-file-access-from-files",)
SHOTS = {
    "email-desktop": (680, 1250, ()),
    "email-mobile-dark": (360, 1250, ("--blink-settings=preferredColorScheme=0",)),
    "email-mobile": (320, 1250, ()),
    "email-images-off": (680, 1250, ("--blink-settings=imagesEnabled=false",)),
    "email-dark": (680, 1250, ("--blink-settings=preferredColorScheme=0",)),
}
# The page of `nl preview`: the system's colours, what is chosen, and what is clicked on.
PREVIEWS = {
    "preview": ("light", "issue=1&width=680", ".finding >> text=image-alt-missing"),
    "preview-dark": ("dark", "issue=1&view=dark&width=480&tab=outline", "#outline button >> text=site du programme"),
}
PREVIEW_SIZE = {"width": 1440, "height": 900}
# The terminal's colours: ground, writing, and the eight of ANSI.
NIGHT: tuple[Any, ...] = (
    (13, 17, 23),
    (230, 237, 243),
    [(72, 79, 88), (255, 107, 97), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255), (57, 197, 207),
     (230, 237, 243)],
)  # fmt: skip
# How many colours a picture keeps: flat drawings and letters look the same, and weigh half.
MOST_COLOURS = 192
IN_README = ("email-desktop", "email-mobile-dark")
LANGUAGES = ("en", "fr")
TERMINALS = ("terminal", "check", "send")
# The page of `nl report --html`, as far as it shows at that size.
REPORT_SIZE = (1000, 1240)


def pictures() -> set[str]:
    """The pictures of the documentation, by name."""
    several = (*PREVIEWS, "report")
    return {*IN_README, *TERMINALS, *(preview_name(name, language) for name in several for language in LANGUAGES)}


def preview_name(name: str, language: str) -> str:
    """The name of a picture of the preview."""
    return name if language == "en" else f"{name}-{language}"


def take(page: Path, target: Path, *, width: int, height: int, flags: tuple[str, ...]) -> None:
    """A picture of the page at `width` x `height` CSS pixels.

    In a frame: Chromium's own window does not get narrower than 500 pixels.
    """
    with tempfile.TemporaryDirectory() as folder:
        frame = Path(folder) / "frame.html"
        frame.write_text(
            "<!doctype html><meta name=color-scheme content='light dark'><style>body{margin:0}"
            f"iframe{{border:0;display:block;width:{width}px;height:{height}px}}</style>"
            f"<iframe src='{page.as_uri()}'></iframe>",
            encoding="utf-8",
        )
        subprocess.run(
            [
                chromium(),
                *FLAGS,
                *FRAME_FLAGS,
                *flags,
                f"--user-data-dir={folder}/profile",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                frame.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def take_terminal(work: Path, target: Path, *commands: list[str]) -> None:
    """A picture of commands and their output as a terminal shows them."""
    from rich.console import Console
    from rich.terminal_theme import TerminalTheme
    from rich.text import Text

    console = Console(record=True, width=96, file=io.StringIO(), legacy_windows=False)
    for command in commands:
        output = _output_on_terminal([NL, *command], work)
        console.print(Text(f"$ nl {' '.join(command)}", style="bold"))
        console.print(Text.from_ansi(output))
    svg = console.export_svg(title="nl", font_aspect_ratio=0.61, theme=TerminalTheme(*NIGHT))
    # rich would fetch its font from the network.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    page = work / "terminal.html"
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    width, height = (int(float(size[1])), int(float(size[2]))) if size else (1000, 700)
    page.write_text(f"<!doctype html><meta charset=utf-8><style>body{{margin:0}}</style>{svg}", encoding="utf-8")
    take(page, target, width=width, height=height, flags=())


def take_preview(work: Path, target: Path, language: str) -> None:
    """Pictures of the page of `nl preview`: a finding and its place; the dark, as a screen reader meets it."""
    from playwright.sync_api import sync_playwright

    command = [NL, "-C", str(work), "preview", "1", "--no-open", "--offline"]
    environment = {**os.environ, "NL_LANG": language, "PYTHONUNBUFFERED": "1"}
    preview = subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment)
    assert preview.stdout is not None
    try:
        address = preview.stdout.readline().strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            for name, (scheme, fragment, chosen) in PREVIEWS.items():
                page = browser.new_page(viewport=PREVIEW_SIZE, color_scheme=scheme, reduced_motion="reduce")
                page.goto(f"{address}#{fragment}")
                page.wait_for_selector("iframe:not(.coming)")
                page.locator(chosen).first.click()
                page.mouse.move(0, 0)
                page.wait_for_timeout(500)
                page.screenshot(path=target / f"{preview_name(name, language)}.png")
                page.close()
            browser.close()
    finally:
        preview.terminate()
        preview.communicate()


def take_report(work: Path, target: Path) -> None:
    """Pictures of the page of `nl report --html`, of a newsletter of fourteen issues that was made up."""
    sys.path.insert(0, str(ROOT))
    from bench.report import make_workspace

    make_workspace(work, 3_000, 14)
    width, height = REPORT_SIZE
    for language in LANGUAGES:
        page = work / f"{language}.html"
        command = [NL, "-C", str(work), "report", "14", "--html", str(page)]
        environment = {**os.environ, "NL_LANG": language}
        subprocess.run(command, check=True, capture_output=True, env=environment)
        take(page, target / f"{preview_name('report', language)}.png", width=width, height=height, flags=())


def _output_on_terminal(command: list[str], folder: Path) -> str:
    """What a command, called in that folder, writes to a terminal of 96 columns. POSIX only."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "96", "TERM": "xterm-256color", "NL_LANG": "fr"}
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=environment, cwd=folder)
    os.close(theirs)
    output = bytearray()
    # Linux ends a pseudo-terminal with an error, others with an empty read.
    with contextlib.suppress(OSError):
        while data := os.read(ours, 65536):
            output += data
    process.wait()
    return _as_left(output.decode().replace("\r\n", "\n"))


def _as_left(output: str) -> str:
    """What a terminal still shows at the end: a bar of progress is written over itself."""
    lines: list[str] = []
    for line in output.split("\n"):
        for _ in range(line.count("\x1b[1A")):
            lines.pop()
        lines.append(re.split(r"\r|\x1b\[1A|\x1b\[2K", line)[-1])
    return "\n".join(lines)


def chromium() -> str:
    """The path of a Chromium; stops the script where there is none."""
    return str(find_chromium() or sys.exit("Chromium is needed: apt-get install chromium"))


def main(target: Path, names: tuple[str, ...]) -> None:
    """Assemble the sample with its own images and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "sample"
        work.mkdir()
        shutil.copytree(ROOT / "sections", work / "sections")
        shutil.copyfile(ROOT / "newsletter.toml", work / "newsletter.toml")
        nl = [NL, "-C", str(work), "assemble", "1", "--offline", "--local-images"]
        subprocess.run(nl, check=True, capture_output=True)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            width, height, flags = SHOTS[name]
            page = work / "build" / "001" / "email.html"
            take(page, target / f"{name}.png", width=width, height=height, flags=flags)
        _take_send(work, target)
        _write_draft(work / "sections" / "001")
        for language in LANGUAGES:
            take_preview(work, target, language)
        take_report(Path(folder) / "report", target)
        for command in (["new", "2", "--date", "2023-04-25"],):
            subprocess.run([*nl[:3], *command], check=True, capture_output=True)
        _write_part_of(work / "sections" / "002")
        take_terminal(work, target / "terminal.png", ["status", "2"], ["assemble", "2", "--offline"])
        _write_faults(work / "sections" / "002")
        take_terminal(work, target / "check.png", ["check", "2", "--offline"])
        for picture in target.glob("*.png"):
            slim(picture)


def slim(picture: Path) -> None:
    """The picture with fewer colours, the rare ones among them."""
    from PIL import Image

    whole = Image.open(picture).convert("RGB")
    whole.quantize(MOST_COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        picture, optimize=True
    )


def _take_send(work: Path, target: Path) -> None:
    """A picture of a dry run, a send into a folder, and its report."""
    (work / "list.csv").write_text(SAMPLE_LIST, "utf-8")
    nl = [NL, "-C", str(work)]
    subprocess.run([*nl, "assemble", "1", "--offline"], check=True, capture_output=True)
    take_terminal(work, target / "send.png", ["send", "1", "--dry-run"], ["send", "1", "--yes"], ["report", "1"])
    subprocess.run([*nl, "assemble", "1", "--offline", "--local-images"], check=True, capture_output=True)


def _write_part_of(issue: Path) -> None:
    """An issue half written: a section finished, one left out, the others still drafts."""
    portrait = issue / "portrait.md"
    text = (
        portrait.read_text(encoding="utf-8")
        .replace("author:", "author: Inès")
        .replace("status: draft", "status: ready", 1)
    )
    portrait.write_text(
        text + "\nDeux questions à une géomaticienne qui ne jure que par les cartes en papier.\n", "utf-8"
    )
    jobs = issue / "jobs.md"
    jobs.write_text(jobs.read_text(encoding="utf-8").replace("status: draft", "status: skip", 1), "utf-8")


def _write_faults(issue: Path) -> None:
    """An issue with a fault or two of several kinds."""
    head = issue / "_issue.md"
    text = head.read_text(encoding="utf-8")
    for key, words in (
        ("summary", "Deux ateliers, une carte et un tableau."),
        ("subject", "L’atelier de mai et une carte en papier"),
        ("preheader", "Deux heures pour apprendre à lire une carte, et un tableau à remplir."),
    ):
        text = re.sub(rf'^{key}: ""$', f'{key}: "{words}"', text, flags=re.MULTILINE)
    head.write_text(text, "utf-8")
    (issue / "agenda.md").write_text(
        "---\nauthor: Inès\nstatus: ready\n---\n"
        "L’atelier de mai aura lieu **mardi 11 mai 2023**, à la cartothèque.\n\n"
        "![](images/carte.png)\n\n"
        "[Le programme](https://example.org/programme?utm_source=lettre&jour=11) tient en une page.\n",
        "utf-8",
    )
    for name in ("retour-atelier", "zoom-projet", "lectures"):
        path = issue / f"{name}.md"
        path.write_text(path.read_text(encoding="utf-8").replace("status: draft", "status: skip", 1), "utf-8")


def _write_draft(issue: Path) -> None:
    """What an editor leaves behind in the evening: a draft, a picture without words, a link that says nothing."""
    for name, old, new in (
        ("portrait.md", "status: ready", "status: draft"),
        ("retour-atelier.md", r"!\[Six [^\]]*\]", "![]"),
        ("lectures.md", r"status: ready\n---\n", r"\g<0>Toutes les lectures sont [ici](https://example.org/).\n"),
    ):
        path = issue / name
        path.write_text(re.sub(old, new, path.read_text(encoding="utf-8"), count=1), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), tuple(SHOTS))
    else:
        main(IMAGES, IN_README)
