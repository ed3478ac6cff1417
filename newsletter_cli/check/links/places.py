"""Where the addresses of an issue stand: each place a finding can point at and, where it can, fix."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.web.address import is_mail, is_web, parse_address
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import GivenLink
from newsletter_cli.markdown.survey import Image, Link, Survey
from newsletter_cli.model import Edit, Event, Issue, Job, Place

# How an address is written down. `markdown` is the target of `[…](…)` or of a definition, `auto` is `<https://…>`,
# `bare` an address in the middle of prose, `header` the `url:` of an event or a job; the other two are values of HTML
# attributes.
Form = Literal["markdown", "auto", "bare", "quoted", "unquoted", "header"]
# Read as one character in Markdown (CommonMark 0.31, 2.5).
REFERENCE = Pattern(r"&(?=(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[Xx][0-9A-Fa-f]{1,6});)")
# What an address in prose must end with to end there; an apostrophe in it is taken for the sentence's.
ENDS_BARE = Pattern(r"[^'’]*[A-Za-z0-9/=&%+#-]", re.DOTALL)


class AddressPlace(Struct, frozen=True, kw_only=True):
    """One place where an address stands.

    `url` is the address in ASCII, as a browser would ask for it (as typed where no browser could); `typed` as the
    source has it. `place` is what a finding shows. `written` is where the address itself stands in the source, with
    `written_text` as it stands there; both are `None` where that is not known, and nothing can be fixed. `form` is how
    it is written there.
    """

    url: str
    typed: str
    place: Place
    kind: Literal["link", "image"] = "link"
    written: Place | None = None
    written_text: str | None = None
    form: Form = "markdown"

    def edits(self, new: str) -> tuple[Edit, ...]:
        """The edit that writes `new` in the place of the address; none where it is not known how it is written."""
        return self._edits(self._escaped(new))

    def edits_as_typed(self, new: str) -> tuple[Edit, ...]:
        """The same for a `new` that was made from `typed`, whose signs are escaped already."""
        return self._edits(new) if self.written_text == self.typed else ()

    def _edits(self, written: str) -> tuple[Edit, ...]:
        where = self.written
        if where is None or where.line is None or where.column is None or not self.written_text:
            return ()
        return (Edit(file=where.file, line=where.line, column=where.column, old=self.written_text, new=written),)

    def edits_to_https(self) -> tuple[Edit, ...]:
        """The edit that makes `https` of `http`; the rest of the address stays as it was typed, where that will do."""
        new = f"https:{self.url.removeprefix('http:')}"
        scheme, _colon, rest = self.typed.partition(":")
        where, is_plain = self.written, normal_url(f"https:{rest}") == new
        if not (is_plain and where and where.line and where.column and self.written_text == self.typed):
            return self.edits(new)
        return (Edit(file=where.file, line=where.line, column=where.column, old=f"{scheme}:", new="https:"),)

    def _escaped(self, address: str) -> str:
        if self.form in ("quoted", "unquoted"):
            value = html.escape(address)
            # Without quotes, no `=` may stand in a value (CommonMark 0.31, 6.6).
            return value if self.form == "quoted" else f'"{value}"'
        if self.form == "header":
            # In quotes or without, in YAML as in TOML.
            return "".join(quote(sign) if sign in " \"'\\`" else sign for sign in address)
        # Only these: an address is no place for anything else that has a meaning in Markdown.
        text = "".join(quote(sign) if sign in '()<>\\ "`' else sign for sign in address)
        if self.form == "markdown":
            return REFERENCE.sub("&amp;", text)
        return f"<{text}>" if self.form == "bare" and not ENDS_BARE.fullmatch(text) else text


def post_at(issue: Issue, url: str) -> AddressPlace:
    """The address of the issue's own post, which stands nowhere: it is made of the slug."""
    line = issue.lines.get("slug", 1)
    return AddressPlace(url=normal_url(url), typed=url, place=Place(file=issue.editorial.file, line=line))


def find_places(manuscript: Manuscript) -> tuple[AddressPlace, ...]:
    """Every place where the issue has an absolute `http`, `https` or `mailto:` address, in the order of the texts."""
    found = [place for text in manuscript.texts for place in _of_survey(text.survey)]
    found += _of_header(manuscript)
    found += _of_entries(manuscript)
    return tuple(found)


def _of_survey(survey: Survey) -> Iterator[AddressPlace]:
    for link in survey.links:
        if is_web(link.href) or is_mail(link.href):
            yield _place(survey, link, link.href, "link")
    for image in survey.images:
        if is_web(image.src):
            yield _place(survey, image, image.src, "image")


def _place(survey: Survey, one: Link | Image, href: str, kind: Literal["link", "image"]) -> AddressPlace:
    written = survey.edits(one.address_span, "") if one.address_span is not None else ()
    # Across a comment for editors: it would go with the old address.
    if written and "<!--" in written[0].old:
        written = ()
    return AddressPlace(
        url=normal_url(href),
        typed=one.address,
        place=survey.place(one.span),
        kind=kind,
        written=Place(file=written[0].file, line=written[0].line, column=written[0].column) if written else None,
        written_text=written[0].old if written else None,
        form=_form(survey, one),
    )


def _form(survey: Survey, one: Link | Image) -> Form:
    if one.kind in ("auto", "bare"):
        return one.kind
    if one.kind != "html" or one.address_span is None:
        return "markdown"
    before = survey.source.text[: one.address_span.start].rstrip()[-1:]
    return "unquoted" if before == "=" else "quoted"


def _of_header(manuscript: Manuscript) -> Iterator[AddressPlace]:
    for image in manuscript.issue.images:
        if is_web(image):
            yield AddressPlace(url=normal_url(image), typed=image, place=manuscript.field("images"), kind="image")


def _of_entries(manuscript: Manuscript) -> Iterator[AddressPlace]:
    for section in manuscript.issue.published_sections:
        entries: tuple[Event | Job, ...] = (*section.events, *section.jobs)
        for entry in entries:
            if entry.url and (is_web(entry.url) or is_mail(entry.url)):
                yield _in_header(entry.url, manuscript.entry_place(section, entry))
        for text in manuscript.header_texts:
            if text.role == "description" and text.section is section:
                yield from _of_survey(text.survey)


def given_place(one: GivenLink) -> AddressPlace:
    """Where the address of a given link stands, of whatever kind it is."""
    if one.link is not None and one.text is not None:
        return _place(one.text.survey, one.link, one.href, "link")
    return _in_header(one.href, one.place)


def _in_header(url: str, place: Place) -> AddressPlace:
    is_exact = place.column is not None
    return AddressPlace(
        url=normal_url(url),
        typed=url,
        place=place,
        written=place if is_exact else None,
        written_text=url if is_exact else None,
        form="header",
    )


def normal_url(href: str) -> str:
    """An address in the form that is asked for; as it is where no browser could open it."""
    if is_mail(href):
        return href.strip()
    try:
        return parse_address(href).url
    except ValueError:
        return href.strip()
