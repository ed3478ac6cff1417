"""The way of a message on this machine: Postfix takes it, a filter of ours may change it, Postfix puts it where Dovecot
reads it.
"""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable, Iterator
from typing import Any

from aiosmtpd.controller import Controller

from tests.deliver.server.postfix import Postfix
from tests.loopback import own_port
from tests.mailbox.dovecot import Dovecot

Plant = Callable[[bytes], bytes]

MAIN = """
relay_domains =
transport_maps =
virtual_mailbox_domains = example.org
virtual_transport = virtual
virtual_mailbox_base = {mailboxes}
virtual_mailbox_maps = static:mail/
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""
MASTER = """\
virtual unix - n n - - virtual
127.0.0.1:{port} inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_header_body_checks
"""


class Filter:
    """An after-queue filter: what it gets it changes by `plant`, and hands back to Postfix."""

    def __init__(self, back: int):
        self.plant: Plant = bytes
        self._back = back

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        with smtplib.SMTP("127.0.0.1", self._back, timeout=30) as client:
            client.sendmail(envelope.mail_from, envelope.rcpt_tos, self.plant(envelope.content))
        return "250 OK"


class Relay:
    """Postfix with what it was told to change, the filter, and the mailbox at the end."""

    def __init__(self, postfix: Postfix, dovecot: Dovecot, filter_: Filter):
        self.postfix, self.dovecot, self._filter = postfix, dovecot, filter_

    def hand_over(self, octets: bytes, plant: Plant = bytes) -> None:
        """As a send would; the mailbox was emptied before. Waits until it has arrived."""
        self._filter.plant = plant
        self.dovecot.empty()
        with smtplib.SMTP("127.0.0.1", self.postfix.port, timeout=30) as client:
            client.sendmail("letter@example.org", ["ada@example.org"], octets)
        self.postfix.wait_until_drained()


@contextlib.contextmanager
def relaying(dovecot: Dovecot, *, main: str = "", files: dict[str, str] | None = None) -> Iterator[Relay]:
    """`main` is added to Postfix's configuration, `files` to its folder."""
    owner = dovecot.inbox.stat()
    back = own_port()
    filter_ = Filter(back)
    control = Controller(filter_, hostname="127.0.0.1", port=own_port(), decode_data=False)
    control.start()
    settings = MAIN.format(mailboxes=dovecot.folder, uid=owner.st_uid, gid=owner.st_gid)
    settings += f"content_filter = smtp:[127.0.0.1]:{control.port}\n{main}"
    try:
        with Postfix(control.port, main=settings, master=MASTER.format(port=back), files=files) as postfix:
            yield Relay(postfix, dovecot, filter_)
    finally:
        control.stop()
