"""What a file is that is shown as a picture and is none."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class PictureFaultKind(StrEnum):
    """Why no reader would see it."""

    EMPTY = "empty"
    CUT = "cut"
    DAMAGED = "damaged"
    LFS_POINTER = "lfs-pointer"
    ANNEX_POINTER = "annex-pointer"
    WEB_PAGE = "web-page"
    TEXT = "text"
    MISNAMED = "misnamed"  # a picture of another format than its name says
    FOREIGN = "foreign"  # a format that mail readers do not show, or no picture at all
    UNKNOWN = "unknown"
    BROKEN_DRAWING = "broken-drawing"
    ROOTLESS_DRAWING = "rootless-drawing"
    UNREAD = "unread"  # the system does not let it be read


class PictureFault(Struct, frozen=True):
    """What is wrong with a picture's file.

    `detail` is the format that it truly has (`MISNAMED`, `FOREIGN`), the line (`BROKEN_DRAWING`), or the system's own
    words (`UNREAD`).
    """

    kind: PictureFaultKind
    detail: str = ""
