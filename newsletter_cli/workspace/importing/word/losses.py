"""What of a document does not come along, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.markdown.from_html import LossKind
from newsletter_cli.model import Finding, Level

SHOWN = 60  # letters


class Lost(StrEnum):
    """What can be lost on the way from Word. The value is what scripts see."""

    COMMENT = "comment"
    INSERTED = "inserted"
    DELETED = "deleted"
    TEXT_BOX = "text-box"
    EQUATION = "equation"
    CHART = "chart"
    DIAGRAM = "diagram"
    OBJECT = "object"
    DRAWING = "drawing"
    PICTURE = "picture"
    CROPPED = "cropped"
    LINKED_PICTURE = "linked-picture"
    FIELD = "field"
    HIDDEN = "hidden"
    CONTENTS = "contents"
    MARGIN = "margin"
    NUMBERS = "numbers"
    EMBEDDED = "embedded"
    SYMBOL = "symbol"
    LOOKS = "looks"
    WORDS = "words"


class Loss(Struct, frozen=True, kw_only=True):
    """One thing that is not there as it was. `text`: its words, whole; `place`: the words it stands at; `who`: whose
    it is, or of what kind.
    """

    kind: Lost | LossKind
    text: str = ""
    place: str = ""
    who: str = ""


def findings_of(losses: Iterable[Loss], *, name: str) -> Iterator[Finding]:
    """A finding for each; what only looks otherwise is a note, the rest a warning."""
    for loss in losses:
        message = _message(loss)
        place = _("near “{words}”").format(words=shortened(loss.place)) if loss.place else ""
        yield Finding(
            file=name,
            rule="import-not-carried",
            level=Level.INFO if loss.kind in (Lost.LOOKS, Lost.INSERTED) else Level.WARNING,
            message=f"{message} ({place})" if place else message,
            suggestion=_suggestions().get(loss.kind),
        )


def _message(loss: Loss) -> str:
    return _messages()[loss.kind].format(text=shortened(loss.text, most=4000), who=loss.who or _("somebody"))


def _messages() -> dict[Lost | LossKind, str]:
    return {
        Lost.COMMENT: _("a comment of {who} is left out: “{text}”"),
        Lost.INSERTED: _("a tracked insertion of {who} is taken as accepted: “{text}”"),
        Lost.DELETED: _("a tracked deletion of {who} is taken as accepted, and left out: “{text}”"),
        Lost.TEXT_BOX: _("the text of a text box stands behind its paragraph now: “{text}”"),
        Lost.EQUATION: _("an equation is left out: “{text}”"),
        Lost.CHART: _("a chart is left out"),
        Lost.DIAGRAM: _("a SmartArt diagram is left out"),
        Lost.OBJECT: _("an embedded object is left out ({who})"),
        Lost.DRAWING: _("a drawing is left out"),
        Lost.PICTURE: _("a picture in a format that no mail reader shows is left out ({who})"),
        Lost.CROPPED: _("a picture was cropped in Word; the whole of it is taken"),
        Lost.LINKED_PICTURE: _("a picture is not in the document, and is left out: {text}"),
        Lost.FIELD: _("a field is plain text now ({who}): “{text}”"),
        Lost.HIDDEN: _("hidden text is left out: “{text}”"),
        Lost.CONTENTS: _("a table of contents is left out: “{text}”"),
        Lost.MARGIN: _("a page's header or footer is left out: “{text}”"),
        Lost.NUMBERS: _("a numbered list goes on behind other text, or begins beyond 1; here it counts from 1"),
        Lost.EMBEDDED: _("a document within the document is left out"),
        Lost.SYMBOL: _("a sign of the font {who} is left out"),
        Lost.LOOKS: _("what only looks different is not kept: {text}"),
        Lost.WORDS: _("these words did not come along: “{text}”"),
        LossKind.LINK: _("a link leads nowhere outside the document, and is plain text now: {text}"),
        LossKind.MERGED_CELLS: _("a table has merged cells; their text stands in the first, the others are empty"),
        LossKind.TABLE_IN_TABLE: _("a table within a table is lines of its cell now"),
        LossKind.LIST_IN_TABLE: _("a list within a table is lines of its cell now"),
    }


def _suggestions() -> dict[Lost | LossKind, str]:
    picture = _("save it in Word as a picture (PNG), and put it into the section's images/")
    return {
        Lost.EQUATION: _("write it in words, or as a picture"),
        Lost.CHART: picture,
        Lost.DIAGRAM: picture,
        Lost.OBJECT: picture,
        Lost.DRAWING: picture,
        Lost.PICTURE: picture,
        Lost.CROPPED: _("crop the file itself, if what was cut off must not be seen"),
        Lost.LINKED_PICTURE: _("ask for the picture itself"),
        Lost.NUMBERS: _("write the number of its first item, where it matters: 3."),
        Lost.WORDS: _("copy them from the document, where they are meant"),
    }


def shortened(text: str, *, most: int = SHOWN) -> str:
    """The text in one line, cut behind a word where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"
