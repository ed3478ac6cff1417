"""What ships to put the endpoint on a server: it starts what it says, and systemd understands it."""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter_cli.base.endpoint_key import format_key
from tests.after.endpoint.examples import FORM, KEY, ONE_CLICK, TOKENS
from tests.inside import call
from tests.loopback import own_port
from tests.waiting import wait_until
from tests.workspaces import NL, ROOT, environment

KIT = ROOT / "docs" / "samples" / "endpoint"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="what runs on servers")


def answered(port: int, method: str, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, ONE_CLICK if method == "POST" else None, FORM)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


@pytest.mark.parametrize("kind", ["Procfile", "ASGI"])
def test_it_serves(tmp_path: Path, kind: str) -> None:
    port = own_port()
    env = environment(NL_ENDPOINT_KEY=format_key(KEY), NL_ENDPOINT_LOG=str(tmp_path / "log.db"), PORT=str(port))
    env["PATH"] = f"{Path(NL).parent}{os.pathsep}{env['PATH']}"
    command = (KIT / "Procfile").read_text("utf-8").removeprefix("web: ").strip()
    if kind == "ASGI":  # another server than `nl serve` starts, several processes on one log
        asgi = "newsletter_cli.after.endpoint.app:app"
        command = shlex.join([sys.executable, "-m", "uvicorn", asgi, "--port", str(port), "--workers", "2"])
    process = subprocess.Popen(
        ["sh", "-c", f"exec {command}"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: answered(port, "GET", "/healthz") == 200)
        for row in range(10):
            assert answered(port, "POST", f"/unsubscribe?u={TOKENS.token(row)}") == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
    done = call("serve", "--check", cwd=tmp_path, env=env)
    assert done.status == 0
    from newsletter_cli.after.endpoint.sqlite_log import SqliteLog

    log = SqliteLog(tmp_path / "log.db")
    assert len(log.read_after(KEY.newsletter, 0, 100)) == 10
    log.close()


def test_the_container_starts_what_there_is(tmp_path: Path) -> None:
    text = (KIT / "Dockerfile").read_text("utf-8")
    words = json.loads(re.findall(r"^CMD (.*)$", text, re.MULTILINE)[-1])
    assert words[:2] == ["nl", "serve"]
    options = [word for word in words[2:] if word not in ("--host", "0.0.0.0", "--port", "8421")]
    assert call("serve", "--check", *options, cwd=tmp_path, env={"NL_ENDPOINT_KEY": format_key(KEY)}).status == 0
    # Nobody's key in an image, nobody is root in it, and the log outlives it.
    assert "NL_ENDPOINT_KEY=" not in re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    assert re.search(r"^USER \d+$", text, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", text, re.MULTILINE)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "nl-endpoint.service"
    unit.write_text((KIT / unit.name).read_text("utf-8").replace("/opt/nl/bin/nl", sys.executable), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "nl-endpoint" in line] == []
