"""A theme: the texts that make the e-mail's looks. Read from `templates/themes/NAME/` by the workspace room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from newsletter_cli.render.places import Room

TEMPLATE = "email.mjml.j2"
INLINED_CSS = "content.css"
HEAD_CSS = "head.css"
# The class of such tables.
WIDE_CLASS = "wide"
# 320 pixels, less the margins that a page has by itself: a mail reader that drops `<style>` leaves them.
NARROWEST_PHONE_PX = 304


class Theme(Struct, frozen=True, kw_only=True):
    """The theme's files by name (those of the themes it extends included), and its `theme.toml`.

    `places` says where each file was found, for errors; `unread` are files of the workspace's own that are none of a
    theme's, by their places.
    """

    name: str
    files: Mapping[str, str]
    places: Mapping[str, str]
    settings: Mapping[str, Any]
    unread: tuple[str, ...] = ()

    @property
    def column_width(self) -> int:
        """The width of the text column in CSS pixels: the sheet's, less a gutter on each side."""
        shape = self.settings.get("shape", {})
        return _pixels(shape.get("width"), 660) - 2 * _pixels(shape.get("gutter"), 32)

    @property
    def room(self) -> Room:
        """The text column on a wide screen and on the narrowest phone, its gutters as wide: `<style>` may be lost."""
        gutter = _pixels(self.settings.get("shape", {}).get("gutter"), 32)
        return Room(column_px=self.column_width, phone_px=NARROWEST_PHONE_PX - 2 * gutter)

    @property
    def has_table_styles(self) -> bool:
        """Whether its styles know tables that are records on a phone: a workspace may have files from before."""
        return all(f".{WIDE_CLASS} " in self.files.get(name, "") for name in (INLINED_CSS, HEAD_CSS))


def _pixels(value: object, default: int) -> int:
    number = str(value).removesuffix("px")
    return int(number) if number.isdecimal() else default
