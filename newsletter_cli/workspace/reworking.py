"""A picture made fit for mail: of a format that is shown, no wider than is seen, without what a camera adds."""

from __future__ import annotations

import contextlib
import io
import warnings
from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _

if TYPE_CHECKING:
    from PIL.Image import Image

# What mail readers show (caniemail); everything else becomes one of them.
SHOWN_FORMATS = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif"}
HEIC_SUFFIXES = (".heic", ".heif")
QUALITY = 85
COLOURS = 256
# Of JPEG (ITU T.81, table B.1): application data 1 and 13, comments; what follows the last marker are the pixels.
NOTE_SEGMENTS = frozenset((0xE1, 0xED, 0xFE))
START_OF_SCAN = 0xDA


class Change(Enum):
    """What is done to a picture."""

    CONVERTED = "converted"
    REDUCED = "reduced"
    CLEANED = "cleaned"


class NotReworked(Exception):
    """The picture cannot be worked on; the message says why."""


class Reworked(Struct, frozen=True, kw_only=True):
    """The new file: what is in it, how its name ends, its size in pixels, and what was done."""

    content: bytes
    suffix: str
    width: int
    height: int
    changes: tuple[Change, ...]


def rework(content: bytes, suffix: str, *, widest: int) -> Reworked | None:
    """The picture as it should be, at most `widest` pixels wide; `None` where it is so already.

    What a camera writes down (place, time, its own number) goes; the way up that it tells is applied to the pixels.
    Raises `NotReworked`.
    """
    from PIL import Image, UnidentifiedImageError

    _know_heic(suffix)
    try:
        with warnings.catch_warnings():
            # Some megabytes that would take gigabytes of memory.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                return _reworked(image, content, suffix.lower(), widest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotReworked(_("it has too many pixels to be read safely")) from None
    except UnidentifiedImageError:
        raise NotReworked(_heic_hint(suffix) or _("it is no picture that can be read")) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise NotReworked(_("it cannot be read: {reason}").format(reason=error)) from None


def _reworked(image: Image, content: bytes, suffix: str, widest: int) -> Reworked | None:
    if getattr(image, "is_animated", False):
        if image.format in SHOWN_FORMATS:
            return None
        raise NotReworked(_("it moves; save it as GIF, or as a still picture"))
    image.load()
    is_turned = image.getexif().get(0x0112, 1) not in (0, 1)
    width = image.height if is_turned and image.getexif().get(0x0112) in (5, 6, 7, 8) else image.width
    changes = []
    if image.format not in SHOWN_FORMATS:
        changes.append(Change.CONVERTED)
    if width > widest:
        changes.append(Change.REDUCED)
    if _has_notes(image):
        changes.append(Change.CLEANED)
    if not changes:
        return None
    new, kind = _drawn(image, widest, is_turned=is_turned)
    is_untouched = kind == "JPEG" and not is_turned and changes == [Change.CLEANED]
    written = _without_segments(content) if is_untouched else _written(new, kind)
    if changes == [Change.REDUCED] and len(written) >= len(content):
        # Few colours, drawn sharply: more pixels may well weigh less.
        return None
    new_suffix = suffix if image.format == kind and image.format in SHOWN_FORMATS else SHOWN_FORMATS[kind]
    return Reworked(content=written, suffix=new_suffix, width=new.width, height=new.height, changes=tuple(changes))


def _has_notes(image: Image) -> bool:
    """Whether the file holds more than pixels: where and when it was taken, with what, by whom."""
    exif = dict(image.getexif())
    # How the pixels are to be read says nothing about anybody.
    has_exif = any(tag not in (0x011A, 0x011B, 0x0128, 0x0213) for tag in exif)
    texts = {"comment", "xmp", "photoshop", "Comment", "Author", "XML:com.adobe.xmp", "Raw profile type exif"}
    return has_exif or any(image.info.get(name) for name in texts) or bool(getattr(image, "text", None))


def _drawn(image: Image, widest: int, *, is_turned: bool) -> tuple[Image, str]:
    """The pixels the right way up and no wider than that, and the format they go into."""
    from PIL import ImageOps
    from PIL.Image import Resampling

    # A copy otherwise, of which nobody knows what it came from.
    new = ImageOps.exif_transpose(image) if is_turned else image
    has_alpha = new.mode in ("RGBA", "LA", "PA") or "transparency" in new.info
    kind = image.format if image.format in SHOWN_FORMATS else "PNG" if has_alpha else "JPEG"
    if kind == "JPEG" and new.mode not in ("L", "RGB"):
        new = new.convert("RGB")
    if new.width > widest:
        size = (widest, max(1, round(new.height * widest / new.width)))
        is_palette = new.mode in ("P", "1")
        full = new.convert("RGBA" if has_alpha else "RGB") if is_palette else new
        new = full.resize(size, Resampling.LANCZOS)
        if is_palette:
            new = new.quantize(COLOURS)
    return new, str(kind)


def _without_segments(content: bytes) -> bytes:
    """A JPEG without what is no picture (EXIF, XMP, Photoshop's, comments): its pixels stay as they are."""
    kept, position = [content[:2]], 2
    while content[position : position + 1] == b"\xff" and content[position + 1] != START_OF_SCAN:
        end = position + 2 + int.from_bytes(content[position + 2 : position + 4])
        if content[position + 1] not in NOTE_SEGMENTS:
            kept.append(content[position:end])
        position = end
    return b"".join((*kept, content[position:]))


def _written(image: Image, kind: str) -> bytes:
    profile = image.info.get("icc_profile")
    text = getattr(image, "text", None)
    if text:
        text.clear()
    for name in set(image.info) - {"transparency", "dpi"}:
        del image.info[name]
    options: dict[str, Any] = {"icc_profile": profile} if profile and kind != "GIF" else {}
    if kind == "JPEG":
        options |= {"quality": QUALITY, "progressive": True, "optimize": True, "exif": b"", "comment": b""}
    elif kind == "PNG":
        options |= {"optimize": True, "exif": b""}
    with io.BytesIO() as file:
        image.save(file, kind, **options)
        return file.getvalue()


def _know_heic(suffix: str) -> None:
    if suffix.lower() in HEIC_SUFFIXES:
        with contextlib.suppress(ImportError):
            from pillow_heif import register_heif_opener

            register_heif_opener()


def _heic_hint(suffix: str) -> str | None:
    if suffix.lower() not in HEIC_SUFFIXES:
        return None
    return _("for pictures of iPhones: {command}; or save it as JPEG").format(command=how_to_add("heic"))
