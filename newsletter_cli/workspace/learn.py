"""What an imported post teaches about its newsletter: its sections, and a new text of `newsletter.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from newsletter_cli.config import SectionSettings
from newsletter_cli.config.settings import NewsletterSettings, PostSettings
from newsletter_cli.workspace.importing.posts import ImportedPost


def learn_sections(post: ImportedPost) -> list[SectionSettings]:
    """The post's sections, in its order. A section without title is called after its slug."""
    return [
        SectionSettings(slug=section.slug, title=section.plain_title or section.slug.replace("-", " ").capitalize())
        for section in post.sections
    ]


def merge_sections(existing: Sequence[SectionSettings], learned: Sequence[SectionSettings]) -> list[SectionSettings]:
    """`existing`, unchanged and in their order, with each new section after its predecessor in the post.

    A new section that opens the post comes first.
    """
    merged = list(existing)
    for index, section in enumerate(learned):
        slugs = [known.slug.casefold() for known in merged]
        if section.slug.casefold() in slugs:
            continue
        place = slugs.index(learned[index - 1].slug.casefold()) + 1 if index else 0
        merged.insert(place, SectionSettings(slug=section.slug, title=section.title))
    return merged


def learned_text(
    text: str, *, post: ImportedPost, number: int, sections: Iterable[SectionSettings], is_first: bool
) -> str:
    """`newsletter.toml` with the sections and, from the first post, how it heads, numbers and names them.

    Comments and all else stay. `text` is the present file.
    """
    import tomlkit

    document: Any = tomlkit.parse(text.removeprefix("\ufeff"))
    tables = tomlkit.aot()
    for section in sections:
        tables.append(_table(section))
    # What is right already keeps its place: the same post teaches nothing when it comes a second time.
    if "sections" not in document or document["sections"].unwrap() != tables.unwrap():
        document.pop("sections", None)
        document["sections"] = tables
    if is_first:
        settings = document.setdefault("post", tomlkit.table())
        settings["numbered"] = post.is_numbered
        if post.heading_level is not None:
            settings["heading_level"] = post.heading_level
        _learn_pattern(settings, "slug", PostSettings().slug, post.slug, number)
        _learn_pattern(document["newsletter"], "title", NewsletterSettings(name="-").title, post.title, number)
    return tomlkit.dumps(document)


def _table(section: SectionSettings) -> Any:
    import tomlkit

    table = tomlkit.table()
    table["slug"] = section.slug
    table["title"] = section.title
    if section.aliases:
        table["aliases"] = list(section.aliases)
    usual_values = {"new": True, "standing": False, "required": False, "author": False, "skeleton": None}
    for name, usual in usual_values.items():
        if getattr(section, name) is not usual:
            table[name] = getattr(section, name)
    return table


def _learn_pattern(table: Any, key: str, shipped: str, text: str, number: int) -> None:
    """A pattern still as shipped becomes the post's own, when the number stands in it once."""
    is_untouched = table.get(key, shipped) == shipped
    # Issue 1 does not stand in `lettre-12`.
    pattern, count = re.subn(rf"(?<![0-9]){number}(?![0-9])", "{number}", text)
    if is_untouched and count == 1 and "{" not in text and "}" not in text:
        table[key] = pattern
