# ruff: noqa: E501 - a case stands on a line of its own
"""Section files → an issue: every accepted form, and every wrong value with its line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import ContentError
from newsletter_cli.model import Issue, Level, Status
from newsletter_cli.workspace.read import ReadIssue, read_issue
from tests.examples import examples
from tests.workspaces import CONFIG, ISSUE, make_workspace

PARIS = ZoneInfo("Europe/Paris")


def read(tmp_path: Path, config: str = CONFIG, **files: str) -> ReadIssue:
    texts = {**ISSUE, **{f"{name.replace('__', '-')}.md": text for name, text in files.items()}}
    return read_issue(make_workspace(tmp_path, config, issues={1: texts}), 1)


def issue_of(tmp_path: Path, **files: str) -> Issue:
    return read(tmp_path, **files).issue


def faults(tmp_path: Path, **files: str) -> list[tuple[str | None, str]]:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, **files)
    assert caught.value.exit_status == 1
    return [(error.place, error.message) for error in (caught.value, *caught.value.also)]


class TestSections:
    def test_order_and_defaults(self, tmp_path: Path) -> None:
        issue = issue_of(tmp_path, party="---\nafter: agenda\ntitle: A *party*\nauthor: Ada\n---\nCome.\n")
        assert [(one.slug, one.title, one.author) for one in issue.sections] == [
            ("agenda", "Coming up", "Ada"),
            ("party", "A *party*", "Ada"),
            ("news", "News", "Grace"),
            ("about", "About us", None),
        ]
        assert [one.is_standing for one in issue.sections] == [False, False, False, True]
        assert [one.is_canonical for one in issue.sections] == [True, False, True, True]

    def test_the_body_keeps_its_bytes_and_knows_its_line(self, tmp_path: Path) -> None:
        body = "\r\n a \r\n\r\nb\u2028c\x0c  "
        news = issue_of(tmp_path, news=f"\ufeff---\r\nauthor: x\r\n---\r\n{body}").sections[1]
        assert (news.body.text, news.body.first_line, news.body.file) == (body, 4, "sections/001/news.md")

    @pytest.mark.parametrize("key", ["pad", "Pad", "bloc-notes"])
    def test_a_pad_is_an_address(self, tmp_path: Path, key: str) -> None:
        news = issue_of(tmp_path, news=f"---\n{key}: <https://pad.example.org/s/news>\n---\nText.\n").sections[1]
        assert news.pad == "https://pad.example.org/s/news"

    def test_what_is_no_address_of_a_pad_is_told_at_its_line(self, tmp_path: Path) -> None:
        assert faults(tmp_path, news="---\nauthor: x\npad: on paper\n---\nText.\n") == [
            ("sections/001/news.md:3", "“on paper” is no address of a pad")
        ]

    def test_a_file_without_header_is_all_body(self, tmp_path: Path) -> None:
        about = issue_of(tmp_path).sections[-1]
        assert (about.body.text, about.body.first_line, about.status) == ("Who we are.\n", 1, Status.READY)

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            ("ready", Status.READY),
            ("Draft", Status.DRAFT),
            ("SKIP", Status.SKIP),
            ("", Status.READY),
            ("' skip '", Status.SKIP),
        ],
    )
    def test_status(self, tmp_path: Path, text: str, status: Status) -> None:
        assert issue_of(tmp_path, news=f"---\nstatus: {text}\n---\nNews.\n").sections[1].status is status

    @pytest.mark.parametrize("text", ["done", "[ready]", "{a: b}", "1", "yes"])
    def test_what_is_no_status(self, tmp_path: Path, text: str) -> None:
        ((place, message),) = faults(tmp_path, news=f"---\nauthor: x\nstatus: {text}\n---\n")
        assert place == "sections/001/news.md:3"
        assert "status" in message

    def test_an_empty_title_is_meant_and_typed_numbers_stay_as_typed(self, tmp_path: Path) -> None:
        assert issue_of(tmp_path, news='---\ntitle: ""\n---\n').sections[1].title == ""
        assert issue_of(tmp_path / "b", news="---\ntitle: 007\nauthor: 1e3\n---\n").sections[1].title == "007"
        assert issue_of(tmp_path / "c", news="---\ntitle:\n---\n").sections[1].title == "News"

    def test_a_misspelt_key_is_a_finding(self, tmp_path: Path) -> None:
        (finding,) = read(tmp_path, news="---\nauthor: x\nstats: draft\n---\nText\n").findings
        assert (finding.rule, finding.place, finding.level) == (
            "front-matter-unknown-key",
            "sections/001/news.md:3",
            Level.WARNING,
        )
        assert finding.suggestion == "did you mean “status”?"

    def test_a_predecessor_that_is_nowhere_is_a_finding(self, tmp_path: Path) -> None:
        (finding,) = read(tmp_path, party="---\ntitle: x\nafter: agnda\n---\nText\n").findings
        assert (finding.rule, finding.place) == ("front-matter-after-unknown", "sections/001/party.md:3")
        assert finding.suggestion == "did you mean “agenda”?"
        other = read(tmp_path / "b", party="---\nafter: ball\n---\nText\n", ball="---\nafter: news\n---\nText\n")
        assert other.findings == ()

    def test_the_case_of_a_canonical_name_does_not_matter(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, issues={1: {"_issue.md": "", "AGENDA.MD": "Text\n"}})
        assert [(one.slug, one.is_canonical) for one in read_issue(workspace, 1).issue.sections] == [("agenda", True)]

    def test_hidden_and_other_files_are_no_sections(self, tmp_path: Path) -> None:
        workspace = make_workspace(
            tmp_path,
            issues={1: {"_issue.md": "", "_notes.md": "x", ".news.md": "x", "news.txt": "x", "images/a.md": "x"}},
        )
        assert read_issue(workspace, 1).issue.sections == ()


class TestIssueFile:
    def test_everything(self, tmp_path: Path) -> None:
        header = "title: 'It''s #1'\nslug: one\ndate: 2026-06-11T09:00:00+02:00\nsummary: S\nimages: a.png\nsubject: Su\npreheader: Pre\npost:\n  tags: [x]\n"
        issue = issue_of(tmp_path, _issue=f"---\n{header}---\nHello.\n")
        assert (issue.title, issue.slug, issue.summary, issue.images) == ("It's #1", "one", "S", ("a.png",))
        assert (issue.subject, issue.preheader, dict(issue.extra)) == ("Su", "Pre", {"tags": ["x"]})
        assert issue.date == datetime(2026, 6, 11, 7, tzinfo=UTC)
        assert issue.date.utcoffset() == timedelta(hours=2)
        assert (issue.editorial.text, issue.editorial.first_line) == ("Hello.\n", 12)

    def test_title_and_slug_from_their_patterns(self, tmp_path: Path) -> None:
        config = (
            CONFIG.replace('language = "en"', 'language = "fr"\ntitle = "N° {number} – {month} {year}"')
            + "[post]\nslug = 'n{number}-{year}'\n"
        )
        issue = read(tmp_path, config, _issue="---\ndate: 2026-08-01\n---\n").issue
        assert (issue.title, issue.slug) == ("N° 1 – août 2026", "n1-2026")
        undated = read(tmp_path / "b", config, _issue="").issue
        assert undated.title == "N° 1 –"

    def test_without_the_file_it_is_a_finding(self, tmp_path: Path) -> None:
        (finding,) = read_issue(make_workspace(tmp_path, issues={1: {"news.md": "x"}}), 1).findings
        assert (finding.rule, finding.place) == ("issue-file-missing", "sections/001/_issue.md")

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-06-11", datetime(2026, 6, 11, 13, tzinfo=PARIS)),
            ("'2026-06-11'", datetime(2026, 6, 11, 13, tzinfo=PARIS)),
            ("2026-06-11T09:30", datetime(2026, 6, 11, 9, 30, tzinfo=PARIS)),
            ("2026-06-11 09:30:00", datetime(2026, 6, 11, 9, 30, tzinfo=PARIS)),
            (
                "2026-06-11T09:30:00+05:30",
                datetime(2026, 6, 11, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            ),
            ("2026-06-11T09:30:00Z", datetime(2026, 6, 11, 9, 30, tzinfo=UTC)),
            ("", None),
            ("''", None),
        ],
    )
    def test_dates(self, tmp_path: Path, text: str, moment: datetime | None) -> None:
        assert issue_of(tmp_path, _issue=f"---\ndate: {text}\n---\n").date == moment

    @pytest.mark.parametrize("line", ["date: soon", "date: 2026-02-30", "date: [2026]", "date: 9999-12-31T23:59:59-12:00", "date: true",
                                      "images: {a: b}", "images: [1]", "post: text", "title: [a]", "summary: {a: b}"])  # fmt: skip
    def test_wrong_values_are_named_with_their_line(self, tmp_path: Path, line: str) -> None:
        ((place, message),) = faults(tmp_path, _issue=f"---\nslug: one\n{line}\n---\n")
        assert place == "sections/001/_issue.md:3"
        assert message


class TestEvents:
    def event(self, tmp_path: Path, fields: str) -> tuple[object, object]:
        agenda = f"---\nevents:\n  - title: Tea\n{fields}\n---\n"
        (event,) = issue_of(tmp_path, agenda=agenda).sections[0].events
        assert event.line == 3
        return event.start, event.end

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            ("2026-06-11", "", (date(2026, 6, 11), None)),
            ("'2026-06-11'", "2026-06-13", (date(2026, 6, 11), date(2026, 6, 13))),
            ("2026-06-11T14:00", "", (datetime(2026, 6, 11, 14, tzinfo=PARIS), None)),
            ("2026-06-11 14:00", "17:30", (datetime(2026, 6, 11, 14, tzinfo=PARIS), datetime(2026, 6, 11, 17, 30, tzinfo=PARIS))),
            ("2026-06-11T14:00", "'17:30'", (datetime(2026, 6, 11, 14, tzinfo=PARIS), datetime(2026, 6, 11, 17, 30, tzinfo=PARIS))),
            ("2026-06-11T14:00", "17:30:00", (datetime(2026, 6, 11, 14, tzinfo=PARIS), datetime(2026, 6, 11, 17, 30, tzinfo=PARIS))),
            ("2026-06-11T14:00", "17h", (datetime(2026, 6, 11, 14, tzinfo=PARIS), datetime(2026, 6, 11, 17, tzinfo=PARIS))),
            ("2026-06-11T14:00", "17 h 05", (datetime(2026, 6, 11, 14, tzinfo=PARIS), datetime(2026, 6, 11, 17, 5, tzinfo=PARIS))),
            ("2026-06-11T14:00", "17", (datetime(2026, 6, 11, 14, tzinfo=PARIS), datetime(2026, 6, 11, 17, tzinfo=PARIS))),
            ("2026-06-11T09:00", "09:45", (datetime(2026, 6, 11, 9, tzinfo=PARIS), datetime(2026, 6, 11, 9, 45, tzinfo=PARIS))),
            ("2026-06-11T14:00", "24:00", (datetime(2026, 6, 11, 14, tzinfo=PARIS), datetime(2026, 6, 12, tzinfo=PARIS))),
            ("2026-06-11T22:00", "2026-06-12T02:00", (datetime(2026, 6, 11, 22, tzinfo=PARIS), datetime(2026, 6, 12, 2, tzinfo=PARIS))),
            ("2026-06-11T14:00:00Z", "", (datetime(2026, 6, 11, 14, tzinfo=UTC), None)),
            ("2026-06-11T14:00+09:00", "", (datetime(2026, 6, 11, 5, tzinfo=UTC), None)),
        ],
    )  # fmt: skip
    def test_every_form_of_a_moment(
        self, tmp_path: Path, start: str, end: str, expected: tuple[object, object]
    ) -> None:
        assert self.event(tmp_path, f"    start: {start}\n    end: {end}") == expected

    @pytest.mark.parametrize(
        ("field", "message"),
        [
            ("start: soon", "“soon” is no date"),
            ("start: 2026-02-30", "“2026-02-30” is no date"),
            ("start: 17:30", "“17:30” is no date"),
            ("start: 0206-06-11", "is no date"),
            ("start: 9999-12-31", "is no date"),
            ("start: 20260611", "is no date"),
            ("start: [2026-06-11, soon]", "“soon” is no date"),
            ("repeat: weekly", "“weekly”: it does not say until when"),
            ("repeat: monthly until 2026-12-01", "no repetition that nl understands"),
            ("repeat: [weekly]", "“repeat” must be a text"),
            ("revised: twice", "“revised” is a number"),
            ("revised: -1", "“revised” is a number"),
            ("start: true", "is no date"),
            ("start: 1e400", "is no date"),
            ("end: 2026-06-12", "one end only"),
            ("end: 25:00", "“25:00” is no hour"),
            ("end: 12:75", "is no"),
            ("end: 12:00", "ends before it begins"),
            ("end: 02:00", "ends before it begins"),
            ("end: 2026-06-10T14:00", "ends before it begins"),
            ("url: example", "“example” is no address"),
            ("url: javascript:alert(1)", "is no address"),
            ("place: [a]", "“place” must be a text"),
            ("description: {a: b}", "“description” must be a text"),
            ("strat: 2026-06-11", "“events.strat” does not exist"),
        ],
    )
    def test_a_wrong_value_is_named_with_its_line(self, tmp_path: Path, field: str, message: str) -> None:
        fields = ["title: Tea", *([] if field.startswith("start:") else ["start: 2026-06-11T14:00"]), field]
        agenda = "---\nevents:\n  - " + "\n    ".join(fields) + "\n---\n"
        ((place, found),) = faults(tmp_path, agenda=agenda)
        assert place == f"sections/001/agenda.md:{2 + len(fields)}"
        assert message in found

    @pytest.mark.parametrize(
        ("events", "line", "message"),
        [
            ("events: soon", 2, "must be a list"),
            ("events: {title: a}", 2, "must be a list"),
            ("events:\n  - Tea", 3, "entry 1 of “events” is not made of keys and values"),
            ("events:\n  - title: Tea", 3, "entry 1 of “events” has no start"),
            (
                "events:\n  - title: a\n    start: 2026-06-11\n  - start: 2026-06-11",
                5,
                "entry 2 of “events” has no title",
            ),
            ("events:\n  - title: ''\n    start: 2026-06-11", 3, "has no title"),
        ],
    )
    def test_a_wrong_list_is_named_with_its_line(self, tmp_path: Path, events: str, line: int, message: str) -> None:
        ((place, found),) = faults(tmp_path, agenda=f"---\n{events}\n---\n")
        assert place == f"sections/001/agenda.md:{line}"
        assert message in found

    @pytest.mark.parametrize(
        "fields",
        [
            "start: [2026-06-11T14:00, 2026-06-18T14:00, 2026-06-25T14:00]\n    end: 15:30",
            "start:\n      - 2026-06-11T14:00\n      - 2026-06-18 14h\n      - 25 juin 2026 à 14h\n    end: 15h30",
            "start: 2026-06-11T14:00, 2026-06-18T14:00 et 2026-06-25T14:00\n    end: 15:30",
            "start: 2026-06-11T14:00\n    end: 15:30\n    repeat: weekly until 2026-06-30",
            "start: 2026-06-11T14:00\n    end: 2026-06-11T15:30\n    repeat: FREQ=WEEKLY;COUNT=3",
        ],
    )
    def test_an_event_of_several_days_is_as_many_entries(self, tmp_path: Path, fields: str) -> None:
        issue = issue_of(
            tmp_path, agenda=f"---\nevents:\n  - title: Tea\n    {fields}\n    place: Leeds\n    revised: 1\n---\n"
        )
        assert [(f"{one.start:%m-%d %H:%M}", f"{one.end:%m-%d %H:%M}") for one in issue.events] == [
            ("06-11 14:00", "06-11 15:30"),
            ("06-18 14:00", "06-18 15:30"),
            ("06-25 14:00", "06-25 15:30"),
        ]
        assert {(one.title, one.place, one.revised, one.line) for one in issue.events} == {("Tea", "Leeds", 1, 3)}

    @pytest.mark.parametrize(
        ("fields", "line", "message"),
        [
            (["start: [2026-06-11, 2026-06-18]", "repeat: weekly 3 times"], 5, "several starts and a repetition"),
            (["start: [2026-06-11, 2026-06-18]", "end: 2026-06-19"], 5, "“end” can only be an hour"),
            (["start: [2026-06-11T14:00, 2026-06-18T14:00]", "end: 2026-06-18T16:00"], 5, "“end” can only be an hour"),
        ],
    )
    def test_several_days_that_contradict_themselves(
        self, tmp_path: Path, fields: list[str], line: int, message: str
    ) -> None:
        agenda = "---\nevents:\n  - title: Tea\n    " + "\n    ".join(fields) + "\n---\n"
        found = faults(tmp_path, agenda=agenda)
        assert found[0][0] == f"sections/001/agenda.md:{line}"
        assert message in found[0][1]

    def test_nothing_is_no_event(self, tmp_path: Path) -> None:
        assert issue_of(tmp_path, agenda="---\nevents:\njobs: []\n---\n").events == ()

    @examples(25)
    @given(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
            st.integers(),
            st.floats(),
            st.booleans(),
            st.dates(),
            st.datetimes(),
        ),
        st.sampled_from(["start", "end", "deadline"]),
    )
    def test_no_value_is_too_odd(self, tmp_path_factory: pytest.TempPathFactory, value: object, key: str) -> None:
        import yaml

        text = yaml.safe_dump({key: value}, allow_unicode=True).strip().replace("\n", "\n    ")
        entry = f"jobs:\n  - title: x\n    {text}\n" if key == "deadline" else f"events:\n  - title: x\n    {text}\n"
        entry += "    start: 2026-06-11T14:00\n" if key == "end" else ""
        try:
            issue_of(tmp_path_factory.mktemp("w"), agenda=f"---\n{entry}---\n")
        except ContentError as error:
            assert error.file == "sections/001/agenda.md"  # noqa: PT017
            assert error.line is not None  # noqa: PT017


class TestJobs:
    def test_all_fields(self, tmp_path: Path) -> None:
        text = "---\njobs:\n  - title: Gardener\n    employer: The park\n    url: www.example.org/job\n    reference: 0042\n    deadline: 2026-07-01T12:00\n---\n"
        (job,) = issue_of(tmp_path, news=text).sections[1].jobs
        assert (job.title, job.employer, job.url, job.deadline, job.line) == (
            "Gardener", "The park", "https://www.example.org/job", date(2026, 7, 1), 3,
        )  # fmt: skip

    def test_wrong_values(self, tmp_path: Path) -> None:
        ((place, message),) = faults(tmp_path, news="---\njobs:\n  - title: a\n    deadline: soon\n---\n")
        assert (place, message) == ("sections/001/news.md:4", "“soon” is no date")


def test_the_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        _issue="---\ndate: soon\n---\n",
        agenda="---\nevents: x\n---\n",
        news="---\nstatus: x\n---\n",
        about="---\na: 'b\n---\n",
    )
    assert [place for place, _message in found] == [
        "sections/001/_issue.md:2",
        "sections/001/about.md:2",
        "sections/001/agenda.md:2",
        "sections/001/news.md:2",
    ]


@pytest.mark.parametrize(
    "text", ["", "\ufeff", "\n \n", "---\n---\n", "---\n# nothing yet\n---\n\n", "---\nauthor:\nstatus:\n---\n"]
)
def test_a_file_with_nothing_in_it_is_never_ready(tmp_path: Path, text: str) -> None:
    workspace = make_workspace(tmp_path, issues={1: {"news.md": text, "about.md": "Something.\n"}})
    statuses = {section.slug: section.status for section in read_issue(workspace, 1).issue.sections}
    assert statuses == {"news": Status.DRAFT, "about": Status.READY}
