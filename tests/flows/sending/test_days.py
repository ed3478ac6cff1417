"""The day of sending against the issue's own date, and against what it announces."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter_cli.flows.sending.days import day_notes
from newsletter_cli.flows.sending.preparing import prepare
from newsletter_cli.model import Event, Issue, Job, Section, SourceText
from tests.flows.sending.newsletter import Editor, Newsletter

PARIS = ZoneInfo("Europe/Paris")
DATED = datetime(2026, 6, 11, 9, tzinfo=PARIS)


def notes_of(now: datetime, *events: Event, jobs: tuple[Job, ...] = (), dated: datetime | None = DATED) -> list[str]:
    body = SourceText(text="", file="sections/001/agenda.md")
    issue = Issue(
        number=1,
        title="x",
        slug="x",
        date=dated,
        editorial=SourceText(text="", file="sections/001/_issue.md"),
        sections=(Section(slug="agenda", title="Agenda", body=body, events=events, jobs=jobs),),
    )
    return list(day_notes(issue, now, timezone="Europe/Paris", language="en"))


def test_on_its_day_nothing_is_said_whatever_the_hour_or_zone() -> None:
    assert notes_of(datetime(2026, 6, 11, 7, tzinfo=UTC)) == []
    assert notes_of(datetime(2026, 6, 10, 22, 30, tzinfo=UTC)) == []
    assert notes_of(datetime(2026, 6, 15, tzinfo=UTC), dated=None) == []


def test_another_day_is_told_before_and_after() -> None:
    for day in (9, 12):
        (note,) = notes_of(datetime(2026, 6, day, 12, tzinfo=UTC))
        assert "11 June 2026" in note.replace("June 11, 2026", "11 June 2026")


def test_what_is_over_by_then_is_told_with_its_place() -> None:
    start, end = (datetime(2026, 6, 12, hour, tzinfo=PARIS) for hour in (14, 15))
    tea = Event(title="Tea", start=start, end=end, line=4)
    fair = Event(title="Fair", start=date(2026, 6, 11), end=date(2026, 6, 13))
    job = Job(title="Keeper", deadline=date(2026, 6, 12), line=9)
    noon = datetime(2026, 6, 12, 12, tzinfo=PARIS)
    assert not any("Tea" in note or "Keeper" in note for note in notes_of(noon, tea, fair, jobs=(job,)))
    told = " | ".join(notes_of(datetime(2026, 6, 13, 9, tzinfo=PARIS), tea, fair, jobs=(job,)))
    assert "sections/001/agenda.md:4: “Tea” is over" in told
    assert "Keeper" in told
    assert "Fair" not in told
    assert "Tea" in " ".join(notes_of(datetime(2026, 6, 12, 16, tzinfo=PARIS), tea))


def test_what_was_over_on_its_own_date_is_a_finding_and_no_note() -> None:
    (note,) = notes_of(datetime(2026, 6, 20, 9, tzinfo=PARIS), Event(title="Tea", start=date(2026, 6, 1)))
    assert "Tea" not in note


def test_many_are_counted() -> None:
    many = [Event(title=f"Tea {number}", start=date(2026, 6, 12)) for number in range(5)]
    told = notes_of(datetime(2026, 6, 20, 9, tzinfo=PARIS), *many)
    assert len(told) == 5
    assert told[-1] == "2 more are over"


def test_a_dry_run_and_a_send_are_told(tmp_path: Path) -> None:
    texts = {"_issue.md": '---\ntitle: "Tidings #1"\ndate: 2001-06-11\n---\nGood morning.\n'}
    newsletter = Newsletter(tmp_path, texts=texts)
    # What both have checked and made; the day is the one they hand in.
    late = prepare(newsletter.root, 1, datetime(2031, 1, 1, 12, tzinfo=UTC), ())
    assert any("2031" in note for note in late.notes)
    assert any("2001, and goes out on" in note for note in newsletter.dry().notes)
    editor = Editor()
    newsletter.send(editor=editor)
    assert any("2001, and goes out on" in note for note in editor.questions[0].notes)
