"""A page in the reader's own browser."""

from __future__ import annotations

import threading


def open_browser(address: str) -> threading.Thread:
    """Open it, and wait for nothing; without a browser, the address is there to be copied. Who is about to end joins
    the thread first.
    """

    def open_it() -> None:
        import webbrowser

        webbrowser.open(address)

    # Some browsers, opened by their command, keep it waiting.
    thread = threading.Thread(target=open_it, daemon=True)
    thread.start()
    return thread
