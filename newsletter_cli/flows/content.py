"""What is the content of an issue? The one answer: all that its readers see, part by part, and a hash of it.

A freeze records this hash, an approval and a proof are pinned to it. What readers do not see is no part of it:
comments, white space that shows alike, line ends, the date of sending, who reads, how mail is handed over. Pictures and
files that stand beside the sections count by their octets; of those on other sites, the address alone: their octets
take a network.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.tokens import personal_unsubscribe_url
from newsletter_cli.base.values import replace
from newsletter_cli.config import Config
from newsletter_cli.deliver.message.fields import PersonalText
from newsletter_cli.deliver.message.parts import MessageParts
from newsletter_cli.flows.content_parts import GREETING, LEAVING, PICTURES, PREHEADER, REPLY_TO, SENDER, SUBJECT
from newsletter_cli.flows.frame import has_embedded_images
from newsletter_cli.flows.one_form import one_form, remote_pictures
from newsletter_cli.flows.read import Sources
from newsletter_cli.flows.way_out import is_page
from newsletter_cli.markdown.fragment import FragmentRules, file_address, final_address
from newsletter_cli.markdown.issue import ParsedSection
from newsletter_cli.markdown.parser import markdown_parser
from newsletter_cli.render.compose import ComposedIssue, ComposedSection
from newsletter_cli.render.mime import Mailbox, image_sources
from newsletter_cli.render.names import ANNOUNCEMENT, CALENDAR, EMAIL, POST, TEXT
from newsletter_cli.render.post import render_post
from newsletter_cli.workspace.digests import digest_file
from newsletter_cli.workspace.folder import Workspace

# What stands for a reader's own token in a link.
TOKEN = "TOKEN"  # noqa: S105 - a word, no secret


class SeenContent(Struct, frozen=True, kw_only=True):
    """All that readers see.

    `parts` are texts in their one form by name, each the same wherever it is shown the same; `files` are the SHA-256 of
    the issue's own pictures and files that readers come to, by their path in its folder; `remote` are the addresses of
    pictures on other sites. `text` is the plain text as it is sent, to be read by people.
    """

    parts: Mapping[str, str]
    files: Mapping[str, str]
    remote: tuple[str, ...]
    text: str

    @property
    def part_hashes(self) -> dict[str, str]:
        """The SHA-256 of each part."""
        return {name: hash_of(text) for name, text in sorted(self.parts.items())}

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, hexadecimal."""
        return hash_of_parts(self.part_hashes, self.files)


def hash_of_parts(parts: Mapping[str, str], files: Mapping[str, str]) -> str:
    """The hash of a content whose parts and files have these."""
    return hash_of(json.dumps([sorted(parts.items()), sorted(files.items())]))


def hash_of(text: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def seen_content(
    workspace: Workspace,
    sources: Sources,
    parts: MessageParts,
    composed: ComposedIssue,
    renditions: Mapping[str, str | bytes],
) -> SeenContent:
    """The content of a message and all that is published with it.

    `composed` and `renditions` hold the marks of `parts`. Raises `StorageError` for a file that cannot be read.
    """
    personal = _personal_parts(parts, composed)
    shown = {
        **personal,
        SENDER: _mailbox(parts.sender),
        REPLY_TO: _mailbox(parts.reply_to),
        LEAVING: _unmarked(_leaving(sources, parts), parts, personal),
        PICTURES: _travel(workspace.config, composed),
        EMAIL: one_form(_unmarked(parts.html, parts, personal)),
        TEXT: _unmarked(parts.text, parts, personal),
        POST: _post(sources, composed),
        ANNOUNCEMENT: str(renditions[ANNOUNCEMENT]),
    }
    if CALENDAR in renditions:
        shown[CALENDAR] = _text(renditions[CALENDAR])
    files = {name: digest_file(workspace, path) for name, path in files_shown(sources, parts.html, composed)}
    own = _own_addresses(sources)
    remote = [one for one in _pictures_named(parts.html, composed) if one not in own]
    return SeenContent(parts=shown, files=files, remote=tuple(remote), text=shown[TEXT])


def _personal_parts(parts: MessageParts, composed: ComposedIssue) -> dict[str, str]:
    """Subject, preheader and greeting: their patterns, which everybody's own words are put into."""

    def pattern(value: str | PersonalText | None) -> str:
        if not isinstance(value, PersonalText):
            return value or ""
        pieces = [value.texts[0]]
        for name, text in zip(value.names, value.texts[1:], strict=True):
            fallback = parts.fallbacks.get(name)
            pieces += ["{" + (name if fallback is None else f"{name}|{fallback}") + "}", text]
        return "".join(pieces)

    personal = {name: pattern(getattr(parts, name)) for name in (SUBJECT, PREHEADER, GREETING)}
    # Where it is the same for everybody, it stands in the issue.
    return personal if parts.preheader is not None else {**personal, PREHEADER: composed.shown.preheader or ""}


def _leaving(sources: Sources, parts: MessageParts) -> str:
    """The page that the footer leads to, if it is one, and where mails that ask to leave go."""
    link = sources.frame.unsubscribe_url
    page = personal_unsubscribe_url(link, parts.marks.token) if is_page(link) and link else None
    return " ".join(filter(None, (page, parts.unsubscribe_mail)))


def _unmarked(text: str, parts: MessageParts, personal: Mapping[str, str]) -> str:
    text = text.replace("\r\n", "\n").replace(parts.marks.token, TOKEN)
    for name, pattern in personal.items():
        text = text.replace(getattr(parts.marks, name), pattern)
    return text


def _mailbox(mailbox: Mailbox | None) -> str:
    if mailbox is None:
        return ""
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address


def _travel(config: Config, composed: ComposedIssue) -> str:
    return "embedded" if has_embedded_images(config, composed.issue) else "linked"


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode()


def _post(sources: Sources, composed: ComposedIssue) -> str:
    """The post as its page will show it: each text as HTML, so that no comment counts, and no break between lines."""
    parsed = sources.parsed
    parser = markdown_parser()

    def page_of(tokens: list[object]) -> str:
        return one_form(str(parser.renderer.render(tokens, parser.options, dict(parsed.document.env))))  # type: ignore[arg-type]

    def shown(one: ComposedSection, read: ParsedSection) -> ComposedSection:
        described = {event.description: page_of([*text.shown]) for event, text in read.events}
        events = tuple(replace(event, description=described.get(event.description)) for event in one.section.events)
        return replace(one, section=replace(one.section, events=events), published=page_of([*read.body.shown]))

    page = replace(
        composed,
        published_editorial=page_of([*parsed.editorial.shown]),
        sections=tuple(shown(one, read) for one, read in zip(composed.sections, parsed.sections, strict=True)),
    )
    return render_post(page) + page_of([*parsed.document.notes])


def _rules(sources: Sources) -> FragmentRules:
    return sources.frame.addressing()


def _own_addresses(sources: Sources) -> frozenset[str]:
    rules = _rules(sources)
    return frozenset(final_address(file_address(name), rules) for name in sources.assets)


def files_shown(sources: Sources, page: str, composed: ComposedIssue) -> Iterator[tuple[str, Path]]:
    """The issue's own files that readers are shown or led to; what merely lies beside them is none of theirs."""
    rules = _rules(sources)
    led = {address.partition("#")[0] for address in (*image_sources(page), *composed.addresses)}
    typed = "\n".join((composed.published_editorial, *(one.published for one in composed.sections)))
    for name, path in sources.assets.items():
        is_led = final_address(file_address(name), rules) in led or name in composed.issue.images
        if is_led or name in typed or quote(name) in typed:
            yield name, path


def _pictures_named(page: str, composed: ComposedIssue) -> list[str]:
    """The addresses of pictures on the web: of the e-mail, of the post's own texts, and of its header."""
    in_texts = [image.get("src") or "" for tree in composed.trees for image in tree.iter("img")]
    named = [*remote_pictures(page), *in_texts, *composed.issue.images]
    return list(dict.fromkeys(one for one in named if one.lower().startswith(("http://", "https://"))))
