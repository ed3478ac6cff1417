"""An issue → its files in the site, each compared with what is there. Nothing is written here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError, ContentError, NewsletterError, NotReady
from newsletter_cli.base.i18n import _
from newsletter_cli.check.rules.other_programs import foreign_syntax, post_syntax
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.flows.check import Wanted, render_and_check
from newsletter_cli.flows.publishing.page import Page, render_page
from newsletter_cli.flows.sending.problems import finding_problems, refuse_obstacles, refuse_unknown_rules
from newsletter_cli.model import Finding, Issue
from newsletter_cli.publish.places import Places, needs_date, online_url, profile_url, site_places
from newsletter_cli.publish.site import Site, folded
from newsletter_cli.render.names import CALENDAR
from newsletter_cli.workspace.digests import digest_file, digest_octets
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.published import Published, read_published

# The rules that tell of mark-up of other programs, and how many of what they found is told here.
FOREIGN = (foreign_syntax.slug, post_syntax.slug)
MOST_FOREIGN = 5


class FileState(StrEnum):
    """What a file of the site is, beside what it is to be. `former`: as nl wrote it before; `changed`: by somebody
    since; `foreign`: nl never wrote it.
    """

    NEW = "new"
    UNCHANGED = "unchanged"
    FORMER = "former"
    CHANGED = "changed"
    FOREIGN = "foreign"


class PlannedFile(Struct, frozen=True, kw_only=True):
    """A file of the site: `name` is its path there, `content` what it is to hold, or the file that it is copied from;
    `digest` is that of it, `before` that of what is there.
    """

    name: str
    path: Path
    content: bytes | Path
    digest: str
    before: str | None
    state: FileState

    @property
    def is_refused(self) -> bool:
        """Whether writing it takes a person's word."""
        return self.state in (FileState.CHANGED, FileState.FOREIGN)


class PublishPlan(Struct, frozen=True, kw_only=True):
    """What a publication would do. `files`: the page first. `left` are files of an earlier publication that this one
    has no more; `notes` is what the editor should know.
    """

    issue: int
    title: str
    site: Site
    url: str | None
    files: tuple[PlannedFile, ...]
    left: tuple[str, ...]
    known: Published | None
    notes: tuple[str, ...]

    @property
    def page(self) -> PlannedFile:
        """The page itself."""
        return self.files[0]

    @property
    def changed(self) -> tuple[PlannedFile, ...]:
        """The files that differ from what is there."""
        return tuple(one for one in self.files if one.state is not FileState.UNCHANGED)

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.issue,
            "site": str(self.site.root),
            "files": [one.name for one in self.files],
            "changed": bool(self.changed),
        }


def plan_publication(workspace: Workspace, number: int, site: Site, *, accepted: Sequence[str] = ()) -> PublishPlan:
    """What publishing the issue into the site would do; rules in `accepted` do not stop it.

    Raises `NotReady` for faults of level error, `ContentError`, `ConfigError`, `StorageError`, `UsageError`.
    """
    refuse_unknown_rules(accepted)
    rendered, checked = render_and_check(workspace, number, Wanted(has_known_links=True))
    last = NotReady(
        _("issue {number} was not published").format(number=number),
        hint=_("see all that was found: nl check {number}").format(number=number),
    )
    refuse_obstacles(number, tuple(finding_problems(checked.findings, accepted)), last=last)
    issue = rendered.sources.issue
    places = site_places(workspace.config, issue)
    _refuse_unplaceable(site, issue.date is not None, places)
    page = render_page(workspace, rendered, site, places)
    known = read_published(workspace, number)
    contents: dict[str, bytes | Path] = {places.page: page.text.encode()}
    for name, path in page.files.items():
        contents[f"{places.files}/{name}"] = path
    if CALENDAR in rendered.renditions:
        calendar = rendered.renditions[CALENDAR]
        contents[f"{places.files}/{CALENDAR}"] = calendar if isinstance(calendar, bytes) else calendar.encode()
    _refuse_collisions(site, contents)
    _refuse_other_issue(workspace, number, site, contents)
    files = tuple(_compared(workspace, site, name, content, known) for name, content in contents.items())
    left = tuple(name for name in (known.files if known else ()) if name not in contents and site.has_file(name))
    return PublishPlan(
        issue=number,
        title=issue.title,
        site=site,
        url=online_url(workspace.config, issue),
        files=files,
        left=left,
        known=known,
        notes=(*_notes(workspace, issue, site, page), *_not_understood(checked.findings)),
    )


def _refuse_unplaceable(site: Site, has_date: bool, places: Places) -> None:
    profile = site.profile
    if not has_date and needs_date(profile.page, profile.files, profile.files_url, profile.page_url):
        raise ContentError(
            _("the issue has no date, and the site’s paths are made of it"),
            hint=_("write the day of publication into _issue.md: date: 2026-12-15"),
        )
    if profile.is_beside and str(PurePosixPath(places.page).parent) != places.files:
        raise ConfigError(
            _("the page goes to {page}, its files to {files}: a name alone does not lead there").format(
                page=places.page, files=places.files
            ),
            file=CONFIG_FILE,
            hint=_("say in [site] how the page names them, for instance {example}, and files_url").format(
                example='file_link = "{base}/img/{slug}/{name}"'
            ),
        )


def _refuse_collisions(site: Site, names: Mapping[str, object]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(folded(name), name)
        if other != name:
            raise ContentError(
                _("{name} and {other} are the same file to Windows and macOS").format(name=name, other=other),
                file=site.name,
                hint=_("rename one of the two, and change it where the sections name it"),
            )


def _refuse_other_issue(workspace: Workspace, number: int, site: Site, names: Mapping[str, object]) -> None:
    """Raises `ContentError` where another issue has its page or files at the very places of this one: two issues of one
    slug. No word of a person's makes one of them be the other.
    """
    wanted = {folded(name): name for name in names}
    for other in workspace.issue_numbers():
        if other == number:
            continue
        try:
            known = read_published(workspace, other)
        except NewsletterError:  # publishing that one says why
            continue
        there = () if known is None else (known.page, *known.files)
        shared = next((wanted[folded(name)] for name in there if folded(name) in wanted and site.has_file(name)), None)
        if shared is not None:
            raise ContentError(
                _("issue {number} would take the place of issue {other}, which was published there").format(
                    number=number, other=other
                ),
                file=f"{site.name}/{shared}",
                hint=_("give one of the two issues another slug, in its _issue.md: slug: …; see {file}").format(
                    file=f"{workspace.name_of(workspace.issue_folder(number))}/_issue.md"
                ),
            )


def _compared(
    workspace: Workspace, site: Site, name: str, content: bytes | Path, known: Published | None
) -> PlannedFile:
    path = site.target(name)
    _refuse_own_folder(workspace, site, name, path)
    digest = digest_octets(content) if isinstance(content, bytes) else digest_file(workspace, content)
    before = digest_file(workspace, path) if os.path.lexists(path) else None
    written = () if known is None else known.files.get(name, ())
    if before is None:
        state = FileState.NEW
    elif before == digest:
        state = FileState.UNCHANGED
    elif before in written:
        state = FileState.FORMER
    else:
        state = FileState.CHANGED if written else FileState.FOREIGN
    return PlannedFile(name=name, path=path, content=content, digest=digest, before=before, state=state)


def _refuse_own_folder(workspace: Workspace, site: Site, name: str, path: Path) -> None:
    """Where the site is around the workspace, or the other way round: nothing of the newsletter's own is a page."""
    own = (workspace.root / one for one in ("sections", "state", "build", "sent", "templates"))
    if any(path.is_relative_to(os.path.realpath(one)) for one in own):
        raise ConfigError(
            _("{name} would lie among the newsletter’s own files").format(name=f"{site.name}/{name}"),
            file=CONFIG_FILE,
            hint=_("change site.page, site.files or site.area"),
        )


def _notes(workspace: Workspace, issue: Issue, site: Site, page: Page) -> Iterator[str]:
    if not site.has_sign():
        yield _("{folder} does not look like such a site ({profile}): there is no {names}").format(
            folder=site.name, profile=page.profile_name, names=", ".join(site.profile.signs[:3])
        )
    yield from page.notes
    expected, told = profile_url(workspace.config, issue), online_url(workspace.config, issue)
    archive = workspace.config.archive.url
    is_archived = archive is not None and told is not None and told.startswith(archive.rstrip("/") + "/")
    is_other = expected is not None and told is not None and unquote(told).rstrip("/") != unquote(expected).rstrip("/")
    if is_other and not is_archived:
        yield _(
            "the e-mail leads to {url}, but such a site shows the page at {expected}: take url out of [post], or say "
            "in [site], page_url, how the site makes its addresses"
        ).format(url=told, expected=expected)
    if issue.date is not None and site.leaves_out_future() and _instant(workspace, issue.date) > datetime.now(UTC):
        yield _(
            "the issue’s date is still to come ({date}): until then the site is built without it, unless with {option}"
        ).format(date=issue.date.strftime("%Y-%m-%d %H:%M"), option=site.profile.future_option)


def _not_understood(findings: Iterable[Finding]) -> Iterator[str]:
    """What `nl check` says of mark-up that is another program's: whether the site knows it, `nl` cannot tell."""
    for one in islice((one for one in findings if one.rule in FOREIGN), MOST_FOREIGN):
        yield f"{one.file}:{one.line}: {one.message}" if one.line else f"{one.file}: {one.message}"


def _instant(workspace: Workspace, moment: datetime) -> datetime:
    return (
        moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(workspace.config.newsletter.timezone))
    )


def read_planned(workspace: Workspace, planned: PlannedFile) -> bytes:
    """What the file is to hold. Raises `StorageError`."""
    if isinstance(planned.content, bytes):
        return planned.content
    with storage_errors(workspace.name_of(planned.content)):
        return planned.content.read_bytes()
