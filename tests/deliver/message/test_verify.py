"""The looks that a message gets before it goes: the thorough one at one, the quick one at each."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.values import replace
from newsletter_cli.deliver.message.fields import parse_pattern
from newsletter_cli.deliver.message.parts import TemplateFault
from newsletter_cli.deliver.message.splicing import MessageTemplate
from newsletter_cli.deliver.message.template import build_template
from newsletter_cli.deliver.message.verifier import Verifier
from newsletter_cli.deliver.message.verify import verify_template
from tests.deliver.message.messages import HTML, MARKS, PAGE, parts, person
from tests.examples import examples

ADA = person(first_name="Ada")
TEMPLATE = build_template(
    parts(
        greeting=parse_pattern("Good day {first_name},", allowed=["first_name"]),
        subject=parse_pattern("{first_name}: marées of the month", allowed=["first_name"]),
    )
)
DATA = TEMPLATE.splice(ADA).data
VERIFIER = Verifier(TEMPLATE)


def changed(change: Callable[[bytes], bytes]) -> MessageTemplate:
    """The template with other octets than it was built with, as if by a fault of the program."""
    return replace(TEMPLATE, literals=tuple(map(change, TEMPLATE.literals)))


def test_a_good_message_passes_both() -> None:
    assert verify_template(TEMPLATE, ADA) == []
    assert VERIFIER.check(DATA, ADA) is None


def test_prose_about_templates_is_prose() -> None:
    page = HTML.replace("tides", "{{ x }}, {% y %}, __FILE__ and \\u{1F600}").replace(MARKS.greeting, "x")
    assert verify_template(build_template(parts(html=page)), person()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda literal: literal.replace(b"\r\nDate:", b"\r\nX-Date:"), "Date stands 0 times"),
        (lambda literal: literal.replace(b"\r\nDate:", b"\r\nTo: eve@example.org\r\nDate:"), "To stands 2 times"),
        (lambda literal: literal.replace(b"Precedence", b"Auto-Submitted: x\r\nPrecedence"), "Auto-Submitted stands 1"),
        (lambda literal: literal.replace(b"From: The tide table <", b"From: a@b.example, <"), "From does not hold one"),
        (lambda literal: literal.replace(b"To: ", b"To: x@y.example, "), "To does not hold one address"),
        (lambda literal: literal.replace(b"Message-ID: <", b"Message-ID: <x"), "Message-ID is not the delivery's"),
        (lambda literal: literal.replace(b" +0000\r\n", b" -0000\r\n"), "no time zone"),
        (lambda literal: literal.replace(b"<letter.tidings.example>", b"letter"), "List-Id"),
        (lambda literal: literal.replace(b"?list=1&u=", b"?list=2&u="), "List-Unsubscribe does not hold"),
        (lambda literal: literal.replace(b"=One-Click", b"=Two-Click"), "List-Unsubscribe-Post"),
        (lambda literal: literal.replace(b"text/plain", b"text/htm"), "not text and, after it, HTML"),
        (lambda literal: literal.replace(b": quoted-printable", b": 8bit"), "not UTF-8 in quoted-printable"),
        (lambda literal: literal.replace(b"-alternative--", b"-alternative"), "cannot be told apart"),
        (lambda literal: literal.replace(b"Once more", b"Once\nmore"), "does not end with CR and LF"),
        (lambda literal: literal.replace(b"Once more", b"Once\rmore"), "does not end with CR and LF"),
        (lambda literal: literal.replace(b"Once more", b"x" * 999), "longer than 998"),
        (lambda literal: literal.replace(b"Once more", b"\r\n.hidden"), "dot that is not doubled"),
        (lambda literal: literal.replace(b"-alternative--\r\n", b"-alternative--"), "does not end with a line end"),
        (lambda literal: literal.replace(b"tides", MARKS.preheader.encode()), "a mark is left"),
    ],
)
def test_the_thorough_look_finds_the_programs_own_faults(change: Callable[[bytes], bytes], said: str) -> None:
    problems = verify_template(changed(change), ADA)
    assert any(re.search(re.escape(said), problem) for problem in problems), problems


def test_a_message_without_text_is_a_problem() -> None:
    assert any("is empty" in problem for problem in verify_template(build_template(parts(text="\n")), person()))


def test_the_thorough_look_says_why_there_is_no_message() -> None:
    assert verify_template(TEMPLATE, person(address="x", first_name="Ada")) == [
        "the address cannot stand on an envelope"
    ]


def test_the_thorough_look_wants_the_configured_domain() -> None:
    assert verify_template(replace(TEMPLATE, message_id_domain="other.example"), ADA) == [
        "the Message-ID is of another domain"
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda literal: literal.replace(b"Once more", b"Once\nmore"),
        lambda literal: literal.replace(b"Once more", b"\r\n.hidden"),
        lambda literal: literal.replace(b"Once more", b"x" * 999),
        lambda literal: literal.replace(b"Once more", MARKS.token.encode()),
        lambda literal: literal.replace(b"\r\nDate:", b"\r\nTo: eve@example.org\r\nDate:"),
        lambda literal: literal.replace(b"\r\nDate:", b"\r\nnonsense\r\nDate:"),
    ],
)
def test_the_quick_look_does_not_begin_with_octets_that_are_none_of_a_message(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(TemplateFault):
        Verifier(changed(change))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"ada@example.org", b"eve@example.org"),
        (b"To: Ada", b"To: Eva"),
        (b"To: Ada", b"To: Ada\r\nBcc: eve@example.org\r\nX: "),
        (b"To: Ada", b"To: =?utf-8?q?A=0D=0Ada?="),
        (ADA.token.encode(), person(2).token.encode()),
        (ADA.message_id.encode(), person(2).message_id.encode()),
        (b"Good day Ada,", b"Good day Eva,"),
        (b"Good day Ada,", b"Good day <b>Ada</b>,"),
        (b"Good day Ada,", b"Good day Ada,\n"),
        (b"Good day Ada,", b"Good day Ada=C3,"),
        (b"?q?Ada=3A", b"?q?Eva=3A"),
        (b"?q?Ada=3A_", b"?q?Ada=3A "),
        (b"Once more", b"Once less"),
        (b"--\r\n", b"--\r\n.\r\n"),
        (b"--\r\n", b"--"),
        (b"From: The", b"From: A"),
        (b"List-Id:", b"List-ID:"),
        (DATA, b""),
    ],
)
def test_the_quick_look_finds_what_is_not_this_persons(old: bytes, new: bytes) -> None:
    assert old in DATA
    reason = VERIFIER.check(DATA.replace(old, new), ADA)
    assert reason
    assert "Ada" not in reason


@examples(150)
@given(
    place=st.integers(0, len(DATA) - 1), octet=st.integers(0, 255), kind=st.sampled_from(["change", "insert", "drop"])
)
def test_the_quick_look_finds_any_changed_octet(place: int, octet: int, kind: str) -> None:
    new = b"" if kind == "drop" else bytes([octet])
    data = DATA[:place] + new + DATA[place + (kind != "insert") :]
    # Soft breaks apart, no two messages are read alike: dropping one of two equal octets makes the same message.
    assert data == DATA or VERIFIER.check(data, ADA) is not None or read_alike(data)


def read_alike(data: bytes) -> bool:
    """Whether only blanks within the wrapped greeting, or what folds, differ: these are looked at as words."""
    squeezed = [re.sub(rb"=\r\n|[ \t]|\r\n|_|=20", b"", octets) for octets in (data, DATA)]
    return squeezed[0] == squeezed[1]


def test_somebody_elses_message_is_found() -> None:
    for other in (person(2, first_name="Ada"), person(1, name="Eva", first_name="Ada"), person(1, first_name="")):
        assert VERIFIER.check(DATA, other)


def test_values_that_look_like_what_follows_them_are_no_faults() -> None:
    page = f"<p>{MARKS.greeting}{MARKS.token}{MARKS.greeting}</p>{MARKS.greeting}</p>"
    text = f"{MARKS.greeting}{MARKS.greeting}\n{MARKS.greeting} {PAGE}"
    template = build_template(parts(html=page, text=text, greeting=parse_pattern("{x}", allowed=["x"])))
    for value in ("é" * 60, "</p>", "=", "= " * 80, "." * 150, "x" * 200):
        one = person(x=value)
        assert verify_template(template, one) == []
