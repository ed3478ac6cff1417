"""What each mail reader does not show of an issue, for the page; and the names of those it can be looked at with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.check.clients.readers import MailReader, mail_readers
from newsletter_cli.check.clients.support import CLIENTS, read_support
from newsletter_cli.preview.views import Views

# Below this share of answers nothing can be said of a mail reader; below the other, not much.
NOTHING_KNOWN, LITTLE_KNOWN = 0.05, 0.5
# What belongs to the words and pictures, not to their looks.
OF_TEXT = ("html-", "image-", "email-")
LOOKS_ALL_THE_SAME = (
    "html-align",
    "html-background",
    "html-body",
    "html-cell",
    "html-height",
    "html-style",
    "html-valign",
    "html-width",
)
FOR_THE_EAR = ("html-aria", "html-role", "html-lang")
# What stays as it is where these are dropped: the words of these elements look like those around them.
LOOKS_OF_WORDS = frozenset(
    ("html-code", "html-small", "html-address", "html-semantics", "html-semantics-other", "html-wbr")
)


def client_list(counted: Sequence[str]) -> dict[str, Any]:
    """All mail readers, those that count (`[check]`) first, with the date of caniemail's tables."""
    support = read_support()
    names = [*(name for name in counted if name in CLIENTS), *(name for name in CLIENTS if name not in counted)]
    return {
        "updated": support.updated,
        "clients": [
            {
                "name": name,
                "label": CLIENTS[name].label,
                "counts": name in counted,
                "readers": [_reader(one) for one in _readers(name)],
            }
            for name in names
        ],
    }


def client_losses(views: Views, name: str) -> dict[str, Any]:
    """What a mail reader (a name of `CLIENTS`) does not show of the issue, on which of its platforms.

    Raises `KeyError` for a name that is none.
    """
    readers = [one for one in _readers(name) if one.known_share >= NOTHING_KNOWN]
    told: dict[str, dict[str, Any]] = {}
    for reader in readers:
        for loss in views.losses(reader):
            label = label_of(loss.feature)
            # A property that is nowhere set for the words of the issue is of the theme's scaffolding.
            if not loss.places and label == _property(loss.feature):
                continue
            one = told.setdefault(
                label, {"label": label, "kind": kind_of(loss.feature), "readers": [], "anchors": [], "features": []}
            )
            _add(one["readers"], [reader.name])
            _add(one["features"], [loss.feature])
            _add(one["anchors"], loss.places)
    order = ("text", "look", "ear")
    found = sorted(told.values(), key=lambda one: (order.index(one["kind"]), -len(one["readers"]), one["label"]))
    for one in found:
        one["everywhere"] = len(one["readers"]) == len(readers)
    return {"client": name, "losses": found}


def _readers(name: str) -> list[MailReader]:
    if name not in CLIENTS:
        raise KeyError(name)
    return [one for one in mail_readers().values() if one.client == name]


def _reader(reader: MailReader) -> dict[str, Any]:
    share = reader.known_share
    known = "nothing" if share < NOTHING_KNOWN else "little" if share < LITTLE_KNOWN else "well"
    return {
        "name": reader.name,
        "platform": reader.platform,
        "label": f"{reader.label} ({reader.platform})",
        "known": known,
        "dark": reader.darkening,
    }


def _add(list_: list[str], more: Iterable[str]) -> None:
    list_.extend(one for one in more if one not in list_)


def kind_of(feature: str) -> str:
    """`text`: words, pictures or links suffer; `look`: their looks; `ear`: what a screen reader is told."""
    if feature.startswith(FOR_THE_EAR):
        return "ear"
    is_look = feature.startswith(LOOKS_ALL_THE_SAME) or feature in LOOKS_OF_WORDS
    return "text" if feature.startswith(OF_TEXT) and not is_look else "look"


def label_of(feature: str) -> str:
    """What a feature of caniemail's is called for editors; several may have one name."""
    plain = _plain_labels()
    if feature in plain:
        return plain[feature]
    kinds = {
        **dict.fromkeys(FOR_THE_EAR, _("what only screen readers are told")),
        "css-selector": _("parts of the style sheet"),
        "css-pseudo": _("parts of the style sheet"),
        "html-dir": _("the direction of a text"),
        "image-": _("{kind} pictures").format(kind=feature.removeprefix("image-").upper()),
        "html-": f"<{feature.removeprefix('html-').removesuffix('-other')}>",
    }
    return next((label for start, label in kinds.items() if feature.startswith(start)), _property(feature))


def _plain_labels() -> dict[str, str]:
    return {
        "css-at-media": _("what changes with the width"),
        "css-at-media-prefers-color-scheme": _("the dark colours"),
        "css-background-color-any": _("some background colours"),
        "css-background-image": _("pictures in the background"),
        "css-background-picture": _("pictures in the background"),
        "css-border-radius": _("rounded corners"),
        "css-color-scheme": _("the dark colours"),
        "css-hyphens": _("hyphenation"),
        "css-overflow-wrap": _("breaks in long words"),
        "css-padding-off-cells": _("room around texts"),
        "css-word-break": _("breaks in long words"),
        "email-size": _("all behind the first 102 kB"),
        "html-anchor-links": _("links within the e-mail"),
        "html-lists-reversed": _("the numbers of a list"),
        "html-mailto-links": _("links that begin an e-mail"),
        "html-mailto-copies": _("copies (cc) of an e-mail that a link begins"),
        "html-style": _("the style sheet"),
        "style-size": _("the style sheet"),
        "image-base64": _("pictures written into the e-mail"),
    }


def _property(feature: str) -> str:
    """The CSS property, without what of it is meant: `margin` for `css-margin-auto`."""
    features = read_support().features
    name, short = feature, feature
    while "-" in short.removeprefix("css-"):
        short = short.rpartition("-")[0]
        name = short if short in features else name
    return name.removeprefix("css-").removeprefix("unit-").removeprefix("function-")
