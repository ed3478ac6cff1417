"""MJML → HTML, by mjml-python (mrml). All of its traps are fenced in here."""

from __future__ import annotations

import hashlib
import re

from markupsafe import Markup

from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.i18n import _

# mrml stops at some of these; browsers read references to the others as Windows-1252.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class Slots:
    """Places held open in the MJML for finished HTML, filled after the conversion.

    mrml parses what stands in an `mj-text`, is stopped by markup it does not know, and overflows its stack on
    deep nesting; content has been cleaned already and need not pass through it. The places are named after
    the content's own hash, so no text can name one by chance.
    """

    def __init__(self, seed: str) -> None:
        self._name = f"nl-slot-{hashlib.sha256(seed.encode()).hexdigest()[:16]}-"
        self._contents: list[str] = []

    def hold(self, content: str) -> Markup:
        """A place for `content` (trusted XHTML), to be put into the MJML."""
        self._contents.append(content)
        return Markup(f"{self._name}{len(self._contents) - 1}-")  # noqa: S704 - a name of our own making

    def fill(self, html: str) -> str:
        """The HTML with every content in its place."""
        return re.sub(f"{self._name}(\\d+)-", lambda found: self._contents[int(found.group(1))], html)


def escape_attribute(value: object) -> Markup:
    """A value made safe for an MJML attribute.

    mrml writes attributes with Rust's debug escapes: a backslash is doubled, a line end becomes `\\n`.
    Character references pass through untouched.
    """
    from markupsafe import escape

    text = str(escape("" if value is None else value))
    text = text.replace("\\", "&#92;").replace("\r", " ").replace("\n", "&#10;").replace("\t", "&#9;")
    return Markup(text)  # noqa: S704 - escaped above


def convert_mjml(source: str, *, file: str) -> str:
    """The HTML of an MJML source; `file` is the template that made it, for the error.

    Raises `RenderError` when mrml refuses the source, with the place it stopped at.
    """
    from mjml import mjml2html

    # All but ASCII as character references: mrml writes U+00A0 in an attribute as `\u{a0}` otherwise.
    ascii_source = CONTROL.sub("", source).encode("ascii", "xmlcharrefreplace").decode()
    try:
        # No fonts: mrml links one from the network when it is not told otherwise.
        html = mjml2html(ascii_source, fonts={})
    except ValueError as error:
        raise RenderError(
            _("the theme's MJML cannot be converted: {reason}").format(reason=error),
            file=file,
            hint=_("a template of your own under templates/themes/ has a tag left open or unknown"),
        ) from None
    return str(html)
