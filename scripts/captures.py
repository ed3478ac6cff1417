"""Every capture of the e-mail that its looks are judged by: four issues, two themes, five widths, five ways to see it.

`make captures` writes them into `build/captures/`: `ISSUE/THEME/MODE-WIDTH.png`, each the whole e-mail, a sheet of all
of them for each issue and theme, `sizes.md` with the weight of each `email.html`, and `index.html`, which leads to all.
The modes are the views of `nl preview`, so what is captured is what an editor sees there.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from bench.issues import SEED, make_links, make_sample, make_seed, make_stress
from newsletter_cli.check.rules.email_page import CUT_BYTES
from newsletter_cli.config.reader import CONFIG_FILE
from newsletter_cli.flows.check import render_and_check
from newsletter_cli.preview.snapshot import build_views
from newsletter_cli.preview.views import EMAIL_VIEWS
from newsletter_cli.workspace.folder import Workspace, open_workspace
from scripts.screenshots import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
ISSUES: dict[str, Callable[[Path], Path]] = {
    "sample": make_sample,
    "seed": make_seed,
    "links": make_links,
    "stress": make_stress,
}
THEMES = ("default", "dsfr")
WIDTHS = (320, 375, 600, 700, 1200)
# On the sheet, a capture is this much smaller, and what is further down is left out.
SHRUNK = 3
SHEET_HEIGHT = 2400
GAP = 16
BROWSER_FLAGS = ("--no-sandbox", "--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND")


def capture(
    folder: Path, *, issues: Sequence[str], themes: Sequence[str], modes: Sequence[str], widths: Sequence[int]
) -> None:
    """Write the captures of all combinations into `folder`, one browser for all of them."""
    from playwright.sync_api import sync_playwright

    sizes = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(BROWSER_FLAGS))
        page = browser.new_page(java_script_enabled=False)
        for issue in issues:
            root = ISSUES[issue](Path(name) / issue)
            for theme in themes:
                workspace = with_theme(root, theme)
                target = folder / issue / theme
                # What is left from before would be taken for what is.
                shutil.rmtree(target, ignore_errors=True)
                target.mkdir(parents=True)
                sizes.append((issue, theme, weight(workspace)))
                for mode, document in documents(workspace, Path(name) / "files", modes):
                    for width in widths:
                        take(page, document, target / f"{mode}-{width}.png", width=width)
                sheet = folder / f"{issue}-{theme}.png"
                draw_sheet(target, modes, widths).save(sheet)
                print(sheet, flush=True)
        browser.close()
    table = size_table(sizes)
    (folder / "sizes.md").write_text(table, encoding="utf-8")
    (folder / "index.html").write_text(index_page(sizes, modes, widths), encoding="utf-8")
    print(f"\n{table}", end="")


def with_theme(root: Path, theme: str) -> Workspace:
    """The workspace, its e-mail in this theme."""
    config = root / CONFIG_FILE
    text = config.read_text(encoding="utf-8")
    lines = [f'theme = "{theme}"' if line.startswith("theme = ") else line for line in text.splitlines()]
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_workspace(root)


def weight(workspace: Workspace) -> int:
    """Bytes of `email.html` as `nl assemble` writes it."""
    rendered, _checked = render_and_check(workspace, 1)
    return len(rendered.looked_at.email.encode())


def documents(workspace: Workspace, files: Path, modes: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """The e-mail in each mode, as a file that finds the issue's own pictures; each mode with its file."""
    shutil.rmtree(files, ignore_errors=True)
    rendered, _checked = render_and_check(workspace, 1, has_local_images=True)
    shutil.copytree(workspace.issue_folder(1), files / "1")
    views = build_views(rendered, "")
    for mode in modes:
        document = files / f"{mode}.html"
        document.write_text(views.build(mode), encoding="utf-8")
        yield mode, document


def take(page: Page, document: Path, target: Path, *, width: int) -> None:
    """The whole document in a window `width` CSS pixels wide."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(document.as_uri())
    # Playwright would have the picture packed as tightly as can be, which takes most of the time.
    devtools = page.context.new_cdp_session(page)
    taken = devtools.send(
        "Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True}
    )
    devtools.detach()
    target.write_bytes(b64decode(taken["data"]))


def draw_sheet(folder: Path, modes: Sequence[str], widths: Sequence[int]) -> Image.Image:
    """All captures of one issue and theme: a row for each mode, a column for each width."""
    rows = []
    for mode in modes:
        captures = [Image.open(folder / f"{mode}-{width}.png").convert("RGB") for width in widths]
        small = [one.reduce(SHRUNK) for one in captures]
        rows.append([one.crop((0, 0, one.width, min(one.height, SHEET_HEIGHT))) for one in small])
    height = sum(max(one.height for one in row) + 3 * GAP for row in rows)
    sheet = Image.new("RGB", (max(sum(one.width + GAP for one in row) for row in rows) + GAP, height), (128, 128, 128))
    drawing = ImageDraw.Draw(sheet)
    top = 0
    for mode, row in zip(modes, rows, strict=True):
        left = GAP
        drawing.text((left, top + GAP // 2), mode, fill=(255, 255, 255))
        for one in row:
            sheet.paste(one, (left, top + 2 * GAP))
            left += one.width + GAP
        top += max(one.height for one in row) + 3 * GAP
    return sheet


def size_table(sizes: Sequence[tuple[str, str, int]]) -> str:
    """The weight of each e-mail and its share of what Gmail shows, as a table in Markdown."""
    lines = ["| issue | theme | bytes | of Gmail’s limit |", "|---|---|---:|---:|"]
    lines += [f"| {issue} | {theme} | {size:,} | {size / CUT_BYTES:.0%} |" for issue, theme, size in sizes]
    return "\n".join(lines) + "\n"


def index_page(sizes: Sequence[tuple[str, str, int]], modes: Sequence[str], widths: Sequence[int]) -> str:
    """A page on which every capture is seen at its own size, as far as a window goes, and leads to the whole."""
    parts = [
        "<!doctype html><meta charset=utf-8><title>captures</title><style>body{font:14px system-ui;background:#888}"
        "div{display:flex;gap:16px;align-items:start}a{max-height:90vh;overflow:auto;flex:none}img{display:block}</style>"
    ]
    for issue, theme, size in sizes:
        parts.append(f"<h2>{escape(issue)}, {escape(theme)}: {size:,} bytes</h2>")
        for mode in modes:
            names = [f"{issue}/{theme}/{mode}-{width}.png" for width in widths]
            images = "".join(f'<a href="{name}"><img loading=lazy src="{name}" alt="{name}"></a>' for name in names)
            parts.append(f"<h3>{escape(mode)}</h3><div>{images}</div>")
    return "\n".join(parts)


def main() -> None:
    """Read the options and capture."""
    parser = argparse.ArgumentParser(prog="python -m scripts.captures", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "captures")
    parser.add_argument("--issue", action="append", choices=tuple(ISSUES))
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--mode", action="append", choices=EMAIL_VIEWS)
    parser.add_argument("--width", action="append", type=int, help=f"in CSS pixels: {', '.join(map(str, WIDTHS))}")
    options = parser.parse_args()
    issues = options.issue or list(ISSUES)
    if not SEED.is_file():
        if options.issue == ["seed"]:
            sys.exit(f"there is no {SEED}")
        issues = [issue for issue in issues if issue != "seed"]
    options.folder.mkdir(parents=True, exist_ok=True)
    capture(
        options.folder.resolve(),
        issues=issues,
        themes=options.theme or THEMES,
        modes=options.mode or EMAIL_VIEWS,
        widths=options.width or WIDTHS,
    )


if __name__ == "__main__":
    main()
