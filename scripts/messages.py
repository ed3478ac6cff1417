"""Gathers the messages of `nl`, merges them into the French catalogue and compiles it.

    python scripts/messages.py          after a message was added or changed
    python scripts/messages.py --check  changes nothing; exit status 1 when something is left to do

A message that is new, or that resembles one that went away (marked fuzzy, with the old translation as a
proposal), is printed: translate it in the `.po`, take the `fuzzy` mark off, and run the script again.
The files hold no date and no version, so the same messages give the same bytes.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from newsletter_cli.base.strict import TYPE_NAMES
from newsletter_cli.base.tables import field_types, is_table, options_of
from newsletter_cli.config.settings import Config
from newsletter_cli.render.words import Words

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "newsletter_cli"
PO = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "newsletter_cli.po"
MO = PO.with_suffix(".mo")
# How many of a call's arguments are messages.
KEYWORDS = {"_": 1, "N_": 1, "ngettext": 2}
# What typer looks up with gettext when it writes a help page; `cli/usage.py` says the rest.
TYPER = (
    "Arguments",
    "Options",
    "Commands",
    "required",
    "default: {default}",
    "(dynamic)",
)
ALIKE = 0.7

Id = str | tuple[str, str]


class PlainCatalog(Catalog):
    """A catalogue whose header is always the same."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs, and nothing that changes by itself."""
        return [
            ("Language", "fr"),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def gather_messages() -> Iterator[tuple[Id, str]]:
    """Each message and the file it stands in, in the order of the files."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        yield from ((message, place) for message in messages_of(path.read_text("utf-8")))
    # Looked up by way of a variable, where no reading of the source can find them.
    yield from ((name, "newsletter_cli/base/strict.py") for name in TYPE_NAMES.values())
    yield from ((doc, "newsletter_cli/config/settings.py") for doc in _docs(Config))
    yield from ((doc, "newsletter_cli/render/words.py") for doc in _docs(Words))
    yield from ((text, "typer") for text in TYPER)


def messages_of(source: str) -> list[Id]:
    """The messages of one module, in its order.

    Read from the syntax tree: Babel's own extractor looks into f-strings from Python 3.12 on only.
    """
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
    ]
    found: list[Id] = []
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        assert isinstance(call.func, ast.Name)
        arguments = call.args[: KEYWORDS[call.func.id]]
        texts = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(texts) == KEYWORDS[call.func.id]:
            found.append(texts[0] if len(texts) == 1 else (texts[0], texts[1]))
    return found


def _docs(settings: type[Any]) -> Iterator[str]:
    """What is said of each key."""
    for name, item in options_of(settings).items():
        yield item.doc
        kind = field_types(settings)[name]
        for part in (kind, *getattr(kind, "__args__", ())):
            if is_table(part):
                yield from _docs(part)


def build_catalogue(old: Catalog) -> PlainCatalog:
    """The messages of today with the translations of `old`."""
    places: dict[Id, list[str]] = {}
    for message, place in gather_messages():
        places.setdefault(message, []).append(place)
    gone = {_key(message): message for message in old if message.id and message.id not in places}
    catalogue = PlainCatalog(locale="fr", fuzzy=False, header_comment="# The messages of nl in French.")
    for identity, files in places.items():
        known = old.get(identity if isinstance(identity, str) else identity[0])
        translation: Any = None
        flags = set()
        if known is not None and known.id == identity:
            translation = known.string
            flags = {"fuzzy"} & set(known.flags)
        elif close := difflib.get_close_matches(_text(identity), list(gone), n=1, cutoff=ALIKE):
            kept = gone[close[0]]
            if isinstance(kept.id, str) == isinstance(identity, str):
                translation, flags = kept.string, {"fuzzy"}
        catalogue.add(identity, translation, [(file, 0) for file in dict.fromkeys(files)], flags=flags)
    return catalogue


def _text(identity: Id) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _key(message: Message) -> str:
    return str(message.id) if isinstance(message.id, str) else str(message.id[0])


def find_faults(catalogue: Catalog) -> Iterator[str]:
    """What keeps the catalogue from being finished, a line each."""
    for message in catalogue:
        if not message.id:
            continue
        originals = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if not strings or not all(strings):
            yield f"not translated: {originals[0]}"
        elif message.fuzzy:
            yield f"fuzzy (look it over, then remove the mark): {originals[0]}"
        elif any(placeholders(text) != placeholders(originals[-1]) for text in strings[-1:]) or any(
            placeholders(text) - placeholders(originals[-1]) for text in strings
        ):
            yield f"the {{placeholders}} differ: {originals[0]}"


def placeholders(text: str) -> set[str]:
    """What a pattern has filled in: `{name}`, `{value!r}`, `{code:04X}`."""
    return {
        f"{name}!{conversion}:{spec}"
        for _literal, name, spec, conversion in string.Formatter().parse(text)
        if name is not None
    }


def main() -> int:
    """Gather, merge, write, report."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--check", action="store_true", help="change nothing, exit 1 when something is left to do")
    is_check = options.parse_args().check
    with io.BytesIO(PO.read_bytes() if PO.is_file() else b"") as file:
        old = read_po(file, locale="fr")
    catalogue = build_catalogue(old)
    faults = list(find_faults(catalogue))
    if is_check:
        faults += _stale(old, catalogue)
    else:
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(_po(catalogue))
        MO.write_bytes(_mo(catalogue))
    for fault in faults:
        sys.stdout.write(f"{PO.relative_to(ROOT)}: {fault}\n")
    sys.stdout.write(f"{len(catalogue)} messages, {len(faults)} faults\n")
    return int(bool(faults) and is_check)


def _stale(old: Catalog, new: Catalog) -> Iterator[str]:
    """Where the files fall short of the source. A message that only moved to another module is no fault."""
    known, wanted = ({message.id for message in catalogue if message.id} for catalogue in (old, new))
    yield from (f"new, run the script: {identity}" for identity in wanted - known)
    yield from (f"gone, run the script: {identity}" for identity in known - wanted)
    if not MO.is_file() or MO.read_bytes() != _mo(new):
        yield "the .mo is not current, run the script"


def _po(catalogue: Catalog) -> bytes:
    with io.BytesIO() as file:
        write_po(file, catalogue, width=110, include_lineno=False)
        return file.getvalue()


def _mo(catalogue: Catalog) -> bytes:
    with io.BytesIO() as file:
        write_mo(file, catalogue)
        return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
