"""Whose word about a message's origin counts, and what filters and servers say of it."""

from __future__ import annotations

import pytest

from newsletter_cli.check.delivered.compare import compare_messages

MESSAGE = b"From: letter@example.org\r\nSubject: Tidings\r\n\r\nGood morning.\r\n"
INNER = (
    b"Received: from relay.example.org (relay.example.org [203.0.113.5]) by mx.example.net with ESMTPS;\r\n"
    b"\tThu, 11 Jun 2026 10:00:09 +0200\r\n"
)
FIRST = (
    b"Received: from nl.example.org (nl.example.org [203.0.113.9]) by relay.example.org with ESMTP;\r\n"
    b"\tThu, 11 Jun 2026 10:00:00 +0200\r\n"
)
RESULTS = b"Authentication-Results: mx.example.net; "
GOOD = RESULTS + (
    b"dkim=pass header.d=example.org; spf=pass smtp.mailfrom=letter@example.org;\r\n"
    b"\tdmarc=pass (p=none) header.from=example.org\r\n"
)
FORGED = RESULTS + b"dkim=pass header.d=example.org; dmarc=pass header.from=example.org\r\n"
BAD = RESULTS + (
    b"dkim=fail (body hash) header.d=example.org;\r\n"
    b"\tspf=softfail smtp.mailfrom=example.org; dmarc=fail header.from=example.org\r\n"
)


def told(*fields: bytes) -> dict[str, str]:
    """Kind and message of all that is said, with these fields above the message."""
    arrival = compare_messages(MESSAGE, b"".join(fields) + MESSAGE)
    return {one.kind: one.message for one in (*arrival.differences, *arrival.notes)}


def differences(*fields: bytes) -> set[str]:
    return {one.kind for one in compare_messages(MESSAGE, b"".join(fields) + MESSAGE).differences}


def test_what_passed_is_a_note() -> None:
    assert {"dkim-passed", "spf-passed", "dmarc-passed"} <= set(told(GOOD, INNER, FIRST))
    assert differences(GOOD, INNER, FIRST) == set()


def test_what_failed_is_a_difference_and_a_forged_field_below_is_not_believed() -> None:
    assert differences(BAD, INNER, FIRST, FORGED) == {"dkim-failed", "spf-failed", "dmarc-failed"}
    assert "verdict-ignored" in told(BAD, INNER, FIRST, FORGED)


def test_a_field_that_came_with_the_message_is_not_believed() -> None:
    said = told(INNER, FIRST, FORGED)
    assert "dkim-passed" not in said
    assert "verdict-ignored" in said
    assert "verdict-missing" in said


def test_a_field_below_that_of_its_own_server_is_believed() -> None:
    """A filter of the only server puts it under the server's own."""
    only = INNER.replace(b"relay.example.org", b"nl.example.org")
    assert differences(only, BAD) == {"dkim-failed", "spf-failed", "dmarc-failed"}


def test_several_fields_of_one_server_count_together() -> None:
    dkim = b"Authentication-Results: mx.example.net; dkim=fail header.d=example.org\r\n"
    spf = b"Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=example.org\r\n"
    assert differences(dkim, spf, INNER) == {"dkim-failed"}
    assert "spf-passed" in told(dkim, spf, INNER)


def test_microsoft_names_no_server() -> None:
    field = (
        b"Authentication-Results: spf=pass (sender IP is 203.0.113.5)\r\n smtp.mailfrom=example.org; dkim=none (message"
        b" not signed)\r\n header.d=none;dmarc=fail action=none\r\n header.from=example.org;compauth=fail\r\n"
    )
    assert differences(field, INNER) == {"dmarc-failed"}
    assert "dkim-unsure" in told(field, INNER)


@pytest.mark.parametrize(
    "field",
    [
        b"X-Spam-Flag: YES",
        b"X-Spam-Status: Yes, score=9.1 required=5.0 tests=BAYES_99",
        b"X-Forefront-Antispam-Report: CIP:203.0.113.5;LANG:fr;SCL:6;SRV:;IPV:NLI;SFV:SPM;CAT:SPM;DIR:INB;",
        b"X-Forefront-Antispam-Report: CIP:203.0.113.5;SCL:1;SFV:NSPM;CAT:SPOOF;",
        b"X-Microsoft-Antispam: BCL:8;ARA:1;",
        b"X-Spamd-Result: default: False [16.20 / 15.00]; X()",
        b"X-Rspamd-Action: add header",
        b"X-VR-SPAMSTATE: SPAM",
        b"X-VR-SPAMSCORE: 400",
        b"X-Mailgun-Sflag: Yes",
        b"X-Proofpoint-Spam-Details: rule=spam policy=default score=99",
    ],
)
def test_who_takes_it_for_spam(field: bytes) -> None:
    assert differences(field + b"\r\n") == {"spam"}


@pytest.mark.parametrize(
    "field",
    [
        b"X-Spam-Status: No, score=-1.9 required=5.0 tests=NONE",
        b"X-Forefront-Antispam-Report: CIP:203.0.113.5;CTRY:FR;LANG:fr;SCL:1;SFV:NSPM;CAT:NONE;DIR:INB;",
        b"X-Microsoft-Antispam: BCL:0;ARA:13230040|366016;",
        b"X-Spamd-Result: default: False [1.20 / 15.00]; X()",
        b"X-VR-SPAMSTATE: OK",
        b"X-VR-SPAMSCORE: 0",
        b"X-Mailgun-Sscore: 0.2",
    ],
)
def test_who_lets_it_pass_is_a_note(field: bytes) -> None:
    assert differences(field + b"\r\n") == set()
    assert "filter-passed" in told(field + b"\r\n")


def test_the_time_and_a_stretch_without_encryption() -> None:
    said = told(INNER, FIRST)
    assert "9 seconds, over 2 servers" in said["time"]
    assert "from nl.example.org to relay.example.org" in said["not-encrypted"]


def test_a_signature_whose_body_was_changed() -> None:
    """RFC 6376, 3.4: the hash is that of the body, which needs no key."""
    import base64
    import hashlib

    made = base64.b64encode(hashlib.sha256(b"Good morning.\r\n").digest()).decode()
    field = (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=example.org; s=x;\r\n h=from; bh={made}; b=AAAA\r\n"
    )
    assert differences(field.encode()) == set()
    other = field.replace(made, made[::-1]).encode()
    assert differences(other) == {"dkim-body-changed"}


def test_a_whole_signature_by_the_key_of_its_domain() -> None:
    pytest.importorskip("dkim", reason="needs dkimpy")
    import base64

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    from newsletter_cli.deliver.message.dkim import Signer

    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    signed = Signer("x", "example.org", pem.decode()).sign(MESSAGE)

    def kinds(received: bytes) -> set[str]:
        arrival = compare_messages(signed, received, ask=lambda _name: b"v=DKIM1; k=rsa; p=" + base64.b64encode(public))
        assert ("dkim-verified" in {one.kind for one in arrival.notes}) is arrival.is_as_sent
        return {one.kind for one in arrival.differences}

    assert kinds(signed.replace(b"\r\n", b"\n")) == set()
    assert kinds(signed.replace(b"Subject: ", b"Subject: [X] ")) == {"subject-prefixed", "dkim-head-changed"}
    assert kinds(signed.replace(b"morning", b"evening")) == {"text-changed", "dkim-body-changed"}
