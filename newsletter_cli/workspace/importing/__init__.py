"""Reading a published post: header, sections, and what had to be guessed. Text in, values out."""

from newsletter_cli.workspace.importing.learn import LearnedSection, learn_sections, merge_sections
from newsletter_cli.workspace.importing.matching import CanonicalSection
from newsletter_cli.workspace.importing.pictures import Beside, find_beside
from newsletter_cli.workspace.importing.posts import ImportedPost, ImportedSection, parse_post

__all__ = [
    "Beside",
    "CanonicalSection",
    "ImportedPost",
    "ImportedSection",
    "LearnedSection",
    "find_beside",
    "learn_sections",
    "merge_sections",
    "parse_post",
]
