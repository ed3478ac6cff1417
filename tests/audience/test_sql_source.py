"""A database that refuses: in plain words, without password or addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.audience.row import Tally
from newsletter_cli.audience.secret import read_secret
from newsletter_cli.audience.sql_source import SqlSource
from newsletter_cli.base.errors import ListError
from newsletter_cli.base.trust import PermittedCommand

SECRET = "s3cret-w0rd"


@pytest.mark.parametrize(
    ("url", "query", "why"),
    [
        ("sqlite:///{folder}/x.db", "SELECT email FROM nobody", "no such table"),
        ("sqlite:///{folder}/x.db", "SELECT 1 AS one", "no column"),
        ("sqlite:///{folder}/x.db", "CREATE TABLE t(x)", "not authorized"),
        ("sqlite:///{folder}/x.db", "SELECT 'a@x.fr' FROM \"a@x.fr\"", "no such table: –@–"),
        ("sqlite:///{folder}/none/x.db", "SELECT 1", "unable to open"),
        ("mysql+nodriver://u:s3cret-w0rd@h/b", "SELECT 1", "driver"),
        ("no url", "SELECT 1", "cannot be read"),
        ("postgresql://reader:s3cret-w0rd@127.0.0.1:9/base", "SELECT 1", "refused"),
    ],
)
def test_refusals(tmp_path: Path, url: str, query: str, why: str) -> None:
    source = SqlSource(url=url.replace("{folder}", str(tmp_path)), query=query)
    with pytest.raises(ListError, match=why) as caught:
        list(source.read(Tally()))
    assert SECRET not in f"{caught.value} {source!r} {caught.value.__context__!r}"
    assert "a@x.fr" not in str(caught.value)


def test_postgresql_refuses_a_wrong_password_without_showing_it(postgres_url: str) -> None:
    source = SqlSource(url=postgres_url.replace(SECRET, "guess-guess"), query="SELECT 1")
    with pytest.raises(ListError, match="refused") as caught:
        list(source.read(Tally()))
    assert "guess" not in str(caught.value)


def test_postgresql_types_become_cells(postgres_url: str) -> None:
    query = (
        "SELECT 'a@x.fr' AS email, now()::date AS since, 1.5 AS weight, NULL AS town, true AS unsubscribed, "
        "ARRAY['proof','direction'] AS groups"
    )
    (one,) = SqlSource(url=postgres_url, query=query).read(Tally())
    assert one.groups == ("proof", "direction")
    assert str(one.status) == "unsubscribed"
    assert set(one.attributes) == {"since", "weight"}


def test_a_hundred_thousand_rows_come_as_a_stream(postgres_url: str) -> None:
    query = "SELECT 'u' || n || '@example.org' AS email FROM generate_series(1, 100000) n"
    people = SqlSource(url=postgres_url, query=query).read(Tally())
    assert next(people).address == "u1@example.org"
    assert sum(1 for _one in people) == 99_999


def test_secrets_come_from_the_environment_or_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL_TEST_KEY", " abc ")
    assert read_secret("the key", variable="NL_TEST_KEY") == "abc"
    import sys

    def command(*words: str) -> PermittedCommand:
        return PermittedCommand(words=words, folder=Path.cwd())

    printing = command(sys.executable, "-c", "print('from command')")
    assert read_secret("the key", variable="NL_TEST_KEY", command=printing) == "from command"
    with pytest.raises(ListError, match="NL_NO_KEY"):
        read_secret("the key", variable="NL_NO_KEY")
    with pytest.raises(ListError, match="status 3") as caught:
        read_secret("the key", variable="X", command=command(sys.executable, "-c", "print('hidden'); exit(3)"))
    assert "hidden" not in str(caught.value)
    with pytest.raises(ListError, match="no program"):
        read_secret("the key", variable="X", command=command("/no/such/program"))
