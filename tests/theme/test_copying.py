"""Code copied out of the e-mail is what was typed: the no-break blanks that Outlook needs are none in a program."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from newsletter_cli.check.browser.chromium import find_chromium
from tests.rendering import email_of, make_issue

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.long]

CODE = 'def tide(name):\n    """How\n    high."""\n\n    return 1.5  # metres'
SELECT = """() => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector("td.code"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@contextmanager
def served(page: str) -> Iterator[str]:
    """The address of a site of this one page: a browser opens its clipboard to no file."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_code_is_copied_as_it_was_typed() -> None:
    from playwright.sync_api import sync_playwright

    with served(email_of(make_issue(f"```python\n{CODE}\n```"))) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=["--no-sandbox"])
        page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        page.goto(address)
        page.evaluate(SELECT)
        page.keyboard.press("ControlOrMeta+c")
        copied = page.evaluate("() => navigator.clipboard.readText()")
        browser.close()
    assert copied.replace("\r\n", "\n") == CODE
