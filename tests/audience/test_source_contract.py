"""One contract for the four sources: the same people, the same answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.grist import GristSource
from newsletter_cli.audience.grist_api import GristDoc
from newsletter_cli.audience.importing import Additions, import_list
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.row import Tally
from newsletter_cli.audience.select import parse_segment, select_recipients
from newsletter_cli.audience.source import ListSource
from newsletter_cli.audience.sql_source import SqlSource
from newsletter_cli.audience.store import Store
from newsletter_cli.config.list_settings import ListColumnSettings
from newsletter_cli.model.subscriber import Exclusion, Recipient
from tests.audience.grist_server import DOC, KEY, TABLE, GristServer

NAMES = ListColumnSettings(address="Email", name="Nom", unsubscribed="Supprimez_mon_compte", groups="Groupes")
PEOPLE = [
    {"Email": "Lea@Example.org", "Nom": "Léa", "Ville": "Paris", "Groupes": "proof", "Supprimez_mon_compte": False},
    {"Email": "jean@example.org", "Nom": "Jean", "Ville": "Lyon", "Groupes": "", "Supprimez_mon_compte": True},
    {"Email": "nour@exämple.org", "Nom": "", "Ville": "", "Groupes": "proof; direction", "Supprimez_mon_compte": False},
    {"Email": "zoe@example.org", "Nom": "Zoé", "Ville": "Paris", "Groupes": "", "Supprimez_mon_compte": False},
]
DOUBTFUL = [
    {"Email": "not an address", "Nom": "X", "Ville": "", "Groupes": "", "Supprimez_mon_compte": False},
    {"Email": "LEA@example.org", "Nom": "Lea", "Ville": "", "Groupes": "", "Supprimez_mon_compte": False},
]
Maker = Callable[[list[dict[str, object]]], ListSource]


def write_csv(path: Path, rows: list[dict[str, object]]) -> Path:
    lines = [";".join(PEOPLE[0]), *(";".join(f'"{value}"' for value in row.values()) for row in rows)]
    path.write_text("\n".join(lines), "utf-8")
    return path


def csv_maker(tmp_path: Path) -> Maker:
    return lambda rows: CsvSource(path=write_csv(tmp_path / "l.csv", rows), name="l.csv", columns=NAMES)


def managed_maker(tmp_path: Path, store: Store) -> Maker:
    def make(rows: list[dict[str, object]]) -> ListSource:
        source = CsvSource(path=write_csv(tmp_path / "l.csv", rows), name="l.csv", columns=NAMES)
        import_list(
            store, source, additions=Additions(), now=datetime(2026, 1, 1, tzinfo=UTC),
            reject=lambda *_: None, start_rejects=lambda _: None, on_left_out=lambda _: None,
        )  # fmt: skip
        return ManagedList(store)

    return make


def grist_maker(server: GristServer) -> Maker:
    def make(rows: list[dict[str, object]]) -> ListSource:
        groups = [{**row, "Groupes": str(row["Groupes"]).split("; ") if row["Groupes"] else None} for row in rows]
        server.fill(groups)
        doc = GristDoc(url=server.url, doc=DOC, key=KEY, name="Grist", backoff_seconds=0.01)
        return GristSource(doc=doc, table=TABLE, columns=NAMES, page_rows=2)

    return make


def sql_maker(url: str) -> Maker:
    def make(rows: list[dict[str, object]]) -> ListSource:
        import sqlalchemy

        engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("DROP TABLE IF EXISTS people"))
            connection.execute(
                sqlalchemy.text(
                    'CREATE TABLE people(n integer, "Email" text, "Nom" text, "Ville" text, "Groupes" text, '
                    '"Supprimez_mon_compte" boolean)'
                )
            )
            for number, row in enumerate(rows):
                connection.execute(
                    sqlalchemy.text(
                        "INSERT INTO people VALUES (:n, :Email, :Nom, :Ville, :Groupes, :Supprimez_mon_compte)"
                    ),
                    {"n": number, **row},
                )
        engine.dispose()
        query = 'SELECT "Email", "Nom", "Ville", "Groupes", "Supprimez_mon_compte" FROM people ORDER BY n'
        return SqlSource(url=url, query=query, columns=NAMES)

    return make


@pytest.fixture(params=["csv", "managed", "grist", "grist-records", "sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    if request.param == "csv":
        return csv_maker(tmp_path)
    if request.param == "managed":
        return managed_maker(tmp_path, request.getfixturevalue("store"))
    if request.param.startswith("grist"):
        server = request.getfixturevalue("grist")
        server.is_sql_allowed = request.param == "grist"
        return grist_maker(server)
    if request.param == "sqlite":
        return sql_maker(f"sqlite:///{tmp_path / 'people.db'}")
    return sql_maker(request.getfixturevalue("postgres_url"))


def test_everybody_in_order_with_all_that_is_known(make: Maker) -> None:
    tally = Tally()
    candidates = list(make([*PEOPLE]).read(tally))
    assert [(one.address, one.key, one.name) for one in candidates] == [
        ("Lea@example.org", "lea@example.org", "Léa"),
        ("jean@example.org", "jean@example.org", "Jean"),
        ("nour@xn--exmple-cua.org", "nour@xn--exmple-cua.org", ""),
        ("zoe@example.org", "zoe@example.org", "Zoé"),
    ]
    assert [str(one.status) for one in candidates] == ["confirmed", "unsubscribed", "confirmed", "confirmed"]
    assert [one.groups for one in candidates] == [("proof",), (), ("proof", "direction"), ()]
    assert [dict(one.attributes) for one in candidates] == [
        {"Ville": "Paris"},
        {"Ville": "Lyon"},
        {},
        {"Ville": "Paris"},
    ]
    assert tally.candidates == 4


def test_reading_twice_says_the_same(make: Maker) -> None:
    source = make([*PEOPLE])
    assert list(source.read(Tally())) == list(source.read(Tally()))


def test_the_selection_and_its_sum(make: Maker) -> None:
    selection = select_recipients(make([*PEOPLE]), is_suppressed=lambda key: key.startswith("zoe"))
    decisions = list(selection)
    assert [one.address for one in decisions if isinstance(one, Recipient)] == [
        "Lea@example.org",
        "nour@xn--exmple-cua.org",
    ]
    assert selection.as_counts() == {
        "candidates": 4, "recipients": 2, "excluded": {"unsubscribed": 1, "suppressed": 1},
    }  # fmt: skip


@pytest.mark.parametrize(("part", "expected"), [("group:PROOF", 2), ("ville=paris", 2), ("group:none", 0)])
def test_a_part_of_the_list(make: Maker, part: str, expected: int) -> None:
    selection = select_recipients(make([*PEOPLE]), is_suppressed=None, segment=parse_segment(part))
    list(selection)
    assert selection.recipients == expected
    assert selection.candidates == 4


def test_rows_that_cannot_be_read_and_doubles(make: Maker) -> None:
    source = make([*PEOPLE, *DOUBTFUL])
    selection = select_recipients(source, is_suppressed=None)
    excluded = [one for one in selection if isinstance(one, Exclusion)]
    assert selection.recipients == 3
    if source.kind == "managed":  # refused or merged when they were imported
        assert {str(one.reason) for one in excluded} == {"unsubscribed"}
    else:
        assert [str(one.reason) for one in excluded] == ["unsubscribed", "invalid", "double"]
        assert all("example" not in one.detail for one in excluded)


def test_an_empty_list(make: Maker) -> None:
    selection = select_recipients(make([]), is_suppressed=None)
    assert list(selection) == []
    assert selection.candidates == 0


def test_stopping_half_way_leaves_nothing_open(make: Maker) -> None:
    people = iter(make([*PEOPLE]).read(Tally()))
    next(people)
    people.close()  # type: ignore[attr-defined]


def test_the_path_of_a_database_is_all_that_is_needed(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE m(email, at)")
        connection.execute("INSERT INTO m VALUES ('a@x.fr', '12:30')")
    connection.close()
    source = SqlSource(
        url=f"sqlite:///{tmp_path / 'x.db'}", query="SELECT email FROM m WHERE at = '12:30' AND at LIKE '%:%'"
    )
    assert [one.address for one in source.read(Tally())] == ["a@x.fr"]
