"""One e-mail address: whether it is one, how it is written on an envelope, and by what it is compared.

Syntax is email-validator's (RFC 5321, 5322, 6531, IDNA 2008). Plain ASCII addresses, nearly all of a
list, take a short way that accepts a strict subset of it; a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from newsletter_cli.audience.making import maker
from newsletter_cli.audience.words import is_header_safe, is_no_name, no_name_note
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import library_reason

PLAIN = re.compile(r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@([A-Za-z0-9.-]{1,253})", re.ASCII)
MAX_ADDRESS = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
MAX_LOCAL = 64  # RFC 5321 §4.5.3.1.1
# Nothing longer is worth a look: the checks below must not be fed a 10 MB cell.
MAX_TEXT = 1000
# Of no width, and marks of the direction of writing, which Outlook and telephones put around what is copied.
INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200d\u2060\ufeff\u00ad\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)


class Address(NamedTuple):
    """An address that may stand on an envelope: local part as written, domain in lower-case ASCII (IDNA).

    `key` is what doubles are known by.
    """

    text: str
    key: str

    @property
    def domain(self) -> str:
        """The domain, in ASCII."""
        return self.text.rpartition("@")[2]


# Of (text, key): for everybody on a list, names take three times as long.
_address = maker(Address)


class AddressFault(ValueError):
    """The text is no address; the message says why, without repeating it."""


def parse_address(text: str) -> Address:
    """`text` as an address. Raises `AddressFault`; fixes nothing: that is `clean_address`'s."""
    return parse_plain_address(text) or _parse_slowly(text)


def parse_plain_address(text: str) -> Address | None:
    """`text` as an address when it is a plain ASCII one, as nearly all are; else `None`, which says nothing yet."""
    plain = PLAIN.fullmatch(text)
    if plain is None:
        return None
    local, domain = plain.groups()
    checked = _checked_domain(domain.lower())
    if checked is None:
        return None
    if len(text) > MAX_LOCAL and (len(local) > MAX_LOCAL or len(local) + 1 + len(checked) > MAX_ADDRESS):
        return None
    lowered = local.lower()
    key = f"{lowered}@{checked}"
    return _address((key if lowered == local else f"{local}@{checked}", key))


def _parse_slowly(text: str) -> Address:
    from email_validator import EmailNotValidError, validate_email

    if len(text) > MAX_TEXT:
        raise AddressFault(_("it is {count} characters long").format(count=len(text)))
    if "@" not in text:
        raise AddressFault(_("the @ is spelt out: write it as a sign") if _SPELT.search(text) else _("it has no @"))
    if reason := next(_plain_reasons(text), ""):
        raise AddressFault(reason)
    try:
        # test_environment lets `.test` pass, which RFC 2606 keeps for trials such as ours.
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise AddressFault(library_reason(error)) from None
    except (UnicodeError, ValueError, RecursionError):
        raise AddressFault(_("it does not look like an address")) from None
    domain = (found.ascii_domain or "").lower()
    # As written, but composed: a mail server compares octets.
    local = unicodedata.normalize("NFC", text.rpartition("@")[0])
    if not domain or "\n" in local:
        raise AddressFault(_("it does not look like an address"))
    # A mail server counts octets; email-validator lets a longer part before the @ pass.
    octets = len(local.encode("utf-8", "surrogatepass"))
    if octets > MAX_LOCAL:
        raise AddressFault(_("the part before the @ is longer than {count} characters").format(count=MAX_LOCAL))
    if octets + 1 + len(domain) > MAX_ADDRESS:
        raise AddressFault(_("it is longer than {count} characters").format(count=MAX_ADDRESS))
    return Address(text=f"{local}@{domain}", key=f"{compared_local(local)}@{domain}")


# In these words `(at)` stands for the sign.
_SPELT = re.compile(r"[\[({]\s*(?:at|arobase|a)\s*[\])}]|\s(?:at|arobase)\s|\w(?:_at_|-at-)\w", re.IGNORECASE)
_STRUCK_OUT = ("#", "*", "/", "!", "~", "%")


def _plain_reasons(text: str) -> Iterator[str]:
    """What is usually wrong with an address, in plain words, with what to write instead."""
    local, _at, domain = text.rpartition("@")
    if local.startswith('"'):
        return
    if "@" in local:
        yield _("it has several @")
    if text.startswith(_STRUCK_OUT):
        yield _("it begins with “{sign}”: is the row struck out? Take it out, or the sign").format(sign=text[0])
    for letter in text:
        if unicodedata.category(letter) == "Cc" and letter not in "\r\n":
            yield _("a control character stands in it (U+{code:04X}): type it anew").format(code=ord(letter))
    if any(map(str.isspace, text)) and not {"\r", "\n"} & set(text):
        yield _("a blank, or something else, stands beside the address: take it out, or write: Name <address>")
    if "," in domain:
        yield _("a comma stands in the domain: is a dot meant?")
    if len(domain) > 1 and not (domain[-1].isalnum() or domain[-1] in "]."):
        yield _("“{sign}” stands behind it: take it out").format(sign=domain[-1])


@lru_cache(maxsize=16_384)
def _checked_domain(domain: str) -> str | None:
    """The domain in ASCII when an address may have it. Lists have few domains: each is checked once."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(f"a@{domain}", check_deliverability=False, test_environment=True)
    except (EmailNotValidError, UnicodeError, ValueError):
        return None
    return (found.ascii_domain or "").lower() or None


def compared_local(local: str) -> str:
    """The local part as compared: without case, in one Unicode form.

    Compatibility forms fold, too (`ﬁ` and `fi`): better one mail to look-alikes than two to one person.
    """
    folded = unicodedata.normalize("NFKC", local)
    for _round in range(3):  # folding can undo composition and the reverse; three rounds always settle
        again = unicodedata.normalize("NFKC", folded.casefold())
        if again == folded:
            break
        folded = again
    return folded


def clean_address(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without what surely is not part of the address, and what was taken away.

    Only wrapping goes: blanks, invisible characters, `mailto:`, `< >`, quotes around the whole, a final dot
    (the root of the domain) or separator. No letter is ever added, dropped or exchanged.
    """
    notes: list[str] = []
    bare = text.translate(INVISIBLE).strip()
    if bare != text.strip():
        notes.append(_("invisible characters removed"))
    if bare[:2] == '="' and bare[-1] == '"' and len(bare) > 3:  # what Excel writes for “text, and nothing else”
        bare = bare[2:-1].strip()
        notes.append(_("the formula around it removed"))
    if (scheme := _SCHEME.match(bare)) is not None:
        bare = bare[scheme.end() :].partition("?")[0].strip()
        notes.append(_("“{scheme}” removed").format(scheme=scheme[0].strip()))
    if len(bare) > 2 and (bare[0], bare[-1]) in {("<", ">"), ('"', '"'), ("'", "'"), ("«", "»"), ("“", "”")}:
        bare = bare[1:-1].strip()
    if bare.endswith((".", ",", ";")) and "@" in bare:
        bare = bare.rstrip(".,; ")
        notes.append(_("final punctuation removed"))
    return bare, tuple(notes)


# Before an address in a link, and in what Exchange and Active Directory export.
_SCHEME = re.compile(r"(?:mailto|smtp)\s*:\s*", re.IGNORECASE)


MAX_CELL = 10_000
NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*[.,;]?", re.DOTALL)
_LINK = re.compile(r"\[(?P<name>[^\[\]]*)\]\((?P<address>[^()\s]*)\)")
BARE = re.compile(r"[\"']?[^\s<>;,@]+@[^\s<>;,@]+[\"']?")
# `:::` is Google Contacts'.
SEPARATORS = (
    re.compile(r"[\r\n]+"),
    re.compile(":::"),
    re.compile(";"),
    re.compile(","),
    re.compile("/"),
    re.compile(r"\s+"),
)


class Written(NamedTuple):
    """An address of a cell, the name written beside it, and what was assumed."""

    address: Address
    name: str
    notes: tuple[str, ...]


_written = maker(Written)


def parse_cell(text: str) -> list[Written]:
    """The addresses of a cell, at least one. Raises `AddressFault` when it holds none or anything else."""
    if plain := parse_plain_address(text):
        return [_written((plain, "", ()))]
    if len(text) > MAX_CELL:
        raise AddressFault(_("the cell is {count} characters long").format(count=len(text)))
    if "\0" in text:
        raise AddressFault(_("the cell holds a control character"))
    if text.count("@") <= 1:
        return [_parse_one(text)]
    if link := _LINK.fullmatch(text.strip()):
        # What pads and web pages make of an address.
        text = f"{link['name']} <{link['address']}>"
    named = NAMED.fullmatch(text.strip())
    if named and BARE.fullmatch(named["name"].strip()):
        # `a@x.fr <a@x.fr>`, as some mail programs write it; with two different addresses, which one?
        if not _is_same_address(named["name"], named["address"]):
            raise AddressFault(_("it has several @"))
        return [_parse_one(f"<{named['address']}>")]
    for separator in SEPARATORS:
        parts = [part for part in separator.split(text) if part.strip()]
        if len(parts) > 1 and all(part.count("@") == 1 for part in parts):
            note = _("several addresses in one cell")
            return [written._replace(notes=(note, *written.notes)) for written in map(_parse_one, parts)]
    if len(BARE.findall(text)) > 1:
        raise AddressFault(
            _("it holds several addresses, and what stands between them is not understood: give each a row of its own")
        )
    raise AddressFault(_("it has several @"))


def _parse_one(text: str) -> Written:
    name = ""
    notes: tuple[str, ...] = ()
    if "<" in text and (named := NAMED.fullmatch(text.strip())):
        text = named["address"]
        name = named["name"].strip().strip("\"'").strip()
        if not is_header_safe(name):
            raise AddressFault(_("the name holds a line break or control character"))
        if name and is_no_name(name):
            # `a@x.fr <a@x.fr>`, as mail programs write it, is not worth a word.
            notes = () if _is_same_address(name, text) else (no_name_note(),)
            name = ""
        if name:
            notes = (_("name taken from the address cell"),)
    bare, cleaned = clean_address(text)
    if not bare:
        raise AddressFault(_("there is no address"))
    return Written(parse_address(bare), name, notes + cleaned)


def _is_same_address(name: str, address: str) -> bool:
    written = address.strip().lower()
    if scheme := _SCHEME.match(written):  # `a@x.fr<mailto:a@x.fr>` is what Outlook copies
        written = written[scheme.end() :].partition("?")[0]
    return name.strip().strip("\"'").lower() == written
