"""The template of a send: its head, its faults, how it is kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.deliver.message.body import Slot
from newsletter_cli.deliver.message.fields import parse_pattern
from newsletter_cli.deliver.message.parts import TemplateFault
from newsletter_cli.deliver.message.person import Unbuildable
from newsletter_cli.deliver.message.splicing import load_template
from newsletter_cli.deliver.message.template import build_template
from newsletter_cli.deliver.message.verify import verify_template
from newsletter_cli.render.mime import Mailbox
from tests.deliver.message.messages import HTML, MAIL, MARKS, PAGE, TEXT, bodies, parsed, parts, person

GREETING = parse_pattern("Good day {first_name},", allowed=["first_name"])
PICTURE = b"\x89PNG\r\n\x1a\n.\r\n.." + bytes(range(256))


def head_of(**changes: Any) -> list[str]:
    """The header fields of a message, unfolded; what is personal by name."""
    data = build_template(parts(**changes)).splice(person()).data
    token, identity = person().token, person().message_id
    head = data.partition(b"\r\n\r\n")[0].decode().replace(token, "TOKEN").replace(identity, "ID")
    return re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")


def test_the_head() -> None:
    changes = {"feedback_id": "2:tidings", "complaints": "fbl@société.example"}
    assert head_of(online_url="https://tidings.example/2/", **changes) == [
        "From: The tide table <letter@tidings.example>",
        "Reply-To: editors@tidings.example",
        "To: Ada Lovelace <ada@example.org>",
        "Subject: The tide table",
        "Date: Mon, 02 Nov 2026 09:30:00 +0000",
        "Message-ID: <ID>",
        "List-Id: The tide table <letter.tidings.example>",
        "List-Unsubscribe: <https://tidings.example/leave?list=1&u=TOKEN>,"
        " <mailto:leave@tidings.example?subject=unsubscribe%20TOKEN>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Archived-At: <https://tidings.example/2/>",
        "Precedence: bulk",
        "Feedback-ID: 2:tidings",
        "CFBL-Address: fbl@xn--socit-esab.example; report=arf",
        "Content-Language: en",
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="=_nl-alternative"',
    ]


def test_one_click_is_promised_of_https_only() -> None:
    head = head_of(unsubscribe_page=None)
    assert not any(line.startswith("List-Unsubscribe-Post") for line in head)
    assert any(line.startswith("List-Unsubscribe: <mailto:") for line in head)
    with pytest.raises(TemplateFault, match="https"):
        head_of(unsubscribe_page=PAGE.replace("https:", "http:"))
    here = f"http://127.0.0.1:8025/leave?u={MARKS.token}"  # where nobody else listens
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head_of(unsubscribe_page=here)
    head = head_of(unsubscribe_mail=None)
    assert "List-Unsubscribe: <https://tidings.example/leave?list=1&u=TOKEN>" in head
    assert not any(
        line.startswith("List-Unsubscribe") for line in head_of(unsubscribe_page=None, unsubscribe_mail=None)
    )


def test_a_long_address_to_leave_is_folded_between_the_two_and_never_encoded() -> None:
    page = f"https://tidings.example/{'leave/' * 60}?u={MARKS.token}"
    template = build_template(parts(unsubscribe_page=page))
    ada = person()
    raw = template.splice(ada).data.decode()
    own = [link.replace(MARKS.token, ada.token) for link in (page, MAIL)]
    assert f"\r\nList-Unsubscribe: <{own[0]}>,\r\n <{own[1]}>\r\nList-Unsubscribe-Post" in raw
    assert verify_template(template, ada) == []


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("letter.tidings.example", "List-Id: <letter.tidings.example>"),
        ("<letter.tidings.example>", "List-Id: <letter.tidings.example>"),
        ('"Tides, tables" <letter.tidings.example>', 'List-Id: "Tides, tables" <letter.tidings.example>'),
        ("Marées <letter.tidings.example>", "List-Id: =?utf-8?q?Mar=C3=A9es?= <letter.tidings.example>"),
    ],
)
def test_list_id(given: str, written: str) -> None:
    assert written in head_of(list_id=given)


def test_the_domains_of_our_own_addresses_are_written_for_dns() -> None:
    template = build_template(
        parts(sender=Mailbox(address="letter@straße.example", name="Marées"), bounces="b@société.example")
    )
    spliced = template.splice(person())
    assert b"From: =?utf-8?q?Mar=C3=A9es?= <letter@xn--strae-oqa.example>\r\n" in spliced.data
    assert spliced.sender == f"b+{person().token}@xn--socit-esab.example"


def test_without_an_address_for_bounces_they_go_to_the_sender() -> None:
    assert build_template(parts(bounces=None)).splice(person()).sender == "letter@tidings.example"


def test_the_date_is_the_freezes() -> None:
    date = datetime(2026, 3, 1, 8, 5, 9, tzinfo=timezone(timedelta(hours=1)))
    assert "Date: Sun, 01 Mar 2026 08:05:09 +0100" in head_of(date=date)


def test_what_is_the_same_for_everybody_is_no_slot() -> None:
    bound = parse_pattern("{subject} & more", allowed=["subject"]).bind("subject", "Tides")
    page = f"<title>{MARKS.subject}</title><p>{MARKS.greeting}</p>{MARKS.preheader}"
    template = build_template(
        parts(
            html=page,
            text=f"{MARKS.greeting}\n\n{'x' * 60} {PAGE}",
            subject=bound,
            greeting=parse_pattern("Good day <everybody>, " + "once more " * 12, allowed=()),
            preheader=parse_pattern("High", allowed=()),
        )
    )
    assert set(template.slots) == {Slot.TO, Slot.MESSAGE_ID, Slot.TOKEN}
    assert template.fields == ()
    message = parsed(template.splice(person()))
    assert message["Subject"] == "Tides & more"
    text, html = bodies(message)
    assert html.startswith("<title>Tides &amp; more</title><p>Good day &lt;everybody&gt;, once more ")
    assert html.endswith("</p>High")
    assert max(map(len, text.partition("\n\n")[0].split("\n"))) <= 76
    assert "qz" not in text


def test_a_long_greeting_is_wrapped_in_the_text() -> None:
    long = parse_pattern(
        "Good day {first_name}, and welcome to what we have to say about tides,", allowed=["first_name"]
    )
    template = build_template(parts(greeting=long))
    text, html = bodies(parsed(template.splice(person(first_name="Augusta Ada"))))
    assert text.startswith("Good day Augusta Ada, and welcome to what we have to say about tides,\n\n")
    text, html = bodies(parsed(template.splice(person(first_name="Augusta Ada King, Countess"))))
    assert text.startswith("Good day Augusta Ada King, Countess, and welcome to what we have to say\nabout tides,\n\n")
    assert "<p>Good day Augusta Ada King, Countess, and welcome to what we have to say about tides,</p>" in html
    assert template.fields == ("first_name",)


def test_values_cannot_become_markup() -> None:
    template = build_template(parts(greeting=GREETING))
    _text, html = bodies(parsed(template.splice(person(first_name='<b onclick="x()">&amp;\''))))
    assert "<p>Good day &lt;b onclick=&quot;x()&quot;&gt;&amp;amp;&#x27;,</p>" in html


def test_pictures_are_embedded_beside_text_and_html() -> None:
    page = HTML.replace("Once more", '<img src="a.png"><img src="a.png"><img src="gone.png">Once more')
    template = build_template(parts(html=page, greeting=GREETING, pictures={"a.png": PICTURE}))
    ada = person(first_name="Ada")
    message = parsed(template.splice(ada))
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png"]
    picture = list(message.walk())[-1]
    assert picture.get_payload(decode=True) == PICTURE
    assert bodies(message)[1].count(f'src="cid:{picture["Content-ID"].strip("<>")}"') == 2
    assert verify_template(template, ada) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"html": HTML}, "place for a greeting"),
        ({"text": f"{TEXT}{MARKS.preheader}"}, "place for a "),
        ({"date": datetime(2026, 11, 2)}, "no time zone"),
        ({"list_id": "The tide table"}, "List-Id"),
        ({"list_id": "x <a b>"}, "List-Id"),
        ({"language": "fr\r\nX: y"}, "Content-Language"),
        ({"feedback_id": "a b"}, "Feedback-ID"),
        ({"message_id_domain": "x>\r\n"}, "Message-ID"),
        ({"unsubscribe_page": "https://tidings.example/leave"}, "no place for a token"),
        ({"unsubscribe_mail": "mailto:leave@tidings.example"}, "no place for a token"),
        ({"unsubscribe_page": f"https://tidings.example/é?u={MARKS.token}"}, "cannot stand there"),
        ({"unsubscribe_page": f"https://tidings.example/> ?u={MARKS.token}"}, "cannot stand there"),
        ({"unsubscribe_page": f"https://tidings.example/{'x' * 980}?u={MARKS.token}"}, "longer than 998"),
        ({"online_url": "https://tidings.example/\r\nX: y"}, "cannot stand there"),
        ({"sender": Mailbox(address="letter")}, "letter: the address cannot"),
        ({"sender": Mailbox(address="a@b.example", name="a\r\nBcc: x")}, "the name holds"),
        ({"sender": Mailbox(address="été@tidings.example")}, "not ASCII"),
        ({"reply_to": Mailbox(address="été@tidings.example")}, "not ASCII"),
        ({"bounces": "été@tidings.example"}, "not ASCII"),
        ({"complaints": "été@tidings.example"}, "not ASCII"),
        ({"complaints": "fbl"}, "fbl: the address cannot"),
        ({"bounces": "b" * 45 + "@tidings.example"}, "no room for a token"),
        ({"bounces": '"b c"@tidings.example'}, "no room for a token"),
        ({"text": "\ud800"}, "half of a character"),
    ],
)
def test_parts_that_make_no_message(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(TemplateFault, match=re.escape(said)):
        build_template(parts(**changes))


def test_a_subject_on_several_lines_is_one_line() -> None:
    assert "Subject: Tides Bcc: eve@example.org" in head_of(subject="Tides\r\nBcc: eve@example.org")


# --- how it is kept


def personal() -> Any:
    return parts(
        greeting=GREETING,
        subject=parse_pattern("{first_name}, « tides »", allowed=["first_name"]),
        fallbacks={"first_name": None, "name": "é"},
        pictures={"a.png": PICTURE},
    )


def test_a_kept_template_is_the_same() -> None:
    template = build_template(personal())
    kept = template.dump()
    assert load_template(kept) == template
    assert load_template(kept).dump() == kept
    assert load_template(kept).splice(person(first_name="Ada")) == template.splice(person(first_name="Ada"))
    with pytest.raises(Unbuildable, match="first_name"):
        load_template(kept).splice(person())
    assert template.size_bytes == sum(map(len, template.literals)) < len(kept)


def test_a_damaged_template_is_refused() -> None:
    kept = build_template(personal()).dump()
    head, _end, body = kept.partition(b"}\n")
    damaged = [
        b"",
        b"nl-message 2\n{}\n",
        kept[:-1],
        kept + b"x",
        kept.replace(b"tides", b"Tides"),
        head,
        head + b"}\n",
    ]
    damaged += [kept.replace(b'"slots": ["to", ', b'"slots": ['), b"nl-message 1\n{}\n", b"nl-message 1\n[]\n" + body]
    damaged += [kept.replace(b'"slots": ["to"', b'"slots": ["two"'), kept.replace(b'"marks": [', b'"marks": ["x", ')]
    for octets in damaged:
        with pytest.raises(TemplateFault):
            load_template(octets)


def test_the_hash_is_of_everything_but_the_date() -> None:
    usual = build_template(personal()).content_hash
    assert re.fullmatch("[0-9a-f]{64}", usual)
    later = replace(personal(), date=datetime(2027, 1, 1, tzinfo=UTC))
    assert build_template(later).content_hash == usual
    for changes in (
        {"html": HTML + "!"},
        {"text": TEXT + "!"},
        {"greeting": parse_pattern("Dear {first_name},", allowed=["first_name"])},
        {"fallbacks": {"first_name": "you", "name": "é"}},
        {"sender": Mailbox(address="other@tidings.example")},
        {"bounces": None},
        {"unsubscribe_mail": None},
        {"language": "fr"},
    ):
        assert build_template(replace(personal(), **changes)).content_hash != usual
