"""What a proof has above the letter, in HTML and in text: what it is, what to do until when, what has changed. Pure.

It is put into the finished page, whatever theme that came from: between what an inbox shows of a message (the
preheader, hidden) and what is shown of it. The letter itself stays as it is, octet for octet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.markdown.text_wrap import wrap
from newsletter_cli.render.differences import Line, SectionDifference, Words
from newsletter_cli.render.words import ProofWords

TEXT_WIDTH = 72
# So many changed lines of a section are shown, so many in all, and so many characters of one; the rest is counted.
MOST_LINES, MOST_LINES_IN_ALL, MOST_CHARACTERS = 6, 24, 260
# What stands around a change, to know its place by.
AROUND = 32
BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
# The hidden line that an inbox shows (`mj-preview`); it holds text alone.
PREHEADER = re.compile(r"\s*<div\b[^>]*\bdisplay:\s*none[^>]*>[^<]*</div>", re.IGNORECASE)

FONT = "font-family:Segoe UI,system-ui,Roboto,Helvetica,Arial,sans-serif"
# The letter in the dark is the theme's; these few colours are made for both.
DARK = (
    "<style>@media (prefers-color-scheme:dark){"
    ".nl-proof{background:#3a2f0d!important;color:#ffe9a8!important;border-color:#8a6d1a!important}"
    ".nl-proof ins{background:#143d24!important;color:#b6f0cb!important}"
    ".nl-proof del{background:#4a1c18!important;color:#ffc9c2!important}}</style>"
)
CARD = (
    "background:#fff3cd;color:#3d2e00;border:2px dashed #b08900;padding:16px 20px;font-size:15px;line-height:1.5;"
    + FONT
)
INS = "background:#d3f0dc;color:#0c4323;text-decoration:underline"
DEL = "background:#fadad6;color:#7a130c;text-decoration:line-through"


class ProofBanner(Struct, frozen=True, kw_only=True):
    """What is said above the letter. `until` is as readers of the newsletter read it, and empty, as `by` may be.

    `since` is the number of the proof that `changes` are from; `None`: nothing is said of changes. `is_same`: the whole
    message is that one's.
    """

    number: int
    address: str
    until: str = ""
    by: str = ""
    since: int | None = None
    changes: tuple[SectionDifference, ...] = ()
    is_same: bool = False


def page_with_banner(page: str, banner: ProofBanner, words: ProofWords, *, direction: str, language: str) -> str:
    """The finished HTML with the banner in it."""
    said = banner_html(banner, words, direction=direction, language=language)
    found = BODY.search(page)
    if found is None:
        return said + page
    hidden = PREHEADER.match(page, found.end())
    place = found.end() if hidden is None else hidden.end()
    page = page[:place] + said + page[place:]
    return HEAD_END.sub(lambda end: DARK + end[0], page, count=1)


def text_with_banner(text: str, banner: ProofBanner, words: ProofWords) -> str:
    """The plain text with the banner above it."""
    return banner_text(banner, words) + "\n\n" + text


def banner_html(banner: ProofBanner, words: ProofWords, *, direction: str, language: str) -> str:
    """A card of its own: a table, as Outlook wants it, with all its styles on it."""
    heading, *lines = _lines(banner, words)
    body = f'<p style="margin:0 0 8px;font-size:18px;font-weight:bold">{escape(heading)}</p>'
    body += "".join(f'<p style="margin:0 0 6px">{escape(line)}</p>' for line in lines)
    body += _changes_html(banner, words)
    width = 'width="668" align="center" border="0" cellpadding="0" cellspacing="0" role="presentation"'
    return (
        f'<!--[if mso | IE]><table {width}><tr><td><![endif]--><div lang="{escape(language)}" dir="{escape(direction)}"'
        f' style="max-width:668px;margin:0 auto;padding:12px 0 0"><table role="presentation" width="100%" border="0"'
        f' cellpadding="0" cellspacing="0" style="border-collapse:separate"><tr><td class="nl-proof" bgcolor="#fff3cd"'
        f' style="{CARD}">{body}</td></tr></table></div><!--[if mso | IE]></td></tr></table><![endif]-->'
    )


def banner_text(banner: ProofBanner, words: ProofWords) -> str:
    """The same between two rules."""
    heading, *lines = _lines(banner, words)
    rule = "#" * TEXT_WIDTH
    chapters = ["\n".join(_wrapped([heading])), "\n".join(_wrapped(lines)), *_changes_text(banner, words)]
    return "\n".join([rule, "\n\n".join(one for one in chapters if one), rule])


def _lines(banner: ProofBanner, words: ProofWords) -> Iterator[str]:
    yield words.heading.format(number=banner.number)
    yield words.about
    until = words.until.format(moment=banner.until) if banner.until else ""
    yield f"{words.answer.format(address=banner.address)} {until}".strip()
    by = words.by.format(name=banner.by) if banner.by else ""
    yield f"{by} {words.leaving}".strip()


class _Shown(Struct, frozen=True, kw_only=True):
    """A section's changes as they are shown: the first of them, and how many more there are."""

    title: str
    said: str
    lines: tuple[Line, ...]
    more: int


def _shown(banner: ProofBanner, words: ProofWords) -> Iterator[_Shown]:
    left = MOST_LINES_IN_ALL
    for one in banner.changes:
        if one.standing == "same":
            continue
        # All of a section that is new or gone is read below, or not at all: that it is so says enough.
        changed = [line for line in one.lines if line.standing != "same"] if one.standing == "changed" else []
        taken = _gone_first(changed)[: min(MOST_LINES, left)]
        left -= len(taken)
        new, gone = one.count("new"), one.count("gone")
        counts = " ".join(part for part in (f"+{new}" if new else "", f"−{gone}" if gone else "") if part)
        standing = {"new": words.new_section, "gone": words.gone_section}.get(one.standing, "")
        counted = words.words.format(counts=counts) if counts else ""
        renamed = f"{one.before} → {one.title}" if one.before is not None else ""
        said = ", ".join(part for part in (standing, renamed, counted) if part)
        title = one.title or one.slug or words.editorial
        yield _Shown(title=title, said=said, lines=tuple(taken), more=len(changed) - len(taken))


def _gone_first(lines: Iterable[Line]) -> list[Line]:
    """What was taken out before what stands in its place."""
    found: list[Line] = []
    for _is_changed, group in groupby(lines, key=lambda one: one.standing == "changed"):
        found += sorted(group, key=lambda one: one.standing != "gone")
    return found


def _summary(banner: ProofBanner, words: ProofWords) -> str:
    if banner.is_same:
        return words.nothing.format(number=banner.since)
    if all(one.standing == "same" for one in banner.changes):
        return words.beyond.format(number=banner.since)
    return words.changes.format(number=banner.since)


def _changes_html(banner: ProofBanner, words: ProofWords) -> str:
    if banner.since is None:
        return ""
    said = f'<p style="margin:14px 0 4px;font-weight:bold">{escape(_summary(banner, words))}</p>'
    if banner.is_same:
        return said
    for one in _shown(banner, words):
        about = f" ({escape(one.said)})" if one.said else ""
        said += f'<p style="margin:8px 0 2px"><b>{escape(one.title)}</b>{about}</p>'
        lines = [f"{_line_html(line)}" for line in one.lines]
        lines += [escape(words.more.format(count=one.more))] if one.more else []
        said += "".join(f'<p style="margin:0 0 3px;padding:0 0 0 12px;font-size:14px">{line}</p>' for line in lines)
    return said


def _line_html(line: Line) -> str:
    styles = {"new": ("ins", INS), "gone": ("del", DEL)}
    pieces = []
    for one in _cut(line.words):
        tag, style = styles.get(one.kind, ("", ""))
        text = escape(one.text)
        pieces.append(f'<{tag} style="{style}">{text}</{tag}>' if tag else text)
    return "".join(pieces)


def _changes_text(banner: ProofBanner, words: ProofWords) -> Iterator[str]:
    if banner.since is None:
        return
    yield "\n".join(_wrapped([_summary(banner, words)]))
    if banner.is_same:
        return
    for one in _shown(banner, words):
        lines = _wrapped([f"{one.title} ({one.said})" if one.said else one.title])
        for line in one.lines:
            lines += _line_text(line)
        lines += _hanging("  ", words.more.format(count=one.more)) if one.more else []
        yield "\n".join(lines)


def _line_text(line: Line) -> list[str]:
    """The line as it was and as it is, each with its sign."""
    cut = _cut(line.words)
    lines: list[str] = []
    # Where only a comma went, or came, nobody finds it but beside the other.
    is_both = any(one.kind == "same" and one.text.strip() for one in cut)
    for sign, kind in (("−", "gone"), ("+", "new")):
        if is_both or any(one.kind == kind for one in cut):
            text = "".join(one.text for one in cut if one.kind in ("same", kind))
            lines += _hanging(f"  {sign} ", text)
    return lines


def _cut(words: Sequence[Words]) -> list[Words]:
    """The words of a line, shortened to its changes and a little around each."""
    found: list[Words] = []
    left = MOST_CHARACTERS
    for index, one in enumerate(words):
        text = one.text
        if one.kind == "same":
            text = _around(text, is_first=index == 0, is_last=index == len(words) - 1)
        if len(text) > left:
            text = text[:left].rstrip() + "…"
        found.append(replace(one, text=text))
        left -= len(text)
        if left <= 0:
            break
    return found


def _around(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= 2 * AROUND:
        return text
    head, tail = text[:AROUND].rpartition(" ")[0], text[-AROUND:].partition(" ")[2]
    if is_first:
        return f"… {tail}"
    return f"{head} …" if is_last else f"{head} … {tail}"


def _wrapped(texts: Iterable[str]) -> list[str]:
    return [line for text in texts for line in wrap(_one_line(text), TEXT_WIDTH)]


def _one_line(text: str) -> str:
    # Not `split()`: it would take non-breaking spaces for spaces.
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def _hanging(first: str, text: str) -> list[str]:
    lines = wrap(_one_line(text), TEXT_WIDTH - len(first)) or [""]
    return [(first if index == 0 else " " * len(first)) + line for index, line in enumerate(lines)]
