"""A rendered issue → `email.eml`: the message that a reader gets, as a draft to be opened and sent."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.message.draft import build_draft
from newsletter_cli.deliver.message.parts import TemplateFault
from newsletter_cli.flows.message import picture_readers
from newsletter_cli.flows.render import Rendered, compose_sources
from newsletter_cli.flows.sending.message import draft_parts, free_marks, with_marks
from newsletter_cli.flows.sending.personal import read_patterns
from newsletter_cli.render.names import EMAIL
from newsletter_cli.render.renditions import render_mail
from newsletter_cli.workspace.folder import Workspace

DRAFT = "email.eml"


def render_draft(workspace: Workspace, rendered: Rendered) -> Iterator[bytes]:
    """The message of a reader of whom nothing is known, the issue's own pictures embedded, for somebody to send: its
    octets, piece by piece.

    Raises `ConfigError` for a `[sender]` or `[personal]` of which no message can be made, `StorageError` for a picture
    that cannot be read.
    """
    config, sources = workspace.config, rendered.sources
    patterns, marks = read_patterns(config, sources.issue), free_marks(sources, config)
    shown, renditions = rendered.composed.shown, rendered.renditions
    if patterns.is_used:
        # A personal subject or preheader is in the message alone; the other files hold the issue's own.
        composed, parts = compose_sources(
            with_marks(sources, patterns, marks),
            has_local_images=bool(rendered.local_files),
            kept=rendered.parts.kept,
        )
        renditions = render_mail(composed, parts)
    pictures = picture_readers(workspace, sources, str(renditions[EMAIL]), local_files=rendered.local_files)
    try:
        return build_draft(draft_parts(config, shown, renditions, marks=marks, patterns=patterns, pictures=pictures))
    except TemplateFault as fault:
        raise ConfigError(
            _("no message can be made: {reason}").format(reason=fault),
            file="newsletter.toml",
            hint=_("look at [sender] and [personal]"),
        ) from None
