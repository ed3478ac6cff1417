"""A `.docx` file → Markdown, by mammoth; at the end, every word of the document is looked for in what came of it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _
from newsletter_cli.markdown.from_html import markdown_of_html
from newsletter_cli.workspace.importing.incoming import Incoming, refuse_absent
from newsletter_cli.workspace.importing.word.losses import Loss, Lost, findings_of
from newsletter_cli.workspace.importing.word.numbering import find_lost_numbers, read_starts
from newsletter_cli.workspace.importing.word.package import Package, damaged, parse_part, read_package, refuse_entities
from newsletter_cli.workspace.importing.word.parts import attribute, child, each, own_text, text_of
from newsletter_cli.workspace.importing.word.tidying import Tidied, resolve_alternatives, tidy

# Word's names of styles are English inside, whatever it shows; other programs, and people, write their own language's.
STYLES = (
    ("h1.title:fresh", ("Title", "Titre", "Titel", "Título", "Titolo")),
    ("p:fresh", ("Subtitle", "Sous-titre")),
    ("blockquote > p:fresh", ("Quote", "Intense Quote", "Block Text", "Citation", "Citation intense", "Quotations")),
    ("p:fresh > em", ("caption", "Légende")),
    ("pre:separator('\\n')", ("HTML Preformatted", "Code", "Préformaté HTML", "Preformatted Text")),
)
HEADING_WORDS = ("heading", "Titre", "Überschrift", "Título", "Titolo")
BULLETS = ("List Bullet", "Liste à puces", "Puces")
NUMBERS = ("List Number", "Liste numérotée", "Liste à numéros")
RUN_STYLES = (
    ("strong", ("Strong", "Élevé", "Intense Emphasis", "Book Title")),
    ("em", ("Emphasis", "Accentuation", "Subtle Emphasis")),
    ("code", ("HTML Code", "Code", "Source Text")),
)
DEEPEST_LIST = 9


def _style_map() -> str:
    """In mammoth's own words: the first that fits counts."""
    lines = [f"p[style-name='{name}'] => {path}" for path, names in STYLES for name in names]
    lines += [f"p[style-name='{w} {n}'] => h{min(n, 6)}:fresh" for w in HEADING_WORDS for n in range(1, 10)]
    # “List Bullet 2” says its level by its name, what is numbered by its numbering.
    numbered: list[str] = []
    named: list[str] = []
    for level in range(1, DEEPEST_LIST + 1):
        above = "ul|ol > li > " * (level - 1)
        for kind, tag, names in (("unordered", "ul", BULLETS), ("ordered", "ol", NUMBERS)):
            path = f"{above}{tag} > li:fresh"
            numbered.append(f"p:{kind}-list({level}) => {path}")
            number = f" {level}" if level > 1 else ""
            styled = [f"p[style-name='{name}{number}'] => {path}" for name in names]
            if level > 1:
                lines += styled
            else:
                named += styled
    lines += [*numbered, *named]
    lines += [f"r[style-name='{name}'] => {tag}" for tag, names in RUN_STYLES for name in names]
    return "\n".join(lines)


SUFFIXES = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/gif": ".gif", "image/bmp": ".bmp",
    "image/tiff": ".tif", "image/webp": ".webp", "image/svg+xml": ".svg", "image/heic": ".heic", "image/avif": ".avif",
}  # fmt: skip
# Of these, the words are in the list and no longer in the text.
TAKEN_OUT = frozenset({Lost.EQUATION, Lost.HIDDEN, Lost.CONTENTS})
# Boxes, arrows, emoji: what a field or a font of signs becomes.
SIGNS = re.compile(r"[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]+")
MARGINS = ("word/header", "word/footer")
# Whatever mammoth makes of a document that is none.
MAMMOTH_FAULTS = (KeyError, ValueError, IndexError, TypeError, AttributeError, OSError, RecursionError, StopIteration)


class _Pictures(Struct, kw_only=True):
    """What mammoth hands over, under names made for the text."""

    stem: str
    files: dict[str, bytes] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)

    def take(self, image: Any) -> dict[str, str]:
        kind = str(image.content_type or "").lower()
        suffix = SUFFIXES.get(kind)
        if suffix is None:
            self.losses.append(Loss(kind=Lost.PICTURE, who=kind.rpartition("/")[2] or "?", text=image.alt_text or ""))
            return {"src": ""}
        with image.open() as file:
            content = file.read()
        name = next((one for one, known in self.files.items() if known == content), None)
        if name is None:
            name = f"{self.stem}-{len(self.files) + 1}{suffix}"
            self.files[name] = content
        return {"src": name}


def read_word(path: Path, *, stem: str, headings_from: int | None = None) -> Incoming:
    """The document as Markdown. `stem`: what pictures and notes are called by; `headings_from`: see `markdown_of_html`.

    Raises `UsageError` where mammoth is not installed, `ContentError` for what cannot be read, `StorageError`.
    """
    refuse_absent(path)
    package = read_package(path)
    try:
        import mammoth
    except ImportError:
        raise UsageError(
            _("Word documents cannot be read, because mammoth is not installed"),
            hint=_("install it: {command}").format(command=how_to_add("docx")),
        ) from None
    refuse_entities(package)
    tidied = Tidied()
    styles = _styles(package)
    words: list[str] = []
    parts = dict(package.parts)
    comments = _comments(package)
    has_lists = "word/numbering.xml" in package.parts
    starts = read_starts(parse_part(package, "word/numbering.xml") if has_lists else None)
    for part in _text_parts(package):
        root = parse_part(package, part)
        resolve_alternatives(root)
        tidied.losses += find_lost_numbers(root, starts)
        words += map(own_text, each(root, "w:p"))
        tidy(root, tidied, styles=styles, comments=comments)
        parts[part] = _serialised(root)
    pictures = _Pictures(stem=stem)
    try:
        done = mammoth.convert_to_html(
            io.BytesIO(_zipped(parts)),
            style_map=_style_map(),
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(pictures.take),
            external_file_access=False,
        )
    except MAMMOTH_FAULTS:
        raise damaged(package.name) from None
    converted = markdown_of_html(done.value, headings_from=headings_from, notes_prefix=f"{stem}-")
    losses = [*tidied.losses, *_margins(package), *pictures.losses, *_messages(done.messages)]
    losses += (Loss(kind=one.kind, text=one.text, place=one.place) for one in converted.losses)
    if tidied.looks:
        shown = ", ".join(_look_names()[look] for look in tidied.looks)
        losses.append(Loss(kind=Lost.LOOKS, text=shown, place=next(iter(tidied.looks.values()))))
    losses += _missing(words, converted.text, losses)
    return Incoming(
        name=package.name,
        text=converted.text,
        files=pictures.files,
        findings=tuple(findings_of(losses, name=package.name)),
    )


def _text_parts(package: Package) -> list[str]:
    """The document itself, and its notes. Their usual names: those of all word processors."""
    main = _main_part(package)
    folder = posixpath.dirname(main)
    notes = (f"{folder}/{name}.xml" for name in ("footnotes", "endnotes"))
    return [main, *(one for one in notes if one in package.parts)]


def _main_part(package: Package) -> str:
    if "_rels/.rels" in package.parts:
        for one in parse_part(package, "_rels/.rels"):
            if attribute(one, "Type").endswith("/officeDocument"):
                target = attribute(one, "Target").lstrip("/")
                if target in package.parts:
                    return target
    if "word/document.xml" not in package.parts:
        raise damaged(package.name)
    return "word/document.xml"


def _serialised(root: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _zipped(parts: dict[str, bytes]) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return file.getvalue()


def _styles(package: Package) -> dict[str, str]:
    if "word/styles.xml" not in package.parts:
        return {}
    found = {}
    for style in each(parse_part(package, "word/styles.xml"), "w:style"):
        named = child(style, "w:name")
        found[attribute(style, "styleId")] = attribute(named, "val") if named is not None else ""
    return found


def _comments(package: Package) -> dict[str, tuple[str, str]]:
    """Author and text of each comment, by its id."""
    part = next((one for one in package.parts if one.endswith("/comments.xml")), None)
    if part is None:
        return {}
    return {
        attribute(one, "id"): (attribute(one, "author"), " ".join(text_of(one).split()))
        for one in each(parse_part(package, part), "w:comment")
    }


def _margins(package: Package) -> Iterator[Loss]:
    for part in sorted(package.parts):
        is_margin = part.startswith(MARGINS) and part.endswith(".xml")
        if is_margin and (text := " ".join(text_of(parse_part(package, part)).split())):
            yield Loss(kind=Lost.MARGIN, text=text)


def _messages(messages: Sequence[Any]) -> Iterator[Loss]:
    """What mammoth left out by itself, where that is something to be seen."""
    for one in messages:
        if "w:sym" in one.message:
            yield Loss(kind=Lost.SYMBOL, who=one.message.rpartition(" ")[2])
        elif "external file" in one.message.lower() or "Could not find image" in one.message:
            yield Loss(kind=Lost.LINKED_PICTURE, text=one.message.partition("'")[2].partition("'")[0] or "?")


def _look_names() -> dict[str, str]:
    return {
        "colour": _("colours"),
        "highlight": _("highlighting"),
        "underline": _("underlining"),
        "capitals": _("capitals by style"),
    }


def _missing(paragraphs: list[str], text: str, losses: Sequence[Loss]) -> Iterator[Loss]:
    """The words of the document that stand neither in the text nor in the list of what was left out."""
    there = Counter(_words(_said(text)))
    for loss in losses:
        if loss.kind in TAKEN_OUT:
            there.update(_words(loss.text))
    lefts = [_not_in(there, _words(paragraph)) for paragraph in paragraphs]
    # Signs of another font may have joined a word, or gone from it.
    bare = Counter(map(_without_signs, there.elements()))
    for paragraph, words in zip(paragraphs, lefts, strict=True):
        if left := _not_in(bare, words, _without_signs):
            is_part = len(left) < len(_words(paragraph))
            yield Loss(kind=Lost.WORDS, text=" ".join(left), place=paragraph if is_part else "")


def _not_in(there: Counter[str], words: list[str], key: Callable[[str], str] = str) -> list[str]:
    """Those of the words that are not there; those that are, are taken from `there`."""
    left = []
    for word in words:
        if there[key(word)] > 0:
            there[key(word)] -= 1
        else:
            left.append(word)
    return left


def _words(text: str) -> list[str]:
    return text.replace("\u00ad", "").split()


def _without_signs(word: str) -> str:
    """The word without them; what is nothing but signs stays."""
    return SIGNS.sub("", word) or word


def _said(text: str) -> str:
    """What the parser reads in the Markdown, pieces of one word joined."""
    from newsletter_cli.markdown.parser import markdown_parser

    pieces: list[str] = []

    def visit(tokens: Sequence[Any]) -> None:
        for token in tokens:
            if token.type in ("text", "code_inline", "fence", "code_block"):
                pieces.append(token.content)
            elif token.children:
                visit(token.children)
            elif token.type in ("softbreak", "hardbreak") or token.content.startswith("<br"):
                pieces.append(" ")
            if token.block:
                pieces.append(" ")

    visit(markdown_parser().parse(text, {}))
    return "".join(pieces)
