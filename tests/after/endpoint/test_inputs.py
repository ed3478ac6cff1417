"""Whatever anybody sends: an answer with a status that fits, nothing written that was not wished, no error."""

from __future__ import annotations

import asyncio
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter_cli.after.endpoint.forms import is_one_click, parse_form
from newsletter_cli.after.endpoint.sqlite_log import SqliteLog
from newsletter_cli.after.endpoint.unsubscribing import parse_token
from newsletter_cli.after.endpoint.words import choose_language
from tests.after.endpoint.examples import KEY, ONE_CLICK, TOKENS, ask, opened

TOKEN = TOKENS.token(7)
TYPES = st.sampled_from(
    [
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data;boundary=",
        "text/x",
    ]
) | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
BODIES = st.binary(max_size=300) | st.lists(
    st.sampled_from([ONE_CLICK, b"&", b"=", b"--x", b"--x--", b"\r\n", b"\r\n\r\n", b"Content-Disposition: form-data",
                     b'; name="List-Unsubscribe"', b"One-Click", b"%", b"\x00", b"Content-Type: multipart/mixed"]),
    max_size=14,
).map(b"".join)  # fmt: skip
QUERIES = st.text(st.characters(max_codepoint=255), max_size=60) | st.builds(
    "{}u={}{}".format,
    st.text(st.characters(max_codepoint=255), max_size=6),
    st.sampled_from([TOKEN, TOKEN[:-1], TOKEN.upper(), "%", ""]),
    st.text(st.characters(max_codepoint=255), max_size=6),
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "get", "", "🙂"])
KNOWN = ["/unsubscribe", "/unsubscribe/", "/log", "/healthz", "/hook/brevo/x", "/hook/x", "/"]
PATHS = st.sampled_from(KNOWN) | st.text(max_size=30).map("/{}".format)


@given(METHODS, PATHS, QUERIES, TYPES, BODIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_there_is_an_answer_to_everything(
    tmp_path: Path, method: str, path: str, query: str, kind: str, body: bytes
) -> None:
    log = SqliteLog(tmp_path / "endpoint.db")
    before = len(log.read_after(KEY.newsletter, 0, 100_000))

    async def go() -> int:
        async with opened(log) as app:
            headers = {"content-type": kind, "accept-language": kind, "authorization": kind}
            return (await ask(app, method, f"{path.replace('?', '')}?{query}", body, headers)).status

    status = asyncio.run(go())
    assert status in {200, 400, 401, 404, 405, 413}
    after = SqliteLog(tmp_path / "endpoint.db")
    written = len(after.read_after(KEY.newsletter, 0, 100_000)) - before
    after.close()
    is_wish = (
        method == "POST"
        and path.rstrip("/") == "/unsubscribe"
        and parse_token(query.encode("latin-1")) == TOKEN
        and is_one_click(parse_form(kind.encode("latin-1"), body))
    )
    # Told again within a minute, it is one.
    assert written <= is_wish
    assert not is_wish or status == 200


@given(st.binary(max_size=200))
def test_a_token_is_found_or_not_whatever_stands_around_it(query: bytes) -> None:
    assert isinstance(parse_token(query), str)
    assert parse_token(b"u=" + TOKEN.encode() + b"&" + query.replace(b"u=", b"")) == TOKEN


@given(st.text(max_size=8), st.binary(max_size=80))
def test_a_language_is_always_one_that_there_are_words_for(wanted: str, accepted: bytes) -> None:
    assert choose_language(wanted, accepted) in {"en", "fr"}
    assert choose_language("fr-CA", accepted) == "fr"
