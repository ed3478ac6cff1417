"""What Grist can answer besides what was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.audience.grist import GristSource
from newsletter_cli.audience.grist_api import GristDoc
from newsletter_cli.audience.row import Tally
from newsletter_cli.base.errors import ListError
from newsletter_cli.config.list_settings import ListColumnSettings
from tests.audience.grist_server import DOC, KEY, TABLE, GristServer

ROWS = [{"Email": f"u{number}@example.org", "Supprimez_mon_compte": False} for number in range(7)]


def source_of(server: GristServer, **changes: Any) -> GristSource:
    doc: dict[str, Any] = {
        "url": server.url,
        "doc": DOC,
        "key": KEY,
        "name": "Grist Abonnes",
        "backoff_seconds": 0.01,
    } | changes
    table = doc.pop("table", TABLE)
    return GristSource(doc=GristDoc(**doc), table=table, columns=ListColumnSettings(), page_rows=3)


def read(source: GristSource) -> list[str]:
    return [one.address for one in source.read(Tally())]


def test_pages_follow_the_row_ids(grist: GristServer) -> None:
    grist.fill(ROWS)
    assert read(source_of(grist)) == [row["Email"] for row in ROWS]
    assert grist.requests == [f"POST /api/docs/{DOC}/sql"] * 3


def test_a_password_of_netrc_is_not_sent_in_place_of_the_key(
    grist: GristServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login ines password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    grist.fill(ROWS)
    assert len(read(source_of(grist))) == 7


def test_a_row_deleted_between_two_pages_shifts_nobody(grist: GristServer) -> None:
    grist.fill(ROWS)
    people = source_of(grist).read(Tally())
    first = [next(people).address for _ in range(3)]
    del grist.rows[0]
    assert first + [one.address for one in people] == [row["Email"] for row in ROWS]


@pytest.mark.parametrize("fault", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(grist: GristServer, fault: int) -> None:
    grist.fill(ROWS)
    grist.faults = [fault, fault]
    assert len(read(source_of(grist))) == 7


@pytest.mark.parametrize(
    ("changes", "faults", "why"),
    [
        ({"key": "wrong"}, [], "does not accept the key"),
        ({"doc": "other"}, [], "no such document"),
        ({"table": "Other"}, [], "no such document or table"),
        ({}, [403, 403], "may not do this"),
        ({}, [500] * 9, "Grist answered 500"),
        ({}, [429] * 9, "slow down"),
        ({}, ["html"], "not Grist’s"),
        ({}, ["redirect"], "Grist answered 302"),
        ({}, ["cut"], "does not answer"),
        ({"timeout_seconds": 0.5}, ["slow"], "does not answer"),
        ({"url": "http://grist.example.org"}, [], "in the clear"),
        ({"url": "http://127.0.0.1:9"}, [], "does not answer"),
    ],
)
def test_errors_say_what_and_what_next_and_no_secret(
    grist: GristServer, changes: dict[str, Any], faults: list[int | str], why: str
) -> None:
    grist.fill(ROWS)
    grist.faults = faults
    with pytest.raises(ListError, match=why) as caught:
        read(source_of(grist, **changes))
    assert caught.value.hint
    assert KEY not in f"{caught.value!r} {caught.value} {caught.value.__context__!r}"


def test_without_the_right_to_query_the_records_are_streamed(grist: GristServer) -> None:
    grist.fill(ROWS)
    grist.is_sql_allowed = False
    assert len(read(source_of(grist))) == 7
    assert grist.requests[-1] == f"GET /api/docs/{DOC}/tables/{TABLE}/records"


def test_who_unsubscribes_is_ticked_and_nobody_else(grist: GristServer) -> None:
    grist.fill([*ROWS, {"Email": "U3@Example.org", "Supprimez_mon_compte": False}])
    assert source_of(grist).mark_unsubscribed(frozenset({"u3@example.org"})) == 2
    assert [row["id"] for row in grist.rows if row["Supprimez_mon_compte"]] == [4, 8]
    assert source_of(grist).mark_unsubscribed(frozenset({"u3@example.org"})) == 0


def test_a_table_without_the_column_says_so(grist: GristServer) -> None:
    grist.fill([{"Email": "a@example.org"}])
    with pytest.raises(ListError, match="no column to note"):
        source_of(grist).mark_unsubscribed(frozenset({"a@example.org"}))


def test_the_key_is_never_shown(grist: GristServer) -> None:
    assert KEY not in repr(source_of(grist))
