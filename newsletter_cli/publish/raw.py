"""Braces in a text: shown as they are by the generators that would take them for tags of their own.

Liquid (Jekyll) knows a block of raw text, whose bytes are those of the post but for what would end it within. Eleventy
is told in the header not to look for tags at all: that holds whichever engine the site has for Markdown, none included,
which would show `{% raw %}` itself; and the body stays as it is, byte for byte.
"""

from __future__ import annotations

import re

from newsletter_cli.publish.profiles import Profile

# As Liquid reads it: https://shopify.github.io/liquid/tags/template/#raw
END = re.compile(r"\{(?=%-?\s*endraw\s*-?%\})")
# A brace alone is put out by a tag, the rest of what looked like one follows as text.
BRACE = '{% endraw %}{{ "{" }}{% raw %}'


def has_tags(body: str, profile: Profile) -> bool:
    """Whether the generator would take something of the text for a tag of its own."""
    return any(mark in body for mark in profile.tag_marks)


def kept_raw(body: str, profile: Profile) -> str:
    """The text with what keeps the generator from reading tags in it."""
    if profile.raw is None:
        return body
    begin, end = profile.raw
    return begin + END.sub(lambda found: BRACE, body) + end
