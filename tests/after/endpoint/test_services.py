"""What mail services tell: each as its documentation shows it, and what becomes of it in the log."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.after.endpoint.confirming import Confirming
from newsletter_cli.after.endpoint.services import sns
from newsletter_cli.after.endpoint.services.told import NotUnderstood, moment_of
from newsletter_cli.after.endpoint.serving_hooks import SERVICES
from newsletter_cli.after.endpoint.sqlite_log import SqliteLog
from newsletter_cli.base.values import replace
from tests.after.endpoint.examples import CHANGED, KEY, OTHER, TOKENS, ask, opened

LEA = "lea@example.org"
HOOK = KEY.parts[0].hook
GONE = "550 5.1.1 <lea@example.org>: Recipient address rejected: User unknown"
POLICY = "550 5.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy"
FULL = "452 4.2.2 The email account that you tried to reach is over quota"


def brevo(event: str, reason: str = "") -> dict[str, Any]:
    return {
        "id": 26224, "event": event, "email": LEA, "date": "2026-12-01 09:00:00", "ts": 1796112000,
        "ts_event": 1796112000, "ts_epoch": 1796112000000, "message-id": "<2026.1@relay.example.net>",
        "subject": "News for lea@example.org", "reason": reason, "tag": "", "sending_ip": "192.0.2.9",
    }  # fmt: skip


def mailjet(event: str, error: str = "", related: str = "recipient", *, comment: str = "", hard: bool = True) -> Any:
    return {
        "event": event, "time": 1796112000, "MessageID": 19421777835146490, "Message_GUID": "1ab23cd4",
        "email": LEA, "mj_campaign_id": 7257, "mj_contact_id": 4, "customcampaign": "", "CustomID": "", "Payload": "",
        "blocked": False, "hard_bounce": hard, "error_related_to": related, "error": error, "comment": comment,
    }  # fmt: skip


def postmark(kind: str, details: str = "", record: str = "Bounce") -> dict[str, Any]:
    return {
        "RecordType": record, "MessageStream": "outbound", "ID": 4323372036854775807, "Type": kind, "TypeCode": 1,
        "Name": kind, "Tag": "", "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Metadata": {}, "ServerID": 23,
        "Description": "The server was unable to deliver your message", "Details": details, "Email": LEA,
        "From": "news@example.org", "BouncedAt": "2026-12-01T08:00:00.9070259Z", "DumpAvailable": True,
        "Inactive": True, "CanActivate": True, "Subject": "News",
    }  # fmt: skip


def mailgun(
    event: str, *, severity: str = "", reason: str = "", code: int = 550, status: str = "", said: str = ""
) -> Any:
    return {
        "signature": {"timestamp": str(int(time.time())), "token": "a" * 50, "signature": ""},
        "event-data": {
            "event": event, "id": "G9Bn5sl1TC6nu79C8C0bwg", "timestamp": 1796112000.5, "severity": severity,
            "reason": reason, "recipient": LEA, "recipient-domain": "example.org",
            "message": {"headers": {"to": LEA, "message-id": "x@example.org", "subject": "News"}},
            "envelope": {"sender": f"bounces+{TOKENS.token(12)}@example.org", "targets": LEA},
            "delivery-status": {"code": code, "enhanced-code": status, "message": said, "attempt-no": 1},
        },
    }  # fmt: skip


def ses(name: str, **told: Any) -> dict[str, Any]:
    mail = {
        "timestamp": "2026-12-01T08:00:00.000Z", "messageId": "000001378603177f", "source": "bounces@example.org",
        "destination": [LEA], "headersTruncated": False,
        "headers": [{"name": "List-Unsubscribe", "value": f"<https://x.example/unsubscribe?u={TOKENS.token(12)}>"}],
    }  # fmt: skip
    return {"notificationType": name, "mail": mail, name.lower(): told}


def ses_bounce(kind: str, subtype: str, status: str = "", said: str = "") -> dict[str, Any]:
    people = [{"emailAddress": LEA, "action": "failed", "status": status, "diagnosticCode": said}]
    return ses(
        "Bounce", bounceType=kind, bounceSubType=subtype, bouncedRecipients=people, feedbackId="f1",
        timestamp="2026-12-01T08:00:01.000Z",
    )  # fmt: skip


def scaleway(kind: str, code: int = 550, said: str = "") -> dict[str, Any]:
    return {
        "id": "5e4c", "type": kind, "organization_id": "o", "project_id": "p", "domain_id": "d",
        "domain_name": "example.org", "created_at": "2026-12-01T08:00:00Z", "email_id": "e", "email_to": LEA,
        "email_from": "news@example.org", "email_response_code": code, "email_response_message": said,
    }  # fmt: skip


# Service, what it sends, and what is in the log: kind, status, whether it is certain. `None`: nothing.
CASES: list[tuple[str, Any, tuple[str, str, bool] | None]] = [
    ("brevo", brevo("hard_bounce", GONE), ("hard", "5.1.1", True)),
    ("brevo", brevo("hard_bounce", POLICY), ("sender-fault", "5.7.26", True)),
    ("brevo", brevo("hard_bounce"), ("hard", "", False)),
    ("brevo", brevo("soft_bounce", FULL), ("full", "4.2.2", True)),
    ("brevo", brevo("soft_bounce", "421 4.3.2 try again later"), ("soft", "4.3.2", True)),
    ("brevo", brevo("blocked", "blocked : due to hard bounce"), ("hard", "", False)),
    ("brevo", brevo("spam"), ("complaint", "", True)),
    ("brevo", brevo("unsubscribed"), ("unsubscribe", "", True)),
    ("brevo", brevo("opened"), None),
    ("brevo", brevo("deferred", FULL), None),
    ("brevo", brevo("something_new"), ("unknown", "", True)),
    ("mailjet", mailjet("bounce", "user unknown", comment=GONE), ("hard", "5.1.1", True)),
    ("mailjet", [mailjet("bounce", "user unknown", comment=GONE)], ("hard", "5.1.1", True)),
    ("mailjet", mailjet("bounce", "quota exceeded", hard=False), ("full", "", True)),
    ("mailjet", mailjet("bounce", "spam reporter", "spam", comment=POLICY), ("sender-fault", "5.7.26", True)),
    ("mailjet", mailjet("blocked", "preblocked", "mailjet", hard=False), ("hard", "", False)),
    ("mailjet", mailjet("blocked", "user unknown", hard=False), ("hard", "", False)),
    ("mailjet", mailjet("spam"), ("complaint", "", True)),
    ("mailjet", mailjet("unsub"), ("unsubscribe", "", True)),
    ("mailjet", mailjet("open"), None),
    ("postmark", postmark("HardBounce", GONE), ("hard", "5.1.1", True)),
    ("postmark", postmark("HardBounce", POLICY), ("sender-fault", "5.7.26", True)),
    ("postmark", postmark("SoftBounce", FULL), ("full", "4.2.2", True)),
    ("postmark", postmark("Blocked", "blocked by a list"), ("sender-fault", "", True)),
    ("postmark", postmark("AutoResponder", "I am away"), ("out-of-office", "", True)),
    ("postmark", postmark("SpamComplaint", record="SpamComplaint"), ("complaint", "", True)),
    (
        "postmark",
        {"RecordType": "SubscriptionChange", "Recipient": LEA, "SuppressSending": True,
         "SuppressionReason": "ManualSuppression", "ChangedAt": "2026-12-01T08:00:00Z"},
        ("unsubscribe", "", True),
    ),
    ("postmark", {"RecordType": "SubscriptionChange", "Recipient": LEA, "SuppressSending": False}, None),
    ("postmark", {"RecordType": "Open", "Recipient": LEA}, None),
    ("mailgun", mailgun("failed", severity="permanent", status="5.1.1", said=GONE), ("hard", "5.1.1", True)),
    ("mailgun", mailgun("failed", severity="permanent", status="5.7.26", said=POLICY),
     ("sender-fault", "5.7.26", True)),
    ("mailgun", mailgun("failed", severity="permanent", reason="suppress-bounce", code=605), ("hard", "", False)),
    ("mailgun", mailgun("failed", severity="temporary", status="4.2.2", said=FULL), None),
    ("mailgun", mailgun("complained"), ("complaint", "", True)),
    ("mailgun", mailgun("opened"), None),
    ("scaleway", scaleway("email_mailbox_not_found", said="5.1.1 user unknown"), ("hard", "5.1.1", True)),
    ("scaleway", scaleway("email_dropped", said="5.7.1 message refused"), ("sender-fault", "5.7.1", True)),
    ("scaleway", {"Type": "Notification", "Message": json.dumps(scaleway("email_spam"))}, ("sender-fault", "", True)),
    ("scaleway", scaleway("email_delivered", 250, "2.0.0 ok"), None),
    ("generic", {"kind": "hard", "address": LEA, "words": GONE}, ("hard", "5.1.1", True)),
    ("generic", {"kind": "hard", "address": LEA, "status": "5.7.1"}, ("sender-fault", "5.7.1", True)),
    ("generic", [{"kind": "unsubscribe", "address": LEA}], ("unsubscribe", "", True)),
]  # fmt: skip
SES_CASES: list[tuple[Any, tuple[str, str, bool] | None]] = [
    (ses_bounce("Permanent", "General", "5.1.1", f"smtp; {GONE}"), ("hard", "5.1.1", True)),
    (ses_bounce("Permanent", "General", "5.7.26", f"smtp; {POLICY}"), ("sender-fault", "5.7.26", True)),
    (ses_bounce("Permanent", "OnAccountSuppressionList", "5.1.1", "Amazon SES did not send"), ("hard", "5.1.1", False)),
    (ses_bounce("Transient", "MailboxFull", "5.2.2"), ("full", "5.2.2", True)),
    (ses_bounce("Transient", "ContentRejected"), ("sender-fault", "", True)),
    (ses("Complaint", complainedRecipients=[{"emailAddress": LEA}], feedbackId="c"), ("complaint", "", True)),
    (ses("Delivery", recipients=[LEA]), None),
]


LISTS = ("brevo", "postmark", "generic")


def post(log: SqliteLog, path: str, payload: Any, **headers: str) -> int:
    async def go() -> int:
        async with opened(log) as app:
            return (await ask(app, "POST", path, json.dumps(payload).encode(), headers)).status

    return asyncio.run(go())


def expect(log: SqliteLog, wanted: tuple[str, str, bool] | None, service: str) -> None:
    found = log.read_after(KEY.newsletter, 0, 10)
    if wanted is None:
        assert found == []
        return
    (entry,) = found
    assert (entry.kind, entry.status, entry.doubt == "") == wanted
    assert entry.source == service
    assert entry.person == KEY.parts[0].person_hash(LEA)
    # Nothing of anybody is in the file.
    everything = b"".join(path.read_bytes() for path in log._path.parent.glob("endpoint.db*"))
    assert b"lea@" not in everything.lower()
    assert b"News" not in everything


@pytest.mark.parametrize(("service", "payload", "wanted"), CASES)
def test_what_a_service_tells(tmp_path: Path, service: str, payload: Any, wanted: tuple[str, str, bool] | None) -> None:
    # Services tell things again, and within one list.
    log = SqliteLog(tmp_path / "endpoint.db")
    assert (
        post(
            log,
            f"/hook/{service}/{HOOK}",
            payload if isinstance(payload, list) or service not in LISTS else [payload, payload],
        )
        == 200
    )
    expect(SqliteLog(tmp_path / "endpoint.db"), wanted, service)


def test_a_token_in_the_envelope_tells_which_delivery(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "endpoint.db")
    post(log, f"/hook/mailgun/{HOOK}", mailgun("failed", severity="permanent", status="5.1.1", said=GONE))
    assert SqliteLog(tmp_path / "endpoint.db").read_after(KEY.newsletter, 0, 10)[0].token == TOKENS.token(12)


@pytest.mark.parametrize("service", SERVICES)
def test_without_the_secret_nobody_tells_anything(tmp_path: Path, service: str) -> None:
    payload = next((payload for name, payload, _wanted in CASES if name == service), ses_bounce("Permanent", "General"))
    for number, path in enumerate(
        (f"/hook/{service}/wrong", f"/hook/{service}", f"/hook/{service}/{OTHER.parts[0].hook}", f"/hook/{service}/%00")
    ):
        log = SqliteLog(tmp_path / "endpoint.db")
        assert post(log, path, payload, authorization="Bearer wrong" if number else "") == 404
    assert SqliteLog(tmp_path / "endpoint.db").read_after(KEY.newsletter, 0, 10) == []


def test_the_secret_may_stand_in_a_header(tmp_path: Path) -> None:
    payload = brevo("spam")
    basic = base64.b64encode(f"nl:{HOOK}".encode()).decode()
    for authorization in (f"Bearer {HOOK}", f"Basic {basic}"):
        log = SqliteLog(tmp_path / "endpoint.db")
        assert post(log, "/hook/brevo", payload, authorization=authorization) == 200


def test_after_a_change_of_key_services_may_go_on(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "endpoint.db")

    async def go() -> None:
        async with opened(log, CHANGED) as app:
            body = json.dumps(brevo("spam")).encode()
            for part in CHANGED.parts:
                assert (await ask(app, "POST", f"/hook/brevo/{part.hook}", body)).status == 200
            (entry,) = log.read_after(CHANGED.newsletter, 0, 10)
            assert (entry.key, entry.person) == (CHANGED.parts[0].id, CHANGED.parts[0].person_hash(LEA))
        retired = replace(CHANGED, parts=(CHANGED.parts[0], replace(CHANGED.parts[1], hook="")))
        async with opened(SqliteLog(tmp_path / "other.db"), retired) as app:
            for secret in (CHANGED.parts[1].hook, ""):
                assert (await ask(app, "POST", f"/hook/brevo/{secret}", body)).status == 404
                assert (
                    await ask(app, "POST", "/hook/brevo", body, {"authorization": f"Bearer {secret}"})
                ).status == 404

    asyncio.run(go())


@pytest.mark.parametrize(
    ("service", "body", "status"),
    [
        ("brevo", b"not json", 400),
        ("brevo", b"", 400),
        ("brevo", b"[]", 400),
        ("brevo", b'{"no": "event"}', 400),
        ("generic", b'{"kind": "opened", "address": "a@example.org"}', 400),
        ("generic", b'{"kind": "hard"}', 400),
        ("mailjet", b"[" * 100_000, 400),
        ("postmark", b'"' + b"a" * 1_100_000 + b'"', 413),
        ("sendgrid", b"[]", 404),
    ],
)
def test_what_is_not_understood_is_said(tmp_path: Path, service: str, body: bytes, status: int) -> None:
    async def go() -> None:
        async with opened(SqliteLog(tmp_path / "endpoint.db")) as app:
            assert (await ask(app, "POST", f"/hook/{service}/{HOOK}", body)).status == status
            assert (await ask(app, "GET", f"/hook/{service}/{HOOK}")).status == 405

    asyncio.run(go())


def test_mailgun_is_believed_by_its_signature(tmp_path: Path) -> None:
    signing = "key-of-mailgun"

    def signed(moment: datetime, key: str) -> bytes:
        stamp, token = str(int(moment.timestamp())), "t" * 50
        made = hmac.new(key.encode(), f"{stamp}{token}".encode(), "sha256").hexdigest()
        payload = mailgun("complained")
        payload["signature"] = {"timestamp": stamp, "token": token, "signature": made}
        return json.dumps(payload).encode()

    async def go() -> None:
        async with opened(SqliteLog(tmp_path / "endpoint.db"), signing_keys={"mailgun": signing}) as app:
            now = datetime.now(UTC)
            for body, status in (
                (signed(now, signing), 200),
                (signed(now, "another"), 403),
                (signed(now - timedelta(days=3), signing), 403),
                (json.dumps(mailgun("complained")).encode(), 403),
                (b"[]", 403),
            ):
                assert (await ask(app, "POST", f"/hook/mailgun/{HOOK}", body)).status == status

    asyncio.run(go())


@given(
    st.sampled_from(list(SERVICES)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["event", "email", "reason", "RecordType", "TypeCode", "event-data", "notificationType", "bounce",
                 "mail", "bouncedRecipients", "complaint", "timestamp", "kind", "address", "type", "Message", "time"]
            ),
            inner
            | st.sampled_from(["hard_bounce", "Bounce", "Complaint", "failed", "bounce", "hard", "email_dropped", LEA]),
            max_size=6,
        ),
        max_leaves=12,
    ),
)  # fmt: skip
def test_whatever_is_sent_is_understood_or_not_and_no_more(service: str, payload: Any) -> None:
    try:
        told = list(SERVICES[service](payload))
    except NotUnderstood:
        return
    assert all(isinstance(one.address, str) for one in told)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (1796112000, "2026-12-01T08:00:00Z"),
        (1796112000000, "2026-12-01T08:00:00Z"),
        ("1796112000", "2026-12-01T08:00:00Z"),
        ("2026-12-01T08:00:00.9070259Z", "2026-12-01T08:00:00Z"),
        ("2026-12-01T10:00:00+02:00", "2026-12-01T08:00:00Z"),
        ("Tue, 01 Dec 2026 08:00:00 +0000", "2026-12-01T08:00:00Z"),
        ("soon", ""),
        (None, ""),
        (-1, ""),
        (True, ""),
        (10**30, ""),
    ],
)
def test_moments_are_read_in_each_form(written: Any, moment: str) -> None:
    assert moment_of(written) == moment


class Amazon:
    """SNS, with a key and a certificate of its own; what it was asked for."""

    def __init__(self) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
        from cryptography.x509.oid import NameOID

        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
        made = made.serial_number(1).not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2036, 1, 1))
        self.certificate = made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        self.asked: list[str] = []

    def fetch(self, address: str) -> bytes:
        self.asked.append(address)
        return self.certificate

    def message(self, kind: str, version: str = "2", **changes: str) -> dict[str, Any]:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        message = {
            "Type": kind, "MessageId": "22b80b92", "TopicArn": "arn:aws:sns:eu-west-3:1:news", "Message": "{}",
            "Timestamp": "2026-12-01T08:00:00.000Z", "SignatureVersion": version,
            "SigningCertURL": "https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-7ff5318490ec183f.pem",
            "Token": "abc", "SubscribeURL": "https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&Token=abc",
        } | changes  # fmt: skip
        text = "".join(f"{name}\n{message[name]}\n" for name in sns.SIGNED[kind] if name in message)
        digest = hashes.SHA256() if version == "2" else hashes.SHA1()
        signature = self._key.sign(text.encode(), padding.PKCS1v15(), digest)
        return {**message, "Signature": base64.b64encode(signature).decode()}


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> Amazon:
    made = Amazon()
    monkeypatch.setattr("newsletter_cli.after.endpoint.rest.Confirming", lambda: Confirming(made.fetch))
    return made


@pytest.mark.parametrize(("told", "wanted"), SES_CASES)
@pytest.mark.parametrize("version", ["1", "2"])
def test_what_amazon_tells(
    tmp_path: Path, amazon: Amazon, told: Any, wanted: tuple[str, str, bool] | None, version: str
) -> None:
    log = SqliteLog(tmp_path / "endpoint.db")
    message = amazon.message("Notification", version, Message=json.dumps(told), Subject="Amazon SES Email Event")
    assert post(log, f"/hook/ses/{HOOK}", message) == 200
    expect(SqliteLog(tmp_path / "endpoint.db"), wanted, "ses")
    assert amazon.asked == [message["SigningCertURL"]]


def test_a_complaint_that_names_several_is_for_a_person(tmp_path: Path, amazon: Amazon) -> None:
    people = [{"emailAddress": LEA}, {"emailAddress": "jean@example.org"}]
    told = ses("Complaint", complainedRecipients=people, feedbackId="c")
    post(
        SqliteLog(tmp_path / "endpoint.db"),
        f"/hook/ses/{HOOK}",
        amazon.message("Notification", Message=json.dumps(told)),
    )
    found = SqliteLog(tmp_path / "endpoint.db").read_after(KEY.newsletter, 0, 10)
    assert [one.doubt for one in found] == ["not-named"] * 2


@pytest.mark.parametrize(
    "changed",
    [
        {"Message": json.dumps(ses_bounce("Permanent", "General", "5.1.1", GONE))},
        {"TopicArn": "arn:aws:sns:eu-west-3:2:other"},
        {"Signature": ""},
        {"Signature": "AAAA"},
        {"Signature": "é"},
        {"SignatureVersion": "3"},
        {"Type": "Something"},
        {"SigningCertURL": "https://evil.example/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://sns.eu-west-3.amazonaws.com.evil.example/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "http://sns.eu-west-3.amazonaws.com/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://sns.eu-west-3.amazonaws.com@evil.example/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://sns.eu-west-3.amazonaws.com:8443/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://my-bucket.s3.amazonaws.com/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://sns.eu-west-3.amazonaws.com/?Action=Publish"},
        {"SigningCertURL": "https://[::1/"},
        {"SigningCertURL": ""},
    ],
)
def test_what_amazon_has_not_signed_is_refused(tmp_path: Path, amazon: Amazon, changed: dict[str, str]) -> None:
    log = SqliteLog(tmp_path / "endpoint.db")
    assert post(log, f"/hook/ses/{HOOK}", amazon.message("Notification") | changed) == 403
    assert SqliteLog(tmp_path / "endpoint.db").read_after(KEY.newsletter, 0, 10) == []
    assert all(address.startswith("https://sns.eu-west-3.amazonaws.com/Simple") for address in amazon.asked)


def test_a_subscription_is_confirmed_at_amazon_and_nowhere_else(tmp_path: Path, amazon: Amazon) -> None:
    message = amazon.message("SubscriptionConfirmation")
    assert post(SqliteLog(tmp_path / "endpoint.db"), f"/hook/ses/{HOOK}", message) == 200
    assert amazon.asked == [message["SigningCertURL"], message["SubscribeURL"]]
    for elsewhere in (
        "http://169.254.169.254/latest/meta-data/",
        "https://evil.example/?Action=ConfirmSubscription",
        "https://sns.eu-west-3.amazonaws.com/?Action=DeleteTopic",
        "file:///etc/passwd",
    ):
        amazon.asked.clear()
        signed = amazon.message("SubscriptionConfirmation", SubscribeURL=elsewhere)
        assert post(SqliteLog(tmp_path / "endpoint.db"), f"/hook/ses/{HOOK}", signed) == 200
        assert amazon.asked == [message["SigningCertURL"]]
    # Without the secret in the address it is anybody's topic.
    assert post(SqliteLog(tmp_path / "endpoint.db"), "/hook/ses/wrong", message) == 404
