"""The head of every message: RFC 5322, with what lists (2369, 2919), one click (8058) and
reports of complaints (9477) want besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter_cli.base.domains import is_this_machine
from newsletter_cli.base.i18n import _
from newsletter_cli.base.tokens import TOKEN_LENGTH
from newsletter_cli.deliver.message.body import Slot
from newsletter_cli.deliver.message.fields import PersonalText
from newsletter_cli.deliver.message.parts import DraftParts, MessageParts, TemplateFault
from newsletter_cli.deliver.message.person import MAX_LOCAL_BYTES, Unbuildable, check_name, envelope_address
from newsletter_cli.render.mime import USUAL_LINE, Mailbox, encode_named, encode_unstructured, one_line

# RFC 5322, 2.1.1.
LONGEST_LINE = 998
ONE_CLICK = "List-Unsubscribe=One-Click"
# RFC 9477, 3: complaints as RFC 5965 has them, which `after/` reads.
REPORT_FORMAT = "report=arf"
# A URI as a header has it between angle brackets (RFC 3986; RFC 2369, 2).
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+")
LIST_ID = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
FEEDBACK_ID = re.compile(r"[!-~]{1,200}")


def build_head(parts: DraftParts, subject: str | PersonalText) -> str:
    """The header fields but those that describe the body, with held places. Raises `TemplateFault`.

    A draft has none of the fields that only a send can fill in, nor those by which a list is known.
    """
    return "".join(f"{name}: {value}\r\n" for name, value in _fields(parts, subject))


def envelope_sender(parts: MessageParts) -> str:
    """Where reports of delivery go, before a token is added. Raises `TemplateFault`: it has to be ASCII."""
    if parts.bounces is None:
        return _own_address(parts.sender.address)
    address = _own_address(parts.bounces)
    if len(address.rpartition("@")[0]) + 1 + TOKEN_LENGTH > MAX_LOCAL_BYTES or address.startswith('"'):
        raise TemplateFault(_("“{address}” leaves no room for a token before the @").format(address=address))
    return address


def unsubscribe_value(page: str | None, mail: str | None) -> str:
    """The value of List-Unsubscribe, never encoded (RFC 2369, 2), folded between its addresses only."""
    addresses = [f"<{address}>" for address in (page, mail) if address]
    line = ", ".join(addresses)
    return line if len("List-Unsubscribe: ") + len(line) <= USUAL_LINE else ",\r\n ".join(addresses)


def _fields(parts: DraftParts, subject: str | PersonalText) -> Iterator[tuple[str, str]]:
    is_draft = not isinstance(parts, MessageParts)
    if is_draft:
        # By this Outlook and Thunderbird open it to be written on and sent.
        yield "X-Unsent", "1"
    for name, mailbox in (("From", parts.sender), ("Reply-To", parts.reply_to)):
        if mailbox is not None:
            yield name, _mailbox(name, mailbox, may_be_beyond_ascii=is_draft)
    if not is_draft:
        yield "To", Slot.TO.held
    yield "Subject", Slot.SUBJECT.held if isinstance(subject, PersonalText) else _subject(subject)
    if isinstance(parts, MessageParts):
        yield from _mailing_fields(parts)
    yield "Content-Language", _checked(LANGUAGE, parts.language, "Content-Language")
    yield "MIME-Version", "1.0"


def _mailing_fields(parts: MessageParts) -> Iterator[tuple[str, str]]:
    yield "Date", Slot.DATE.held
    yield "Message-ID", f"<{Slot.MESSAGE_ID.held}>"
    if parts.list_id is None:
        # Servers of lists refuse what says that it came from a list already.
        if parts.online_url:
            yield "Archived-At", f"<{_uri(parts.online_url)}>"
        return
    yield "List-Id", _list_id(parts.list_id)
    yield from _unsubscribe_fields(parts)
    if parts.online_url:
        yield "Archived-At", f"<{_uri(parts.online_url)}>"
    yield "Precedence", "bulk"
    if parts.feedback_id:
        yield "Feedback-ID", _checked(FEEDBACK_ID, parts.feedback_id, "Feedback-ID")
    if parts.complaints:
        yield "CFBL-Address", f"{_own_address(parts.complaints)}; {REPORT_FORMAT}"


def _unsubscribe_fields(parts: MessageParts) -> Iterator[tuple[str, str]]:
    page, mail, mark = parts.unsubscribe_page, parts.unsubscribe_mail, parts.marks.token
    for uri in (page, mail):
        # Without a token nobody could tell who is leaving.
        if uri and mark not in _uri(uri):
            raise TemplateFault(_("the address to leave the list has no place for a token: {uri}").format(uri=uri))
    if page or mail:
        yield "List-Unsubscribe", unsubscribe_value(page, mail).replace(mark, Slot.TOKEN.held)
    if page:
        # RFC 8058, 3.1; on the machine itself nobody else listens.
        if not (page.lower().startswith("https://") or is_this_machine(urlsplit(page).hostname or "")):
            raise TemplateFault(_("one click is promised of an https page only: {uri}").format(uri=page))
        yield "List-Unsubscribe-Post", ONE_CLICK


def format_date(parts: MessageParts) -> str:
    """The value of Date. Raises `TemplateFault` for a naive one."""
    if parts.date.utcoffset() is None:
        raise TemplateFault(_("the date has no time zone"))
    from email.utils import format_datetime

    return format_datetime(parts.date)


def check_message_id_domain(domain: str) -> str:
    """The right side of Message-IDs. Raises `TemplateFault` where it is no domain in ASCII."""
    return _checked(DOMAIN, domain, "Message-ID")


def _list_id(text: str) -> str:
    name, bracket, rest = text.rpartition("<")
    identifier = rest.strip().removesuffix(">") if bracket else text.strip()
    _checked(LIST_ID, identifier, "List-Id")
    name = one_line(name).strip('"').strip()
    return encode_named("List-Id", name, identifier) if name else f"<{identifier}>"


def _subject(text: str) -> str:
    return encode_unstructured("Subject", text)


def _mailbox(header: str, mailbox: Mailbox, *, may_be_beyond_ascii: bool) -> str:
    try:
        name = check_name(mailbox.name)
    except Unbuildable as fault:
        raise TemplateFault(f"{mailbox.address}: {fault}") from None
    address = _own_address(mailbox.address, may_be_beyond_ascii=may_be_beyond_ascii)
    return encode_named(header, name, address)


def _own_address(address: str, *, may_be_beyond_ascii: bool = False) -> str:
    try:
        found = envelope_address(address)
    except Unbuildable as fault:
        raise TemplateFault(f"{address}: {fault}") from None
    if not found.isascii() and not may_be_beyond_ascii:
        # It would make every message one for servers with SMTPUTF8.
        raise TemplateFault(_("“{address}” is not ASCII before the @").format(address=address))
    return found


def _uri(text: str) -> str:
    return _checked(URI, text, "URI")


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise TemplateFault(_("{header}: “{text}” cannot stand there").format(header=what, text=text))
    return text
