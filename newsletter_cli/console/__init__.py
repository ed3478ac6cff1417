"""The only module that prints. Plain text when piped; rich, imported only then, on a terminal."""

from __future__ import annotations

import codecs
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import ANYBODY, without_addresses
from newsletter_cli.console.escaping import CONTROL, escaped, escaped_json
from newsletter_cli.console.lines import Line, cut, hold
from newsletter_cli.console.palette import BAR, MARKS, STYLES
from newsletter_cli.console.streams import is_terminal, rich_console, write
from newsletter_cli.model import Finding, Level

# Longer lines are hard to read; shorter ones are what a pipe is given.
READING_WIDTH, PIPED_WIDTH = 100, 80


def is_interactive() -> bool:
    """Whether somebody can be asked: standard input and output are terminals."""
    # A closed descriptor (`nl new <&-`) makes the stream None.
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def say(text: str = "", *, style: str | None = None) -> None:
    """One line for the user, in one style of the palette or, a `Line`, in several."""
    _print(sys.stdout, text, style)


def say_whole(text: str) -> None:
    """A text of several lines that is to be copied: no line of it is broken, and a pipe gets it as it is."""
    if not is_terminal(sys.stdout):
        write(sys.stdout, text)
        return
    for line in text.splitlines():
        _print(sys.stdout, line, None, wraps=False)


def say_next(text: str) -> None:
    """What comes next: one muted line, for whoever looks on; a pipe is not told."""
    if is_terminal(sys.stdout):
        _print(sys.stdout, f"→ {text}", "dim")


def say_path(label: str, path: str) -> None:
    """A label and a path, the path unbroken so that it can be clicked or copied."""
    _print(sys.stdout, f"{label}{path}", None, wraps=False)


def warn(text: str) -> None:
    """One line on standard error."""
    _print(sys.stderr, text, "alert")


def say_hint(text: str) -> None:
    """What to do about the line above."""
    _print(sys.stdout, _hint(text), None)


def _hint(text: str) -> Line:
    return Line(("  → ", "accent"), (text, ""), hang=4)


def show_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """A result for scripts. Where the stream is not in UTF-8 (a pipe on Windows), what is not ASCII is escaped."""
    is_utf8 = sys.stdout is not None and codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    write(sys.stdout, escaped_json(json.dumps(value, ensure_ascii=not is_utf8, indent=2)) + "\n")


def show_error(error: NewsletterError) -> None:
    """An error and the others found with it: where, what, and what to do next; on standard error."""
    for one in (error, *error.also):
        _print(sys.stderr, f"{_('error:')} {one}", Level.ERROR, prefix=len(_("error:")))
        for line in one.details:
            _print(sys.stderr, line, None)
        if one.hint:
            _print(sys.stderr, _hint(one.hint), None)


def show_unexpected(error: BaseException, report: Path | None) -> None:
    """An error nobody foresaw: its kind, and where the report is."""
    message = _("something unexpected happened ({kind}); this is a fault of nl, not yours").format(
        kind=type(error).__name__
    )
    _print(sys.stderr, f"{_('error:')} {message}", Level.ERROR, prefix=len(_("error:")))
    if report is not None:
        _print(sys.stderr, _hint(f"{_('the report to send us is in')} {report}"), None)


def show_traceback(error: BaseException) -> None:
    """Where an error comes from, for `--debug`; without anybody's address, for it may be sent on."""
    trace = "".join(traceback.format_exception(error))
    write(sys.stderr, CONTROL.sub(" ", without_addresses(trace, ANYBODY)))


def ask(question: str, *, default: str, shows_default: bool = True, left: str | None = None) -> str:
    """A question on the terminal; an empty answer takes the default. Ctrl-C raises `KeyboardInterrupt`; `left` is said
    then (`None`: that nothing was changed; empty: whoever hears of it says more).
    """
    import typer

    try:
        shown = f"{question} [{default}]" if shows_default else question
        # The colon is part of the message: French sets a space before it.
        asked = _("{question}:").format(question=escaped(shown))
        return str(typer.prompt(asked, default=default, show_default=False, prompt_suffix=" "))
    except typer.Abort:
        _say_left(left)
        raise KeyboardInterrupt from None


def ask_hidden(question: str) -> str:
    """A secret asked for on the terminal, not shown while it is typed. Ctrl-C raises `KeyboardInterrupt`."""
    import typer

    try:
        asked = _("{question}:").format(question=escaped(question))
        return str(typer.prompt(asked, default="", hide_input=True, show_default=False, prompt_suffix=" "))
    except typer.Abort:
        _say_left(None)
        raise KeyboardInterrupt from None


def _say_left(left: str | None) -> None:
    if text := _("nothing was changed") if left is None else left:
        # The cursor stands behind the question.
        write(sys.stderr, "\n")
        warn(text)


def confirm(question: str, *, default: bool = True, left: str | None = None) -> bool:
    """A question to answer with yes or no, in either language; an empty answer is the default. `left` as for `ask`."""
    answers = {"y": True, "yes": True, "o": True, "oui": True, "n": False, "no": False, "non": False}
    while True:
        choice, usual = (_("Y/n"), _("yes")) if default else (_("y/N"), _("no"))
        answer = ask(f"{question} [{choice}]", default=usual, shows_default=False, left=left).strip().casefold()
        if answer in answers:
            return answers[answer]


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal: call what is given with how much is done, of how much (0 where
    nobody knows).

    Nothing is drawn, nor rich imported, before the first call.
    """
    with ExitStack() as stack:
        bar: Any = None

        def advance(done: int, total: int) -> None:
            nonlocal bar
            if bar is None and is_terminal(sys.stderr):
                bar = stack.enter_context(_bar())
                bar.add_task(escaped(label))
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done, total=total or None)

        yield advance


def _bar() -> Any:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(**BAR),
        MofNCompleteColumn(),
    )
    return Progress(*columns, console=rich_console(sys.stderr), transient=True)


def level_names() -> dict[Level, str]:
    """What people call the levels."""
    return {Level.ERROR: _("error"), Level.WARNING: _("warning"), Level.INFO: _("note")}


def show_findings(findings: Iterable[Finding]) -> None:
    """Findings, one or two lines each."""
    names = level_names()
    for finding in findings:
        name = names[finding.level]
        _print(sys.stdout, f"{name} {finding.place}: {finding.message}", finding.level, prefix=len(name))
        if finding.suggestion:
            say_hint(finding.suggestion)


def show_lines(lines: Iterable[Sequence[tuple[str, str]]]) -> None:
    """Lines made of pieces, each with the name of its style ("" for none)."""
    stream = sys.stdout
    if not is_terminal(stream):
        write(stream, plain_text(lines))
        return
    from rich.text import Text

    terminal = rich_console(stream)
    for line in lines:
        pieces = ((hold(escaped(text)), STYLES.get(style, "")) for text, style in line)
        terminal.print(Text.assemble(*pieces), soft_wrap=True)


def plain_text(lines: Iterable[Sequence[tuple[str, str]]]) -> str:
    """The same lines for a pipe or a file."""
    return "".join(escaped("".join(text for text, _style in line)) + "\n" for line in lines)


def terminal_width() -> int | None:
    """The columns of the terminal that standard output is; `None` when it is none."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None


def has_styles() -> bool:
    """Whether bold, underline and colours show on standard output."""
    return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")


def shows_blocks() -> bool:
    """Whether standard output can show the blocks that a small plot is drawn with: not a console in an old code page,
    nor a terminal that says it is dumb.
    """
    return is_terminal(sys.stdout) and codecs.lookup(sys.stdout.encoding or "ascii").name.startswith("utf")


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], numeric: Iterable[str] = ()) -> None:
    """A table: drawn on a terminal, tab-separated when piped."""
    if not is_terminal(sys.stdout):
        lines = ["\t".join(escaped(cell) for cell in row) for row in ((title,), columns, *rows)]
        write(sys.stdout, "".join(f"{line}\n" for line in lines))
        return
    from rich import box
    from rich.padding import Padding
    from rich.table import Table

    shape: Any = {"box": box.SIMPLE_HEAD, "show_edge": False, "padding": (0, 1, 0, 0), "pad_edge": False}
    table = Table(header_style=STYLES["strong"], border_style=STYLES["dim"], **shape)
    for column in columns:
        table.add_column(_literal(column), justify="right" if column in numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_literal(cell) for cell in row))
    # Above the table and not its own, which rich would break at the width of the table.
    _print(sys.stdout, title, "strong")
    terminal = rich_console(sys.stdout)
    terminal.print()
    terminal.print(Padding(table, (0, 0, 1, 2)))


def _literal(text: str) -> Any:
    from rich.text import Text

    return Text(hold(escaped(text)), style=STYLES.get(MARKS.get(text[:1], ""), ""))


def _print(stream: TextIO, text: str, style: str | None, prefix: int | None = None, *, wraps: bool = True) -> None:
    """A line: its first `prefix` signs in the style, all of them without it, or each piece of a `Line` in its own."""
    if not is_terminal(stream):
        write(stream, escaped(text) + "\n")
        return
    from rich.text import Text

    terminal = rich_console(stream)
    pieces = text.pieces if isinstance(text, Line) else ((text[:prefix], style or ""), (text[len(text[:prefix]) :], ""))
    line = Text.assemble(*((hold(escaped(piece)), STYLES.get(name, "")) for piece, name in pieces))
    if wraps:
        lines = cut(line.plain, terminal.width, text.hang if isinstance(text, Line) else None)
        line = Text("\n").join(Text(" " * indent) + line[start:end] for start, end, indent in lines)
    terminal.print(line, soft_wrap=True)
