"""No browser to look with."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.base.i18n import _
from newsletter_cli.check.browser.chromium import BrowserFailed
from newsletter_cli.check.subjects.renditions import CONFIG_FILE
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="browser-missing", level=Level.WARNING, title=_("The e-mail was not looked at in a browser"))


def absent() -> Finding:
    """The finding where no Chromium is found."""
    return RULE.at(
        Place(file=CONFIG_FILE),
        _("the e-mail was not looked at in a browser: there is no Chromium here"),
        suggestion=_("install Chromium, Chrome or Edge (Debian, Ubuntu: apt install chromium)"),
    )


def failed(program: Path, failure: BrowserFailed) -> Finding:
    """The finding where it does not start or does not answer."""
    return RULE.at(
        Place(file=CONFIG_FILE),
        _("the e-mail was not looked at in a browser: {program} gave no answer ({reason})").format(
            program=program.name, reason=failure
        ),
        suggestion=_("run the command again; “{program} --version” tells whether it works at all").format(
            program=program.name
        ),
    )
