"""How well language is read: faults planted in right texts and found, false findings, and what it costs in time.

The folder holds a folder for each newsletter, named `NAME.fr` or `NAME.en`, with its issues as Markdown files in order:
the last is judged, those before it are what the newsletter published. The texts should be right: each finding in one
as it stands counts as a false one.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from newsletter_cli.check.language.speller import Speller, find_speller
from newsletter_cli.config.settings import SectionSettings
from newsletter_cli.flows.check import Wanted, check_workspace
from newsletter_cli.model import Finding
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.scaffold import create_workspace

RULES = {"misspelt", "grammar", "language-slip", "capital-accent", "name-spelt-twice"}
HEAD = "---\nstatus: ready\n---\n\n"
SECTION = "news"
LONG_WORD = re.compile(r"(?<![-\w./`@#:_])[a-zà-öø-ÿœ]{7,}(?![-\w/`@_]|\.\w)")
# What is no prose, and read by nobody.
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|\S*[/@_]\S*|--\w+")
ACCENTS = str.maketrans("éèêëàâîïôûùç", "eeeeaaiiouuc")

SEVERAL = "(?:[Ll]es|[Dd]es|[Cc]es|[Nn]os|[Vv]os|deux|trois|plusieurs)"
BEFORE_HYPHEN = "(?:peut|[Cc]’est|rendez|lui|eux|celui|celles?|[a-z]+ez|elle|vis|non|au)(?:-à)?"
BEHIND_HYPHEN = "être|dire|vous|mêmes?|ci|là|à|seulement|dessus|dessous"

Change = Callable[[str, random.Random], str | None]


def _within_prose(places: Iterable[re.Match[str]], text: str) -> list[re.Match[str]]:
    code = [one.span() for one in CODE.finditer(text)]
    return [one for one in places if not any(start < one.end() and one.start() < end for start, end in code)]


def _within(change: Callable[[str, int], str]) -> Change:
    """A letter within a long word changed; the first and the last stay."""

    def plant(text: str, dice: random.Random) -> str | None:
        words = _within_prose(LONG_WORD.finditer(text), text)
        if not words:
            return None
        word = dice.choice(words)
        made = change(word[0], dice.randrange(1, len(word[0]) - 2))
        return None if made == word[0] else text[: word.start()] + made + text[word.end() :]

    return plant


def _instead(pattern: str, new: str) -> Change:
    """One place of the pattern replaced."""
    compiled = re.compile(pattern)

    def plant(text: str, dice: random.Random) -> str | None:
        places = _within_prose(compiled.finditer(text), text)
        if not places:
            return None
        place = dice.choice(places)
        made = place.expand(new)
        return None if made == place[0] else text[: place.start()] + made + text[place.end() :]

    return plant


def _accent_lost(text: str, dice: random.Random) -> str | None:
    words = [one for one in _within_prose(LONG_WORD.finditer(text), text) if re.search("[éèêàîôûç](?=.)", one[0][:-2])]
    if not words:
        return None
    word = dice.choice(words)
    return text[: word.start()] + word[0].translate(ACCENTS) + text[word.end() :]


LETTERS: dict[str, Change] = {
    "letter dropped": _within(lambda word, at: word[:at] + word[at + 1 :]),
    "letter doubled": _within(lambda word, at: word[: at + 1] + word[at] * (word[at] != word[at + 1]) + word[at + 1 :]),
    "letters swapped": _within(lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :]),
}
MISSPELLINGS = {*LETTERS, "accent lost"}
WORD = re.compile(r"[^\W\d_]+")
PLANTED: dict[str, dict[str, Change]] = {
    "fr": LETTERS | {
        "accent lost": _accent_lost,
        "plural lost": _instead(rf"\b({SEVERAL} [a-zéèêà]{{4,}}[^sxz\W])s\b", r"\1"),
        "plural wrong": _instead(r"\b((?:[Ll]e|[Uu]n|[Cc]e|[Nn]otre|du) [a-zéèêà]{4,}[^sxz\W])\b(?! et| ou)", r"\1s"),
        "é for er": _instead(r"\b((?:pour|de|peut|doit|faut|faire|va) [a-zéèêà]{2,})er\b", r"\1é"),
        "er for é": _instead(r"\b((?:a|ont|avons|avez|est|être|été|a été) [a-zéèêà]{3,})é\b", r"\1er"),
        "ée for é": _instead(r"\b((?:ont|avons|avez|a|ai) [a-zèêà]{2,}é)\b(?! par)", r"\1e"),
        "participle": _instead(r"\b((?:ont été|sont) [a-zéèêà]{2,}[éit])(?:s|es)\b", r"\1"),
        "a, à": _instead(r"\b((?:[Ii]l|[Ee]lle|[Oo]n|[Qq]ui|y) )a\b", r"\1à"),
        "à, a": _instead(r"\bà( (?:la|l’|un|une|des|son|ses|partir|cette)\b)", r"a\1"),
        "c’est, cest": _instead(r"\b([Cc])[’']est\b", r"\1est"),
        "et, est": _instead(r"\b((?:[Cc]e|[Ii]l|[Ee]lle|[Qq]ui|n’) ?)est\b", r"\1et"),
        "on, ont": _instead(r"\b((?:[Ii]ls|[Ee]lles|[Qq]ui) )ont\b", r"\1on"),
        "son, sont": _instead(r"\b([a-zé]+s )sont\b", r"\1son"),
        "hyphen lost": _instead(rf"\b({BEFORE_HYPHEN})-({BEHIND_HYPHEN})\b", r"\1 \2"),
        "word twice": _instead(r"\b(du|de|la|les|des|et|le|en|pour|dans) ", r"\1 \1 "),
    },
    "en": LETTERS | {
        "teh": _instead(r"\bthe\b", "teh"),
        "its": _instead(r"\b[Ii]t's (a|an|the|not|been)\b", r"Its \1"),
        "it's": _instead(r"\bits (own|name|value|content|contents|first|default)\b", r"it's \1"),
        "agreement": _instead(r"\b([Tt]hey|[Ww]e|[Yy]ou) (are|have|do)\b", r"\1 is"),
        "plural lost": _instead(r"\b((?:[Tt]hese|[Tt]hose|[Mm]any|[Ss]everal) [a-z]{4,}[^s\W])s\b", r"\1"),
        "a, an": _instead(r"\ba ([bcdfgklmnprstvz][a-z]+)", r"an \1"),
        "than, then": _instead(r"\b((?:more|less|rather|other|better|larger|smaller) )than\b", r"\1then"),
        "word twice": _instead(r"\b(the|of|and|to|in|is|for|a) ", r"\1 \1 "),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A newsletter, and the paragraphs of its last issue."""

    workspace: Workspace
    number: int
    language: str
    paragraphs: tuple[str, ...]

    @property
    def word_count(self) -> int:
        return sum(len(one.split()) for one in self.paragraphs)

    def read(self, paragraphs: tuple[str, ...]) -> list[Finding]:
        """What is found in the issue with these paragraphs, each on one line."""
        path = self.workspace.issue_folder(self.number) / f"{SECTION}.md"
        path.write_text(HEAD + "\n\n".join(paragraphs) + "\n", encoding="utf-8")
        checked = check_workspace(self.workspace, self.number, Wanted(has_language=True))
        return [one for one in checked.findings if one.rule in RULES]


def make_letter(folder: Path, source: Path) -> Letter:
    """A workspace of the newsletter of that folder."""
    language = source.suffix.lstrip(".")
    sections = [SectionSettings(slug=SECTION, title="Nouvelles" if language == "fr" else "News")]
    workspace = create_workspace(folder / source.name, name=source.stem, language=language, sections=sections)
    files = sorted(source.glob("*.md"))
    paragraphs: tuple[str, ...] = ()
    for number, file in enumerate(files, 1):
        issue = workspace.issue_folder(number)
        issue.mkdir(parents=True)
        header = f"---\ntitle: Data {number}\ndate: 2026-{number:02}-01\n---\n"
        (issue / "_issue.md").write_text(header, encoding="utf-8")
        paragraphs = tuple(" ".join(one.split()) for one in file.read_text("utf-8").split("\n\n") if one.strip())
        (issue / f"{SECTION}.md").write_text(HEAD + "\n\n".join(paragraphs) + "\n", encoding="utf-8")
    # A list of its own says that the newsletter has told which words are right.
    (workspace.root / "words.txt").write_text("nl\n", encoding="utf-8")
    return Letter(workspace=workspace, number=len(files), language=language, paragraphs=paragraphs)


def line_of(index: int) -> int:
    """The line of a paragraph."""
    return HEAD.count("\n") + 1 + 2 * index


def said(one: Finding) -> tuple[str, str, str]:
    """What tells a finding from one that was there before the planting."""
    return one.rule, one.subject or "", one.message


def plant(letter: Letter, kind: str, dice: random.Random) -> tuple[tuple[str, ...], list[int]]:
    """The paragraphs with one fault of the kind in each that takes one, and which these are."""
    planted, at = list(letter.paragraphs), []
    speller = find_speller(letter.language)
    for index, text in enumerate(letter.paragraphs):
        made = PLANTED[letter.language][kind](text, dice)
        if made is None or (kind in MISSPELLINGS and speller is not None and not _has_new_fault(speller, text, made)):
            continue
        planted[index] = made
        at.append(index)
    return tuple(planted), at


def _has_new_fault(speller: Speller, text: str, made: str) -> bool:
    """Whether a word was made that is none: “données” without a letter may be “donnes”."""
    return any(not speller.is_right(word) for word in set(WORD.findall(made)) - set(WORD.findall(text)))


def found_in(
    letter: Letter, kind: str, dice: random.Random, clean: Counter[tuple[int | None, str]]
) -> Iterator[tuple[str, bool]]:
    """Each planted fault, in its paragraph, and whether anything new was found there.

    What stands in several places may be told once, with how often: its words count wherever they are told.
    """
    paragraphs, at = plant(letter, kind, dice)
    new: set[int | None] = set()
    messages = ""
    findings = letter.read(paragraphs)
    told = {repr(said(one)): one for one in findings}
    for (line, what), count in Counter((one.line, repr(said(one))) for one in findings).items():
        if count > clean[line, what]:
            new.add(line)
            messages += told[what].message.lower()
    for index in at:
        twice = re.search(r"\b(\w+) \1\b", paragraphs[index], re.IGNORECASE) if kind == "word twice" else None
        yield paragraphs[index], line_of(index) in new or (twice is not None and f"“{twice[0].lower()}”" in messages)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.language", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", help="only these kinds of faults")
    parser.add_argument("--show", action="store_true", help="every false finding, every fault that was not found")
    options = parser.parse_args()
    total: dict[tuple[str, str], list[bool]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted(one for one in options.folder.iterdir() if one.suffix in (".fr", ".en")):
            letter = make_letter(Path(folder), source)
            start = perf_counter()
            clean = letter.read(letter.paragraphs)
            seconds = perf_counter() - start
            print(
                f"{source.name:<24}{letter.word_count:>6} words {len(clean):>4} false"
                f" {1000 * len(clean) / max(1, letter.word_count):>6.1f} per 1,000 {seconds:>6.2f} s"
            )
            for one in clean if options.show else ():
                print(f"  false  {one.rule} {one.line}: {one.message} {[edit.new for edit in one.proposals]}")
            known = Counter((one.line, repr(said(one))) for one in clean)
            for kind in PLANTED[letter.language]:
                if options.kind and kind not in options.kind:
                    continue
                for text, is_found in found_in(letter, kind, random.Random(options.seed), known):
                    total.setdefault((letter.language, kind), []).append(is_found)
                    if options.show and not is_found:
                        print(f"  missed {kind}: {text[:300]}")
    print(f"\n{'planted':<28}{'found':>8}{'of':>8}{'%':>8}")
    for language in sorted({language for language, _kind in total}):
        every = [one for (name, _kind), found in total.items() if name == language for one in found]
        for (name, kind), found in total.items():
            if name == language:
                print(f"{language} {kind:<25}{sum(found):>8}{len(found):>8}{100 * sum(found) / len(found):>8.0f}")
        print(f"{language} {'all':<25}{sum(every):>8}{len(every):>8}{100 * sum(every) / len(every):>8.0f}\n")


if __name__ == "__main__":
    main()
