"""The e-mail as a reader's screen shows it. Needs Chromium."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.flows.read import read_sources
from newsletter_cli.flows.render import compose_sources
from newsletter_cli.render.email import render_email
from newsletter_cli.workspace.folder import open_workspace
from tests.render.hostile import hostile_issue
from tests.render.test_email import CASES
from tests.rendering import ROOT, THEMES, Page, compose, email_of, make_issue, parts_of, render_all
from tests.samples import sample
from tests.theme.browser import measure

pytestmark = pytest.mark.needs("chromium")

WIDE = """\
https://un.example/une-adresse-qui-ne-veut-pas-finir-et-que-rien-ne-coupe-jamais-jamais-jamais-jamais-jamais

| Une | table | de | beaucoup | de | colonnes |
|-----|-------|----|----------|----|----------|
| anticonstitutionnellement | 2 | anticonstitutionnellement | 4 | 5 | anticonstitutionnellement |

```
une ligne de code qui est bien plus longue que l'écran d'un téléphone et qui ne revient pas à la ligne
```

Anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement et `du_code_tres_long_sans_espace_du_tout`.

<img src="https://i.example/a.png" width="900" alt="Une image annoncée plus large que l’écran">
"""
BLOCKS = """\
**[Venir avec nous le soir de la marche, lampe en main](https://un.example/venir)**

> Une citation.
>
> > Dans une citation : anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement.

- [ ] à faire
- [x] fait

==surligné==, <kbd>Ctrl</kbd>, H~2~O

```python
@onde
def maree(nom: str) -> float:  # en mètres
        return {"nom": nom, "hauteur": 1.5, "une_cle_qui_ne_veut_pas_finir_et_que_rien_ne_coupe_jamais": None}
```

- item

  ```sql
  SELECT nom FROM marees WHERE hauteur > 10 -- et plus
  ```

فقرة بالعربية مع `code` و https://un.example/une/adresse/longue/qui/ne/veut/pas/finir/du/tout

- واحد
- two

> اقتباس
"""
Measured = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", params=sample(["one theme", "every theme"], "one theme"))
def pages(request: pytest.FixtureRequest) -> dict[str, str]:
    found = {}
    for theme in THEMES if request.param == "every theme" else ["default"]:
        composed, _parts = compose_sources(read_sources(open_workspace(ROOT), 1))
        found[f"sample {theme}"] = render_email(composed, parts_of(theme))
        hostile = hostile_issue(is_huge=False)
        # Thirty quotations in one another have no room on a phone.
        shallow = tuple(section for section in hostile.sections if section.slug != "f")
        found[f"hostile {theme}"] = email_of(replace(hostile, sections=shallow), theme=theme)
        found[f"wide {theme}"] = email_of(make_issue(WIDE), theme=theme)
        found[f"blocks {theme}"] = email_of(make_issue(BLOCKS), theme=theme)
        for name, (issue, frame) in CASES.items():
            found[f"{name} {theme}"] = render_email(compose(issue, **frame), parts_of(theme))
    found["sample own"] = str(render_all(read_sources(open_workspace(ROOT), 1))["email.html"])
    return found


@pytest.fixture(scope="module")
def phone(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measure(pages, tmp_path_factory.mktemp("phone"), width=320)


@pytest.fixture(scope="module")
def dark(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Measured:
    half = {f"{name} without >": without_children(page) for name, page in pages.items()}
    return measure(pages | half, tmp_path_factory.mktemp("dark"), width=680, is_dark=True)


def without_children(page: str) -> str:
    """The page in Orange's webmail, which knows dark colours and no child combinator (caniemail)."""

    def rule(found: re.Match[str]) -> str:
        kept = [selector for selector in found[1].split(",") if ">" not in selector]
        return ",".join(kept) + "{" + found[2] + "}" if kept else ""

    def style(found: re.Match[str]) -> str:
        return found[1] + re.sub(r"([^{}@]+)\{([^{}]*)\}", rule, found[2]) + found[3]

    return re.sub(r"(?is)(<style[^>]*>)(.*?)(</style>)", style, page)


@pytest.fixture(scope="module")
def without_images(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measure(pages, tmp_path_factory.mktemp("bare"), width=680, has_images=False)


def test_no_horizontal_scroll_at_320_pixels(phone: Measured) -> None:
    for name, found in phone.items():
        assert found["width"] == 320
        beyond = [text["text"] for text in found["texts"] if text["right"] > 321 or text["left"] < -1]
        assert (name, found["scroll"], beyond) == (name, 320, [])


@pytest.mark.long
def test_the_seed_has_no_horizontal_scroll_either(seed_renditions: dict[str, str], tmp_path: Path) -> None:
    (found,) = measure({"seed": seed_renditions["email.html"]}, tmp_path, width=320).values()
    assert (found["width"], found["scroll"]) == (320, 320)


@pytest.mark.long
def test_text_is_large_enough_everywhere(phone: Measured, without_images: Measured) -> None:
    for found in (*phone.values(), *without_images.values()):
        assert [text for text in found["texts"] if text["size"] < 12.5 or text["height"] < 8] == []


@pytest.mark.long
def test_with_images_off_all_text_is_readable(pages: dict[str, str], without_images: Measured) -> None:
    for name, found in without_images.items():
        assert faint(found["texts"]) == [], name
        shown = {text["text"] for text in found["texts"]}
        for _level, heading in Page(pages[name]).headings():
            assert any(heading.startswith(text) or text in heading for text in shown), heading


@pytest.mark.long
def test_with_images_off_alternatives_are_in_the_texts_own_size_and_ink(without_images: Measured) -> None:
    images = [image for found in without_images.values() for image in found["images"] if image["text"]]
    assert images
    assert faint(images) == []
    assert all(image["size"] >= 14 for image in images)


def test_dark_colours_are_applied_to_all_text(dark: Measured) -> None:
    for name, found in dark.items():
        assert faint(found["texts"]) == [], name
        assert faint([image for image in found["images"] if image["text"]]) == [], name
        sheets = [text for text in found["texts"] if luminance(text["paper"]) > 0.5]
        # Buttons and badges may be light in the dark; running text may not.
        assert len(sheets) <= len(found["texts"]) / 4, name


def test_the_measure_tells_faint_from_readable(tmp_path: Path) -> None:
    page = "<!doctype html><body style='background:#fff;margin:0'><p style='color:#999;width:900px'>pâle</p>net</body>"
    (found,) = measure({"x": page}, tmp_path, width=320).values()
    assert found["scroll"] == 900
    assert [text["text"] for text in faint(found["texts"])] == ["pâle"]


def faint(texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Texts with a contrast below 4.5:1 (WCAG 2.2, 1.4.3); half a step of tolerance for rounding."""
    return [text for text in texts if contrast(text["ink"], text["paper"] or [255, 255, 255]) < 4.45]


def contrast(one: list[float], other: list[float]) -> float:
    light, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dim + 0.05)


def luminance(colour: list[float]) -> float:
    shares = [channel / 255 for channel in colour]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
