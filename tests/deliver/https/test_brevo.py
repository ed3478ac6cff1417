"""Brevo: what its request says of the very message that was built, and what its answers mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newsletter_cli.deliver.https.line import judge_by_key
from newsletter_cli.deliver.https.service import HttpAnswer
from newsletter_cli.deliver.https.services.brevo import Brevo
from newsletter_cli.deliver.message.template import build_template
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Key, Outgoing
from newsletter_cli.render.mime import Mailbox
from tests.deliver.https.server import DUPLICATE
from tests.deliver.message.messages import HTML, MARKS, PAGE, TEXT, parts, person

GREETED = HTML.replace(MARKS.greeting, "Good day")
KEY = Key(value="8e0f7a3c-0000-5000-8000-000000000001", since=0.0, until=1e12)


def message(**changes: Any) -> Outgoing:
    to = person(7, name=changes.pop("to", "Ada Lovelace"))
    spliced = build_template(parts(**changes)).splice(to)
    return Outgoing(row=7, sender=spliced.sender, recipient=spliced.recipient, data=spliced.data, key=KEY)


def asked(one: Outgoing) -> dict[str, Any]:
    request = Brevo().submit(one, "xkeysib-1")
    assert (request.method, request.path) == ("POST", "/v3/smtp/email")
    assert dict(request.headers)["api-key"] == "xkeysib-1"
    told: dict[str, Any] = json.loads(request.body)
    return told


def test_the_request_says_what_the_message_says() -> None:
    told = asked(message())
    token = person(7).token
    assert told["sender"] == {"email": "letter@tidings.example", "name": "The tide table"}
    assert told["replyTo"] == {"email": "editors@tidings.example"}
    assert told["to"] == [{"email": "ada@example.org", "name": "Ada Lovelace"}]
    assert told["subject"] == "The tide table"
    assert told["htmlContent"] == GREETED.replace(MARKS.token, token)
    assert told["textContent"] == TEXT.replace(MARKS.greeting, "Good day").replace(MARKS.token, token)
    page, mail = PAGE.replace(MARKS.token, token), f"mailto:leave@tidings.example?subject=unsubscribe%20{token}"
    assert told["headers"] == {
        "List-Id": "The tide table <letter.tidings.example>",
        "List-Unsubscribe": f"<{page}>, <{mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Content-Language": "en",
        "idempotencyKey": KEY.value,
    }


def test_the_same_message_is_the_same_octets() -> None:
    assert Brevo().submit(message(), "x").body == Brevo().submit(message(), "x").body


def test_letters_of_any_language_arrive_and_fields_of_a_list_stay_ascii() -> None:
    told = asked(
        message(
            subject="Août à Saint‑Malo – où et quand ?",
            sender=Mailbox(address="letter@tidings.example", name="L’Équipe, à l’œuvre"),
            list_id="La lettre d’été <letter.tidings.example>",
            to="Zoé O’Ñeill",
        )
    )
    assert told["subject"] == "Août à Saint‑Malo – où et quand ?"
    assert told["sender"]["name"] == "L’Équipe, à l’œuvre"
    assert told["to"][0]["name"] == "Zoé O’Ñeill"
    assert all(value.isascii() and value.isprintable() for value in told["headers"].values())


def test_the_recipient_is_whom_the_envelope_names() -> None:
    spliced = build_template(parts()).splice(person(7, address="zoé@example.org"))
    told = asked(Outgoing(row=7, sender=spliced.sender, recipient=spliced.recipient, data=spliced.data, key=KEY))
    assert told["to"] == [{"email": "zoé@example.org", "name": "Ada Lovelace"}]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"to": "A" * 71}, ""),
        ({"sender": Mailbox(address="letter@tidings.example", name="T" * 71)}, "70 characters"),
        ({"html": GREETED.replace("the tides", "{{ contact.EMAIL }}")}, "placeholder"),
        ({"text": TEXT.replace(MARKS.greeting, "Hi").replace("the tides", "{% if %}")}, "placeholder"),
        ({"subject": "{{ x }}"}, "placeholder"),
        ({"html": GREETED.replace("Once", '<img src="tide.png" alt=""> Once'),
          "pictures": {"tide.png": b"\x89PNG\r\n\x1a\n"}}, "linked"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_is_said_before(changes: dict[str, Any], said: str) -> None:
    fault = Brevo().fault(message(**changes))
    assert said in fault
    assert bool(fault) == bool(said)


def test_a_name_that_is_too_long_for_brevo_is_left_out() -> None:
    assert asked(message(to="A" * 71))["to"] == [{"email": "ada@example.org"}]


def test_no_signature_of_ours_is_passed_on() -> None:
    one = message()
    signed = Outgoing(row=7, sender="", recipient="ada@example.org", data=b"DKIM-Signature: v=1\r\n" + one.data)
    assert "DKIM-Signature" not in asked(signed)["headers"]


REFUSED = Happened.REFUSED


def answered(status: int, body: dict[str, str], **headers: str) -> HttpAnswer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpAnswer(status=status, reason="", headers=named, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("is_repeat", "is_proof", "kind"),
    [(True, True, Happened.SENT), (True, False, Happened.IN_DOUBT), (False, False, Happened.IN_DOUBT)],
)
def test_who_knows_a_key_has_the_message_where_nothing_else_can_have_made_it_known(
    is_repeat: bool, is_proof: bool, kind: Happened
) -> None:
    heard = Brevo().hear(answered(400, DUPLICATE))
    assert judge_by_key(heard, KEY._replace(is_repeat=is_repeat, is_proof=is_proof)).kind is kind


@pytest.mark.parametrize(
    ("answer", "kind", "rest", "is_fatal"),
    [
        (answered(201, {"messageId": "<1@smtp-relay.mailin.fr>"}), Happened.SENT, 0, False),
        (answered(202, {"messageId": "<1@smtp-relay.mailin.fr>"}), Happened.SENT, 0, False),
        (answered(429, {"code": "too_many_requests"}, x_sib_ratelimit_reset="540"), Happened.DEFERRED, 540, False),
        (answered(429, {}, retry_after="7", x_sib_ratelimit_reset="540"), Happened.DEFERRED, 7, False),
        (answered(400, {"code": "invalid_parameter", "message": "to"}), Happened.REFUSED, 0, False),
        (answered(400, {"code": "invalid_parameter", "message": "sender@a.org is no address"}), REFUSED, 0, False),
        (answered(400, {"code": "invalid_parameter", "message": "sender name is missing"}), Happened.RETURNED, 0, True),
        (answered(413, {}), Happened.REFUSED, 0, False),
        (answered(402, {"code": "not_enough_credits"}), Happened.RETURNED, 0, True),
        (answered(400, {"code": "not_enough_credits"}), Happened.RETURNED, 0, True),
        (answered(401, {"code": "unauthorized", "message": "Key not found"}), Happened.RETURNED, 0, True),
        (answered(403, {"code": "permission_denied"}), Happened.RETURNED, 0, True),
        (answered(500, {}), Happened.IN_DOUBT, 0, False),
    ],
)
def test_what_an_answer_means(answer: HttpAnswer, kind: Happened, rest: float, is_fatal: bool) -> None:
    heard = Brevo().hear(answer)
    assert (heard.kind, heard.rest_seconds, heard.fatal is not None) == (kind, rest, is_fatal)
