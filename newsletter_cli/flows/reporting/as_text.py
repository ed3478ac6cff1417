"""The default: for people, by section, with the line and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.console import level_names
from newsletter_cli.flows.reporting.excerpt import excerpt
from newsletter_cli.flows.reporting.interface import CheckResult, Line, View, plain
from newsletter_cli.flows.reporting.summary import counts, summary
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.source import split_lines
from newsletter_cli.markdown.text_wrap import wrap
from newsletter_cli.model import Finding, Level

# So many findings of one rule in one file are shown in full; of more, the first ones. Notes do not bury the rest.
FEW = {Level.ERROR: 5, Level.WARNING: 5, Level.INFO: 2}
FIRST = {Level.ERROR: 3, Level.WARNING: 3, Level.INFO: 1}
# Lines; what is longer is told by kind instead of by section.
TWO_SCREENS = 100
# So many errors have room on the first of them, each with its line.
MOST_ERRORS = 8
INDENT = "  "
BODY = INDENT * 2
# Narrower than this nothing can be read; let the terminal break the lines.
LEAST_WIDTH = 40


def lines(checked: CheckResult, view: View, /) -> Iterator[Line]:
    """Findings by section, then the summary."""
    texts = {file: split_lines(text.removeprefix(BOM)) for file, text in checked.sources.items()}
    by_section = list(_by_section(checked, texts, view))
    yield from by_section if view.shows_all or len(by_section) <= TWO_SCREENS else _by_kind(checked, texts, view)
    worst = min((list(Level).index(finding.level) for finding in checked.findings), default=None)
    yield ((summary(checked, view), "well" if worst is None else "strong"),)
    if any(finding.level is Level.ERROR for finding in checked.findings):
        yield plain(_("An issue with errors cannot be sent."))


def _by_section(checked: CheckResult, texts: Mapping[str, Sequence[str]], view: View) -> Iterator[Line]:
    """The findings of each section, in the order of its lines."""
    for file, findings in _by_file(checked):
        yield _heading(checked.titles.get(file), file, findings)
        yield ()
        for shown in _folded(findings, view):
            if isinstance(shown, Finding):
                yield from _finding(shown, texts.get(shown.file, ()), view)
            else:
                yield ((BODY, ""), (shown, "dim"))
            yield ()


def _by_kind(checked: CheckResult, texts: Mapping[str, Sequence[str]], view: View) -> Iterator[Line]:
    """Where that would be more than two screens: the errors first, then each other kind once, with its count."""
    yield ((_("Errors first, then one of each kind ({command} --all shows all)").format(command=view.command), "dim"),)
    yield ()
    kinds: dict[tuple[Level, str], list[Finding]] = {}
    for finding in checked.findings:
        kinds.setdefault((finding.level, finding.rule), []).append(finding)
    ordered = sorted(kinds.values(), key=lambda found: (list(Level).index(found[0].level), -len(found)))
    errors = [found for found in ordered if found[0].level is Level.ERROR]
    most = FIRST[Level.ERROR] if sum(min(len(found), FIRST[Level.ERROR]) for found in errors) <= MOST_ERRORS else 1
    for found in ordered:
        is_error = found[0].level is Level.ERROR
        for finding in found[: most if is_error else 1]:
            yield from _finding(finding, texts.get(finding.file, ()) if is_error else (), view)
        rest = len(found) - (min(most, len(found)) if is_error else 1)
        if rest:
            yield ((BODY, ""), (_rest(rest, view), "dim"))
        if is_error:
            yield ()
    if len(errors) < len(ordered):
        yield ()


def _rest(count: int, view: View) -> str:
    return ngettext(
        "… and {count} more of the same ({command} --all shows them)",
        "… and {count} more of the same ({command} --all shows them)",
        count,
    ).format(count=count, command=view.command)


def _by_file(checked: CheckResult) -> Iterable[tuple[str, list[Finding]]]:
    groups: dict[str, list[Finding]] = {file: [] for file in checked.titles}
    for finding in checked.findings:
        groups.setdefault(finding.file, []).append(finding)
    return [(file, findings) for file, findings in groups.items() if findings]


def _heading(title: str | None, file: str, findings: Sequence[Finding]) -> Line:
    found = counts([finding.level for finding in findings])
    return ((title or file, "title"), (f" – {found}", "dim"))


def _folded(findings: Sequence[Finding], view: View) -> Iterator[Finding | str]:
    """The findings, or, for those too many of their kind, how many more there are."""
    totals = Counter((finding.rule, finding.level) for finding in findings)
    seen: Counter[tuple[str, Level]] = Counter()
    for finding in findings:
        kind = finding.rule, finding.level
        seen[kind] += 1
        is_whole = view.shows_all or totals[kind] <= FEW[finding.level]
        first = FIRST[finding.level]
        if is_whole or seen[kind] <= first:
            yield finding
        if not is_whole and seen[kind] == first:
            yield _rest(totals[kind] - first, view)


def _finding(finding: Finding, source: Sequence[str], view: View) -> Iterator[Line]:
    name = level_names()[finding.level]
    first, *rest = _wrapped(finding.message, view, taken=len(INDENT) + len(name) + 2)
    yield ((INDENT, ""), (name, finding.level.value), ("  ", ""), (first, "strong"))
    for line in rest:
        yield ((" " * (len(INDENT) + len(name) + 2), ""), (line, "strong"))
    yield ((BODY, ""), (finding.place, ""), (f"  {finding.rule}", "dim"))
    if finding.line is not None and 0 < finding.line <= len(source):
        yield from _source(source[finding.line - 1], finding, view)
    if finding.suggestion:
        first, *rest = _wrapped(finding.suggestion, view, taken=len(BODY) + 2)
        yield ((BODY, ""), ("→ ", finding.level.value), (first, ""))
        for line in rest:
            yield ((f"{BODY}  {line}", ""),)
    if finding.is_fixable:
        yield ((BODY, ""), ("✓ ", "well"), (_("{command} --fix does it").format(command=view.command), "dim"))


def _source(line: str, finding: Finding, view: View) -> Iterator[Line]:
    margin = f"{BODY}{INDENT}"
    part = excerpt(line, finding.column, finding.length, max(view.width, LEAST_WIDTH) - len(margin) - 1)
    if not (part.before or part.fault or part.after):
        return
    if view.has_styles and part.fault.strip():
        fault = f"fault-{finding.level.value}"
        yield ((margin, ""), (part.before, ""), (part.fault, fault), (part.after, ""))
        return
    yield ((f"{margin}{part.before}{part.fault}{part.after}", ""),)
    if part.has_fault:
        yield ((margin, ""), (part.carets, finding.level.value))


def _wrapped(text: str, view: View, *, taken: int) -> list[str]:
    if not view.is_wrapped or view.width < LEAST_WIDTH:
        return [text]
    return wrap(text.replace("\n", " "), view.width - taken) or [""]
