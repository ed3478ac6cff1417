"""`[personal]`: the few words that differ from reader to reader, understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.config import Config
from newsletter_cli.deliver.message.fields import (
    PersonalLineFault,
    PersonalText,
    Unfillable,
    parse_pattern,
    values_for,
    values_of_nobody,
)
from newsletter_cli.deliver.message.person import Unbuildable, check_name, envelope_address
from newsletter_cli.model import Issue
from newsletter_cli.model.subscriber import Recipient

if TYPE_CHECKING:
    from newsletter_cli.deliver.ledger.freeze import MessageFault

FieldsOf = Callable[[Recipient], Mapping[str, str]]


class PersonalPatterns(Struct, frozen=True, kw_only=True):
    """The personal lines of `[personal]`, understood; `None` where one is the same for everybody."""

    greeting: PersonalText | None = None
    subject: PersonalText | None = None
    preheader: PersonalText | None = None
    fallbacks: Mapping[str, str | None]

    @property
    def is_used(self) -> bool:
        """Whether any line of the message is personal."""
        return (self.greeting, self.subject, self.preheader) != (None, None, None)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that are used at all: of a person, nothing else is kept for the send."""
        patterns = (self.greeting, self.subject, self.preheader)
        return tuple(dict.fromkeys(name for one in patterns if one is not None for name in one.names))

    def fields_of(self) -> FieldsOf | None:
        """What picks a recipient's values; `None` where no message holds a field."""
        names = self.names
        return (lambda one: values_for(names, one.name, one.attributes)) if names else None

    def values_of(self, recipient: Recipient | None) -> Mapping[str, str]:
        """The values of a recipient, or of somebody of whom nothing is known."""
        if recipient is None:
            return values_of_nobody(self.fallbacks)
        return values_for(self.names, recipient.name, recipient.attributes)


def read_fields(config: Config) -> FieldsOf | None:
    """What picks the values that any issue's personal lines use; `None` where they use none. Raises `ConfigError`."""
    return _patterns(config, subject="", preheader="").fields_of()


def read_faults(config: Config) -> Callable[[Recipient], MessageFault | None]:
    """What tells why a recipient can have no message: as making it would find, without making it.

    The fault of a part counts where the issue's message has that part. Raises `ConfigError`.
    """
    # An assembly reads patterns, and opens no ledger.
    from newsletter_cli.deliver.ledger.freeze import MessageFault

    patterns = _patterns(config, subject="", preheader="")
    parts = [
        (part, pattern)
        for part in ("greeting", "subject", "preheader")
        if (pattern := getattr(patterns, part)) is not None and pattern.names
    ]
    fields_of, fallbacks = patterns.fields_of(), patterns.fallbacks

    def fault_of(one: Recipient) -> MessageFault | None:
        part = ""
        try:
            envelope_address(one.address)
            check_name(one.name)
            if fields_of is not None:
                values = fields_of(one)
                for part, pattern in parts:  # noqa: B007 - told below
                    pattern.fill(values, fallbacks)
        except (Unbuildable, Unfillable) as reason:
            return MessageFault(part=part, row=one.row, reason=str(reason))
        return None

    return fault_of


def read_patterns(config: Config, issue: Issue) -> PersonalPatterns:
    """The personal lines of `[personal]` around this issue's subject and preheader. Raises `ConfigError`."""
    return _patterns(config, subject=issue.subject or issue.title, preheader=issue.preheader)


def _patterns(config: Config, *, subject: str, preheader: str | None) -> PersonalPatterns:
    return PersonalPatterns(
        greeting=read_pattern(config, "greeting", None),
        subject=read_pattern(config, "subject", subject),
        preheader=None if preheader is None else read_pattern(config, "preheader", preheader),
        fallbacks={one.name: one.fallback for one in config.personal.fields},
    )


def read_pattern(config: Config, key: str, own: str | None) -> PersonalText | None:
    """The pattern under `key` of `[personal]`, the issue's `own` text in it; `None` where everybody's is the same.

    Raises `ConfigError` for one that cannot be understood.
    """
    text = getattr(config.personal, key)
    if text is None:
        return None
    allowed = [*(one.name for one in config.personal.fields), *([key] if own is not None else [])]
    try:
        pattern = parse_pattern(text, allowed=allowed)
    except PersonalLineFault as fault:
        raise ConfigError(
            str(fault),
            file="newsletter.toml",
            hint=_("fields are declared: [[personal.fields]] name = … fallback = … (here, under {key})").format(
                key=f"personal.{key}"
            ),
        ) from None
    bound = pattern if own is None else pattern.bind(key, own)
    # A greeting without fields is a greeting all the same; around a subject nothing would be left to do.
    return bound if bound.names or own is None or bound.texts != (own,) else None
