"""Changes that a relay, a list or a filter makes to a message, each by the kind it is to be named as."""

from __future__ import annotations

import base64
import email
import quopri
import re
from collections.abc import Callable
from email.message import Message

Plant = Callable[[bytes], bytes]

# An issue in which each of them finds its place.
TEXTS = {
    "_issue.md": '---\ntitle: "Tidings #1 – été"\ndate: 2026-06-11\n---\nGood morning, it’s 10\u00a0% été 🎉.\n',
    "news.md": (
        "---\nauthor: Grace\n---\nSomething [happened](https://example.org/a).\n\n"
        "From here we go on.\n\n.bashrc is a file.\n\n![A boat](https://example.org/boat.png)\n\n"
        "What stands last of all is a sentence with a dozen words and more of them, so that its loss is seen.\n"
    ),
}


def header(old: str, new: str) -> Plant:
    """A pattern of the header, each time it is found."""

    def plant(octets: bytes) -> bytes:
        head, blank, body = octets.partition(b"\r\n\r\n")
        changed = re.sub(old.encode(), new.encode(), head, count=1, flags=re.MULTILINE | re.IGNORECASE)
        assert changed != head, old
        return changed + blank + body

    return plant


def lost(name: str) -> Plant:
    return header(rf"^{name}:.*(?:\r\n[ \t].*)*\r\n", "")


def part(media_type: str, change: Callable[[str], str], *, encoding: str = "base64") -> Plant:
    """The text of a part; the part is encoded anew."""

    def plant(octets: bytes) -> bytes:
        message = email.message_from_bytes(octets)
        for one in message.walk():
            if one.get_content_type() == media_type:
                text = octets_of(one).decode("utf-8")
                changed = change(text)
                assert changed != text, media_type
                _set(one, changed.encode("utf-8", "surrogateescape"), encoding)
        return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    return plant


def encoded(encoding: str) -> Plant:
    """Every text in another transfer encoding, nothing else."""

    def plant(octets: bytes) -> bytes:
        message = email.message_from_bytes(octets)
        for one in message.walk():
            if one.get_content_maintype() == "text":
                _set(one, octets_of(one), encoding)
        return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    return plant


def octets_of(one: Message) -> bytes:
    payload = one.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def parts_of(one: Message) -> list[Message]:
    payload = one.get_payload()
    assert isinstance(payload, list)
    return [part for part in payload if isinstance(part, Message)]


def _set(one: Message, octets: bytes, encoding: str) -> None:
    del one["Content-Transfer-Encoding"]
    one["Content-Transfer-Encoding"] = encoding
    if encoding == "base64":
        one.set_payload(base64.encodebytes(octets).decode("ascii"))
    elif encoding == "quoted-printable":
        one.set_payload(quopri.encodestring(octets.replace(b"\r\n", b"\n")).decode("ascii"))
    else:
        one.set_payload(octets.decode("ascii", "surrogateescape"))


def put_before(name: str) -> Plant:
    """A whole field on top."""
    return lambda octets: name.encode() + b"\r\n" + octets


def page(change: Callable[[str], str]) -> Plant:
    return part("text/html", change)


def plain(change: Callable[[str], str]) -> Plant:
    return part("text/plain", change)


def without(media_type: str) -> Plant:
    def plant(octets: bytes) -> bytes:
        message = email.message_from_bytes(octets)
        for one in message.walk():
            if one.is_multipart():
                one.set_payload([sub for sub in parts_of(one) if sub.get_content_type() != media_type])
        return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    return plant


SAFE = "https://eur01.safelinks.protection.outlook.com/?url="
BANNER = "<table><tr><td>EXTERNAL: this message came from outside.</td></tr></table>"
TEXT_FOOTER = "\r\n--\r\nThis message is confidential.\r\n"

# Each is named as these kinds, and as no other.
PLANTED: dict[str, tuple[Plant, set[str]]] = {
    "a pixel": (
        page(
            lambda text: text.replace("</body>", '<img src="https://t.example.net/o?u=1" width="1" height="1"></body>')
        ),
        {"pixel-added"},
    ),
    "links rewritten": (
        page(lambda text: re.sub(r'href="(https://[^"]+)"', rf'href="{SAFE}\1&amp;data=1"', text)),
        {"link-rewritten"},
    ),
    "one link rewritten in the plain text": (
        plain(
            lambda text: text.replace("https://example.org/a", "https://urldefense.com/v3/__https://example.org/a__")
        ),
        {"link-rewritten"},
    ),
    "tracking parameters": (
        page(lambda text: text.replace('href="https://example.org/a"', 'href="https://example.org/a?utm_source=x"')),
        {"tracking-added"},
    ),
    "List-Unsubscribe lost": (lost("List-Unsubscribe"), {"list-unsubscribe-lost"}),
    "List-Unsubscribe another": (
        header(r"^List-Unsubscribe:.*(?:\r\n[ \t].*)*\r\n", "List-Unsubscribe: <https://t.example.net/u>\r\n"),
        {"list-unsubscribe-changed"},
    ),
    "a tag before the subject": (header(r"^Subject: ", "Subject: [EXT] "), {"subject-prefixed"}),
    "a banner": (page(lambda text: re.sub(r"(<body[^>]*>)", rf"\1{BANNER}", text)), {"banner-added"}),
    "a disclaimer": (plain(lambda text: text.rstrip() + TEXT_FOOTER), {"footer-added"}),
    "blanks that must not break": (page(lambda text: text.replace("\u00a0", " ")), {"no-break-space-lost"}),
    "quotation marks": (page(lambda text: text.replace("’", "'")), {"typography-changed"}),
    "emoji": (page(lambda text: text.replace("🎉", "?")), {"emoji-lost"}),
    "accents": (
        page(lambda text: text.encode().decode("cp1252", "replace").encode().decode()),
        {"characters-broken"},
    ),
    "a word": (page(lambda text: text.replace("morning", "evening")), {"text-changed"}),
    "a word of the text": (plain(lambda text: text.replace("morning", "evening")), {"text-changed"}),
    "the style block": (
        page(lambda text: re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)),
        {"style-block-lost"},
    ),
    "the end": (page(lambda text: text[: text.index("stands last")]), {"html-clipped"}),
    "the plain text": (without("text/plain"), {"text-part-lost"}),
    "the sender": (
        header(r"^From: .*$", "From: Tidings via List <list@lists.example.net>"),
        {"from-rewritten"},
    ),
    "Reply-To": (lost("Reply-To"), {"reply-to-lost"}),
    "Message-ID": (header(r"^Message-ID: .*$", "Message-ID: <other@relay.example.net>"), {"message-id-changed"}),
    "Date": (header(r"^Date: .*$", "Date: Thu, 1 Jan 2026 00:00:00 +0000"), {"date-changed"}),
    "Feedback-ID": (lost("Feedback-ID"), {"header-lost"}),
    "Sender": (put_before("Sender: list@lists.example.net"), {"sender-added"}),
    "Auto-Submitted": (put_before("Auto-Submitted: auto-generated"), {"header-added"}),
    "a receipt": (put_before("Disposition-Notification-To: boss@example.net"), {"receipt-asked"}),
    "spam": (put_before("X-Spam-Status: Yes, score=7.1 required=5.0 tests=ALL"), {"spam"}),
    "a script": (
        page(lambda text: text.replace("</body>", '<script src="https://t.example.net/s.js"></script></body>')),
        {"remote-added"},
    ),
    "From at the begin of a line": (plain(lambda text: text.replace("\r\nFrom ", "\r\n>From ")), {"from-escaped"}),
    "a dot at the begin of a line": (plain(lambda text: text.replace("\r\n.bashrc", "\r\n..bashrc")), {"dots-changed"}),
    "soft breaks": (
        plain(lambda text: text.replace("\u00e9t\u00e9", "=C3=A9t=C3=A9")),
        {"quoted-printable-broken"},
    ),
    "the words of a picture": (page(lambda text: text.replace('alt="A boat', 'alt="A ship')), {"alt-changed"}),
    "a picture from elsewhere": (
        page(lambda text: re.sub(r'src="https://', 'src="https://ci3.googleusercontent.com/x#https://', text)),
        {"picture-rewritten"},
    ),
    "the character set": (
        lambda octets: encoded("8bit")(octets).replace(b"charset=utf-8", b"charset=iso-8859-1"),
        {"characters-broken"},
    ),
}
# What only travels otherwise.
HARMLESS: dict[str, Plant] = {
    "as it is": bytes,
    "8bit": encoded("8bit"),
    "base64": encoded("base64"),
    "quoted-printable anew": encoded("quoted-printable"),
    "folded otherwise": header(r"^List-Unsubscribe: <([^>]*)>,\s*", r"List-Unsubscribe:\r\n <\1>,\r\n\t"),
    "fields of the way": put_before(
        "Received: from a (a [10.0.0.1]) by b with ESMTPS; Thu, 11 Jun 2026 10:00:00 +0200"
    ),
    "words of filters": put_before("X-Spam-Status: No, score=0.1 required=5.0\r\nX-Virus-Scanned: yes"),
    "the subject encoded otherwise": header(
        r"^Subject: .*(?:\r\n[ \t].*)*$",
        "Subject: =?utf-8?b?" + base64.b64encode("[Proof] Tidings #1 – été".encode()).decode() + "?=",
    ),
}
