from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deliver.certificates import Authority, make_authority
from tests.mailbox.dovecot import Dovecot


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def running_dovecot(authority: Authority) -> Iterator[Dovecot]:
    with Dovecot(authority) as server:
        yield server


@pytest.fixture
def dovecot(running_dovecot: Dovecot) -> Dovecot:
    """An IMAP server with an empty mailbox."""
    running_dovecot.empty()
    return running_dovecot
