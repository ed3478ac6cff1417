"""What each kind of site gets of one issue: its files, and its page to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.publish.profiles import SHIPPED
from tests.conftest import Golden
from tests.flows.publishing.sites import SiteAndLetter
from tests.pictures import png
from tests.workspaces import write

SIGNS = {name: profile.signs[0] for name, profile in SHIPPED.items()}
TEXTS = {
    "_issue.md": '---\ntitle: "Lettre nº 1 : l’été"\nslug: one\ndate: 2026-06-11T13:00:00+02:00\n'
    'summary: "En bref : peu"\n'
    "images: [cover.png]\npost:\n  tags: [data, été]\n---\n"
    "Voyez [l’équipe](/team/#ada) et [{{ ailleurs }}](/nulle-part/).\n",
    "news.md": "---\nauthor: Grace\n---\n![Un carré](<un carré.png>) et <img src=\"square.png\" alt='' width=40%>\n\n"
    "[Le compte rendu][cr], {% balise %}.\n\n[cr]: minutes.pdf 'PDF'\n\n    ![code](square.png)\n",
}


def told(files: dict[str, bytes]) -> str:
    """Texts as they are, of all else the size."""
    parts = []
    for name, content in sorted(files.items()):
        is_text = name.endswith((".md", ".qmd"))
        parts.append(f"== {name}\n" + (content.decode() if is_text else f"{len(content)} bytes\n"))
    return "".join(parts)


@pytest.mark.parametrize("braces", ["braces", "plain"])
@pytest.mark.parametrize("profile", SHIPPED)
def test_a_whole_issue(tmp_path: Path, golden: Golden, profile: str, braces: str) -> None:
    letter = SiteAndLetter(tmp_path, profile=profile, sign=SIGNS[profile])
    for page in ("team.md", "team.qmd", "content/team.md"):
        write(letter.site / page, "---\ntitle: The team\n---\n")
    before = letter.files
    for name, text in TEXTS.items():
        letter.text(
            name, text if braces == "braces" else text.replace("{{ ailleurs }}", "x").replace("{% balise %}", "y")
        )
    write(letter.root / "sections/001/un carré.png", png(6, 6))
    done = letter.nl(
        "publish",
        "1",
    )
    assert done.status == 0, done.err
    golden.check(
        f"publish/{profile}-{braces}.txt",
        told({name: text for name, text in letter.files.items() if name not in before}),
    )
