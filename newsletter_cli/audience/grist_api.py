"""Talking to Grist's REST API (https://support.getgrist.com/api/): retries, time limits, errors in plain words."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from newsletter_cli.base.errors import ListError
from newsletter_cli.base.i18n import _

if TYPE_CHECKING:
    import requests

CONNECT_SECONDS = 10.0
ATTEMPTS = 4
# However long a server asks to wait, an editor at the terminal waits no longer.
LONGEST_WAIT_SECONDS = 60
TRANSIENT = (429, 500, 502, 503, 504)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GristDoc:
    """One document on a Grist server. `key` is the bearer key, never shown; `name` stands for it in errors.

    `timeout_seconds` bounds each answer as a whole, `backoff_seconds` is the first wait before another attempt.
    """

    url: str
    doc: str
    key: str = field(repr=False)
    name: str
    timeout_seconds: float = 60.0
    backoff_seconds: float = 1.0

    @contextlib.contextmanager
    def session(self) -> Iterator[requests.Session]:
        """A connection that tries again what may pass. Raises `ListError` where the key would travel in the clear."""
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util.retry import Retry

        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ListError(
                _("the key would travel in the clear: {url} is not https").format(url=self.url),
                file=self.name,
                hint=_('write [list.grist] url = "https://…"'),
            )
        # Every request here may be repeated: reading, and setting a value to what it is to be.
        retries = Retry(
            total=ATTEMPTS - 1,
            status_forcelist=TRANSIENT,
            allowed_methods=None,
            backoff_factor=self.backoff_seconds,
            backoff_jitter=self.backoff_seconds / 4,
            raise_on_status=False,
            retry_after_max=LONGEST_WAIT_SECONDS,
        )
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {self.key}"
            # Else requests would send a password of ~/.netrc in place of the key.
            session.auth = lambda request: request
            session.mount(self.url, HTTPAdapter(max_retries=retries))
            yield session

    def ask(
        self, session: requests.Session, method: str, path: str, *, accepted: Collection[int] = (), **options: Any
    ) -> requests.Response:
        """The answer, its body still to be read. A redirection is an error: the key goes nowhere else.

        Raises `ListError` for any status but 200 and the `accepted`.
        """
        import requests

        url = f"{self.url.rstrip('/')}/api/docs/{quote(self.doc, safe='')}/{path}"
        try:
            response = session.request(
                method,
                url,
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_SECONDS, self.timeout_seconds),
                **options,
            )
        except requests.RequestException as error:
            raise self._unreachable(error) from None
        if response.status_code == 200 or response.status_code in accepted:
            return response
        response.close()
        raise self._refused(response.status_code)

    def read_records(self, response: requests.Response) -> list[Mapping[str, Any]]:
        """All records of an answer that is one page. Raises `ListError`."""
        try:
            with contextlib.closing(response), self._reading(response) as body:
                return [flat_record(record) for record in json.loads(body.read_all())["records"]]
        except (KeyError, TypeError, ValueError):
            raise self._strange() from None

    def stream_records(self, response: requests.Response) -> Iterator[Mapping[str, Any]]:
        """The records of an answer of any size, one at a time. Raises `ListError`."""
        import ijson

        try:
            with contextlib.closing(response), self._reading(response) as body:
                for record in ijson.items(body, "records.item", use_float=True):
                    yield flat_record(record)
        except (ijson.JSONError, KeyError, TypeError, ValueError):
            raise self._strange() from None

    @contextlib.contextmanager
    def _reading(self, response: requests.Response) -> Iterator[TimedBody]:
        response.raw.decode_content = True
        try:
            yield TimedBody(response.raw, self.timeout_seconds)
        except OSError as error:
            raise self._unreachable(error) from None

    def _refused(self, status: int) -> ListError:
        known = {
            401: (_("Grist does not accept the key"), _("make a new one in Grist: Profile settings, API key")),
            403: (_("the key’s owner may not do this in the document"), _("share the document with them in Grist")),
            404: (
                _("Grist has no such document or table"),
                _("check [list.grist] doc and table: its id, not its title"),
            ),
            429: (_("Grist asks to slow down"), _("try again in a few minutes")),
        }
        message, hint = known.get(status, (_("Grist answered {status}").format(status=status), _("try again later")))
        return ListError(message, file=self.name, hint=hint)

    def _unreachable(self, error: Exception) -> ListError:
        # The exception's text may hold the whole address with the document's id: its kind says enough.
        return ListError(
            _("Grist does not answer ({kind})").format(kind=type(error).__name__),
            file=self.name,
            hint=_("check [list.grist] url and the network, then try again"),
        )

    def _strange(self) -> ListError:
        return ListError(
            _("the answer is not Grist’s"), file=self.name, hint=_("check [list.grist] url: is it the Grist server?")
        )


class TimedBody:
    """A response's body with a deadline: a server that sends a byte a second keeps nobody for hours."""

    def __init__(self, raw: Any, seconds: float):
        self._raw = raw
        self._deadline = time.monotonic() + seconds

    def read(self, size: int = 65_536) -> bytes:
        """Up to `size` bytes, as soon as there are some. Raises `OSError`."""
        from urllib3.exceptions import HTTPError

        if time.monotonic() > self._deadline:
            raise TimeoutError
        if size == 0:  # ijson asks for nothing to learn whether it gets bytes or text
            return b""
        try:
            return self._raw.read1(size) or b""
        except HTTPError as error:
            raise OSError(type(error).__name__) from None

    def read_all(self) -> bytes:
        """All of it. Raises `OSError`."""
        parts = []
        while part := self.read():
            parts.append(part)
        return b"".join(parts)


def flat_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """`{"id": 1, "fields": {…}}`, as Grist writes a record, as one mapping. Raises `KeyError`, `TypeError`."""
    fields = record["fields"]
    return {**fields, "id": int(record["id"] if "id" in record else fields["id"])}
