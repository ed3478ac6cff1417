"""What a template or a program should have filled in and did not: readers would see the machinery."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level

# Rust's escapes, Jinja's and Liquid's marks (percent-encoded in an address, too), tokens, places held open by `nl`.
LEFTOVER = Pattern(
    r"\\u\{[0-9a-fA-F]+\}"
    r"|\{\{[^{}\n]{0,60}(?:\}\})?|\{%[^{}\n]{0,60}(?:%\})?|%7[Bb]%7[Bb]\S{0,60}?%7[Dd]%7[Dd]"
    r"|__[A-Z][A-Z0-9_]*__"
    r"|\bnl-slot-[0-9a-f]+-\d+-"
)
# One of these is in each of them; looking for them costs next to nothing.
HINTS = ("\\u{", "{{", "{%", "%7B%7B", "%7b%7b", "__", "nl-slot-")
# Typography changes spaces and quotation marks, lines are wrapped.
NO_SIGN = Pattern(r"[^\w{}%\\]+")
# The plain text says behind a link which one it is.
REFERENCE = Pattern(r"\[.*", re.DOTALL)


@rule(
    "email-leftover",
    Level.ERROR,
    _("A place left open was not filled in"),
    why=r"""
        A place that a program should have filled in was left open: `{{ … }}`, `{% … %}`, `__TOKEN__`, `\u{a0}`.
        Readers would see it. What an editor wrote is prose, whatever it looks like, and is not reported.
    """,
    bad="""
        ```jinja
        <mj-text>{% raw %}Hello {{ first_name }}{% endraw %}</mj-text>
        ```
    """,
    good="""
        a section about templates that says `{{ first_name }}`; or a theme that only names what it is given.
    """,
)
def email_leftover(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each leftover in the e-mail or its text; what an editor wrote is prose, however it looks."""
    if not any(hint in text for hint in HINTS for text in (renditions.email, renditions.text)):
        return
    own = _own_words(renditions)
    seen = set()
    for text, element in _everything_said(renditions):
        for found in LEFTOVER.findall(text):
            is_own = _without_signs(found) in own or (
                element is None and _without_signs(REFERENCE.sub("", found)) in own
            )
            if found in seen or is_own:
                continue
            seen.add(found)
            yield email_leftover.at(
                renditions.theme if element is None else renditions.origin_of(element),
                _("“{text}” is left in the e-mail: something was not filled in").format(text=found),
                suggestion=_("look for it in the theme's templates"),
                subject=found,
            )


def _everything_said(renditions: Renditions) -> Iterator[tuple[str, html.HtmlElement | None]]:
    """Every text, comment and attribute of the e-mail, and the plain text."""
    for element in renditions.page.iter():
        is_element = isinstance(element.tag, str)
        for text in (element.text, *(element.values() if is_element else ())):
            if text:
                yield text, element if is_element else None
        if element.tail:
            yield element.tail, element.getparent()
    yield renditions.text, None


def _own_words(renditions: Renditions) -> str:
    """All that people wrote, without what is changed on the way."""
    said = [*renditions.words, *renditions.addresses, renditions.subject, renditions.preheader or ""]
    for text in renditions.texts:
        said += [text.heading, text.tree.text_content()]
        for element in text.tree.iter(etree.Element):
            said += map(str, element.values())
    return "\n".join(map(_without_signs, said))


def _without_signs(text: str) -> str:
    return NO_SIGN.sub("", text)
