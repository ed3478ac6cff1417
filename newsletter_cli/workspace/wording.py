"""The words of the newsletter's language: the workspace's own file, or the shipped one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.render.words import Words, parse_words
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.shipped import shipped_templates
from newsletter_cli.workspace.template_files import find_template, read_template, template_roots

Of = TypeVar("Of")


def read_words(workspace: Workspace, language: str) -> Words:
    """The words of a language; of its primary language; English where there is neither. Raises `ConfigError`."""
    path = find_words(workspace, language) or find_template(workspace, "words/en.toml")
    if path is None:
        raise ConfigError(_("the file of words is missing"), file="templates/words/en.toml")
    name = workspace.name_of(path)
    return parse_words(read_template(workspace, path), file=name)


def read_table(words: Words, language: str, table: Callable[[Words], Of | None]) -> Of:
    """A table of words that a file of the newsletter's own need not have (`lambda words: words.proof`): its own, else
    the shipped one of its language, else the English one.
    """
    found = table(words) or table(_shipped_words(language))
    assert found is not None
    return found


def find_words(workspace: Workspace, language: str) -> Path | None:
    """The file of the words of a language, or of its primary one; its name in capitals or not: `ES.toml`."""
    primary = language.partition("-")[0].lower()
    for root in template_roots(workspace):
        there = {path.name.casefold(): path for path in sorted((root / "words").glob("*.[tT][oO][mM][lL]"))}
        for name in dict.fromkeys((f"{language}.toml".casefold(), f"{primary}.toml")):
            if name in there:
                return there[name]
    return None


def speaks(words: Words, language: str) -> bool:
    """Whether the words are of that language, or of its primary one: else they are English for want of any."""
    primaries = [one.replace("_", "-").partition("-")[0].lower() for one in (words.language, language)]
    return primaries[0] == primaries[1]


def _shipped_words(language: str) -> Words:
    shipped = {path.stem: path for path in (shipped_templates() / "words").glob("*.toml")}
    path = shipped.get(language.partition("-")[0].lower(), shipped["en"])
    return parse_words(path.read_text("utf-8"), file=path.name)
