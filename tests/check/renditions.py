"""Renditions for the tests: of a small issue made in a line, and of one that has everything and is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Unpack

from newsletter_cli.base.values import replace
from newsletter_cli.check.catalogue import RENDITION_RULES
from newsletter_cli.check.subjects.manuscript import Asset
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.check.subjects.survey_issue import survey_issue
from newsletter_cli.config.settings import CheckSettings
from newsletter_cli.flows.renditions import join_renditions
from newsletter_cli.markdown.fragment import FragmentRules, final_address
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.model import Event, Finding, Issue, Job, Section
from newsletter_cli.render.renditions import render_renditions
from tests.rendering import PARIS, FrameChanges, compose, make_issue, make_section, parts_of

CLIENTS = CheckSettings().clients
SUBJECT = "Des oyats, des chiffres et un goûter"
PREHEADER = "Trois rendez-vous au bord de l’eau et une carte à colorier."
# Everything that an editor may write and that is right, close to what is not.
EDITORIAL = """\
Bonjour à toutes et à tous, écrivez-nous à <dunes@gazette.example>.

![Une dune au soleil](https://images.example/dune.jpg)
"""
RIGHT = """\
Le [relevé du *sable*](https://sable.example/r) et [**celui du vent**](https://vent.example/) sont là, `{{ prêts }}`.
Dans un modèle, `{% if %}` ouvre et {{ nom }} se remplit ; `\\u{a0}` est une espace, `__INIT__` un nom, 12 < 13 aussi.

### Une page de code

```html
<table><tr><td>{{ cellule }}</td></tr></table> et une ligne de code bien plus longue que les soixante-seize colonnes
```

| Mois | Sable | Remarque |
|------|------:|----------|
| mai  |   12 t | [la note](https://sable.example/mai) |
| juin |   14 t | **record** |

- un
- deux, avec <small>une précision</small> et H<sub>2</sub>O, 1<sup>er</sup>

> Une citation.

1. d’abord
2. ensuite[^1]

[^1]: Une note avec [un lien](https://note.example/).

#### Une précision

<p align="right">À droite, c’est permis.</p>

[![La carte des oyats](https://images.example/carte.png)](https://carte.example/)

Un <abbr>SIG</abbr>, un mot <mark>marqué</mark>, <kbd>Ctrl</kbd>, ~~barré~~ et H<sub>2</sub>O.
"""
EVENT = Event(
    title="Goûter {{ surprise }}",
    start=datetime(2024, 5, 16, 16, tzinfo=PARIS),
    end=datetime(2024, 5, 16, 18, tzinfo=PARIS),
    place="La cale",
    url="https://gouter.example/",
    description="On apporte une [tarte](https://tarte.example/).\n\n- aux pommes",
    line=4,
)
JOB = Job(
    title="Garde du littoral", employer="Le Parc", url="https://parc.example/1", deadline=date(2024, 6, 1), line=9
)


def renditions_of(
    *sections: Section | str,
    editorial: str = "",
    theme: str = "default",
    assets: Mapping[str, Asset] | None = None,
    issue: Issue | None = None,
    **frame: Unpack[FrameChanges],
) -> Renditions:
    """What the rules are given for an issue with these sections."""
    made = issue or replace(
        make_issue(*sections, editorial=editorial), subject=SUBJECT, preheader=PREHEADER, lines={"preheader": 4}
    )
    composed = compose(made, **frame)
    rules = FragmentRules(base_url=composed.frame.online_url)
    sizes = {
        final_address(name, rules): (one.width, one.height)
        for name, one in (assets or {}).items()
        if one.width and one.height
    }
    plates = frozenset(final_address(name, rules) for name, one in (assets or {}).items() if one.is_dark_drawing)
    parts = replace(parts_of(theme, sizes=sizes), plates=plates)
    parsed = parse_issue(made)
    bodies, headers = survey_issue(parsed)
    return join_renditions(
        composed,
        parts,
        render_renditions(composed, parts),
        texts=bodies + headers,
        assets=assets or {},
        clients=CLIENTS,
        parsed=parsed,
    )


@cache
def right(theme: str = "default") -> Renditions:
    """An issue that has everything, and nothing to complain of."""
    return renditions_of(
        make_section(RIGHT, slug="sable", title="Le sable & le [vent](https://vent.example/)", first_line=6),
        make_section("Venez !", slug="agenda", title="Agenda", events=[EVENT], jobs=[JOB], first_line=20),
        editorial=EDITORIAL,
        theme=theme,
    )


def mutated(old: str, new: str, *, count: int = -1, base: Renditions | None = None) -> Renditions:
    """The right issue, its e-mail changed after it was made, as another theme might have made it."""
    before = base or right()
    assert old in before.email
    return replace(before, email=before.email.replace(old, new, count))


def retold(change: Callable[[str], str]) -> Renditions:
    """The right issue, its plain text changed."""
    before = right()
    after = change(before.text)
    assert after != before.text
    return replace(before, text=after)


def found(renditions: Renditions, slug: str) -> list[Finding]:
    """What the rule of that name finds."""
    [rule] = [one for one in RENDITION_RULES if one.slug == slug]
    return list(rule.check(renditions))


def places(renditions: Renditions, slug: str) -> list[str]:
    """Where the rule of that name finds something."""
    return [finding.place for finding in found(renditions, slug)]


def slugs(renditions: Renditions) -> Sequence[str]:
    """The rules that find something."""
    return sorted({finding.rule for rule in RENDITION_RULES for finding in rule.check(renditions)})
