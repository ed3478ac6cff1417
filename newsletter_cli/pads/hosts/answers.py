"""What a host's answer comes to: the text of a pad, or why it is none, with what to do about it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsletter_cli.base.i18n import _
from newsletter_cli.base.web.asking import Answer, Cause, NotAnswered
from newsletter_cli.pads.pad import PadRefusal

# What servers say Markdown is; an empty one is no word at all.
MARKDOWN_TYPES = frozenset(
    (
        "",
        "text/plain",
        "text/markdown",
        "text/x-markdown",
        "text/x-web-markdown",
        "application/markdown",
        "application/x-markdown",
        "application/octet-stream",
        "binary/octet-stream",
    )
)
PAGE_TYPES = ("text/html", "application/xhtml+xml")
PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype[ \t]+html|html|head)[\s>]", re.I | re.S
)
BYTE_ORDER_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# What no text of Markdown holds: the zero bytes of UTF-16 and of programs, the escapes of older encodings.
NOT_OF_TEXTS = re.compile("[\x00-\x08\x0e-\x1f]")
NOTHING = re.compile("[\\s\u200b-\u200d\u2060\ufeff]*")


def text_of(answer: Answer) -> str | PadRefusal:
    """The text of an answer of status 200: Markdown in UTF-8, with `\\n` at the ends of lines."""
    if is_page(answer):
        return page_refusal(answer)
    if answer.media_type not in MARKDOWN_TYPES:
        return PadRefusal(
            reason=_("it answers {kind}, which is no Markdown").format(kind=answer.media_type),
            hint=_("give the address at which the text itself is downloaded"),
        )
    return decoded(answer)


def is_page(answer: Answer) -> bool:
    """Whether it is a web page, whatever its server calls it."""
    return answer.media_type in PAGE_TYPES or PAGE.match(answer.body[:4096]) is not None


def decoded(answer: Answer) -> str | PadRefusal:
    """The text of a body, whatever its type. Only UTF-8 is believed: what else bytes mean, nobody can be sure of."""
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _encoding_refusal(answer)
    if NOT_OF_TEXTS.search(text):
        return _encoding_refusal(answer)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return empty_refusal() if NOTHING.fullmatch(text) else text


def _encoding_refusal(answer: Answer) -> PadRefusal:
    said = CHARSET.search(answer.headers.get("content-type", ""))
    name = next((name for mark, name in BYTE_ORDER_MARKS.items() if answer.body.startswith(mark)), None)
    if name is None and said is not None and said[1].lower() not in ("utf-8", "utf8"):
        name = said[1]
    return PadRefusal(
        reason=_("its text is not in UTF-8, but in {encoding}").format(encoding=name)
        if name
        else _("its text is not in UTF-8"),
        hint=_("save it there as UTF-8, then pull again"),
    )


def empty_refusal() -> PadRefusal:
    """An empty pad takes nothing away from anybody."""
    return PadRefusal(
        reason=_("the pad is empty"),
        hint=_("is it the right pad? A section is emptied in its own file, or skipped with status: skip"),
    )


def page_refusal(answer: Answer) -> PadRefusal:
    """A web page in the place of a text: mostly that where one signs in."""
    if answer.is_redirected:
        return PadRefusal(
            reason=_("it sends whoever is not signed in to another page ({page})").format(page=_shown(answer)),
            hint=_("open the pad to readers who have the link, without signing in, then pull again"),
        )
    return PadRefusal(
        reason=_("it answers a web page, not Markdown"),
        hint=_("open the pad to readers who have the link; or give the address at which its Markdown is downloaded"),
    )


def _shown(answer: Answer) -> str:
    return answer.address.page.partition("?")[0]


def status_refusal(answer: Answer) -> PadRefusal | None:
    """What a status other than 200 says of a pad."""
    status = answer.status
    if status == 200:
        return None
    if status in (401, 403):
        return PadRefusal(
            reason=_("it is not open to whoever has the link ({status})").format(status=status),
            hint=_("open the pad to readers who have the link, without signing in, then pull again"),
        )
    if status in (404, 410):
        return PadRefusal(
            reason=_("there is no pad at this address ({status})").format(status=status),
            hint=_("compare the address under pad: with that in the browser"),
        )
    if status == 429:
        return PadRefusal(
            reason=_("its host asks to slow down ({status})").format(status=status),
            hint=_("pull again in a few minutes"),
        )
    if status >= 500:
        return PadRefusal(
            reason=_("its host is out of order ({status})").format(status=status), hint=_("pull again later")
        )
    return PadRefusal(
        reason=_("its host answers {status}, and no text").format(status=status),
        hint=_("open the address in a browser to see what it says"),
    )


def failure_refusal(error: NotAnswered) -> PadRefusal:
    """Why no answer came."""
    host = urlsplit(error.address).hostname or error.address
    again = _("pull again later")
    network = _("check the address and the network, then pull again")
    reason, hint = {
        Cause.NOT_AN_ADDRESS: (_("“{address}” is no address"), _("write the whole address: https://…")),
        Cause.PRIVATE: (
            _("{host} is inside the local network, which is not asked"),
            _("if that is meant: nl pull --allow-private, or allow_private = true under [check.links]"),
        ),
        Cause.NO_SUCH_HOST: (_("there is no host named {host}"), network),
        Cause.LOOKUP_FAILED: (_("it could not be found out where {host} is"), network),
        Cause.NO_CONNECTION: (_("{host} does not answer"), network),
        Cause.CERTIFICATE: (_("the certificate of {host} is not valid"), _("tell those who run it")),
        Cause.CUT_OFF: (_("the answer of {host} broke off"), again),
        Cause.TOO_SLOW: (_("{host} takes too long to answer"), again),
        Cause.TOO_LARGE: (
            _("the answer of {host} is too large for a section, and was cut off"),
            _("is it the right address? A section is a text of some pages"),
        ),
        Cause.REDIRECTS: (
            _("{host} sends round in circles"),
            _("open the pad to readers who have the link, without signing in, then pull again"),
        ),
        Cause.NOT_HTTP: (_("{host} answers what is no HTTP"), network),
        Cause.PACKED: (_("the answer of {host} is packed in a way that cannot be read"), again),
    }[error.cause]
    return PadRefusal(reason=reason.format(host=host, address=error.address), hint=hint)
