"""Cases of the rules on content: Markdown that anybody can add, in tests/check/cases/rule-slug.md.

A file is a series of cases, each opened by a line that begins with `===`:

    === bad 3:5 4:1 | a link whose words say nothing
    === fixed
    === former
    === good lang=en | the word in the middle of a sentence

What follows, up to the next such line, is a section file (with front matter if need be). `bad`: the rule fires, at
these lines and columns exactly (`3` is any column of line 3). `fixed` after a `bad`: what `nl check --fix` makes of
it, after which the rule is silent. `former` after either: the same file in the issue before. `good`: no rule at all
fires, of any kind. Settings, as `name=value`: `lang` (fr), `date` of the issue (2026-06-11), `number` (2), `file`
(agenda.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.workspace.folder import open_workspace
from tests.workspaces import read_manuscript, write

FOLDER = Path(__file__).parent / "cases"
MARKER = re.compile(r"^=== *(bad|good|fixed|former)\b([^|\n]*)(?:\| *(.*))?\n", re.MULTILINE)
PLACE = re.compile(r"(\d+)(?::(\d+))?")
# An issue with nothing to complain of, so that a case is alone with its text.
ISSUE = """---
title: "{title}"
slug: issue{number}
date: {date}
summary: "{summary}"
subject: "{subject}"
preheader: "{preheader}"
---
"""
WORDS = {
    "fr": (
        "Lettre no {number}",
        "Ce que le mois nous réserve.",
        "Des nouvelles des dunes",
        "Le sable, le vent et trois dates à ne pas manquer ce mois-ci.",
    ),
    "en": (
        "Letter no {number}",
        "What the month has in store.",
        "News from the dunes",
        "The sand, the wind and three dates you should not miss this month.",
    ),
}
CONFIG = """[newsletter]
name = "Dunes"
language = "{lang}"
title = "{title}"

[[sections]]
slug = "agenda"
title = "Agenda"
new = false

[[sections]]
slug = "standing"
title = "Standing"
new = false
standing = true
"""


@dataclass(frozen=True)
class Case:
    """One case. `places` are (line, column or `None`) pairs; `fixed` what it becomes, if that is told."""

    rule: str
    kind: str
    title: str
    text: str
    settings: Mapping[str, str] = field(default_factory=dict)
    places: tuple[tuple[int, int | None], ...] = ()
    fixed: str | None = None
    former: str | None = None

    @property
    def file(self) -> str:
        """The file's name."""
        return self.settings.get("file", "agenda.md")

    def __str__(self) -> str:
        return f"{self.rule}: {self.title}"


def read_cases() -> Iterator[Case]:
    """The cases of every rule that has a file of them."""
    for path in sorted(FOLDER.glob("*.md")):
        yield from parse_cases(path.stem, path.read_bytes().decode())


def parse_cases(rule: str, content: str) -> Iterator[Case]:
    """The cases of one file. A carriage return is written `␍` at a line's end, a byte order mark is none."""
    markers = list(MARKER.finditer(content))
    bodies = [
        content[one.end() : after.start() if after else len(content)].replace("␍\n", "\r\n")
        for one, after in zip(markers, [*markers[1:], None], strict=True)
    ]
    for index, (marker, body) in enumerate(zip(markers, bodies, strict=True)):
        if marker[1] in ("fixed", "former"):
            continue
        also: dict[str, str] = {}
        for follower, text in zip(markers[index + 1 :], bodies[index + 1 :], strict=True):
            if follower[1] not in ("fixed", "former"):
                break
            also[follower[1]] = text
        settings = dict(re.findall(r"(\w+)=(\S+)", marker[2]))
        plain = re.sub(r"\w+=\S+", "", marker[2])
        places = tuple((int(line), int(column) if column else None) for line, column in PLACE.findall(plain))
        yield Case(
            rule=rule,
            kind=marker[1],
            title=marker[3] or body.strip()[:40],
            text=body,
            settings=settings,
            places=places,
            fixed=also.get("fixed"),
            former=also.get("former"),
        )


def manuscript_of(case: Case, root: Path, text: str | None = None) -> Manuscript:
    """The case's file in an issue that is right in all else."""
    lang, number = case.settings.get("lang", "fr"), int(case.settings.get("number", "2"))
    title, summary, subject, preheader = WORDS.get(lang[:2], WORDS["en"])
    write(root / "newsletter.toml", CONFIG.format(lang=lang, title=title))
    texts = {number: case.text if text is None else text}
    if case.former is not None:
        texts[number - 1] = case.former
    for one, content in texts.items():
        head = ISSUE.format(
            number=one,
            title=title.format(number=one),
            date=case.settings.get("date", "2026-06-11") if one == number else "2026-05-12",
            summary=summary,
            subject=subject,
            preheader=preheader,
        )
        folder = root / "sections" / f"{one:03d}"
        write(folder / "_issue.md", head)
        write(folder / case.file, content)
    return read_manuscript(open_workspace(root), number)
