"""The laptop's side of `GET /log?after=N`: a page of the log, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from newsletter_cli.after.endpoint.entries import LogPage, NotALog, parse_page
from newsletter_cli.base.endpoint_key import LOG_PATH, KeyPart, endpoint_address
from newsletter_cli.base.errors import NotSynced
from newsletter_cli.base.i18n import _
from newsletter_cli.base.web.asking import Asker, Cause, NotAnswered

# A page has a thousand entries at most; the words of a server in one may be long.
MOST_BYTES = 32 * 1024 * 1024
PLACE = "[endpoint] url"


class LogClient:
    """Fetches the log of the endpoint at `url`, by whichever of the secrets in `parts` the server takes: after a change
    of key it may still have the one before. All raise `NotSynced`.
    """

    def __init__(self, url: str, parts: Sequence[KeyPart], asker: Asker) -> None:
        self._address = endpoint_address(url, LOG_PATH)
        self._parts = list(parts)
        self._asker = asker

    def page(self, after: int) -> LogPage:
        """What came after the entry of that number."""
        while True:
            part = self._parts[0]
            answer = self._ask(after, part.fetch)
            if answer is not None:
                return answer
            if len(self._parts) == 1:
                raise NotSynced(
                    _("the endpoint does not take this newsletter’s key"),
                    file=PLACE,
                    hint=_("give the server the key that nl sync --key shows, and start it again"),
                )
            self._parts.pop(0)

    def _ask(self, after: int, secret: str) -> LogPage | None:
        """`None` where the secret is not taken."""
        try:
            answer = self._asker.ask_there(
                f"{self._address}?after={after}",
                {"Authorization": f"Bearer {secret}", "Accept": "application/x-ndjson", "Cache-Control": "no-store"},
            )
        except NotAnswered as fault:
            raise _unanswered(fault) from None
        if answer.status == HTTPStatus.UNAUTHORIZED:
            return None
        if answer.status != HTTPStatus.OK:
            raise _refused(answer.status, urljoin(self._address, answer.headers.get("location", "")))
        try:
            page = parse_page(answer.body)
        except NotALog:
            raise _no_log() from None
        if page.end.after < after or (page.end.more and page.end.after == after):
            raise _no_log()
        return page


def _refused(status: int, target: str) -> NotSynced:
    if 300 <= status < 400:
        parts = urlsplit(target)
        there = f"{parts.scheme}://{parts.netloc}{parts.path}".removesuffix(LOG_PATH)
        return NotSynced(
            _("the endpoint’s address leads on to {address}, and the key goes nowhere else").format(address=there),
            file=PLACE,
            hint=_("if that is where nl serve runs, write it in endpoint.url"),
        )
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY,
                  HTTPStatus.GATEWAY_TIMEOUT):  # fmt: skip
        return NotSynced(
            _("the endpoint cannot answer now ({status})").format(status=int(status)),
            file=PLACE,
            hint=_("try again in a few minutes; if it stays so, look at nl serve on the server"),
        )
    return NotSynced(
        _("no nl serve answers at the endpoint’s address ({status})").format(status=int(status)),
        file=PLACE,
        hint=_("look at endpoint.url, and at --path of nl serve and the path of its proxy"),
    )


def _no_log() -> NotSynced:
    return NotSynced(
        _("what the endpoint answers is no whole log of nl serve"),
        file=PLACE,
        hint=_("nothing of it was taken; look at endpoint.url, and whether nl on the server is as new as here"),
    )


def _unanswered(fault: NotAnswered) -> NotSynced:
    reasons = {
        Cause.NO_SUCH_HOST: _("there is no such host"),
        Cause.LOOKUP_FAILED: _("its name cannot be looked up now"),
        Cause.NO_CONNECTION: _("nobody takes the connection"),
        Cause.CERTIFICATE: _("its certificate is not trusted"),
        Cause.CUT_OFF: _("the connection broke"),
        Cause.TOO_SLOW: _("it did not answer in time"),
        Cause.TOO_LARGE: _("its answer is too large"),
        Cause.NOT_HTTP: _("what answers is no web server"),
    }
    hint = _("is this machine online, and does nl serve run there?")
    if fault.cause is Cause.CERTIFICATE:
        hint = _("if it was issued by an authority of your own, name that in endpoint.ca_file")
    reason = reasons.get(fault.cause, fault.cause.value)
    return NotSynced(_("the endpoint does not answer: {reason}").format(reason=reason), file=PLACE, hint=hint)
