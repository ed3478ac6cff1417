"""The stages of an assembly, each a function of what the stages before it made."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newsletter_cli.__main__ import GARBAGE_THRESHOLD
from newsletter_cli.check.catalogue import check_manuscript, check_renditions
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.check.subjects.survey_issue import survey_issue
from newsletter_cli.flows.check import render_and_check
from newsletter_cli.flows.language import read_texts
from newsletter_cli.flows.manuscript import build_manuscript
from newsletter_cli.flows.read import Sources, read_sources
from newsletter_cli.flows.render import Rendered, compose_sources
from newsletter_cli.flows.renditions import build_renditions
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.render.compose import ComposedIssue, compose_issue
from newsletter_cli.render.email import EmailParts, mjml_source, render_css
from newsletter_cli.render.inline import inline_css
from newsletter_cli.render.mjml import convert_mjml
from newsletter_cli.render.post import render_post
from newsletter_cli.render.renditions import render_renditions
from newsletter_cli.render.text import render_email_text
from newsletter_cli.workspace.folder import Workspace, open_workspace


@dataclass(frozen=True)
class Work:
    """What the stages work on."""

    workspace: Workspace
    sources: Sources
    composed: ComposedIssue
    parts: EmailParts
    mjml: str
    page: str
    css: str
    manuscript: Manuscript
    rendered: Rendered


def warm_up(root: Path) -> Work:
    """Everything made once, so that libraries are imported and templates compiled."""
    # As `nl` has it.
    gc.set_threshold(GARBAGE_THRESHOLD)
    workspace = open_workspace(root)
    sources = read_sources(workspace, 1)
    render_renditions(*compose_sources(sources))
    composed = compose_issue(sources.parsed, sources.frame)
    parts = EmailParts(theme=sources.theme, sizes={})
    source, slots = mjml_source(composed, parts)
    page = slots.fill(convert_mjml(source, file="email.mjml.j2"))
    rendered, _checked = render_and_check(workspace, 1)
    return Work(
        workspace,
        sources,
        composed,
        parts,
        source,
        page,
        render_css(composed, parts),
        build_manuscript(workspace, sources),
        rendered,
    )


STAGES: dict[str, Callable[[Work], object]] = {
    "read (files, front matter, theme, words) and parse": lambda work: read_sources(work.workspace, 1),
    "parse Markdown": lambda work: parse_issue(work.sources.issue),
    "compose (clean, shape)": lambda work: compose_issue(work.sources.parsed, work.sources.frame),
    "blocks and templates (Jinja2)": lambda work: mjml_source(work.composed, work.parts),
    "MJML": lambda work: convert_mjml(work.mjml, file="email.mjml.j2"),
    "inlining (premailer)": lambda work: inline_css(work.page, work.css),
    "text": lambda work: render_email_text(work.composed, words=work.sources.frame.words),
    "post": lambda work: render_post(work.composed),
    "all renditions": lambda work: render_renditions(*compose_sources(work.sources)),
    "check: survey of the texts": lambda work: survey_issue(work.sources.parsed),
    "check: rules on content": lambda work: check_manuscript(work.manuscript),
    "check: rules on renditions": lambda work: check_renditions(_fresh(work)),
    "check: language, by what is installed": lambda work: read_texts(work.workspace, work.manuscript),
    "read, render and check, without network": lambda work: render_and_check(work.workspace, 1),
}


def _fresh(work: Work) -> Renditions:
    """Nothing remembered from the round before: the page is parsed anew."""
    return build_renditions(
        work.workspace, work.manuscript, work.rendered.composed, work.rendered.parts, work.rendered.renditions
    )
