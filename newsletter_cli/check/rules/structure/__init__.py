"""Rules on what an issue is made of: its sections, its front matter, its files."""

from newsletter_cli.check.rules.interface import ManuscriptRule
from newsletter_cli.check.rules.structure import (
    author_missing,
    date_differs,
    date_missing,
    definition_twice,
    front_matter_image_missing,
    image_heavy,
    image_unreadable,
    preheader_missing,
    preheader_same,
    section_draft,
    section_empty,
    section_missing,
    section_unknown,
    subject_emoji,
    subject_long,
    subject_missing,
    summary_missing,
    title_missing,
)

RULES: tuple[ManuscriptRule, ...] = (
    author_missing,
    date_differs,
    date_missing,
    definition_twice,
    front_matter_image_missing,
    image_heavy,
    image_unreadable,
    preheader_missing,
    preheader_same,
    section_draft,
    section_empty,
    section_missing,
    section_unknown,
    subject_emoji,
    subject_long,
    subject_missing,
    summary_missing,
    title_missing,
)
