"""Findings that an editor does not want to hear of: in `newsletter.toml`, on the line above, for a whole file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

from newsletter_cli.base.conflicts import code_from
from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.strict import nearest
from newsletter_cli.markdown.frontmatter.split import BOM, split_header
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.markdown.source import UnclosedComment, remove_nl_comments
from newsletter_cli.model import Finding, Level, Place, Rule

IGNORE_UNKNOWN = Rule(
    slug="ignore-unknown",
    level=Level.WARNING,
    title=_("A comment or setting silences a rule that does not exist"),
    why="""
        A comment, or `ignore` in `newsletter.toml`, names a rule that does not exist, so nothing is silenced: a slip
        of the finger, or a rule that has another name by now. A comment that names no rule at all is reported, too.
    """,
    bad="""
        ```markdown
        <!-- nl: ignore link-redirect -->
        [The old address](https://old.example.org/), for those who like history.
        ```
    """,
    good="""
        ```markdown
        <!-- nl: ignore link-redirected -->
        [The old address](https://old.example.org/), for those who like history.
        ```
    """,
)
CONFIG_FILE = "newsletter.toml"

DIRECTIVE = Pattern(r"nl:\s*ignore(?P<file>-file)?(?=[\s,]|$)(?P<slugs>.*)", re.DOTALL)
MENTION = re.compile(r"nl:\s*ignore")
SLUG = Pattern(r"[^\s,]+")
SLUG_LIKE = Pattern(r"[a-z0-9]+(-[a-z0-9]+)+")
# A key or dashes, then perhaps a text in quotes: a `#` in there begins no comment.
QUOTED_VALUE = Pattern(r"""\s*(?:-\s+)*(?:[^\s#"'][^:=#"']*[:=]\s*)?("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')?""")
HASH = Pattern(r"(?:^|(?<=\s))#[ \t]*(nl:[^\r\n]*)")
EDITOR_COMMENT = Pattern(r"<!--\s*(?P<words>nl:.*?)\s*-->", re.DOTALL)
NOT_BLANK = Pattern(r"\S")


class Silenced(Struct, frozen=True):
    """What is left to report, in its order, what was said of unknown rules at the end; `count` were silenced."""

    findings: tuple[Finding, ...]
    count: int


class _Directive(Struct, frozen=True):
    """A comment that silences `slugs` on the line `target` (from 1; `None`: in the whole file).

    Each slug with its place; `place` is that of the comment.
    """

    slugs: tuple[tuple[str, Place], ...]
    target: int | None
    place: Place


class _Comment(Struct, frozen=True, kw_only=True):
    """A comment from `start` to `end` (offsets into the text), its words from `words_start` on.

    `is_behind`: it stands behind a value of a header, and is about that.
    """

    start: int
    end: int
    words_start: int
    words: str
    is_behind: bool = False


def silence(
    findings: Sequence[Finding], sources: Mapping[str, str], ignored: Sequence[str], known_slugs: Collection[str]
) -> Silenced:
    """Take out what the editors have silenced.

    `sources` are the whole texts by file, `ignored` the rules of `[check] ignore`, `known_slugs` all there are. A
    directive that silences nothing is fine; one that names no rule there is is a finding (`ignore-unknown`), which
    can be silenced like any other.
    """
    known = {*known_slugs, IGNORE_UNKNOWN.slug}
    silenced: dict[str, dict[int | None, set[str]]] = {}
    strays: list[Finding] = list(strays_of_config(ignored, sources.get(CONFIG_FILE, ""), known))
    for file, text in sources.items():
        # Cheap, and nearly always enough.
        if not MENTION.search(text):
            continue
        targets = silenced.setdefault(file, defaultdict(set))
        lines = split_lines(text.removeprefix(BOM))
        for directive in _directives(file, text.removeprefix(BOM), known):
            # No comment can stand within a block of code: one above it is for all its lines.
            code = code_from(lines, directive.target) if directive.target and file.lower().endswith(".md") else ()
            for target in (directive.target, *code):
                targets[target].update(slug for slug, _place in directive.slugs)
            strays += _strays(directive, known)
    everywhere = set(ignored)
    kept = tuple(
        finding
        for finding in (*findings, *strays)
        if finding.rule not in everywhere
        and finding.rule not in silenced.get(finding.file, {}).get(None, ())
        and (finding.line is None or finding.rule not in silenced.get(finding.file, {}).get(finding.line, ()))
    )
    return Silenced(kept, len(findings) + len(strays) - len(kept))


def _strays(directive: _Directive, known: Collection[str]) -> Iterator[Finding]:
    for slug, place in directive.slugs:
        if slug not in known:
            yield _unknown(slug, place, known)
    if not directive.slugs:
        yield IGNORE_UNKNOWN.at(
            directive.place,
            _("this comment does not say which rule to ignore"),
            suggestion=_("name the rule as the report does: <!-- nl: ignore section-draft -->"),
        )


def strays_of_config(ignored: Sequence[str], text: str, known: Collection[str]) -> Iterator[Finding]:
    """What is wrong with `check.ignore`: rules that do not exist, each at its place in the configuration's text."""
    lines = split_lines(text.removeprefix(BOM))
    for slug in ignored:
        if slug not in known:
            quoted = re.compile(rf"""["']{re.escape(slug)}["']""")
            found = next(
                ((number, match) for number, line in enumerate(lines, 1) if (match := quoted.search(line))), None
            )
            place = (
                Place(file=CONFIG_FILE, line=found[0], column=found[1].start() + 2, length=len(slug))
                if found
                else Place(file=CONFIG_FILE)
            )
            yield _unknown(slug, place, known)


def _unknown(slug: str, place: Place, known: Collection[str]) -> Finding:
    close = nearest(slug, sorted(known))
    return IGNORE_UNKNOWN.at(
        place,
        _("there is no rule “{slug}” to ignore").format(slug=slug),
        suggestion=_("did you mean “{key}”?").format(key=close)
        if close
        else _("nl check --rules lists the rules; take the comment away if it has had its day"),
    )


def _directives(file: str, text: str, known: Collection[str]) -> Iterator[_Directive]:
    """The directives of a file, each with the line it counts for.

    One alone on its lines counts for the next line that is neither blank nor such a directive; one with text behind
    it for the line of that text; one behind a value in a header for the line of the value.
    """
    comments = [(comment, found) for comment in _comments(file, text) if (found := DIRECTIVE.fullmatch(comment.words))]
    # Blanked out, so that what follows a row of them is found in one step.
    bare = list(text)
    for comment, _found in comments:
        bare[comment.start : comment.end] = " " * (comment.end - comment.start)
    rest = "".join(bare)
    starts = [0, *accumulate(map(len, split_lines(text)))]
    for comment, found in comments:
        following = None if comment.is_behind else NOT_BLANK.search(rest, comment.end)
        target = _line(starts, following.start() if following else comment.start)
        first = comment.words_start + found.start("slugs")
        slugs = tuple(
            (word[0], _place(file, starts, first + word.start(), len(word[0])))
            for word in SLUG.finditer(found["slugs"])
        )
        if not _is_note([slug for slug, _at in slugs], known):
            place = _place(file, starts, comment.start, comment.end - comment.start)
            yield _Directive(slugs, None if found["file"] else target, place)


def _is_note(words: Sequence[str], known: Collection[str]) -> bool:
    """Whether it is a note for an editor: “nl: ignore this section if there is no news”."""
    return len(words) > 1 and not any(word in known or SLUG_LIKE.fullmatch(word) for word in words)


def _line(starts: Sequence[int], offset: int) -> int:
    return max(bisect_right(starts, offset), 1)


def _place(file: str, starts: Sequence[int], offset: int, length: int) -> Place:
    line = _line(starts, offset)
    return Place(file=file, line=line, column=offset - starts[line - 1] + 1, length=length)


def _comments(file: str, text: str) -> Iterator[_Comment]:
    """The comments that may be directives: of Markdown in a body, of YAML or TOML in a header or any other file."""
    if not file.lower().endswith(".md"):
        yield from _hash_comments(text)
        return
    try:
        body = split_header(text, file=file, styles=("yaml", "toml")).body
    except FrontMatterError:
        return
    first = len(text) - len(body)
    yield from _hash_comments(text[:first])
    if MENTION.search(body):
        yield from _editor_comments(body, first)


def _hash_comments(text: str) -> Iterator[_Comment]:
    start = 0
    for line in split_lines(text):
        value = QUOTED_VALUE.match(line)
        found = HASH.search(line, value.end() if value else 0) if "#" in line else None
        if found:
            is_behind = bool(line[: found.start()].strip())
            yield _Comment(
                start=start + found.start(),
                end=start + found.end(),
                words_start=start + found.start(1),
                words=found[1],
                is_behind=is_behind,
            )
        start += len(line)


def _editor_comments(body: str, first: int) -> Iterator[_Comment]:
    try:
        published = remove_nl_comments(body)
    except UnclosedComment:
        # It stops an assembly with its own message.
        return
    ends = [start for start, _source in published.pieces[1:]] + [len(published.text)]
    position = 0
    # What is left out between two pieces is comments, and the blanks around them.
    kept = [(source, source + end - start) for (start, source), end in zip(published.pieces, ends, strict=True)]
    for source, end in [*kept, (len(body), len(body))]:
        for found in EDITOR_COMMENT.finditer(body, position, source):
            yield _Comment(
                start=first + found.start(),
                end=first + found.end(),
                words_start=first + found.start("words"),
                words=found["words"],
            )
        position = end
