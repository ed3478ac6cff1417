"""The e-mail in every simulated mail reader, in the light and in the dark: readable, whole, no wider than a phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.check.clients.readers import MailReader, mail_readers
from newsletter_cli.check.clients.shown import as_shown_by
from newsletter_cli.check.subjects.origins import squeezed
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.flows.read import read_sources
from newsletter_cli.model import Event, Job
from newsletter_cli.workspace.folder import open_workspace
from newsletter_cli.workspace.scaffold import create_workspace
from tests.check.clients.sight import Sight, look
from tests.chromium import launched
from tests.conftest import ROOT
from tests.rendering import PARIS, THEMES, email_of, make_issue, make_section, render_all
from tests.samples import sample

pytestmark = pytest.mark.needs("chromium")
# Those that differ most: colours turned over, Word, marks of Outlook's, no child selectors, no sheets, few properties.
USUAL = ("gmail-ios", "outlook-classic", "outlook-web", "orange-web", "sfr-web", "yahoo-web", "samsung-android")
# Who breaks no long word (Yahoo, GMX) shows a line of code, or a host of forty letters, on a wide phone of today alone.
PHONE_PX, WIDER_PHONE_PX, DESK_PX = 320, 430, 700
WIDTHS_PX = (PHONE_PX, WIDER_PHONE_PX, DESK_PX)
# What is on a desk alone.
ON_DESKS = frozenset(("outlook-classic",))
# Of whom caniemail knows next to nothing, nothing can be shown.
LEAST_KNOWN = 0.05
EDITORIAL = """\
Bonjour, voici [une lettre](https://dunes.example/) **de toute sorte** et son [programme](#fin).

[![La carte](https://images.example/carte.png)](https://carte.example/)

*Photo : la plage en mai.*
"""
STRESS = """\
Un <abbr title="Système d’information">SI</abbr>, un mot <mark>marqué</mark>, <kbd>Ctrl</kbd>, ~~barré~~, `code`,
H<sub>2</sub>O, <small>petit</small>, <ruby>漢<rt>かん</rt></ruby>, <bdi>نور</bdi>,
<time>14 h</time>, <u>souligné</u> et une note[^n].

**[S’inscrire à la sortie](https://dunes.example/inscription)**

https://dunes.example/une/adresse/longue/qui/ne/finit/pas?question=abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop

### Un titre

| Territoire | Hauteur | Remarque |
|------------|--------:|----------|
| Oléron     | 12,4 m  | un [relevé](https://dunes.example/r) de mai |
| Dunkerque  | 8 m     | `code` et **gras** |

#### Plus petit

> Une citation, avec [un lien](https://dunes.example/c) et `du code`.
>
> - une liste dedans

1. un
2. deux
   - dessous
     - plus bas

       Un paragraphe.

- [ ] à faire
- [x] fait

```python
def dune(vent: float) -> str:
    return f"une ligne de code qui est plus longue que tout ce qu’un téléphone montre en une fois : {vent}"
```

<p dir="rtl">مرحبا بكم في الرسالة</p>

<details><summary>Le pli</summary>Ce qui est plié.</details>

Terme
: Sa définition.

![Un](https://images.example/a.webp) ![Deux](https://images.example/b.png) ![Trois](https://images.example/c.gif)

***

<p align="right">À droite.</p>

[^n]: Une note, avec [un lien](https://dunes.example/n).
"""


def stress(theme: str) -> str:
    """An issue with every kind of thing."""
    event = Event(
        title="Sortie nature", start=datetime(2024, 5, 16, 16, tzinfo=PARIS), place="La cale",
        url="https://dunes.example/sortie", description="On apporte [une tarte](https://tarte.example/) et `rien`.",
    )  # fmt: skip
    job = Job(
        title="Garde", employer="Le Parc", url="https://parc.example/1", deadline=date(2024, 6, 1), reference="X1"
    )
    sections = (
        make_section(STRESS, slug="sorte", title="De toute `sorte`"),
        make_section("Venez.", slug="agenda", title="Agenda", events=[event], jobs=[job]),
    )
    issue = replace(make_issue(*sections, editorial=EDITORIAL), preheader="Ce que la boîte montre avant la lettre.")
    return email_of(issue, theme=theme, greeting="Bonjour Léa,")


def the_sample() -> str:
    return str(render_all(read_sources(open_workspace(ROOT), 1))["email.html"])


def shown_readers(names: Iterable[str] | None = None) -> Iterator[MailReader]:
    for name, reader in mail_readers().items():
        if (names is None or name in names) and reader.known_share >= LEAST_KNOWN:
            yield reader


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with launched() as browser:
        page = browser.new_page()
        page.route("**/*", lambda route: route.abort())
        yield page


def faults(page: Any, email: str, readers: Iterable[MailReader]) -> list[str]:
    """What is hard to read, missing, or too wide, by mail reader."""
    said = dict(_all_faults(page, email, readers))
    return [f"{', '.join(names)}: {fault}" for fault, names in _turned(said).items()]


def _turned(said: Mapping[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, all_ in said.items():
        for one in all_:
            found.setdefault(one, []).append(name)
    return found


def _all_faults(page: Any, email: str, readers: Iterable[MailReader]) -> Iterator[tuple[str, list[str]]]:
    whole = {width: look(page, email, width_px=width, is_dark=False).words for width in WIDTHS_PX}
    for reader in readers:
        width = _width_px(reader)
        for is_dark in (False, True):
            is_forced = is_dark and reader.darkening == "forced"
            shown = as_shown_by(email, reader, is_dark=is_dark)
            sight = look(page, shown, width_px=width, is_dark=is_dark and not is_forced)
            name = f"{reader.name}{' in the dark' if is_dark else ''}"
            yield name, [*_seen_faults(sight, whole[width], is_inverted=is_forced)]


def _width_px(reader: MailReader) -> int:
    if reader.name in ON_DESKS:
        return DESK_PX
    return WIDER_PHONE_PX if reader.lacks("css-word-break") else PHONE_PX


def _seen_faults(sight: Sight, whole: Sequence[str], *, is_inverted: bool) -> Iterator[str]:
    faint = [*sight.faint(is_inverted=is_inverted)]
    if faint:
        yield f"{len(faint)} texts that are hard to read, as {faint[0]}"
    if sight.is_too_wide:
        yield f"too wide: {sight.wide}"
    # A word more is what stands for a picture that is not shown.
    letters = sight.letters
    missing = [word for word in whole if squeezed(word) not in letters]
    if missing:
        yield f"missing words: {', '.join(missing)}"


def test_what_differs_most(page: Any) -> None:
    assert faults(page, stress("default"), shown_readers(USUAL)) == []


@pytest.mark.parametrize("theme", sample(THEMES))
def test_an_issue_of_every_kind_in_every_mail_reader(page: Any, theme: str) -> None:
    assert faults(page, stress(theme), shown_readers()) == []


@pytest.mark.long
def test_the_sample_in_every_mail_reader(page: Any) -> None:
    assert faults(page, the_sample(), shown_readers()) == []


@pytest.mark.long
def test_the_seed_in_every_mail_reader(page: Any, tmp_path: Path, seed_path: Path) -> None:
    workspace = create_workspace(tmp_path / "ws", name="10 %", language="fr", sections=default_sections("fr"))
    import_post(workspace, seed_path, number=None, is_learning=False)
    email = str(render_all(read_sources(workspace, 1))["email.html"])
    assert faults(page, email, shown_readers()) == []


def test_a_fault_is_seen(page: Any) -> None:
    """What the tests above look for, in one page that has it all."""
    [orange] = shown_readers(["orange-web"])
    email = (
        "<html><head><style>@media (prefers-color-scheme: dark) { p { color: #eee !important }"
        " .all > div { background: #111 !important } }</style></head>"
        '<body><div class="all"><div><p style="color:#111">hello</p><p style="width:900px">wide</p></div></div></body>'
    )
    light_and_dark, dark = faults(page, email, [orange])
    assert "too wide" in light_and_dark
    assert dark.startswith("orange-web in the dark: 1 texts that are hard to read")
    [missing] = _seen_faults(look(page, "<p>hello</p>", width_px=320, is_dark=False), ["world"], is_inverted=False)
    assert missing == "missing words: world"
