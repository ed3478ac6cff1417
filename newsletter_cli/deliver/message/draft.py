"""The message as a draft: what a reader gets of whom nothing is known, before there is a send."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.message.fields import Unfillable, values_of_nobody
from newsletter_cli.deliver.message.parts import DraftParts, TemplateFault
from newsletter_cli.deliver.message.template import serialise, sort_out


def build_draft(parts: DraftParts) -> bytes:
    """The message that a mail program opens ready to be sent, made by what makes a send's.

    A field shows its fallback, or its name where it has none. The same parts give the same octets. Raises
    `TemplateFault` where they make no message.
    """
    constants, patterns = sort_out(parts)
    nobody = values_of_nobody(parts.fallbacks)
    try:
        constants |= {part: pattern.fill(nobody, parts.fallbacks) for part, pattern in patterns.items()}
        return serialise(parts, constants, {}).encode()
    except Unfillable as fault:
        raise TemplateFault(str(fault)) from None
    except UnicodeError:
        raise TemplateFault(_("the message holds half of a character, which cannot be encoded")) from None
