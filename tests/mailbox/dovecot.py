"""A Dovecot of our own: an IMAP server in a temporary directory, on loopback, with the tests' certificates.

It needs root (Dovecot drops privileges itself) and its package, not a running service: neither the system's
configuration nor its mail is read or written.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.deliver.certificates import Authority
from tests.loopback import own_port
from tests.waiting import PATIENCE_SECONDS, wait_until

USER, PASSWORD = "lettre@example.org", "cheval à bascule"
FLAGGED = {"Drafts": "\\Drafts", "Courrier indésirable": "\\Junk"}
CONFIGURATION = """\
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
auth_mechanisms = plain login
auth_failure_delay = 0 secs
disable_plaintext_auth = yes
mail_location = maildir:{folder}/mail:LAYOUT={layout}
mail_uid = {owner}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
passdb {{
  driver = passwd-file
  args = {folder}/passwords
}}
userdb {{
  driver = static
  args = home={folder}/home
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
{folders}
}}
service imap-login {{
  process_min_avail = 0
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {secure_port}
    ssl = yes
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    """A context manager. `port` speaks STARTTLS, `secure_port` TLS from the start. The inbox is `inbox`, a Maildir."""

    def __init__(self, authority: Authority, *, certificate: str = "good", separator: str = "/"):
        self.authority = authority
        self._certificate = certificate
        self._separator = separator
        self.port = self.secure_port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """With TLS from the start, and the user in it."""
        return f"imaps://{USER}@127.0.0.1:{self.secure_port}"

    @property
    def inbox(self) -> Path:
        return self.folder / "mail"

    def __enter__(self) -> Dovecot:
        # Not below pytest's folder: Dovecot's own users have to pass, and sockets have short names.
        self.folder = Path(tempfile.mkdtemp(prefix="nl-dovecot-"))
        try:
            self._configure()
            self._run()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            self._end()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def deliver(self, octets: bytes, *, folder: str = "") -> None:
        """Put a message into a folder, as a delivery would."""
        place = self.inbox / f".{folder}" if folder else self.inbox
        for name in ("new", "cur", "tmp"):
            (place / name).mkdir(parents=True, exist_ok=True)
        self._count += 1
        (place / "new" / f"{self._count:06d}.delivered").write_bytes(octets.replace(b"\r\n", b"\n"))
        self._own()

    def empty(self) -> None:
        """As it was at the start, for somebody who logs in anew."""
        for path in self.inbox.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def _configure(self) -> None:
        self._count = 0
        self.folder.chmod(0o755)
        self.port, self.secure_port = own_port(), own_port()
        certificate = self.folder / "server.pem"
        shutil.copy(self.authority.folder / f"{self._certificate}.pem", certificate)
        for name in ("mail", "home", "run"):
            (self.folder / name).mkdir(mode=0o755)
        folders = "\n".join(
            f'  mailbox "{name}" {{\n    auto = create\n    special_use = {use}\n  }}' for name, use in FLAGGED.items()
        )
        text = CONFIGURATION.format(
            folder=self.folder, certificate=certificate, port=self.port, secure_port=self.secure_port,
            layout="maildir++", separator=self._separator, folders=folders,
            owner="nobody", group="nogroup",
        )  # fmt: skip
        (self.folder / "passwords").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", "utf-8")
        (self.folder / "dovecot.conf").write_text(text, "utf-8")
        self._own()

    def _own(self) -> None:
        for path in (self.folder / "mail", self.folder / "home", *(self.folder / "mail").rglob("*")):
            shutil.chown(path, "nobody", "nogroup")

    def _run(self) -> None:
        program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert program is not None, "dovecot is not installed"
        # Not sent into the background: its end is for whoever started it to see.
        self._process = subprocess.Popen(
            [program, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(self._is_ready, lambda: f"dovecot is not ready: {self.log()}", step_seconds=0.05)

    def _is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as client:
                return client.recv(4) == b"* OK"
        except OSError:
            return False

    def _end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
