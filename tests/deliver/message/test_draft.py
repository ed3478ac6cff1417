"""The draft as a mail program parses it back."""

from __future__ import annotations

import email
import email.policy
import random
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.deliver.message.draft import build_draft
from newsletter_cli.deliver.message.fields import parse_pattern
from newsletter_cli.deliver.message.parts import DraftParts, TemplateFault
from newsletter_cli.render.mime import PIECE_OCTETS, Mailbox
from tests.deliver.message.messages import MARKS, bodies

# What a mail can hold: no half of a surrogate pair.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
# What a name can hold: nothing that could end a header.
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3


def draft(**changes: Any) -> bytes:
    usual: dict[str, Any] = {
        "subject": "Tidings",
        "html": "<p>Hello</p>",
        "text": "Hello\n",
        "marks": MARKS,
        "language": "en",
    }
    return b"".join(build_draft(DraftParts(**(usual | changes))))


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def said(text: str) -> str:
    """A text on one line: what a header can say."""
    return re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def shaped(raw: bytes) -> list[bytes]:
    """The message's lines, all ended by CRLF."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    return raw.split(b"\r\n")


@settings(deadline=None)
@given(subject=TEXTS, name=NAMES)
def test_any_subject_and_name_come_back(subject: str, name: str) -> None:
    raw = draft(subject=subject, sender=Mailbox(address="letter@example.org", name=name))
    message = parsed(raw)
    assert message["Subject"] == said(subject)
    (found,) = message["From"].addresses
    assert found.addr_spec == "letter@example.org"
    # The older parser: the newer one of Python 3.11 changes the blanks in a long name.
    encoded, _address = parseaddr(re.sub("\r?\n", "", email.message_from_bytes(raw)["From"]))
    assert str(make_header(decode_header(encoded))) == said(name)
    assert max(map(len, shaped(raw))) <= 76


@settings(deadline=None)
@given(html=TEXTS, text=TEXTS)
def test_any_body_comes_back(html: str, text: str) -> None:
    raw = draft(html=html, text=text)
    wanted = tuple(one.replace("\r\n", "\n").replace("\r", "\n") for one in (text, html))
    assert bodies(parsed(raw)) == wanted
    assert max(map(len, shaped(raw))) <= 76
    assert raw.isascii()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Ada Lovelace", "Ada Lovelace <a@example.org>"),
        ('Lovelace, Ada "Countess"', '"Lovelace, Ada \\"Countess\\"" <a@example.org>'),
        ("", "a@example.org"),
    ],
)
def test_plain_names_stay_readable(name: str, header: str) -> None:
    assert f"From: {header}\r\n".encode() in draft(sender=Mailbox(address="a@example.org", name=name))


def test_a_draft_is_unsent_and_says_nothing_of_a_send() -> None:
    message = parsed(draft())
    assert message.keys() == ["X-Unsent", "Subject", "Content-Language", "MIME-Version", "Content-Type"]
    assert message["X-Unsent"] == "1"
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_an_address_beyond_ascii_is_nobody_elses_matter_before_a_send() -> None:
    raw = draft(sender=Mailbox(address="été@société.example"))
    assert "From: été@xn--socit-esab.example\r\n".encode() in raw


def test_of_nobody_fallbacks_and_the_names_of_fields_are_shown() -> None:
    fields = ["first_name", "town"]
    message = parsed(
        draft(
            subject=parse_pattern("{first_name}, the tides of {town}", allowed=fields),
            greeting=parse_pattern("Good day, {first_name} & all", allowed=fields),
            html=f"<p>{MARKS.greeting}</p>",
            text=f"{MARKS.greeting}\n",
            fallbacks={"first_name": "you", "town": None},
        )
    )
    assert message["Subject"] == "you, the tides of {town}"
    assert bodies(message) == ("Good day, you & all\n", "<p>Good day, you &amp; all</p>")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"sender": Mailbox(address="a@example.org", name="x\r\nBcc: eve@example.org")}, "line end"),
        ({"sender": Mailbox(address="a..b@example.org")}, "envelope"),
        ({"text": "\ud800"}, "half of a character"),
        ({"greeting": parse_pattern("{x}", allowed=["x"]), "fallbacks": {"x": "y" * 201}}, "longer than"),
    ],
)
def test_what_makes_no_message_is_said(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(TemplateFault, match=fault):
        draft(**changes)


def test_pictures_are_embedded_once_each_and_named_by_their_id() -> None:
    page = (
        '<p>src="images/a.png"</p><img alt="a &gt; b > c" src="images/a.png" width="3"/>'
        '<img src="https://example.org/x%20y.png?a=1&amp;b=2"><img src="images/a.png"><img src="images/gone.png">'
        '<a href="images/a.png">the same</a>'
    )
    pictures = {"images/a.png": PICTURE, "https://example.org/x%20y.png?a=1&b=2": b"?", "images/unused.png": b"no"}
    message = parsed(draft(html=page, pictures=pictures))
    assert message.get_content_type() == "multipart/related"
    assert message.get_param("type") == "multipart/alternative"
    alternative, *images = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    # The second address ends in a query: nobody could say what kind of picture it is.
    assert [(one.get_content_type(), one.get_payload(decode=True)) for one in images] == [("image/png", PICTURE)]
    content_id = images[0]["Content-ID"].strip("<>")
    html = bodies(message)[1]
    assert html.count(f'src="cid:{content_id}"') == 2
    assert html.replace(f"cid:{content_id}", "images/a.png") == page


@pytest.mark.parametrize("size_bytes", [0, 1, 56, 57, 58, PIECE_OCTETS, PIECE_OCTETS + 1, 3 * PIECE_OCTETS])
@pytest.mark.parametrize("piece_bytes", [100, PIECE_OCTETS - 1, PIECE_OCTETS, 4 * PIECE_OCTETS])
def test_a_picture_that_is_read_piece_by_piece_gives_the_same_octets(size_bytes: int, piece_bytes: int) -> None:
    content = random.Random(size_bytes).randbytes(size_bytes)
    pieces = [content[start : start + piece_bytes] for start in range(0, size_bytes, piece_bytes)]
    page = '<img src="a.png">'
    assert draft(html=page, pictures={"a.png": lambda: iter(pieces)}) == draft(html=page, pictures={"a.png": content})
    assert parsed(draft(html=page, pictures={"a.png": content})).get_content_type() == "multipart/related"


def test_no_two_pictures_are_held_at_once() -> None:
    """Neither while their names are made, nor while they are written: a picture is read when its turn has come."""

    def read() -> Iterator[bytes]:
        for _number in range(20):
            yield bytes(PIECE_OCTETS)

    page = "".join(f'<img src="{number}.png">' for number in range(5))
    parts = DraftParts(
        subject="Tidings",
        html=page,
        text="",
        marks=MARKS,
        language="en",
        pictures={f"{number}.png": read for number in range(5)},
    )
    sizes = [len(piece) for piece in build_draft(parts)]
    assert sum(sizes) > 5 * 20 * PIECE_OCTETS
    assert max(sizes) < 2 * PIECE_OCTETS


def test_two_pictures_alike_have_identities_of_their_own() -> None:
    page = '<img src="a.png"><img src="b.jpg">'
    message = parsed(draft(html=page, pictures={"a.png": b"1", "b.jpg": b"1"}))
    ids = [part["Content-ID"] for part in message.walk() if part["Content-ID"]]
    assert len(set(ids)) == 2
    assert [part.get_content_type() for part in message.walk()][-2:] == ["image/png", "image/jpeg"]


def test_the_same_parts_give_the_same_octets() -> None:
    first, second = (draft(subject="é", html='<img src="a.png">', pictures={"a.png": PICTURE}) for _again in "12")
    assert first == second
