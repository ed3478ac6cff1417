"""The story of a month, run against a host of pads on this machine: what the page shows is what `nl` says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
# Where it differs from one machine or day to the next.
VARYING = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|[\d.]+ kB|(?:in|en) \d+\s+s\b|─+")
ELSEWHERE = re.compile(r" \([^()]* (?:on this|sur cette) machine\)")


@dataclass(frozen=True, kw_only=True)
class Story:
    """The page in one language, and what it says has been written meanwhile."""

    page: str
    language: str
    name: str
    filled_in: Mapping[str, str]
    editorial: str
    standing: str
    comma: str

    @property
    def text(self) -> str:
        return (ROOT / self.page).read_text("utf-8")


STORIES = (
    Story(
        page="docs/tutorial/month.md",
        language="en",
        name="Data news",
        filled_in={
            "summary": "The December workshop, and what brought Camille to us.",
            "subject": "A workshop, and forty thousand lines",
            "preheader": "Thursday at two: bring a laptop, and one question you never dared to ask.",
        },
        editorial="The days are short.",
        standing="Come and see us.",
        comma="lines, and",
    ),
    Story(
        page="docs/fr/tutorial/month.md",
        language="fr",
        name="La lettre des données",
        filled_in={
            "summary": "L’atelier de décembre, et ce qui a mené Camille jusqu’à nous.",
            "subject": "Un atelier, et quarante mille lignes",
            "preheader": "Jeudi à deux heures : apportez un portable, "
            "et une question que vous n’avez jamais osé poser.",
        },
        editorial="Les jours sont courts.",
        standing="Venez nous voir.",
        comma="lignes, et",
    ),
)
ASKED = re.compile(
    r"^(?:To send it to|Approve it|Send this proof to|Pour l’envoyer à|L’approuver|Envoyer cette épreuve).*\n",
    re.MULTILINE,
)
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


def blocks(story: Story, kind: str) -> list[str]:
    return [text for found, text in BLOCK.findall(story.text) if found == kind]


def told(story: Story) -> list[tuple[str, list[str]]]:
    """Each command of the page, and what it shows, in the parts that something is left out between."""
    shown = re.findall(
        r"^\$ (nl [^\n]*)\n(.*?)(?=^\$ |\Z)", "".join(blocks(story, "console")), flags=re.MULTILINE | re.DOTALL
    )
    return [(command, re.split(r"^…\n", text, flags=re.MULTILINE)) for command, text in shown]


def words(text: str) -> str:
    """The words alone: tables are drawn on the page, and tab-separated here."""
    return " ".join(VARYING.sub(" ", ELSEWHERE.sub("", text)).split())


def prepare(folder: Path, host: HedgeDoc, story: Story) -> Path:
    """The newsletter as the page says that it is, its pads written."""
    assert call("init", "data-news", "--name", story.name, "--language", story.language, cwd=folder).status == 0
    root = folder / "data-news"
    assert call("new", "2", "--date", "2026-12-17", cwd=root).status == 0
    config = (root / "newsletter.toml").read_text("utf-8")
    for key in ("url", "reply_to"):
        config = re.sub(rf"^# {key} = ", f"{key} = ", config, flags=re.MULTILINE)
    approval, proofs = blocks(story, "toml")[0].split("\n\n")
    config = (
        config.replace("[send]\n", approval + "\n").rstrip() + f"\n\n{proofs}\n[check.links]\nallow_private = true\n"
    )
    (root / "newsletter.toml").write_text(config, "utf-8")
    people = re.search(r"^```\n(email;.*?)^```", story.text, flags=re.MULTILINE | re.DOTALL)
    assert people
    (root / "list.csv").write_text(people[1], "utf-8")
    sections = root / "sections" / "002"
    agenda, portrait = blocks(story, "markdown")
    for slug, text in (("agenda", agenda), ("portrait", portrait)):
        header, _fence, body = text.removeprefix("---\n").partition("---\n")
        header = header.replace(f"https://pad.example.org/{slug}-2", host.address(f"{slug}-2"))
        (sections / f"{slug}.md").write_text(f"---\n{header}---\n", "utf-8")
        host.pads[f"{slug}-2"] = body
    for slug in ("retour-atelier", "zoom-projet", "lectures", "jobs"):
        path = sections / f"{slug}.md"
        path.write_text(path.read_text("utf-8").replace("status: draft", "status: skip"), "utf-8")
    for slug in ("participer", "appel-a-idees"):
        (sections / f"{slug}.md").write_text(f"---\nstatus: ready\n---\n\n{story.standing}\n", "utf-8")
    header = (sections / "_issue.md").read_text("utf-8")
    for key, text in story.filled_in.items():
        header = re.sub(rf'^{key}: ""$', f'{key}: "{text}"', header, flags=re.MULTILINE)
    (sections / "_issue.md").write_text(f"{header.rstrip()}\n\n{story.editorial}\n", "utf-8")
    return root


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
def test_the_month_as_it_is_told(tmp_path: Path, host: HedgeDoc, clock: Clock, story: Story) -> None:
    root = prepare(tmp_path, host, story)
    # What tells the time has been imported by then.
    assert approving
    assert proof
    call("send", "2", "--dry-run", cwd=root)
    clock.start()
    portrait = root / "sections/002/portrait.md"
    for command, parts in told(story):
        arguments = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', command)][1:]
        # Scripts are not asked.
        if arguments[0] in ("proof", "approve", "send"):
            arguments.append("--yes")
        done = call(*arguments, cwd=root, env={"NL_LANG": story.language})
        if "--at" not in arguments and arguments[0] == "send":
            assert done.status == 1
        else:
            assert done.status == 0, done.err
        if arguments[0] == "approve":
            # The comma of the page.
            text = portrait.read_text("utf-8")
            portrait.write_text(text.replace(story.comma, story.comma.replace(",", "")), "utf-8")
        said, place = words(done.out + done.err), 0
        for part in parts:
            expected = words(ASKED.sub("", part))
            place = said.find(expected, place)
            assert place >= 0, f"$ {command}\n{expected}\n--- said:\n{said}"
    assert set(read_states(root / "state", 2).values()) == {"sent"}
    assert len(read_states(root / "state", 2)) == 3
    five = ("pull", "check", "proof", "approve", "send")
    assert [one.split()[1] for one, _parts in told(story) if one.split()[1] in five][:5] == list(five)
