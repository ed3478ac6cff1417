"""The endpoint's routes, asked as a server of ASGI asks them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from newsletter_cli.after.endpoint.entries import NewEntry, NotALog, parse_page
from newsletter_cli.after.endpoint.log import Log, LogUnavailable
from newsletter_cli.after.endpoint.sqlite_log import SqliteLog
from newsletter_cli.base.tokens import TokenKeys, Tokens
from tests.after.endpoint.examples import (
    CHANGED,
    FORM,
    KEY,
    OLD_SECRET,
    ONE_CLICK,
    OTHER,
    OTHER_SECRET,
    SECRET,
    TOKENS,
    ask,
    entry,
    opened,
)

ADDRESS = f"/unsubscribe?u={TOKENS.token(7)}"
BEARER = {"authorization": f"Bearer {KEY.parts[0].fetch}"}


class Broken:
    """A log whose disk is full."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.id = log.id
        self.is_broken = True

    def append(self, entries: Sequence[NewEntry]) -> None:
        if self.is_broken:
            raise LogUnavailable("database or disk is full")
        self._log.append(entries)

    def check(self) -> None:
        self.append([])

    def note_fetched(self, newsletter: str, after: int) -> None:
        self.append([])

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        return getattr(self._log, name)


@pytest.fixture
def log(tmp_path: Path) -> SqliteLog:
    return SqliteLog(tmp_path / "endpoint.db")


def all_of(log: Log, newsletter: str = KEY.newsletter) -> list[tuple[str, str]]:
    return [(one.token, one.source) for one in log.read_after(newsletter, 0, 10_000)]


def test_one_click_takes_somebody_off_at_once(log: SqliteLog) -> None:
    async def go() -> None:
        async with opened(log) as app:
            reply = await ask(app, "POST", ADDRESS, ONE_CLICK, FORM)
            assert reply.status == 200
            assert not {"set-cookie", "location"} & set(reply.headers)
            assert reply.headers["cache-control"] == "no-store"
            again = await ask(app, "POST", ADDRESS, ONE_CLICK, FORM)
            assert again.status == 200
            (found,) = log.read_after(KEY.newsletter, 0, 10)
            assert (found.token, found.source, found.kind, found.key) == (
                TOKENS.token(7), "one-click", "unsubscribe", KEY.parts[0].id,
            )  # fmt: skip

    asyncio.run(go())


def test_looking_changes_nothing(log: SqliteLog) -> None:
    async def go() -> None:
        async with opened(log) as app:
            page = await ask(app, "GET", ADDRESS)
            assert (page.status, page.text.count("<button")) == (200, 1)
            assert 'lang="en"' in page.text
            assert "Data news" in page.text
            assert TOKENS.token(7) not in page.text
            head = await ask(app, "HEAD", ADDRESS)
            assert (head.status, head.body) == (200, b"")
            assert head.headers["content-length"] == str(len(page.body))
            for method in ("OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
                assert (await ask(app, method, ADDRESS)).status == 405
            assert all_of(log) == []

    asyncio.run(go())


def test_the_button_of_the_page_does_the_same(log: SqliteLog) -> None:
    async def go() -> None:
        async with opened(log) as app:
            done = await ask(app, "POST", ADDRESS, ONE_CLICK + b"&from=page", FORM)
            assert done.status == 200
            assert "news@example.org" in done.text
            assert all_of(log) == [(TOKENS.token(7), "page")]

    asyncio.run(go())


BOUNDARY = "----x7"
MULTIPART = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--{BOUNDARY}--\r\n'
)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (FORM, ONE_CLICK),
        ({}, ONE_CLICK),
        ({"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}, ONE_CLICK),
        ({"content-type": "text/plain"}, ONE_CLICK + b"\r\n"),
        (FORM, b"list-unsubscribe=one-click"),
        (FORM, b"List%2DUnsubscribe=One%2DClick"),
        (FORM, b"a=b&List-Unsubscribe=One-Click&c"),
        ({"content-type": f"multipart/form-data; boundary={BOUNDARY}"}, MULTIPART.encode()),
        ({"content-type": f'Multipart/Form-Data; boundary="{BOUNDARY}"'}, MULTIPART.encode()),
        ({"content-type": f"multipart/form-data; boundary={BOUNDARY}"}, MULTIPART.replace("\r\n", "\n").encode()),
        (
            {"content-type": f"multipart/form-data; boundary={BOUNDARY}"},
            MULTIPART.replace("\r\n\r\nOne", "\r\nContent-Type: text/plain\r\n\r\nOne").encode(),
        ),
    ],
)
def test_each_form_of_one_click_is_understood(log: SqliteLog, headers: dict[str, str], body: bytes) -> None:
    async def go() -> None:
        async with opened(log) as app:
            assert (await ask(app, "POST", ADDRESS, body, headers)).status == 200
            assert len(all_of(log)) == 1
            # In pieces, as a slow network brings it.
            pieces = [body[:5], b"", body[5:]]
            other = f"/unsubscribe?u={TOKENS.token(8)}"
            assert (await ask(app, "POST", other, pieces, headers)).status == 200
            assert len(all_of(log)) == 2

    asyncio.run(go())


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (FORM, b"", 400),
        (FORM, b"List-Unsubscribe=No", 400),
        (FORM, b"List-Unsubscribe", 400),
        ({"content-type": "application/json"}, b'{"List-Unsubscribe": "One-Click"}', 400),
        ({"content-type": "multipart/form-data"}, MULTIPART.encode(), 400),
        ({"content-type": "multipart/form-data; boundary=other"}, MULTIPART.encode(), 400),
        (FORM, b"a" * 100_000, 413),
        (FORM, b"&".join([b"a=b"] * 200), 400),
    ],
)
def test_what_is_no_wish_is_not_taken_for_one(
    log: SqliteLog, headers: dict[str, str], body: bytes, status: int
) -> None:
    async def go() -> None:
        async with opened(log) as app:
            reply = await ask(app, "POST", ADDRESS, body, headers)
            assert reply.status == status
            # Whoever pressed something is not left alone with it.
            assert status == 413 or "<button" in reply.text
            assert all_of(log) == []

    asyncio.run(go())


def test_wrong_and_cut_tokens_are_refused(log: SqliteLog) -> None:
    token = TOKENS.token(7)
    wrong = ["", token[:-1], token + "a", token[:-1] + ("a" if token[-1] != "a" else "b"), "a" * 24, "é" * 24, "0" * 24]
    wrong += [Tokens(OTHER_SECRET).token(7), token.replace(token[0], "1", 1), "../" * 8, "%00" * 24]

    async def go() -> None:
        async with opened(log) as app:
            for number, one in enumerate(wrong):
                client = (f"192.0.2.{number}", 1)
                for method in ("POST", "GET"):
                    reply = await ask(app, method, f"/unsubscribe?u={one}", ONE_CLICK, FORM, client)
                    assert reply.status == 404, one
                    assert "news@example.org" in reply.text
            assert (await ask(app, "POST", "/unsubscribe", ONE_CLICK, FORM)).status == 404
            assert all_of(log) == []

    asyncio.run(go())


@pytest.mark.parametrize("around", ["{}", "<{}>", "{}.", "%20{}%0A", "&a=b&u={}", "{}&x=1", "{}="])
def test_what_copying_puts_around_a_token_is_no_part_of_it(log: SqliteLog, around: str) -> None:
    async def go() -> None:
        async with opened(log) as app:
            address = f"/unsubscribe?u={around.format(TOKENS.token(7).upper())}"
            assert (await ask(app, "POST", address, ONE_CLICK, FORM)).status == 200
            assert all_of(log) == [(TOKENS.token(7), "one-click")]

    asyncio.run(go())


def test_a_changed_key_understands_what_was_sent_before(log: SqliteLog) -> None:
    async def go() -> None:
        async with opened(log, CHANGED) as app:
            for secret in (SECRET, OLD_SECRET):
                address = f"/unsubscribe?u={Tokens(secret).token(3)}"
                assert (await ask(app, "POST", address, ONE_CLICK, FORM)).status == 200
            found = log.read_after(CHANGED.newsletter, 0, 10)
            assert [one.key for one in found] == [part.id for part in CHANGED.parts]
            # The old secret fetches nothing any more.
            old = {"authorization": f"Bearer {CHANGED.parts[1].fetch}"}
            assert (await ask(app, "GET", "/log", headers=old)).status == 401
            new = {"authorization": f"Bearer {CHANGED.parts[0].fetch}"}
            assert (await ask(app, "GET", "/log", headers=new)).status == 200

    asyncio.run(go())


def test_two_newsletters_are_kept_apart(log: SqliteLog) -> None:
    async def go() -> None:
        async with opened(log, KEY, OTHER) as app:
            assert (await ask(app, "POST", ADDRESS, ONE_CLICK, FORM)).status == 200
            theirs = f"/unsubscribe?u={Tokens(OTHER_SECRET).token(7)}"
            assert 'lang="fr"' in (await ask(app, "GET", theirs)).text
            assert (await ask(app, "POST", theirs, ONE_CLICK, FORM)).status == 200
            for key in (KEY, OTHER):
                reply = await ask(app, "GET", "/log", headers={"authorization": f"Bearer {key.parts[0].fetch}"})
                page = parse_page(reply.body)
                assert [one.newsletter for one in page.entries] == [page.head.newsletter] == [key.newsletter]
            # Nobody knows whose a wrong link is: the reader's own language.
            lost = await ask(app, "GET", "/unsubscribe?u=lost", headers={"accept-language": "de, fr-FR;q=0.8, en;q=.1"})
            assert 'lang="fr"' in lost.text
            assert "news@example.org" not in lost.text

    asyncio.run(go())


def test_the_log_is_fetched_page_by_page(log: SqliteLog) -> None:
    log.append([entry(number) for number in range(1, 2_502)])

    async def go() -> None:
        async with opened(log) as app:
            after, seen = 0, []
            while True:
                reply = await ask(app, "GET", f"/log?after={after}", headers=BEARER)
                assert (reply.status, reply.headers["cache-control"]) == (200, "no-store")
                page = parse_page(reply.body)
                assert (page.head.log, page.head.keys) == (log.id, (KEY.parts[0].id,))
                seen += [one.token for one in page.entries]
                after = page.end.after
                if not page.end.more:
                    break
            assert seen == [entry(number).token for number in range(1, 2_502)]
            assert page.head.last == after
            # Cut off anywhere, it is told from a whole one.
            for cut in (1, 30, len(reply.body) // 2, len(reply.body) - 1):
                with pytest.raises(NotALog):
                    parse_page(reply.body[:cut])
            assert (await ask(app, "HEAD", "/log", headers=BEARER)).body == b""
            assert (await ask(app, "POST", "/log", headers=BEARER)).status == 405
            for strange in ("after=-1", "after=x", "after=", "before=1", "after=" + "9" * 30):
                assert (await ask(app, "GET", f"/log?{strange}", headers=BEARER)).status == 400

    asyncio.run(go())


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic {}", "bearer é", "{}"])
def test_nobody_else_fetches_the_log(log: SqliteLog, header: str) -> None:
    async def go() -> None:
        async with opened(log) as app:
            headers = {"authorization": header.format(KEY.parts[0].fetch)} if header else {}
            reply = await ask(app, "GET", "/log", headers=headers)
            assert (reply.status, reply.body) == (401, b"")
            for _ in range(40):
                reply = await ask(app, "GET", "/log", headers=headers)
            assert reply.status == 429
            assert int(reply.headers["retry-after"]) > 0
            assert (await ask(app, "GET", "/log", headers=BEARER)).status == 200

    asyncio.run(go())


def test_whoever_is_often_wrong_waits_and_whoever_is_right_does_not(log: SqliteLog) -> None:
    async def go() -> None:
        async with opened(log) as app:
            seen = [(await ask(app, "GET", f"/unsubscribe?u={number}")).status for number in range(60)]
            assert seen[0] == 404
            assert seen[-1] == 429
            assert (await ask(app, "GET", "/unsubscribe?u=x", client=("192.0.2.2", 1))).status == 404
            assert (await ask(app, "POST", ADDRESS, ONE_CLICK, FORM)).status == 200

    asyncio.run(go())


def test_a_full_disk_is_never_answered_as_done(log: SqliteLog, caplog: pytest.LogCaptureFixture) -> None:
    broken = Broken(log)

    async def go() -> None:
        async with opened(broken) as app:
            for body, source in ((ONE_CLICK, "one-click"), (ONE_CLICK + b"&from=page", "page")):
                reply = await ask(app, "POST", ADDRESS, body, FORM)
                assert reply.status == 503, source
                assert int(reply.headers["retry-after"]) > 0
            assert (await ask(app, "GET", "/healthz")).status == 503
            assert all_of(log) == []
            # What is there can be fetched all the same.
            assert (await ask(app, "GET", "/log?after=1", headers=BEARER)).status == 200
            broken.is_broken = False
            assert (await ask(app, "POST", ADDRESS, ONE_CLICK, FORM)).status == 200
            assert (await ask(app, "GET", "/healthz")).status == 200
            assert len(all_of(log)) == 1

    asyncio.run(go())
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2, told
    assert "full" in told[0]
    assert TOKENS.token(7) not in "".join(told)


def test_many_requests_share_a_commit(log: SqliteLog) -> None:
    class Counting(Broken):
        is_broken = False
        commits = 0

        def append(self, entries: Sequence[NewEntry]) -> None:
            self.commits += 1
            time.sleep(0.01)  # a slow disk
            super().append(entries)

    counting = Counting(log)
    counting.is_broken = False

    async def go() -> None:
        async with opened(counting) as app:
            asked = [ask(app, "POST", f"/unsubscribe?u={TOKENS.token(n)}", ONE_CLICK, FORM) for n in range(300)]
            replies = await asyncio.gather(*asked)
            assert {reply.status for reply in replies} == {200}
            assert len(all_of(log)) == 300
            assert counting.commits < 30

    asyncio.run(go())


def test_one_true_token_fills_no_disk(log: SqliteLog) -> None:
    async def go() -> None:
        async with opened(log) as app:
            for _ in range(3):
                asked = [ask(app, "POST", ADDRESS, ONE_CLICK, FORM) for _ in range(100)]
                assert {reply.status for reply in await asyncio.gather(*asked)} == {200}
            # A minute may have ended.
            assert len(all_of(log)) <= 2

    asyncio.run(go())


def test_what_else_is_asked_for_is_not_there(log: SqliteLog) -> None:
    async def go() -> None:
        async with opened(log, base_path="/lettre") as app:
            for path in ("/", "/robots.txt", "/unsubscribe/x", "/log/", "/hook/", "/../etc/passwd", "/lettre"):
                reply = await ask(app, "GET", path)
                assert reply.status in (404, 401), path
                assert "location" not in reply.headers
            # Left there by the proxy or taken away.
            for path in ("/lettre/unsubscribe", "/unsubscribe", "/unsubscribe/"):
                assert (await ask(app, "GET", f"{path}?u={TOKENS.token(7)}")).status == 200

    asyncio.run(go())


def test_tokens_are_read_with_nothing_but_their_keys() -> None:
    keys = KEY.parts[0].tokens
    assert keys == TokenKeys.of(SECRET)
    assert keys.row_of(TOKENS.token(2**40 - 1)) == 2**40 - 1
