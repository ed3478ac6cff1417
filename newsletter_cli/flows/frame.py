"""The configuration → the frame around an issue."""

from __future__ import annotations

from newsletter_cli.base.domains import ascii_url
from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.config import CONFIG_FILE, Config
from newsletter_cli.markdown.typography import TypographyRules
from newsletter_cli.model import Issue
from newsletter_cli.publish.places import files_url, online_url, site_file_url
from newsletter_cli.render.frame import Frame, direction_of, mail_link
from newsletter_cli.render.words import Words


def build_frame(config: Config, words: Words, issue: Issue) -> Frame:
    """What surrounds `issue`, as configured."""
    newsletter, post, email = config.newsletter, config.post, config.email
    return Frame(
        name=newsletter.name,
        tagline=newsletter.tagline,
        language=newsletter.language,
        direction=direction_of(newsletter.language) if newsletter.direction == "auto" else newsletter.direction,
        timezone=newsletter.timezone,
        words=words,
        is_numbered=post.numbered,
        heading_level=post.heading_level,
        contents=email.contents,
        online_url=online_url(config, issue),
        cover_url=site_file_url(config, issue.images[0]) if issue.images else None,
        files_url=files_url(config, issue),
        reply_to=config.reply_address,
        unsubscribe_url=_unsubscribe_url(config, words),
        is_for_list_server=config.send.to_list is not None,
        greeting=greeting_for_all(config),
        legal=email.legal,
        typography=typography_rules(config) if config.typography.renditions else None,
    )


def greeting_for_all(config: Config) -> str | None:
    """The greeting as somebody reads it of whom nothing is known; a send puts each reader's own in its place.

    Raises `ConfigError` for a pattern that cannot be understood.
    """
    if config.personal.greeting is None:
        return None
    from newsletter_cli.deliver.message.fields import Unfillable, values_of_nobody
    from newsletter_cli.flows.sending.personal import read_pattern

    pattern = read_pattern(config, "greeting", None)
    fallbacks = {one.name: one.fallback for one in config.personal.fields}
    try:
        return None if pattern is None else pattern.fill(values_of_nobody(fallbacks), fallbacks)
    except Unfillable as fault:
        raise ConfigError(
            _("no message can be made: {reason}").format(reason=fault),
            file=CONFIG_FILE,
            hint=_("look at [sender] and [personal]"),
        ) from None


def typography_rules(config: Config) -> TypographyRules:
    """How texts are set, as configured."""
    return TypographyRules(narrow=config.typography.narrow, quotes=config.typography.quotes)


def _unsubscribe_url(config: Config, words: Words) -> str | None:
    configured = config.email.unsubscribe
    if config.send.to_list is not None:
        # Whoever leaves tells the list server: no address of our own would be heard.
        return page_or_mail(configured, words.unsubscribe) if configured else None
    if config.endpoint.url is not None:
        from newsletter_cli.base.endpoint_key import UNSUBSCRIBE_PATH, endpoint_address

        configured = endpoint_address(config.endpoint.url, UNSUBSCRIBE_PATH)
    if configured:
        return page_or_mail(configured, words.unsubscribe)
    reply = config.reply_address
    return mail_link(reply, words.unsubscribe) if reply else None


def page_or_mail(configured: str, subject: str) -> str:
    """The address of a page as it is; one of mail as a link to write there, with a subject."""
    is_address = "@" in configured and "://" not in configured and not configured.startswith("mailto:")
    return mail_link(configured, subject) if is_address else ascii_url(configured)


def has_embedded_images(config: Config, issue: Issue) -> bool:
    """Whether each message carries the issue's own pictures: as the issue says, else as the newsletter usually does."""
    return config.send.images == "embedded" if issue.has_embedded_images is None else issue.has_embedded_images
