"""Our databases: nobody but SQLite opens them, and what was erased is gone from their files."""

from __future__ import annotations

import ast
import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newsletter_cli.base.private_database import make_private_file, rewrite
from tests.tree import modules, nodes

# What opens a file by itself, as a function or as a method.
OPENING = {
    "open", "fdopen", "read_bytes", "read_text", "write_bytes", "write_text", "touch", "copy", "copy2", "copyfile",
    "file_digest",
}  # fmt: skip
# The second, where SQLite itself cannot open the file: nobody can hold a lock of this process on it there.
ALLOWED = {"newsletter_cli.base.private_database", "newsletter_cli.audience.copying"}


def names_a_database(node: ast.AST) -> bool:
    is_name = isinstance(node, ast.Name | ast.Attribute) and (getattr(node, "id", "") or getattr(node, "attr", "")) in {
        "DATABASE"
    }
    return is_name or (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".db"))


def raw_openings(module: str, tree: ast.Module) -> Iterator[str]:
    # Most modules name none, and need not be looked at function by function.
    named = (*nodes(tree, ast.Name), *nodes(tree, ast.Attribute), *nodes(tree, ast.Constant))
    if not any(map(names_a_database, named)):
        return
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda] = [
        *nodes(tree, ast.FunctionDef), *nodes(tree, ast.AsyncFunctionDef), *nodes(tree, ast.Lambda)
    ]  # fmt: skip
    for function in functions:
        inner = list(ast.walk(function))
        calls = [node for node in inner if isinstance(node, ast.Call)]
        called = {getattr(call.func, "attr", "") or getattr(call.func, "id", "") for call in calls}
        if any(map(names_a_database, inner)) and called & OPENING:
            yield f"{module}:{function.lineno}: {', '.join(sorted(called & OPENING))}"


def test_nobody_opens_a_database_beside_sqlite() -> None:
    others = {module: tree for module, tree in modules().items() if module not in ALLOWED}
    assert [found for module, tree in others.items() for found in raw_openings(module, tree)] == []


def test_the_look_at_the_tree_finds_what_it_is_for() -> None:
    old = ast.parse("def open_it(folder):\n    path = folder / DATABASE\n    os.close(os.open(path, 0))\n")
    assert list(raw_openings("m", old)) == ["m:1: open"]
    assert list(raw_openings("m", ast.parse("def f(state):\n    return (state / 'ledger.db').read_bytes()\n")))


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing on Windows")
def test_a_database_is_private_before_anything_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    old = os.umask(0)
    try:
        make_private_file(path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b"kept")
    make_private_file(path)
    assert path.read_bytes() == b"kept"


def test_what_was_erased_is_in_no_octet_of_the_file(tmp_path: Path) -> None:
    """Pages that were filled, split and freed, and rows too long for one page."""
    path = tmp_path / "some.db"
    spellings = ["zoé.çelik@example.org", "ZOÉ.ÇELIK@EXAMPLE.ORG", "zoe\u0301.c\u0327elik@example.org"]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; CREATE TABLE t(k UNIQUE, v);")
        connection.executemany("INSERT INTO t VALUES (?, ?)", ((f"reader{n}@example.org", "x" * n) for n in range(400)))
        for count, spelling in enumerate(spellings):
            for n in range(30):
                connection.execute("INSERT INTO t VALUES (?, ?)", (f"{spelling}{n}", f"{spelling} " * (n * n)))
                connection.execute("UPDATE t SET v = v || ? WHERE k = ?", ("y" * n * 40, f"{spelling}{n}"))
            connection.execute("DELETE FROM t WHERE k LIKE ? || '%'", (spelling,))
            assert count < 3
        assert rewrite(connection)
        found = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert not [spelling for spelling in spellings if spelling.encode() in found]
    assert b"reader399@" in found


@pytest.mark.parametrize("is_writing", [False, True])
def test_whoever_holds_it_open_is_noticed_at_once(tmp_path: Path, is_writing: bool) -> None:
    path = tmp_path / "some.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as one,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        one.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t(v); INSERT INTO t VALUES (1);")
        other.execute("BEGIN IMMEDIATE" if is_writing else "BEGIN")
        other.execute("SELECT * FROM t").fetchall()
        one.execute("PRAGMA busy_timeout = 90000")
        assert not rewrite(one, patience_seconds=0.05)
        assert one.execute("PRAGMA busy_timeout").fetchone() == (90_000,)
        other.execute("COMMIT")
        assert rewrite(one)


watched: list[str] = []
is_watching = False


def _note_opening(event: str, arguments: tuple[object, ...]) -> None:
    if is_watching and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        path = os.fsdecode(arguments[0])
        if path.endswith(".db") and Path(path).exists():
            watched.append(path)


@pytest.fixture
def raw_opened() -> Iterator[list[str]]:
    """The databases that Python itself opens meanwhile; SQLite's own opening is none of them."""
    global is_watching  # noqa: PLW0603 - a hook cannot be taken off again
    if _note_opening not in _hooked:
        sys.addaudithook(_note_opening)
        _hooked.append(_note_opening)
    watched.clear()
    is_watching = True
    yield watched
    is_watching = False


_hooked: list[object] = []


def test_a_whole_send_and_the_rights_of_a_person_open_none(tmp_path: Path, raw_opened: list[str]) -> None:
    from newsletter_cli.base.errors import UsageError
    from newsletter_cli.flows.list_people import unsubscribe_people
    from newsletter_cli.flows.list_rights import export_person, forget_people
    from newsletter_cli.flows.list_suppression import import_suppression
    from tests.flows.sending.newsletter import Newsletter

    newsletter = Newsletter(tmp_path)
    newsletter.send(limit=1)
    unsubscribe_people(newsletter.workspace, ["ben@example.org"], override=None)
    newsletter.send()
    newsletter.dry()
    export_person(newsletter.workspace, "ada@example.org", override=None)
    forget_people(newsletter.workspace, ["ada@example.org"], override=None)
    for name in ("list.db", "ledger.db"):
        with pytest.raises(UsageError, match="a database of nl"):
            newsletter.dry(list_file=str(newsletter.state / name), has_newcomers=True)
        with pytest.raises(UsageError, match="a database of nl"):
            import_suppression(newsletter.workspace, newsletter.state / name)
    assert raw_opened == []
    (tmp_path / "state" / "ledger.db").read_bytes()
    assert len(raw_opened) == 1
