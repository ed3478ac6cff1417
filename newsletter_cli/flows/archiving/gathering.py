"""The issues of an archive, read and composed, each with its page's address and the files that its page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urljoin

from msgspec import Struct

from newsletter_cli.archive.addresses import PageAddress, UnfitName, page_address
from newsletter_cli.base.errors import ContentError, NewsletterError, StorageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.flows.archiving.choosing import ChosenIssue
from newsletter_cli.flows.read import Sources, read_sources
from newsletter_cli.flows.render import compose_sources
from newsletter_cli.markdown.fragment import file_address
from newsletter_cli.render.compose import ComposedIssue
from newsletter_cli.render.email import EmailParts
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace
from newsletter_cli.workspace.images import is_measured
from newsletter_cli.workspace.templates import Looks


class GatheredIssue(Struct, frozen=True, kw_only=True):
    """An issue, composed. `files` are those that its page shows or links to, by their addresses from the page's folder;
    `cover` is one of these, or an address of elsewhere. `online_url` is where the page's relative links were seen from.
    """

    chosen: ChosenIssue
    address: PageAddress
    composed: ComposedIssue
    parts: EmailParts
    files: dict[str, Path]
    local: dict[str, Path]
    online_url: str | None
    published: datetime | None
    cover: str | None = None
    cover_size: tuple[int, int] | None = None

    @property
    def number(self) -> int:
        """The issue's number."""
        return self.chosen.number


class Fault(Struct, frozen=True, kw_only=True):
    """An issue that cannot be shown as it is."""

    number: int
    error: NewsletterError


def gather_issues(
    workspace: Workspace,
    chosen: Iterable[ChosenIssue],
    looks: Looks,
    *,
    base: str | None,
    on_issue: Callable[[], None],
) -> tuple[list[GatheredIssue], list[Fault]]:
    """The issues in their order, and those that cannot be used, each with its reason. Raises `ConfigError`."""
    gathered: list[GatheredIssue] = []
    faults: list[Fault] = []
    taken: dict[str, int] = {}
    for one in chosen:
        try:
            issue = _gather(workspace, one, looks, base=base)
            _refuse_taken(workspace, issue, taken)
            gathered.append(issue)
        except (ContentError, StorageError) as error:
            faults.append(Fault(number=one.number, error=error))
        on_issue()
    return gathered, faults


def _gather(workspace: Workspace, chosen: ChosenIssue, looks: Looks, *, base: str | None) -> GatheredIssue:
    sources = read_sources(workspace, chosen.number, looks)
    online_url = sources.frame.online_url
    address = _address(workspace, sources, base)
    if online_url is None and base is not None:
        online_url = base + address.link.removeprefix("./")
    # No greeting: the page is everybody's. And its files are beside it, wherever the site has them.
    frame = replace(sources.frame, online_url=online_url, files_url=None, greeting=None)
    sources = replace(sources, frame=frame)
    composed, parts = compose_sources(sources, has_local_images=True)
    local = {file_address(name): path for name, path in sources.assets.items()}
    cover = next(iter(sources.issue.images), None)
    if cover is not None and cover not in sources.assets and not cover.startswith(("https://", "http://")):
        cover = None
    size = sources.sizes.get(cover or "")
    cover = file_address(cover) if cover in sources.assets else cover
    if cover in local and not is_measured(cover or ""):
        cover = None
    shown = (*composed.addresses, *([cover] if cover else ()))
    return GatheredIssue(
        chosen=chosen,
        address=address,
        composed=composed,
        parts=parts,
        files=dict(_shown_files(shown, local, online_url)),
        local=local,
        online_url=online_url,
        published=chosen.sent_at or sources.issue.date,
        cover=cover,
        cover_size=size,
    )


def _address(workspace: Workspace, sources: Sources, base: str | None) -> PageAddress:
    issue = sources.issue
    try:
        return page_address(issue.slug, online_url=sources.frame.online_url, base=base)
    except UnfitName as fault:
        raise ContentError(
            _("its page cannot be put anywhere: {reason}").format(reason=fault),
            file=workspace.name_of(workspace.issue_folder(issue.number) / ISSUE_FILE),
            line=issue.lines.get("slug"),
            hint=_("give the issue another slug: letters, digits and hyphens"),
        ) from None


def _shown_files(
    addresses: Iterable[str], local: dict[str, Path], online_url: str | None
) -> Iterator[tuple[str, Path]]:
    """What the page needs beside it; what an editor left beside the sections stays where it is."""
    by_url = {urljoin(online_url, address): address for address in local} if online_url else {}
    for address in addresses:
        bare = address.partition("#")[0]
        name = by_url.get(bare, bare)
        if name in local:
            yield name, local[name]


def _refuse_taken(workspace: Workspace, issue: GatheredIssue, taken: dict[str, int]) -> None:
    """Raises `ContentError` where another issue has the page, or a file beside it, under that name."""
    folder = issue.address.folder
    names = [issue.address.file, *(folder + unquote(name) for name in issue.files)]
    # Windows and macOS do not tell Letter1 from letter1.
    other = next((taken[name.casefold()] for name in names if name.casefold() in taken), None)
    if other is not None:
        raise ContentError(
            _("its page would stand where that of issue {number} does: {file}").format(
                number=other, file=issue.address.file
            ),
            file=workspace.name_of(workspace.issue_folder(issue.number) / ISSUE_FILE),
            line=issue.composed.issue.lines.get("slug"),
            hint=_("give the issue another slug: letters, digits and hyphens"),
        )
    taken.update(dict.fromkeys((name.casefold() for name in names), issue.number))
