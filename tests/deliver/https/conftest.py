"""Services for the tests of HTTPS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.config.send_settings import ServiceSettings
from newsletter_cli.deliver.https.transport import HttpsTransport
from newsletter_cli.deliver.opening import open_service, parse_transport_url
from newsletter_cli.deliver.secrets import Secret
from tests.deliver.certificates import Authority, make_authority
from tests.deliver.https.server import API_KEY, CHANNEL, KEY, MAILBOX, TOKEN, USER, MailService, Plan

SETTINGS = {
    "lasuite": ServiceSettings(mailbox=MAILBOX, channel=CHANNEL, timeout_seconds=30),
    "graph": ServiceSettings(mailbox=USER, timeout_seconds=30),
    "brevo": ServiceSettings(timeout_seconds=30),
}
SECRETS = {"lasuite": KEY, "graph": TOKEN, "brevo": API_KEY}


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def serve(authority: Authority) -> Iterator[Callable[..., MailService]]:
    with ExitStack() as stack:

        def start(plan: Plan = lambda number: "", *, certificate: str = "good") -> MailService:
            return stack.enter_context(MailService(authority.context(certificate), plan))

        yield start


@pytest.fixture
def reach(authority: Authority) -> Iterator[Callable[..., HttpsTransport]]:
    with ExitStack() as stack:

        def opened(
            scheme: str, port: int, *, secret: Secret | None = None, timeout_seconds: int = 30
        ) -> HttpsTransport:
            transport = open_transport(scheme, port, authority.ca_file, secret=secret, timeout_seconds=timeout_seconds)
            stack.callback(transport.close)
            return transport

        yield opened


def open_transport(
    scheme: str, port: int, ca_file: Path | None, *, secret: Secret | None = None, timeout_seconds: int = 30
) -> HttpsTransport:
    return HttpsTransport(
        *open_service(
            parse_transport_url(f"{scheme}://127.0.0.1:{port}"),
            replace(SETTINGS[scheme], timeout_seconds=timeout_seconds),
            secret=secret or Secret(lambda: SECRETS[scheme]),
            ca_file=ca_file,
        )
    )
