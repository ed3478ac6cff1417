"""The story of a month, run against a host of pads on this machine: what the page shows is what `nl` says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter_cli.flows.clearance import approving, proof
from newsletter_cli.flows.clearance.schedule import WallClock
from tests.clock import Clock
from tests.deliver.server.oracle import read_states
from tests.inside import call
from tests.pads.server import HedgeDoc

ROOT = Path(__file__).resolve().parents[2]
STORY = (ROOT / "docs/tutorial/month.md").read_text("utf-8")
# Where it differs from one machine or day to the next.
VARYING = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|[\d.]+ kB|in \d+ s|─+")
ELSEWHERE = re.compile(r" \(\d\d:\d\d on this machine\)")
# Written in `_issue.md` meanwhile.
FILLED_IN = {
    "summary": "The December workshop, and what brought Camille to us.",
    "subject": "A workshop, and forty thousand lines",
    "preheader": "Thursday at two: bring a laptop, and one question you never dared to ask.",
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def host() -> Iterator[HedgeDoc]:
    with HedgeDoc() as host:
        yield host


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """It is Tuesday noon; whoever waits makes time pass."""
    clock = Clock(datetime(2026, 12, 15, 11, tzinfo=UTC))
    monkeypatch.setattr(WallClock, "now", lambda self: clock.moment)
    monkeypatch.setattr(WallClock, "sleep", lambda self, seconds: clock.move(seconds=seconds))
    yield clock
    clock.stop()


def blocks(kind: str) -> list[str]:
    return [text for found, text in BLOCK.findall(STORY) if found == kind]


def told() -> list[tuple[str, list[str]]]:
    """Each command of the page, and what it shows, in the parts that something is left out between."""
    shown = re.findall(r"^\$ (nl [^\n]*)\n(.*?)(?=^\$ |\Z)", "".join(blocks("console")), flags=re.MULTILINE | re.DOTALL)
    return [(command, re.split(r"^…\n", text, flags=re.MULTILINE)) for command, text in shown]


def words(text: str) -> str:
    """The words alone: tables are drawn on the page, and tab-separated here."""
    return " ".join(VARYING.sub(" ", ELSEWHERE.sub("", text)).split())


def prepare(folder: Path, host: HedgeDoc) -> Path:
    """The newsletter as the page says that it is, its pads written."""
    assert call("init", "data-news", "--name", "Data news", "--language", "en", cwd=folder).status == 0
    root = folder / "data-news"
    assert call("new", "2", "--date", "2026-12-17", cwd=root).status == 0
    config = (root / "newsletter.toml").read_text("utf-8")
    for key in ("url", "reply_to"):
        config = re.sub(rf"^# {key} = ", f"{key} = ", config, flags=re.MULTILINE)
    approval, proofs = blocks("toml")[0].split("\n\n")
    config = (
        config.replace("[send]\n", approval + "\n").rstrip() + f"\n\n{proofs}\n[check.links]\nallow_private = true\n"
    )
    (root / "newsletter.toml").write_text(config, "utf-8")
    people = re.search(r"^```\n(email;.*?)^```", STORY, flags=re.MULTILINE | re.DOTALL)
    assert people
    (root / "list.csv").write_text(people[1], "utf-8")
    sections = root / "sections" / "002"
    agenda, portrait = blocks("markdown")
    for slug, text in (("agenda", agenda), ("portrait", portrait)):
        header, _fence, body = text.removeprefix("---\n").partition("---\n")
        header = header.replace(f"https://pad.example.org/{slug}-2", host.address(f"{slug}-2"))
        (sections / f"{slug}.md").write_text(f"---\n{header}---\n", "utf-8")
        host.pads[f"{slug}-2"] = body
    for slug in ("retour-atelier", "zoom-projet", "lectures", "jobs"):
        path = sections / f"{slug}.md"
        path.write_text(path.read_text("utf-8").replace("status: draft", "status: skip"), "utf-8")
    for slug in ("participer", "appel-a-idees"):
        (sections / f"{slug}.md").write_text("---\nstatus: ready\n---\n\nCome and see us.\n", "utf-8")
    header = (sections / "_issue.md").read_text("utf-8")
    for key, text in FILLED_IN.items():
        header = re.sub(rf'^{key}: ""$', f'{key}: "{text}"', header, flags=re.MULTILINE)
    (sections / "_issue.md").write_text(f"{header.rstrip()}\n\nThe days are short.\n", "utf-8")
    return root


def test_the_month_as_it_is_told(tmp_path: Path, host: HedgeDoc, clock: Clock) -> None:
    root = prepare(tmp_path, host)
    # What tells the time has been imported by then.
    assert approving
    assert proof
    call("send", "2", "--dry-run", cwd=root)
    clock.start()
    portrait = root / "sections/002/portrait.md"
    for command, parts in told():
        arguments = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', command)][1:]
        # Scripts are not asked.
        if arguments[0] in ("proof", "approve", "send"):
            arguments.append("--yes")
        done = call(*arguments, cwd=root)
        if "--at" not in arguments and arguments[0] == "send":
            assert done.status == 1
        else:
            assert done.status == 0, done.err
        if arguments[0] == "approve":
            # The comma of the page.
            text = portrait.read_text("utf-8")
            portrait.write_text(text.replace("lines, and", "lines and"), "utf-8")
        said, place = words(done.out + done.err), 0
        for part in parts:
            expected = words(
                re.sub(r"^(?:To send it to|Approve it|Send this proof to).*\n", "", part, flags=re.MULTILINE)
            )
            place = said.find(expected, place)
            assert place >= 0, f"$ {command}\n{expected}\n--- said:\n{said}"
    assert set(read_states(root / "state", 2).values()) == {"sent"}
    assert len(read_states(root / "state", 2)) == 3
    five = ("pull", "check", "proof", "approve", "send")
    assert [one.split()[1] for one, _parts in told() if one.split()[1] in five][:5] == list(five)
