"""A proof through a real Postfix that rewrites, into a real Dovecot, and read there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.check.delivered.planting import HARMLESS, PLANTED, TEXTS
from tests.deliver.certificates import make_authority
from tests.flows.clearance.proving import kept_octets, proofs, prove
from tests.flows.sending.newsletter import Newsletter
from tests.inside import call
from tests.mailbox.dovecot import PASSWORD, Dovecot
from tests.mailbox.relay import Relay, relaying
from tests.workspaces import IS_ROOT

pytestmark = [
    pytest.mark.long,
    pytest.mark.needs("postfix", "dovecot"),
    pytest.mark.skipif(not IS_ROOT, reason="Postfix and Dovecot want to be started by root"),
]
REWRITING = {
    "headers": (
        "/^Subject: (.*)$/ REPLACE Subject: [EXTERNAL] $1\n"
        "/^List-Unsubscribe-Post:/ IGNORE\n"
        "/^Precedence:/ REPLACE Precedence: junk\n"
        "/^Message-ID:/ PREPEND X-Spam-Flag: YES\n"
    ),
    "bodies": "/^Good morning,/ REPLACE Good evening,\n",
}
REWRITES = (
    "header_checks = regexp:{folder}/headers\n"
    "body_checks = regexp:{folder}/bodies\n"
    "smtp_header_checks = regexp:{folder}/out\n"
    "always_bcc = archive@example.org\n"
)


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    with Dovecot(make_authority(tmp_path_factory.mktemp("authority"))) as server:
        yield server


@pytest.fixture(scope="module")
def newsletter(tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot) -> Newsletter:
    root = tmp_path_factory.mktemp("letter") / "workspace"
    config = '[endpoint]\nurl = "https://www.example.org/leave"\n'
    config += f'[mailbox]\nurl = "{dovecot.url}"\nca_file = "authority.pem"\n'
    newsletter = Newsletter(root, config=config, texts=TEXTS)
    shutil.copy(dovecot.authority.ca_file, root / "authority.pem")
    return newsletter


def handed_over(newsletter: Newsletter, relay: Relay) -> bytes:
    """The proof, through Postfix; the same again, where it was sent before."""
    if not proofs(newsletter):
        prove(newsletter, "ada@example.org", transport=relay.postfix.url)
        relay.postfix.wait_until_drained()
    return kept_octets(newsletter, 1)[0]


def compared(newsletter: Newsletter) -> dict[str, Any]:
    done = call(
        "proof", "1", "--received", "mailbox", "--json", "--trust",
        cwd=newsletter.root, env={"NL_MAILBOX_PASSWORD": PASSWORD},
    )  # fmt: skip
    assert done.status in (0, 1), done.err
    answer: dict[str, Any] = json.loads(done.out)
    assert answer["as_sent"] is (done.status == 0)
    return answer


def kinds(newsletter: Newsletter) -> set[str]:
    return {one["kind"] for one in compared(newsletter)["differences"]}


def test_as_it_was_sent(newsletter: Newsletter, dovecot: Dovecot) -> None:
    with relaying(dovecot) as relay:
        handed_over(newsletter, relay)
        answer = compared(newsletter)
    assert answer["differences"] == []
    assert answer["place"] == "INBOX, message 1"
    assert answer["hops"] == 2


def test_what_postfix_itself_rewrites(newsletter: Newsletter, dovecot: Dovecot, tmp_path: Path) -> None:
    files = {**REWRITING, "out": "/^Feedback-ID:/ IGNORE\n"}
    with relaying(dovecot, main=REWRITES, files=files) as relay:
        handed = handed_over(newsletter, relay)
        relay.hand_over(handed)
        found = compared(newsletter)["differences"]
    assert {(one["kind"], one["place"].partition(",")[0]) for one in found} == {
        ("subject-prefixed", "Subject"),
        ("list-unsubscribe-post-lost", "List-Unsubscribe-Post"),
        ("header-changed", "Precedence"),
        ("header-lost", "Feedback-ID"),
        ("spam", "X-Spam-Flag"),
        ("text-changed", "the plain text"),
    }


def test_each_change_is_named_and_none_is_invented(newsletter: Newsletter, dovecot: Dovecot) -> None:
    named, harmless = {}, {}
    with relaying(dovecot) as relay:
        handed = handed_over(newsletter, relay)
        for what, (plant, _kinds) in PLANTED.items():
            relay.hand_over(handed, plant)
            named[what] = kinds(newsletter)
        for what, plant in HARMLESS.items():
            relay.hand_over(handed, plant)
            harmless[what] = kinds(newsletter)
    assert len(PLANTED) > 20
    assert named == {what: expected for what, (_plant, expected) in PLANTED.items()}
    assert harmless == {what: set() for what in HARMLESS}


def test_none_is_found(newsletter: Newsletter, dovecot: Dovecot, tmp_path: Path) -> None:
    with relaying(dovecot) as relay:
        handed_over(newsletter, relay)
    dovecot.empty()
    dovecot.deliver(b"Subject: Lunch\r\n\r\nAt noon?\r\n")
    done = call(
        "proof", "1", "--received", f"{dovecot.url}/INBOX", "--trust",
        cwd=newsletter.root, env={"NL_MAILBOX_PASSWORD": PASSWORD},
    )  # fmt: skip
    assert done.status == 1
    assert "none of 1 message" in done.err
    assert "[Proof] Tidings" in done.err
    assert "lettre@example.org" not in done.err
