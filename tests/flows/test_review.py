"""A review: what each key makes of it, and how the findings that are left follow."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.flows.review import Review, begin, begin_again, changed_texts, press, type_instead
from newsletter_cli.model import Edit, Finding, Level

FILE = "sections/002/news.md"
HEAD = "---\nauthor: Ada\n---\n"
TEXT = f"{HEAD}Un hakathon, deux hakathons.\n\nLe 1 mai , un hakathon\nau coeur du port.\n"


def finding(
    text: str, word: str, *proposals: str, nth: int = 0, rule: str = "misspelt", fix: str | None = None
) -> Finding:
    at = -1
    for _time in range(nth + 1):
        at = text.index(word, at + 1)
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    edits = () if fix is None else (Edit(file=FILE, line=line, column=column, old=word, new=fix),)
    return Finding(
        file=FILE, rule=rule, level=Level.WARNING, message=f"“{word}”", line=line, column=column, length=len(word),
        subject=word, edits=edits,
        proposals=tuple(Edit(file=FILE, line=line, column=column, old=word, new=new) for new in proposals),
    )  # fmt: skip


def review(*found: Finding, text: str = TEXT) -> Review:
    return begin(found, {FILE: text, "newsletter.toml": "x"})


def pressed(one: Review, *keys: str) -> Review:
    for key in keys:
        one = press(one, key)
    return one


def text_of(one: Review) -> str:
    return one.texts[FILE]


def all_four(text: str = TEXT) -> Review:
    return review(
        finding(text, "hakathon", "hackathon", "marathon"),
        finding(text, "hakathons", "hackathons"),
        finding(text, " ,", rule="language-slip", fix=","),
        finding(text, "hakathon", "hackathon", nth=2),
        text=text,
    )


def test_a_number_writes_its_proposal_and_the_others_follow() -> None:
    one = pressed(all_four(), "2", "1", "1", "1")
    assert text_of(one) == f"{HEAD}Un marathon, deux hackathons.\n\nLe 1 mai, un hackathon\nau coeur du port.\n"
    assert one.item is None
    assert not one.is_left
    assert press(one, "k").is_left
    assert one.tally.changed == 4


def test_each_finding_has_its_words_at_its_place_after_what_was_changed_before() -> None:
    one = pressed(all_four(), "1")
    assert one.stretch == "hakathons"
    one = pressed(one, "k", "1")
    assert one.stretch == "hakathon"


def test_undo_takes_back_step_by_step_whatever_they_were() -> None:
    states = [all_four()]
    for key in ("1", "w", "i", "k"):
        states.append(press(states[-1], key))
    for before in reversed(states[:-1]):
        states.append(press(states[-1], "u"))
        assert (states[-1].texts, states[-1].words, states[-1].at) == (before.texts, before.words, before.at)
    assert press(states[-1], "u").is_refused


def test_a_word_of_the_newsletter_is_not_asked_about_again() -> None:
    one = pressed(all_four(), "w")
    assert one.words == ("hakathon",)
    # Its plural is understood; the blank before the comma is another matter.
    assert [item.finding.rule for item in one.items[one.at :]] == ["language-slip"]
    assert text_of(one) == TEXT


def test_what_is_no_word_cannot_be_added() -> None:
    one = pressed(review(finding(TEXT, " ,", rule="language-slip", fix=",")), "w")
    assert one.is_refused
    assert one.words == ()


def test_what_was_typed_takes_the_place_of_the_words() -> None:
    one = type_instead(all_four(), "  atelier   de code ")
    assert "Un atelier de code, deux hakathons." in text_of(one)
    assert one.stretch == "hakathons"
    assert type_instead(one, " ").is_refused
    assert type_instead(one, "hakathons").is_refused


def test_whole_words_are_replaced_where_a_part_of_one_is_marked() -> None:
    one = review(finding(TEXT, "oe", rule="language-slip", fix="œ"))
    assert one.stretch == "coeur"
    assert "au centre du port" in text_of(type_instead(one, "centre"))
    assert "au cœur du port" in text_of(press(one, "1"))


def test_a_comment_above_the_line_silences_the_rule_there() -> None:
    one = pressed(all_four(), "i")
    assert text_of(one).startswith(f"{HEAD}<!-- nl: ignore misspelt -->\nUn hakathon")
    # The other one of the same line is silenced with it; what stands below has moved.
    assert [item.finding.rule for item in one.items[one.at :]] == ["language-slip", "misspelt"] or one.item
    assert one.item is not None
    assert one.item.finding.line == (6 + 1 if one.item.finding.line != 4 else 0)


def test_one_comment_does_not_stand_in_the_way_of_another() -> None:
    one = pressed(review(finding(TEXT, "deux", rule="grammar"), finding(TEXT, "hakathon", nth=2)), "i", "i")
    assert not one.is_refused
    assert "<!-- nl: ignore grammar -->\nUn" in text_of(one)
    assert "<!-- nl: ignore misspelt -->\nLe 1" in text_of(one)


def test_in_a_header_no_comment_can_stand() -> None:
    text = "---\ntitle: Un hakathon\n---\nUn mot.\n"
    one = pressed(review(finding(text, "hakathon"), text=text), "i")
    assert one.is_refused
    assert text_of(one) == text
    assert one.note


def test_within_code_no_comment_can_stand() -> None:
    text = f"{HEAD}```\nUn hakathon\n```\n"
    assert pressed(review(finding(text, "hakathon", "hackathon"), text=text), "i").is_refused


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    found = finding(TEXT, "hakathon", "hackathon")
    one = pressed(review(found, text=text), "i")
    assert text_of(one) == text.replace("Un hak", "<!-- nl: ignore misspelt -->\r\nUn hak")
    assert text_of(pressed(review(found, text=text), "1")) == text.replace("Un hak", "Un hack")


def test_language_comes_first_and_typography_last_in_one() -> None:
    one = review(
        finding(TEXT, "Un", rule="typography", fix="Une"),
        finding(TEXT, "deux", rule="link-redirected", fix="trois"),
        finding(TEXT, "Le", rule="typography", fix="La"),
        finding(TEXT, "mai", rule="heading-skipped"),
        finding(TEXT, "hakathon"),
    )
    assert [(item.finding.rule, item.count) for item in one.items] == [
        ("misspelt", 1), ("link-redirected", 1), ("typography", 2)
    ]  # fmt: skip
    done = pressed(one, "k", "1", "1")
    assert text_of(done) == TEXT.replace("Un hak", "Une hak").replace("deux", "trois").replace("Le 1", "La 1")


def test_a_finding_of_several_places_is_fixed_at_all_of_them() -> None:
    first, second = (finding(TEXT, "hakathon", rule="language-slip", fix="x", nth=nth) for nth in (0, 2))
    both = Finding(
        file=FILE, rule="language-slip", level=Level.INFO, message="2", line=first.line, column=first.column,
        length=8, edits=(*first.edits, *second.edits),
    )  # fmt: skip
    one = pressed(review(both, finding(TEXT, "hakathons", "y"), finding(TEXT, "coeur", "z")), "1", "1", "1")
    assert text_of(one) == f"{HEAD}Un x, deux y.\n\nLe 1 mai , un x\nau z du port.\n"


def test_other_keys_do_nothing() -> None:
    start = all_four()
    for key in ("9", "x", "\x1b[A", "3", "²"):
        one = press(start, key)
        assert one.is_refused
        assert (one.texts, one.at) == (start.texts, start.at)
    assert press(start, "?").wants_help
    assert press(start, "Q").is_left
    assert press(start, "\x1b[C").at == press(start, "\r").at == 1


def test_what_was_decided_is_not_asked_again_when_somebody_else_has_saved() -> None:
    one = pressed(all_four(), "k", "w")
    after = f"{TEXT.replace(HEAD, HEAD + 'Voici.' + chr(10) * 2)}Encore un hakathon.\n"
    words = [finding(after, "hakathon", nth=nth) for nth in (0, 1, 3)]
    again = begin_again(one, [*words, finding(after, " ,", rule="language-slip", fix=",")], {FILE: after})
    # Kept in its line; the plural is known; the last one is new.
    assert [item.finding.line for item in again.items] == [10, 8]
    assert again.words == one.words
    assert not again.past


def listed(text: str = TEXT) -> Review:
    words = Finding(file=FILE, rule="misspelt", level=Level.INFO, message="many", subject="hakathon\nmai\ncoeur")
    found = [finding(text, word, word.upper()) for word in ("hakathon", "mai", "coeur")]
    return review(finding(text, "Le", rule="grammar"), *found, words)


def rules_left(one: Review) -> list[tuple[str, str | None]]:
    return [(item.finding.rule, item.finding.subject) for item in one.items[one.at :]]


def test_a_list_of_words_comes_first_and_may_be_added_whole() -> None:
    one = pressed(listed(), "w")
    assert one.words == ("hakathon", "mai", "coeur")
    assert rules_left(one) == [("grammar", "Le")]
    assert pressed(one, "u").words == ()


def test_of_a_list_all_but_some_may_be_added() -> None:
    one = type_instead(listed(), "mai, hakathon")
    assert one.words == ("coeur",)
    assert rules_left(one) == [("grammar", "Le"), ("misspelt", "hakathon"), ("misspelt", "mai")]
    assert type_instead(listed(), "").is_refused


def test_a_list_may_be_gone_through_one_by_one() -> None:
    one = pressed(listed(), "i")
    assert one.is_refused
    one = pressed(one, "k", "k", "w")
    assert one.words == ("hakathon",)
    assert rules_left(one) == [("misspelt", "mai"), ("misspelt", "coeur")]
    assert one.tally.kept == 1


def test_only_what_differs_is_written() -> None:
    one = all_four()
    assert changed_texts(one, press(one, "k")) == {}
    assert list(changed_texts(one, press(one, "1"))) == [FILE]
    assert changed_texts(press(one, "1"), one) == {FILE: TEXT}


WORDS = ("hakathon", "mot", "coeur", "les les")


@settings(deadline=None)
@given(
    parts=st.lists(st.sampled_from([*WORDS, ",", "\n", "\n\n", "é", "\r\n"]), min_size=1, max_size=25),
    keys=st.lists(st.sampled_from(["1", "k", "i", "u", "w", "e"]), max_size=20),
)
def test_whatever_is_pressed_the_words_asked_about_stand_at_their_place(parts: list[str], keys: list[str]) -> None:
    text = HEAD + " ".join(parts)
    found = []
    for word in WORDS:
        for nth in range(text.count(word)):
            found.append(finding(text, word, word.upper(), nth=nth))
    found.sort(key=lambda each: (each.line or 0, each.column or 0))
    one = review(*found, text=text)
    for key in keys:
        one = type_instead(one, "typed") if key == "e" else press(one, key)
        if one.item is None:
            break
        assert one.item.finding.message.strip("“”") == one.stretch
    while one.past:
        one = press(one, "u")
    assert text_of(one) == text
