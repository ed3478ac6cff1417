"""What surrounds an issue: the newsletter's own facts, the same for every rendition."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.domains import ascii_address
from newsletter_cli.markdown.fragment import FragmentRules
from newsletter_cli.markdown.typography import TypographyRules
from newsletter_cli.render.words import Words

Contents = Literal["online", "anchors", "plain", "none"]


class Frame(Struct, frozen=True, kw_only=True):
    """The newsletter around the issue.

    `typography` is how texts are set for readers (`None`: as they were typed); the post is never touched.
    `online_url` is where this issue is read online, `cover_url` where the picture of its header is that the site has.
    `unsubscribe_url` is what the footer leads to; a send puts the recipient's own link in its place, and their own
    words in that of `greeting`, the line above the editorial.
    `heading_level` is that of the post's section headings. `files_url` is where the issue's `own_files` (encoded, as
    links have them) are read online, where the site does not keep them beside the post.
    """

    name: str
    language: str
    direction: Literal["ltr", "rtl"]
    timezone: str
    words: Words
    tagline: str | None = None
    is_numbered: bool = True
    heading_level: int = 2
    contents: Contents = "online"
    online_url: str | None = None
    cover_url: str | None = None
    files_url: str | None = None
    own_files: frozenset[str] = frozenset()
    reply_to: str | None = None
    unsubscribe_url: str | None = None
    is_for_list_server: bool = False
    greeting: str | None = None
    legal: tuple[str, ...] = ()
    typography: TypographyRules | None = None

    def addressing(self, local_files: frozenset[str] = frozenset()) -> FragmentRules:
        """How addresses of the issue become those that readers need; those of `local_files` stay as they are."""
        return FragmentRules(
            base_url=self.online_url, files_url=self.files_url, own_files=self.own_files, local_files=local_files
        )


RTL_LANGUAGES = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"))


def direction_of(language: str) -> Literal["ltr", "rtl"]:
    """The writing direction of a language (BCP 47)."""
    return "rtl" if language.lower().partition("-")[0] in RTL_LANGUAGES else "ltr"


def mail_link(address: str, subject: str) -> str:
    """A `mailto:` address with a subject (RFC 6068). Raises `DomainFault`."""
    return f"mailto:{quote(ascii_address(address), safe='@+')}?subject={quote(subject)}"
