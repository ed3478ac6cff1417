"""The Chromium of this machine, driven by Playwright: dear to start, so shared by the tests of a module."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from newsletter_cli.check.browser.chromium import find_chromium

# What no test asks of a browser, and each start of one pays for.
LEAN = [
    "--disable-gpu",
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--force-prefers-reduced-motion",
    "--disable-component-update",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,BackForwardCache",
]


@contextmanager
def launched() -> Iterator[Any]:
    """A browser without a window. While it runs, `asyncio.run` cannot be used in this thread."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
        flags += LEAN
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        yield browser
        browser.close()
