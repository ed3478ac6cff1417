"""The draft as a mail program parses it back."""

from __future__ import annotations

import email
import email.policy
import re
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.render.eml import Draft, Mailbox, image_sources, render_eml, replace_image_sources

# What a mail can hold: no half of a surrogate pair.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def older(raw: bytes) -> Message:
    return email.message_from_bytes(raw)


def bodies(message: EmailMessage) -> tuple[str, str]:
    """Text and HTML, with the line ends that a mail has by nature."""
    found = {part.get_content_type(): part.get_payload(decode=True) for part in message.walk()}
    return tuple(found[kind].decode().replace("\r\n", "\n") for kind in ("text/plain", "text/html"))  # type: ignore[return-value,union-attr]


def said(text: str) -> str:
    """A text on one line: what a header can say."""
    return re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def shaped(raw: bytes) -> list[bytes]:
    """The message's lines, all ended by CRLF."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    return raw.split(b"\r\n")


@given(subject=TEXTS, name=TEXTS)
def test_any_subject_and_name_come_back(subject: str, name: str) -> None:
    sender = Mailbox(address="letter@example.org", name=name)
    raw = render_eml(Draft(subject=subject, html="<p>x</p>", text="x\n", sender=sender, to=sender))
    message = parsed(raw)
    assert message["Subject"] == said(subject)
    for header in ("From", "To"):
        (found,) = message[header].addresses
        assert found.addr_spec == "letter@example.org"
        # The older parser: the newer one of Python 3.11 changes the blanks in a long name.
        encoded, _address = parseaddr(re.sub("\r?\n", "", older(raw)[header]))
        assert str(make_header(decode_header(encoded))) == said(name)
    assert max(map(len, shaped(raw))) <= 78


@given(html=TEXTS, text=TEXTS)
def test_any_body_comes_back(html: str, text: str) -> None:
    raw = render_eml(Draft(subject="Tidings", html=html, text=text))
    wanted = tuple(one.replace("\r\n", "\n").replace("\r", "\n") for one in (text, html))
    assert bodies(parsed(raw)) == wanted
    assert max(map(len, shaped(raw))) <= 78
    assert raw.isascii()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Ada Lovelace", "Ada Lovelace <a@example.org>"),
        ('Lovelace, Ada "Countess"', '"Lovelace, Ada \\"Countess\\"" <a@example.org>'),
        ("", "a@example.org"),
        ("x\r\nBcc: eve@example.org", '"x Bcc: eve@example.org" <a@example.org>'),
    ],
)
def test_plain_names_stay_readable(name: str, header: str) -> None:
    raw = render_eml(Draft(subject="s", html="", text="", to=Mailbox(address="a@example.org", name=name)))
    assert f"To: {header}\r\n".encode() in raw
    assert parsed(raw)["Bcc"] is None


def test_a_draft_is_unsent() -> None:
    message = parsed(render_eml(Draft(subject="Tidings", html="<p>Hello</p>", text="Hello\n")))
    assert message["X-Unsent"] == "1"
    assert message["MIME-Version"] == "1.0"
    assert [message[name] for name in ("Date", "Message-ID", "From", "To", "Reply-To")] == [None] * 5
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_an_international_domain_is_written_for_dns() -> None:
    raw = render_eml(Draft(subject="s", html="", text="", sender=Mailbox(address="été@société.example")))
    assert "From: été@xn--socit-esab.example\r\n".encode() in raw


def test_pictures_are_embedded_once_each_and_named_by_their_id() -> None:
    page = (
        '<p>src="images/a.png"</p><img alt="a &gt; b > c" src="images/a.png" width="3"/>'
        '<img src="https://example.org/x%20y.png?a=1&amp;b=2"><img src="images/a.png"><img src="images/gone.png">'
        '<a href="images/a.png">the same</a>'
    )
    pictures = {"images/a.png": PICTURE, "https://example.org/x%20y.png?a=1&b=2": b"?", "images/unused.png": b"no"}
    message = parsed(render_eml(Draft(subject="s", html=page, text="t\n", pictures=pictures)))
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


def test_two_pictures_alike_have_identities_of_their_own() -> None:
    page = '<img src="a.png"><img src="b.jpg">'
    message = parsed(render_eml(Draft(subject="s", html=page, text="", pictures={"a.png": b"1", "b.jpg": b"1"})))
    ids = [part["Content-ID"] for part in message.walk() if part["Content-ID"]]
    assert len(set(ids)) == 2
    assert [part.get_content_type() for part in message.walk()][-2:] == ["image/png", "image/jpeg"]


def test_the_same_draft_gives_the_same_bytes() -> None:
    draft = Draft(subject="é", html='<img src="a.png">', text="t", pictures={"a.png": PICTURE})
    assert render_eml(draft) == render_eml(draft)
    assert b'boundary="=_other-related"' in render_eml(draft, boundary="=_other")


def test_images_are_found_in_tags_only() -> None:
    page = '<p>&lt;img src="no.png"&gt;</p><IMG alt="x>y" SRC="a&amp;b.png"><!--[if mso]><img src="c.png"><![endif]-->'
    assert image_sources(page) == ["a&b.png", "c.png"]
    replaced = page.replace("a&amp;b.png", "x&quot;&amp;")
    assert replace_image_sources(page, {"a&b.png": 'x"&', "no.png": "never"}) == replaced
