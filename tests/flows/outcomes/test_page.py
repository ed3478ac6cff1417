"""The report's page: what stands in it, and that it names nobody."""

from __future__ import annotations

import re
import shutil
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter_cli.base.errors import UsageError
from newsletter_cli.flows.outcomes.gathering import FEWEST_OF_DOMAIN, gather_outcome
from newsletter_cli.flows.outcomes.history import gather_history
from newsletter_cli.flows.outcomes.page import render_history_page, render_issue_page
from newsletter_cli.flows.outcomes.wording import shown_day
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.flows.outcomes.made import BEGAN, come_back, deliver, freeze, join, ledger, make, suppress
from tests.locale.test_no_english import speak

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def issue_page(workspace: Workspace, number: int = 1) -> html.HtmlElement:
    return read(render_issue_page(workspace, gather_outcome(workspace, number), gather_history(workspace), now=NOW))


def history_page(workspace: Workspace) -> html.HtmlElement:
    return read(render_history_page(workspace, gather_history(workspace), now=NOW))


def read(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def table(page: html.HtmlElement, caption: str) -> list[list[str]]:
    """The rows of a table, its heads first."""
    (found,) = [one for one in page.iter("table") if one.findtext("caption") == caption]
    return [[cell.text_content() for cell in row] for row in found.iter("tr")]


@pytest.mark.parametrize(("apart", "most"), [(0.07, 29), (20, 3), (60, 1)])
def test_no_more_left_in_a_minute_than_left_at_all(tmp_path: Path, apart: float, most: int) -> None:
    workspace = make(tmp_path)
    with ledger(tmp_path) as connection:
        freeze(connection, 1)
        for number in range(29):
            deliver(connection, 1, f"reader{number}@large.example", at=BEGAN + int(apart * number))
    pace = gather_outcome(workspace, 1).pace
    assert pace is not None
    assert pace.a_minute == most


def test_the_first_of_a_month_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2026, 12, 1), date(2026, 12, 11), date(2026, 12, 21)]
    english = [shown_day(day) for day in days]
    assert english == ["December 1, 2026", "December 11, 2026", "December 21, 2026"]
    speak(monkeypatch, "fr")
    assert [shown_day(day) for day in days] == ["1er décembre 2026", "11 décembre 2026", "21 décembre 2026"]


def test_the_numbers_of_an_issue(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    with ledger(tmp_path) as connection:
        freeze(connection, 1, subject="Tidings & <more>", unsubscribed=2, double=1)
        for number in range(6):
            deliver(connection, 1, f"reader{number}@large.example", at=BEGAN + 60 * number)
        deliver(connection, 1, "a@small.example", "refused", reply="5.1.1 <a@small.example>: User unknown")
        deliver(connection, 1, "b@small.example", "deferred", code=451, reply="4.7.1 Greylisted, 300 seconds")
        deliver(connection, 1, "c@small.example", "pending", code=0, at=0, tries=0)
    page = issue_page(workspace)
    assert table(page, "What became of the recipients") == [
        ["outcome", "recipients", "share"],
        ["sent", "6", "66.7%"],
        ["waiting", "1", "11.1%"],
        ["put off by their server", "1", "11.1%"],
        ["refused", "1", "11.1%"],
    ]
    assert table(page, "Left out, by reason")[1:] == [["unsubscribed", "2"], ["twice on the list", "1"]]
    heads, *rows = table(page, "What became of the recipients, by domain")
    assert heads == ["domain", "sent", "waiting", "put off by their server", "refused", "recipients"]
    assert rows == [["large.example", "6", "0", "0", "0", "6"], ["all others", "0", "1", "1", "1", "3"]]
    assert len(table(page, "Messages that left in every 10 seconds")) == 7
    assert sorted(table(page, "What the servers said")[1:]) == [
        ["451 4.7.1 Greylisted, … seconds", "put off by their server", "1"],
        ["550 5.1.1 User unknown", "refused", "1"],
    ]
    assert "Tidings & <more>" in page.text_content()
    assert "Not complete" in page.text_content()


def test_what_every_issue_and_the_list_came_to(tmp_path: Path) -> None:
    workspace = make(tmp_path, issues=2)
    with ledger(tmp_path) as connection:
        for issue in (1, 2):
            freeze(connection, issue)
            for number in range(issue):
                deliver(connection, issue, f"reader{number}@large.example")
    come_back(tmp_path, 2, FeedbackKind.HARD, 3)
    come_back(tmp_path, None, FeedbackKind.REPLY)
    join(tmp_path, "a@example.org", "2026-01-05T10:00:00Z")
    join(tmp_path, "b@example.org", "2026-03-05T10:00:00Z", left="2026-04-01T10:00:00Z")
    suppress(tmp_path, b"b", "unsubscribed", "2026-04-01T10:00:00Z")
    suppress(tmp_path, b"c", "imported", "2026-04-01T10:00:00Z")
    for page in (issue_page(workspace, 2), history_page(workspace)):
        assert table(page, "Recipients of each issue") == [
            ["issue", "sent", "recipients"],
            ["1", "1", "1"],
            ["2", "2", "2"],
        ]
        assert table(page, "What came back from each issue") == [
            ["issue", "no such mailbox", "answer of a person"],
            ["1", "0", "0"],
            ["2", "3", "0"],
            ["not known of which", "0", "1"],
        ]
        assert table(page, "Subscribers at the end of each month")[1:] == [
            ["Jan 2026", "1", "0", "1"],
            ["Feb 2026", "0", "0", "1"],
            ["Mar 2026", "1", "0", "2"],
            ["Apr 2026", "0", "1", "1"],
        ]
        assert table(page, "Who left, month by month") == [["month", "unsubscribed"], ["Apr 2026", "1"]]
    assert table(history_page(workspace), "All issues")[1][:4] == ["2", "June 9, 2026", "2", "2"]


@pytest.mark.parametrize("states", [(), ("sent",), ("pending",), ("refused",), ("in_doubt",)])
def test_issues_of_nobody_and_of_one(tmp_path: Path, states: tuple[str, ...]) -> None:
    workspace = make(tmp_path)
    with ledger(tmp_path) as connection:
        freeze(connection, 1)
        for state in states:
            deliver(connection, 1, "zoe@quart.example", state, reply="5.1.1 Zoe is unknown", name="Zoé")
    for page in (issue_page(workspace), history_page(workspace)):
        text = html.tostring(page, encoding="unicode")
        assert not re.search("zo[eé]|quart", text, re.IGNORECASE)


def test_an_erased_person_has_no_domain_and_no_words(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    with ledger(tmp_path) as connection:
        freeze(connection, 1)
        for number in range(6):
            deliver(connection, 1, f"erased:{number}", "refused", reply="550")
    page = issue_page(workspace)
    assert "erased" not in page.text_content()
    assert table(page, "What the servers said")[1:] == [["550, in words that were not kept", "refused", "6"]]


def test_a_domain_that_might_name_somebody_is_among_the_others(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    with ledger(tmp_path) as connection:
        freeze(connection, 1)
        for number in range(FEWEST_OF_DOMAIN):
            deliver(connection, 1, f"a{number}@xn--lve-6la.example")
        for number in range(FEWEST_OF_DOMAIN - 1):
            deliver(connection, 1, f"a{number}@family-quart.example")
    rows = table(issue_page(workspace), "What became of the recipients, by domain")
    assert [row[0] for row in rows[1:]] == ["lève.example", "all others"]


def test_a_list_that_cannot_be_read_is_told_and_the_ledger_all_the_same(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    with ledger(tmp_path) as connection:
        freeze(connection, 1)
        deliver(connection, 1, "a@example.org")
    (tmp_path / "state" / "list.db").write_bytes(b"no database at all" * 400)
    text = issue_page(workspace).text_content()
    assert "nothing can be said" in text
    assert "What became of the recipients" in text


def test_nothing_was_ever_sent(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    with pytest.raises(UsageError, match="ever sent"):
        gather_history(workspace)
    assert not (tmp_path / "state").exists()


def test_a_template_of_ones_own_takes_the_place_and_runs_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    with ledger(tmp_path) as connection:
        freeze(connection, 1)
    own = tmp_path / "templates" / "report" / "page.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ mark|safe }}<p>Ours: {{ title }}</p>", encoding="utf-8")
    assert "Ours: Issue 1" in issue_page(open_workspace(tmp_path)).text_content()
    own.write_text("<p>x</p><script>1</script>", encoding="utf-8")
    with pytest.raises(Exception, match=r"templates/report/page\.html\.j2") as caught:
        issue_page(open_workspace(tmp_path))
    assert "<script>" in str(caught.value)


MARKED = st.text(alphabet="qxzkjw", min_size=7, max_size=12)
AROUND = st.text(alphabet=" <>'\"&@.;:()/=\u202e\u0007\u2028", max_size=3)


@pytest.fixture(scope="module")
def empty() -> Path:
    folder = Path(tempfile.mkdtemp())
    make(folder / "w")
    with ledger(folder / "w"):
        pass
    return folder / "w"


@given(MARKED, MARKED, MARKED, MARKED, AROUND, AROUND, st.sampled_from(("refused", "deferred", "in_doubt")))
def test_the_page_names_nobody(
    empty: Path, local: str, domain: str, name: str, token: str, before: str, after: str, state: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "w"
        shutil.copytree(empty, root)
        with ledger(root) as connection:
            freeze(connection, 1, subject=f"Tidings for {local}@{domain}.example")
            whom = [f"{local}{number}@{domain}.example" for number in range(3)]
            whom += [f'"{local}@{name}{number}"@x.org' for number in range(2)]
            pieces = (local, name, token, f"{local}@{domain}.example", f"<script>{token}</script>")
            for key, one in zip(whom, pieces, strict=True):
                reply = f"5.1.1 {before}{one}{after} User unknown"
                fields = f'{{"first_name": "{name}"}}'
                deliver(connection, 1, key, state, name=f"{name} {local}", fields=fields, reply=reply)
        workspace = open_workspace(root)
        for page in (
            render_issue_page(workspace, gather_outcome(workspace, 1), gather_history(workspace), now=NOW),
            render_history_page(workspace, gather_history(workspace), now=NOW),
        ):
            assert not re.search(f"{local}|{domain}|{name}|{token}", page, re.IGNORECASE)
            assert not re.search("<script|[\x00-\x08\x0e-\x1f\u202e\u2028]", page)
