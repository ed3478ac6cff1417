"""A PostgreSQL of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.loopback import own_port
from tests.workspaces import IS_ROOT


class PostgresServer:
    """A running server: its address, and what a test does to it."""

    def __init__(self, initdb: str, *, is_durable: bool = False, is_open: bool = False):
        # PostgreSQL refuses to run as root.
        self._user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if IS_ROOT else {}
        self._folder = Path(tempfile.mkdtemp(prefix="nl-pg-"))
        if self._user:
            shutil.chown(self._folder, "postgres", "postgres")
        port = own_port()
        data = self._folder / "data"
        self._run(
            initdb,
            "-D",
            data,
            "-U",
            "reader",
            "-A",
            "trust" if is_open else "scram-sha-256",
            "--pwfile",
            _password(self._folder),
            "-N",
        )
        self._control = [str(Path(initdb).resolve().parent / "pg_ctl"), "-D", str(data), "-w"]
        self._options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
            f" -c fsync={'on' if is_durable else 'off'} -c max_connections=200"
        )
        self.url = f"postgresql://reader:s3cret-w0rd@127.0.0.1:{port}/postgres"
        self.start()

    def _run(self, *command: str | Path) -> None:
        # pg_ctl leaves a server behind that would hold a pipe open for ever.
        subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self._folder, check=True, **self._user
        )

    def start(self) -> None:
        """Let it run."""
        self._run(*self._control, "-l", self._folder / "log", "-o", self._options, "start")

    def restart(self) -> None:
        """As after a crash: nobody is waited for, and nothing but the log of what was committed is left."""
        self._run(*self._control, "-m", "immediate", "-l", self._folder / "log", "-o", self._options, "restart")

    def cut(self) -> None:
        """Every connection to it ends, in the middle of whatever it does."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )

    def close(self) -> None:
        """Stop it, and leave nothing behind."""
        self._run(*self._control, "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of our own in a temporary folder, to be restarted at will."""
    server = PostgresServer(find_initdb())
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of one that nobody restarts."""
    server = PostgresServer(find_initdb())
    yield server.url
    server.close()


def find_initdb() -> str:
    """The program that makes one. Debian keeps it out of the PATH."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
    initdb = shutil.which("initdb") or next((str(path / "initdb") for path in reversed(tools)), None)
    if initdb is None:
        if os.environ.get("CI") == "true":
            pytest.fail("needs postgresql", pytrace=False)
        pytest.skip("needs postgresql")
    return initdb


def _password(folder: Path) -> Path:
    path = folder / "password"
    path.write_text("s3cret-w0rd\n")
    path.chmod(0o644)
    return path
