"""The issues that are measured and looked at: the seed where it is at hand, the sample, sixty sections, many links, and
one with every kind of block."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slugify import slugify

from newsletter_cli.config.defaults import default_sections
from newsletter_cli.config.reader import CONFIG_FILE
from newsletter_cli.config.settings import SectionSettings
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.workspace.folder import open_workspace
from newsletter_cli.workspace.scaffold import create_workspace

if TYPE_CHECKING:
    from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "seed" / "newsletter1.md"

PARAGRAPH = (
    "Une équipe de **trois personnes** a relu les _mille deux cents_ fiches du catalogue ; la méthode est décrite "
    "dans la [note de travail](https://www.example.org/notes/{number}) et sur https://www.example.org/{number}/suite.\n"
)
SECTION = (
    PARAGRAPH
    + "\n### Ce qui change\n\n- un format commun `csv`\n- deux relectures par fiche\n  - l’une par un métier\n\n"
    + "| étape | durée |\n|---|---:|\n| lire | 2 h |\n| mesurer | 4 h |\n\n> Mesurer d’abord, corriger ensuite.\n\n"
    + "![Courbe des relectures par semaine](https://www.example.org/img/{number}.png)\n\n"
    + PARAGRAPH
)

# What an e-mail needs beside its sections to be whole.
POST = '[post]\nurl = "https://www.example.org/lettres/{slug}/"\n'
SENDER = '[sender]\nname = "La rédaction"\naddress = "lettre@example.org"\n'

# The sections of the digest of links, and the words that its lines are made of.
DIGEST = (
    "Publications",
    "Outils",
    "Cartes",
    "Données ouvertes",
    "Méthodes",
    "Langues",
    "Formations",
    "Rencontres",
    "Emplois",
    "Lectures",
)
LINKS_PER_SECTION = 25
KINDS = ("Un guide pour", "Retour sur", "Comment relire", "Dix idées pour", "Les limites de", "Première version de")
THEMES = (
    "les fiches du catalogue",
    "l’adresse des communes",
    "une carte du bruit",
    "la paie des agents",
    "les relevés de la marée",
    "le courrier des écoles",
    "un modèle de langue",
)
PLACES = ("à Brest", "sans serveur", "en deux jours", "avec trois personnes", "dans un tableur")
REMARKS = ("avec le code", "vingt minutes de lecture", "en anglais", "la suite d’un billet de mars")
# The sections of the stress issue: the file of each in `bench/stress/`, and its title.
STRESS = (
    ("textes", "Textes"),
    ("tableaux", "Tableaux"),
    ("images", "Images"),
    ("langues", "Langues"),
    ("appels", "Appels"),
)
PHOTOS = (
    ("salle.jpg", (1200, 675), (66, 99, 161), (214, 138, 89)),
    ("un.jpg", (600, 600), (120, 40, 90), (240, 180, 120)),
    ("deux.jpg", (600, 600), (20, 110, 90), (200, 230, 160)),
    ("trois.jpg", (600, 600), (60, 60, 120), (220, 150, 200)),
    ("petit.jpg", (120, 120), (90, 90, 90), (220, 210, 200)),
    ("video.jpg", (960, 540), (30, 30, 50), (160, 60, 70)),
)


def make_workspaces(folder: Path) -> dict[str, Path]:
    """A workspace for each issue that is measured, its issue numbered 1, by name."""
    made = {"seed": make_seed(folder / "seed")} if SEED.is_file() else {}
    return {**made, "sample": make_sample(folder / "sample"), "60 sections": make_long(folder / "long")}


def make_seed(root: Path) -> Path:
    """The first newsletter of programme 10 %, imported."""
    workspace = create_workspace(root, name="Lettre", language="fr", sections=default_sections("fr"))
    import_post(workspace, SEED, number="1", is_learning=False)
    return workspace.root


def make_sample(root: Path) -> Path:
    """A copy of the sample workspace."""
    root.mkdir()
    shutil.copytree(ROOT / "sections", root / "sections")
    shutil.copyfile(ROOT / "newsletter.toml", root / "newsletter.toml")
    return open_workspace(root).root


def make_long(root: Path) -> Path:
    """Sixty sections, a bit of everything in each."""
    slugs = [f"rubrique-{number}" for number in range(1, 61)]
    issue = _make_issue(root, name="Longue lettre", titles=[slug.capitalize() for slug in slugs], slugs=slugs)
    _write(issue / "_issue.md", "---\ntitle: Longue\ndate: 2026-01-15\n---\n")
    for number, slug in enumerate(slugs, 1):
        _write(issue / f"{slug}.md", f"---\nstatus: ready\n---\n\n{SECTION.format(number=number)}")
    return root


def make_links(root: Path) -> Path:
    """Two hundred and fifty links in lists, as a weekly digest has them."""
    slugs = [f"liens-{number}" for number in range(1, len(DIGEST) + 1)]
    issue = _make_issue(root, name="Revue des liens", titles=DIGEST, slugs=slugs)
    _write(
        issue / "_issue.md",
        '---\ntitle: "Revue des liens #1"\ndate: 2026-01-15\nsubject: "Deux cent cinquante liens à suivre"\n'
        'summary: "Les liens de la semaine."\npreheader: "Dix sujets, vingt-cinq liens chacun, tous ouverts."\n'
        "---\n\nLa revue de la semaine, rangée par sujets ; chaque lien a été ouvert avant d’y entrer.\n",
    )
    for number, slug in enumerate(slugs):
        lines = [_link_line(LINKS_PER_SECTION * number + place) for place in range(LINKS_PER_SECTION)]
        half = LINKS_PER_SECTION // 2
        body = "\n".join(("### À lire", "", *lines[:half], "", "### À essayer", "", *lines[half:]))
        _write(issue / f"{slug}.md", f"---\nauthor: La rédaction\nstatus: ready\n---\n\n{body}\n")
    return root


def make_stress(root: Path) -> Path:
    """Every kind of block, alone and in others: `bench/stress/`, its pictures drawn."""
    slugs, titles = zip(*STRESS, strict=True)
    issue = _make_issue(root, name="Lettre d’épreuve", titles=titles, slugs=slugs)
    for path in sorted((ROOT / "bench" / "stress").glob("*.md")):
        shutil.copyfile(path, issue / path.name)
    draw_pictures(issue / "images")
    return root


def draw_pictures(folder: Path) -> None:
    """The pictures of the stress issue: photos that are not flat, and logos on nothing."""
    from PIL import Image, ImageDraw

    folder.mkdir()
    for name, size, start, end in PHOTOS:
        photo = Image.merge("RGB", [_slope(size, *ends) for ends in zip(start, end, strict=True)])
        drawing = ImageDraw.Draw(photo)
        width, height = size
        drawing.ellipse((width * 0.6, height * 0.15, width * 0.6 + height * 0.3, height * 0.45), fill=(255, 236, 179))
        drawing.polygon([(0, height), (width * 0.35, height * 0.45), (width * 0.8, height)], fill=(38, 50, 56))
        photo.save(folder / name, quality=80)
    for name, ink in (("logo.png", (20, 30, 60, 255)), ("logo-clair.png", (245, 247, 250, 255))):
        logo = Image.new("RGBA", (360, 120), (0, 0, 0, 0))
        drawing = ImageDraw.Draw(logo)
        drawing.ellipse((10, 15, 100, 105), outline=ink, width=12)
        for line in range(3):
            drawing.rectangle((125, 25 + 30 * line, 340 - 50 * line, 38 + 30 * line), fill=ink)
        logo.save(folder / name)
    icon = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    ImageDraw.Draw(icon).polygon([(10, 1), (19, 19), (1, 19)], fill=(200, 80, 20, 255))
    icon.save(folder / "icone.png")


def _slope(size: tuple[int, int], start: int, end: int) -> Image.Image:
    from PIL import Image

    return Image.linear_gradient("L").point(lambda value: start + (end - start) * value // 255).resize(size)


def _link_line(index: int) -> str:
    kind, theme, place = (words[index // step % len(words)] for words, step in ((KINDS, 1), (THEMES, 7), (PLACES, 3)))
    title = f"{kind} {theme} {place}"
    address = f"https://blog-{index % 40}.example.org/{2020 + index % 7}/{slugify(title)}/"
    remark = f" — {REMARKS[index % len(REMARKS)]}" if index % 2 else ""
    return f"- [{title}]({address}){remark}"


def _make_issue(root: Path, *, name: str, titles: Sequence[str], slugs: Sequence[str]) -> Path:
    """A workspace with these sections; the folder of its issue 1, empty."""
    sections = [SectionSettings(slug=slug, title=title) for slug, title in zip(slugs, titles, strict=True)]
    workspace = create_workspace(root, name=name, language="fr", sections=sections)
    config = root / CONFIG_FILE
    _write(config, config.read_text(encoding="utf-8").replace("[post]\n", POST).replace("[sender]\n", SENDER))
    issue = workspace.issue_folder(1)
    issue.mkdir(parents=True)
    return issue


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
