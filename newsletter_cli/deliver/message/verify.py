"""The thorough check of one message: parsed back with Python's `email`, and compared with what it was made from."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.message.head import LONGEST_LINE, ONE_CLICK
from newsletter_cli.deliver.message.person import Person, Unbuildable, envelope_address
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.deliver.message.splicing import MessageTemplate
from newsletter_cli.deliver.message.verifier import Verifier

ONCE = (
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Precedence", "Content-Language", "MIME-Version",
    "Content-Type",
)  # fmt: skip
AT_MOST_ONCE = (
    "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "Archived-At", "Feedback-ID", "CFBL-Address",
)  # fmt: skip
# What a list server says itself.
OF_A_LIST = ("List-Id", "Precedence", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "CFBL-Address")
FORBIDDEN = ("Auto-Submitted", "X-Unsent", "Received", "Return-Path", "Sender", "Cc", "Bcc")
# RFC 9477, 3: one bare address, and the format of the reports.
COMPLAINTS = re.compile(r"[^\s;<>@]+@[^\s;<>@]+; report=arf")
LIST_ID = re.compile(r"(?:[^<>]+ )?<[A-Za-z0-9_.-]+>")
QUOTED_PRINTABLE = "quoted-printable"


def verify_template(template: MessageTemplate, sample: Person) -> list[str]:
    """What is wrong with the message of `sample`, as sentences; none where all is well.

    RFC 5321, 5322, 2045–2047, 2369, 2919, 8058: one of each header field, lines, dots, encodings, the order of the
    parts, nothing left open. The sentences hold nothing personal.
    """
    try:
        data = template.splice(sample).data
    except Unbuildable as reason:
        return [str(reason)]
    problems = list(_octets(data))
    raw = unstuff(data)
    message = email.message_from_string(raw.decode("utf-8", "replace"), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    problems += _fields(message, template, sample)
    problems += _list_fields(head, message, template, sample)
    problems += _bodies(message, template)
    if not problems:
        found = Verifier(template).check(data, sample)
        problems += [found] if found else []
    return problems


def _octets(data: bytes) -> Iterator[str]:
    lines = data.split(b"\r\n")
    if lines[-1]:
        yield _("the message does not end with a line end")
    if any(b"\r" in line or b"\n" in line for line in lines):
        yield _("a line of the message does not end with CR and LF")
    if max(map(len, lines)) > LONGEST_LINE:
        yield _("a line of the message is longer than {count} octets").format(count=LONGEST_LINE)
    if any(line.startswith(b".") and not line.startswith(b"..") for line in lines):
        yield _("a line of the message begins with a dot that is not doubled")


def _fields(message: EmailMessage, template: MessageTemplate, sample: Person) -> Iterator[str]:
    for name in (*ONCE, *AT_MOST_ONCE, *FORBIDDEN):
        count = len(message.get_all(name, []))
        if template.is_for_list_server and name in OF_A_LIST:
            if count:
                yield _("the header field {name} is for the list server to write").format(name=name)
            continue
        allowed = (1,) if name in ONCE else (0, 1) if name in AT_MOST_ONCE else (0,)
        if count not in allowed:
            yield _("the header field {name} stands {count} times").format(name=name, count=count)
    for name in ("From", "To"):
        if message[name] is None or len(message[name].addresses) != 1:
            yield _("{name} does not hold one address").format(name=name)
    local, _at, domain = envelope_address(sample.address).rpartition("@")
    to = message["To"]
    if to is not None and len(to.addresses) == 1:
        found = to.addresses[0]
        if (found.username, found.domain) != (_bare(local), domain):
            yield _("To does not hold the recipient's address")
    if message["Message-ID"] != f"<{sample.message_id}>":
        yield _("the Message-ID is not the delivery's")
    if sample.message_id.rpartition("@")[2] != template.message_id_domain:
        yield _("the Message-ID is of another domain")
    if not _has_zone(str(message["Date"])):
        yield _("the date has no time zone")


def _bare(local: str) -> str:
    """A quoted local part without its quotation marks: as the parser gives it."""
    return re.sub(r"\\(.)", r"\1", local[1:-1]) if local.startswith('"') else local


def _has_zone(date: str) -> bool:
    try:
        return parsedate_to_datetime(date).utcoffset() is not None
    except ValueError:
        return False


def _list_fields(head: str, message: EmailMessage, template: MessageTemplate, sample: Person) -> Iterator[str]:
    if template.is_for_list_server:
        return
    if not LIST_ID.fullmatch(str(message["List-Id"])):
        yield _("List-Id is not as RFC 2919 has it")
    if message["CFBL-Address"] is not None and not COMPLAINTS.fullmatch(str(message["CFBL-Address"])):
        yield _("CFBL-Address is not as RFC 9477 has it")
    # As it stands there: a parser would decode what must not be encoded.
    fields = re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")
    values = [line.partition(": ")[2] for line in fields if line.lower().startswith("list-unsubscribe:")]
    links = [link for link in (template.unsubscribe_page, template.unsubscribe_mail) if link]
    expected = ", ".join(f"<{link}>" for link in links).replace(template.marks.token, sample.token)
    if values != ([expected] if links else []):
        yield _("List-Unsubscribe does not hold the two addresses as they are")
    wanted = ONE_CLICK if template.unsubscribe_page else None
    if message["List-Unsubscribe-Post"] != wanted:
        yield _("List-Unsubscribe-Post promises what is not so, or does not say it")


def _bodies(message: EmailMessage, template: MessageTemplate) -> Iterator[str]:
    if any(part.defects for part in message.walk()):
        yield _("the message's parts cannot be told apart")
    root: MIMEPart = message
    if message.get_content_type() == "multipart/related":
        root = next(iter(message.iter_parts()), root)
    parts = list(root.iter_parts()) if root.is_multipart() else []
    kinds = [root.get_content_type(), *(part.get_content_type() for part in parts)]
    if kinds != ["multipart/alternative", "text/plain", "text/html"]:
        yield _("the message is not text and, after it, HTML")
        return
    for part in parts:
        kind = part.get_content_type()
        if part["Content-Transfer-Encoding"] != QUOTED_PRINTABLE or part.get_content_charset() != "utf-8":
            yield _("the part {kind} is not UTF-8 in quoted-printable").format(kind=kind)
            return
        content = part.get_payload(decode=True)
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        if not text.strip():
            yield _("the part {kind} is empty").format(kind=kind)
        if any(mark in text.lower() for mark in template.marks):
            yield _("a mark is left in the part {kind}").format(kind=kind)
