"""What `nl send` is measured against: others that hand messages to a mail server, and the server that takes them.

Each client is a function of a port, a number of messages and the folder that holds the bodies (email.html, email.txt).
One that needs a program which is not there raises `Missing`. What has to be installed goes, pinned, into a folder
of its own under the system's temporary one, and stays there for the next time.
"""

from __future__ import annotations

import contextlib
import csv
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import NamedTuple

HOST = "127.0.0.1"
SENDER = "lettre@example.org"
CACHE = Path(tempfile.gettempdir()) / "newsletter-bench"
MESSAGE_BYTES = 85_000
MAILMERGE = "mailmerge==2.3.0"
SESSIONS = 10
THREADS = 16
# No client takes longer than this; one that hangs is not waited for.
LIMIT_SECONDS = 600


class Missing(Exception):
    """A program that is measured, or what it needs, is not on this machine."""


# Its port, the number of messages, the folder of the bodies.
Client = Callable[[int, int, Path], None]


class Peer(NamedTuple):
    """`messages`: so many are enough for a steady rate; None where it is fast."""

    name: str
    title: str
    messages: int | None
    run: Client


def find_program(name: str) -> str:
    """Where a program is. Postfix's are often in a folder for administrators, which is not on everybody's PATH."""
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin")))
    if found is None:
        raise Missing(f"no {name} here")
    return found


def run_program(*command: str | Path, folder: Path | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=LIMIT_SECONDS,
    )
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stderr.decode(errors='replace')[-2000:]}")


@contextlib.contextmanager
def running_sink() -> Iterator[int]:
    """Postfix's server that throws messages away, on a free port."""
    with socket.create_server((HOST, 0)) as free:
        port: int = free.getsockname()[1]
    # As root it wants to be told who it should be instead.
    user = ("-u", "nobody") if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    sink = subprocess.Popen([find_program("smtp-sink"), *user, f"{HOST}:{port}", "512"], stderr=subprocess.DEVNULL)
    try:
        for _attempt in range(100):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        sink.terminate()
        sink.wait()


def smtp_source(port: int, messages: int, _bodies: Path) -> None:
    run_program(
        find_program("smtp-source"), "-d", "-N", "-s", str(SESSIONS), "-l", str(MESSAGE_BYTES), "-m", str(messages),
        "-f", SENDER, "-t", "reader@example.org", f"{HOST}:{port}",
    )  # fmt: skip


def nodemailer(port: int, messages: int, bodies: Path) -> None:
    node, npm = find_program("node"), find_program("npm")
    folder = CACHE / "nodemailer"
    shutil.copytree(Path(__file__).parent / "nodemailer", folder, dirs_exist_ok=True)
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        _install(npm, "ci", "--silent", "--no-audit", "--no-fund", folder=folder)
    run_program(node, folder / "pool.mjs", str(port), str(messages), bodies)


def _install(*command: str | Path, folder: Path) -> None:
    if subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=LIMIT_SECONDS).returncode:
        raise Missing(f"could not be installed ({Path(command[0]).name})")


def mailmerge(port: int, messages: int, bodies: Path) -> None:
    program = CACHE / "mailmerge" / "bin" / "mailmerge"
    if not program.is_file():
        CACHE.mkdir(exist_ok=True)
        _install(sys.executable, "-m", "venv", CACHE / "mailmerge", folder=CACHE)
        _install(CACHE / "mailmerge" / "bin" / "python", "-m", "pip", "install", "--quiet", MAILMERGE, folder=CACHE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mailmerge_server.conf").write_text(f"[smtp_server]\nhost = {HOST}\nport = {port}\n")
        parts = "".join(
            f"--part\nContent-Type: text/{kind}; charset=utf-8\n\n{{% raw %}}{read_body(bodies, kind)}{{% endraw %}}\n"
            for kind in ("plain", "html")
        )
        (folder / "mailmerge_template.txt").write_text(
            "TO: {{name}} <{{email}}>\nSUBJECT: Lettre\nFROM: " + SENDER + "\n"
            "List-Unsubscribe: <https://example.org/leave/{{number}}>\nMIME-Version: 1.0\n"
            f'Content-Type: multipart/alternative; boundary="part"\n\n{parts}--part--\n',
            encoding="utf-8",
        )
        with (folder / "mailmerge_database.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["email", "name", "number"])
            writer.writerows([reader(number), f"Reader {number}", number] for number in range(messages))
        run_program(program, "--no-dry-run", "--no-limit", folder=folder)


def read_body(bodies: Path, kind: str) -> str:
    return (bodies / ("email.html" if kind == "html" else "email.txt")).read_text(encoding="utf-8")


def reader(number: int) -> str:
    return f"reader{number}@example.org"


def build_message(text: str, html: str, to: str, leave: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = SENDER
    message["To"] = to
    message["Subject"] = "Lettre"
    message["List-Unsubscribe"] = f"<{leave}>"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def email_message(port: int, messages: int, bodies: Path) -> None:
    text, html = read_body(bodies, "plain"), read_body(bodies, "html")
    with smtplib.SMTP(HOST, port) as server:
        for number in range(messages):
            address = reader(number)
            message = build_message(text, html, f"Reader {number} <{address}>", f"https://example.org/leave/{number}")
            server.send_message(message)


def spliced(port: int, messages: int, bodies: Path) -> None:
    """The message built once; each reader's own bytes put between the others."""
    to, leave = "to@example.org", "https://example.org/leave"
    template = build_message(read_body(bodies, "plain"), read_body(bodies, "html"), to, leave).as_bytes()
    before, _to, rest = template.partition(to.encode())
    between, _leave, after = rest.partition(leave.encode())

    def send(numbers: range) -> None:
        with smtplib.SMTP(HOST, port) as server:
            for number in numbers:
                address = reader(number).encode()
                data = b"".join((before, address, between, b"%s/%d" % (leave.encode(), number), after))
                server.sendmail(SENDER, address.decode(), data)

    with ThreadPoolExecutor(THREADS) as threads:
        for _done in threads.map(send, (range(first, messages, THREADS) for first in range(THREADS))):
            pass


PEERS = (
    Peer("smtp-source", f"smtp-source (C), {SESSIONS} sessions", None, smtp_source),
    Peer("spliced", f"spliced template, smtplib, {THREADS} threads", 4000, spliced),
    Peer("email-message", "EmailMessage for each, smtplib", 400, email_message),
    Peer("nodemailer", "nodemailer, pool of 20", 2000, nodemailer),
    Peer("mailmerge", "mailmerge", 200, mailmerge),
)
