"""The view of two issues' differences: what was taken out, what came in, section by section. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from newsletter_cli.base.i18n import _, interface_language, ngettext
from newsletter_cli.preview.documents import page_around
from newsletter_cli.render.compose import ComposedIssue
from newsletter_cli.render.differences import (
    Line,
    SectionDifference,
    Standing,
    Words,
    compare_sections,
    texts_of,
)

# Fewer same lines than that are not worth a click.
FOLDED_LINES = 3
# A sign beside the colour: nobody needs to see the one to read the other.
SIGNS: dict[Standing, str] = {"same": "=", "changed": "≠", "new": "+", "gone": "−"}
CSS = """
body{font-size:15px}
main{max-width:52rem;margin:0 auto;padding:1.25rem 1.25rem 4rem;overflow-wrap:anywhere}
h1{margin:0 0 .25rem;font-size:1.25rem;line-height:1.3}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0 0 1rem;color:light-dark(#536067,#a5b0b5);font-size:.9rem}
nav ul{display:flex;flex-wrap:wrap;gap:.4rem;margin:0 0 1.5rem;padding:0;list-style:none}
nav a{display:inline-flex;gap:.4rem;padding:.2rem .7rem;border-radius:99px;text-decoration:none;font-size:.9rem;
background:light-dark(#eef1f2,#23282c);color:inherit}
nav a:hover{text-decoration:underline}
section{margin:0 0 1.75rem;border:1px solid light-dark(#d5dcdf,#30383c);border-radius:12px}
h2{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline;justify-content:space-between;margin:0;
padding:.55rem 1rem;font-size:1.05rem;border-bottom:1px solid light-dark(#d5dcdf,#30383c)}
h2 small{font-weight:500;font-size:.85rem;color:light-dark(#536067,#a5b0b5)}
section>p:last-child{margin:.6rem 1rem}
ol{margin:0;padding:.5rem 0;list-style:none}
ol li{position:relative;padding:.2rem 1rem .2rem 2.4rem}
ol li::before{content:attr(data-sign);position:absolute;inset-inline-start:1rem;font-weight:700}
li.new,li.gone{margin-block:1px}
li.new,ins{background:light-dark(#e4f4ea,#12321f);color:light-dark(#125230,#a5e6c1)}
li.gone,del{background:light-dark(#fdebe9,#3b1a18);color:light-dark(#8f1812,#ffc2bc)}
ins{text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px;font-weight:600;border-radius:3px}
del{text-decoration:line-through;border-radius:3px}
del+ins{margin-inline-start:2px}
li.new ins{font-weight:400;text-decoration:none}
.same{margin:0 0 .5rem;border-style:dashed}
.same h2{border:0;font-size:.95rem;font-weight:500}
.same+section:not(.same){margin-top:1.25rem}
summary{padding:.3rem 1rem .3rem 2.4rem;color:light-dark(#0e6470,#7fd1dc);cursor:pointer;font-size:.9rem}
"""


def comparison_page(before: ComposedIssue, after: ComposedIssue) -> str:
    """What `after` has that `before` had not, and the other way round."""
    found = [one for one in compare_sections(texts_of(before), texts_of(after)) if one.lines or one.slug]
    numbers = {"before": before.issue.number, "after": after.issue.number}
    title = _("From issue {before} to issue {after}").format(**numbers)
    key = (
        f"<span><del>{escape(_('only in issue {before}').format(**numbers))}</del></span>"
        f"<span><ins>{escape(_('new in issue {after}').format(**numbers))}</ins></span>"
    )
    contents = "".join(f'<li><a href="#{_anchor(one)}">{_mark(one)} {_title(one)}</a></li>' for one in found)
    body = "".join(_section(one, after.frame.language) for one in found)
    return page_around(
        f'<main><h1>{escape(title)}</h1><p class="key">{key}</p>'
        f'<nav aria-label="{escape(_("Sections"))}"><ul>{contents}</ul></nav>{body}</main>',
        CSS,
        interface_language(),
    )


def _anchor(one: SectionDifference) -> str:
    return f"nl-{escape(one.slug)}" if one.slug else "nl-editorial"


def _title(one: SectionDifference) -> str:
    return escape(one.title or one.slug or _("Editorial"))


def _mark(one: SectionDifference) -> str:
    return f'<span aria-hidden="true">{SIGNS[one.standing]}</span>'


def _section(one: SectionDifference, language: str) -> str:
    renamed = "" if one.before is None else f" <del>{escape(one.before)}</del>"
    head = f"<h2><span>{_title(one)}{renamed}</span><small>{escape(_standing(one))}</small></h2>"
    if one.standing == "same":
        return f'<section class="same" id="{_anchor(one)}">{head}</section>'
    body = "".join(_lines_of(one.lines, language)) or f"<p>{escape(_('No text.'))}</p>"
    return f'<section id="{_anchor(one)}">{head}{body}</section>'


def _standing(one: SectionDifference) -> str:
    said = {
        "same": _("unchanged"),
        "changed": _("changed"),
        "new": _("new section"),
        "gone": _("section taken out"),
    }[one.standing]
    counts = [_count("+", one.count("new")), _count("−", one.count("gone"))]
    return " · ".join(part for part in (said, *counts) if part)


def _count(sign: str, number: int) -> str:
    return ngettext("{count} word", "{count} words", number).format(count=f"{sign}{number}") if number else ""


def _lines_of(lines: Sequence[Line], language: str) -> Iterator[str]:
    for is_same, group in groupby(lines, key=lambda one: one.standing == "same"):
        run = list(group)
        items = f'<ol lang="{escape(language)}">{"".join(map(_item, run))}</ol>'
        if not is_same or len(run) < FOLDED_LINES:
            yield items
            continue
        said = ngettext("{count} line unchanged", "{count} lines unchanged", len(run)).format(count=len(run))
        yield f"<details><summary>{escape(said)}</summary>{items}</details>"


def _item(line: Line) -> str:
    sign = "" if line.standing == "same" else SIGNS[line.standing]
    return f'<li class="{line.standing}" data-sign="{sign}">{"".join(map(_words, line.words))}</li>'


def _words(one: Words) -> str:
    tag = {"same": "", "new": "ins", "gone": "del"}[one.kind]
    return f"<{tag}>{escape(one.text)}</{tag}>" if tag else escape(one.text)
