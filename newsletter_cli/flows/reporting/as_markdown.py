"""`--format markdown`: for the summary of a job, or a comment on a merge request.

What is quoted may be anybody's: it stands in HTML without a blank line, of which Markdown reads nothing, and all of it
is escaped. The whole is bounded, whatever was found: GitHub takes a mebibyte for a step.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.console import level_names
from newsletter_cli.console.escaping import escaped
from newsletter_cli.flows.reporting.excerpt import excerpt
from newsletter_cli.flows.reporting.interface import CheckResult, Line, View, plain
from newsletter_cli.flows.reporting.summary import summary
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Finding, Level

# Together, at five bytes for a sign that is escaped, less than half of what a step may write.
MOST_ROWS = 60
MOST_SIGNS = 300
EXCERPT_COLUMNS = 80
SIGNS = {Level.ERROR: "❌", Level.WARNING: "⚠️", Level.INFO: "💡"}


def lines(checked: CheckResult, view: View, /) -> Iterator[Line]:
    """A heading, the line that says it all, what is wrong in a table, and the notes folded in another."""
    texts = {file: split_lines(text.removeprefix(BOM)) for file, text in checked.sources.items()}
    if checked.number:
        yield plain(f"<h3>{_quoted(_heading(checked, view))}</h3>")
    yield plain(f"<p>{_quoted(summary(checked, view))}</p>")
    wrong = [finding for finding in checked.findings if finding.level is not Level.INFO]
    # Where there is no room for all, it is for the gravest.
    yield from _table(sorted(wrong, key=lambda one: one.level is not Level.ERROR), texts, view)
    notes = [finding for finding in checked.findings if finding.level is Level.INFO]
    if notes:
        count = ngettext("{count} note", "{count} notes", len(notes)).format(count=len(notes))
        yield plain(f"<details><summary>{_quoted(count)}</summary>")
        yield from _table(notes, texts, view)
        yield plain("</details>")
    # Only here may Markdown begin again.
    yield ()


def _heading(checked: CheckResult, view: View) -> str:
    if view.since is None:
        return _("Issue {number}").format(number=checked.number)
    return _("Issue {number}: what is new").format(number=checked.number)


def _table(findings: Sequence[Finding], texts: dict[str, list[str]], view: View) -> Iterator[Line]:
    if not findings:
        return
    names = level_names()
    yield plain("<table>")
    for finding in findings[:MOST_ROWS]:
        level = f"{SIGNS[finding.level]}&nbsp;{names[finding.level]}"
        what = "<br>".join(_about(finding, texts.get(finding.file, []), view))
        yield plain(f'<tr><td valign="top">{level}</td><td>{what}</td></tr>')
    yield plain("</table>")
    if (more := len(findings) - MOST_ROWS) > 0:
        text = ngettext("… and {count} more", "… and {count} more", more).format(count=more)
        yield plain(f"<p>{text}</p>")


def _about(finding: Finding, text: Sequence[str], view: View) -> Iterator[str]:
    yield _quoted(finding.message)
    if finding.line and finding.column and finding.line <= len(text):
        cut = excerpt(text[finding.line - 1], finding.column, finding.length, EXCERPT_COLUMNS)
        yield f"<code>{_quoted(cut.before)}<b>{_quoted(cut.fault)}</b>{_quoted(cut.after)}</code>"
    if finding.suggestion:
        yield f"→ {_quoted(finding.suggestion)}"
    place = ":".join(str(part) for part in (view.file_in_repository(finding.file), finding.line) if part is not None)
    yield f"<sub><code>{_quoted(place)}</code> {_quoted(finding.rule)}</sub>"


def _quoted(text: str) -> str:
    """A text as it is, and no more than some of it: neither an element nor, on a forge, somebody who is called."""
    cut = f"{text[:MOST_SIGNS]}…" if len(text) > MOST_SIGNS else text
    return html.escape(escaped(cut), quote=False).replace("@", "@<span></span>")
