"""What earlier runs have found out of a theme: whoever renders with it is quicker, and renders the same."""

from __future__ import annotations

import jinja2
from msgspec import Struct

from newsletter_cli.render.known_css import IN_PROCESS, KnownCss


class Kept(Struct, frozen=True, kw_only=True):
    """`templates`: where compiled templates are kept; `css`: what its CSS was read as."""

    templates: jinja2.BytecodeCache | None = None
    css: KnownCss = IN_PROCESS
