"""What `nl check` found, in each of its output formats: a module per format, siblings behind one interface."""

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.flows.reporting import as_github, as_json, as_sarif, as_text
from newsletter_cli.flows.reporting.interface import CheckResult, Format, Line, View

FORMATS: dict[str, Format] = {
    "text": as_text.lines,
    "json": as_json.lines,
    "github": as_github.lines,
    "sarif": as_sarif.lines,
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
