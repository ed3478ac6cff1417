"""What the system and the libraries give as the reason of a failure, in the editor's language.

They say it in English, whatever the editor speaks. What is not known here is passed on as it is: an English reason is
better than none.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from functools import cache

from newsletter_cli.base.i18n import _, interface_language


def N_(message: str) -> str:
    """Marks a message for the catalogue."""
    return message


# By the number, since each system has words of its own.
SYSTEM_REASONS = {
    errno.EACCES: N_("Permission denied"),
    errno.EPERM: N_("Operation not permitted"),
    errno.ENOENT: N_("No such file or directory"),
    errno.EEXIST: N_("File exists"),
    errno.EISDIR: N_("Is a directory"),
    errno.ENOTDIR: N_("Not a directory"),
    errno.ENOTEMPTY: N_("Directory not empty"),
    errno.EROFS: N_("Read-only file system"),
    errno.ENOSPC: N_("No space left on device"),
    errno.EDQUOT: N_("Disk quota exceeded"),
    errno.EFBIG: N_("File too large"),
    errno.EBUSY: N_("Device or resource busy"),
    errno.EIO: N_("Input/output error"),
    errno.ELOOP: N_("Too many levels of symbolic links"),
    errno.ENAMETOOLONG: N_("File name too long"),
    errno.EMFILE: N_("Too many open files"),
    errno.EXDEV: N_("Invalid cross-device link"),
    errno.EAGAIN: N_("Resource temporarily unavailable"),
    errno.ENOLCK: N_("No locks available"),
    errno.EADDRINUSE: N_("Address already in use"),
    errno.ECONNREFUSED: N_("Connection refused"),
    errno.ECONNRESET: N_("Connection reset by peer"),
    errno.EPIPE: N_("Broken pipe"),
    errno.ETIMEDOUT: N_("Connection timed out"),
    errno.EHOSTUNREACH: N_("No route to host"),
    errno.ENETUNREACH: N_("Network is unreachable"),
    errno.ENETDOWN: N_("Network is down"),
}

# What a library says, as a regular expression, and how it is said here.
LIBRARY_REASONS = (
    # email-validator, of addresses.
    ("there must be something before the @-sign", N_("there must be something before the @")),
    ("there must be something after the @-sign", N_("there must be something after the @")),
    ("an email address must have an @-sign", N_("it has no @")),
    ("the part after the @-sign is not valid\\. It should have a period", N_("the part after the @ has no dot in it")),
    (
        "the part after the @-sign is not valid\\. It is not within a valid top-level domain",
        N_("the end of the domain is none that exists"),
    ),
    (
        "the part after the @-sign is a special-use or reserved name that cannot be used with email",
        N_("the domain is a name that is kept for other uses and takes no mail"),
    ),
    ("the part after the @-sign is not valid IDNA .*", N_("the part after the @ is not a valid domain")),
    (
        "the part after the @-sign contains invalid characters.*: (?P<characters>.+)",
        N_("the part after the @ holds invalid characters: {characters}"),
    ),
    (
        "the email address contains invalid characters (?:in quotes )?before the @-sign: (?P<characters>.+)",
        N_("the part before the @ holds invalid characters: {characters}"),
    ),
    (
        "internationalized characters before the @-sign are not supported: (?P<characters>.+)",
        N_("the part before the @ holds invalid characters: {characters}"),
    ),
    (
        "the email address contains unsafe characters: (?P<characters>.+)",
        N_("it holds unsafe characters: {characters}"),
    ),
    ("the email address contains (?:an )?invalid characters?.*", N_("it holds invalid characters")),
    ("an email address cannot have two periods in a row", N_("it has two dots in a row")),
    ("an email address cannot start with a period", N_("it begins with a dot")),
    ("an email address cannot end with a period", N_("it ends with a dot")),
    ("an email address cannot have a period immediately before the @-sign", N_("a dot stands right before the @")),
    ("an email address cannot have a period immediately after the @-sign", N_("a dot stands right after the @")),
    ("an email address cannot have a hyphen immediately after the @-sign", N_("a hyphen stands right after the @")),
    ("an email address cannot end with a hyphen", N_("it ends with a hyphen")),
    (
        "an email address cannot have a period and a hyphen next to each other",
        N_("a dot and a hyphen stand side by side"),
    ),
    (
        "an email address cannot have two letters followed by two dashes.*",
        N_("the part after the @ is not a valid domain"),
    ),
    ("after the @-sign, periods cannot be separated by so many characters.*", N_("a part of the domain is too long")),
    ("the email address is too long after the @-sign.*", N_("the part after the @ is too long")),
    ("the email address is too long before the @-sign.*", N_("the part before the @ is too long")),
    ("the email address is too long.*", N_("it is too long")),
    ('the email address has the ".*" (?:at-sign|character).*', N_("its @ is another character that looks like one")),
    ("quoting the part before the @-sign is not allowed here", N_("the part before the @ stands in quotes")),
    ("a bracketed IP address after the @-sign is not allowed here", N_("an IP address stands after the @")),
    ("a display name and angle brackets.*", N_("it has a name and angle brackets around it")),
    ("an open angle bracket at the start.*", N_("an angle bracket is not closed")),
    ("there can't be anything after the email address", N_("something stands after the address")),
    # tomllib, of newsletter.toml.
    ("invalid statement", N_("this line is no `key = value`")),
    ("expected '=' after a key in a key/value pair", N_("the “=” after the key is missing")),
    ("invalid initial character for a key part", N_("a key cannot begin with this character")),
    ("invalid value", N_("the value is none; a text stands in double quotes")),
    ("unclosed array", N_("a square bracket is not closed")),
    ("unclosed inline table", N_("a brace is not closed")),
    ("unterminated string", N_("a quote is not closed")),
    ("unescaped '\\\\' in a string", N_("a backslash in double quotes is written twice")),
    ("invalid hex value", N_("a backslash in double quotes is written twice")),
    ("illegal character .*", N_("a quote is not closed, or the line holds a character that is not allowed")),
    ("found invalid character .*", N_("the line holds a character that is not allowed")),
    ("expected newline or end of document after a statement", N_("something follows the value on the same line")),
    ("expected ']' at the end of a table declaration", N_("the name of a table ends with “]”")),
    ("expected ']]' at the end of an array declaration", N_("the name of this table ends with “]]”")),
    ("cannot overwrite a value", N_("the key stands twice")),
    ("duplicate inline table key .*", N_("the key stands twice")),
    ("cannot declare .* twice", N_("the table stands twice: its keys belong under the first one")),
    ("cannot (?:mutate|redefine).*", N_("the table stands twice: its keys belong under the first one")),
    ("invalid date or datetime", N_("this day or hour does not exist")),
    # Jinja, of templates.
    ("'(?P<name>[^']+)' is undefined", N_("there is no “{name}”")),
    ("'.+' has no attribute '(?P<name>[^']+)'", N_("there is no “{name}” there")),
    ("encountered unknown tag '(?P<name>[^']+)'.*", N_("the tag “{name}” is unknown")),
    ("no filter named '(?P<name>[^']+)'.*", N_("there is no filter “{name}”")),
    ("unexpected end of template.*", N_("it ends too early: a block is not closed")),
    ("expected token '(?P<token>.+)', got '(?P<found>.+)'", N_("“{found}” stands where “{token}” was expected")),
    ("unexpected '(?P<sign>.+)'", N_("“{sign}” cannot stand here")),
    ("unexpected char '(?P<sign>.+)' at .*", N_("“{sign}” cannot stand here")),
    # Python, of regular expressions.
    ("missing \\), unterminated subpattern.*", N_("a round bracket is not closed")),
    ("unbalanced parenthesis.*", N_("there is a round bracket too many")),
    ("unterminated character set.*", N_("a square bracket is not closed")),
    ("(?:nothing|multiple) (?:to )?repeat.*", N_("nothing that “*”, “+” or “?” could repeat stands before it")),
    ("bad escape.*", N_("a backslash is followed by a letter that means nothing")),
    # OpenSSL, of a mail server's certificate.
    ("self[- ]signed certificate(?: in certificate chain)?", N_("self-signed certificate")),
    ("unable to get (?:local )?issuer certificate", N_("its issuer is unknown")),
    ("unable to verify the first certificate", N_("its issuer is unknown")),
    ("certificate has expired", N_("it has expired")),
    ("certificate is not yet valid", N_("it is not valid yet")),
    ("Hostname mismatch.*|IP address mismatch.*", N_("another name stands in it")),
    # Git.
    ("fatal: not a git repository.*", N_("this folder is in no repository")),
    ("fatal: detected dubious ownership.*", N_("the repository belongs to somebody else")),
    # SQLite, of list and ledger.
    ("database is locked|database table is locked", N_("another program is writing it")),
    ("database or disk is full", N_("the disk is full")),
    ("disk I/O error", N_("the disk has a fault")),
    ("attempt to write a readonly database", N_("it can only be read")),
    ("unable to open database file", N_("it cannot be opened")),
    ("file is not a database", N_("the file is no database")),
    ("database disk image is malformed", N_("the database is damaged")),
    ("no such table: (?P<name>.+)", N_("the table {name} is missing")),
    ("no such column: (?P<name>.+)", N_("the column {name} is missing")),
)


def system_reason(error: OSError) -> str:
    """Why the system refused."""
    known = SYSTEM_REASONS.get(error.errno or 0)
    if known is not None and interface_language() != "en":
        return _(SYSTEM_REASONS[error.errno or 0])
    return error.strerror or str(error)


def library_reason(said: object) -> str:
    """What a library said, its final dot and first capital taken off: it stands in the middle of a sentence here."""
    text = str(said).strip().rstrip(".")
    for pattern, message in _library_patterns():
        if found := pattern.fullmatch(text):
            # email-validator writes this one in letters.
            named = {name: value.replace("SPACE", _("a blank")) for name, value in found.groupdict().items()}
            return _(message).format(**named)
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


@cache
def _library_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    def compiled() -> Iterator[tuple[re.Pattern[str], str]]:
        for said, message in LIBRARY_REASONS:
            yield re.compile(said, re.DOTALL | re.IGNORECASE), message

    return tuple(compiled())
