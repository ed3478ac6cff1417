"""The mark-up of each network: what is bold, what a link is, and how a text stays a text.

People write `#`, `@` and `*` and mean the sign. A network would make a hashtag of it, call somebody, or set the rest in
bold. A backslash takes that away where the network knows one; elsewhere a sign without width (U+2060) stands between
the mark and its word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.render.gaps import write_value

APART = "\u2060"
WEB = re.compile(r"https?://[^\s<>\"«»“”]+")
CALL = re.compile(r"(?<!\w)([@＠])(?=\w)")
HASHTAG = re.compile(r"([#＃])(?=[\w·・\u200c]*[^\W\d_])")
ANY_HASHTAG = re.compile(r"([#＃])(?=\w)")
EMOJI_NAME = re.compile(r":(?=[\w+-]*[A-Za-z][\w+-]*:)")
CHANNEL = re.compile(r"~(?=\w)")
# Slack: `<!channel>`, which Apprise takes for one without its `<`, too; and a mark around words that stand apart.
SLACK_CALL = re.compile(r"!(?=\S)")
SLACK_PAIR = re.compile(r"(?<!\w)([*_~`])(?=\S)([^\n]*?\S)\1(?!\w)")
ALIKE = str.maketrans({"*": "∗", "_": "\uff3f", "~": "∼", "`": "ˋ"})
# CommonMark: within a line, and where a line begins.
INLINE = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\$(?=.*\$)")
LINE_START = re.compile(r"(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=[#>=+-])")
# Mattermost knows fewer escapes than CommonMark; the other signs mean nothing to it.
MATTERMOST_INLINE = re.compile(r"[\\`*\[\]|]|~(?=~)|(?<!\w)_|_(?!\w)")


class Written(str):
    """A text that has the network's mark-up already."""

    __slots__ = ()


class Dress(Struct, frozen=True, kw_only=True):
    """How a network writes: `escape` a plain text of one line, make it `bold`, make it a `link` (text, address)."""

    escape: Callable[[str], str]
    bold: Callable[[str], str]
    link: Callable[[str, str], str]

    def write(self, value: object) -> object:
        """Jinja's `finalize`: a text as it has to stand there."""
        if isinstance(value, Written):
            return value
        return self.escape(str(write_value(value)))

    def bold_filter(self, value: object) -> str:
        """`{{ title|bold }}`"""
        text = str(self.write(value))
        return Written(self.bold(text) if text else "")

    def link_filter(self, value: object, address: object = None) -> str:
        """`{{ event.title|link(event.url) }}`; without an address the text alone."""
        text, url = str(self.write(value)), str(address or "")
        return Written(self.link(text, url) if url and text else text)


def _outside_addresses(change: Callable[[str], str]) -> Callable[[str], str]:
    """The change, but for web addresses, which every network finds by itself."""

    def changed(text: str) -> str:
        parts, end = [], 0
        for found in WEB.finditer(text):
            parts += [change(text[end : found.start()]) if found.start() > end else "", found[0]]
            end = found.end()
        return "".join([*parts, change(text[end:]) if end < len(text) else ""])

    return changed


def _tamed(text: str, *marks: re.Pattern[str]) -> str:
    for mark in marks:
        text = mark.sub(lambda found: found[0] + APART, text)
    return text


def _escape_markdown(text: str, inline: re.Pattern[str] = INLINE) -> str:
    text = inline.sub(r"\\\g<0>", _tamed(text, CALL, HASHTAG))
    if found := LINE_START.match(text):
        number = found["number"]
        return f"{number}\\{text[len(number) :]}" if number else f"\\{text}"
    return text


def _escape_mattermost(text: str) -> str:
    text = _tamed(text, EMOJI_NAME, CHANNEL)
    return APART + text if text.startswith("=") else _escape_markdown(text, MATTERMOST_INLINE)


def _escape_slack(text: str) -> str:
    text = SLACK_PAIR.sub(lambda found: found[1].translate(ALIKE) + found[2] + found[1].translate(ALIKE), text)
    return _tamed(SLACK_CALL.sub("\uff01", text), CALL, HASHTAG, EMOJI_NAME)


def _markdown_link(text: str, url: str) -> str:
    return f"[{text}]({quote(url, safe=MARKDOWN_SAFE)})"


def _in_brackets(text: str, url: str) -> str:
    return f"{text} ({url})"


# What may stand in an address within `(…)`.
MARKDOWN_SAFE = "!#$%&'*+,-./:;=?@[]_~"
TCHAP = Dress(escape=_outside_addresses(_escape_markdown), bold="**{}**".format, link=_markdown_link)
MATTERMOST = Dress(escape=_outside_addresses(_escape_mattermost), bold="**{}**".format, link=_markdown_link)
# As it is typed or pasted: `<address|text>` means something to Slack's programs only, and people would read it.
SLACK = Dress(escape=_outside_addresses(_escape_slack), bold="*{}*".format, link=_in_brackets)
SLACK_POSTED = Dress(escape=SLACK.escape, bold=SLACK.bold, link=lambda text, url: f"<{url}|{text}>")
LINKEDIN = Dress(escape=_outside_addresses(lambda text: _tamed(text, CALL, ANY_HASHTAG)), bold=str, link=_in_brackets)
MASTODON = Dress(
    escape=_outside_addresses(lambda text: _tamed(text, CALL, HASHTAG, EMOJI_NAME)), bold=str, link=_in_brackets
)
