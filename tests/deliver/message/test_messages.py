"""What every message must satisfy, whoever it is for and whatever it says: thousands, read back by another program."""

from __future__ import annotations

import html
import re
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from functools import lru_cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter_cli.deliver.message.fields import PersonalText, parse_pattern
from newsletter_cli.deliver.message.person import Person, Spliced, Unbuildable
from newsletter_cli.deliver.message.splicing import MessageTemplate, load_template
from newsletter_cli.deliver.message.template import build_template
from newsletter_cli.deliver.message.verifier import Verifier
from newsletter_cli.deliver.message.verify import verify_template
from tests.deliver.message.messages import DOMAIN, MAIL, MARKS, PAGE, TOKENS, bodies, parsed, parts, received
from tests.examples import examples

GREETING = parse_pattern("Good day, {first_name} of {service}!", allowed=["first_name", "service"])
SUBJECT = parse_pattern("{first_name}: the “tide” table", allowed=["first_name"])
PREHEADER = parse_pattern("For {first_name} & all", allowed=["first_name"])
FALLBACKS = {"first_name": None, "service": "the “Coast” <Guard>"}
HOSTILE = st.sampled_from(
    [
        "", " ", "Ada Lovelace", "Lovelace, Ada", 'Ada "Countess" Lovelace', "O'Neill\\", "=?utf-8?q?Ada?=", "a =?b",
        "Zoë", "Élodie Durand-Lefèbvre de la Motte Saint-Hilaire çà et là", "👩🏽‍💻 Ada", "\u202eevil\u202c",
        "\u200fאדה",
        "عائشة", "<script>alert(1)</script>", "x" * 75, "x" * 199, "é" * 199, "x" * 300, "😀" * 300, "a  b", "\u00a0",
        "Ada\r\nBcc: eve@example.org", "Ada\n", "\r", "a\0b", "\ud800", "a\x85b", "a\u2028b", "{first_name}", "{{ x }}",
        ".", "..", "From me", "a@b.example", "Ada <eve@example.org>", "(comment)", "a:b;c", "=", "=\r\n", "&amp;",
        "naïve = naïf", "trailing ", " leading", "𝐀𝐝𝐚", "a" * 60, "a" * 61 + " b", "b" * 44 + " é", MARKS.token,
    ]
)  # fmt: skip
NAMES = st.one_of(
    HOSTILE, st.text(max_size=40), st.text('aé ,."\\=?_<>@', max_size=90), st.text("日本語 ", max_size=120)
)
DOMAINS = st.sampled_from(
    ["example.org", "EXAMPLE.org", "société.example", "straße.example", "日本.example", "a.b-c.example"]
)
LOCALS = st.one_of(
    st.sampled_from(
        ["ada", "ada+list", "a.b_c-d", "o'neill", '"ada b"', '"a@b"', '"a\\"b"', "élodie", "用户", "a" * 64, "x&y/z"]
    ),
    st.text('abé+."\\ @<>', min_size=1, max_size=12),
    st.text(min_size=1, max_size=8),
)
ADDRESSES = st.one_of(
    st.builds("{}@{}".format, LOCALS, DOMAINS),
    st.sampled_from(
        ["", "ada", "@", "ada@", "@example.org", "ada@example.org\r\nRCPT TO:<eve@example.org>", "a b@example.org",
         "ada@example..org", "ada@-x.example", "ada@exa_mple.org", "a" * 65 + "@example.org", "é" * 33 + "@example.org",
         "a@" + "b" * 64 + ".example", "a@" + ".".join(["b" * 60] * 5), "ada@example.org.", "<ada@example.org>",
         "a@b\0c",
         "ada@exa mple.org", "ada@example.org,eve@example.org", ".ada@example.org", "a..b@example.org",
         "\ud800@example.org"]
    ),
)  # fmt: skip
# Deterministic values that are not the message's own.
LINES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90),
    st.sampled_from(
        [
            ".",
            "...",
            "." * 200,
            "From me",
            "x" * 200,
            "é" * 90,
            "trailing \t ",
            "{{ x }}",
            "=E9",
            "a\rb",
            "\r\n.\r\n",
            "<p>&amp;</p>",
        ]
    ),
    st.sampled_from([MARKS.token, MARKS.greeting, MARKS.subject, MARKS.preheader, "\n", "\n\n"]),
)
BODIES = st.lists(LINES, max_size=10).map("".join)


@lru_cache(maxsize=8)
def template_of(is_personal: bool) -> MessageTemplate:
    if not is_personal:
        return build_template(parts())
    changes = {"greeting": GREETING, "subject": SUBJECT, "preheader": PREHEADER, "fallbacks": FALLBACKS}
    page = f"<title>{MARKS.subject}</title><b title='{MARKS.preheader}'>{MARKS.greeting}</b> <a href='{PAGE}'>x</a>\n"
    return build_template(parts(**changes, html=page, text=f"{MARKS.greeting}\n\n{MARKS.preheader}\n\nLeave: {PAGE}\n"))


def built(template: MessageTemplate, person: Person) -> Spliced | None:
    """The message; `None` where there can be none, which then says why and nothing of the person."""
    try:
        return template.splice(person)
    except Unbuildable as reason:
        said = str(reason)
        words = [word for value in person.values.values() for word in (value, *value.split())]
        for own in (person.address, person.name, *person.name.split(), *words):
            assert len(own) < 6 or own not in said
        assert said.isprintable()
        return None


def name_of(message: EmailMessage, raw: bytes) -> str:
    """The name in To, by the older parser: the newer one of Python 3.11 changes the blanks in a long name."""
    head = raw.partition(b"\r\n\r\n")[0].decode()
    value = re.sub(r"\r\n(?=[ \t])", "", head).partition("\r\nTo: ")[2].partition("\r\n")[0]
    return str(make_header(decode_header(parseaddr(value)[0])))


def check_form(spliced: Spliced, person: Person) -> EmailMessage:
    """Everything that holds for every message."""
    data = spliced.data
    assert data.endswith(b"\r\n")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert b"." not in lines
    raw = received(data)
    assert b"\r\n".join(b"." + line if line.startswith(b".") else line for line in raw.split(b"\r\n")) == data
    message = parsed(spliced)
    names = [name.lower() for name in message]
    assert len(names) == len(set(names))
    assert {"from", "to", "subject", "date", "message-id", "list-id", "mime-version", "precedence"} <= set(names)
    assert not {"auto-submitted", "x-unsent", "received", "bcc", "cc", "sender", "return-path"} & set(names)
    assert parsedate_to_datetime(message["Date"]).utcoffset() is not None
    assert message["Message-ID"] == f"<{person.message_id}>"
    assert message["From"].addresses[0].addr_spec == "letter@tidings.example"
    (to,) = message["To"].addresses
    # The newer parser takes the quotation marks of a quoted local part away.
    local, _at, domain = spliced.recipient.rpartition("@")
    assert (to.username, to.domain) == (re.sub(r"\\(.)", r"\1", local[1:-1]) if local[0] == '"' else local, domain)
    assert name_of(message, raw) == person.name.strip()
    head = re.sub(rb"\r\n(?=[ \t])", b"", raw.partition(b"\r\n\r\n")[0]).decode().split("\r\n")
    own = [link.replace(MARKS.token, person.token) for link in (PAGE, MAIL)]
    assert f"List-Unsubscribe: <{own[0]}>, <{own[1]}>" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert "List-Id: The tide table <letter.tidings.example>" in head
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert spliced.sender == f"bounces+{person.token}@tidings.example"
    assert spliced.sender.isascii()
    # Only a local part needs RFC 6532.
    assert raw.isascii() == spliced.recipient.isascii()
    for mark in MARKS:
        assert mark not in " ".join(bodies(message)) or mark in repr(person)
    assert TOKENS.row_of(person.token) is not None
    return message


def made(row: int, address: str, name: str, values: dict[str, str]) -> Person:
    return Person(
        address=address, name=name, values=values, token=TOKENS.token(row), message_id=TOKENS.message_id(row, DOMAIN)
    )


VALUES = st.fixed_dictionaries({}, optional={"first_name": NAMES, "service": NAMES, "other": HOSTILE})


@examples(250)
@given(row=st.integers(0, 2**40 - 1), address=ADDRESSES, name=NAMES, values=VALUES, is_personal=st.booleans())
@example(row=1, address='"a b"@example.org', name="x" * 300, values={"first_name": "."}, is_personal=True)
@example(row=1, address="élodie@société.example", name="É" * 300, values={"first_name": "From " * 30}, is_personal=True)
def test_whoever_it_is_for(row: int, address: str, name: str, values: dict[str, str], is_personal: bool) -> None:
    template, person = template_of(is_personal), made(row, address, name, values)
    spliced = built(template, person)
    if spliced is None:
        return
    message = check_form(spliced, person)
    text, page = bodies(message)
    assert PAGE.replace(MARKS.token, person.token) in text
    if is_personal:
        filled = {part: pattern.fill(values, FALLBACKS) for part, pattern in template.patterns.items()}
        own = PAGE.replace(MARKS.token, person.token)
        escaped = {part: html.escape(value) for part, value in filled.items()}
        assert page == (
            f"<title>{escaped['subject']}</title><b title='{escaped['preheader']}'>{escaped['greeting']}</b>"
            f" <a href='{own}'>x</a>\n"
        )
        assert "".join(text.split()) == "".join(f"{filled['greeting']}{filled['preheader']}Leave:{own}".split())
        assert str(message["Subject"]).split() == filled["subject"].split()
    assert Verifier(template).check(spliced.data, person) is None


@examples(80)
# A mark for a name would be a mark that is left.
@given(page=BODIES, text=BODIES, name=NAMES, first_name=NAMES.filter(lambda name: MARKS.token not in name))
def test_whatever_it_says(page: str, text: str, name: str, first_name: str) -> None:
    page, text = f"<i>x</i>{page}", f"x{text}"
    changes = {"greeting": GREETING, "subject": SUBJECT, "preheader": PREHEADER, "fallbacks": FALLBACKS}
    template = build_template(parts(**changes, html=page, text=text))
    person = made(7, "ada@example.org", name, {"first_name": first_name})
    spliced = built(template, person)
    if spliced is None:
        return
    message = check_form(spliced, person)
    wanted = []
    for source, is_html in ((text, False), (page, True)):
        said = source.replace("\r\n", "\n").replace("\r", "\n").replace(MARKS.token, person.token)
        for part, pattern in template.patterns.items():
            value = pattern.fill(person.values, FALLBACKS)
            said = said.replace(getattr(MARKS, part), html.escape(value) if is_html else value)
        wanted.append(said)
    found_text, found_page = bodies(message)
    assert found_page == wanted[1]
    assert "".join(found_text.split()) == "".join(wanted[0].split())
    assert load_template(template.dump()).splice(person) == spliced
    assert verify_template(template, person) == []


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("ada+list@example.org", "ada+list@example.org"),
        ('"ada b"@example.org', '"ada b"@example.org'),
        ("élodie@example.org", "élodie@example.org"),
        ("Ada@Straße.example", "Ada@xn--strae-oqa.example"),
        ("o'neill@société.example", "o'neill@xn--socit-esab.example"),
    ],
)
def test_every_kind_of_address_is_written_to(address: str, recipient: str) -> None:
    spliced = template_of(False).splice(made(1, address, "Ada", {}))
    assert spliced.recipient == recipient
    assert f"To: Ada <{recipient}>\r\n".encode() in spliced.data


@pytest.mark.parametrize(
    ("address", "name", "values", "said"),
    [
        ("ada@example.org\r\n", "Ada", {}, "the address holds a line end"),
        ("ada", "Ada", {}, "the address cannot stand"),
        ("a" * 65 + "@example.org", "Ada", {}, "the address is too long"),
        ("ada@\u0301.example", "Ada", {}, "cannot be written in ASCII"),
        ("ada@example.org", "Ada\nBcc: x", {}, "the name holds a line end"),
        ("ada@example.org", "A" * 501, {}, "the name is longer"),
        ("ada@example.org", "Ada", {"first_name": "Ada\0"}, "“first_name” holds a line end"),
        ("ada@example.org", "Ada", {"service": "Coast"}, "“first_name” is empty"),
    ],
)
def test_one_poisoned_row_says_why(address: str, name: str, values: dict[str, str], said: str) -> None:
    with pytest.raises(Unbuildable, match=said):
        template_of(True).splice(made(1, address, name, {"first_name": "", **values}))


@pytest.mark.parametrize("token", ["", "a" * 23, "A" * 24, "a" * 23 + "\n", '"><script>aaaaaaaaaaaaaa'])
def test_only_a_token_is_spliced_in(token: str) -> None:
    with pytest.raises(Unbuildable, match="token"):
        template_of(False).splice(
            Person(address="ada@example.org", name="", values={}, token=token, message_id="a@example.org")
        )


@pytest.mark.parametrize("identity", ["", "a", "a@b>\r\nX: y", "a b@c", "<a@b>", "é@b"])
def test_only_a_message_id_is_spliced_in(identity: str) -> None:
    with pytest.raises(Unbuildable, match="Message-ID"):
        template_of(False).splice(
            Person(address="ada@example.org", name="", values={}, token="a" * 24, message_id=identity)
        )


def test_the_same_person_gets_the_same_octets() -> None:
    one = made(5, "ada@example.org", "Ada", {"first_name": "Ada"})
    assert template_of(True).splice(one) == template_of(True).splice(one)
    assert isinstance(template_of(True).patterns["greeting"], PersonalText)
