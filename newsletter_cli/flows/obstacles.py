"""What stands between an issue and its readers, as values."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from msgspec import Struct

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.texts.readiness import has_content
from newsletter_cli.flows.build_record import digest_sources, read_record
from newsletter_cli.model import Finding, Issue, Level, Status
from newsletter_cli.publish.places import site_url
from newsletter_cli.render.names import POST
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.templates import read_looks

# What is missing in the texts; the others are about their checks and what was made of them.
OF_THE_TEXTS = frozenset({"draft", "empty", "absent"})
OF_THE_HEADER = frozenset({"fields"})
OF_THE_BUILD = frozenset({"build", "local-images"})


class Obstacle(Struct, frozen=True, kw_only=True):
    """Something that stands between an issue and its readers. `code` is stable, `message` is for people."""

    code: str
    message: str


def find_obstacles(
    workspace: Workspace, findings: Sequence[Finding], issue: Issue, absent: Sequence[str]
) -> Iterator[Obstacle]:
    """All of them; `absent` are the titles of sections without a file."""
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if errors:
        message = ngettext(
            "{count} fault would stop a send: nl check {number}",
            "{count} faults would stop a send: nl check {number}",
            errors,
        )
        yield Obstacle(code="errors", message=message.format(count=errors, number=issue.number))
    drafts = [section.title for section in issue.published_sections if section.status is Status.DRAFT]
    empty = [section.title for section in issue.published_sections if not has_content(section)]
    if drafts:
        message = ngettext("a section is still a draft: {titles}", "sections are still drafts: {titles}", len(drafts))
        yield Obstacle(code="draft", message=message.format(titles=", ".join(drafts)))
    if empty:
        message = ngettext("a section is empty: {titles}", "sections are empty: {titles}", len(empty))
        yield Obstacle(code="empty", message=message.format(titles=", ".join(empty)))
    if absent:
        message = ngettext("a section has no file: {titles}", "sections have no file: {titles}", len(absent))
        yield Obstacle(code="absent", message=message.format(titles=", ".join(absent)))
    fields = {"date": issue.date, "summary": issue.summary, "subject": issue.subject, "preheader": issue.preheader}
    unfilled = [name for name, value in fields.items() if value is None]
    if unfilled:
        message = _("{file} lacks: {fields}").format(file=issue.editorial.file, fields=", ".join(unfilled))
        yield Obstacle(code="fields", message=message)
    config = workspace.config
    settings = {"post.url": site_url(config), "sender.reply_to": config.reply_address}
    unset = [name for name, value in settings.items() if value is None]
    if unset:
        yield Obstacle(code="settings", message=_("newsletter.toml lacks: {keys}").format(keys=", ".join(unset)))
    yield from _build_obstacles(workspace, issue.number)


def _build_obstacles(workspace: Workspace, number: int) -> Iterator[Obstacle]:
    record = read_record(workspace, number)
    is_there = (workspace.build_folder(number) / POST).is_file()
    if record is None or not is_there or record.digest != _digest(workspace, number, record.has_local_images):
        message = _("it is not assembled, or has changed since: nl assemble {number}").format(number=number)
        yield Obstacle(code="build", message=message)
    elif record.has_local_images:
        message = _("it was assembled with its images left local: nl assemble {number}").format(number=number)
        yield Obstacle(code="local-images", message=message)


def _digest(workspace: Workspace, number: int, has_local_images: bool) -> str | None:
    # A theme or picture that cannot be read: `nl assemble` will say so.
    with contextlib.suppress(NewsletterError, OSError):
        return digest_sources(workspace, number, read_looks(workspace), has_local_images=has_local_images)
    return None
