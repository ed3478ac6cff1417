"""The test server itself: what it counts, and what it does on purpose. Spoken to by smtplib and by hand."""

from __future__ import annotations

import contextlib
import gc
import os
import smtplib
import socket
import ssl
from pathlib import Path

import pytest

from tests.deliver.certificates import Authority
from tests.deliver.server.misbehaviour import MISBEHAVIOURS, is_in_share, parse_misbehaviour
from tests.deliver.server.record import count_verb, read_record, read_violations
from tests.deliver.server.serving import ServerProcess, ThreadedServer
from tests.deliver.server.settings import PASSWORD, USER
from tests.deliver.server.talk import MESSAGE, envelope, talk
from tests.samples import sample


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "record"


class TestCounting:
    def test_a_message_is_written_down_before_its_reply(self, record: Path) -> None:
        with ThreadedServer(record) as server, talk(server.port) as client:
            client.say(*envelope("B"))
            client.hears("250", "250", "354")
            assert read_record(record) == []
            client.say(MESSAGE)
            client.hears("250")
            (one,) = read_record(record)
        assert (one.recipient, one.sender, one.message_id) == ("b@example.org", "a@example.org", "<1@example.org>")
        assert one.size_bytes == len(MESSAGE) - 4
        assert read_violations(record) == []

    def test_the_next_envelope_travels_with_the_bodys_end(self, record: Path) -> None:
        with ThreadedServer(record) as server, talk(server.port) as client:
            client.say(*envelope("b"))
            client.hears("250", "250", "354")
            for name in "cde":
                client.say(MESSAGE, *envelope(name))
                client.hears("250", "250", "250", "354")
            client.say(MESSAGE, "QUIT")
            client.hears("250", "221", "")
            assert server.accepted() == [f"{name}@example.org" for name in "bcde"]
        assert read_violations(record) == []

    def test_a_client_that_leaves_after_its_dot_is_counted_all_the_same(self, record: Path) -> None:
        with ThreadedServer(record) as server:
            with talk(server.port) as client:
                client.say(*envelope("b"))
                client.hears("250", "250", "354")
                client.say(MESSAGE)
            with talk(server.port) as client:
                client.say(*envelope("c"))
                client.hears("250", "250", "354")
                client.say(MESSAGE[:-3])
            with talk(server.port) as client:
                client.say("NOOP")
                client.hears("250")
            assert server.accepted() == ["b@example.org"]

    def test_so_is_one_that_is_killed_with_replies_unread(self, record: Path) -> None:
        """The system then sends a reset instead of an end: what had arrived before it counts."""
        with ThreadedServer(record) as server:
            for name in "bcdef":
                with talk(server.port) as client:
                    client.say(*envelope(name))
                    client.hears("250", "250", "354")
                    client.say("NOOP" if name == "f" else MESSAGE, "NOOP")
            with talk(server.port) as client:
                client.say("NOOP")
                client.hears("250")
            assert sorted(server.accepted()) == [f"{name}@example.org" for name in "bcde"]

    def test_what_a_client_must_not_do_is_noticed(self, record: Path) -> None:
        with ThreadedServer(record) as server, talk(server.port) as client:
            client.say(*envelope("b"), MESSAGE)
            client.hears("250", "250", "354", "250")
            client.say(*envelope("c"))
            client.hears("250", "250", "354")
            client.say(b"X: \xe9\n\r\n.not doubled\r\n" + b"x" * 999 + b"\r\n.\r\n")
            client.hears("250")
        assert read_violations(record) == [
            "8-bit octets without BODY=8BITMIME",
            "a bare CR or LF",
            "a dot at the beginning of a line that is not doubled",
            "a line of more than 998 octets",
            "something follows DATA before its reply",
        ]

    def test_pipelining_that_was_not_offered_is_noticed(self, record: Path) -> None:
        with ThreadedServer(record, "no-pipelining") as server, talk(server.port) as client:
            client.say(*envelope("b"))
            client.hears("250", "250", "354")
        assert read_violations(record) == [
            f"PIPELINING is not offered, and something follows {verb} before its reply" for verb in ("MAIL", "RCPT")
        ]

    def test_it_outlives_its_clients_and_changes_its_ways(self, record: Path) -> None:
        with ServerProcess(record) as server:
            port = server.port
            with smtplib.SMTP("127.0.0.1", port) as client:
                client.ehlo()
                assert client.has_extn("pipelining")
                client.sendmail("a@example.org", ["b@example.org", "é@example.org"], MESSAGE[:-3], ["SMTPUTF8"])
            server.change("550-rcpt:share=1")
            assert server.port == port
            with smtplib.SMTP("127.0.0.1", port) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("a@example.org", "c@example.org", MESSAGE[:-3])
        assert [one.recipient for one in read_record(record)] == ["b@example.org", "é@example.org"]
        assert count_verb(record, "RCPT") == 3


class TestMisbehaving:
    @pytest.mark.parametrize("name", sorted(MISBEHAVIOURS))
    def test_each_says_which_row_it_is(self, name: str) -> None:
        assert (MISBEHAVIOURS[name].__doc__ or "").startswith(("Row “", "Not in the matrix: "))

    def test_shares_and_turns_are_the_same_every_time(self) -> None:
        names = [f"{number}@example.org" for number in range(400)]
        assert 60 < sum(is_in_share(name, 4) for name in names) < 140
        assert parse_misbehaviour("lost-250:every=3,times=2").every == 3

    @pytest.mark.parametrize("text", ["lost-251", "lost-250:never=1", "lost-250:every=often"])
    def test_what_is_not_known_is_named(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"lost-251|never|often"):
            parse_misbehaviour(text)

    # Codes heard for a pipelined envelope and, where it came to 354, for the message; how many are accepted.
    @pytest.mark.parametrize(
        ("name", "envelope_codes", "codes", "accepted"),
        [
            ("drop-mail", [""], None, 0),
            ("reset-mail", ["reset"], None, 0),
            ("drop-rcpt", ["250", ""], None, 0),
            ("drop-data", ["250", "250", ""], None, 0),
            ("drop-body", ["250", "250", "354"], [""], 0),
            ("drop-dot", ["250", "250", "354"], [""], 0),
            ("lost-250", ["250", "250", "354"], [""], 1),
            ("reset-250", ["250", "250", "354"], ["reset"], 1),
            ("half-250", ["250", "250", "354"], [""], 1),
            ("garbage-dot", ["250", "250", "354"], ["\x00\x1b[", ""], 1),
            ("421-mail:after=0", ["421", ""], None, 0),
            ("421-rcpt:after=0", ["250", "421", ""], None, 0),
            ("421-dot:after=0", ["250", "250", "354"], ["421", ""], 0),
            ("421-unsolicited:after=1", ["250", "250", "354"], ["250", "421", ""], 1),
            ("450-rcpt:share=1", ["250", "450", "503"], None, 0),
            ("451-dot:share=1", ["250", "250", "354"], ["451"], 0),
            ("451-mail", ["451", "503", "503"], None, 0),
            ("451-data", ["250", "250", "451"], None, 0),
            ("550-rcpt:share=1", ["250", "550", "503"], None, 0),
            ("354-after-550:share=1", ["250", "550", "354"], ["554"], 0),
            ("552-dot:share=1", ["250", "250", "354"], ["552"], 0),
            ("554-data:share=1", ["250", "250", "554"], None, 0),
            ("550-mail", ["550", "503", "503"], None, 0),
            ("garbage", ["HTT"], None, 0),
            ("multi-line", ["250", "250", "354"], ["250"], 1),
            ("byte-by-byte", ["250", "250", "354"], ["250"], 1),
            ("escapes", ["250", "250", "354"], ["250"], 1),
            ("slow", ["250", "250", "354"], ["250"], 1),
            ("tiny-window", ["250", "250", "354"], ["250"], 1),
        ],
    )
    def test_by_name(
        self, record: Path, name: str, envelope_codes: list[str], codes: list[str] | None, accepted: int
    ) -> None:
        every = "," if ":" in name else ":"
        with ThreadedServer(record, f"{name}{every}every=1,times=1") as server:
            with talk(server.port) as client:
                client.say(*envelope("b"))
                client.hears(*envelope_codes)
                if codes is not None:
                    client.say(b".\r\n" if "354-after" in name else MESSAGE)
                    client.hears(*codes)
            assert len(read_record(record)) == accepted
        assert read_violations(record) == []

    def test_greylisting_lets_the_second_attempt_in(self, record: Path) -> None:
        with ThreadedServer(record, "greylist") as server, talk(server.port) as client:
            for codes in (("250", "450", "503"), ("250", "250", "354")):
                client.say("RSET", *envelope("b"))
                client.hears("250", *codes)

    @pytest.mark.parametrize("name", ["drop-connect:every=1", "hang-connect:every=1,seconds=0.1"])
    def test_nobody_is_greeted(self, record: Path, name: str) -> None:
        with ThreadedServer(record, name) as server, talk(server.port, is_greeted=False) as client:
            client.hears("")

    @pytest.mark.parametrize(("name", "code"), [("421-connect:every=1", "421"), ("554-connect", "554")])
    def test_the_greeting_is_a_refusal(self, record: Path, name: str, code: str) -> None:
        with ThreadedServer(record, name) as server, talk(server.port, is_greeted=False) as client:
            client.hears(code, "")

    def test_a_message_that_is_accepted_when_nobody_waits_for_it_any_more(self, record: Path) -> None:
        with ServerProcess(record, "late-accept:every=1,seconds=0.3") as server:
            with talk(server.port) as client:
                client.say(*envelope("b"))
                client.hears("250", "250", "354")
                client.say(MESSAGE)
            with talk(server.port) as client:
                client.say("NOOP")
                client.hears("250")
            server.stop()
        assert [one.recipient for one in read_record(record)] == ["b@example.org"]

    def test_a_server_that_stops_reading_stops_its_client(self, record: Path) -> None:
        with ThreadedServer(record, "stuck-body:every=1") as server, talk(server.port) as client:
            client.say(*envelope("b"))
            client.hears("250", "250", "354")
            client.socket.settimeout(1)
            with pytest.raises(TimeoutError):
                client.socket.sendall(b"x" * 64_000_000)


class TestSecrecy:
    @staticmethod
    def trusting(authority: Authority) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=authority.ca_file)

    def test_starttls_and_a_login(self, record: Path, authority: Authority) -> None:
        login = (USER, PASSWORD)
        with ThreadedServer(record, tls="starttls", certificates=authority.folder, login=login) as server:
            with smtplib.SMTP("127.0.0.1", server.port) as client:
                client.ehlo()
                assert not client.has_extn("auth")
                client.starttls(context=self.trusting(authority))
                client.login(USER, PASSWORD)
                client.sendmail("a@example.org", "b@example.org", MESSAGE[:-3])
            with smtplib.SMTP("127.0.0.1", server.port) as client:
                client.starttls(context=self.trusting(authority))
                with pytest.raises(smtplib.SMTPAuthenticationError):
                    client.login(USER, "guess")
                assert client.docmd("MAIL FROM:<a@example.org>")[0] == 530
            assert server.accepted() == ["b@example.org"]
        assert read_violations(record) == []

    def test_tls_from_the_start(self, record: Path, authority: Authority) -> None:
        with (
            ThreadedServer(record, tls="implicit", certificates=authority.folder) as server,
            smtplib.SMTP_SSL("127.0.0.1", server.port, context=self.trusting(authority)) as client,
        ):
            client.sendmail("a@example.org", "b@example.org", MESSAGE[:-3])
            assert not client.has_extn("starttls")

    @pytest.mark.parametrize("name", ["self-signed", "wrong-host", "expired"])
    def test_a_bad_certificate(self, record: Path, authority: Authority, name: str) -> None:
        with (
            ThreadedServer(record, name, tls="starttls", certificates=authority.folder) as server,
            smtplib.SMTP("127.0.0.1", server.port) as client,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            client.starttls(context=self.trusting(authority))

    def test_an_offer_that_was_taken_out(self, record: Path, authority: Authority) -> None:
        with (
            ThreadedServer(record, "no-starttls", tls="starttls", certificates=authority.folder) as server,
            smtplib.SMTP("127.0.0.1", server.port) as client,
        ):
            client.ehlo()
            assert not client.has_extn("starttls")


@pytest.mark.parametrize(
    "said", sample([b"", b"EHLO a.example.org\r\n", b"EHLO a.example.org\r\nQUIT\r\n"], b"EHLO a.example.org\r\n")
)
def test_an_end_in_the_middle_leaves_no_socket_open(tmp_path: Path, said: bytes) -> None:
    """Clients that connect while it ends: warnings are errors, and an open socket would be one once it is collected."""
    for number in range(3):
        with contextlib.ExitStack() as clients:
            with ThreadedServer(tmp_path / f"record-{number}") as server:
                for _client in range(3):
                    clients.enter_context(socket.create_connection(("127.0.0.1", server.port))).sendall(said)
            gc.collect()


@pytest.mark.skipif(os.name != "posix", reason="processes of POSIX")
def test_by_hand(record: Path) -> None:
    """`python -m tests.deliver.server` says where it listens."""
    with ServerProcess(record, "lost-250", "greylist:tries=2", options=["--sync"]) as server:
        assert server.port > 0
