from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.values import replace
from newsletter_cli.model import Event, Issue, Section, SourceText, Status
from newsletter_cli.render.calendar import build_calendar
from tests.examples import examples

PARIS = ZoneInfo("Europe/Paris")
WORKSHOP = Event(
    title="Atelier 10 % ; la suite, ici",
    start=datetime(2023, 3, 30, 14, tzinfo=PARIS),
    end=datetime(2023, 3, 30, 17, 30, tzinfo=PARIS),
    place="Lieu de la Transformation publique,\nParis",
    url="https://a.example/?a=1;b=2,3",
    description="**Python** avec [Lino](https://b.example/).\n\n- un\n- deux",
)
FAIR = Event(title="Viva Technology", start=date(2023, 6, 14), end=date(2023, 6, 17))


def issue_of(*events: Event, when: datetime | None = datetime(2023, 3, 28, 13, tzinfo=PARIS)) -> Issue:
    section = Section(slug="agenda", title="À l’agenda", body=SourceText(text="", file="agenda.md"), events=events)
    return Issue(
        number=1,
        title="Newsletter #1 !",
        slug="newsletter1",
        editorial=SourceText(text="", file="_issue.md"),
        sections=(section,),
        date=when,
    )


def build(*events: Event, newsletter_name: str = "Programme 10 %", timezone: str = "Europe/Paris") -> bytes:
    found = build_calendar(
        issue_of(*events), newsletter_name=newsletter_name, timezone=timezone, uid_domain="a.example"
    )
    assert found is not None
    return found


def parse(data: bytes) -> tuple[icalendar.Component, list[icalendar.Component]]:
    calendar = icalendar.Calendar.from_ical(data)
    return calendar, calendar.walk("VEVENT")


def time_of(component: icalendar.Component, name: str) -> icalendar.vDDDTypes:
    """A property that is a day or a moment, its parameters with it."""
    found = component[name]
    assert isinstance(found, icalendar.vDDDTypes)
    return found


def uids(data: bytes) -> list[str]:
    return [str(entry["UID"]) for entry in parse(data)[1]]


def test_no_event_no_calendar() -> None:
    issue = issue_of(FAIR)
    skipped = replace(issue, sections=(replace(issue.sections[0], status=Status.SKIP),))
    for one in (issue_of(), skipped):
        assert build_calendar(one, newsletter_name="x", timezone="Europe/Paris", uid_domain="a.example") is None


def test_a_calendar_reads_back() -> None:
    calendar, (workshop, fair) = parse(build(FAIR, WORKSHOP))
    assert calendar["VERSION"] == "2.0"
    assert "METHOD" not in calendar
    assert calendar["X-WR-CALNAME"] == "Programme 10 %"
    assert workshop["SUMMARY"] == "Atelier 10 % ; la suite, ici"
    assert workshop["LOCATION"] == "Lieu de la Transformation publique, Paris"
    assert workshop["URL"] == "https://a.example/?a=1;b=2,3"
    assert workshop["DESCRIPTION"] == (
        "Python avec Lino (https://b.example/).\n\n- un\n- deux\n\nhttps://a.example/?a=1;b=2,3"
    )
    assert workshop["SEQUENCE"] == 0
    assert time_of(workshop, "DTSTART").dt == WORKSHOP.start
    assert time_of(workshop, "DTEND").dt == WORKSHOP.end
    assert time_of(workshop, "DTSTART").params["TZID"] == "Europe/Paris"
    assert time_of(workshop, "DTSTAMP").dt == datetime(2023, 3, 28, 11, tzinfo=UTC)
    assert time_of(fair, "DTSTART").dt == date(2023, 6, 14)
    assert time_of(fair, "DTEND").dt == date(2023, 6, 18)  # exclusive
    assert time_of(fair, "DTSTART").params["VALUE"] == "DATE"


@pytest.mark.parametrize(
    ("url", "description", "expected"),
    [
        ("https://a.example/in", "Bring a cup.", "Bring a cup.\n\nhttps://a.example/in"),
        ("https://a.example/in", None, "https://a.example/in"),
        ("https://a.example/in", "Join at https://a.example/in today.", "Join at https://a.example/in today."),
        ("mailto:ada@a.example", "Write.", "Write.\n\nmailto:ada@a.example"),
        ("/in", "Bring a cup.", "Bring a cup."),
        (None, "Bring a cup.", "Bring a cup."),
    ],
)
def test_the_address_is_where_every_calendar_shows_it(url: str | None, description: str | None, expected: str) -> None:
    (entry,) = parse(build(replace(WORKSHOP, url=url, description=description)))[1]
    assert entry["DESCRIPTION"] == expected


def test_a_change_carries_its_number() -> None:
    (entry,) = parse(build(replace(WORKSHOP, revised=2)))[1]
    assert entry["SEQUENCE"] == 2


def test_without_date_the_stamp_is_the_epoch() -> None:
    data = build_calendar(
        issue_of(FAIR, when=None), newsletter_name="x", timezone="Europe/Paris", uid_domain="a.example"
    )
    assert data is not None
    assert b"DTSTAMP:19700101T000000Z\r\n" in data


def test_lines_are_folded_and_end_in_crlf() -> None:
    data = build(replace(WORKSHOP, title="é日" * 200))
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert parse(data)[1][0]["SUMMARY"] == "é日" * 200


def test_uid_survives_a_correction() -> None:
    before = uids(build(WORKSHOP))
    assert before[0].endswith("@a.example")
    start = datetime(2023, 3, 30, 15, tzinfo=PARIS)
    later = replace(WORKSHOP, start=start, place="Ailleurs", url=None, description="x")
    assert uids(build(later)) == before
    assert uids(build(replace(WORKSHOP, title="ATELIER 10 % ;  la suite, ici"))) == before
    assert uids(build(WORKSHOP, newsletter_name="Autre")) != before
    assert uids(build(replace(WORKSHOP, title="Autre"))) != before
    moved = replace(WORKSHOP, start=datetime(2023, 4, 6, 14, tzinfo=PARIS), end=None)
    assert uids(build(moved)) != before
    # The same event in the next issue is the same entry.
    data = build_calendar(
        replace(issue_of(WORKSHOP), number=2),
        newsletter_name="Programme 10 %",
        timezone="Europe/Paris",
        uid_domain="a.example",
    )
    assert data is not None
    assert uids(data) == before


def test_twins_have_uids_of_their_own() -> None:
    found = uids(build(WORKSHOP, WORKSHOP, replace(WORKSHOP, start=datetime(2023, 3, 30, 9, tzinfo=PARIS))))
    assert len(set(found)) == 3


def test_time_zone_is_one_outlook_reads() -> None:
    calendar, _events = parse(build(WORKSHOP))
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Paris"
    (standard,), (daylight,) = zone.walk("STANDARD"), zone.walk("DAYLIGHT")
    assert standard.to_ical() == (
        b"BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZNAME:CET\r\n"
        b"TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
    )
    assert daylight.to_ical() == (
        b"BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZNAME:CEST\r\n"
        b"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"
    )
    # Read as the rules say, not by name: the same offsets as the zone's own, all through the year.
    assert isinstance(zone, icalendar.Timezone)
    read = zone.to_tz(lookup_tzid=False)
    for day in range(0, 730, 3):
        moment = datetime(2023, 1, 1, 12) + timedelta(days=day)
        assert moment.replace(tzinfo=read).utcoffset() == moment.replace(tzinfo=PARIS).utcoffset()


@pytest.mark.parametrize(
    ("name", "observances"),
    [
        ("America/New_York", 2),
        ("America/Sao_Paulo", 1),
        ("Australia/Sydney", 2),
        ("Europe/Dublin", 2),
        ("Indian/Reunion", 1),
        ("Pacific/Noumea", 1),
        ("Africa/Casablanca", 0),  # clocks follow Ramadan: no yearly rule, so UTC
        ("UTC", 0),
    ],
)
def test_zones_of_the_world(name: str, observances: int) -> None:
    zone = ZoneInfo(name)
    event = Event(title="x", start=datetime(2024, 7, 1, 14, tzinfo=zone), end=datetime(2024, 7, 1, 15, tzinfo=zone))
    calendar, (entry,) = parse(build(event, timezone=name))
    assert time_of(entry, "DTSTART").dt == event.start
    assert len(calendar.walk("STANDARD")) + len(calendar.walk("DAYLIGHT")) == observances
    if not observances:
        start = time_of(entry, "DTSTART").dt
        assert isinstance(start, datetime)
        assert start.utcoffset() == timedelta()
        assert "TZID" not in time_of(entry, "DTSTART").params
    for found in calendar.walk("VTIMEZONE"):
        assert isinstance(found, icalendar.Timezone)
        read = found.to_tz(lookup_tzid=False)
        for month in range(1, 13):
            moment = datetime(2024, month, 15, 12)
            assert moment.replace(tzinfo=read).utcoffset() == moment.replace(tzinfo=zone).utcoffset()


def test_offset_becomes_the_newsletters_zone_or_utc() -> None:
    here = Event(title="a", start=datetime(2023, 3, 30, 14, tzinfo=timezone(timedelta(hours=2))))
    there = Event(title="b", start=datetime(2023, 3, 30, 14, tzinfo=timezone(timedelta(hours=-4))))
    _calendar, (first, second) = parse(build(here, there))
    assert time_of(first, "DTSTART").params["TZID"] == "Europe/Paris"
    assert time_of(second, "DTSTART").dt == datetime(2023, 3, 30, 18, tzinfo=UTC)
    assert "DTEND" not in first


def test_injection_is_text() -> None:
    url = "https://a.example/\r\nX-B:2"
    event = replace(WORKSHOP, title="a\r\nATTENDEE:x", place="b\nX-A:1", url=url, description="\x07")
    data = build(event)
    names = {line.split(b":")[0].split(b";")[0] for line in data.replace(b"\r\n ", b"").split(b"\r\n")}
    assert not names & {b"ATTENDEE", b"X-A", b"X-B"}


SPECIAL = st.sampled_from(";,:\\\nNn\"'\r\t\x00\u2028\u00a0\u202e")
HOSTILE = st.text(st.one_of(SPECIAL, st.characters(exclude_categories=["Cs"])))


@examples(25)
@given(HOSTILE, HOSTILE)
@example(r"C:\News\new\;\,\\", r"\N")
def test_hostile_texts_read_back(title: str, place: str) -> None:
    def line(value: str) -> str:
        spaced = "".join(" " if c <= " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029" else c for c in value)
        return " ".join(part for part in spaced.split(" ") if part)

    event = replace(FAIR, title=title, place=place)
    data = build(event, newsletter_name=title)
    assert data == build(event, newsletter_name=title)
    assert all(len(part) <= 75 for part in data.split(b"\r\n"))
    _calendar, (entry,) = parse(data)
    assert str(entry.get("SUMMARY", "")) == line(title)
    assert str(entry.get("LOCATION", "")) == line(place)


def test_same_bytes_in_another_process() -> None:
    """Whatever the hash seed, the clock's zone and the locale."""
    script = (
        "import sys; from tests_calendar import build, WORKSHOP, FAIR, replace, ZoneInfo, datetime;"
        "sys.stdout.buffer.write(build(FAIR, WORKSHOP, *(replace(WORKSHOP, title=name, end=None,"
        "start=datetime(2023, 3, 30, 14, tzinfo=ZoneInfo(name))) for name in"
        " ('Asia/Tokyo', 'America/New_York', 'Australia/Sydney', 'Europe/London'))))"
    )
    root = Path(__file__).parents[2]
    script = (
        f"import sys; sys.path[:0] = [{str(root)!r}]; import importlib.util as u;"
        + (
            f"s = u.spec_from_file_location('tests_calendar', {__file__!r}); m = u.module_from_spec(s);"
            "sys.modules['tests_calendar'] = m; s.loader.exec_module(m);"
        )
        + script
    )
    outputs = set()
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "UTC"), ("3", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert outputs.pop().count(b"BEGIN:VTIMEZONE") == 5


def test_unknown_zone_is_named() -> None:
    with pytest.raises(ConfigError, match="Mars/Olympus"):
        build(WORKSHOP, timezone="Mars/Olympus")
