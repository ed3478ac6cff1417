"""The language and the direction that the e-mail says it has: screen readers choose their voice by it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="email-language", level=Level.WARNING, title=_("The e-mail does not say its language or direction"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for `<html>`, one for what is in the body (RGAA 8.3): webmails throw `<html>` away."""
    expected = (renditions.language.lower(), renditions.direction)
    if _said(renditions.page) != expected:
        yield RULE.at(
            renditions.theme,
            _('the e-mail\'s <html> does not say lang="{language}" dir="{direction}"').format(
                language=renditions.language, direction=renditions.direction
            ),
            suggestion=_('<mjml lang="{{ lang|attr }}" dir="{{ dir|attr }}">, as the default theme has it'),
        )
    hidden = renditions.looks.light
    shown = [child for child in renditions.body if isinstance(child.tag, str) and not hidden[child].is_hidden]
    if _said(renditions.body) != expected and not (shown and all(_said(one) == expected for one in shown)):
        yield RULE.at(
            renditions.theme,
            _('nothing within the e-mail\'s body says lang="{language}" dir="{direction}" of all of it').format(
                language=renditions.language, direction=renditions.direction
            ),
            suggestion=_("webmails drop <html>: the outermost <div> has to say it, too"),
        )


def _said(element: html.HtmlElement) -> tuple[str, str]:
    return ((element.get("lang") or "").lower(), (element.get("dir") or "").lower())
