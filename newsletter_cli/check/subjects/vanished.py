"""Which typed addresses the cleaning of the HTML takes out."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Literal

from newsletter_cli.check.subjects.renditions import Renditions, TypedAddress
from newsletter_cli.markdown.sanitise import sanitise_html


def vanished(renditions: Renditions, kind: Literal["link", "image"]) -> Iterator[TypedAddress]:
    """The typed links or images that have lost their address on the way. Empty ones had none to lose."""
    typed = [one for one in renditions.typed if one.kind == kind and one.href.strip()]
    if not typed:
        return
    tag, attribute = ("a", "href") if kind == "link" else ("img", "src")
    # All in one go: the cleaner's own start costs more than an address.
    clean = sanitise_html(
        "\n".join(f'<{tag} {attribute}="{escape(one.href)}">' + "</a>" * (tag == "a") for one in typed)
    )
    for one, line in zip(typed, clean.split("\n"), strict=True):
        if f" {attribute}=" not in line:
            yield one
