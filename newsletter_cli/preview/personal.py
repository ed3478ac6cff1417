"""What differs from one recipient's message to the next: whom it is to, and how to leave the list.

Pure. A send splices the same parts into every message; `deliver/` will own this, and the fields that greeting, subject
and preheader may hold, once there is a send.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter_cli.flows.examine import Rendered
from newsletter_cli.render.eml import Mailbox
from newsletter_cli.render.renditions import EMAIL, TEXT

LINK_TAG = re.compile(r'<(?:a|area)\b(?:[^>"]|"[^"]*")*>', re.IGNORECASE)
TARGET = re.compile(r'(\shref=")([^"]*)(")', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalParts:
    """What one message has of its own. `unsubscribe_url` is `None` where the issue has no such link."""

    to: Mailbox
    unsubscribe_url: str | None


def personal_parts(to: Mailbox, *, unsubscribe_url: str | None, token: str) -> PersonalParts:
    """The parts of the recipient `to`, from the link that everybody's message would have.

    A page to leave the list is told `token`, never the address: addresses of pages are kept in logs. A mail says who
    asks, since it may come from another of their addresses.
    """
    if unsubscribe_url is None:
        return PersonalParts(to=to, unsubscribe_url=None)
    if unsubscribe_url.lower().startswith("mailto:"):
        address = quote(to.address, safe="@")
        joint = "&" if "?" in unsubscribe_url else "?"
        return PersonalParts(to=to, unsubscribe_url=f"{unsubscribe_url}{joint}body={address}")
    scheme, host, path, query, fragment = urlsplit(unsubscribe_url)
    query = f"{query}&u={quote(token)}" if query else f"u={quote(token)}"
    return PersonalParts(to=to, unsubscribe_url=urlunsplit((scheme, host, path, query, fragment)))


def personalise(rendered: Rendered, parts: PersonalParts) -> Rendered:
    """The issue as that recipient gets it: wherever HTML or text lead to the common link, they lead to their own."""
    common, own = rendered.sources.frame.unsubscribe_url, parts.unsubscribe_url
    if common is None or own is None:
        return rendered
    email, text = rendered.looked_at.email, rendered.looked_at.text
    email = LINK_TAG.sub(lambda tag: TARGET.sub(lambda found: _led(found, common, own), tag[0]), email)
    # Only where the address ends: that of another page may begin alike.
    text = "\n".join(_replaced_at_end(line, common, own) for line in text.split("\n"))
    looked_at = replace(rendered.looked_at, email=email, text=text, unsubscribe_url=own)
    return replace(rendered, renditions={**rendered.renditions, EMAIL: email, TEXT: text}, looked_at=looked_at)


def _led(found: re.Match[str], common: str, own: str) -> str:
    return found[1] + html.escape(own) + found[3] if html.unescape(found[2]) == common else found[0]


def _replaced_at_end(line: str, common: str, own: str) -> str:
    before, _blank, last = line.rpartition(" ")
    return line[: len(before) + len(_blank)] + own if last in (common, f"<{common}>") else line
