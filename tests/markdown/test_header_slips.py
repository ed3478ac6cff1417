# ruff: noqa: E501 - a case stands on a line of its own
"""Headers that are not as they were meant: every fault at once, with the line put right."""

from __future__ import annotations

import pytest

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.markdown.frontmatter import Document, Header, read_header
from newsletter_cli.model import Finding, Level


def read(header: str) -> tuple[Header, list[FrontMatterError]]:
    return read_header(Document(header=header, body="", header_line=2, body_line=9, style="yaml"), file="agenda.md")


def fixes(found: list[FrontMatterError] | tuple[Finding, ...]) -> list[tuple[int | None, str | None]]:
    return [(one.line, one.edits[0].new if one.edits else None) for one in found]


class TestFaults:
    @pytest.mark.parametrize(
        ("line", "fixed"),
        [
            ("title: Le phare : une visite", 'title: "Le phare : une visite"'),
            ("author: @phare", 'author: "@phare"'),
            ("title: `nl` est sorti", 'title: "`nl` est sorti"'),
            ("subject: %50 de marées", 'subject: "%50 de marées"'),
            ("title: *Marée basse*", 'title: "*Marée basse*"'),
            ("title: !Venez", 'title: "!Venez"'),
            ("title: > 100 visites", 'title: "> 100 visites"'),
            ("title: | phare |", 'title: "| phare |"'),
            ("title: - 3 degrés", 'title: "- 3 degrés"'),
            ("title: [Phare] les horaires", 'title: "[Phare] les horaires"'),
            ("summary: 'L'îlot'", 'summary: "L\'îlot"'),
            ('summary: "Le "grand" large"', 'summary: "Le \\"grand\\" large"'),
            ('author: "Loïc', 'author: "Loïc"'),
            ('author: "Loïc”', 'author: "Loïc"'),
            ('place: "C:\\Users\\phare"', 'place: "C:\\\\Users\\\\phare"'),
            ("title = Le phare", "title: Le phare"),
            ("images: [a.png, b.png", "images: [a.png, b.png]"),
        ],
    )
    def test_a_line_put_right(self, line: str, fixed: str) -> None:
        _header, faults = read(f"slug: x\n{line}\n")
        assert fixes(faults) == [(3, fixed)]
        assert read(f"slug: x\n{fixed}\n")[1] == []

    def test_all_of_a_file_at_once(self) -> None:
        header, faults = read(
            "title: A : b\nauthor: @moi\nslug: x\nslug: y\nsans deux-points\n\tstatus: draft\nevents:\n  - title: C : d\n"
        )
        assert [one.line for one in faults] == [2, 3, 5, 6, 7, 9]
        assert header.values["title"] == "A : b"
        assert header.values["events"] == [{"title": "C : d"}]

    def test_what_stands_below_a_line_that_is_left_out_is_no_fault_of_its_own(self) -> None:
        _header, faults = read("post:\n  a: 1\npost:\n  b:\n    c: 2\ntitle: A : b\n")
        assert [one.line for one in faults] == [4, 7]

    def test_no_english_reason_of_the_library_is_shown(self) -> None:
        _header, faults = read("images:\n    - b\n  c\n")
        assert faults
        assert not any("mapping" in one.message or "expected" in one.message for one in faults)


class TestSlips:
    @pytest.mark.parametrize(
        ("line", "meant"),
        [
            ("title:\u00a0Le phare", "title: Le phare"),
            ("titre\u00a0: Le phare", "titre: Le phare"),
            ("auteur\u202f:\u202fLoïc", "auteur: Loïc"),
            ("\u00a0status: ready", " status: ready"),
            ("subject:Le phare", "subject: Le phare"),
            ("url:https://example.org/", "url: https://example.org/"),
            ("title\uff1a Le phare", "title: Le phare"),
            ("\u200btitle: Le phare", "title: Le phare"),
        ],
    )
    def test_what_leaves_no_doubt_is_read_and_told(self, line: str, meant: str) -> None:
        header, faults = read(f"{line}\n")
        assert faults == []
        assert (2, meant) in fixes(header.findings)
        assert header.values == read(f"{meant.strip()}\n")[0].values

    @pytest.mark.parametrize("dash", ["– ", "• ", "* ", "-", "—"])
    def test_entries_behind_another_dash(self, dash: str) -> None:
        header, faults = read(f"events:\n{dash}title: Marée\n  start: 2026-06-11\n")
        assert faults == []
        assert header.values["events"][0]["title"] == "Marée"
        assert fixes(header.findings) == [(3, "- title: Marée")]

    @pytest.mark.parametrize(
        "header",
        [
            "summary: |\n  title:none\n  \u00a0\u00a0x\n",
            "title: Voir\u00a0: la suite\n",
            "images:\n  - |-\n    x\n    \u00a0- title: y\n",
            "title: 'Le phare\n  title:none\n  et la suite'\n",
            'summary: "Le phare\n  \u00a0title: x"\n',
            "post:\n  custom: 'a:b'\n",
            "url: https://example.org/title:x\n",
            "start: 2026-06-11T14:00\n",
        ],
    )
    def test_what_is_right_is_left_alone(self, header: str) -> None:
        assert read(header)[0].findings == ()


class TestMeantOtherwise:
    @pytest.mark.parametrize(
        ("line", "fixed"),
        [
            ("title: Lettre #2", 'title: "Lettre #2"'),
            ("subject: Le phare #OpenData", 'subject: "Le phare #OpenData"'),
            ("subject: Lettre # 2", 'subject: "Lettre # 2"'),
            ("author: #PhareData", 'author: "#PhareData"'),
            ("title: &Co", 'title: "&Co"'),
            ("title: &Co et fils", 'title: "&Co et fils"'),
            ("title: « Le phare »", 'title: "Le phare"'),
            ("title: “Le phare”", 'title: "Le phare"'),
            ('subject: “Le phare"', 'subject: "Le phare"'),
            ("author: ‘Loïc’", 'author: "Loïc"'),
            ("title: << Le phare >>", 'title: "Le phare"'),
        ],
    )
    def test_is_found_with_the_line_that_was_meant(self, line: str, fixed: str) -> None:
        header, faults = read(f"slug: x\n{line}\nstatus: ready\n")
        # Where two things are the matter with a line, both are told.
        assert (3, fixed) in fixes(header.findings) + fixes(faults)
        assert read(f"slug: x\n{fixed}\n")[0].findings == ()

    def test_a_quote_closed_lines_later(self) -> None:
        header, faults = read('title: "Le phare\n  author: Loïc\n  la nuit"\nslug: x\n')
        assert faults == []
        assert [(one.line, one.rule, one.level) for one in header.findings] == [
            (2, "front-matter-value-cut", Level.ERROR)
        ]

    def test_a_block_with_no_line(self) -> None:
        assert [one.line for one in read("title: |\nstatus: ready\n")[0].findings] == [2]

    @pytest.mark.parametrize(
        "header",
        [
            "status: ready # relu par Ana\n",
            "title: Le phare # à confirmer\n",
            "title: Le phare # nl: ignore title-missing\n",
            'title: "Lettre #2"\n',
            "title: C# et F#\n",
            "title: « Le phare » et « la digue »\n",
            'title: "« Le phare »"\n',
            "title: Dire « phare »\n",
            "base: &base x\ntitle: *base\n",
            "summary: |\n  Lettre #2\n  « x »\n",
            "date: 2026-06-11 #ou le 12\n",
            'title: "Sur deux\n  lignes"\n',
            "description: « Un mot de la gardienne »\n",
        ],
    )
    def test_what_is_right_is_left_alone(self, header: str) -> None:
        assert read(header)[0].findings == ()
