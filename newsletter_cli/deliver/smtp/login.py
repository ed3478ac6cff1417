"""Logging in (RFC 4954): PLAIN (RFC 4616), LOGIN, and XOAUTH2 as Google and Microsoft document it.

Not `smtplib.SMTP.login`, which takes ASCII passwords only and shows a piece of others in its error.
"""

from __future__ import annotations

import base64
import smtplib
from collections.abc import Callable

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.remedies import remedy_of
from newsletter_cli.deliver.smtp.attempt import CannotOpen
from newsletter_cli.deliver.smtp.replies import read_answer
from newsletter_cli.deliver.smtp.server import Login
from newsletter_cli.model.delivery import Reply

# Unknown command, parameter or mechanism; a mechanism that is too weak here: another may do.
OTHER_MECHANISM_MAY_DO = frozenset({500, 501, 502, 504, 534})


def log_in(smtp: smtplib.SMTP, login: Login) -> str:
    """Log in and return the mechanism that did it.

    Raises `CannotOpen`, for good unless the server says 4yz or the secret has been renewed, and `TransportError`.
    """
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    wanted = ("PLAIN", "LOGIN") if login.auth == "auto" else (login.auth.upper(),)
    usable = [mechanism for mechanism in wanted if mechanism in offered]
    if not usable:
        raise CannotOpen(
            Reply(0, _no_mechanism(wanted, offered)),
            is_fatal=True,
            hint=_("look at send.smtp.auth and send.smtp.user, and at the port: logging in is usual on 587 and 465"),
        )
    secret = login.secret()
    reply = Reply(0, "")
    for mechanism in usable:
        reply = _MECHANISMS[mechanism](smtp, login.user, secret)
        if 200 <= reply.code < 300:
            login.secret.worked(secret)
            return mechanism
        if reply.code not in OTHER_MECHANISM_MAY_DO:
            break
    is_refused = 500 <= reply.code < 600
    is_renewed = is_refused and login.secret.renew(secret)
    raise CannotOpen(
        reply,
        is_fatal=is_refused and not is_renewed,
        is_secret_renewed=is_renewed,
        hint=remedy_of(
            reply,
            _("the server does not let {user} in: look at send.smtp.user and at the password").format(user=login.user),
        ),
    )


def _no_mechanism(wanted: tuple[str, ...], offered: list[str]) -> str:
    if not offered:
        text = _("the server does not offer to log in")
    else:
        text = _("the server does not offer {wanted} to log in, only {offered}").format(
            wanted=" / ".join(wanted), offered=", ".join(offered)
        )
    return f"nl: {text}"


def _plain(smtp: smtplib.SMTP, user: str, secret: str) -> Reply:
    return _ask(smtp, "AUTH PLAIN " + _encode(f"\0{user}\0{secret}"))


def _login(smtp: smtplib.SMTP, user: str, secret: str) -> Reply:
    reply = _ask(smtp, "AUTH LOGIN")
    for answer in (user, secret):
        if reply.code != 334:
            break
        reply = _ask(smtp, _encode(answer))
    return reply


def _xoauth2(smtp: smtplib.SMTP, user: str, secret: str) -> Reply:
    reply = _ask(smtp, "AUTH XOAUTH2 " + _encode(f"user={user}\1auth=Bearer {secret}\1\1"))
    # A refusal comes as a challenge with its reason; the empty answer asks for the reply proper.
    return _ask(smtp, "") if reply.code == 334 else reply


_MECHANISMS: dict[str, Callable[[smtplib.SMTP, str, str], Reply]] = {
    "PLAIN": _plain,
    "LOGIN": _login,
    "XOAUTH2": _xoauth2,
}


def _ask(smtp: smtplib.SMTP, command: str) -> Reply:
    return read_answer(*smtp.docmd(command))


def _encode(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")
