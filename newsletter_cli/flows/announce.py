"""`nl announce`: the texts that tell of an issue, for chats and networks; posted at most once each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, shown_count
from newsletter_cli.base.strict import nearest
from newsletter_cli.base.values import replace
from newsletter_cli.chat.posting import Markup, Outcome, Posted, post_to_chat, refuse_unfit
from newsletter_cli.check.links import Outcome as LinkOutcome
from newsletter_cli.config.chat_settings import usual_variable
from newsletter_cli.flows.announced import Announced
from newsletter_cli.flows.post_address import ask_post
from newsletter_cli.flows.read import read_sources
from newsletter_cli.flows.webhook import read_webhook
from newsletter_cli.model import Status
from newsletter_cli.publish.places import awaits_date
from newsletter_cli.render.announce.facts import gather_facts
from newsletter_cli.render.announce.networks import ALSO, NETWORKS, Network
from newsletter_cli.render.announce.writing import Announcement, PieceKind, Writer
from newsletter_cli.render.compose import compose_issue
from newsletter_cli.render.gaps import Gap
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.sent import read_sent_records
from newsletter_cli.workspace.templates import read_announce_templates
from newsletter_cli.workspace.wording import read_table

# Network → the service that posts there.
SERVICES = {"tchap": "matrix", "mattermost": "mattermost", "slack": "slack", "mastodon": "mastodon"}


class Announcements(Struct, frozen=True, kw_only=True):
    """The texts of an issue, and what whoever pastes them should know, in words: `notes`.

    `url` is where the issue is read, empty where nobody said; `is_online`: it answers there, `None` where that is not
    known. `is_sent`: it went out to readers, or began to.
    """

    number: int
    url: str
    is_online: bool | None
    is_sent: bool
    texts: tuple[Announcement, ...]
    notes: tuple[str, ...]

    def as_dict(self, posted: dict[str, Posted] | None = None) -> dict[str, Any]:
        """The result for scripts."""
        done = posted or {}
        return {
            "issue": self.number,
            "url": self.url or None,
            "online": self.is_online,
            "sent": self.is_sent,
            "announcements": [
                one.as_dict() | {"posted": done[one.network.name].outcome.value if one.network.name in done else None}
                for one in self.texts
            ],
            "notes": list(self.notes),
        }


def choose_networks(workspace: Workspace, named: Sequence[str]) -> tuple[Network, ...]:
    """The networks that were named, else those of the configuration, else all. Raises `UsageError`."""
    # `--for "tchap, slack,"`: what is empty beside a name is nobody's.
    named = [one.strip() for name in named for one in name.split(",") if one.strip() or not name.strip(", ")]
    for name in named:
        if ALSO.get(name.lower(), name.lower()) not in NETWORKS:
            close = nearest(name.lower(), [*NETWORKS, *ALSO])
            raise UsageError(
                _("--for: “{name}” is no network that nl writes for").format(name=name),
                hint=_("did you mean “{key}”?").format(key=close)
                if close
                else _("choose one of: {choices}").format(choices=", ".join(NETWORKS)),
            )
    chosen = [ALSO.get(name.lower(), name.lower()) for name in named] or list(workspace.config.announce.networks)
    return tuple(NETWORKS[name] for name in dict.fromkeys(chosen or NETWORKS))


def build_announcements(
    workspace: Workspace, number: int, networks: Sequence[Network], *, is_posted: bool = False, is_offline: bool = False
) -> Announcements:
    """The texts for the networks, as a person pastes them, or as `nl` posts them (`is_posted`). Unless `is_offline`,
    the post's address is asked for.

    Raises `ContentError` for an issue that cannot be read, `RenderError` for a template with a fault, `ConfigError`.
    """
    sources = read_sources(workspace, number)
    composed = compose_issue(sources.parsed, sources.frame)
    templates = read_announce_templates(workspace)
    gaps: list[Gap] = []
    writer = Writer(
        facts=gather_facts(
            composed, read_table(sources.frame.words, sources.frame.language, lambda words: words.announce)
        ),
        network=networks[0],
        templates=templates,
        hashtags=workspace.config.announce.hashtags,
        is_posted=is_posted,
        gaps=gaps,
    )
    texts = tuple(replace(writer, network=network).write() for network in networks)
    is_sent = number in read_sent_records(workspace)
    outcome = ask_post(workspace, composed.issue, is_offline=is_offline)
    drafts = [one.title for one in composed.issue.published_sections if one.status is Status.DRAFT]
    is_dateless = awaits_date(workspace.config, composed.issue)
    notes = [*_about_issue(number, sources.frame.online_url, awaits_date=is_dateless, is_sent=is_sent, drafts=drafts)]
    if outcome is not None and outcome.is_absent:
        text = _("the post is not online yet ({reason}), and the texts lead there: {url}")
        notes.append(text.format(reason=outcome.reason, url=sources.frame.online_url))
    notes += [note for one in texts for note in _about_text(one)]
    notes += _about_templates(templates.unread, gaps)
    return Announcements(
        number=number,
        url=sources.frame.online_url or "",
        is_online=True if outcome is not None and outcome.is_working else _absent(outcome),
        is_sent=is_sent,
        texts=texts,
        notes=tuple(notes),
    )


def _absent(outcome: LinkOutcome | None) -> bool | None:
    return False if outcome is not None and outcome.is_absent else None


def _about_issue(
    number: int, url: str | None, *, awaits_date: bool, is_sent: bool, drafts: Sequence[str]
) -> Iterator[str]:
    if url is None:
        yield (
            _("no text says where the issue is read: its address is made of the date, and _issue.md has none")
            if awaits_date
            else _("no text says where the issue is read: newsletter.toml has no [post] url")
        )
    if drafts:
        yield _("these are drafts still: {sections}").format(sections=", ".join(drafts))
    if not is_sent:
        yield _("issue {number} has not been sent to its readers yet").format(number=number)


def _about_text(one: Announcement) -> Iterator[str]:
    if not one.text.strip():
        yield _("{network}: the template makes an empty text").format(network=one.network.title)
    if one.left_out:
        told = (
            _("{network}: left out to keep within {limit} bytes: {what}")
            if one.network.is_counted_in_octets
            else _("{network}: left out to keep within {limit} characters: {what}")
        )
        yield told.format(
            network=one.network.title, limit=shown_count(one.network.limit), what="; ".join(_left_out(one))
        )


def _left_out(one: Announcement) -> Iterator[str]:
    words = {
        PieceKind.OFFER: _("job offers"),
        PieceKind.LINE: _("what sections are about"),
        PieceKind.SECTION: _("sections"),
        PieceKind.PLACE: _("places"),
        PieceKind.OFFERS: _("how many job offers there are"),
        PieceKind.HASHTAGS: _("the hashtags"),
        PieceKind.DATE: _("dates"),
        PieceKind.FIRST_DATE: _("dates"),
        PieceKind.SUMMARY: _("the summary"),
        PieceKind.TITLE: _("the end of the title"),
    }
    counted = {PieceKind.OFFER, PieceKind.LINE, PieceKind.SECTION, PieceKind.PLACE, PieceKind.DATE}
    kinds = dict.fromkeys(piece.kind for piece in one.left_out)
    for kind in kinds:
        count = sum(piece.kind is kind for piece in one.left_out)
        yield f"{words[kind]} ({count})" if kind in counted else words[kind]


def _about_templates(unread: Sequence[str], gaps: Sequence[Gap]) -> Iterator[str]:
    for file in unread:
        yield _("{file}: no template of an announcement; it is not read").format(file=file)
    for gap in dict.fromkeys(gaps):
        place = gap.file if gap.line is None else f"{gap.file}:{gap.line}"
        yield _("{place}: “{name}” has no value here: nothing is written").format(place=place, name=gap.name or "none")


class Post(Struct, frozen=True, kw_only=True):
    """A text and the secret address that it goes to, which is never shown."""

    text: Announcement
    address: str
    record: Announced

    @property
    def network(self) -> Network:
        """Where it goes."""
        return self.text.network


def prepare_posts(workspace: Workspace, announcements: Announcements, *, is_again: bool) -> tuple[Post, ...]:
    """What would be posted: every address found and fit for its network, none posted before (unless `is_again`).

    Raises `UsageError` for a network where no program posts, `ChatError`, `NotTrusted`.
    """
    posts = []
    for text in announcements.texts:
        network = text.network
        settings = workspace.config.announce.chats().get(network.name)
        if settings is None or not network.takes_posts:
            raise UsageError(
                _("nl cannot post to {network}").format(network=network.title),
                hint=_("paste it: {command}").format(
                    command=f"{called()} announce {announcements.number} --for {network.name} --copy"
                ),
            )
        usual = usual_variable(network.name)
        address = read_webhook(workspace, f"announce.{network.name}", settings, usual)
        refuse_unfit(address, SERVICES[network.name])
        record = Announced(workspace, announcements.number, network.name, network.title)
        if not is_again:
            record.refuse_twice()
        posts.append(Post(text=text, address=address, record=record))
    return tuple(posts)


def post_announcement(post: Post, *, is_again: bool) -> Posted:
    """Post it, at most once for an issue and a network, whoever else does it at once. Raises `ChatError`."""
    markup = Markup.MARKDOWN if post.network.is_markdown else Markup.OWN
    with post.record as record:
        record.begin(is_again=is_again)
        posted = post_to_chat(post.address, post.text.text.strip("\n"), markup)
        if posted.outcome is Outcome.REFUSED:
            record.take_back()
        elif posted.outcome is Outcome.POSTED:
            record.done()
        return posted
