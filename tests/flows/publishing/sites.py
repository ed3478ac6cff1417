"""A newsletter and its site, beside each other or one in the other."""

from __future__ import annotations

from pathlib import Path

from tests.inside import Done, call
from tests.pictures import png
from tests.workspaces import CONFIG, make_workspace, tree, write

URL = "https://www.example.org/"
TEXTS = {
    "_issue.md": '---\ntitle: "Tidings #1"\nslug: one\ndate: 2026-06-11\nsummary: In short\nimages: [cover.png]\n---\n'
    "Hello, see [the team](/team/).\n",
    "news.md": "---\nauthor: Grace\n---\n![A square](square.png) and [the minutes](minutes.pdf).\n",
}
PICTURES = {"cover.png": png(), "square.png": png(9, 9), "minutes.pdf": b"%PDF-1.4\n", "unseen.png": png(7, 7)}


class SiteAndLetter:
    """A workspace in `folder/letter`, its site in `folder/site`, where `nl` is called as in a shell."""

    def __init__(self, folder: Path, *, site: str = "", profile: str = "hugo", sign: str = "hugo.toml"):
        self.root, self.site = folder / "letter", folder / "site"
        table = f'\n[site]\nfolder = "../site"\nprofile = "{profile}"\nbase_url = "{URL}"\n{site}'
        make_workspace(self.root, CONFIG + table, {1: TEXTS})
        for name, content in PICTURES.items():
            write(self.root / "sections/001" / name, content)
        write(self.site / sign, f'baseURL = "{URL}"\n')
        write(self.site / "content/team.md", "---\ntitle: The team\n---\n")

    def nl(self, *arguments: str, typed: str | None = None) -> Done:
        env = {"NL_CONFIG_DIR": str(self.root.parent / "config"), "NL_TRUST": "1"}
        return call(*arguments, cwd=self.root, env=env, typed=typed)

    def text(self, name: str, text: str) -> None:
        """One of the issue's texts as it is from now on."""
        write(self.root / "sections/001" / name, text)

    @property
    def files(self) -> dict[str, bytes]:
        """All that is in the site."""
        return {name: content for name, content in tree(self.site).items() if not name.startswith(".git/")}
