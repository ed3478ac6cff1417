"""No server that a configuration names gets a secret of this user before they have trusted it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newsletter_cli.audience.row import Tally
from newsletter_cli.base.errors import ListError, NewsletterError, NotTrusted
from newsletter_cli.base.trust import TrustedRuns
from newsletter_cli.base.values import replace
from newsletter_cli.flows.audience import open_audience
from newsletter_cli.flows.doctor_asks import ask_list
from newsletter_cli.flows.sending.transport import choose_transport
from newsletter_cli.flows.trusting import read_trustables, trust_these
from newsletter_cli.preview.person import People
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.audience.grist_server import DOC, KEY, TABLE, GristServer
from tests.workspaces import CONFIG, make_workspace, write

SENDER = '[sender]\naddress = "letter@example.org"\n'
SMTP = SENDER + '[send]\ntransport = "smtp://mail.example.org"\n[send.smtp]\nuser = "letter"\n'
SQL = '[list]\nsource = "sql"\n[list.sql]\nquery = "SELECT email FROM people"\n'


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL_CONFIG_DIR", str(tmp_path / "config"))
    for name in ("NL_TRUST", "NL_TRANSPORT", "NL_LIST", "NL_LIST_SQL_URL", "NL_GRIST_KEY", "NL_SMTP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[GristServer]:
    with GristServer() as server:
        server.fill([{"Email": "a@example.org"}])
        yield server


def clone(folder: Path, more: str) -> Workspace:
    return make_workspace(folder / "ws", CONFIG + more)


def changed(workspace: Workspace, old: str, new: str) -> Workspace:
    file = workspace.root / "newsletter.toml"
    text = file.read_text("utf-8")
    assert old in text
    write(file, text.replace(old, new))
    return open_workspace(workspace.root)


def acting(workspace: Workspace) -> Workspace:
    return replace(workspace, commands=TrustedRuns(workspace.root))


def trust_all(workspace: Workspace) -> None:
    trust_these(workspace, read_trustables(workspace))


def in_grist(url: str, more: str = "") -> str:
    return f'[list]\nsource = "grist"\n[list.grist]\nurl = "{url}"\ndoc = "{DOC}"\ntable = "{TABLE}"\n{more}'


def test_looking_into_a_list_asks_no_server_that_nobody_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: GristServer
) -> None:
    workspace = clone(tmp_path, in_grist(server.url))
    monkeypatch.setenv("NL_GRIST_KEY", KEY)
    found = People().find(workspace)
    assert "nl trust" in str(found.error)
    assert f"NL_GRIST_KEY → {server.url}" in str(found.error)
    assert all(one.health.value != "wrong" for one in ask_list(workspace))
    assert server.requests == []
    trust_all(workspace)
    assert People().find(workspace).count == 1
    assert server.requests


@pytest.mark.parametrize("more", ['key_env = "AWS_SECRET_ACCESS_KEY"\n', 'key_command = ["echo", "key"]\n'])
def test_another_secret_or_another_server_is_another_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: GristServer, more: str
) -> None:
    workspace = clone(tmp_path, in_grist("https://grist.example.org"))
    monkeypatch.setenv("NL_GRIST_KEY", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    trust_all(workspace)
    for stranger in (
        changed(workspace, "https://grist.example.org", server.url),
        changed(workspace, "table =", f"{more}table ="),
    ):
        with pytest.raises(NotTrusted), open_audience(acting(stranger)):
            pass
    assert server.requests == []


def test_the_key_of_a_mail_service_goes_where_it_was_trusted_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = '[send]\ntransport = "lasuite://messages.example.org"\n[send.service]\nmailbox = "m"\nchannel = "c"\n'
    workspace = acting(clone(tmp_path, config))
    monkeypatch.setenv("NL_SERVICE_KEY", "hunter2")
    with pytest.raises(NotTrusted, match=r"NL_SERVICE_KEY → lasuite://messages\.example\.org"):
        choose_transport(workspace, None).secret()
    trust_all(workspace)
    assert choose_transport(workspace, None).secret() == "hunter2"
    # Another host is another use.
    elsewhere = acting(clone(tmp_path / "b", config.replace("messages", "elsewhere")))
    with pytest.raises(NotTrusted):
        choose_transport(elsewhere, None).secret()
    # What somebody says themselves is their word.
    assert choose_transport(elsewhere, "lasuite://said.example.org").secret() == "hunter2"


def test_a_password_goes_where_it_was_trusted_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = acting(clone(tmp_path, SMTP))
    monkeypatch.setenv("NL_SMTP_PASSWORD", "hunter2")
    with pytest.raises(NotTrusted, match=r"NL_SMTP_PASSWORD → smtp://mail\.example\.org:587") as caught:
        choose_transport(workspace, None).permit_secrets()
    assert "nl trust" in str(caught.value.hint)
    with pytest.raises(NotTrusted):
        choose_transport(workspace, None).secret()
    trust_all(workspace)
    choose_transport(workspace, None).permit_secrets()
    for old, new in (
        ("smtp://mail.example.org", "smtp://mail.example.net"),
        ("smtp://mail.example.net", "smtps://mail.example.org"),
        ('user = "letter"', 'user = "letter"\npassword_env = "NL_GRIST_KEY"'),
    ):
        monkeypatch.setenv("NL_GRIST_KEY", KEY)
        workspace = acting(changed(workspace, old, new))
        with pytest.raises(NotTrusted):
            choose_transport(workspace, None).permit_secrets()


def test_whose_certificates_are_believed_belongs_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = acting(clone(tmp_path, SMTP))
    monkeypatch.setenv("NL_SMTP_PASSWORD", "hunter2")
    trust_all(workspace)
    write(workspace.root / "ca.pem", "one")
    workspace = acting(changed(workspace, 'user = "letter"', 'user = "letter"\nca_file = "ca.pem"'))
    with pytest.raises(NotTrusted):
        choose_transport(workspace, None).permit_secrets()
    trust_all(workspace)
    choose_transport(workspace, None).permit_secrets()
    write(workspace.root / "ca.pem", "two")
    with pytest.raises(NotTrusted):
        choose_transport(acting(workspace), None).permit_secrets()


def test_a_persons_own_word_wants_no_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = acting(clone(tmp_path, SMTP))
    monkeypatch.setenv("NL_SMTP_PASSWORD", "hunter2")
    choose_transport(workspace, "smtp://mail.example.org").permit_secrets()
    monkeypatch.setenv("NL_TRANSPORT", "smtp://mail.example.org")
    choose_transport(workspace, None).permit_secrets()


@pytest.mark.parametrize(
    "more",
    [
        "",
        SENDER + '[send]\ntransport = "smtp://localhost:2525"\n',
        SENDER + '[send]\ntransport = "smtp://mail.example.org"\n',
        SENDER + '[send.smtp]\nuser = "letter"\n',
        SQL + 'url = "sqlite:///people.db"\n',
    ],
)
def test_without_a_secret_there_is_nothing_to_trust(tmp_path: Path, more: str) -> None:
    workspace = acting(clone(tmp_path, more))
    assert read_trustables(workspace) == []
    choose_transport(workspace, None).permit_secrets()


@pytest.mark.parametrize(
    ("url", "variable"),
    [
        ("postgresql://reader@db.example.org/members", None),
        ("postgresql:///members", None),
        ("sqlite+pysqlcipher:////etc/passwd", None),
        ("sqlite:///people.db", "postgresql://reader:hunter2@db.example.org/members"),
    ],
)
def test_a_query_is_trusted_together_with_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, variable: str | None
) -> None:
    workspace = acting(clone(tmp_path, SQL + f'url = "{url}"\n'))
    if variable is not None:
        monkeypatch.setenv("NL_LIST_SQL_URL", variable)
    (wanted,) = read_trustables(workspace)
    assert "hunter2" not in wanted.line
    with pytest.raises(NotTrusted), open_audience(workspace):
        pass
    trust_all(workspace)
    with open_audience(workspace):
        pass
    workspace = acting(changed(workspace, "SELECT email", "SELECT pg_sleep(9), email"))
    with pytest.raises(NotTrusted), open_audience(workspace):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///{outside}",
        "sqlite+pysqlite:///{outside}",
        "sqlite:///../people.db",
        "sqlite:///link.db",
        "sqlite:///file:people.db?mode=ro&uri=true",
        "SQLITE:///file:{outside}?uri=true",
    ],
)
def test_a_database_file_outside_takes_a_persons_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    outside = people(tmp_path / "people.db")
    workspace = acting(clone(tmp_path, SQL + f'url = "{url.format(outside=outside)}"\n'))
    if "link" in url:
        (workspace.root / "link.db").symlink_to(outside)
    with pytest.raises(ListError, match="leads out"), open_audience(workspace):
        pass
    monkeypatch.setenv("NL_LIST_SQL_URL", f"sqlite:///{outside}")
    with open_audience(workspace) as audience:
        assert [one.address for one in audience.source.read(Tally())] == ["a@example.org"]


@pytest.mark.parametrize(
    "query",
    [
        "VACUUM INTO '{target}'",
        "ATTACH '{target}' AS x",
        "DELETE FROM people RETURNING email",
        "PRAGMA writable_schema = 1",
        "CREATE TABLE more(email)",
        "SELECT load_extension('{target}')",
    ],
)
def test_a_query_of_sqlite_only_reads(tmp_path: Path, query: str) -> None:
    target = tmp_path / "target"
    text = SQL.replace("SELECT email FROM people", query.format(target=target)) + 'url = "sqlite:///people.db"\n'
    workspace = acting(clone(tmp_path, text))
    people(workspace.root / "people.db")
    before = (workspace.root / "people.db").read_bytes()
    with pytest.raises(NewsletterError), open_audience(workspace) as audience:
        list(audience.source.read(Tally()))
    assert not target.exists()
    assert (workspace.root / "people.db").read_bytes() == before


def people(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE people(email)")
        connection.execute("INSERT INTO people VALUES ('a@example.org')")
    return path
