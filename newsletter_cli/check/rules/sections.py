"""The sections of an issue: which are there, who signed them, how far they are."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.readiness import has_content
from newsletter_cli.markdown.survey import Survey
from newsletter_cli.model import Finding, Level, Place, Status


@rule(
    "author-missing",
    Level.WARNING,
    _("A section has no author"),
    why="""
        A section with `author = true` in `newsletter.toml` is signed by nobody. A note while it is a draft.
    """,
    bad="`author:` with nothing behind it.",
    good="`author: Inès`",
)
def author_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each published section with `author = true` in `newsletter.toml` and no `author:`.

    Info while it is a draft; an empty one has a finding already.
    """
    for section in manuscript.issue.published_sections:
        settings = manuscript.canonical_section(section.slug)
        if settings is None or not settings.author or section.author or not has_content(section):
            continue
        yield author_missing.at(
            manuscript.field("author", section),
            _("nobody has signed “{title}”").format(title=section.title),
            suggestion=_("write who did it into its header: author: …"),
            level=Level.INFO if section.status is Status.DRAFT else None,
        )


class _Definition(Struct, frozen=True, kw_only=True):
    """`target` is the address of a reference; a footnote's own text differs from any other's."""

    name: str
    target: str
    file: str
    line: int


@rule(
    "definition-twice",
    Level.WARNING,
    _("A reference or footnote is defined twice"),
    why="""
        A link reference or a footnote is defined twice under the same name, in one section or in two. The sections are
        one document, in the e-mail as in the post: the first definition serves everywhere, and what the second says
        reaches nobody.
    """,
    bad="`[^1]: The figures of March.` in `agenda.md`, `[^1]: The figures of May.` in `jobs.md`.",
    good="`[^march]: The figures of March.` in the one, `[^may]: The figures of May.` in the other.",
)
def definition_twice(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each definition whose name was defined before, unless both mean the same address.

    The sections are one document (CommonMark 0.31, 4.7: the first of several matching definitions wins).
    """
    first: dict[str, _Definition] = {}
    for text in manuscript.texts:
        for one in _definitions(text.survey):
            earlier = first.setdefault(one.name, one)
            if earlier.target == one.target:
                continue
            message = (
                _("{name} is defined in line {line} already; readers get that one, and nothing of this")
                if earlier.file == one.file
                else _("{name} is defined in {file}:{line}, too; readers get that one")
            )
            yield definition_twice.at(
                Place(file=one.file, line=one.line),
                message.format(name=one.name, file=earlier.file, line=earlier.line),
                suggestion=_("give one of the two another name"),
            )


def _definitions(survey: Survey) -> Iterator[_Definition]:
    """What a text defines, in its order; one name may be there several times."""
    file = survey.source.file
    for one in survey.definitions:
        yield _Definition(name=f"[{one.label.lower()}]", target=one.href, file=file, line=one.line)
    for note in survey.footnotes:
        yield _Definition(name=f"[^{note.label}]", target=f"{file}:{note.line}", file=file, line=note.line)


@rule(
    "section-draft",
    Level.WARNING,
    _("A section is still a draft"),
    why="""
        A section is about to go out while its author still calls it a draft. An error where the newsletter requires
        the section. (An empty draft is reported as empty only.)
    """,
    bad="""
        ```yaml
        status: draft
        ```
    """,
    good="`status: ready` when it is finished, `status: skip` to leave it out this time.",
)
def section_draft(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each published section with `status: draft`; an empty one has a finding already.

    An error where the newsletter requires the section.
    """
    for section in manuscript.issue.published_sections:
        if section.status is Status.DRAFT and has_content(section):
            yield section_draft.at(
                manuscript.field("status", section),
                _("“{title}” is still a draft").format(title=section.title),
                suggestion=_("status: ready when it is finished, status: skip to leave it out this time"),
                level=Level.ERROR if manuscript.is_required(section) else None,
            )


@rule(
    "section-empty",
    Level.WARNING,
    _("A section has nothing under its heading"),
    why="""
        Readers would see the heading and nothing under it: no text (comments for editors do not count), no event, no
        job. An error where the newsletter requires the section.
    """,
    bad="""
        ```markdown
        ---
        status: ready
        ---

        <!-- nl: what have you read? -->
        ```
    """,
    good="""
        ```markdown
        ---
        status: skip
        ---
        ```
    """,
)
def section_empty(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each published section without text, events or jobs; an error where it is required."""
    for section in manuscript.issue.published_sections:
        if not has_content(section):
            yield section_empty.at(
                Place(file=section.body.file, line=section.body.first_line),
                _("“{title}” is empty: readers would see its heading only").format(title=section.title),
                suggestion=_("write it, or leave it out this time with status: skip"),
                level=Level.ERROR if manuscript.is_required(section) else None,
            )


@rule(
    "section-missing",
    Level.ERROR,
    _("A required section is missing"),
    why="""
        A section with `required = true` in `newsletter.toml` has no file. A skipped one has.
    """,
    bad="`required = true` for `agenda`, and no `agenda.md`.",
    good="the file, if need be with `status: skip`; `nl new N` makes it and leaves the others alone.",
)
def section_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each canonical section with `required = true` that has no file (a skipped one has)."""
    present = {section.slug for section in manuscript.issue.sections}
    for settings in manuscript.canonical:
        if settings.required and settings.slug not in present:
            yield section_missing.at(
                Place(file=f"{manuscript.issue_folder}/{settings.slug}.md"),
                _("the section “{title}” is missing").format(title=settings.title),
                suggestion=_("nl new {number} makes its file, and leaves the others alone").format(
                    number=manuscript.issue.number
                )
                if settings.new
                else _("write the file, or set required = false in newsletter.toml"),
            )


@rule(
    "section-unknown",
    Level.INFO,
    _("A section is not among the newsletter's"),
    why="""
        A file is named after no section of `newsletter.toml`; a special of this issue is nothing wrong. A warning
        when the name resembles one.
    """,
    bad="`sections/002/agnda.md`.",
    good="""
        `sections/002/agenda.md`; or, for a special, `after:` in its header to give it a place, or a `[[sections]]`
        table of its own.
    """,
)
def section_unknown(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each published section outside the canonical order: a slip, or a special of this issue."""
    slugs = [settings.slug for settings in manuscript.canonical]
    for section in manuscript.issue.published_sections:
        if section.is_canonical or section.after is not None or not slugs:
            continue
        close = nearest(section.slug, slugs, cutoff=0.75)
        yield section_unknown.at(
            Place(file=section.body.file, line=1),
            _("“{slug}” is not among the newsletter's sections").format(slug=section.slug),
            level=Level.WARNING if close else Level.INFO,
            suggestion=_("did you mean “{key}”?").format(key=f"{close}.md")
            if close
            else _("add it to newsletter.toml, or place it with after: SLUG in its front matter"),
        )
