"""Status and words weighed against each other: where the report alone gives the status of a mailbox that is gone."""

from __future__ import annotations

import pytest

from newsletter_cli.after.bounces.failure import judge_failure
from newsletter_cli.after.bounces.statuses import Meaning
from newsletter_cli.after.bounces.verdict import Doubt


@pytest.mark.parametrize(
    "words",
    [
        "550 Requested action not taken: mailbox unavailable",
        "550 Unrouteable address",
        "551 User not local",
        "550 Benutzer unbekannt",
        "550 Empfänger existiert nicht",
        "550 El usuario no existe",
        "550 Destinatario sconosciuto",
    ],
)
def test_words_that_say_too_little_alone_confirm_a_status(words: str) -> None:
    assert judge_failure("5.1.1", f"smtp; {words}").doubt is None
    assert judge_failure("5.5.0", f"smtp; {words}").doubt is not None


@pytest.mark.parametrize(
    "words", ["550 rejected", "550 RCPT TO rejected", "550 Recipient rejected", "550 address error", "550 abgelehnt"]
)
def test_a_refusal_without_a_reason_confirms_none(words: str) -> None:
    judged = judge_failure("5.1.1", f"smtp; {words}")
    assert (judged.meaning is Meaning.GONE or judged.meaning is Meaning.PERHAPS_GONE, judged.doubt) == (
        True,
        Doubt.STATUS,
    )


def test_a_number_that_is_not_known_says_less_than_the_words_beside_it() -> None:
    assert judge_failure("5.1.1", "smtp; 550 5.1.1 Utilisateur inconnu LPN007_999").meaning is Meaning.GONE
    assert judge_failure("5.1.1", "smtp; 550 5.1.1 Utilisateur inconnu, spam LPN007_999").meaning is Meaning.SENDER
    assert judge_failure("5.1.1", "smtp; 550 5.1.1 Refus OFR_999").meaning is Meaning.SENDER
