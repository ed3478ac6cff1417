"""The part of the configuration that a send reads: tables `[send]`, `[endpoint]`, `[personal]` and those below."""

from __future__ import annotations

from typing import Literal

from newsletter_cli.base.tables import Table, option
from newsletter_cli.config.meant import (
    meant_address,
    meant_age,
    meant_domain,
    meant_field,
    meant_list_id,
    meant_name,
    meant_secure_url,
    meant_transport,
)

# A letter or “_” first: what `{…}` can name.
FIELD_PATTERN = r"[^\W\d]\w*"
ADDRESS_PATTERN = r"[^@\s]+@[^@\s]+"
DOMAIN_PATTERN = r"[A-Za-z0-9.-]+"
# How the domain of a mailbox is written: in any letters, without anything around it.
MAILBOX_DOMAIN_PATTERN = r"\s*[^\s@/:,;<>]+\s*"
# What a shell takes for the name of a variable, and Windows too.
VARIABLE_PATTERN = r"[A-Za-z_][A-Za-z0-9_]*"


class SmtpSettings(Table, frozen=True, kw_only=True):
    """Table `[send.smtp]`: how a mail server is spoken to. Its password never stands in the file."""

    user: str | None = option(None, doc="Who logs in; nobody by default.", filled=True)
    auth: Literal["auto", "plain", "login", "xoauth2"] = option(
        "auto", doc="How: auto takes PLAIN, else LOGIN; xoauth2 where the secret is an OAuth token."
    )
    password_env: str = option(
        "NL_SMTP_PASSWORD",
        doc="Environment variable that holds the password.",
        pattern=VARIABLE_PATTERN,
        meant=meant_name,
        is_shown=False,
    )
    password_command: tuple[str, ...] = option((), doc='Command that prints it: ["pass", "show", "smtp"].')
    password_keyring: str | None = option(
        None, doc="Service under which the system's keyring has it, for `user`.", filled=True
    )
    starttls: Literal["auto", "required", "never"] = option(
        "auto", doc="smtp:// only. auto: demanded, unless the server is on this machine."
    )
    ca_file: str | None = option(None, doc="Certificates to trust besides the system's (PEM).", filled=True)
    hello: str | None = option(
        None, doc="Name given in EHLO; this machine's by default.", pattern=DOMAIN_PATTERN, meant=meant_domain
    )
    connections: int = option(8, doc="Connections at the same time.", minimum=1, maximum=200)
    messages_per_connection: int = option(
        1000, doc="Messages on one connection, before a new one is opened.", minimum=1, maximum=1_000_000
    )
    pipelining: bool = option(True, doc="Send commands in one go where the server offers it (RFC 2920).")
    timeout_seconds: int = option(300, doc="How long one answer may take (RFC 5321 §4.5.3.2).", minimum=1, maximum=3600)
    final_timeout_seconds: int = option(
        600, doc="How long the answer to a whole message may take; then it is in doubt.", minimum=1, maximum=3600
    )


class ServiceSettings(Table, frozen=True, kw_only=True):
    """Table `[send.service]`: a mail service that takes messages over HTTPS. Its key never stands in the file."""

    mailbox: str | None = option(
        None,
        doc="The mailbox that writes: for graph its address, for lasuite its UUID; brevo needs none.",
        pattern=r"[!-~]+",
    )
    channel: str | None = option(None, doc="lasuite: the UUID of the channel that the key is for.", pattern=r"[!-~]+")
    key_env: str = option(
        "NL_SERVICE_KEY",
        doc="Environment variable that holds the key (graph: an OAuth token).",
        pattern=VARIABLE_PATTERN,
        meant=meant_name,
        is_shown=False,
    )
    key_command: tuple[str, ...] = option((), doc='Command that prints it: ["pass", "show", "lasuite"].')
    key_keyring: str | None = option(
        None, doc="Service under which the system's keyring has it, for `mailbox`.", filled=True
    )
    ca_file: str | None = option(None, doc="Certificates to trust besides the system's (PEM).", filled=True)
    connections: int = option(4, doc="Messages posted at the same time.", minimum=1, maximum=50)
    timeout_seconds: int = option(
        120, doc="How long the answer to a message may take; then it is in doubt.", minimum=1, maximum=3600
    )


class PaceSettings(Table, frozen=True, kw_only=True):
    """One `[[send.pace]]` table: how fast the mailboxes of some domains are written to."""

    name: str = option(doc="What the display calls it: Orange.", filled=True)
    domains: tuple[str, ...] = option(
        doc="Its domains; a name stands for those below it, too.", pattern=MAILBOX_DOMAIN_PATTERN, meant=meant_domain
    )
    connections: int = option(0, doc="Most connections that carry its mail; 0: all.", minimum=0, maximum=200)
    per_minute: int = option(0, doc="Most messages a minute; 0: no limit.", minimum=0, maximum=1_000_000)


class DkimSettings(Table, frozen=True, kw_only=True):
    """Table `[send.dkim]`: nl signs each message itself (RFC 6376). Most sites let the mail server do it."""

    selector: str | None = option(None, doc="The selector; without one nothing is signed.", pattern=DOMAIN_PATTERN)
    domain: str | None = option(
        None, doc="Who signs; the sender's domain by default.", pattern=DOMAIN_PATTERN, meant=meant_domain
    )
    key_file: str | None = option(None, doc="The private key (PEM), outside Git, relative to the workspace.")
    key_env: str = option(
        "NL_DKIM_KEY",
        doc="Environment variable that holds the key.",
        pattern=VARIABLE_PATTERN,
        meant=meant_name,
        is_shown=False,
    )
    key_command: tuple[str, ...] = option((), doc="Command that prints it.")


class SendSettings(Table, frozen=True, kw_only=True):
    """Table `[send]`: how an issue reaches its readers."""

    transport: str = option(
        "maildir:state/outbox",
        doc="Where messages go: maildir:PATH (a folder; nothing leaves the machine), smtp://HOST:PORT, smtps://HOST; "
        "over HTTPS lasuite://HOST, graph://graph.microsoft.com, brevo://api.brevo.com.",
        pattern=r"maildir:.+|(smtps?|lasuite|graph|brevo)://[^\s/@]+/?",
        meant=meant_transport,
        # It may well hold a password.
        is_shown=False,
    )
    ledger: str | None = option(
        None,
        doc="Where the record of who got what is: a file in state/, or for several machines a PostgreSQL, "
        "postgresql://USER@HOST/DATABASE; its password as libpq has it (PGPASSWORD, .pgpass).",
        pattern=r"postgres(ql)?://([^\s:/@]+@)?[^\s/@]+/[^\s/@]+",
        # It may well hold a password.
        is_shown=False,
    )
    to_list: str | None = option(
        None,
        doc="The address of a list on a list server (Sympa): one message goes there, and the server hands it out.",
        pattern=ADDRESS_PATTERN,
        meant=meant_address,
    )
    smtp: SmtpSettings = option(SmtpSettings(), doc="How nl talks to a mail server.")
    service: ServiceSettings = option(ServiceSettings(), doc="How nl talks to a mail service over HTTPS.")
    per_minute: int = option(0, doc="Most messages a minute in all; 0: no limit.", minimum=0)
    pace: tuple[PaceSettings, ...] = option((), doc="How fast some domains are written to; replaces the shipped rules.")
    send_by_hours: int = option(
        72,
        doc="How long after its start a send may go on; then it is out of date. 0: for ever.",
        minimum=0,
        maximum=87_600,
    )
    retry_deferred_minutes: int = option(
        0,
        doc="How long a send waits for those whose server said “not now”; 0: they wait for the next run.",
        minimum=0,
        maximum=525_600,
    )
    bounces: str | None = option(
        None,
        doc="Envelope sender: bounces@example.org becomes bounces+TOKEN@example.org; the sender by default.",
        pattern=r"[!-~]+@[A-Za-z0-9.-]+",
        meant=meant_address,
    )
    list_id: str | None = option(
        None,
        doc="The list's stable name (RFC 2919): lettre.example.org.",
        pattern=r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+",
        meant=meant_list_id,
    )
    unsubscribe_mail: str | None = option(
        None,
        doc="Where mails that ask to leave go; the reply address by default.",
        pattern=ADDRESS_PATTERN,
        meant=meant_address,
    )
    one_click: bool | None = option(
        None,
        doc="The page in email.unsubscribe takes a reader off at once when it is asked by a POST (RFC 8058).",
    )
    max_unsubscribe_age: str = option(
        "24h",
        doc="How old what is known of those who left by [endpoint] may be when a send begins: 90m, 24h, 3d.",
        pattern=r"[0-9]{1,4}(m|h|d)",
        meant=meant_age,
    )
    feedback_id: bool = option(True, doc="Name the issue in Feedback-ID, for Gmail's and Orange's statistics.")
    complaints: str | None = option(
        None,
        doc="Where providers report complaints (CFBL-Address, RFC 9477): fbl@example.org. Nowhere by default.",
        pattern=r"[!-~]+@[A-Za-z0-9.-]+",
        meant=meant_address,
    )
    images: Literal["linked", "embedded"] = option(
        "linked", doc="The issue's own images: linked (from the online post), or embedded in each message."
    )
    require_approval: bool = option(
        False, doc="Nothing goes out that nobody has approved as it is (nl approve); without it, a send tells."
    )
    dkim: DkimSettings = option(DkimSettings(), doc="Signing each message here.")


class EndpointSettings(Table, frozen=True, kw_only=True):
    """Table `[endpoint]`: a server of one's own that runs `nl serve`. Its key never stands in the file."""

    url: str | None = option(
        None,
        doc="Where readers reach nl serve: https://letter.example.org/leave.",
        # http:// is for this machine alone: see `check_sense`.
        pattern=r"https?://[^\s/@?#]+(/[^\s?#]*)?",
        meant=meant_secure_url,
    )
    ca_file: str | None = option(None, doc="Certificates to trust besides the system's (PEM).", filled=True)
    timeout_seconds: int = option(30, doc="How long one answer may take.", minimum=1, maximum=3600)


class FieldSettings(Table, frozen=True, kw_only=True):
    """One `[[personal.fields]]` table: a field that greeting, subject and preheader may hold."""

    name: str = option(
        doc="What stands between braces: first_name, name, or a column of the list.",
        pattern=FIELD_PATTERN,
        meant=meant_field,
    )
    fallback: str | None = option(
        None, doc="What stands in where somebody has none; without it, nothing is sent to them."
    )


class PersonalSettings(Table, frozen=True, kw_only=True):
    """Table `[personal]`: the few words that differ from reader to reader."""

    greeting: str | None = option(None, doc='A line above the editorial: "Bonjour {first_name},".', filled=True)
    subject: str | None = option(
        None, doc='Around the issue\'s subject: "{first_name}, {subject}".', pattern=r"[\s\S]*\{subject\}[\s\S]*"
    )
    preheader: str | None = option(
        None, doc='Around the issue\'s preheader: "{preheader}".', pattern=r"[\s\S]*\{preheader\}[\s\S]*"
    )
    fields: tuple[FieldSettings, ...] = option((), doc="The fields these may hold.")
