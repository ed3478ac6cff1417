"""The short text that tells a chat room of a new issue."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter_cli.render.words import Words


def render_announcement(
    *,
    newsletter_name: str,
    title: str,
    summary: str | None,
    contents: Sequence[str],
    online_url: str | None,
    words: Words,
) -> str:
    """A text to paste into Tchap, Mattermost or the like: title, summary, contents, address.

    All texts are plain, `contents` the titles of the sections in order. Tchap and Mattermost show `- ` as
    a list and make the address a link, and a reader of plain text is not troubled by either; no other
    mark-up is used, since it differs, and nothing is escaped, since a room without mark-up would show
    the backslashes. Ends with one newline.
    """
    title, name = _plain(title), _plain(newsletter_name)
    heading = title if name in title else words.text("announce_title", newsletter=name, title=title)
    blocks = [heading]
    if summary and _plain(summary) != title:
        blocks.append(_plain(summary))
    titles = [_plain(entry) for entry in contents]
    if titles:
        blocks.append("\n".join([words.announce_contents, "", *(f"- {entry}" for entry in titles if entry)]))
    if online_url:
        blocks.append(words.text("announce_read", url=online_url.strip()))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _plain(text: str) -> str:
    return " ".join(part for part in text.replace("\n", " ").replace("\t", " ").split(" ") if part)
