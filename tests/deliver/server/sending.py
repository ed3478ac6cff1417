"""`nl send` as somebody runs it, in a small workspace, against a server of ours: run, killed, run again."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from newsletter_cli.deliver.pacing.waits import RECONNECT_SECONDS
from tests.deliver.server.oracle import (
    Report,
    check_finished,
    check_promise,
    count_attempting,
    parse_report,
    read_states,
)
from tests.deliver.server.record import count_record, count_verb, read_record
from tests.deliver.server.serving import ServerProcess
from tests.forked import HAS_FORKS, Running, start_nl
from tests.inside import call
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.workspaces import SIGKILL, environment, make_workspace, write

ISSUE = 1
CONNECTIONS = 4
# Two rows of each connection may be under way: the one whose reply is awaited, and the next.
MOST_IN_DOUBT = 2 * CONNECTIONS
RUN_SECONDS = 170
KILLED = -SIGKILL
# What Python says of a signal that comes before the program has begun.
STARTING = ("Fatal Python error: init_", "Could not import runpy module")
# Until the next connection is tried after one that failed: a tenth of what it is.
WAITS: dict[str, object] = {
    "newsletter_cli.deliver.pacing.waits.RECONNECT_SECONDS": [wait / 10 for wait in RECONNECT_SECONDS]
}
ASSEMBLED: dict[str, Path] = {}
CONFIG = """\
[newsletter]
name = "Tidings"
language = "en"

[post]
url = "https://www.example.org/newsletters/{{slug}}/"

[sender]
name = "Tidings"
address = "tidings@example.org"
reply_to = "contact@example.org"

[[sections]]
slug = "news"
title = "News"

[send.smtp]
connections = {connections}
timeout_seconds = {timeout_seconds}
final_timeout_seconds = {final_timeout_seconds}
"""
TEXTS = {
    "_issue.md": '---\ntitle: "Tidings #1"\ndate: 2026-06-11\n---\nHello.\n',
    "news.md": "---\nauthor: Grace\n---\nSomething [happened](https://example.org/a).\n\n.A line with a dot first.\n",
}


class Done:
    """A run that has ended."""

    def __init__(self, status: int, output: str, errors: str):
        self.status = status
        self.output = output
        self.errors = errors

    @property
    def said(self) -> str:
        return f"{self.output}\n{self.errors}"

    def __repr__(self) -> str:
        return f"exit status {self.status}\n{self.said}"


class Sending:
    """One issue, one list, one server. `transport` may be changed between runs.

    `is_fresh`: each run is a new Python, which starts and imports, rather than a copy of one that has done so. Such a
    one waits as long as it does for everybody; `waits` are other values for what copies wait for.
    """

    def __init__(
        self,
        root: Path,
        recipients: int | Sequence[str],
        *,
        record: Path,
        transport: str = "",
        connections: int = CONNECTIONS,
        timeout_seconds: int = 60,
        final_timeout_seconds: int = 60,
        more: str = "",
        smtp: str = "",
        paragraphs: int = 0,
        is_fresh: bool = False,
        waits: Mapping[str, object] = MappingProxyType({}),
    ):
        self.root = root
        self.is_fresh = is_fresh or not HAS_FORKS
        self.waits = WAITS | dict(waits)
        self.record = record
        self.transport = transport
        self.connections = connections
        self.env: dict[str, str] = {}
        config = CONFIG.format(
            connections=connections, timeout_seconds=timeout_seconds, final_timeout_seconds=final_timeout_seconds
        )
        # So many make a message that no socket takes in one go.
        texts = TEXTS | {"news.md": TEXTS["news.md"] + f"\n{'Nobody reads all of this. ' * 40}\n" * paragraphs}
        make_workspace(root, f"{config}{smtp}\n{more}", {ISSUE: texts})
        self.recipients = addresses(recipients) if isinstance(recipients, int) else list(recipients)
        write(root / "list.csv", "email\n" + "".join(f"{one}\n" for one in self.recipients))
        self.assemble()

    def assemble(self) -> None:
        """`nl assemble`, once for all workspaces of one configuration: what it makes is the same for each."""
        config = "".join(
            path.read_text() for path in (self.root / "newsletter.toml", self.root / "sections/001/news.md")
        )
        folders = ("build", "state/builds")
        kept = ASSEMBLED.get(config)
        if kept is None:
            done = self.run("assemble", str(ISSUE), "--offline")
            assert done.status == 0, done
            kept = ASSEMBLED[config] = Path(tempfile.mkdtemp(prefix="nl-built-"))
            atexit.register(shutil.rmtree, kept, ignore_errors=True)
            for name in folders:
                shutil.copytree(self.root / name, kept / name)
        for name in folders:
            shutil.copytree(kept / name, self.root / name, dirs_exist_ok=True)

    @property
    def state(self) -> Path:
        return self.root / "state"

    # Running

    def arguments(self, *arguments: str) -> list[str]:
        return ["-C", str(self.root), *arguments]

    def start(self, *more: str, failpoint: str = "", prefix: Sequence[str] = ()) -> Running:
        """`nl send` begins; in a group of its own, so that a signal reaches it alone.

        Unmeasured: what measures coverage writes files of its own, starts slowly, and is lost with a kill.
        """
        given = {name: value for name, value in environment(**self.env).items() if not name.startswith("COVERAGE")}
        if failpoint:
            given["NL_FAILPOINT"] = failpoint
        where = ("--list", str(self.root / "list.csv"), "--transport", self.transport)
        return self._start(self.arguments("send", str(ISSUE), "--yes", *where, *more), given, prefix)

    def _start(self, arguments: Sequence[str], env: Mapping[str, str], prefix: Sequence[str] = ()) -> Running:
        if not self.is_fresh and not prefix:
            return start_nl(*arguments, env=env, folder=self.root, constants=self.waits)
        return subprocess.Popen(
            [*prefix, sys.executable, "-m", "newsletter_cli", *arguments], cwd=self.root, env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            errors="replace", start_new_session=True,
        )  # fmt: skip

    def send(self, *more: str, failpoint: str = "", prefix: Sequence[str] = ()) -> Done:
        """`nl send`, to its end."""
        return end(self.start(*more, failpoint=failpoint, prefix=prefix))

    def run(self, *arguments: str) -> Done:
        """Any other command, to its end: in this process, as one of its own would prove no more."""
        done = call(*self.arguments(*arguments), cwd=self.root, env=self.env)
        assert "Traceback" not in done.err, done
        return Done(done.status, done.out, done.err)

    def kill(self, process: Running, *, must_be_running: bool = False) -> Done:
        """SIGKILL, now; what it still said."""
        if process.poll() is None:
            # In fresh ones, too, the process that prepares the message goes with it.
            if isinstance(process, subprocess.Popen) and sys.platform != "win32":
                os.killpg(process.pid, SIGKILL)
            else:
                process.kill()
        elif must_be_running:
            raise AssertionError(f"it had ended: {end(process)}")
        return end(process)

    def wait_until_accepted(self, process: Running, count: int, *, seconds: float = PATIENCE_SECONDS) -> bool:
        """Until so many have been accepted in all: whether that happened before the process ended."""
        wait_until(
            lambda: count_record(self.record) >= count or process.poll() is not None,
            lambda: f"{count} were never accepted: {self.kill(process)}",
            step_seconds=0.001,
            seconds=seconds,
        )
        return count_record(self.record) >= count

    def wait_until_all_accepted(self, people: Collection[str]) -> None:
        """Until all of these have been accepted, with no process sending: a server that took its time."""
        wait_until(
            lambda: set(people) <= set(self.accepted()),
            lambda: f"never accepted: {set(people) - set(self.accepted())}",
            step_seconds=0.02,
        )

    def wait_until_heard(self, process: Running, verb: str, count: int) -> None:
        """Until the server has heard a command so often in all; `CONNECT` is the connection itself, `DOT` the end of
        a message.
        """
        wait_until(
            lambda: count_verb(self.record, verb) >= count or process.poll() is not None,
            lambda: f"{verb} was not heard {count} times: {self.kill(process)}",
            step_seconds=0.02,
        )
        assert count_verb(self.record, verb) >= count, f"it ended before: {end(process)}"

    # Looking

    def report_text(self) -> str:
        done = self.run("report", str(ISSUE), "--json")
        assert done.output.startswith("{"), done
        return done.output

    def report(self) -> Report:
        return parse_report(self.report_text())

    def states(self) -> dict[str, str]:
        return read_states(self.state, ISSUE)

    def in_state(self, *states: str) -> set[str]:
        return {address for address, told in self.states().items() if told in states}

    def accepted(self) -> list[str]:
        return [one.recipient for one in read_record(self.record)]

    def count_attempting(self) -> int:
        return count_attempting(self.state, ISSUE)

    def settle(self, decision: str = "skip") -> None:
        """What a person does about doubt."""
        done = self.run("resolve", str(ISSUE), "--in-doubt", decision, "--yes")
        assert done.status in {0, 3}, done

    def check(
        self, *, settled: Collection[str] = (), decided: Collection[str] = (), is_reported: bool = True
    ) -> Report | None:
        """The oracle; `nl report` is asked too, unless that would tell nothing new."""
        text = self.report_text() if is_reported else None
        check_promise(
            self.record,
            self.state,
            issue=ISSUE,
            report=text,
            candidates=len(self.recipients) if is_reported else None,
            settled=settled,
            decided=decided,
        )
        return None if text is None else parse_report(text)

    def check_finished(self, expected: Collection[str] | None = None) -> None:
        """Everybody (or those) got it once, and the ledger knows."""
        check_finished(self.record, self.state, issue=ISSUE, expected=self.recipients if expected is None else expected)

    def finish(self) -> set[str]:
        """Run until nothing is left but doubt, settle that by skipping, and check all of it: who was in doubt."""
        done = self.send()
        assert done.status in {0, 3}, done
        doubtful = self.in_state("in_doubt")
        assert (done.status == 3) == bool(doubtful), done
        self.check(is_reported=False)
        if doubtful:
            self.settle()
            assert not self.in_state("in_doubt")
        # Nothing is left: one more run sends nothing, and is content.
        again = self.send()
        assert again.status == 0, again
        report = self.check(settled=doubtful)
        assert report is not None
        assert report.is_complete, report
        kept = self.record_without(doubtful)
        check_finished(kept, self.state, issue=ISSUE, expected=set(self.recipients) - doubtful)
        return doubtful

    def record_without(self, addresses: Collection[str]) -> Path:
        """A copy of the record without these."""
        path = self.record.with_name("record-without")
        kept = [
            line
            for line, one in zip(self.record.read_bytes().splitlines(True), read_record(self.record), strict=True)
            if one.recipient not in addresses
        ]
        path.write_bytes(b"".join(kept))
        return path


@contextmanager
def served(
    folder: Path, recipients: int | Sequence[str], *misbehaviours: str, options: Sequence[str] = (), **settings: Any
) -> Iterator[tuple[ServerProcess, Sending]]:
    """A server that misbehaves so, and a workspace whose issue goes there. `settings`: those of `Sending`."""
    record = folder / "record"
    with ServerProcess(record, *misbehaviours, options=options) as server:
        yield server, Sending(folder / "workspace", recipients, record=record, transport=server.url, **settings)


def addresses(count: int, *, domains: int = 0) -> list[str]:
    """So many addresses, of one domain or spread over several: a domain that says “not now” is written to slowly."""
    return [f"p{number:05d}@{f'd{number % domains}.' if domains else ''}example.org" for number in range(count)]


def end(process: Running, *, seconds: float = RUN_SECONDS) -> Done:
    """Wait for its end. A traceback fails the test, whatever else it looks at."""
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        raise AssertionError(f"still running after {seconds} s: {output}\n{errors}") from None
    assert process.returncode is not None
    done = Done(process.returncode, output, errors)
    assert "Traceback" not in done.said or _was_starting(done), done
    return done


def _was_starting(done: Done) -> bool:
    """Whether a signal came before Python had come to `main`: what it says then is not ours."""
    is_before_main = done.errors.rstrip().endswith("KeyboardInterrupt") and ", in main\n" not in done.errors
    return is_before_main or any(one in done.errors for one in STARTING)
