"""What is known of an image that stands on another site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from newsletter_cli.check.subjects.manuscript import Asset


class RemoteImage(Struct, frozen=True, kw_only=True):
    """`size_bytes` as the server says it or as it was read; `None` where neither is known.

    `media_type` is in small letters, without parameters. `width` and `height` are in pixels.
    """

    size_bytes: int | None = None
    media_type: str = ""
    width: int | None = None
    height: int | None = None

    @property
    def is_page(self) -> bool:
        """Whether the address of the image is that of a page."""
        return self.media_type in ("text/html", "application/xhtml+xml")

    @property
    def asset(self) -> Asset | None:
        """As the rules on images know it, if its size is known."""
        return (
            None if self.size_bytes is None else Asset(size_bytes=self.size_bytes, width=self.width, height=self.height)
        )

    def as_dict(self) -> dict[str, Any]:
        """For the cache."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> RemoteImage:
        """From the cache; raises `KeyError` or `TypeError` for what was none."""
        numbers = [value[name] for name in ("size_bytes", "width", "height")]
        if not all(isinstance(number, int | None) for number in numbers) or not isinstance(value["media_type"], str):
            raise TypeError(value)
        size_bytes, width, height = numbers
        return cls(size_bytes=size_bytes, media_type=value["media_type"], width=width, height=height)
