"""Writes the docs of the rules from the rules themselves, and from their cases.

    python scripts/rules.py          after a rule was added or its words were changed
    python scripts/rules.py --check  changes nothing; exit status 1 when the docs are not current

In `docs/reference/rules.md`, its French twin and `docs/reference/rules/*.md`, what stands between
`<!-- rules: NAMES -->` and `<!-- /rules -->` is written here: `NAMES` are modules of `newsletter_cli/check/rules/`, or
others of the check room. Other words are an author's. French titles and levels are those of the catalogue of messages.
"""

from __future__ import annotations

import argparse
import gettext
import os
import re
import sys
import textwrap
from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

# The docs are in English: before the rules have their titles.
if __name__ == "__main__":
    os.environ["NL_LANG"] = "en"

from newsletter_cli.base.i18n import DOMAIN, LOCALE
from newsletter_cli.check.catalogue import ALL_RULES
from newsletter_cli.check.rule import named_in
from newsletter_cli.model import Level, Rule

ROOT = Path(__file__).resolve().parent.parent
INDEX = ROOT / "docs" / "reference" / "rules.md"
FRENCH_INDEX = ROOT / "docs" / "fr" / "reference" / "rules.md"
PAGES = ROOT / "docs" / "reference" / "rules"
RULES = ROOT / "newsletter_cli" / "check" / "rules"
CASES = ROOT / "tests" / "check" / "cases"
PART = re.compile(r"(<!-- rules: (?P<names>[\w ]+) -->\n)(?P<written>.*?)(<!-- /rules -->)", re.DOTALL)
CASE = re.compile(r"^=== *(?P<kind>bad|good)\b", re.MULTILINE)
LEVELS = {Level.ERROR: "Error", Level.WARNING: "Warning", Level.INFO: "Note"}
# What stops the reading of an issue, or is told once, on import: there is nothing yet that could be silenced.
TOLD_AT_ONCE = ("content-unusable", "import-")
WIDTH = 125
FRENCH = gettext.translation(DOMAIN, LOCALE, languages=["fr"])


def rules_of(names: str) -> tuple[Rule, ...]:
    """The rules of some modules, by name."""
    return named_in(*(import_module(_module(name)) for name in names.split()))


def _module(name: str) -> str:
    is_topic = (RULES / f"{name}.py").is_file()
    return f"newsletter_cli.check.{'rules.' if is_topic else ''}{name}"


def written_pages() -> Iterator[tuple[Path, str]]:
    """Each page as it should be."""
    homes: dict[str, str] = {}
    for path in sorted(PAGES.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for part in PART.finditer(text):
            homes |= dict.fromkeys((rule.slug for rule in rules_of(part["names"])), path.name)
        yield path, PART.sub(lambda part: part[1] + _entries(rules_of(part["names"])) + part[4], text)
    homeless = [rule.slug for rule in ALL_RULES if rule.slug not in homes]
    if homeless:
        sys.exit(f"no page in docs/reference/rules/ has the module of {', '.join(homeless)}")
    for path, translation in ((INDEX, gettext.NullTranslations()), (FRENCH_INDEX, FRENCH)):
        # From the page to the entries of the rules, which are in English only.
        way = {slug: os.path.relpath(PAGES / home, path.parent).replace(os.sep, "/") for slug, home in homes.items()}
        yield path, _index(path, translation, way)


def _index(path: Path, translation: gettext.NullTranslations, way: dict[str, str]) -> str:
    """The list of rules, with its tables in the language of the page."""
    text = path.read_text(encoding="utf-8")
    return PART.sub(lambda part: part[1] + _table(rules_of(part["names"]), translation, way) + part[4], text)


def _entries(rules: tuple[Rule, ...]) -> str:
    return "\n" + "\n".join(map(_entry, rules)) + "\n"


def _entry(rule: Rule) -> str:
    """What is told of a rule: why it is there, an example of each kind, how to silence it, where its cases are."""
    parts = [
        f"### {rule.slug}",
        _filled(f"{LEVELS[rule.level]}. {cleandoc(rule.why)}"),
        _example("Bad", rule.bad),
        _example("Good", rule.good),
        _filled(_silencing(rule) + _cases(rule)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _example(name: str, text: str) -> str:
    text = cleandoc(text)
    if text.startswith("```"):
        return f"{name}:\n\n{text}"
    return _filled(f"{name}{text}" if text.startswith(",") else f"{name}: {text}")


def _filled(text: str) -> str:
    """Paragraphs as long as the lines of the docs; code stays as it is."""
    paragraphs = re.split(r"\n\n(?=\S)", text)
    return "\n\n".join(
        one if "```" in one else textwrap.fill(one, WIDTH, break_long_words=False, break_on_hyphens=False)
        for one in paragraphs
    )


def _silencing(rule: Rule) -> str:
    if rule.slug.startswith(TOLD_AT_ONCE):
        return "It cannot be silenced."
    comment, setting = f"<!-- nl: ignore {rule.slug} -->", f'ignore = ["{rule.slug}"]'
    return f"Silenced by `{comment}` on the line above, or `{setting}` under `[check]`."


def _cases(rule: Rule) -> str:
    path = CASES / f"{rule.slug}.md"
    if not path.is_file():
        return ""
    kinds = [found["kind"] for found in CASE.finditer(path.read_text(encoding="utf-8"))]
    return (
        f" Its [cases](../../../tests/check/cases/{path.name}): {kinds.count('bad')} where it speaks,"
        f" {kinds.count('good')} where it is silent."
    )


def _table(rules: tuple[Rule, ...], translation: gettext.NullTranslations, way: dict[str, str]) -> str:
    say = translation.gettext
    rows = (
        f"| [`{rule.slug}`]({way[rule.slug]}#{rule.slug}) | {say(LEVELS[rule.level].lower())} |"
        f" {'✓' if rule.is_fixable else ''} | {say(rule.title)} |\n"
        for rule in rules
    )
    return f"\n| {say('rule')} | {say('level')} | | {say('what is wrong')} |\n|---|---|---|---|\n{''.join(rows)}\n"


def main() -> int:
    """Write what is not current, or say so."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--check", action="store_true", help="change nothing, exit 1 when something is left to do")
    is_check = options.parse_args().check
    stale = [(path, text) for path, text in written_pages() if path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        sys.stdout.write(f"{path.relative_to(ROOT)}: {'not current, run the script' if is_check else 'written'}\n")
        if not is_check:
            path.write_text(text, encoding="utf-8")
    return int(bool(stale) and is_check)


if __name__ == "__main__":
    sys.exit(main())
