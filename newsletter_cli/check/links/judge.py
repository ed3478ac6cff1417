"""What lychee's answer means for a reader."""

from __future__ import annotations

import re
from datetime import datetime

from newsletter_cli.base.web.address import WebAddress, is_within, parse_address
from newsletter_cli.check.links.answers import Answer
from newsletter_cli.check.links.outcome import Cause, LinkStatus, Outcome

PERMANENT = frozenset((301, 308))
# They turn programs away, or show them something else than people: nothing they say is proof.
REFUSE_ROBOTS = frozenset(
    (
        "bsky.app",
        "facebook.com",
        "fb.com",
        "fb.me",
        "instagram.com",
        "linkedin.com",
        "lnkd.in",
        "quora.com",
        "reddit.com",
        "t.co",
        "threads.net",
        "tiktok.com",
        "twitter.com",
        "x.com",
    )
)
# The codes that leave no doubt (RFC 9110, 15.5), and the others of which more can be said than the number.
BROKEN = {404: Cause.NOT_FOUND, 410: Cause.GONE, 414: Cause.TOO_LONG}
UNVERIFIABLE = {
    401: Cause.SIGN_IN,
    402: Cause.SIGN_IN,
    403: Cause.ROBOTS,
    405: Cause.ROBOTS,
    406: Cause.ROBOTS,
    407: Cause.SIGN_IN,
    429: Cause.LIMITED,
    451: Cause.ROBOTS,
    999: Cause.ROBOTS,
}
SIGN_IN_STEP = re.compile(
    r"/(log-?in|sign-?in|sso|auth|oauth2?|authwall|cas|consent|connexion|checkpoint|captcha)(/|$|\.)", re.IGNORECASE
)
FAILURES = (
    (re.compile(r"certificate|\bssl\b|\btls\b|handshake", re.IGNORECASE), Cause.TLS),
    (re.compile(r"refused", re.IGNORECASE), Cause.REFUSED),
    (re.compile(r"timed? ?out", re.IGNORECASE), Cause.SLOW),
    (re.compile(r"closed|reset|incomplete", re.IGNORECASE), Cause.CLOSED),
    (re.compile(r"dns resolution", re.IGNORECASE), Cause.LOOKUP_FAILED),
    (re.compile(r"cannot parse .* into a url", re.IGNORECASE), Cause.NOT_AN_ADDRESS),
)


def judge(asked: WebAddress, answer: Answer | None, now: datetime, *, is_remapped: bool = False) -> Outcome:
    """The outcome of an address, but for its fragment. No answer means that it came too late."""
    if answer is None or answer.is_timeout:
        return Outcome(status=LinkStatus.TIMEOUT, cause=Cause.SLOW, checked_at=now)
    if answer.is_excluded:
        return Outcome(status=LinkStatus.UNCHECKED, cause=Cause.RESERVED)
    if answer.is_ok:
        moved = None if is_remapped else _moved_to(asked, answer)
        status = LinkStatus.REDIRECTED if moved else LinkStatus.OK
        return Outcome(status=status, code=answer.code, new_address=moved, checked_at=now)
    cause = _cause(answer)
    if cause is Cause.SLOW:
        return Outcome(status=LinkStatus.TIMEOUT, cause=cause, checked_at=now)
    is_doubtful = answer.code is not None and cause not in (*BROKEN.values(), Cause.SERVER, Cause.LOOP)
    if _refuses_robots(asked, answer):
        is_doubtful, cause = True, cause if is_doubtful else Cause.ROBOTS
    status = LinkStatus.UNVERIFIABLE if is_doubtful else LinkStatus.BROKEN
    return Outcome(status=status, cause=cause, code=answer.code, checked_at=now)


def _cause(answer: Answer) -> Cause:
    code = answer.code
    if code is None:
        return next((cause for pattern, cause in FAILURES if pattern.search(answer.details)), Cause.UNREACHABLE)
    if code in BROKEN:
        return BROKEN[code]
    if code in UNVERIFIABLE:
        return UNVERIFIABLE[code]
    if 300 <= code < 400:
        return Cause.LOOP if answer.hops else Cause.ODD_ANSWER
    return Cause.SERVER if 500 <= code < 600 else Cause.ODD_ANSWER


def _refuses_robots(asked: WebAddress, answer: Answer) -> bool:
    return any(is_within(host, REFUSE_ROBOTS) for host in (asked.host, *hosts_on_the_way(answer)))


def hosts_on_the_way(answer: Answer) -> tuple[str, ...]:
    """The hosts that the redirects led to."""
    hosts = []
    for _code, url in answer.hops:
        try:
            hosts.append(parse_address(url).host)
        except ValueError:
            continue
    return tuple(hosts)


def _moved_to(asked: WebAddress, answer: Answer) -> str | None:
    """Where a redirect that is permanent at every step ends; none that leads to a sign-in page or a wall."""
    if not answer.hops or not all(code in PERMANENT for code, _url in answer.hops):
        return None
    if _refuses_robots(asked, answer):
        return None
    try:
        end = parse_address(answer.hops[-1][1])
    except ValueError:
        return None
    if end.page == asked.page or (SIGN_IN_STEP.search(end.path) and not SIGN_IN_STEP.search(asked.path)):
        return None
    # A redirect without a fragment keeps the visitor's (RFC 9110, 10.2.2).
    return end.url if end.fragment or not asked.fragment else f"{end.page}#{asked.fragment}"
