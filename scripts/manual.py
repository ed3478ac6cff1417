"""`python scripts/manual.py`: prints the manual page newsletter(1), made from the reference of the commands.

It is built into the wheel (`hatch_build.py`). `nl(1)` is the page of another program, which numbers lines.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference" / "commands.md"
ABOUT = "compose, check and mail a community newsletter kept as Markdown in Git"
HEAD = r""".TH NEWSLETTER 1 "" "newsletter-cli {version}" "User Commands"
.ad l
.SH NAME
newsletter, nl \- {about}
.SH SYNOPSIS
.B newsletter
.RI [ \-C\~DIR ]
.I COMMAND
.RI [ OPTIONS ]
.br
.B newsletter help
.RI [ TOPIC ]
"""
TAIL = r""".SH SEE ALSO
.B newsletter help
shows the whole documentation, page by page;
.B newsletter
.I COMMAND
.B \-\-help
what a command takes.
"""
INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\*(?P<stress>[^*]+)\*|!?\[(?P<link>[^\]]*)\]\([^)]*\)"
)


def manual_page(reference: str, version: str) -> str:
    """The page in the macros of man(7), from the Markdown of the reference; flush left, for long commands cannot be
    stretched.
    """
    _title, _newline, body = reference.partition("\n")
    lines = [HEAD.format(version=version, about=ABOUT.replace("-", r"\-")).rstrip("\n"), ".SH DESCRIPTION"]
    lines += _blocks(body.strip("\n").split("\n"))
    return "\n".join([*lines, TAIL])


def _blocks(lines: list[str]) -> Iterator[str]:
    """Headings, tables, lists, code and paragraphs, each by its first line."""
    place = 0
    while place < len(lines):
        line = lines[place]
        end = place + 1
        if not line.strip():
            place = end
            continue
        if line.startswith("```"):
            while end < len(lines) and not lines[end].startswith("```"):
                end += 1
            yield from (".PP", ".RS 4", ".nf", *map(_plain, lines[place + 1 : end]), ".fi", ".RE")
            end += 1
        elif heading := re.match(r"(#+) (.*)", line):
            yield from _heading(len(heading[1]), heading[2])
        elif line.startswith("|"):
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            yield from _table(lines[place:end])
        else:
            while end < len(lines) and lines[end].strip() and not re.match(r"#+ |\||```|- |\d+\. ", lines[end]):
                end += 1
            yield from _paragraph(" ".join(one.strip() for one in lines[place:end]), line)
        place = end


def _heading(level: int, words: str) -> Iterator[str]:
    macro = ".SS" if level > 2 or words.startswith(("nl ", "`nl ")) else ".SH"
    yield f"{macro} {_inline(words) if macro == '.SS' else _inline(words).upper()}"


def _table(rows: list[str]) -> Iterator[str]:
    """Each row as a term and what is said of it; the line of dashes and a heading say nothing."""
    ruled = next((place for place, row in enumerate(rows) if re.fullmatch(r"[|\s:-]+", row) and "-" in row), -1)
    for row in rows[ruled + 1 :]:
        first, *others = (one.strip() for one in re.split(r"(?<!\\)\|", row.strip().strip("|")))
        said = " \N{EN DASH} ".join(one for one in others if one)
        yield from (".TP", _guarded(_inline(first)), _guarded(_inline(said)) if said else r"\&")


def _paragraph(text: str, first: str) -> Iterator[str]:
    if item := re.match(r"\s*(-|\d+\.) ", first):
        mark = r"\(bu" if item[1] == "-" else item[1]
        yield f".IP {mark} 4"
        text = text[len(item[0].strip()) :].strip()
    elif first.startswith(">"):
        yield ".PP"
        text = text.replace("> ", "")
    else:
        yield ".PP"
    yield _guarded(_inline(text))


def _inline(text: str) -> str:
    """Code and what is strong in bold, what is stressed in italics, links by their words."""
    made, start = [], 0
    for found in INLINE.finditer(text):
        made.append(_escaped(text[start : found.start()].replace(r"\|", "|")))
        start = found.end()
        if found["link"] is not None:
            made.append(_inline(found["link"]))
        elif found["stress"]:
            made.append(rf"\fI{_escaped(found['stress'])}\fR")
        else:
            made.append(rf"\fB{_escaped((found['code'] or found['strong']).replace(chr(92) + '|', '|'))}\fR")
    return "".join([*made, _escaped(text[start:].replace(r"\|", "|"))])


def _plain(line: str) -> str:
    return _guarded(_escaped(line))


def _escaped(text: str) -> str:
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("`", r"\(ga")
    text = text.replace("^", r"\(ha").replace("~", r"\(ti")
    # Anything beyond ASCII by its number: every man reads that, whatever the locale.
    return "".join(sign if ord(sign) < 128 else rf"\[u{ord(sign):04X}]" for sign in text)


def _guarded(line: str) -> str:
    """A line that is text, also where it begins as a request would."""
    return rf"\&{line}" if line.startswith((".", "'")) else line


if __name__ == "__main__":
    version = re.search(r'__version__ = "(.+)"', (ROOT / "newsletter_cli" / "__init__.py").read_text("utf-8"))
    sys.stdout.write(manual_page(REFERENCE.read_text("utf-8"), version[1] if version else ""))
