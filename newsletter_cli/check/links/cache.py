"""What was learnt about addresses, kept between runs: a file that may be thrown away at any time."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.check.links.image import RemoteImage
from newsletter_cli.check.links.outcome import Cause, LinkStatus, Outcome

FILE_NAME = "answers.json"
# Another number: what an older `nl` wrote is not read.
VERSION = 1
# A page that was missing is looked for again soon: somebody is fixing it.
BROKEN_HOURS = 1
# What is said once and for all, as long as the age limit goes.
KEPT = frozenset((LinkStatus.OK, LinkStatus.REDIRECTED, LinkStatus.UNVERIFIABLE))


class LinkCache:
    """The file `answers.json` of a folder; without a folder nothing is kept.

    Only what is definite is kept: what works, what refuses programs, and, for an hour, what is certainly broken.
    Never a timeout, a “later” (429), a fault of the site (5xx) or anything of a day without network. A file that
    cannot be read, or is something else, counts as none; one that cannot be written is let go.
    """

    def __init__(self, folder: Path | None, *, max_age_hours: int, now: datetime) -> None:
        self._path = None if folder is None or max_age_hours == 0 else folder / FILE_NAME
        self._max_age_hours = max_age_hours
        self._now = now
        self._is_changed = False
        self._outcomes: dict[str, Outcome] = {}
        self._images: dict[str, tuple[datetime, RemoteImage]] = {}
        if self._path is not None:
            self._read(self._path)

    def outcome(self, url: str) -> Outcome | None:
        """What is known of an address."""
        return self._outcomes.get(url)

    def image(self, url: str) -> RemoteImage | None:
        """What is known of an image."""
        found = self._images.get(url)
        return found[1] if found else None

    def keep(self, url: str, outcome: Outcome) -> None:
        """Remembers an outcome, if it is one to remember."""
        if self._is_young(outcome):
            self._outcomes[url] = outcome
            self._is_changed = True

    def keep_image(self, url: str, image: RemoteImage) -> None:
        """Remembers the measures of an image."""
        self._images[url] = (self._now, image)
        self._is_changed = True

    def write(self) -> None:
        """Writes what is new beside the file, then puts it in its place."""
        if self._path is None or not self._is_changed:
            return
        content = {
            "version": VERSION,
            "addresses": {url: _outcome_as_dict(outcome) for url, outcome in sorted(self._outcomes.items())},
            "images": {
                url: {"checked_at": at.isoformat(), **image.as_dict()}
                for url, (at, image) in sorted(self._images.items())
            },
        }
        # The links are checked all the same on a disk that is full or may not be written.
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            sweep(self._path.parent, is_alone=False)
            text = json.dumps(content, ensure_ascii=False, indent=0)
            write_file(self._path, text.encode(), mode=PRIVATE_FILE, is_lasting=False)

    def _read(self, path: Path) -> None:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["version"] != VERSION:
                return
            outcomes = {url: _read_outcome(value) for url, value in content["addresses"].items()}
            images = {url: _read_image(value) for url, value in content["images"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        self._outcomes = {url: outcome for url, outcome in outcomes.items() if self._is_young(outcome)}
        self._images = {url: kept for url, kept in images.items() if self._is_within(kept[0], self._max_age_hours)}

    def _is_young(self, outcome: Outcome) -> bool:
        if outcome.checked_at is None or outcome.cause is Cause.LIMITED:
            return False
        if outcome.status in KEPT:
            return self._is_within(outcome.checked_at, self._max_age_hours)
        is_kept = outcome.status is LinkStatus.BROKEN and outcome.is_certain
        return is_kept and self._is_within(outcome.checked_at, min(self._max_age_hours, BROKEN_HOURS))

    def _is_within(self, at: datetime, hours: int) -> bool:
        # A date to come is that of a clock put right since.
        return timedelta(0) <= self._now - at < timedelta(hours=hours)


def _outcome_as_dict(outcome: Outcome) -> dict[str, Any]:
    assert outcome.checked_at is not None
    return {
        "status": outcome.status.value,
        "cause": outcome.cause.value,
        "code": outcome.code,
        "new_address": outcome.new_address,
        "is_fragment_missing": outcome.is_fragment_missing,
        "has_https": outcome.has_https,
        "checked_at": outcome.checked_at.isoformat(),
    }


def _read_outcome(value: Mapping[str, Any]) -> Outcome:
    code, new_address = value["code"], value["new_address"]
    if not isinstance(code, int | None) or not isinstance(new_address, str | None):
        raise TypeError(value)
    return Outcome(
        status=LinkStatus(value["status"]),
        cause=Cause(value["cause"]),
        code=code,
        new_address=new_address,
        is_fragment_missing=value["is_fragment_missing"] is True,
        has_https=value["has_https"] is True,
        checked_at=_read_time(value),
    )


def _read_image(value: Mapping[str, Any]) -> tuple[datetime, RemoteImage]:
    return _read_time(value), RemoteImage.from_dict(value)


def _read_time(value: Mapping[str, Any]) -> datetime:
    at = datetime.fromisoformat(value["checked_at"])
    if at.tzinfo is None:
        raise ValueError(at)
    return at
