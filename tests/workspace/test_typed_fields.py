"""What editors type into headers: French names and values, dates in words, files in other encodings."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from newsletter_cli.base.errors import ContentError
from newsletter_cli.flows.check import check_workspace
from newsletter_cli.model import Status
from newsletter_cli.workspace.read import ReadIssue, read_issue
from newsletter_cli.workspace.typed_dates import NotThatDay, read_typed_moment
from tests.workspaces import CONFIG, ISSUE, make_workspace

FRENCH = CONFIG.replace('language = "en"', 'language = "fr"')
EVENT = """---
Titre: À l’agenda
auteur: Zoé
statut: Prêt
événements:
  - titre: Marée basse
    début: jeudi 11 juin 2026 à 18h30
    fin: 20h
    lieu: Brest
    lien: https://example.org/maree
---
Texte.
"""


def read(tmp_path: Path, **files: str | bytes) -> ReadIssue:
    workspace = make_workspace(tmp_path, FRENCH, issues={1: dict(ISSUE)})
    for name, text in files.items():
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "sections" / "001" / f"{name}.md").write_bytes(content)
    return read_issue(workspace, 1)


class TestFrench:
    def test_fields_statuses_and_dates(self, tmp_path: Path) -> None:
        issue = read(tmp_path, agenda=EVENT)
        section = next(one for one in issue.issue.sections if one.slug == "agenda")
        event = section.events[0]
        assert (section.title, section.author, section.status) == ("À l’agenda", "Zoé", Status.READY)
        assert (event.title, event.place, event.url) == ("Marée basse", "Brest", "https://example.org/maree")
        assert isinstance(event.start, datetime)
        assert event.start.strftime("%Y-%m-%d %H:%M") == "2026-06-11 18:30"
        assert section.lines["author"] == 3
        assert issue.findings == ()

    def test_an_issue(self, tmp_path: Path) -> None:
        text = "---\ntitre: Lettre\ndate: 1er juin 2026\nobjet: Le phare\nrésumé: Oui.\naccroche: Et la digue.\n---\n"
        issue = read(tmp_path, _issue=text).issue
        assert (issue.title, issue.subject, issue.summary, issue.preheader) == (
            "Lettre", "Le phare", "Oui.", "Et la digue."
        )  # fmt: skip
        assert issue.date is not None
        assert issue.date.date() == date(2026, 6, 1)

    @pytest.mark.parametrize(
        ("typed", "status"),
        [
            ("Prêt !", Status.READY),
            ("ready.", Status.READY),
            ("« prête »", Status.READY),
            ("BROUILLON", Status.DRAFT),
            ("sauté", Status.SKIP),
        ],
    )
    def test_statuses(self, tmp_path: Path, typed: str, status: Status) -> None:
        issue = read(tmp_path, agenda=f"---\nstatut: {typed}\n---\nx\n").issue
        assert next(one.status for one in issue.sections if one.slug == "agenda") is status

    def test_one_field_under_two_names(self, tmp_path: Path) -> None:
        found = read(tmp_path, agenda="---\nauthor: Zoé\nauteur: Ana\n---\nx\n").findings
        assert [(one.line, one.rule) for one in found] == [(3, "front-matter-unknown-key")]

    def test_a_proposal_never_leads_astray(self, tmp_path: Path) -> None:
        found = read(tmp_path, agenda="---\nautour: Zoé\nstats: x\n---\nx\n").findings
        assert not any("after" in (one.suggestion or "").split("?")[0].split(":")[0] for one in found)


class TestDates:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("11 mai 2023", date(2023, 5, 11)),
            ("jeudi 11 mai 2023", date(2023, 5, 11)),
            ("le 1er juin 2026", date(2026, 6, 1)),
            ("11/05/2023", date(2023, 5, 11)),
            ("11 mai 2023 à 18h30", datetime(2023, 5, 11, 18, 30)),
            ("11 mai 2023, 18 h", datetime(2023, 5, 11, 18)),
            ("jeudi 11/05/2023 18:30", datetime(2023, 5, 11, 18, 30)),
            ("2023-05-11 18h30", datetime(2023, 5, 11, 18, 30)),
            ("11 mai", None),
            ("demain", None),
            ("31 avril 2023", None),
            ("11 mai 2023 à 25h", None),
            ("20230511", None),
        ],
    )
    def test_in_words(self, text: str, expected: date | None) -> None:
        assert read_typed_moment(text, "fr") == expected

    def test_figures_that_could_be_either_day_in_english(self) -> None:
        assert read_typed_moment("04/05/2023", "en") is None
        assert read_typed_moment("28/05/2023", "en") == date(2023, 5, 28)

    def test_another_day_of_the_week(self) -> None:
        with pytest.raises(NotThatDay, match="jeudi"):
            read_typed_moment("vendredi 11 mai 2023", "fr")


class TestAllAtOnce:
    def test_faults_of_the_header_and_of_its_values(self, tmp_path: Path) -> None:
        text = (
            "---\ntitle: A : b\nstatus: peut-être\nauthor: [Zoé, Ana]\nevents:\n"
            "  - start: bientôt\n    url: x\n  - title: B\n---\n"
        )
        with pytest.raises(ContentError) as caught:
            read(tmp_path, agenda=text, _issue="---\ndate: bientôt\nsubject: a : b\n---\n")
        found = [(one.file, one.line) for one in (caught.value, *caught.value.also)]
        agenda = "sections/001/agenda.md"
        assert sorted(line or 0 for file, line in found if file == agenda) == [2, 3, 4, 6, 6, 7, 8]
        assert sorted(line or 0 for file, line in found if file == "sections/001/_issue.md") == [2, 3]


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le"])
    def test_are_read_and_told(self, tmp_path: Path, encoding: str) -> None:
        issue = read(tmp_path, agenda="---\nauthor: Zoé\n---\nL’été à Brest…\n".encode(encoding))
        assert next(one.body.text for one in issue.issue.sections if one.slug == "agenda") == "L’été à Brest…\n"
        assert [(one.file, one.rule) for one in issue.findings] == [("sections/001/agenda.md", "file-encoding")]

    def test_what_is_no_text_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError):
            read(tmp_path, agenda=b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00")

    def test_other_faults_are_told_beside_it(self, tmp_path: Path) -> None:
        read(tmp_path, agenda="Été\n".encode("cp1252"))
        workspace = make_workspace(tmp_path / "b", FRENCH, issues={1: dict(ISSUE)})
        path = tmp_path / "b" / "sections" / "001" / "agenda.md"
        path.write_bytes("---\ntitle: É : b\n---\n".encode("cp1252"))
        assert {one.rule for one in check_workspace(workspace, 1).findings} >= {"content-unusable", "file-encoding"}
