"""Finding out what becomes of every address: screening, memory, network, lychee, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, field

from newsletter_cli.base.web.address import WebAddress
from newsletter_cli.base.web.reach import Internet, Lookup, Network, is_refused
from newsletter_cli.check.links.cache import LinkCache
from newsletter_cli.check.links.image import RemoteImage
from newsletter_cli.check.links.network import has_network, is_one_for_all, look_up_all
from newsletter_cli.check.links.outcome import Cause, LinkStatus, Outcome
from newsletter_cli.check.links.program import find_lychee
from newsletter_cli.check.links.report import LinkProblem
from newsletter_cli.check.links.rounds import Asked, Failed, ask_lychee, is_intercepted, is_silence
from newsletter_cli.check.links.screen import Screen, screen_addresses
from newsletter_cli.check.links.weigh import weigh_images
from newsletter_cli.config.settings import LinkSettings

OnProgress = Callable[[int, int], None]


class Probed(Struct, frozen=True):
    """What a `LinkReport` says beside its places."""

    outcomes: Mapping[str, Outcome]
    images: Mapping[str, RemoteImage]
    problem: LinkProblem | None
    problem_details: str


def probe_links(
    urls: Sequence[str],
    pictures: Set[str],
    preferences: LinkSettings,
    *,
    cache_folder: Path | None,
    on_progress: OnProgress,
    network: Network | None,
    find_program: Callable[[], str | None] | None,
    now: datetime | None,
    is_stopped: Callable[[], bool],
    fresh: Set[str] = frozenset(),
) -> Probed:
    """The outcome of each of these distinct addresses, and the measures of those that are images. Of those that are to
    be `fresh`, it is not believed that they are broken still.

    Raises as `check_links`.
    """
    screen = Screen(preferences)
    at = now or datetime.now(UTC)
    screened = screen_addresses(screen, urls)
    check = _Check(
        screen=screen,
        preferences=preferences,
        network=network or Internet(),
        cache=LinkCache(cache_folder, max_age_hours=preferences.max_age_hours, now=at),
        on_progress=on_progress,
        now=at,
        remapped=screened.remapped,
        outcomes=dict(screened.settled),
        is_stopped=is_stopped,
        fresh=fresh,
    )
    check.ask(screened.asked, find_program or find_lychee)
    images = check.weigh({url: address for url, address in screened.asked.items() if url in pictures})
    check.cache.write()
    return Probed({url: check.outcomes[url] for url in urls}, images, check.problem, check.problem_details)


def recall_links(
    urls: Sequence[str], preferences: LinkSettings, *, cache_folder: Path, now: datetime | None
) -> dict[str, Outcome]:
    """What is remembered of each of these addresses, without asking anybody; the others are unchecked."""
    screened = screen_addresses(Screen(preferences), urls)
    cache = LinkCache(cache_folder, max_age_hours=preferences.max_age_hours, now=now or datetime.now(UTC))
    known = {url: cache.outcome(_key(url, address)) for url, address in screened.asked.items()}
    unknown = Outcome(status=LinkStatus.UNCHECKED, cause=Cause.OFFLINE)
    return {url: screened.settled.get(url) or known.get(url) or unknown for url in urls}


class _Check(Struct):
    screen: Screen
    preferences: LinkSettings
    network: Network
    cache: LinkCache
    on_progress: OnProgress
    now: datetime
    remapped: frozenset[str]
    outcomes: dict[str, Outcome]
    is_stopped: Callable[[], bool] = lambda: False
    fresh: Set[str] = frozenset()
    problem: LinkProblem | None = None
    problem_details: str = ""
    lookups: dict[str, Lookup] = field(default_factory=dict)

    def ask(self, wanted: Mapping[str, WebAddress], find_program: Callable[[], str | None]) -> None:
        """Fills `outcomes` for all of `wanted`."""
        for url, address in wanted.items():
            known = self.cache.outcome(_key(url, address))
            if known is not None and not (url in self.fresh and known.status is LinkStatus.BROKEN):
                self.outcomes[url] = known
        left = self._left(wanted)
        if not left:
            return
        program = find_program()
        if program is None:
            self._give_up(left, LinkProblem.NO_LYCHEE)
            return
        self.lookups = look_up_all(self.network, (address.host for address in left.values()))
        self._refuse_private(left)
        left = self._left(left)
        public = {url: address for url, address in left.items() if self._is_public(url, address)}
        if public and not has_network(self.network, public.values(), self.lookups):
            self._give_up(public, LinkProblem.NO_NETWORK)
        self._settle_unknown_hosts(self._left(left))
        left = self._left(left)
        if left:
            self._ask_lychee(program, left, public)

    def weigh(self, pictures: Mapping[str, WebAddress]) -> dict[str, RemoteImage]:
        """The measures of the images that are there."""
        there = {url: address for url, address in pictures.items() if self.outcomes[url].is_working}
        known = {url: self.cache.image(_key(url, address)) for url, address in there.items()}
        images = {url: image for url, image in known.items() if image is not None}
        trusted = {address.netloc for url, address in there.items() if url in self.remapped}
        new = weigh_images(
            {url: address for url, address in there.items() if url not in images},
            timeout_seconds=self.preferences.timeout_seconds,
            is_allowed=lambda address: address.netloc in trusted or self._may_visit(address),
        )
        for url, image in new.items():
            self.cache.keep_image(_key(url, there[url]), image)
        images |= new
        return {url: images[url] for url in there if url in images}

    def _may_visit(self, address: WebAddress) -> bool:
        return self.screen.allow_private or not is_refused(address.host, self.network.look_up(address.host))

    def _left(self, wanted: Mapping[str, WebAddress]) -> dict[str, WebAddress]:
        return {url: address for url, address in wanted.items() if url not in self.outcomes}

    def _is_public(self, url: str, address: WebAddress) -> bool:
        return url not in self.remapped and not is_refused(address.host, self.lookups[address.host])

    def _refuse_private(self, left: Mapping[str, WebAddress]) -> None:
        if self.screen.allow_private:
            return
        if is_one_for_all(self.lookups):
            self._give_up({url: one for url, one in left.items() if url not in self.remapped}, LinkProblem.INTERCEPTED)
        for url, address in left.items():
            # Where the editors send an address to themselves (a site on trial on their own machine), they mean it.
            is_settled = url in self.remapped or url in self.outcomes
            if not is_settled and is_refused(address.host, self.lookups[address.host]):
                self.outcomes[url] = Outcome(status=LinkStatus.UNCHECKED, cause=Cause.PRIVATE)

    def _settle_unknown_hosts(self, left: Mapping[str, WebAddress]) -> None:
        for url, address in left.items():
            lookup = self.lookups[address.host]
            # Behind a proxy, names may be known to the proxy only.
            if not lookup.addresses and self.network.proxy_for(address) is None:
                cause = Cause.NO_SUCH_HOST if lookup.is_definite else Cause.LOOKUP_FAILED
                self._settle(url, address, Outcome(status=LinkStatus.BROKEN, cause=cause, checked_at=self.now))

    def _ask_lychee(self, program: str, left: Mapping[str, WebAddress], public: Mapping[str, WebAddress]) -> None:
        asked = Asked(
            program=program,
            timeout_seconds=self.preferences.timeout_seconds,
            addresses=left,
            twins=self.screen.secure_twins(left, self.remapped),
            remapped=self.remapped,
            now=self.now,
            is_stopped=self.is_stopped,
        )
        before = len(self.outcomes)
        found = ask_lychee(asked, lambda done, total: self.on_progress(before + done, before + total))
        if isinstance(found, Failed):
            self._give_up(left, LinkProblem.LYCHEE_FAILED, found.last_words)
            return
        outcomes = {
            url: self._hidden_if_private(url, found.hosts.get(url, ()), one) for url, one in found.outcomes.items()
        }
        outside = {url: outcome for url, outcome in outcomes.items() if url in public}
        if is_silence(outside, left):
            self._give_up(outside, LinkProblem.NO_NETWORK)
        elif is_intercepted(outside, left):
            self._give_up(outside, LinkProblem.INTERCEPTED)
        for url in self._left(left):
            self._settle(url, left[url], outcomes[url])

    def _hidden_if_private(self, url: str, hosts: Sequence[str], outcome: Outcome) -> Outcome:
        """lychee follows a redirect before anybody can ask whither: at least nothing of the answer is told."""
        if self.screen.allow_private or url in self.remapped:
            return outcome
        for host in hosts:
            if host not in self.lookups:
                self.lookups |= look_up_all(self.network, (host,))
            if is_refused(host, self.lookups[host]):
                return Outcome(status=LinkStatus.UNCHECKED, cause=Cause.PRIVATE)
        return outcome

    def _settle(self, url: str, address: WebAddress, outcome: Outcome) -> None:
        self.outcomes[url] = outcome
        self.cache.keep(_key(url, address), outcome)

    def _give_up(self, left: Mapping[str, object], problem: LinkProblem, details: str = "") -> None:
        cause = Cause.NO_NETWORK if problem in (LinkProblem.NO_NETWORK, LinkProblem.INTERCEPTED) else Cause.NOT_RUN
        for url in left:
            self.outcomes[url] = Outcome(status=LinkStatus.UNCHECKED, cause=cause)
        self.problem, self.problem_details = problem, details


def _key(url: str, address: WebAddress) -> str:
    """Under what an answer is kept: an answer from elsewhere is none of the address itself."""
    return url if address.url == url else f"{url} {address.url}"
