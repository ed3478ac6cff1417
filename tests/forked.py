"""`nl`, and the mail server of the tests, each as a process of its own, without the half second that Python takes to
start and import.

A *stock* process imports everything once and waits; each program is a copy of it (a fork), with its own environment,
working folder, streams, session and exit status. It is killed, stopped and waited for as any process is. What differs:
a start takes no time, and imports cannot fail or be interrupted. What is about the start itself wants `subprocess`.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Protocol

from newsletter_cli.deliver import failpoints
from newsletter_cli.flows.sending import preparing
from tests.waiting import wait_until
from tests.workspaces import own_terminal

ROOT = Path(__file__).resolve().parent.parent
NUMBER = struct.Struct("i")
MOST_BYTES = 200_000
HAS_FORKS = sys.platform == "linux"


class Running(Protocol):
    """What of `subprocess.Popen` is used here: the tests take either."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def communicate(self, input: None = None, timeout: float | None = None) -> tuple[str, str]: ...

    def send_signal(self, sig: int, /) -> None: ...

    def kill(self) -> None: ...


def start_nl(
    *arguments: str,
    env: Mapping[str, str],
    folder: Path,
    constants: Mapping[str, object] | None = None,
    terminal: int | None = None,
) -> Forked:
    """`nl` with these arguments, nobody at the keyboard unless it is given a terminal, which it then owns. `constants`:
    other values for those of its modules, by their whole names, so that nobody has to wait for as long as a mail server
    is waited for.
    """
    return Forked("nl", arguments, env=env, folder=folder, constants=constants or {}, terminal=terminal)


def start_mail_server(*arguments: str, env: Mapping[str, str]) -> Forked:
    """`python -m tests.deliver.server` with these arguments."""
    return Forked("server", arguments, env=env, folder=ROOT, constants={})


class Forked:
    """A copy of the stock process that runs a program. Its output goes to files: however much it is, nobody waits."""

    def __init__(
        self,
        program: str,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str],
        folder: Path,
        constants: Mapping[str, object],
        terminal: int | None = None,
    ):
        self.returncode: int | None = None
        self._arguments = [program, *arguments]
        self._output, self._errors = _files()
        self._status, told = os.pipe()
        words = {
            "program": program,
            "arguments": arguments,
            "env": dict(env),
            "folder": str(folder),
            "constants": dict(constants),
            "is_at_terminal": terminal is not None,
        }
        shown = (self._output.fileno(), self._errors.fileno()) if terminal is None else (terminal, terminal)
        streams = [*shown, told]
        try:
            _stock().send(json.dumps(words).encode(), streams)
        finally:
            os.close(told)
        self.pid = self._read_number()

    def _read_number(self) -> int:
        read = os.read(self._status, NUMBER.size)
        assert len(read) == NUMBER.size, f"{self._arguments} was not started, or nobody waits for it any more"
        return int(NUMBER.unpack(read)[0])

    def poll(self) -> int | None:
        """The exit status, once there is one; a signal that ended it is negative."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self._arguments, timeout or 0)
            self.returncode = self._read_number()
            os.close(self._status)
        return self.returncode

    def communicate(self, input: None = None, timeout: float | None = None) -> tuple[str, str]:
        """Wait for the end; what it wrote to standard output and standard error."""
        self.wait(timeout)
        return self.said, self.complained

    @property
    def said(self) -> str:
        """Standard output, as far as it has come."""
        return _read(self._output).decode(errors="replace")

    @property
    def complained(self) -> str:
        """Standard error, as far as it has come."""
        return _read(self._errors).decode(errors="replace")

    def wait_until_said(self, text: str) -> str:
        """Wait for a text on standard output; all that is there."""
        wait_until(
            lambda: text in self.said or self.poll() is not None,
            lambda: f"{text!r} was never said",
            step_seconds=0.001,
        )
        assert text in self.said, f"it ended before it said {text!r}: {self.complained}"
        return self.said

    def send_signal(self, sig: int, /) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """It and whatever it has started."""
        if self.poll() is None and sys.platform != "win32":
            os.killpg(self.pid, signal.SIGKILL)

    def __del__(self) -> None:
        self._output.close()
        self._errors.close()
        if self.returncode is None:
            os.close(self._status)


def _files() -> tuple[IO[bytes], IO[bytes]]:
    """Where standard output and standard error go; both ends keep them open."""
    return tempfile.TemporaryFile(), tempfile.TemporaryFile()


def _read(file: IO[bytes]) -> bytes:
    """All of it; where the other end goes on writing stays as it is."""
    if sys.platform != "win32":
        return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)
    raise NotImplementedError


# The stock process, as the tests see it


class _Stock:
    """Asks it for copies, over a socket whose end is its end."""

    def __init__(self) -> None:
        self._socket, other = socket.socketpair(getattr(socket, "AF_UNIX", 0), socket.SOCK_SEQPACKET)
        env = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "NL_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(other.fileno())], pass_fds=[other.fileno()],
            cwd=ROOT, env=env | {"NL_LANG": "en", "NL_OFFLINE": "1"}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        other.close()
        atexit.register(self._end)

    def send(self, words: bytes, streams: list[int]) -> None:
        assert len(words) < MOST_BYTES
        if sys.platform == "linux":
            socket.send_fds(self._socket, [words], streams)

    def _end(self) -> None:
        self._socket.close()
        self._process.wait()


@cache
def _stock() -> _Stock:
    assert HAS_FORKS, "there are no forks on this system: see HAS_FORKS"
    return _Stock()


# The stock process itself


def main() -> None:
    """Import everything; then make one copy after another until the tests are over."""
    asking = socket.socket(fileno=int(sys.argv[1]))
    programs = _programs()
    # So that copies share what was imported for as long as they live.
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                words, streams, _flags, _address = socket.recv_fds(asking, MOST_BYTES, 3)
                if not words:
                    break
                if os.fork() == 0:
                    asking.close()
                    _keep(programs, json.loads(words), streams)
                for number in streams:
                    os.close(number)
                with contextlib.suppress(ChildProcessError):
                    while os.waitpid(-1, os.WNOHANG)[0]:
                        pass


def _programs() -> dict[str, Callable[[], None]]:
    import newsletter_cli
    from newsletter_cli.base import i18n

    i18n.translate_libraries()
    for module in pkgutil.walk_packages(newsletter_cli.__path__, "newsletter_cli."):
        importlib.import_module(module.name)
    for name in ("email_validator", "idna", "typer._click.decorators"):
        importlib.import_module(name)
    from typer.main import get_command

    from newsletter_cli.__main__ import main as nl
    from newsletter_cli.cli.app import build_app
    from tests import signatures
    from tests.deliver.server.__main__ import main as server
    from tests.workspaces import CONFIG, make_workspace

    # What is imported, read and compiled on first use.
    with tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), f'{CONFIG}\n[sender]\naddress = "a@example.org"\n')
        preparing.prepare(Path(folder), 1, datetime.now(UTC), ())
    signatures.read_once().__enter__()
    get_command(build_app(["send", "preview"]))
    i18n._catalogue.cache_clear()
    assert threading.active_count() == 1, "only one that runs in one thread may be copied"
    return {"nl": nl, "server": server}


def _keep(programs: Mapping[str, Callable[[], None]], words: dict[str, object], streams: list[int]) -> None:
    """In a first copy, which waits for the second and tells the tests of it: its number, then its exit status."""
    if sys.platform != "win32":
        output, errors, told = streams
        # Ctrl-C at the terminal is for the tests, which then end what they have started.
        os.setsid()
        child = os.fork()
        if child == 0:
            os.setsid()
            # By then a signal reaches its whole group.
            os.write(told, NUMBER.pack(os.getpid()))
            os.close(told)
            _become(programs, words, output, errors)
        _child, status = os.waitpid(child, 0)
        # The tests may be over.
        with contextlib.suppress(BrokenPipeError):
            os.write(told, NUMBER.pack(os.waitstatus_to_exitcode(status)))
        os._exit(0)


def _become(programs: Mapping[str, Callable[[], None]], words: dict[str, object], output: int, errors: int) -> None:
    """Be a new process in all that a program can see of itself; never returns."""
    names = ("program", "arguments", "env", "folder", "constants")
    program, arguments, env, folder, constants = (words[name] for name in names)
    assert isinstance(program, str)
    assert isinstance(arguments, list)
    assert isinstance(env, dict)
    assert isinstance(constants, dict)
    os.chdir(str(folder))
    os.environ.clear()
    os.environ.update(env)
    if sys.platform != "win32":
        time.tzset()
    typed = os.dup(output) if words["is_at_terminal"] else os.open(os.devnull, os.O_RDONLY)
    for number, stream in ((typed, 0), (output, 1), (errors, 2)):
        os.dup2(number, stream)
        os.close(number)
    if words["is_at_terminal"]:
        own_terminal()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open until the end
    # By the line, so that whoever waits for one sees it.
    sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    # The one thing that is read from the environment on import.
    importlib.reload(failpoints)
    vars(preparing)["subprocess"] = SimpleNamespace(Popen=_Aside, DEVNULL=None, PIPE=None)
    for name, value in constants.items():
        module, _dot, constant = name.rpartition(".")
        assert constant in vars(sys.modules[module]), f"{name} is no longer there"
        vars(sys.modules[module])[constant] = value
    sys.argv = [program, *arguments]
    os._exit(_status_of(programs[program]))


class _Aside:
    """What prepares the message in a process beside the send: a copy of the send instead of one more Python."""

    def __init__(self, command: Sequence[str], **_options: object):
        self.returncode: int | None = None
        self._output, self._errors = _files()
        self._number = 0
        arguments = list(command)[command.index("-m") + 2 :]
        if sys.platform != "win32":
            self._number = os.fork()
            if self._number == 0:
                self._prepare(arguments)

    def _prepare(self, arguments: Sequence[str]) -> None:
        status = 1
        try:
            os.dup2(self._output.fileno(), 1)
            os.dup2(self._errors.fileno(), 2)
            # What the send has open is the send's, its locks above all; nothing of it is to be tidied up here.
            os.closerange(3, 1000)
            gc.freeze()
            preparing.main(arguments)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def poll(self) -> int | None:
        return self._wait(getattr(os, "WNOHANG", 0))

    def communicate(self) -> tuple[bytes, bytes]:
        self._wait(0)
        return _read(self._output), _read(self._errors)

    def kill(self) -> None:
        os.kill(self._number, getattr(signal, "SIGKILL", 9))

    def _wait(self, options: int) -> int | None:
        if self.returncode is None:
            number, status = os.waitpid(self._number, options)
            self.returncode = os.waitstatus_to_exitcode(status) if number else None
        return self.returncode


def _status_of(program: Callable[[], None]) -> int:
    """Run it, and end as Python ends."""
    status = 0
    try:
        program()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    return status


if __name__ == "__main__":
    main()
