"""Whose mailbox is read, and whether its password may go there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.clearance.proving import kept_octets, prove
from tests.flows.sending.newsletter import Newsletter
from tests.inside import Done, call
from tests.mailbox.scripted import ScriptedImap

PASSWORD = "tout à fait secret"


@pytest.fixture
def proved(tmp_path: Path) -> Newsletter:
    newsletter = Newsletter(tmp_path / "workspace")
    prove(newsletter, "ada@example.org")
    return newsletter


def received(newsletter: Newsletter, *options: str, **env: str) -> Done:
    done = call("proof", "1", "--received", *options, cwd=newsletter.root, env={"NL_MAILBOX_PASSWORD": PASSWORD, **env})
    assert PASSWORD not in done.out + done.err
    assert "ines" not in done.out + done.err
    return done


def test_the_configured_mailbox_wants_trust_and_what_somebody_types_does_not(proved: Newsletter) -> None:
    with ScriptedImap(messages=tuple(kept_octets(proved, 1))) as server:
        url = f"imap://ines@127.0.0.1:{server.port}/INBOX"
        proved.configure(f'[mailbox]\nurl = "{url}"\n')
        refused = received(proved, "mailbox")
        assert refused.status == 2
        assert "nl trust" in refused.err
        assert not [one for one in server.heard if one.startswith("AUTHENTICATE")]
        assert received(proved, "mailbox", "--trust").status == 0
        assert received(proved, url).status == 0
        # Who reads is known from the configuration, for its own server.
        assert received(proved, url.replace("ines@", "")).status == 0


def test_a_password_in_the_configuration_is_refused_unseen(proved: Newsletter) -> None:
    proved.configure('[mailbox]\nurl = "imaps://ines:geheim@imap.example.org/"\n')
    done = received(proved, "mailbox")
    assert done.status == 2
    assert "mailbox.url" in done.err
    assert "geheim" not in done.err


def test_a_source_that_is_none_and_one_without_a_proof(proved: Newsletter, tmp_path: Path) -> None:
    assert received(proved, "nowhere.eml").status == 2
    (proved.root / "lunch.eml").write_bytes(b"Subject: Lunch\r\n\r\nAt noon?\r\n")
    none = received(proved, "lunch.eml")
    assert none.status == 1
    assert "[Proof] Tidings #1" in none.err


def test_an_answer_to_the_proof_is_not_the_proof(proved: Newsletter) -> None:
    proof = kept_octets(proved, 1)[0]
    folder = proved.root / "messages"
    folder.mkdir()
    (folder / "a.eml").write_bytes(b"Subject: Re: [Proof] Tidings #1\r\nIn-Reply-To: <1@example.org>\r\n\r\nFine.\r\n")
    (folder / "b.eml").write_bytes(proof.replace(b"Message-ID: <", b"Message-ID: <other-"))
    done = received(proved, "messages")
    assert done.status == 1
    assert "b.eml" in done.out
    assert "Message-ID is another" in done.out


def test_without_any_proof_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path / "workspace")
    (newsletter.root / "a.eml").write_bytes(b"Subject: x\r\n\r\n")
    done = received(newsletter, "a.eml")
    assert done.status == 1
    assert "no proof of issue 1 was sent from here" in done.err
