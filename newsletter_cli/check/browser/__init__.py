"""The finished e-mail in headless Chromium: in the light, in the dark, on a narrow screen.

No driver and no network: Chromium loads a page of ours that frames the e-mail, and prints what it found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from newsletter_cli.check.browser.chromium import BrowserFailed, find_chromium
from newsletter_cli.check.browser.measure import measure
from newsletter_cli.check.rules.browser import axe_findings, browser_absent, browser_failed, scroll_findings
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding

__all__ = ["check_in_browser", "find_chromium"]


def check_in_browser(renditions: Renditions, chromium: Path | None = None) -> Iterator[Finding]:
    """What axe-core and a ruler find in the e-mail; `chromium` is looked for where it is not given.

    Where there is none, or it does not answer, that is the one finding. Takes seconds.
    """
    program = chromium or find_chromium()
    if program is None:
        yield browser_absent()
        return
    try:
        measured = measure(renditions, program)
    except BrowserFailed as failure:
        yield browser_failed(program, failure)
        return
    yield from axe_findings(renditions, measured)
    yield from scroll_findings(renditions, measured)
