"""The whole way: a send over SMTP, the mail program's click on a real `nl serve`, `nl sync`, and the next issue."""

from __future__ import annotations

import os
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from newsletter_cli.base.endpoint_key import format_key
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.sending.job import SendOptions
from newsletter_cli.flows.sending.send import send_issue
from newsletter_cli.flows.syncing.key import change_key, own_key
from newsletter_cli.flows.syncing.sync import sync
from tests.cli.test_serve import Served, served
from tests.deliver.server.record import Record
from tests.deliver.server.serving import ThreadedServer
from tests.flows.sending.newsletter import TEXTS, Editor, Newsletter, address_of, parse
from tests.workspaces import write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
# How mail programs post it (RFC 8058, 3.1; RFC 7578).
FORM = (b"List-Unsubscribe=One-Click", {"content-type": "application/x-www-form-urlencoded"})
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    {"content-type": "multipart/form-data; boundary=x"},
)


class Mail:
    """What a mail server took, by recipient."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self.taken = folder, dict[str, EmailMessage]()
        accept = Record.accept

        def keep(record: Record, recipient: str, sender: str, content: bytes, connection: int) -> Any:
            path = folder / f"{len(self.taken)}.eml"
            path.write_bytes(content)
            message = parse(path)
            self.taken[address_of(message)] = message
            return accept(record, recipient, sender, content, connection)

        monkeypatch.setattr(Record, "accept", keep)


def page_of(message: EmailMessage) -> str:
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page, _mail = re.findall(r"<([^>]+)>", str(message["List-Unsubscribe"]))
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}"


def send(newsletter: Newsletter, number: int, port: int) -> Editor:
    editor = Editor()
    options = SendOptions(transport=f"smtp://127.0.0.1:{port}")
    assert send_issue(newsletter.workspace, number, options, editor).exit_status == 0
    return editor


def click(server: Served, message: EmailMessage, how: tuple[bytes, dict[str, str]] = FORM) -> None:
    body, headers = how
    assert server.ask("POST", page_of(message), body, headers)[0] == 200


def test_from_a_click_to_the_next_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newsletter, mail = Newsletter(tmp_path / "w"), Mail(tmp_path, monkeypatch)
    (tmp_path / "server").mkdir()
    workspace = newsletter.workspace
    with (
        served(tmp_path / "server", key=format_key(own_key(workspace))) as server,
        ThreadedServer(tmp_path / "record") as mail_server,
    ):
        newsletter.configure(f'[endpoint]\nurl = "{server.address}"\n')
        newsletter.assemble()
        send(newsletter, 1, mail_server.port)
        ada, ben, cleo = (mail.taken[f"{name}@example.org"] for name in ("ada", "ben", "cleo"))
        # What scanners do, and a look at the page.
        for message in (ada, ben, cleo):
            assert server.ask("GET", page_of(message), headers={})[0] == 200
        assert sync(newsletter.workspace).fetched == 0
        click(server, ben)
        click(server, ben)
        click(server, cleo, MULTIPART)
        # The key is changed meanwhile: the links that are out stay valid.
        change_key(newsletter.workspace)
        for name, text in TEXTS.items():
            write(newsletter.root / "sections" / "002" / name, text.replace("#1", "#2").replace("Something", "More"))
        assemble_issue(newsletter.workspace, 2)
        mail.taken.clear()
        notes = send(newsletter, 2, mail_server.port).questions[0].notes
        assert list(mail.taken) == ["ada@example.org"]
        assert any("2 people were taken off the list: unsubscribed 2" in note for note in notes)
        assert any("the key before the last change" in note for note in notes)
    key = format_key(own_key(newsletter.workspace))
    with served(tmp_path / "server", key=key) as server:
        newsletter.configure(f'[endpoint]\nurl = "{server.address}"\n')
        assert sync(newsletter.workspace).is_key_current
        click(server, ada)
        assert sync(newsletter.workspace).suppressed == 1
        # What the server keeps names nobody.
        assert b"example.org" not in (tmp_path / "server" / "endpoint.db").read_bytes()
