"""The two runs of lychee: all pages without their text; then, with it, the pages in which a place is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.base.web.address import WebAddress, parse_address
from newsletter_cli.check.links.answers import Answer
from newsletter_cli.check.links.judge import hosts_on_the_way, judge
from newsletter_cli.check.links.lychee import LycheeFailed, run_lychee
from newsletter_cli.check.links.outcome import Cause, LinkStatus, Outcome

# What stands behind `#` without being the name of a place in the page: a route of an application, a page of a PDF, a
# line of code, a stretch of text, the top (HTML, 7.4.6.4). Only a browser could tell.
NO_PLACE = re.compile(r"[/!:~?]|.*[=&]|L\d+([-C]|$)|(top)?$", re.IGNORECASE)
ENOUGH_SITES = 3


class Asked(Struct, frozen=True, kw_only=True):
    """What lychee is asked. `addresses` and `twins` (the same with `https://`) by the address of the issue."""

    program: str
    timeout_seconds: int
    addresses: Mapping[str, WebAddress]
    twins: Mapping[str, WebAddress]
    remapped: frozenset[str]
    now: datetime
    is_stopped: Callable[[], bool] = lambda: False


class Found(Struct, frozen=True):
    """An outcome for each address, and the hosts that its redirects led over."""

    outcomes: dict[str, Outcome]
    hosts: dict[str, tuple[str, ...]]


class Failed(Struct, frozen=True):
    """lychee did not do its work."""

    last_words: str


def ask_lychee(asked: Asked, on_progress: Callable[[int, int], None]) -> Found | Failed:
    """The outcomes of all addresses. A second run that fails costs the fragments only."""
    pages = dict.fromkeys(address.page for address in (*asked.addresses.values(), *asked.twins.values()))
    done = 0

    def on_answer() -> None:
        nonlocal done
        done += 1
        on_progress(done, len(pages))

    try:
        answers = run_lychee(
            asked.program,
            list(pages),
            timeout_seconds=asked.timeout_seconds,
            on_answer=on_answer,
            is_stopped=asked.is_stopped,
        )
    except LycheeFailed as error:
        return Failed(str(error))
    outcomes = {}
    hosts = {}
    for url, address in asked.addresses.items():
        answer = answers.get(address.page)
        outcome = judge(address, answer, asked.now, is_remapped=url in asked.remapped)
        twin = asked.twins.get(url)
        if twin is not None and outcome.is_working and _is_secure(answers.get(twin.page)):
            outcome = replace(outcome, has_https=True)
        outcomes[url] = outcome
        if answer is not None and answer.hops:
            hosts[url] = hosts_on_the_way(answer)
    for url in _without_fragment(asked, outcomes, answers):
        outcomes[url] = replace(outcomes[url], is_fragment_missing=True)
    return Found(outcomes, hosts)


def _is_secure(answer: Answer | None) -> bool:
    """Whether the `https://` address works and does not lead back to `http://`."""
    return answer is not None and answer.is_ok and all(url.startswith("https:") for _code, url in answer.hops)


def _without_fragment(asked: Asked, outcomes: Mapping[str, Outcome], answers: Mapping[str, Answer]) -> list[str]:
    """The addresses whose page is there, but not the place in it that they name."""
    wanted = {}
    for url, address in asked.addresses.items():
        if outcomes[url].is_working and not NO_PLACE.match(address.fragment):
            end = _end(address, answers[address.page])
            if end is not None:
                wanted[url] = end
    if not wanted:
        return []
    targets = list(dict.fromkeys(wanted.values()))
    try:
        found = run_lychee(
            asked.program,
            targets,
            timeout_seconds=asked.timeout_seconds,
            is_on_fragments=True,
            is_stopped=asked.is_stopped,
        )
    except LycheeFailed as error:
        # A page too large for the memory it may have: what was found before still counts.
        found = error.heard
    missing = {url for url, answer in found.items() if answer.code is None and "fragment" in answer.details.lower()}
    return [url for url, target in wanted.items() if target in missing]


def _end(address: WebAddress, answer: Answer) -> str | None:
    """The page on which a visitor ends, with the fragment that was asked for."""
    if not answer.hops:
        return address.url
    try:
        end = parse_address(answer.hops[-1][1])
    except ValueError:
        return None
    return None if end.fragment else f"{end.page}#{address.fragment}"


def is_silence(outcomes: Mapping[str, Outcome], addresses: Mapping[str, WebAddress]) -> bool:
    """Whether several sites were asked and none of them said a word: it is our side, not theirs."""
    silent = (Cause.SLOW, Cause.REFUSED, Cause.CLOSED, Cause.UNREACHABLE, Cause.LOOKUP_FAILED)
    return _is_all(outcomes, addresses, lambda outcome: outcome.code is None and outcome.cause in silent)


def is_intercepted(outcomes: Mapping[str, Outcome], addresses: Mapping[str, WebAddress]) -> bool:
    """Whether several sites were asked by `https` and none has a valid certificate: somebody answers for them all."""
    secure = {url: outcome for url, outcome in outcomes.items() if addresses[url].scheme == "https"}
    return _is_all(secure, addresses, lambda outcome: outcome.cause is Cause.TLS)


def _is_all(
    outcomes: Mapping[str, Outcome], addresses: Mapping[str, WebAddress], test: Callable[[Outcome], bool]
) -> bool:
    asked = {url: one for url, one in outcomes.items() if one.status is not LinkStatus.UNCHECKED}
    hosts = {addresses[url].host for url in asked}
    return len(hosts) >= ENOUGH_SITES and all(map(test, asked.values()))
