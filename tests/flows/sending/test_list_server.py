"""An issue that goes to a list on a list server: one message to one address, without what the server says itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.base.errors import UsageError
from tests.flows.sending.newsletter import Newsletter, text_of
from tests.flows.sending.test_message import sent, urls_of
from tests.inside import call

LIST = "lettre@listes.example.org"
TO_LIST = f'[send]\nto_list = "{LIST}"\n'
WAY_OUT = '[email]\nunsubscribe = "mailto:sympa@listes.example.org?subject=unsubscribe%20lettre"\n'
ALL = (
    f'{TO_LIST}list_id = "lettre.example.org"\nbounces = "bounces@example.org"\ncomplaints = "fbl@example.org"\n'
    'unsubscribe_mail = "leave@example.org"\n[endpoint]\nurl = "http://127.0.0.1:9/nl"\n'
)
OF_THE_SERVER = (
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Precedence", "Feedback-ID", "CFBL-Address", "Sender",
)  # fmt: skip


@pytest.mark.parametrize("config", [TO_LIST, ALL], ids=["as it comes", "with all that does nothing"])
def test_one_message_with_nothing_that_the_server_says(tmp_path: Path, config: str) -> None:
    messages = sent(Newsletter(tmp_path, config=config))
    assert set(messages) == {LIST}
    message = messages[LIST]
    assert message["To"] == LIST
    assert [name for name in OF_THE_SERVER if message[name] is not None] == []
    assert message["Archived-At"] == "<https://www.example.org/newsletter1/>"
    # No way out of our own, where nobody would hear it.
    assert [one for one in urls_of(message) if "unsubscribe" in one.lower() or "127.0.0.1" in one] == []


def test_the_footer_says_how_to_leave_as_the_server_wants_it(tmp_path: Path) -> None:
    message = sent(Newsletter(tmp_path, config=TO_LIST + WAY_OUT))[LIST]
    assert "mailto:sympa@listes.example.org?subject=unsubscribe%20lettre" in urls_of(message)


def test_the_envelope_has_no_token(tmp_path: Path) -> None:
    done = Newsletter(tmp_path, config=ALL).dry()
    assert done.envelope_sender == "letter@example.org"
    assert (done.candidates, done.recipients, done.excluded) == (1, 1, {})


def test_no_list_of_readers_is_needed_or_read(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, config=TO_LIST + WAY_OUT)
    newsletter.list('email;status\nada@example.org;who knows\n"')
    assert newsletter.dry().problems == []
    (newsletter.root / "list.csv").unlink()
    assert sent(newsletter).keys() == {LIST}


def test_what_is_told_before_and_by_the_doctor(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, config=ALL)
    notes = "\n".join(newsletter.dry().notes)
    assert f"one message goes to the list {LIST}" in notes
    assert "mailto:sympa@listes.example.org?subject=unsubscribe%20lettre" in notes
    for key in ("[endpoint] url", "send.list_id", "send.unsubscribe_mail", "send.bounces", "send.complaints"):
        assert key in notes
    told = call("doctor", cwd=newsletter.root).out
    assert f"issues go to the list {LIST}" in told


def test_again_and_to_newcomers_nobody_else_gets_it(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, config=TO_LIST)
    assert call("send", "1", "--yes", cwd=newsletter.root).status == 0
    again = call("send", "1", "--yes", cwd=newsletter.root)
    assert again.status == 0
    assert "--newcomers" not in again.out
    assert call("send", "1", "--yes", "--newcomers", cwd=newsletter.root).status == 0
    assert len(list((newsletter.root / "state/outbox/new").iterdir())) == 1


def test_readers_that_are_named_besides_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newsletter = Newsletter(tmp_path, config=TO_LIST)
    with pytest.raises(UsageError, match="--list names readers"):
        newsletter.dry(list_file=str(newsletter.root / "list.csv"))
    with pytest.raises(UsageError, match="--to chooses among readers"):
        newsletter.dry(to="group:proof")
    monkeypatch.setenv("NL_LIST", "list.csv")
    with pytest.raises(UsageError, match="NL_LIST names readers"):
        newsletter.dry()


def test_a_field_shows_what_stands_in_for_it(tmp_path: Path) -> None:
    personal = '[personal]\ngreeting = "Hello {name},"\n[[personal.fields]]\nname = "name"\n'
    problems = Newsletter(tmp_path / "a", config=TO_LIST + personal).dry().problems
    assert [one for one in problems if "name" in one.message]
    message = sent(Newsletter(tmp_path / "b", config=TO_LIST + personal + 'fallback = "everybody"\n'))[LIST]
    assert "Hello everybody," in text_of(message)


def test_a_proof_goes_to_people_all_the_same(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, config=TO_LIST)
    done = call("proof", "1", "--to", "ada@example.org", "--yes", cwd=newsletter.root)
    assert done.status == 0, done.err
    (message,) = (newsletter.root / "state/outbox/new").iterdir()
    assert "To: Ada <ada@example.org>" in message.read_text()
