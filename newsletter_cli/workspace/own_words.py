"""`words.txt`: the newsletter's own words, one a line, which are right although no dictionary has them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from newsletter_cli.base.errors import ConfigError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.letters import without_accents
from newsletter_cli.workspace.files import read_text, replace_file
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside

WORDS_FILE = "words.txt"
COMMENT = "#"
BOM = "\ufeff"
LONGEST = 100


def read_own_words(workspace: Workspace) -> tuple[str, ...]:
    """The words, in the order of the file; none where there is no file.

    Raises `ContentError` (file and line) for what is no UTF-8 text or holds what Git leaves of a conflict,
    `ConfigError` for a link that leads out of the workspace, `StorageError`.
    """
    return tuple(line for line in _lines(_text(workspace)) if _is_word(line))


def add_own_words(workspace: Workspace, words: Iterable[str]) -> tuple[str, ...]:
    """Write more words into the file, sorted; those that were not there yet are returned.

    Comments stay where they are: the words below one are sorted among themselves, and new ones come last. Raises
    `UsageError` for what cannot stand there, and as `read_own_words`.
    """
    wanted = dict.fromkeys(map(clean_word, words))
    text = _text(workspace)
    there = {line for line in _lines(text) if _is_word(line)}
    new = tuple(word for word in wanted if word not in there)
    if new:
        _write(workspace, text, [*_lines(text), *new])
    return new


def remove_own_words(workspace: Workspace, words: Iterable[str]) -> tuple[str, ...]:
    """Take words out of the file; those that were there are returned. Raises as `read_own_words`."""
    unwanted = {" ".join(word.split()) for word in words}
    text = _text(workspace)
    lines = _lines(text)
    gone = tuple(dict.fromkeys(line for line in lines if line in unwanted and _is_word(line)))
    if gone:
        _write(workspace, text, [line for line in lines if line not in gone])
    return gone


def clean_word(word: str) -> str:
    """The word as it stands in the file. Raises `UsageError` for what cannot stand there."""
    clean = " ".join(word.split())
    if not any(sign.isalpha() for sign in clean) or len(clean) > LONGEST or any(sign < " " for sign in clean):
        raise UsageError(
            _("“{word}” is no word").format(word=clean[:LONGEST]),
            hint=_('a word, or a few that belong together: nl words add Cartiflette "data scientist"'),
        )
    if clean.startswith(COMMENT):
        raise UsageError(
            _("“{word}” would be a comment in {file}").format(word=clean, file=WORDS_FILE),
            hint=_("leave the sign at its beginning out: tags are not read anyway"),
        )
    return clean


def _path(workspace: Workspace) -> Path:
    path = workspace.root / WORDS_FILE
    refuse_outside(workspace.root, path, ConfigError, name=WORDS_FILE)
    return path


def _text(workspace: Workspace) -> str:
    path = _path(workspace)
    return read_text(path, name=WORDS_FILE).removeprefix(BOM) if path.exists() or path.is_symlink() else ""


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def _is_word(line: str) -> bool:
    return bool(line) and not line.startswith(COMMENT)


def _write(workspace: Workspace, before: str, lines: Iterable[str]) -> None:
    newline = "\r\n" if "\r\n" in before else "\n"
    groups: list[tuple[list[str], dict[str, None]]] = [([], {})]
    for line in lines:
        if _is_word(line):
            groups[-1][1].setdefault(line)
        elif groups[-1][1]:
            groups.append(([line], {}))
        else:
            groups[-1][0].append(line)
    sorted_lines = [line for head, words in groups for line in (*head, *sorted(words, key=_order))]
    replace_file(_path(workspace), "".join(line + newline for line in sorted_lines), name=WORDS_FILE)


def _order(word: str) -> tuple[str, str]:
    return without_accents(word).casefold(), word
