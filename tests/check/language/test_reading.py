"""An issue read by several readers: what is told of it, and who read what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsletter_cli.check.catalogue import check_language_report
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.reader import Fault, FaultKind, ReaderFailed
from newsletter_cli.check.language.readers import Readers
from newsletter_cli.check.language.reading import read_language
from newsletter_cli.check.language.report import LanguageReport, report_unread
from newsletter_cli.model import Finding, Level
from tests.check.language.texts import manuscript


@dataclass
class Reader:
    """Finds the words it is told to find: unknown ones, and faults of grammar with what to write."""

    name: str = "One"
    languages: frozenset[str] = frozenset(("fr",))
    unknown: Sequence[str] = ()
    wrong: dict[str, str] = field(default_factory=dict)
    has_dictionary: bool = True
    failure: str | None = None
    rule: str = "agreement"
    message: str = "Elles ne s’accordent pas."

    def read(self, pieces: Sequence[Piece], is_stopped: Callable[[], bool]) -> list[Fault]:
        if self.failure is not None:
            raise ReaderFailed(self.failure)
        assert all(piece.language in self.languages for piece in pieces)
        spelling = [self._fault(piece, word, FaultKind.SPELLING) for piece in pieces for word in self.unknown]
        grammar = [self._fault(piece, word, FaultKind.GRAMMAR) for piece in pieces for word in self.wrong]
        return [one for one in (*spelling, *grammar) if one is not None]

    def _fault(self, piece: Piece, word: str, kind: FaultKind) -> Fault | None:
        start = piece.text.find(word)
        if start < 0:
            return None
        proposals = (self.wrong[word],) if word in self.wrong else ()
        return Fault(
            piece=piece,
            start=start,
            end=start + len(word),
            kind=kind,
            message=self.message,
            proposals=proposals,
            source_rule=self.rule,
        )


def read(
    tmp_path: Path, text: str, *readers: Reader, known: Sequence[str] = (), language: str = "fr"
) -> LanguageReport:
    made = manuscript(tmp_path / "ws", text, language=language)
    installed = Readers(readers=readers)
    return read_language(made, installed, known=KnownWords(words=frozenset(known)), has_own_words=bool(known))


def told(report: LanguageReport) -> list[tuple[str, str]]:
    return [(one.rule, one.message) for one in check_language_report(report)]


def words(report: LanguageReport) -> list[str]:
    return [one.words for one in report.faults]


def test_a_word_is_wrong_only_if_no_reader_knows_it(tmp_path: Path) -> None:
    text = "Le hakathon de Kermorvant.\n"
    one, other = Reader(unknown=["hakathon", "Kermorvant"]), Reader(name="Two", unknown=["le hakathon", "hakathon"])
    assert words(read(tmp_path, text, one, other)) == ["hakathon"]
    assert words(read(tmp_path, text, one, Reader(name="Two", has_dictionary=False))) == ["hakathon", "Kermorvant"]
    assert words(read(tmp_path, text, one, Reader(name="Two", failure="x"))) == ["hakathon", "Kermorvant"]


def test_known_words_are_silent(tmp_path: Path) -> None:
    assert (
        words(read(tmp_path, "Le hakathon, HAKATHON.\n", Reader(unknown=["hakathon", "HAKATHON"]), known=["hakathon"]))
        == []
    )


def test_a_place_has_one_fault(tmp_path: Path) -> None:
    reader = Reader(unknown=["hakathon"], wrong={"Le hakathon": "Les hakathons"})
    assert words(read(tmp_path, "Le hakathon est là.\n", reader)) == ["hakathon"]


def test_what_is_said_beside_an_unknown_word_is_a_guess(tmp_path: Path) -> None:
    reader = Reader(unknown=["scientists"], wrong={"data": "daté", "sont": "son"})
    assert words(read(tmp_path, "Les data scientists de la mairie sont là.\n", reader)) == ["scientists", "sont"]


def test_a_remark_on_two_words_is_told_once(tmp_path: Path) -> None:
    reader = Reader(wrong={"seins": "sein"}, rule="g3__gn_au__b1_a3_1")
    other = Reader(name="Two", wrong={"au": "aux"}, rule="g3__gn_au__b1_a4_1", has_dictionary=False)
    assert words(read(tmp_path, "Il est né au seins de la mairie.\n", reader, other)) == ["seins"]


def test_beside_a_word_taken_for_another_nothing_else_is_told(tmp_path: Path) -> None:
    reader = Reader(wrong={"on": "ont"}, rule="g3__conf_on_ont__b1_a1_1")
    other = Reader(name="Two", wrong={"travaillé": "travaille"}, rule="gv1__conj_on__b1_a1_1", has_dictionary=False)
    assert words(read(tmp_path, "Ils on travaillé.\n", reader, other)) == ["on"]
    assert words(read(tmp_path, "Ils on bien travaillé.\n", reader, other)) == ["on", "travaillé"]


def test_before_an_unknown_word_the_whole_remark_is_a_guess(tmp_path: Path) -> None:
    reader = Reader(unknown=["scientist"], wrong={"mon": "ma"}, rule="g3__gn_un__b2_a1_1")
    other = Reader(name="Two", wrong={"data": "daté"}, rule="g3__gn_un__b2_a2_1", has_dictionary=False)
    assert words(read(tmp_path, "Il est mon data scientist.\n", reader, other)) == ["scientist"]


def test_what_depends_on_what_was_meant_is_a_note(tmp_path: Path) -> None:
    reader = Reader(wrong={"proposé": "proposés"}, message="Si “les projets” est bien le COD, accordez.")
    assert finding(read(tmp_path, "Les projets qu’il a proposé.\n", reader)).level is Level.INFO


def test_nothing_is_said_of_what_is_no_prose(tmp_path: Path) -> None:
    assert words(read(tmp_path, "Le `code` est là.\n", Reader(unknown=["Xx"], wrong={"Le Xx": "La"}))) == []


def finding(report: LanguageReport) -> Finding:
    (one,) = check_language_report(report)
    return one


def test_a_finding_stands_at_its_word_with_its_proposals(tmp_path: Path) -> None:
    one = finding(
        read(tmp_path, "Bonjour,\n\nvous *adonnez vous* là.\n", Reader(wrong={"adonnez vous": "adonnez-vous"}))
    )
    assert (one.rule, one.file, one.line, one.column, one.length) == ("grammar", "sections/001/news.md", 3, 7, 12)
    assert [(edit.old, edit.new, edit.line, edit.column) for edit in one.proposals] == [
        ("adonnez vous", "adonnez-vous", 3, 7)
    ]
    assert not one.is_fixable


def test_a_proposal_across_marks_makes_no_edit(tmp_path: Path) -> None:
    one = finding(read(tmp_path, "Vous **adonnez** vous.\n", Reader(wrong={"adonnez vous": "adonnez-vous"})))
    assert one.proposals == ()
    assert one.suggestion == "write “adonnez-vous”"


def test_a_line_of_a_header_has_its_column_and_its_edit(tmp_path: Path) -> None:
    made = manuscript(tmp_path / "ws", "Bonjour.\n", head="---\ntitle: 'Le grand hakathon'\n---\n")
    one = finding(read_language(made, Readers(readers=(Reader(wrong={"hakathon": "hackathon"}),))))
    assert (one.line, one.column, one.length) == (2, 18, 8)
    assert [edit.old for edit in one.proposals] == ["hakathon"]


MANY = [f"Nom{letter}" for letter in "abcdefghijklmno"]


def test_the_first_issue_has_its_unknown_words_in_one_list(tmp_path: Path) -> None:
    text = " et ".join(MANY) + ".\n\nDe nouveau Nomc et un hakathon.\n"
    reader = Reader(unknown=[*MANY, "hakathon"])
    slip, one = check_language_report(read(tmp_path, text, reader))
    assert slip.subject == "hakathon"
    assert one.message.startswith("15 words are in no dictionary, and may be names or terms: Nomc (2), Noma, Nomb,")
    assert one.line is None
    # Names are told in one later, too; a slip at its place.
    slip, one = check_language_report(read(tmp_path, text, reader, known=["phare"]))
    assert (slip.subject, one.line) == ("hakathon", None)


def test_few_unknown_words_are_told_at_their_places(tmp_path: Path) -> None:
    assert told(read(tmp_path, "Le hakathon.\n", Reader(unknown=["hakathon"]))) == [
        ("misspelt", "“hakathon” is in no dictionary")
    ]


def test_what_nobody_reads_is_told_once(tmp_path: Path) -> None:
    german = "Das ist der Anfang, und wir sind auch mit dem Zug da.\n\nDas ist nicht für den Tag und die Nacht.\n"
    report = read(tmp_path, f"Bonjour à tous.\n\n{german}", Reader())
    assert report.readers == {"fr": ("One",)}
    assert report.unread == {"de": 21}
    assert told(report) == [("language-unread", "nobody here reads German for spelling and grammar")]


def test_where_nothing_reads_that_is_told(tmp_path: Path) -> None:
    report = report_unread(manuscript(tmp_path / "ws", "Bonjour.\n"), {})
    assert told(report) == [("language-unread", "nobody here reads French for spelling and grammar")]


def test_a_reader_that_fails_is_told(tmp_path: Path) -> None:
    report = read(tmp_path, "Le hakathon.\n", Reader(failure="no room"), Reader(name="Two", unknown=["hakathon"]))
    assert told(report) == [
        ("language-unread", "One could not read the texts: no room"),
        ("misspelt", "“hakathon” is in no dictionary"),
    ]
