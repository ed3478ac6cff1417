"""Nothing that comes from elsewhere drives the terminal, breaks a line or turns its order round."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.console.escaping import escaped, escaped_json
from newsletter_cli.flows.sending.job import Question
from newsletter_cli.flows.sending.telling import question_lines
from newsletter_cli.model import Finding, Level
from tests.inside import run
from tests.workspaces import CONFIG, ISSUE, make_workspace

HOSTILE = "Lettre\r\nBcc: x\u202egnp\u2066\x1b[2J\x9b31m\x07\u2028fin"
BAD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def test_each_sign_is_named_in_its_place() -> None:
    assert escaped("a\r\nb\tc\x1b[1m\u202ed") == "a<U+000D><U+000A>b c<U+001B>[1m<U+202E>d"
    assert escaped("Été « 数据 »\u202f! 👩\u200d💻") == "Été « 数据 »\u202f! 👩\u200d💻"


@settings(deadline=None)
@given(st.text())
def test_any_text_is_one_safe_line(text: str) -> None:
    assert not BAD.search(escaped(text))
    assert "\n" not in escaped(text)


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.text(), max_size=3))
def test_json_says_the_same_without_them(value: dict[str, str]) -> None:
    for indent in (None, 2):
        shown = escaped_json(json.dumps(value, ensure_ascii=False, indent=indent))
        assert json.loads(shown) == value
        assert not BAD.search(shown)


def test_whatever_way_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    console.say(HOSTILE)
    console.say_path("file: ", HOSTILE)
    console.warn(HOSTILE)
    console.show_error(UsageError(HOSTILE, file=HOSTILE, hint=HOSTILE))
    console.show_findings([Finding(file=HOSTILE, rule="x", level=Level.ERROR, message=HOSTILE, suggestion=HOSTILE)])
    console.show_lines([[(HOSTILE, "strong")]])
    console.show_table(HOSTILE, [HOSTILE], [[HOSTILE]])
    console.show_json({HOSTILE: HOSTILE})
    out, err = capsys.readouterr()
    assert not BAD.search(out + err)
    assert len(out.splitlines()) == 1 + 1 + 2 + 1 + 3 + 3
    assert len(err.splitlines()) == 3


def test_the_question_of_a_send(capsys: pytest.CaptureFixture[str]) -> None:
    question = Question(
        issue=1, subject=HOSTILE, sender=HOSTILE, list_name=HOSTILE, transport=HOSTILE, is_embedded=False, waiting=1,
        known=0, excluded={}, first=HOSTILE, last=HOSTILE, is_resumed=False, notes=(HOSTILE,),
    )  # fmt: skip
    lines = list(question_lines(question))
    for line in lines:
        console.say(line)
    out = capsys.readouterr().out
    assert not BAD.search(out)
    assert len(out.splitlines()) == len(lines)


def test_from_outside(tmp_path: Path) -> None:
    issue = {
        **ISSUE,
        "_issue.md": f"---\ntitle: {json.dumps(HOSTILE)}\nsubject: {json.dumps(HOSTILE)}\ndate: 2026-06-11\n---\n",
    }
    config = (
        CONFIG.replace('"Tidings"', json.dumps(HOSTILE.replace("\x9b", ""))) + '\n[sender]\naddress = "a@example.org"\n'
    )
    root = make_workspace(tmp_path / "ws", config, {1: issue}).root
    (root / "list.csv").write_text(f"email;name\nann@example.org;Ann {HOSTILE.split(chr(13))[1].strip()}\n", "utf-8")
    for command in (
        ["status"], ["check"], ["assemble", "--offline"], ["send", "--dry-run"], ["list", "show"],
        ["preview", "--terminal"], ["send", "--dry-run", "--json"], ["send"], ["status", "\x1b[31m\u202e"],
    ):  # fmt: skip
        done = run(*command, cwd=root)
        # The tabs of a piped table are its own.
        assert not BAD.search((done.stdout + done.stderr).replace("\t", " ")), command
