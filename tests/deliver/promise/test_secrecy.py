"""Rows “bad certificate; STARTTLS stripped” and “5xx at … AUTH”: stop before AUTH, before anybody is named."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.deliver.certificates import Authority
from tests.deliver.server.record import count_verb
from tests.deliver.server.sending import Sending, served
from tests.deliver.server.serving import ServerProcess
from tests.deliver.server.settings import PASSWORD, USER
from tests.samples import sample

RECIPIENTS = 24


@contextmanager
def secured(
    folder: Path, authority: Authority, *names: str, tls: str = "starttls", password: str = PASSWORD
) -> Iterator[tuple[ServerProcess, Sending]]:
    options = ["--tls", tls, "--certificates", str(authority.folder), "--login", f"{USER}:{PASSWORD}"]
    smtp = f'user = "{USER}"\nca_file = "authority.pem"\nstarttls = "required"\n'
    with served(folder, RECIPIENTS, *names, options=options, smtp=smtp) as (server, sending):
        shutil.copy(authority.ca_file, folder / "workspace" / "authority.pem")
        sending.env = {"NL_SMTP_PASSWORD": password}
        if tls == "implicit":
            sending.transport = sending.transport.replace("smtp:", "smtps:")
        yield server, sending


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_good_certificate_and_the_right_password(tmp_path: Path, authority: Authority, tls: str) -> None:
    with secured(tmp_path, authority, tls=tls) as (_server, sending):
        done = sending.send()
        assert done.status == 0, done
        sending.check()
        sending.check_finished()
        assert count_verb(sending.record, "AUTH") > 0


BAD_CERTIFICATES = [
    (name, tls) for name in ("self-signed", "wrong-host", "expired") for tls in ("starttls", "implicit")
]


@pytest.mark.parametrize(
    ("name", "tls"),
    sample(BAD_CERTIFICATES, ("self-signed", "starttls"), ("wrong-host", "implicit"), ("expired", "starttls")),
)
def test_a_bad_certificate(tmp_path: Path, authority: Authority, name: str, tls: str) -> None:
    with secured(tmp_path, authority, name, tls=tls) as (server, sending):
        stops_before_auth(sending, "certificate")
        server.change()
        assert sending.finish() == set()


@pytest.mark.parametrize("name", ["no-starttls", "454-starttls"])
def test_starttls_is_taken_away(tmp_path: Path, authority: Authority, name: str) -> None:
    with secured(tmp_path, authority, name) as (server, sending):
        stops_before_auth(sending, "TLS")
        server.change()
        assert sending.finish() == set()


def test_plain_words_behind_the_go_ahead_count_for_nothing(tmp_path: Path, authority: Authority) -> None:
    with secured(tmp_path, authority, "starttls-injection") as (_server, sending):
        done = sending.send()
        # Ignored, or taken for the attack it is.
        if done.status == 0:
            sending.check_finished()
        else:
            assert sending.accepted() == []
            assert count_verb(sending.record, "AUTH") == 0
        sending.check()


def test_the_wrong_password(tmp_path: Path, authority: Authority) -> None:
    with secured(tmp_path, authority, password="guess") as (_server, sending):
        stops(sending, "535")
        # Each attempt may count towards a lock-out: one a connection at the very most.
        assert count_verb(sending.record, "AUTH") <= 4
        sending.env["NL_SMTP_PASSWORD"] = PASSWORD
        assert sending.finish() == set()


def test_logging_in_fails_for_a_moment(tmp_path: Path, authority: Authority) -> None:
    with secured(tmp_path, authority, "454-auth") as (_server, sending):
        sending.send()
        assert not sending.in_state("refused", "in_doubt")
        assert sending.finish() == set()


def stops_before_auth(sending: Sending, word: str) -> None:
    stops(sending, word)
    assert count_verb(sending.record, "AUTH") == 0


def stops(sending: Sending, word: str) -> None:
    done = sending.send()
    assert done.status == 3, done
    assert word.lower() in done.said.lower(), done
    assert PASSWORD not in done.said
    assert count_verb(sending.record, "MAIL") == 0
    assert sending.in_state("pending") == set(sending.recipients)
    sending.check()
