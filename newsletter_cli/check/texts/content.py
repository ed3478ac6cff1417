"""What counts as content: what a reader sees."""

from __future__ import annotations

from newsletter_cli.markdown.source import publish
from newsletter_cli.model import Section


def has_content(section: Section) -> bool:
    """Whether a reader would see anything under the section's heading."""
    if section.events or section.jobs:
        return True
    return bool(publish(section.body.text).text.strip())
