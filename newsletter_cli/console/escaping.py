"""What comes from elsewhere (a subject, a name, a path, a server's reply), made fit for a terminal."""

from __future__ import annotations

import json
import re

from newsletter_cli.base.pattern import Pattern

# What would drive the terminal, break the line, or have signs shown in another order than they stand in.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
CONTROL = Pattern(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def escaped(text: str) -> str:
    """One line of text in which nothing is hidden: `<U+202E>` for what is unsafe, a blank for a tab."""
    return UNSAFE.sub(_named, text)


def escaped_lines(text: str) -> str:
    """The same, with its own line breaks."""
    return "\n".join(map(escaped, text.splitlines()))


def _named(sign: re.Match[str]) -> str:
    return " " if sign[0] == "\t" else f"<U+{ord(sign[0]):04X}>"


def escaped_json(text: str) -> str:
    """A text in JSON with what is unsafe as JSON's own escapes: it says the same to whoever reads it."""
    return UNSAFE.sub(lambda sign: sign[0] if sign[0] == "\n" else json.dumps(sign[0])[1:-1], text)
