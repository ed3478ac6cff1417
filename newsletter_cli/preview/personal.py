"""What differs from one recipient's message to the next: whom it is to, their own words, and how to leave the list.

Pure. Link and words are made as a send makes them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

from newsletter_cli.config import Config
from newsletter_cli.deliver.message.fields import Pattern, Unfillable, values_for
from newsletter_cli.deliver.message.unsubscribing import personal_unsubscribe_url
from newsletter_cli.flows.examine import Rendered
from newsletter_cli.flows.sending.personal import read_patterns
from newsletter_cli.flows.sources import compose_sources
from newsletter_cli.model import Issue
from newsletter_cli.model.subscriber import Recipient
from newsletter_cli.render.eml import Mailbox
from newsletter_cli.render.renditions import EMAIL, TEXT, render_renditions

LINK_TAG = re.compile(r'<(?:a|area)\b(?:[^>"]|"[^"]*")*>', re.IGNORECASE)
TARGET = re.compile(r'(\shref=")([^"]*)(")', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalParts:
    """What one message has of its own. `unsubscribe_url` is `None` where the issue has no such link."""

    to: Mailbox
    unsubscribe_url: str | None
    words: PersonalWords | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalWords:
    """Greeting, subject and preheader for one recipient; `None` for one that is everybody's."""

    greeting: str | None = None
    subject: str | None = None
    preheader: str | None = None


def personal_words(config: Config, issue: Issue, recipient: Recipient) -> PersonalWords | None:
    """What `[personal]` makes of this recipient; `None` where nothing differs, or a send could not write to them."""
    patterns = read_patterns(config, issue)
    if not patterns.names:
        return None
    values = values_for(patterns.names, recipient.name, recipient.attributes)

    def filled(pattern: Pattern | None) -> str | None:
        return None if pattern is None else pattern.fill(values, patterns.fallbacks)

    try:
        return PersonalWords(
            greeting=filled(patterns.greeting),
            subject=filled(patterns.subject),
            preheader=filled(patterns.preheader),
        )
    except Unfillable:
        return None


def personal_parts(
    to: Mailbox, *, unsubscribe_url: str | None, token: str, words: PersonalWords | None = None
) -> PersonalParts:
    """The parts of the recipient `to`, from the link that everybody's message would have."""
    own = None if unsubscribe_url is None else personal_unsubscribe_url(unsubscribe_url, token)
    return PersonalParts(to=to, unsubscribe_url=own, words=words)


def personalise(rendered: Rendered, parts: PersonalParts) -> Rendered:
    """The issue as that recipient gets it: wherever HTML or text lead to the common link, they lead to their own."""
    if parts.words is not None:
        rendered = _in_their_words(rendered, parts.words)
    common, own = rendered.sources.frame.unsubscribe_url, parts.unsubscribe_url
    if common is None or own is None:
        return rendered
    email, text = rendered.looked_at.email, rendered.looked_at.text
    email = LINK_TAG.sub(lambda tag: TARGET.sub(lambda found: _led(found, common, own), tag[0]), email)
    # Only where the address ends: that of another page may begin alike.
    text = "\n".join(_replaced_at_end(line, common, own) for line in text.split("\n"))
    looked_at = replace(rendered.looked_at, email=email, text=text, unsubscribe_url=own)
    return replace(rendered, renditions={**rendered.renditions, EMAIL: email, TEXT: text}, looked_at=looked_at)


def _in_their_words(rendered: Rendered, words: PersonalWords) -> Rendered:
    """E-mail and text rendered anew: their own words may be longer, and break lines elsewhere."""
    read = rendered.sources.read
    issue = replace(
        read.issue,
        subject=words.subject or read.issue.subject,
        preheader=words.preheader or read.issue.preheader,
    )
    frame = replace(rendered.sources.frame, greeting=words.greeting or rendered.sources.frame.greeting)
    sources = replace(rendered.sources, frame=frame, read=replace(read, issue=issue))
    composed, email_parts = compose_sources(sources, has_local_images=bool(rendered.local_files))
    renditions = render_renditions(composed, email_parts)
    email, text = str(renditions[EMAIL]), str(renditions[TEXT])
    looked_at = replace(rendered.looked_at, email=email, text=text)
    return replace(
        rendered,
        sources=sources,
        composed=composed,
        renditions={**rendered.renditions, EMAIL: email, TEXT: text},
        looked_at=looked_at,
    )


def _led(found: re.Match[str], common: str, own: str) -> str:
    return found[1] + html.escape(own) + found[3] if html.unescape(found[2]) == common else found[0]


def _replaced_at_end(line: str, common: str, own: str) -> str:
    before, _blank, last = line.rpartition(" ")
    return line[: len(before) + len(_blank)] + own if last in (common, f"<{common}>") else line
