"""A newsletter whose first issue went out, and an endpoint that knows of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from newsletter_cli.audience.feedback import FeedbackRecords
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.endpoint_key import EndpointKey
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.runs import read_tokens
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.syncing.key import own_key
from newsletter_cli.flows.syncing.sync import sync
from newsletter_cli.flows.syncing.values import Synced
from tests.flows.sending.newsletter import PEOPLE, Newsletter
from tests.flows.syncing.stub import StubEndpoint, told

ADA, BEN, CLEO = "ada@example.org", "ben@example.org", "cleo@example.org"


class Stage:
    """A newsletter whose first issue went out, and its endpoint."""

    def __init__(self, root: Path, people: str = PEOPLE) -> None:
        newsletter = Newsletter(root, people=people)
        newsletter.send()
        self._begin(newsletter)

    @classmethod
    def around(cls, root: Path) -> Stage:
        """The same of a newsletter that is there, as far as it has come."""
        stage, newsletter = cls.__new__(cls), Newsletter.__new__(Newsletter)
        newsletter.root = root
        stage._begin(newsletter)
        return stage

    def _begin(self, newsletter: Newsletter) -> None:
        self.newsletter = newsletter
        self.stub = StubEndpoint(own_key(newsletter.workspace))

    @property
    def key(self) -> EndpointKey:
        return self.stub.key

    def configure(self, more: str = "") -> None:
        self.newsletter.configure(f'[endpoint]\nurl = "{self.stub.url}"\n{more}')
        self.newsletter.assemble()

    @property
    def tokens(self) -> Tokens:
        with closing(open_database(self.newsletter.state)) as ledger:
            return read_tokens(ledger)

    def row(self, address: str) -> int:
        with closing(open_database(self.newsletter.state)) as ledger:
            (row,) = ledger.execute("SELECT id FROM delivery WHERE key = ? ORDER BY id", (address,)).fetchone()
            return int(row)

    def token(self, address: str) -> str:
        return self.tokens.token(self.row(address))

    def message_id(self, address: str) -> str:
        return self.tokens.message_id(self.row(address), "example.org")

    def click(self, *addresses: str, reference: int = 1, at: str = "") -> None:
        for number, address in enumerate(addresses):
            self.stub.tell(told(reference=reference + number, key=self.key, token=self.token(address), at=at))

    def sync(self, **how: Any) -> Synced:
        return sync(self.newsletter.workspace, **how)

    def gone(self) -> dict[str, str]:
        """Who of the three is suppressed, and why."""
        with open_state(self.newsletter.workspace) as store:
            found = {one: Suppression(store).find(one) for one in (ADA, BEN, CLEO)}
        return {one: why.reason for one, why in found.items() if why is not None}

    def records(self, address: str) -> list[tuple[str, int | None, str]]:
        with open_state(self.newsletter.workspace) as store:
            return [(one.kind, one.issue, one.source) for one in FeedbackRecords(store).of_person(address)]
