"""What `_issue.md` says."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from newsletter_cli.base.i18n import _
from newsletter_cli.config import Config
from newsletter_cli.markdown.frontmatter import Header
from newsletter_cli.model import Finding, Issue, Level, SourceText
from newsletter_cli.model.field_names import ISSUE_FIELDS
from newsletter_cli.workspace.fields import read_pad
from newsletter_cli.workspace.file_header import FileFaults, Texts, read_file_header
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace
from newsletter_cli.workspace.patterns import fill_pattern, fill_slug
from newsletter_cli.workspace.typed_dates import NotThatDay, read_typed_moment

# What YAML itself understands is no text any more.
NO_IMAGES: tuple[str, ...] = ()
YES_OR_NO = {"oui": True, "vrai": True, "true": True, "non": False, "faux": False, "false": False}


def read_issue_file(workspace: Workspace, folder: Path, number: int, texts: Texts, findings: list[Finding]) -> Issue:
    """The issue, without its sections; what is noticed is added to `findings`. Raises `ContentError`."""
    path = folder / ISSUE_FILE
    name = workspace.name_of(path)
    faults = FileFaults()
    if path.is_file():
        header, editorial = read_file_header(path, name, texts, faults, ISSUE_FIELDS)
        findings += [*header.findings, *header.unknown_keys(ISSUE_FIELDS)]
    else:
        header, editorial = Header(file=name), SourceText(text="", file=name)
        findings.append(
            Finding(
                file=name,
                rule="issue-file-missing",
                level=Level.WARNING,
                message=_("the issue has no _issue.md: title and date are made up"),
                suggestion=_("nl new {number} writes it, and leaves what is there alone").format(number=number),
            )
        )
    config = workspace.config
    language = config.newsletter.language
    moment = faults.read(lambda: _read_date(header, config), None)
    extra = header.values.get("post") or {}
    if not isinstance(extra, dict):
        faults.append(header.fault(_("“{key}” must be a table").format(key="post"), "post"))

    def text(key: str) -> str | None:
        return faults.read(lambda: header.text(key), None)

    issue = Issue(
        sections=(),
        number=number,
        title=text("title") or fill_pattern(config.newsletter.title, number, moment, language),
        slug=text("slug") or fill_slug(config.post.slug, number, moment, language),
        editorial=editorial,
        date=moment,
        summary=text("summary"),
        images=faults.read(lambda: _read_images(header), NO_IMAGES),
        subject=text("subject"),
        preheader=text("preheader"),
        has_embedded_images=faults.read(lambda: _read_yes_or_no(header, "embed_images"), None),
        pad=faults.read(lambda: read_pad(header), None),
        extra=MappingProxyType(extra if isinstance(extra, dict) else {}),
        lines=header.field_lines,
    )
    faults.done()
    return issue


def _read_date(header: Header, config: Config) -> datetime | None:
    value = header.values.get("date")
    if value is None or value == "":
        return None
    try:
        value = read_typed_moment(value, config.newsletter.language) if isinstance(value, str) else value
    except NotThatDay as error:
        raise header.fault(str(error), "date", hint=_("correct the day or the date")) from None
    if isinstance(value, date):
        moment = moment_of_publication(value, config)
        # The first and the last day of the calendar are another day elsewhere, which no calendar holds.
        with contextlib.suppress(OverflowError):
            moment.astimezone(UTC)
            return moment
    raise header.fault(
        _("“{value}” is no date").format(value=header.typed.get(("date",), header.values["date"])),
        "date",
        hint=_("write a day as 2026-06-11, with its hour as 2026-06-11T14:00"),
    )


def moment_of_publication(value: date | datetime, config: Config) -> datetime:
    """A day at the newsletter's usual hour; an hour without an offset is that of the newsletter's zone."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.fromisoformat(config.post.time))
    return value if value.tzinfo is not None else value.replace(tzinfo=ZoneInfo(config.newsletter.timezone))


def _read_yes_or_no(header: Header, key: str) -> bool | None:
    value = header.values.get(key)
    if value is None or isinstance(value, bool):
        return value
    if str(value).lower() in YES_OR_NO:
        return YES_OR_NO[str(value).lower()]
    raise header.fault(
        _("“{key}” must be true or false").format(key=key),
        key,
        hint=_("for instance: {example}").format(example=f"{key}: true"),
    )


def _read_images(header: Header) -> tuple[str, ...]:
    value = header.values.get("images")
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise header.fault(
            _("“{key}” must be a list").format(key="images"), "images", hint=_("for instance: [images/cover.png]")
        )
    return tuple(value)
