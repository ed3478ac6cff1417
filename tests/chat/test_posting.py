"""What becomes of a message to a chat is told as it is: there, not there, or nobody knows; and no secret is shown."""

from __future__ import annotations

import logging
import sys
from unittest import mock

import pytest

from newsletter_cli.base.errors import ChatError
from newsletter_cli.chat import posting
from newsletter_cli.chat.posting import Outcome, post_to_chat, refuse_unfit
from tests.chat.server import chat

KEY = "k3ysecretk3ysecretk3ysecre"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.5)


@pytest.mark.parametrize(
    ("misbehaviour", "outcome", "reason"),
    [
        ("ok", Outcome.POSTED, ""),
        ("error-500", Outcome.REFUSED, "500"),
        ("too-many-429", Outcome.REFUSED, "no more messages"),
        ("forbidden-403", Outcome.REFUSED, "403"),
        ("redirect", Outcome.REFUSED, "leads on"),
        ("html", Outcome.REFUSED, "a web page"),
        ("gateway-504", Outcome.UNKNOWN, "in between"),
        ("silent", Outcome.UNKNOWN, "broke before"),
        ("cut", Outcome.UNKNOWN, "broke before"),
    ],
)
def test_mattermost(
    misbehaviour: str, outcome: Outcome, reason: str, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    with chat(misbehaviour) as server:
        posted = post_to_chat(f"http://{server.place}/hooks/{KEY}", "Ada\n- News: today\n")
        assert (posted.outcome, reason in posted.reason) == (outcome, True)
        # One try, whatever came of it.
        assert server.paths == [f"/hooks/{KEY}"]
        assert "Ada\n- News: today" in server.texts[0]
        # Nothing of Apprise's own: no picture from another site.
        assert not {"icon_url", "attachments"} & set(server.said[0])
        assert server.said[0]["username"] == "nl"
    said = capfd.readouterr()
    assert KEY not in posted.reason + caplog.text + said.out + said.err


def test_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    import apprise.plugins.slack

    address = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    for misbehaviour, outcome in (("ok", Outcome.POSTED), ("not-ok", Outcome.REFUSED), ("html", Outcome.REFUSED)):
        with chat(misbehaviour) as server:
            monkeypatch.setattr(apprise.plugins.slack.NotifySlack, "webhook_url", f"http://{server.place}/services")
            assert post_to_chat(address, "Ada").outcome is outcome
            assert len(server.paths) == 1


def test_matrix() -> None:
    for misbehaviour, outcome in (("ok", Outcome.POSTED), ("error-500", Outcome.REFUSED), ("html", Outcome.REFUSED)):
        with chat(misbehaviour) as server:
            posted = post_to_chat(f"matrix://nl:{KEY}@{server.place}/!room:127.0.0.1?e2ee=no", "Ada")
            assert posted.outcome is outcome, (misbehaviour, posted, server.paths)


def test_a_chat_that_is_not_there() -> None:
    with chat() as server:
        place = server.place
    posted = post_to_chat(f"http://{place}/hooks/{KEY}", "Ada")
    assert (posted.outcome, posted.reason) == (Outcome.REFUSED, "the chat cannot be reached")


@pytest.mark.parametrize(
    "address",
    [
        f"mailto://u:{KEY}@example.org", f"mailtos://{KEY}@example.org", f"sendgrid://{KEY}:a@example.org/b@example.org",
        f"mailgun://u@example.org/{KEY}", f"https://example.org/{KEY}", KEY, "", f"nonsense://{KEY}", "mmost://",
        f"http://example.org/hooks/{KEY} x",
    ],
)  # fmt: skip
def test_what_leads_to_no_chat_is_refused_and_not_shown(address: str) -> None:
    with pytest.raises(ChatError) as caught:
        refuse_unfit(address)
    assert KEY not in str(caught.value) + str(caught.value.hint)
    assert caught.value.__cause__ is None


def test_without_apprise() -> None:
    with mock.patch.dict(sys.modules, {"apprise": None}), pytest.raises(ChatError) as caught:
        refuse_unfit(f"http://127.0.0.1:1/hooks/{KEY}")
    assert 'pip install "apprise>=' in str(caught.value.hint)
