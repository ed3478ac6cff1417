"""The files that lie beside a post and that it shows or links to: they come along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from msgspec import Struct, field

from newsletter_cli.base.i18n import _
from newsletter_cli.model import Finding, Level

# `![…](pier.png "…")`, `[…](<the programme.pdf>)`
INLINE = re.compile(r"(?P<image>!?)\[[^\]\n]*\]\(\s*(?:<(?P<angled>[^<>\n]+)>|(?P<bare>[^\s()<>]+(?:\([^\s()]*\))?))")
REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:\s*(?:<(?P<angled>[^<>\n]+)>|(?P<bare>\S+))", re.MULTILINE)
TAG = re.compile(r"<(?P<tag>img|source|a)\b[^>]*?\b(?:src|href)\s*=\s*([\"'])(?P<bare>[^\"'\n]+)\2", re.IGNORECASE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?\\]", re.IGNORECASE)
IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp|heic)$", re.IGNORECASE)
# Texts of the site are no files of the post.
TEXTS = frozenset({".md", ".markdown", ".qmd", ".rmd", ".html", ".htm", ".ipynb"})


class Beside(Struct, frozen=True):
    """What lies beside a post, by the path that it has there and shall have beside the sections; what was noticed."""

    files: dict[str, Path] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def find_beside(text: str, images: Iterable[str], post: Path, *, name: str) -> Beside:
    """The files that the text and the header's `images` name, and a finding for each that cannot come along."""
    files: dict[str, Path] = {}
    findings: dict[str, Finding] = {}
    folder = post.parent.resolve()
    for address, line, is_image in (*((image, None, True) for image in images), *_addresses(text)):
        if ELSEWHERE.match(address):
            continue
        relative = _relative(address)
        path = (folder / relative).resolve()
        if path.suffix.lower() in TEXTS or not relative:
            continue
        is_here = path.is_relative_to(folder) and ".." not in PurePosixPath(relative).parts
        if is_here and path.is_file() and not PurePosixPath(relative).name.startswith("."):
            files[relative] = path
        elif (is_image or IMAGE.search(relative)) and address not in findings:
            findings[address] = _left_behind(name, address, line, is_there=path.is_file())
    return Beside(files, tuple(findings.values()))


def readdress(text: str, names: Mapping[str, str]) -> str:
    """The text with other addresses for these files, each under the path that `find_beside` gives it; code stays."""
    code = _code_lines(text)
    pieces, position = [], 0
    for found, group in _found_addresses(text):
        name = names.get(_relative(found[group])) if not ELSEWHERE.match(found[group]) else None
        if name is None or found.start(group) < position or text.count("\n", 0, found.start()) in code:
            continue
        is_raw = group == "angled" or "tag" in found.groupdict()
        pieces += [text[position : found.start(group)], name if is_raw else quote(name)]
        position = found.end(group)
    return "".join((*pieces, text[position:]))


def _found_addresses(text: str) -> list[tuple[re.Match[str], str]]:
    """Each address in the text, in the order of the text, with the group that holds it."""
    found = [match for pattern in (INLINE, REFERENCE, TAG) for match in pattern.finditer(text)]
    named = [(match, "angled" if match.groupdict().get("angled") else "bare") for match in found]
    return sorted(named, key=lambda one: one[0].start(one[1]))


def _code_lines(text: str) -> set[int]:
    """The lines, from 0, of the text's blocks of code."""
    if not any(mark in text for mark in ("```", "~~~", "    ", "\t")):
        return set()
    from newsletter_cli.markdown.parser import parse_blocks

    blocks = [token for token in parse_blocks(text, {}) if token.map and token.type in ("fence", "code_block")]
    return {line for token in blocks for line in range(*token.map or ())}


def _relative(address: str) -> str:
    return unquote(re.split(r"[?#]", address, maxsplit=1)[0]).removeprefix("./")


def _addresses(text: str) -> Iterator[tuple[str, int | None, bool]]:
    """Each address with its line, and whether it is that of a picture."""
    for pattern in (INLINE, REFERENCE, TAG):
        for found in pattern.finditer(text):
            groups = found.groupdict()
            is_image = bool(groups.get("image")) or groups.get("tag", "").lower() in ("img", "source")
            yield groups.get("angled") or found["bare"], text.count("\n", 0, found.start()) + 1, is_image


def _left_behind(name: str, address: str, line: int | None, *, is_there: bool) -> Finding:
    return Finding(
        file=name,
        rule="import-file-left",
        level=Level.WARNING,
        message=(
            _("the file {address} lies outside the post's folder, and does not come along")
            if is_there
            else _("the file {address} is not beside the post, and does not come along")
        ).format(address=address),
        line=line,
        suggestion=_("put it into the issue's folder, under the same name"),
    )
