"""Raw HTML of a text: which of its tags are tags, and which are words, so that nothing that follows them vanishes.

An element that is never closed takes all that follows with it, in browsers and mail readers alike: `<title>`, named in
a sentence, hides the rest of the page. Here such a tag becomes what was typed (`Map<Style>`, `<first name>`), or is
closed at once; a comment, a program or a style sheet without an end is lost, and said to be.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from msgspec import Struct

from newsletter_cli.base.pattern import Pattern

# What became of a tag, in the `meta` of its token: it is text; of a block, where its tags are text, where an element is
# closed, from where on all is lost.
IS_TEXT, TEXTS, CLOSERS, LOST, UNSEEN = "nl_tag", "nl_tags", "nl_closers", "nl_lost", "nl_unseen"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


# These take all that follows, up to their end, for what stands in them; no rendition shows that.
HIDING = _names("script style template title svg math select datalist iframe")
# The same, and what follows shows as it is: `<p>` and all.
SHOWING = _names("textarea xmp noembed noframes plaintext")
VOID = _names("area base br col embed frame hr img input link meta param source track wbr")
# Nobody has to close these.
OPTIONAL = _names("p li dt dd td th tr thead tbody tfoot colgroup option optgroup rb rp rt")
KNOWN = HIDING | SHOWING | VOID | OPTIONAL
# Attributes that are said by their name alone; and of old tables and lists.
BARE_ATTRIBUTES = _names(
    "allowfullscreen async autofocus autoplay border checked compact controls default defer disabled download"
    " formnovalidate hidden inert ismap itemscope loop multiple muted nomodule noresize noshade novalidate nowrap open"
    " playsinline readonly required reversed selected"
)
KNOWN |= _names(
    "a abbr acronym address applet article aside audio b bdi bdo big blink blockquote body basefont button canvas"
    " caption center cite code data del details dfn dialog dir div dl em fieldset figcaption figure font footer form"
    " frameset h1 h2 h3 h4 h5 h6 head header hgroup html i ins kbd label legend main map mark marquee menu meter nav"
    " nobr noscript object ol output picture pre progress q rtc ruby s samp search section slot small span strike"
    " strong sub summary sup table time tt u ul var video"
)
# Not longer than any tag is: an open quote must not be looked for to the end of the text, again and again.
ATTRIBUTES = r"""(?:[^<>"']{1,2000}+|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,200}+"""
TAG = Pattern(rf"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?P<rest>(?![A-Za-z0-9:-]){ATTRIBUTES})>")
MARKUP = Pattern(
    r"(?P<comment><!--(?:>|->|.*?(?P<end>-->|\Z)))|(?P<other><[?!][^>]*(?:>|\Z))|(?P<tag><(?=/?[A-Za-z]))", re.DOTALL
)
OPENERS = (
    (re.compile(r"\s*<!--"), "-->"),
    (re.compile(r"\s*<\?"), "?>"),
    (re.compile(r"\s*<!\[CDATA\["), "]]>"),
    (re.compile(r"\s*<![A-Za-z]"), ">"),
)
# Of what begins like this the parser takes all that follows, empty lines included.
PROGRAM = Pattern(r"\s*<(script|style)(?=[\s>]|\Z)", re.IGNORECASE)


class _Tag(Struct, kw_only=True):
    """A tag. `group` is the block it stands in; `start` and `end` are offsets in its token's content."""

    token: Token
    group: int
    order: int
    is_block: bool
    name: str
    typed: str
    rest: str
    is_closing: bool
    is_bare: bool
    is_self_closed: bool
    start: int
    end: int
    around: str = ""
    is_text: bool = False


def settle_raw_html(tokens: Sequence[Token]) -> None:
    """Decide for each tag of a part, in place: inline tags that are words become text, blocks get their `meta`."""
    tags = list(_tags(tokens))
    if not tags:
        return
    closing: dict[str, list[_Tag]] = {}
    for tag in tags:
        if tag.is_closing:
            closing.setdefault(tag.name, []).append(tag)
    opened: dict[str, int] = {}
    hidden_up_to = -1
    for tag in tags:
        if tag.order <= hidden_up_to:
            continue
        if tag.is_closing:
            is_stray = opened.get(tag.name, 0) <= 0
            opened[tag.name] = opened.get(tag.name, 0) - 1
            if is_stray and tag.name not in VOID | OPTIONAL and (not tag.is_block or tag.name not in KNOWN):
                _make_text(tag)
            continue
        end = _end_of(tag, closing.get(tag.name, ()))
        if tag.name in HIDING and end is not None:
            hidden_up_to = end.order
            _hide(tokens, tag, end)
        elif _is_word(tag, end):
            _make_text(tag)
            continue
        elif tag.name in HIDING | SHOWING and end is None and not _is_empty_drawing(tag):
            _close(tag)
            continue
        elif end is None and _needs_end(tag):
            # Left open, as it was typed; what follows is part of it.
            _note_closer(tag, "")
        opened[tag.name] = opened.get(tag.name, 0) + 1


def shown_markup(token: Token) -> str:
    """A block of raw HTML as it is to be rendered: tags that are words escaped, elements closed, what is lost gone."""
    content = token.content
    lost = token.meta.get(LOST, len(content))
    changes = [(start, start + 1, "&lt;") for start, _end in token.meta.get(TEXTS, ())]
    changes += [(at, at, closer) for at, closer in token.meta.get(CLOSERS, ())]
    pieces, position = [], 0
    for start, end, new in sorted(changes):
        if start < lost:
            pieces += [content[position:start], new]
            position = end
    return "".join((*pieces, content[position:lost]))


def _tags(tokens: Sequence[Token]) -> Iterator[_Tag]:
    order = 0
    for group, token in enumerate(tokens):
        if token.type == "html_block":
            for tag in _tags_of_block(token, group):
                tag.order = order
                order += 1
                yield tag
        elif token.type == "inline" and "<" in token.content:
            children = token.children or []
            for index, child in enumerate(children):
                found = TAG.fullmatch(child.content) if child.type == "html_inline" else None
                if found:
                    tag = _tag(child, group, found, is_block=False)
                    tag.order = order
                    tag.around = _edge(children, index - 1, -1) + _edge(children, index + 1, 0)
                    order += 1
                    yield tag


def _edge(children: Sequence[Token], index: int, sign: int) -> str:
    """The sign beside a tag: a blank at the ends of the text."""
    if not 0 <= index < len(children) or children[index].type in ("softbreak", "hardbreak"):
        return " "
    return children[index].content[sign:][:1] or "."


def _tags_of_block(token: Token, group: int) -> Iterator[_Tag]:
    content = token.content
    if _is_all_lost(content):
        token.meta[LOST] = 0
        return
    position, length = 0, len(content.rstrip())
    endless: set[str] = set()
    while mark := MARKUP.search(content, position):
        position = max(mark.end(), mark.start() + 1)
        if mark["comment"] and mark["end"] == "":
            # A block that began before it ends at an empty line, its comment does not.
            token.meta[LOST] = mark.start()
            return
        if not mark["tag"]:
            continue
        found = TAG.match(content, mark.start())
        if found is None:
            # A tag that is never ended would take what follows for its attributes.
            token.meta.setdefault(TEXTS, []).append((mark.start(), length))
            continue
        position = found.end()
        tag = _tag(token, group, found, is_block=True)
        yield tag
        if not tag.is_closing and tag.name in HIDING | SHOWING and tag.name not in endless:
            end = _end_within(content, tag)
            if end is None:
                # Looked for once: each further search would go to the end of the block again.
                endless.add(tag.name)
            else:
                # Whatever looks like a tag within is none.
                position = end


def _end_within(content: str, tag: _Tag) -> int | None:
    found = re.compile(rf"</{tag.name}(?=[\s/>])", re.IGNORECASE).search(content, tag.end)
    return None if found is None else found.start()


def _is_all_lost(content: str) -> bool:
    for opener, end in OPENERS:
        if found := opener.match(content):
            # `<!-->` is a whole comment.
            return end not in content[found.end() - (2 if end == "-->" else 0) :]
    program = PROGRAM.match(content)
    return program is not None and f"</{program[1].lower()}" not in content.lower()


def _tag(token: Token, group: int, found: re.Match[str], *, is_block: bool) -> _Tag:
    rest = found["rest"].strip()
    return _Tag(
        token=token,
        group=group,
        order=0,
        is_block=is_block,
        name=found["name"].lower(),
        typed=found["name"],
        rest=rest.rstrip("/").strip(),
        is_closing=bool(found["close"]),
        is_bare=not rest.rstrip("/ \t\n"),
        is_self_closed=rest.endswith("/"),
        start=found.start(),
        end=found.end(),
    )


def _end_of(tag: _Tag, closing: Sequence[_Tag]) -> _Tag | None:
    """The tag that ends the element. Those that hide what follows are named in prose more often than written: their
    end stands in the same block, or they begin a block of raw HTML. `closing` is in order."""
    index = bisect_right(closing, tag.order, key=lambda one: one.order)
    end = closing[index] if index < len(closing) else None
    is_near = tag.name in HIDING | SHOWING and not (tag.is_block and tag.name in HIDING)
    return None if end is None or (is_near and end.group != tag.group) else end


def _is_comparison(tag: _Tag) -> bool:
    """Whether its attributes are words: of `a<b et b>c`, all between the signs would be lost."""
    words = tag.rest.lower().split()
    return bool(words) and "=" not in tag.rest and not all(word in BARE_ATTRIBUTES for word in words)


def _is_word(tag: _Tag, end: _Tag | None) -> bool:
    if _is_comparison(tag):
        return True
    if end is not None:
        return False
    if tag.name not in KNOWN:
        # A component of a site has attributes and no end, a word between angle brackets has not.
        return tag.is_bare or not tag.is_self_closed
    if not tag.is_bare or (tag.is_self_closed and tag.name not in HIDING):
        return False
    if tag.is_block:
        # `<Option>` at the beginning of a line is a name more likely than a tag.
        is_name = tag.typed[0].isupper() and not tag.typed[1:].isupper() and len(tag.typed) > 1
        return tag.name in (HIDING | SHOWING) - {"script", "style"} or is_name
    # `<b>bold` is a tag whose end was forgotten, `the <b> tag` and `Array<Object>` name one.
    is_forgotten = tag.around[1:].isalnum() and not tag.around[:1].isalnum() and tag.name not in HIDING | SHOWING
    is_needed = tag.name in OPTIONAL and tag.around != "  "
    return not (is_forgotten or is_needed or tag.name in ("br", "hr", "wbr"))


def _is_empty_drawing(tag: _Tag) -> bool:
    return tag.is_self_closed and tag.name in ("svg", "math")


def _make_text(tag: _Tag) -> None:
    if tag.is_block:
        tag.token.meta.setdefault(TEXTS, []).append((tag.start, tag.end))
    else:
        tag.token.type = "text"
        tag.token.meta[IS_TEXT] = True


def _close(tag: _Tag) -> None:
    _note_closer(tag, f"</{tag.name}>")
    if not tag.is_block:
        tag.token.content += f"</{tag.name}>"


def _note_closer(tag: _Tag, closer: str) -> None:
    tag.token.meta.setdefault(CLOSERS, []).append((tag.end, closer))


def _needs_end(tag: _Tag) -> bool:
    """Whether what follows changes with an element that has no end; an `<a name>` only marks a place."""
    if tag.is_self_closed or tag.name not in KNOWN or tag.name in HIDING | SHOWING | VOID | OPTIONAL:
        return False
    return tag.name != "a" or "href" in tag.rest.lower()


def _hide(tokens: Sequence[Token], tag: _Tag, end: _Tag) -> None:
    """Mark what stands within an element that no rendition shows."""
    for token in tokens[tag.group + 1 : end.group]:
        token.meta[UNSEEN] = True
    if tag.group == end.group and not tag.is_block:
        children = tokens[tag.group].children or []
        first = next(index for index, one in enumerate(children) if one is tag.token)
        for child in children[first + 1 :]:
            if child is end.token:
                break
            child.meta[UNSEEN] = True
