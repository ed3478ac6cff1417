"""Words that a rule of our own knows are not told twice."""

from __future__ import annotations

from newsletter_cli.check.language.doubles import without_doubles
from newsletter_cli.model import Edit, Finding, Level


def finding(rule: str, line: int, column: int, length: int, *, edits: tuple[Edit, ...] = ()) -> Finding:
    return Finding(
        file="a.md", rule=rule, level=Level.INFO, message=rule, line=line, column=column, length=length, edits=edits
    )


def test_a_word_that_lacks_its_accent_is_not_misspelt_besides() -> None:
    own = [finding("capital-accent", 3, 10, 4), finding("typography", 5, 10, 4)]
    read = [finding("misspelt", 3, 10, 4), finding("misspelt", 3, 14, 4), finding("misspelt", 5, 10, 4)]
    assert list(without_doubles(read, own)) == read[1:]


def test_nor_where_one_finding_stands_for_several_places() -> None:
    edits = tuple(Edit(file="a.md", line=line, column=5, old="oe", new="œ") for line in (2, 8))
    own = [finding("language-slip", 2, 5, 2, edits=edits)]
    read = [finding("misspelt", 8, 4, 5), finding("grammar", 8, 20, 5)]
    assert list(without_doubles(read, own)) == read[1:]


def test_what_stands_at_no_place_is_told() -> None:
    whole = Finding(file="a.md", rule="misspelt", level=Level.INFO, message="many")
    assert list(without_doubles([whole], [finding("capital-accent", 1, 1, 4)])) == [whole]
