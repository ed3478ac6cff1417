"""`nl archive`: the issues that readers have had → a folder of static pages, an index and a feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.archive.addresses import ASSETS, FEED, INDEX, NO_JEKYLL, STYLE
from newsletter_cli.archive.feed import FeedEntry, build_feed
from newsletter_cli.archive.index_page import IndexEntry, index_context
from newsletter_cli.archive.issue_page import Around
from newsletter_cli.archive.pages import INDEX as INDEX_TEMPLATE
from newsletter_cli.archive.pages import render_page, render_style
from newsletter_cli.base.domains import ascii_url
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.flows.archiving.choosing import LeftOut, choose_issues
from newsletter_cli.flows.archiving.folder import (
    Content,
    FolderPlan,
    archive_folder,
    plan_folder,
    read_before,
    write_folder,
)
from newsletter_cli.flows.archiving.gathering import Fault, GatheredIssue, gather_issues
from newsletter_cli.flows.archiving.paging import Paged, is_in_feed, page_issues
from newsletter_cli.flows.archiving.record import Record, RecordedIssue, digest_of
from newsletter_cli.flows.frame import build_frame, page_or_mail
from newsletter_cli.model import Issue, SourceText
from newsletter_cli.render.masthead import fit_logo
from newsletter_cli.render.theme import Theme
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.images import read_image_sizes
from newsletter_cli.workspace.templates import Looks, read_archive_theme, read_looks
from newsletter_cli.workspace.wording import read_table


class Archived(Struct, frozen=True, kw_only=True):
    """What an archive comes to. `held`: numbers of issues that cannot be read any more, whose pages stay as they are;
    `undated`: those that the feed cannot have; `unread`: the workspace's own templates that no page uses.
    """

    plan: FolderPlan
    base: str | None
    paged: tuple[Paged, ...]
    left_out: tuple[LeftOut, ...]
    faults: tuple[Fault, ...]
    held: tuple[int, ...]
    undated: tuple[int, ...]
    unread: tuple[str, ...]

    @property
    def has_faults(self) -> bool:
        """Whether something could not be done as it should."""
        return bool(self.faults or self.plan.foreign)

    def as_dict(self, workspace: Workspace, *, is_written: bool) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "folder": workspace.name_of(self.plan.folder),
            "url": self.base,
            "feed": FEED in self.plan.record.files,
            "issues": [
                {
                    "issue": one.number,
                    "page": one.address.file,
                    "url": None if self.base is None else self.base + one.address.link.removeprefix("./"),
                    "draft": one.is_draft,
                }
                for one in self.paged
            ],
            "left_out": [one.as_dict() for one in self.left_out],
            "faults": [
                {"issue": one.number, "file": error.file, "line": error.line, "message": error.message}
                for one in self.faults
                for error in (one.error, *one.error.also)
            ],
            "files": {
                "written": sorted(self.plan.writing),
                "unchanged": len(self.plan.unchanged),
                "removed": list(self.plan.removing),
                "foreign": list(self.plan.foreign),
            },
            "unread_templates": list(self.unread),
            "changed": self.plan.is_changing and is_written,
        }


def plan_archive(
    workspace: Workspace,
    *,
    output: Path | None = None,
    has_drafts: bool = False,
    on_issue: Callable[[int, int], None] = lambda done, total: None,
) -> Archived:
    """All that `nl archive` writes, and where; nothing is written yet.

    Raises `UsageError` where there is no issue to show, `ConfigError`, `RenderError` for a template, `StorageError`.
    """
    folder = archive_folder(workspace, output)
    before = read_before(workspace, folder)
    chosen, left_out = choose_issues(workspace, has_drafts=has_drafts)
    if not chosen:
        raise UsageError(
            _("no issue has been sent yet: there is nothing to put into the archive"),
            hint=_("nl archive --drafts shows the others too; archive.also names those that went another way"),
        )
    looks, base = read_looks(workspace), _base(workspace)
    done: list[int] = []

    def count() -> None:
        done.append(1)
        on_issue(len(done), len(chosen))

    gathered, faults = gather_issues(workspace, chosen, looks, base=base, on_issue=count)
    theme = read_archive_theme(workspace, looks.theme)
    style = render_style(theme).encode()
    around = replace(
        _around(workspace, looks, base, style), has_feed=base is not None and any(map(is_in_feed, gathered))
    )
    broken = {fault.number for fault in faults}
    held = {number: before.issues[number] for number in sorted(broken & before.issues.keys())}
    paged = page_issues(gathered, {number: one.entry for number, one in held.items()}, around, theme)
    contents, recorded = _contents(paged, gathered, looks)
    recorded |= held
    entries = [recorded[number].entry for number in sorted(recorded)]
    if not entries:
        raise faults[0].error
    contents |= _top(entries, paged, around, theme, workspace.config.archive.first_url)
    contents[STYLE] = Content(style)
    held_files = {file for one in held.values() for file in one.files}
    plan = plan_folder(folder, contents, Record(issues=recorded), before, held=held_files)
    return Archived(
        plan=plan,
        base=base,
        paged=tuple(paged),
        left_out=tuple(left_out),
        faults=tuple(faults),
        held=tuple(held),
        undated=tuple(one.number for one in paged if one.published is None and not one.is_draft),
        unread=theme.unread,
    )


def write_archive(workspace: Workspace, archived: Archived) -> None:
    """Write it. Raises `StorageError`."""
    write_folder(workspace, archived.plan)


def _base(workspace: Workspace) -> str | None:
    url = workspace.config.archive.url
    return None if url is None else ascii_url(url).rstrip("/") + "/"


def _around(workspace: Workspace, looks: Looks, base: str | None, style: bytes) -> Around:
    config = workspace.config
    nothing = Issue(number=1, title="", slug="-", editorial=SourceText(text="", file=""), sections=())
    frame = replace(build_frame(config, looks.words, nothing), online_url=None, greeting=None)
    words = read_table(looks.words, config.newsletter.language, lambda words: words.archive)
    subscribe = config.archive.subscribe
    return Around(
        title=config.archive.title or frame.name,
        frame=frame,
        words=words,
        base=base,
        subscribe_url=page_or_mail(subscribe, words.subscribe) if subscribe else None,
        logo=None if (logo := _logo(looks)) is None else fit_logo(*logo),
        style_mark=digest_of(style)[:8],
    )


def _logo(looks: Looks) -> tuple[str, tuple[int, int]] | None:
    """The logo's name in the archive, and its size in pixels; `None` without one, or where its file is no picture."""
    if looks.logo is None:
        return None
    size = read_image_sizes({looks.logo.name: looks.logo.path}).get(looks.logo.name)
    return None if size is None else (f"{ASSETS}/{looks.logo.name.rpartition('/')[2]}", size)


def _contents(
    paged: Sequence[Paged], gathered: Sequence[GatheredIssue], looks: Looks
) -> tuple[dict[str, Content], dict[int, RecordedIssue]]:
    """The files of the issues, and what is remembered of each."""
    contents: dict[str, Content] = {}
    recorded: dict[int, RecordedIssue] = {}
    for page, issue in zip(paged, gathered, strict=True):
        own = {page.address.file: Content(page.html.encode())}
        own |= {page.address.folder + name: Content(copied=path) for name, path in page.files.items()}
        if page.calendar is not None:
            own[page.address.folder + page.calendar[0]] = Content(page.calendar[1])
        # What the e-mail shows is looked for where its readers are sent.
        if issue.address.is_online and looks.logo is not None:
            own[page.address.folder + looks.logo.name] = Content(copied=looks.logo.path)
        contents |= own
        recorded[page.number] = RecordedIssue(entry=page.entry, files=tuple(sorted(own)))
    if looks.logo is not None and (logo := _logo(looks)) is not None:
        contents[logo[0]] = Content(copied=looks.logo.path)
    return contents, recorded


def _top(
    entries: Sequence[IndexEntry], paged: Sequence[Paged], around: Around, theme: Theme, first_url: str | None
) -> Mapping[str, Content]:
    """What stands at the archive's top."""
    top = {
        INDEX: Content(render_page(theme, INDEX_TEMPLATE, index_context(entries, around)).encode()),
        NO_JEKYLL: Content(),
    }
    if around.has_feed:
        in_feed = list(_feed_entries(paged))
        permanent = None if first_url is None else ascii_url(first_url).rstrip("/") + "/"
        top[FEED] = Content(build_feed(in_feed, around, permanent=permanent))
    return top


def _feed_entries(paged: Sequence[Paged]) -> Iterator[FeedEntry]:
    for one in paged:
        if one.feed_html is not None and one.published is not None:
            yield FeedEntry(
                link=one.address.link,
                title=one.entry.title,
                published=one.published,
                content=one.feed_html,
                summary=one.entry.summary,
            )
