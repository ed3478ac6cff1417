"""The only module that prints. Plain text when piped; rich, imported only then, on a terminal."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from newsletter_cli.errors import NewsletterError
from newsletter_cli.i18n import _
from newsletter_cli.model import Finding, Level

# A title or file name with an escape sequence in it must not drive the terminal.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.INFO: "cyan"}


def is_interactive() -> bool:
    """Whether somebody can be asked: standard input and output are terminals."""
    # A closed descriptor (`nl new <&-`) makes the stream None.
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def say(text: str = "", *, style: str | None = None) -> None:
    """One line for the user."""
    _print(sys.stdout, text, style)


def say_path(label: str, path: str) -> None:
    """A label and a path, the path unbroken so that it can be clicked or copied."""
    _print(sys.stdout, f"{label}{path}", None)


def warn(text: str) -> None:
    """One line on standard error."""
    _print(sys.stderr, text, "yellow")


def show_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """A result for scripts."""
    _write(sys.stdout, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def show_error(error: NewsletterError) -> None:
    """An error and the others found with it: where, what, and what to do next; on standard error."""
    for one in (error, *error.also):
        _print(sys.stderr, f"{_('error:')} {one}", "bold red", prefix=len(_("error:")))
        if one.hint:
            _print(sys.stderr, f"  → {one.hint}", None)


def show_unexpected(error: BaseException, report: Path | None) -> None:
    """An error nobody foresaw: its kind, and where the report is."""
    message = _("something unexpected happened ({kind}); this is a fault of nl, not yours").format(
        kind=type(error).__name__
    )
    _print(sys.stderr, f"{_('error:')} {message}", "bold red", prefix=len(_("error:")))
    if report is not None:
        _print(sys.stderr, f"  → {_('the report to send us is in')} {report}", None)


def show_traceback(error: BaseException) -> None:
    """Where an error comes from, for `--debug`."""
    _write(sys.stderr, "".join(traceback.format_exception(error)))


def ask(question: str, *, default: str) -> str:
    """A question on the terminal; an empty answer takes the default. Ctrl-C raises `KeyboardInterrupt`."""
    import typer

    try:
        return str(typer.prompt(question, default=default))
    except typer.Abort:
        raise KeyboardInterrupt from None


def show_findings(findings: Iterable[Finding]) -> None:
    """Findings, one or two lines each."""
    names = {Level.ERROR: _("error"), Level.WARNING: _("warning"), Level.INFO: _("note")}
    for finding in findings:
        name = names[finding.level]
        _print(sys.stdout, f"{name} {finding.place}: {finding.message}", STYLES[finding.level], prefix=len(name))
        if finding.suggestion:
            _print(sys.stdout, f"  → {finding.suggestion}", None)


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], numeric: Iterable[str] = ()) -> None:
    """A table: drawn on a terminal, tab-separated when piped."""
    if not _is_terminal(sys.stdout):
        lines = ["\t".join(_one_line(cell) for cell in row) for row in ((title,), columns, *rows)]
        _write(sys.stdout, "".join(f"{line}\n" for line in lines))
        return
    from rich import box
    from rich.table import Table

    # A title in brackets is no mark-up of rich's: `_literal`.
    table = Table(
        title=_literal(title), title_justify="left", title_style="bold", header_style="bold", box=box.SIMPLE_HEAD
    )
    for column in columns:
        table.add_column(column, justify="right" if column in numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_literal(cell) for cell in row))
    _rich(sys.stdout).print(table)


def _one_line(cell: str) -> str:
    return CONTROL.sub(" ", cell).replace("\n", " ")


def _literal(text: str) -> Any:
    from rich.text import Text

    styles = {"✓": "green", "✗": "red", "!": "yellow"}
    return Text(_one_line(text), style=styles.get(text[:1], ""))


def _print(stream: TextIO, text: str, style: str | None, prefix: int | None = None) -> None:
    text = CONTROL.sub(" ", text)
    if not _is_terminal(stream):
        _write(stream, text + "\n")
        return
    from rich.text import Text

    line = Text(text)
    if style:
        line.stylize(style, 0, prefix)
    _rich(stream).print(line, soft_wrap=True)


def _rich(stream: TextIO) -> Any:
    from rich.console import Console

    # rich's own NO_COLOR leaves bold and underline.
    return Console(file=stream, highlight=False, color_system=None if os.environ.get("NO_COLOR") else "auto")


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:
        stream.write(text)
        stream.flush()


def drop_unwritable_output() -> None:
    """Lets go of output that its disk refuses: Python would try again at its exit, and complain at length."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def prepare_streams() -> None:
    """A Windows console in an old code page shows a question mark for what it lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
