"""A rendered issue → the `Renditions` that the rules on what readers get are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from newsletter_cli.base.values import replace
from newsletter_cli.check.subjects.manuscript import Asset, Manuscript, Text
from newsletter_cli.check.subjects.renditions import RenderedText, Renditions, SaidWords, TypedAddress
from newsletter_cli.flows.frame import has_embedded_images
from newsletter_cli.flows.theme_faults import told_by_theme, told_of_words
from newsletter_cli.markdown.fragment import FragmentRules, file_address, final_address
from newsletter_cli.markdown.issue import ParsedIssue, ParsedText
from newsletter_cli.markdown.words import pieces_of
from newsletter_cli.model import Place
from newsletter_cli.render.blocks import line_of
from newsletter_cli.render.compose import ComposedIssue
from newsletter_cli.render.email import EmailParts
from newsletter_cli.render.names import EMAIL, TEXT
from newsletter_cli.render.theme import TEMPLATE
from newsletter_cli.workspace.folder import Workspace

NOTES = "notes"
NOTHING: Mapping[str, Asset] = MappingProxyType({})


def build_renditions(
    workspace: Workspace,
    manuscript: Manuscript,
    composed: ComposedIssue,
    parts: EmailParts,
    rendered: Mapping[str, str | bytes],
    *,
    local_files: frozenset[str] = frozenset(),
    parsed: ParsedIssue | None = None,
) -> Renditions:
    """What the rules look at. `rendered` are the files of the build by name; `local_files` as in `compose_issue`."""
    joined = join_renditions(
        composed,
        parts,
        rendered,
        texts=manuscript.all_texts,
        assets=manuscript.assets,
        clients=workspace.config.check.clients,
        local_files=local_files,
        parsed=parsed,
        is_embedding=has_embedded_images(workspace.config, composed.issue),
    )
    return replace(
        joined,
        theme_faults=told_by_theme(parts),
        missing_words=told_of_words(workspace, composed.frame.words),
        logo=_logo(manuscript, composed.frame.addressing(local_files)),
    )


def _logo(manuscript: Manuscript, rules: FragmentRules) -> tuple[str, Place] | None:
    if manuscript.logo is None:
        return None
    name, place = manuscript.logo
    return final_address(file_address(name), rules), place


def join_renditions(
    composed: ComposedIssue,
    parts: EmailParts,
    rendered: Mapping[str, str | bytes],
    *,
    texts: Sequence[Text] = (),
    assets: Mapping[str, Asset] = NOTHING,
    clients: tuple[str, ...] = (),
    local_files: frozenset[str] = frozenset(),
    parsed: ParsedIssue | None = None,
    is_embedding: bool = False,
) -> Renditions:
    """The same from its parts: `texts` as surveyed, `assets` by their path relative to the issue's folder."""
    issue, frame = composed.issue, composed.frame
    rules = frame.addressing(local_files)
    return Renditions(
        email=_text(rendered[EMAIL]),
        text=_text(rendered[TEXT]),
        texts=tuple(_rendered_texts(composed)),
        subject=issue.subject or issue.title,
        preheader=issue.preheader,
        language=frame.language,
        direction=frame.direction,
        theme_file=_theme_file(parts),
        theme_settings=_theme_settings(parts),
        issue_file=issue.editorial.file,
        online_url=frame.online_url,
        unsubscribe_url=frame.unsubscribe_url,
        sender=frame.reply_to,
        images={final_address(file_address(name), rules): asset for name, asset in assets.items()},
        clients=clients,
        local_files=local_files,
        addresses=composed.addresses,
        typed=tuple(_typed_addresses(texts, rules)),
        words=tuple(_words(composed)),
        contents=frame.contents,
        lines=issue.lines,
        anchors=composed.anchors,
        said=() if parsed is None else tuple(_said(parsed)),
        is_embedding=is_embedding,
    )


def _theme_settings(parts: EmailParts) -> str:
    return f"templates/themes/{parts.theme.name}/theme.toml"


def _theme_file(parts: EmailParts) -> str:
    """The theme's template where the workspace has one of its own, else the settings: any theme has these."""
    place = parts.theme.places.get(TEMPLATE)
    return _theme_settings(parts) if place is None or Path(place).is_absolute() else place


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode()


def _said(parsed: ParsedIssue) -> Iterator[SaidWords]:
    """The words of all texts, in the order of the renditions; those of notes are led back to the first text."""
    yield from _said_in(parsed.editorial)
    for one in parsed.sections:
        file = one.section.body.file
        title_line = one.section.lines.get("title", 1)
        yield from (
            SaidWords(words=piece.words, place=Place(file=file, line=title_line)) for piece in pieces_of(one.title)
        )
        for event, text in one.events:
            if event.description:
                place = Place(file=file, line=event.line or 1)
                yield from (SaidWords(words=piece.words, place=place) for piece in pieces_of(text.shown))
        yield from _said_in(one.body)
    place = Place(file=parsed.editorial.source.file)
    yield from (SaidWords(words=piece.words, place=place) for piece in pieces_of(parsed.document.notes))


def _said_in(text: ParsedText) -> Iterator[SaidWords]:
    lines, source = text.published.lines, text.source
    for piece in pieces_of(text.shown):
        line = lines[min(piece.line, len(lines) - 1)] if lines else 0
        yield SaidWords(words=piece.words, place=Place(file=source.file, line=source.first_line + line))


def _rendered_texts(composed: ComposedIssue) -> Iterator[RenderedText]:
    """In the order of the e-mail: elements that are alike are told apart by it."""
    editorial = composed.issue.editorial
    yield RenderedText(
        slug="",
        file=editorial.file,
        first_line=editorial.first_line,
        heading="",
        tree=composed.editorial,
        source=editorial.text,
    )
    for one in composed.sections:
        section = one.section
        file, title_line = section.body.file, section.lines.get("title", 1)
        yield RenderedText(
            slug=section.slug, file=file, first_line=title_line, heading="", tree=one.heading, has_lines=False, column=1
        )
        for composed_event in one.events:
            if composed_event.description is not None:
                line = composed_event.event.line or 1
                yield RenderedText(
                    slug=section.slug,
                    file=file,
                    first_line=line,
                    heading="",
                    tree=composed_event.description,
                    has_lines=False,
                )
        yield RenderedText(
            slug=section.slug,
            file=file,
            first_line=section.body.first_line,
            heading=one.title,
            tree=one.body,
            source=section.body.text,
        )
    if len(composed.notes):
        yield from _rendered_notes(composed)


def _rendered_notes(composed: ComposedIssue) -> Iterator[RenderedText]:
    # Footnotes of all texts are one list without lines: each is led back to the text that has its mark.
    for number, note in enumerate(composed.notes[0], 1):
        file, line = _place_of_mark(composed, number)
        yield RenderedText(slug=NOTES, file=file, first_line=line, heading="", tree=note, has_lines=False)


def _place_of_mark(composed: ComposedIssue, number: int) -> tuple[str, int]:
    mark = f"[{number}]"
    editorial = composed.issue.editorial
    texts = [(composed.editorial, editorial)] + [(one.body, one.section.body) for one in composed.sections]
    for tree, source in texts:
        found = next((one for one in tree.iter("sup") if one.text == mark), None)
        if found is not None:
            return source.file, line_of(found) or source.first_line
    return editorial.file, editorial.first_line


def _typed_addresses(texts: Sequence[Text], rules: FragmentRules) -> Iterator[TypedAddress]:
    for text in texts:
        survey = text.survey
        for link in survey.links:
            yield TypedAddress(
                kind="link",
                place=survey.place(link.span),
                address=link.address,
                href=link.href,
                final=final_address(link.href, rules),
            )
        for image in survey.images:
            yield TypedAddress(
                kind="image",
                place=survey.place(image.span),
                address=image.address,
                href=image.src,
                final=final_address(image.src, rules),
            )


def _words(composed: ComposedIssue) -> Iterator[str]:
    """What people wrote outside the texts."""
    issue, frame = composed.issue, composed.frame
    said = [frame.name, frame.tagline, *frame.legal, frame.online_url, frame.unsubscribe_url, frame.reply_to]
    said += [issue.title, issue.summary, issue.subject, issue.preheader]
    for section in composed.sections:
        said.append(section.title)
        for event in section.section.events:
            said += [event.title, event.place, event.url]
        for job in section.jobs:
            said += [job.title, job.employer, job.reference, job.url]
    yield from (one for one in said if one)
