"""What the options of `nl archive` do, and the keys of `[archive]`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.effects.scenario import Effect
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import plain
from tests.workspaces import CONFIG, write

NEWS = "---\nstatus: ready\n---\n\nSomething [happened](https://example.org/).\n"


def gone(root: Path) -> None:
    """An issue that went out, and one that did not."""
    plain(root)
    write(root / "newsletter.toml", CONFIG + '\n[archive]\nalso = "1"\n')
    write(root / "sections/002/_issue.md", "---\ntitle: Second\nslug: second\ndate: 2026-07-01\n---\n")
    write(root / "sections/002/news.md", NEWS)


EFFECTS = {
    "archive --drafts": [Effect(of="archive", option="--drafts", stage=gone, shows="== public/second/index.html")],
    "archive --output": [
        Effect(of="archive", option="--output out", stage=gone, shows="== out/index.html", hides="== public/"),
        Effect(of="archive", option="--output sections", stage=gone, refused="has other things in it"),
    ],
    "archive --dry-run": [
        Effect(of="archive", option="--dry-run", stage=gone, shows="to be written", hides="== public/index.html")
    ],
}
BASE = {"archive.url": "https://letter.example.org/"}
SETTINGS = [
    Setting(sets={"archive.folder": "docs"}, of="archive", stage=gone, shows="== docs/index.html", hides="== public/"),
    Setting(sets={"archive.folder": "sections"}, of="archive", stage=gone, refused="has other things in it"),
    Setting(sets={"archive.folder": "../elsewhere"}, of="archive", stage=gone, refused="leads out of the workspace"),
    Setting(sets=BASE, of="archive", stage=gone, shows="== public/feed.xml", hides="No feed"),
    Setting(
        sets={"archive.first_url": "https://first.example.org/"},
        beside=BASE,
        of="archive",
        stage=gone,
        shows="<id>https://first.example.org/",
    ),
    Setting(sets={"archive.title": "All the news"}, of="archive", stage=gone, shows="<h1>All the news</h1>"),
    Setting(
        sets={"archive.subscribe": "https://example.org/join"},
        of="archive",
        stage=gone,
        shows="https://example.org/join",
    ),
    Setting(sets={"archive.also": "1-2"}, of="archive", stage=gone, shows="== public/second/index.html"),
]
