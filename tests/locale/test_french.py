"""The French catalogue is whole, current and well set."""

from __future__ import annotations

import ast
import gettext
import os
import re
import string
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.tree import modules, nodes

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "newsletter_cli"
PO = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "newsletter_cli.po"


@cache
def messages() -> list[Message]:
    with PO.open("rb") as file:
        return [message for message in read_po(file, locale="fr") if message.id]


def pairs() -> list[tuple[str, str]]:
    """Each original with its translation; the plurals each with its own."""
    found = []
    for message in messages():
        if isinstance(message.id, str):
            found.append((message.id, str(message.string)))
        else:
            assert isinstance(message.string, tuple)
            found += zip(message.id, message.string, strict=True)
    return found


def placeholders(text: str) -> list[tuple[str, str | None, str | None]]:
    parts = string.Formatter().parse(text)
    return sorted((name, spec, conversion) for _text, name, spec, conversion in parts if name is not None)


def test_the_catalogue_is_complete_and_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "messages.py"), "--check"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_message_is_translated() -> None:
    assert [original for original, french in pairs() if not french] == []
    assert [message.id for message in messages() if message.fuzzy] == []


def test_placeholders_are_the_same() -> None:
    wrong = [original for original, french in pairs() if placeholders(original) != placeholders(french)]
    assert wrong == []


def test_blanks_at_the_ends_are_the_same() -> None:
    def ends(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [original for original, french in pairs() if ends(original) != ends(french)] == []


@pytest.mark.parametrize(
    "wrong",
    [r"\w'\w", r"(?<!<)[ \u00a0][;!?](?![-\[])", r" :(?!/)", r"« ", r" »", "[“”]"],
    ids=[
        "straight apostrophe",
        "blank before ; ! ?",
        "blank before :",
        "blank after «",
        "blank before »",
        "English quotes",
    ],
)
def test_french_typography(wrong: str) -> None:
    assert [french for _original, french in pairs() if re.search(wrong, french)] == []


def test_the_compiled_catalogue_says_what_the_source_says() -> None:
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in messages():
        if isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string
        else:
            singular, plural = message.id
            assert tuple(compiled.ngettext(singular, plural, count) for count in (1, 2)) == message.string
    assert compiled.ngettext("a section is empty: {titles}", "sections are empty: {titles}", 0).startswith("une ")


def test_no_message_is_hidden_from_the_script() -> None:
    """`_()` of anything but a literal is translated only where the script knows of it."""
    hidden = []
    for module, tree in modules().items():
        for node in nodes(tree, ast.Call):
            if not (isinstance(node.func, ast.Name) and node.func.id == "_"):
                continue
            if not (node.args and isinstance(node.args[0], ast.Constant)):
                hidden.append(f"{module}: {ast.unparse(node)}")
    # The kinds of values, what the settings say of themselves, what others give as reasons.
    known = ("TYPE_NAMES", "doc", "base.reasons")
    assert [line for line in hidden if not any(name in line for name in known)] == []


def test_nl_speaks_french() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newsletter_cli", "--help"],
        env={**os.environ, "NL_LANG": "fr"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "Créer un espace de travail." in done.stdout
