"""A Postfix of our own: in a temporary directory, on loopback, leading to one port of this machine and nowhere else.

It needs root (Postfix drops privileges itself) and its package, not a running service: neither the system's
configuration nor its queue is read or written.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.loopback import own_port
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.workspaces import SIGKILL

# No log file: `postlogd` takes ten lines unread, and a master that wants to write the eleventh before it has started
# `postlogd` waits for ever. What became of a message, the queue tells.
# Everything for example.org goes to the sink; anything else is refused at the door, and again at the way out.
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_host_lookup = native
smtp_dns_support_level = disabled
myhostname = relay.example.org
mydomain = example.org
mydestination =
local_transport = error:nothing is local here
local_recipient_maps =
alias_maps =
alias_database =
relay_domains = example.org
relay_transport = smtp:[127.0.0.1]:{sink}
transport_maps = inline:{{ example.org=smtp:[127.0.0.1]:{sink} }}
default_transport = error:nothing leaves this machine
mynetworks = 127.0.0.1/32
smtpd_relay_restrictions = permit_auth_destination, reject
smtpd_recipient_restrictions = permit_auth_destination, reject
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
notify_classes =
in_flow_delay = 0s
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
smtp_connect_timeout = 5s
smtp_tls_security_level = none
smtpd_tls_security_level = none
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""


def find_postfix() -> str | None:
    """The `postfix` command; Debian's root has /usr/sbin on PATH, its users have not."""
    return shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Postfix:
    """A context manager. `sink_port` is where everything goes; `main` and `master` are added to its configuration,
    with `{folder}` for its own, and `files` to that folder.
    """

    def __init__(self, sink_port: int, *, main: str = "", master: str = "", files: dict[str, str] | None = None):
        self._sink_port = sink_port
        self._main, self._master, self._files = main, master, files or {}
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Postfix:
        # Not below pytest's folder: Postfix's own user has to pass, and sockets have short names.
        self.folder = Path(tempfile.mkdtemp(prefix="nl-postfix-"))
        try:
            self._configure()
            self._call("start")
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            self._call("stop", is_checked=False)
        finally:
            self._end_master()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _configure(self) -> None:
        self.folder.chmod(0o755)
        self.port = own_port()
        daemons = subprocess.run(
            [self._beside("postconf"), "-d", "-h", "daemon_directory"], check=True, capture_output=True, text=True
        ).stdout.strip()
        main = MAIN.format(folder=self.folder, daemons=daemons, sink=self._sink_port)
        (self.folder / "main.cf").write_text(main + self._main.replace("{folder}", str(self.folder)))
        (self.folder / "master.cf").write_text(MASTER.format(port=self.port) + self._master)
        for name, text in self._files.items():
            (self.folder / name).write_text(text, "utf-8")
        for name in ("queue", "data"):
            (self.folder / name).mkdir(mode=0o755)
        shutil.chown(self.folder / "data", "postfix")

    def _beside(self, name: str) -> str:
        postfix = find_postfix()
        assert postfix is not None, "postfix is not installed"
        return str(Path(postfix).with_name(name))

    def _call(self, command: str, *, is_checked: bool = True) -> None:
        done = subprocess.run(
            [self._beside("postfix"), "-c", str(self.folder), command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert not is_checked or done.returncode == 0, done.stderr

    def _wait_until_ready(self) -> None:
        wait_until(self._is_ready, lambda: "postfix is not ready", step_seconds=0.05)

    def _is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as client:
                return client.recv(3) == b"220"
        except OSError:
            return False

    def _end_master(self) -> None:
        """The master by its own note of its number, should it not have heard `stop`; it takes its processes along."""
        try:
            number = int((self.folder / "queue/pid/master.pid").read_text())
        except (OSError, ValueError):
            return
        try:
            wait_until(lambda: not is_master(number, self.folder), step_seconds=0.05)
        except AssertionError:
            os.kill(number, SIGKILL)
            raise

    def queued(self) -> list[dict[str, Any]]:
        """What is still in the queue."""
        done = subprocess.run(
            [self._beside("postqueue"), "-c", str(self.folder), "-j"], check=True, capture_output=True, text=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wait_until_drained(self) -> None:
        """Until everything it took has left."""
        wait_until(lambda: not self.queued(), self._still_queued, step_seconds=0.2)

    def _still_queued(self) -> str:
        queued = self.queued()
        return f"{len(queued)} are still queued: {queued[:3]}"


def is_master(number: int, folder: Path) -> bool:
    """Whether that process lives and is the one whose configuration is here: numbers are given again."""
    try:
        words = Path(f"/proc/{number}/environ").read_bytes()
    except OSError:
        return False
    return str(folder).encode() in words
