"""A PostgreSQL of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import own_port
from tests.workspaces import IS_ROOT


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own in a temporary folder. Debian keeps `initdb` out of the PATH."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
    initdb = shutil.which("initdb") or next((str(path / "initdb") for path in reversed(tools)), None)
    if initdb is None:
        if os.environ.get("CI") == "true":
            pytest.fail("needs postgresql", pytrace=False)
        pytest.skip("needs postgresql")
    # PostgreSQL refuses to run as root.
    user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if IS_ROOT else {}
    folder = Path(tempfile.mkdtemp(prefix="nl-pg-"))
    if user:
        shutil.chown(folder, "postgres", "postgres")
    port = own_port()
    data = folder / "data"

    def run(*command: str | Path) -> None:
        # pg_ctl leaves a server behind that would hold a pipe open for ever.
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, check=True, **user)

    run(initdb, "-D", data, "-U", "reader", "-A", "scram-sha-256", "--pwfile", _password(folder), "-N")
    control = [str(Path(initdb).resolve().parent / "pg_ctl"), "-D", str(data), "-w"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    run(*control, "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://reader:s3cret-w0rd@127.0.0.1:{port}/postgres"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _password(folder: Path) -> Path:
    path = folder / "password"
    path.write_text("s3cret-w0rd\n")
    path.chmod(0o644)
    return path
