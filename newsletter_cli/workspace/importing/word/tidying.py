"""A part of a document in the form that mammoth understands; what cannot come along is taken out and written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from newsletter_cli.workspace.importing.word.losses import Loss, Lost
from newsletter_cli.workspace.importing.word.parts import (
    attribute,
    child,
    drop,
    each,
    is_on,
    name_of,
    own_text,
    text_of,
    unwrap,
)

# Word and others wrap runs in them: `w:bdo` says a direction, `w:ruby` how a word is read aloud.
WRAPPERS = ("w:bdo", "w:dir", "w:smartTag", "w:customXml", "w:rubyBase", "w:ruby")
# Fields whose result is text as any other, or that mammoth knows.
PLAIN_FIELDS = frozenset({"HYPERLINK", "FORMCHECKBOX", "FORMTEXT", "FORMDROPDOWN", "SYMBOL", "QUOTE", ""})
INK = frozenset({"", "auto", "000000"})
CONTENTS_STYLE = re.compile(r"(?:toc|tm|table of contents|sommaire)\s*\d*", re.IGNORECASE)
MOST_PLACE = 200


class Tidied(Struct, kw_only=True):
    """What was found in the parts of a document so far."""

    losses: list[Loss] = field(default_factory=list)
    looks: dict[str, str] = field(default_factory=dict)


def tidy(root: Any, tidied: Tidied, *, styles: Mapping[str, str], comments: Mapping[str, tuple[str, str]]) -> None:
    """Change the tree of a part in place, its alternatives resolved.

    `styles`: the name of each style by its id; `comments`: author and text.
    """
    for wrapper in list(each(root, *WRAPPERS)):
        unwrap(wrapper)
    for reading in list(each(root, "w:rt", "w:rubyPr", "w:smartTagPr", "w:customXmlPr")):
        drop(reading)
    _contents(root, tidied, styles)
    for paragraph in list(each(root, "w:p")):
        _paragraph(paragraph, tidied, comments)
    # Whole paragraphs and rows.
    _tracked(root, tidied, "")
    for one in list(each(root, "w:altChunk", "w:subDoc")):
        tidied.losses.append(Loss(kind=Lost.EMBEDDED))
        drop(one)


def _place(element: Any) -> str:
    """The words that something stands at: those of its paragraph, else of the one before."""
    paragraph = (
        element
        if name_of(element) == "w:p"
        else next((one for one in element.iterancestors() if name_of(one) == "w:p"), None)
    )
    while paragraph is not None:
        if words := own_text(paragraph).strip():
            return words[:MOST_PLACE]
        paragraph = next((one for one in paragraph.itersiblings(preceding=True) if name_of(one) == "w:p"), None)
    return ""


def resolve_alternatives(root: Any) -> None:
    """Of what is said twice, for new programs and for old ones, the new; the old where that says nothing here."""
    for one in list(each(root, "mc:AlternateContent")):
        if one.getparent() is None:
            continue
        choices = [option for option in one if name_of(option) in ("mc:Choice", "mc:Fallback")]
        best = next((option for option in choices if _is_known(option)), choices[0] if choices else None)
        for option in choices:
            if option is not best:
                one.remove(option)
        if best is not None:
            unwrap(best)
        unwrap(one)


def _is_known(option: Any) -> bool:
    return any(True for _one in each(option, "pic:pic", "w:txbxContent", "w:t", "c:chart", "dgm:relIds", "m:oMath"))


def _contents(root: Any, tidied: Tidied, styles: Mapping[str, str]) -> None:
    """Tables of contents: of a text that has pages, which a newsletter has not."""
    entries = []
    for paragraph in list(each(root, "w:p")):
        properties = child(paragraph, "w:pPr")
        style = child(properties, "w:pStyle") if properties is not None else None
        identifier = attribute(style, "val") if style is not None else ""
        if CONTENTS_STYLE.fullmatch(styles.get(identifier, identifier)) and text_of(paragraph).strip():
            entries.append(text_of(paragraph).strip())
            _drop_paragraph(paragraph)
    if entries:
        tidied.losses.append(Loss(kind=Lost.CONTENTS, text=" / ".join(entries)))


def _drop_paragraph(paragraph: Any) -> None:
    """Without the fields that begin or end in it, those that go on elsewhere would be torn."""
    kept = [
        run
        for run in each(paragraph, "w:r")
        if child(run, "w:fldChar") is not None or child(run, "w:instrText") is not None
    ]
    for one in list(paragraph):
        paragraph.remove(one)
    paragraph.extend(kept)


def _paragraph(paragraph: Any, tidied: Tidied, comments: Mapping[str, tuple[str, str]]) -> None:
    place = _place(paragraph)
    _tracked(paragraph, tidied, place)
    _hidden(paragraph, tidied, place)
    _boxes(paragraph, tidied, place)
    for reference in list(each(paragraph, "w:commentReference")):
        who, text = comments.get(attribute(reference, "id"), ("", ""))
        tidied.losses.append(Loss(kind=Lost.COMMENT, text=text, who=who, place=place))
        drop(reference)
    for formula in list(each(paragraph, "m:oMathPara", "m:oMath")):
        if formula.getparent() is not None and not _is_within(formula, "m:oMathPara"):
            tidied.losses.append(Loss(kind=Lost.EQUATION, text=text_of(formula).strip(), place=place))
            drop(formula)
    _drawings(paragraph, tidied, place)
    _fields(paragraph, tidied, place)
    _looks(paragraph, tidied, place)


def _tracked(paragraph: Any, tidied: Tidied, place: str) -> None:
    for change in list(each(paragraph, "w:ins", "w:moveTo", "w:del", "w:moveFrom")):
        if change.getparent() is None or name_of(change.getparent()) in ("w:rPr", "w:trPr"):
            continue
        who = attribute(change, "author")
        if name_of(change) in ("w:ins", "w:moveTo"):
            if text := text_of(change).strip():
                tidied.losses.append(Loss(kind=Lost.INSERTED, text=text, who=who, place=place))
            unwrap(change)
        else:
            if text := text_of(change, letters=frozenset({"w:t", "w:delText", "m:t"})).strip():
                tidied.losses.append(Loss(kind=Lost.DELETED, text=text, who=who, place=place))
            drop(change)


def _hidden(paragraph: Any, tidied: Tidied, place: str) -> None:
    """What the author does not see, readers must not."""
    hidden = []
    for run in list(each(paragraph, "w:r")):
        properties = child(run, "w:rPr")
        if properties is not None and (is_on(child(properties, "w:vanish")) or is_on(child(properties, "w:webHidden"))):
            hidden.append(text_of(run))
            for one in [
                one for one in run if name_of(one) in ("w:t", "w:tab", "w:br", "w:drawing", "w:pict", "w:object")
            ]:
                run.remove(one)
    if text := "".join(hidden).strip():
        tidied.losses.append(Loss(kind=Lost.HIDDEN, text=text, place=place))


def _boxes(paragraph: Any, tidied: Tidied, place: str) -> None:
    """The text of text boxes, behind the paragraph that they hang on: one column has no other place for it."""
    behind = paragraph
    for box in list(each(paragraph, "w:txbxContent")):
        if _is_within(box, "w:txbxContent"):
            continue
        if text := text_of(box).strip():
            tidied.losses.append(Loss(kind=Lost.TEXT_BOX, text=text, place=place if place != text else ""))
        for one in list(box):
            behind.addnext(one)
            behind = one
        drop(box)


def _drawings(paragraph: Any, tidied: Tidied, place: str) -> None:
    for drawing in list(each(paragraph, "w:drawing", "w:object", "w:pict")):
        pictures = list(each(drawing, "pic:pic"))
        if name_of(drawing) == "w:object":
            kind = next((attribute(one, "ProgID") for one in each(drawing, "o:OLEObject")), "")
            tidied.losses.append(Loss(kind=Lost.OBJECT, who=kind or "OLE", place=place))
            drop(drawing)
        elif pictures:
            _pictures(drawing, pictures, tidied, place)
        elif any(True for _one in each(drawing, "c:chart")):
            tidied.losses.append(Loss(kind=Lost.CHART, place=place))
            drop(drawing)
        elif any(True for _one in each(drawing, "dgm:relIds")):
            tidied.losses.append(Loss(kind=Lost.DIAGRAM, place=place))
            drop(drawing)
        elif not any(True for _one in each(drawing, "v:imagedata")):
            _drawn(drawing, tidied, place)


def _drawn(drawing: Any, tidied: Tidied, place: str) -> None:
    """Lines and shapes. One that only held a text box is gone with it; WordArt has its words in an attribute."""
    words = " ".join(attribute(one, "string") for one in each(drawing, "v:textpath")).strip()
    had_box = any(
        name_of(one) in ("v:textbox",) or one.tag.rpartition("}")[2] == "txbx"
        for one in drawing.iter()
        if isinstance(one.tag, str)
    )
    if words:
        tidied.losses.append(Loss(kind=Lost.WORDS, text=words, place=place))
    elif not had_box:
        tidied.losses.append(Loss(kind=Lost.DRAWING, place=place))
    drop(drawing)


def _pictures(drawing: Any, pictures: list[Any], tidied: Tidied, place: str) -> None:
    """Each picture where mammoth looks for it, directly in its frame; those of a group one behind the other."""
    frame = next(each(drawing, "wp:inline", "wp:anchor"), None)
    for picture in pictures:
        if any(attribute(cut, side) not in ("", "0") for cut in each(picture, "a:srcRect") for side in "ltrb"):
            tidied.losses.append(Loss(kind=Lost.CROPPED, place=place))
    data = next(each(drawing, "a:graphicData"), None)
    if frame is None or data is None:
        return
    for picture in pictures:
        if picture.getparent() is not data:
            data.append(picture)


def _fields(paragraph: Any, tidied: Tidied, place: str) -> None:
    for one in list(each(paragraph, "w:fldSimple")):
        _field(attribute(one, "instr"), text_of(one), tidied, place)
        if not attribute(one, "instr").strip().upper().startswith("HYPERLINK"):
            unwrap(one)
    for one in each(paragraph, "w:instrText"):
        _field(one.text or "", "", tidied, place)


def _field(instruction: str, result: str, tidied: Tidied, place: str) -> None:
    kind = next(iter(instruction.split()), "").upper()
    # An instruction may stand in several pieces: only the first begins with a name.
    if kind not in PLAIN_FIELDS and kind.isalpha():
        tidied.losses.append(Loss(kind=Lost.FIELD, who=kind, text=result.strip() or place, place=place))


def _is_within(element: Any, name: str) -> bool:
    return any(name_of(one) == name for one in element.iterancestors())


def _looks(paragraph: Any, tidied: Tidied, place: str) -> None:
    for run in each(paragraph, "w:r"):
        properties = child(run, "w:rPr")
        if properties is None or not text_of(run).strip():
            continue
        style = child(properties, "w:rStyle")
        style_name = "" if style is None else attribute(style, "val").lower()
        is_link = "link" in style_name or "lien" in style_name or _is_within(run, "w:hyperlink")
        colour = child(properties, "w:color")
        seen = {
            "colour": colour is not None and attribute(colour, "val").lower() not in INK and not is_link,
            "highlight": is_on(child(properties, "w:highlight")),
            "underline": is_on(child(properties, "w:u")) and not is_link,
            "capitals": is_on(child(properties, "w:caps")) or is_on(child(properties, "w:smallCaps")),
        }
        for look, is_there in seen.items():
            if is_there:
                tidied.looks.setdefault(look, place)
