"""The announcement without mark-up, `announce.txt`, and what all announcements begin with."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter_cli.render.words import Words


def heading_of(newsletter_name: str, title: str, words: Words) -> str:
    """What an announcement begins with: the issue's title, and the newsletter's name where that does not say it."""
    title, name = plain(title), plain(newsletter_name)
    return title if name in title else words.text("announce_title", newsletter=name, title=title)


def render_announcement(
    *,
    newsletter_name: str,
    title: str,
    summary: str | None,
    contents: Sequence[str],
    online_url: str | None,
    words: Words,
) -> str:
    """A text to paste anywhere: title, summary, contents, address.

    All texts are plain, `contents` the titles of the sections in order. Tchap and Mattermost show `- ` as
    a list and make the address a link, and a reader of plain text is not troubled by either; no other
    mark-up is used, since it differs, and nothing is escaped, since a room without mark-up would show
    the backslashes. Ends with one newline.
    """
    blocks = [heading_of(newsletter_name, title, words)]
    if summary and plain(summary) != plain(title):
        blocks.append(plain(summary))
    titles = [plain(entry) for entry in contents]
    if titles:
        blocks.append("\n".join([words.announce_contents, "", *(f"- {entry}" for entry in titles if entry)]))
    if online_url:
        blocks.append(words.text("announce_read", url=online_url.strip()))
    return "\n\n".join(block for block in blocks if block) + "\n"


def plain(text: str) -> str:
    """The text on one line; non-breaking spaces stay."""
    return " ".join(part for part in text.replace("\n", " ").replace("\t", " ").split(" ") if part)
