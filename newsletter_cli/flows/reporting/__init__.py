"""What `nl check` found, in each of its output formats: a module per format, siblings behind one interface."""

from collections.abc import Iterator
from importlib import import_module

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.flows.reporting.interface import CheckResult, Format, Line, View


def _format(module: str) -> Format:
    # Loaded when it is asked for: whoever only counts needs none of them.
    def lines(checked: CheckResult, view: View) -> Iterator[Line]:
        yield from import_module(f"{__name__}.{module}").lines(checked, view)

    return lines


FORMATS: dict[str, Format] = {
    "text": _format("as_text"),
    "json": _format("as_json"),
    "github": _format("as_github"),
    "gitlab": _format("as_gitlab"),
    "sarif": _format("as_sarif"),
    "markdown": _format("as_markdown"),
}


def known_format(wanted: str) -> str:
    """The name of a format there is. Raises `UsageError`."""
    if wanted in FORMATS:
        return wanted
    close = nearest(wanted, list(FORMATS))
    raise UsageError(
        _("there is no format “{format}”").format(format=wanted),
        hint=_("did you mean “{key}”?").format(key=close)
        if close
        else _("choose one of: {choices}").format(choices=", ".join(FORMATS)),
    )


__all__ = ["FORMATS", "CheckResult", "Format", "Line", "View", "known_format"]
