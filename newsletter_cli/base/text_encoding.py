"""Which names of encodings are those of texts in files."""

from __future__ import annotations

import codecs

# Python's for its own use: for names of hosts, for literals in programs, for tests.
NOT_OF_FILES = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})


def is_text_encoding(name: str) -> bool:
    """Whether a file's text can be stored that way; false for what is no encoding, or none of texts (`base64`)."""
    try:
        found = codecs.lookup(name)
    # A name with a NUL, or with what no name of a module may hold.
    except (LookupError, ValueError, ImportError):
        return False
    # The only word there is on it; the decoding of texts asks it, too.
    is_of_texts: bool = getattr(found, "_is_text_encoding", True)
    return is_of_texts and found.name.replace("_", "-") not in NOT_OF_FILES
