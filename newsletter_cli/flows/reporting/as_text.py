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
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.markdown.text_wrap import wrap
from newsletter_cli.model import Finding, Level

# So many findings of one rule in one file are shown in full; of more, the first ones. Notes do not bury the rest.
FEW = {Level.ERROR: 5, Level.WARNING: 5, Level.INFO: 2}
FIRST = {Level.ERROR: 3, Level.WARNING: 3, Level.INFO: 1}
# Lines; what is longer is told by kind instead of by section.
TWO_SCREENS = 100
# So many errors have room on the first of them, each with its line.
MOST_ERRORS = 8
# Everybody types so, and the e-mail is corrected anyway: all its notes are told in one, with the places a line holds.
TOLD_AS_ONE = "typography"
TOLD_BY_WORD = ("misspelt", "grammar")
INDENT = "  "
BODY = INDENT * 2
# Narrower than this nothing can be read; let the terminal break the lines.
LEAST_WIDTH = 40


def lines(checked: CheckResult, view: View, /) -> Iterator[Line]:
    """Findings by section, then the summary."""
    texts = {file: split_lines(text.removeprefix(BOM)) for file, text in checked.sources.items()}
    as_one = [finding for finding in checked.findings if _is_told_as_one(finding)]
    shown = [finding for finding in checked.findings if not _is_told_as_one(finding)]
    if view.shows_all or len(as_one) == 1:
        as_one, shown = [], list(checked.findings)
    by_section = list(_by_section(checked.titles, shown, texts, view))
    yield from by_section if view.shows_all or len(by_section) <= TWO_SCREENS else _by_kind(shown, texts, view)
    if as_one:
        yield from _as_one(as_one, view)
    worst = min((list(Level).index(finding.level) for finding in checked.findings), default=None)
    yield ((summary(checked, view), "well" if worst is None else "strong"),)
    if any(finding.level is Level.ERROR for finding in checked.findings):
        yield plain(_("An issue with errors cannot be sent."))


def _by_section(
    titles: Mapping[str, str], found: Sequence[Finding], texts: Mapping[str, Sequence[str]], view: View
) -> Iterator[Line]:
    """The findings of each section, in the order of its lines."""
    for file, findings in _by_file(titles, found):
        yield _heading(titles.get(file), file, findings)
        yield ()
        for shown in _folded(findings, view):
            if isinstance(shown, Finding):
                yield from _finding(shown, texts.get(shown.file, ()), view)
            else:
                yield ((BODY, ""), (shown, "dim"))
            yield ()


def _by_kind(findings: Sequence[Finding], texts: Mapping[str, Sequence[str]], view: View) -> Iterator[Line]:
    """Where that would be more than two screens: the errors first, then each other kind once, with its count."""
    yield ((_("Errors first, then one of each kind ({command} --all shows all)").format(command=view.command), "dim"),)
    yield ()
    kinds: dict[tuple[Level, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.level, finding.rule), []).append(finding)
    ordered = sorted(kinds.values(), key=lambda found: (list(Level).index(found[0].level), -len(found)))
    errors = [found for found in ordered if found[0].level is Level.ERROR]
    most = FIRST[Level.ERROR] if sum(min(len(found), FIRST[Level.ERROR]) for found in errors) <= MOST_ERRORS else 1
    for found in ordered:
        is_error = found[0].level is Level.ERROR
        for finding in found[: most if is_error else 1]:
            yield from _finding(finding, texts.get(finding.file, ()) if is_error else (), view)
        if rest := found[most if is_error else 1 :]:
            yield ((BODY, ""), (_rest(rest, view), "dim"))
        if is_error:
            yield ()
    if len(errors) < len(ordered):
        yield ()


def _is_told_as_one(finding: Finding) -> bool:
    return finding.rule == TOLD_AS_ONE and finding.level is Level.INFO


def _as_one(findings: Sequence[Finding], view: View) -> Iterator[Line]:
    """All of these in one: how many there are, where the first stand, and what shows or corrects them."""
    count = len(findings)
    message = ngettext(
        "typography: {count} line is not set as books are; the e-mail is corrected in any case",
        "typography: {count} lines are not set as books are; the e-mail is corrected in any case",
        count,
    ).format(count=count)
    yield from _message(message, Level.INFO, view)
    room = max(view.width, LEAST_WIDTH) - len(f"{BODY}, …  {TOLD_AS_ONE}")
    places = findings[0].place
    for finding in findings[1:]:
        if len(f"{places}, {finding.place}") > room:
            places = f"{places}, …"
            break
        places = f"{places}, {finding.place}"
    yield ((BODY, ""), (places, ""), (f"  {TOLD_AS_ONE}", "dim"))
    done = _("{command} --fix corrects the sources, too; {command} --all shows each line").format(command=view.command)
    yield ((BODY, ""), ("✓ ", "well"), (done, "dim"))
    yield ()


def _rest(left: Sequence[Finding], view: View) -> str:
    count = len(left)
    if left[0].rule in TOLD_BY_WORD:
        # Each is another word: one that nobody sees cannot be put right.
        words = ", ".join(dict.fromkeys(_words(finding) for finding in left))
        return _("… and {words} ({command} --all shows where)").format(words=words, command=view.command)
    return ngettext(
        "… and {count} more of the same ({command} --all shows them)",
        "… and {count} more of the same ({command} --all shows them)",
        count,
    ).format(count=count, command=view.command)


def _words(finding: Finding) -> str:
    """What a finding on language is about: the words that a proposal takes the place of, or the unknown one."""
    old = finding.proposals[0].old.strip() if finding.proposals else (finding.subject or "")
    return old if finding.rule == "misspelt" else _("“{word}”").format(word=old)


def _by_file(titles: Mapping[str, str], found: Sequence[Finding]) -> Iterable[tuple[str, list[Finding]]]:
    groups: dict[str, list[Finding]] = {file: [] for file in titles}
    for finding in found:
        groups.setdefault(finding.file, []).append(finding)
    return [(file, findings) for file, findings in groups.items() if findings]


def _heading(title: str | None, file: str, findings: Sequence[Finding]) -> Line:
    found = counts([finding.level for finding in findings])
    return ((title or file, "title"), (f" – {found}", "dim"))


def _folded(findings: Sequence[Finding], view: View) -> Iterator[Finding | str]:
    """The findings, or, for those too many of their kind, how many more there are."""
    kinds: dict[tuple[str, Level], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.rule, finding.level), []).append(finding)
    seen: Counter[tuple[str, Level]] = Counter()
    for finding in findings:
        kind = finding.rule, finding.level
        seen[kind] += 1
        is_whole = view.shows_all or len(kinds[kind]) <= FEW[finding.level]
        first = FIRST[finding.level]
        if is_whole or seen[kind] <= first:
            yield finding
        if not is_whole and seen[kind] == first:
            yield _rest(kinds[kind][first:], view)


def _finding(finding: Finding, source: Sequence[str], view: View) -> Iterator[Line]:
    yield from _message(finding.message, finding.level, view)
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


def _message(message: str, level: Level, view: View) -> Iterator[Line]:
    name = level_names()[level]
    first, *rest = _wrapped(message, view, taken=len(INDENT) + len(name) + 2)
    yield ((INDENT, ""), (name, level.value), ("  ", ""), (first, "strong"))
    for line in rest:
        yield ((" " * (len(INDENT) + len(name) + 2), ""), (line, "strong"))


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
