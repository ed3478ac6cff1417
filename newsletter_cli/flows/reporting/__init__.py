"""What `nl check` found, in each of its output formats: a module per format, siblings behind one interface."""

from newsletter_cli.flows.reporting import as_github, as_json, as_sarif, as_text
from newsletter_cli.flows.reporting.interface import Checked, Format, Line, View

FORMATS: dict[str, Format] = {
    "text": as_text.lines,
    "json": as_json.lines,
    "github": as_github.lines,
    "sarif": as_sarif.lines,
}

__all__ = ["FORMATS", "Checked", "Format", "Line", "View"]
