"""A text posted to a chat, by Apprise, and what became of it: there, not there, or nobody knows.

Apprise says yes or no only, and takes any page that answers 200 for a yes: so the requests that it makes are watched.
Its address holds a token. Nothing of it is ever shown, nor of what Apprise logs, nor of what a server answers.
"""

from __future__ import annotations

import contextlib
import logging
import re
import warnings
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import ChatError
from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
MOST_ADDRESS = 4000  # letters
# `https://chat.example.org/hooks/…`, as Mattermost shows it to whoever makes one.
MATTERMOST = re.compile(
    r"http(?P<tls>s?)://(?P<place>[^/?#@\s]+)(?P<path>(?:/[^/?#\s]+)*)/hooks/(?P<key>[A-Za-z0-9]+)/?"
)
SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
# They write to mailboxes: readers are written to by `nl send` alone.
MAIL_PLUGINS = frozenset(
    {"email", "brevo", "groundmail", "mailersend", "mailgun", "office365", "postmark", "resend", "sendgrid",
     "sendpulse", "ses", "smtp2go", "sparkpost", "deltachat", "pingram", "apprise_api"}
)  # fmt: skip
# Those that announcements are written for, by the names of Apprise's modules.
SERVICES = {"matrix": "Matrix", "mattermost": "Mattermost", "slack": "Slack", "mastodon": "Mastodon"}
# A proxy that heard nothing in time: what stands behind it may have.
IN_BETWEEN = frozenset({502, 504})
TOO_MANY = 429


class Outcome(StrEnum):
    """What became of a message."""

    POSTED = "posted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Markup(StrEnum):
    """What the text is written in. `OWN`: what this chat itself reads, to be handed over as it is."""

    NONE = "text"
    MARKDOWN = "markdown"
    OWN = ""


class Posted(Struct, frozen=True, kw_only=True):
    """The outcome, and why it is not `POSTED`."""

    outcome: Outcome
    reason: str = ""


class _Heard(Struct, kw_only=True):
    """What the server said to the last request; `is_lost`: that one left, and no answer came."""

    status: int | None = None
    is_page: bool = False
    is_lost: bool = False
    is_unreached: bool = False


def refuse_unfit(address: str, service: str | None = None) -> None:
    """Raises `ChatError` for an address that leads to no chat, or to another one than the `service` (one of
    `SERVICES`); it is not shown.
    """
    plugin = _plugin(address)
    if service is not None and _service(plugin) != service:
        raise ChatError(
            _("the address of the chat is not one of {service} (it is not shown: it holds a secret)").format(
                service=SERVICES[service]
            ),
            hint=_addresses(),
        )


def post_to_chat(address: str, text: str, markup: Markup = Markup.NONE) -> Posted:
    """Post the text once, with one try. Raises `ChatError` for an address that leads to no chat, or without Apprise."""
    plugin = _plugin(address)
    heard = _Heard()
    is_taken = False
    with _quiet(), _watched(heard), contextlib.suppress(Exception):
        is_taken = bool(plugin.notify(body=text, title="", notify_type="info", body_format=markup.value or None))
    return _judged(heard, is_taken=is_taken)


def _judged(heard: _Heard, *, is_taken: bool) -> Posted:
    status = heard.status or 0
    if heard.is_lost or status in IN_BETWEEN:
        lost = _("the connection broke before the chat had answered")
        between = _("a server in between answered {status}").format(status=status)
        return Posted(outcome=Outcome.UNKNOWN, reason=lost if heard.is_lost else between)
    refusals = (
        (heard.is_unreached, _("the chat cannot be reached")),
        (status == TOO_MANY, _("the chat takes no more messages right now")),
        (300 <= status < 400, _("the address leads on to another one, to a sign-in perhaps")),
        (status >= 400, _("the chat answered {status}").format(status=status)),
        (heard.is_page, _("a web page answered, and no chat")),
        (not is_taken, _("the chat did not take it")),
    )
    reason = next((reason for is_so, reason in refusals if is_so), "")
    return Posted(outcome=Outcome.REFUSED if reason else Outcome.POSTED, reason=reason)


def _plugin(address: str) -> Any:
    """What Apprise makes of the address. Raises `ChatError`."""
    address = address.strip()
    if found := MATTERMOST.fullmatch(address):
        address = f"mmost{found['tls']}://{found['place']}{found['path']}/{found['key']}"
    scheme = SCHEME.match(address)
    if scheme is None or len(address) > MOST_ADDRESS or any(map(str.isspace, address)):
        raise _unfit()
    if scheme["scheme"].lower() in ("mailto", "mailtos"):
        raise _mail()
    try:
        import apprise
    except ImportError:
        raise ChatError(
            _("nothing can be posted to a chat, because Apprise is not installed"),
            hint=_("install it: {command}").format(command=how_to_add("chat")),
        ) from None
    plugin = None
    with _quiet(), contextlib.suppress(Exception):
        # Without a dress of its own, Apprise names itself as who posts, with a picture from another site.
        asset = apprise.AppriseAsset(app_id="nl", image_url_mask="", image_url_logo="")
        plugin = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise _unfit()
    if _service(plugin) in MAIL_PLUGINS:
        raise _mail()
    return plugin


def _unfit() -> ChatError:
    return ChatError(
        _("the address of the chat is none that Apprise knows (it is not shown: it holds a secret)"),
        hint=_addresses(),
    )


def _addresses() -> str:
    return _(
        "Mattermost: https://HOST/hooks/KEY; Slack: https://hooks.slack.com/services/…; Matrix: "
        "matrixs://USER:PASSWORD@HOST/#ROOM; more: https://appriseit.com/services/"
    )


def _service(plugin: Any) -> str:
    """The name of the module that the plugin is in."""
    return str(type(plugin).__module__).split(".plugins.", 1)[-1].split(".")[0]


def _mail() -> ChatError:
    return ChatError(
        _("the address of the chat is one for e-mail; nothing is posted there"),
        hint=_("readers are written to by nl send alone: name a chat"),
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Apprise, and what it stands on, log addresses with their tokens: nowhere."""
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "requests")]
    before = [(one.disabled, one.propagate) for one in loggers]
    for one in loggers:
        one.disabled, one.propagate = True, False
    children = [
        one for name, one in logging.root.manager.loggerDict.items()
        if isinstance(one, logging.Logger) and name.startswith(("apprise.", "urllib3.")) and not one.disabled
    ]  # fmt: skip
    for one in children:
        one.disabled = True
    try:
        with warnings.catch_warnings():
            # Loading one of its plugins loads them all, with what they stand on.
            warnings.simplefilter("ignore")
            yield
    finally:
        for one, (disabled, propagate) in zip(loggers, before, strict=True):
            one.disabled, one.propagate = disabled, propagate
        for one in children:
            one.disabled = False


@contextlib.contextmanager
def _watched(heard: _Heard) -> Iterator[None]:
    """Every request of `requests` meanwhile: none is led elsewhere, none waits for ever, and its answer is heard."""
    import requests

    send = requests.Session.send

    def watch(session: Any, request: Any, **options: Any) -> Any:
        options |= {"allow_redirects": False, "timeout": (CONNECT_SECONDS, ANSWER_SECONDS)}
        heard.status, heard.is_page, heard.is_lost, heard.is_unreached = None, False, False, False
        try:
            answer = send(session, request, **options)
        except requests.RequestException as error:
            heard.is_unreached = _never_left(error)
            heard.is_lost = not heard.is_unreached
            raise
        heard.status = answer.status_code
        heard.is_page = answer.ok and answer.content[:200].lstrip().lower().startswith(
            (b"<!doctype", b"<html", b"<head")
        )
        return answer

    # There is no other place to stand: each plugin calls `requests` by itself, and keeps what it hears.
    requests.Session.send = watch  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        requests.Session.send = send  # type: ignore[method-assign]


def _never_left(error: Exception) -> bool:
    """Whether the request cannot have reached the chat: no name, no connection, no certificate to believe in."""
    import requests
    from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

    if isinstance(error, requests.exceptions.SSLError | requests.exceptions.ConnectTimeout):
        return True
    seen: BaseException | None = error.args[0] if error.args and isinstance(error.args[0], BaseException) else None
    reason = getattr(seen, "reason", seen)
    return isinstance(reason, ConnectTimeoutError | NameResolutionError | NewConnectionError)
