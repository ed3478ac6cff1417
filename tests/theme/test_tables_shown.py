"""Tables on a phone's screen, of any words: nothing is cut, nothing goes beyond the edge. Needs Chromium."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from tests.rendering import email_of, make_issue
from tests.theme.browser import measure

pytestmark = pytest.mark.needs("chromium")

WORDS = (
    "a de 36 12,5 été dune sable marée budget 2026-01-01 12/03/2026 120 000 € oui — Ada Saint-Pierre-et-Miquelon "
    "MINISTÈRE constitutionnellement interministérielles WWWWWWWW Привет Εὐαγγέλιον 漢字仮名漢字仮名 مرحبا 🎉🏆 "
    "`code_sans_espace` **gras** *italique* https://un.example/une/adresse/bien/longue [lien](https://a.example/)"
)
TABLES = 16
# No column of a phone is wide enough.
BEYOND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def table_of(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def any_table(chance: random.Random) -> str:
    width = chance.choice((1, 2, 2, 3, 3, 4, 5, 7, 12, 20))

    def cell() -> str:
        return " ".join(chance.choices(WORDS.split(" "), k=chance.choice((0, 1, 1, 2, 3, 8))))

    table = table_of([[cell() for _column in range(width)] for _row in range(chance.randint(1, 4))])
    return table if chance.random() < 0.7 else re.sub("^", "> ", table, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    chance = random.Random(18)
    return {str(number): email_of(make_issue(any_table(chance))) for number in range(TABLES)}


def test_no_word_of_any_table_is_cut_or_beyond_the_edge(pages: dict[str, str], tmp_path: Path) -> None:
    bare = {
        f"{name} without styles": re.sub("<style.*?</style>", "", page, flags=re.DOTALL) for name, page in pages.items()
    }
    wide = {f"{name} wide": page for name, page in pages.items()}
    widths = dict.fromkeys(pages | bare, 320) | dict.fromkeys(wide, 700)
    for name, found in measure(pages | bare | wide, tmp_path, width=widths).items():
        width = widths[name]
        beyond = [text["text"] for text in found["texts"] if text["right"] > width + 1 or text["left"] < -1]
        assert (name, found["scroll"], found["cut"], beyond) == (name, width, [], [])


def test_a_word_wider_than_the_phone_is_cut_and_nothing_is_beyond_the_edge(tmp_path: Path) -> None:
    page = email_of(make_issue(table_of([["Nom", "Long"], ["Ada", BEYOND]])))
    (found,) = measure({"x": page}, tmp_path, width=320).values()
    assert (found["scroll"], found["cut"]) == (320, [BEYOND])


def test_a_wide_table_is_a_table_where_there_is_room(tmp_path: Path) -> None:
    page = email_of(make_issue(table_of([["Nom", "Rôle"], ["Anticonstitutionnellement", "Interministériellement"]])))
    found = measure({"narrow": page, "wide": page}, tmp_path, width={"narrow": 375, "wide": 700})
    assert names_in(found["narrow"]) == ["Nom\u00a0:"]
    assert names_in(found["wide"]) == ["Nom"]


def names_in(found: dict[str, Any]) -> list[str]:
    return [text["text"] for text in found["texts"] if text["height"] and text["text"].startswith("Nom")]
