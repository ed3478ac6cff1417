"""What was found out of a text is kept, and no more of it than was said."""

from __future__ import annotations

from newsletter_cli.base.remembering import remembered


def test_a_text_is_read_once_and_each_question_answered_by_itself() -> None:
    read: list[tuple[str, int]] = []

    @remembered()
    def first_letters(text: str, count: int) -> str:
        """The beginning."""
        read.append((text, count))
        return text[:count]

    assert [first_letters("lighthouse", count) for count in (5, 2, 5, 2)] == ["light", "li", "light", "li"]
    assert read == [("lighthouse", 5), ("lighthouse", 2)]
    assert first_letters.__doc__ == "The beginning."


def test_long_texts_and_more_than_were_asked_for_are_read_again() -> None:
    read: list[str] = []

    @remembered(texts=2, longest=3)
    def reversed_text(text: str) -> str:
        read.append(text)
        return text[::-1]

    assert [reversed_text(text) for text in ("long", "long", "one", "two", "six", "one")]
    assert read == ["long", "long", "one", "two", "six", "one"]
    assert reversed_text("one") == "eno"
    assert len(read) == 6
