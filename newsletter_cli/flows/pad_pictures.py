"""`nl pull --images`: the pictures that pads show come into the issue; those that have come stay where they are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.base.web.asking import Asker, Cause, Limits, NotAnswered
from newsletter_cli.pads.hosts.answers import failure_refusal, is_page, page_refusal, status_refusal
from newsletter_cli.pads.pad import PadText
from newsletter_cli.pads.pictures import picture_suffix, readdressed, web_pictures
from newsletter_cli.workspace.bringing import Brought, bring_picture
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.pad_pictures import read_origins, write_pictures

# A photograph as a camera takes it; all of them in one pull.
PICTURE_LIMITS = Limits(size_bytes=20_000_000, seconds=60.0)
MOST_PICTURES = 100
SILENT = frozenset((Cause.NO_SUCH_HOST, Cause.LOOKUP_FAILED, Cause.NO_CONNECTION, Cause.TOO_SLOW, Cause.PRIVATE))


class FetchedPictures(Struct, frozen=True, kw_only=True):
    """What came for the pictures of several texts: bytes by address, and why there are none."""

    contents: Mapping[str, bytes] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


NONE_FETCHED = FetchedPictures()


def fetch_pictures(workspace: Workspace, folder: Path, texts: list[PadText], asker: Asker) -> FetchedPictures:
    """Ask for each picture that the texts show and the issue has not. Raises `ContentError`."""
    origins = read_origins(workspace, folder)
    contents: dict[str, bytes] = {}
    faults: dict[str, str] = {}
    silent: dict[str, NotAnswered] = {}
    wanted = dict.fromkeys(address for text in texts for address in web_pictures(text.text))
    for address in wanted:
        if address in origins and (folder / origins[address]).is_file():
            continue
        if len(contents) >= MOST_PICTURES:
            faults[address] = _("{count} pictures are enough for one pull; run it again").format(count=MOST_PICTURES)
            continue
        host = urlsplit(address).netloc
        found = silent.get(host) or _ask(address, asker)
        if isinstance(found, bytes):
            contents[address] = found
        elif isinstance(found, NotAnswered):
            # Nobody waits for it once more, whatever else it has.
            silent[host] = found
            faults[address] = failure_refusal(found).reason
        else:
            faults[address] = found
    return FetchedPictures(contents=contents, faults=faults)


def _ask(address: str, asker: Asker) -> bytes | str | NotAnswered:
    """The bytes of a picture, or why there are none; `NotAnswered` where its host says nothing at all."""
    try:
        answer = asker.ask(address, accept="image/*", limits=PICTURE_LIMITS)
    except NotAnswered as error:
        return error if error.cause in SILENT else failure_refusal(error).reason
    refusal = status_refusal(answer)
    if refusal is None and is_page(answer):
        refusal = page_refusal(answer)
    if refusal is not None:
        return refusal.reason
    if picture_suffix(answer.body) is None:
        return _("it is no picture that mail readers could show")
    return answer.body


def place_pictures(
    workspace: Workspace,
    folder: Path,
    texts: Mapping[str, PadText],
    fetched: FetchedPictures = NONE_FETCHED,
    *,
    is_dry_run: bool,
) -> tuple[dict[str, PadText], dict[str, tuple[str, ...]]]:
    """The texts, by the same keys, as they name the pictures of the issue, and what there is to know of those that were
    asked for; those that came are written.

    Raises `ContentError`, `StorageError`.
    """
    origins = read_origins(workspace, folder)
    brought, faults = _bring(folder, fetched)
    if brought and not is_dry_run:
        write_pictures(workspace, folder, brought, origins)
    names = {**origins, **{address: one.name for address, one in brought.items()}}
    placed = {key: replace(text, text=readdressed(text.text, names)) for key, text in texts.items()}
    return placed, {key: tuple(_notes(text, brought, faults)) for key, text in texts.items()}


def _bring(folder: Path, fetched: FetchedPictures) -> tuple[dict[str, Brought], dict[str, str]]:
    brought: dict[str, Brought] = {}
    faults = dict(fetched.faults)
    for address, content in fetched.contents.items():
        stem = posixpath.splitext(posixpath.basename(unquote(urlsplit(address).path)))[0] or "picture"
        taken = [one.name for one in brought.values() if one.content != content]
        one = bring_picture(folder, f"{stem}{picture_suffix(content)}", content, taken=taken)
        if one.reason:
            faults[address] = one.reason
        else:
            brought[address] = one
    return brought, faults


def _notes(text: PadText, brought: Mapping[str, Brought], faults: Mapping[str, str]) -> Iterator[str]:
    for address, line in web_pictures(text.text).items():
        if address in brought or address in faults:
            yield _("line {line}: {words}").format(line=line, words=_note(address, brought, faults))


def _note(address: str, brought: Mapping[str, Brought], faults: Mapping[str, str]) -> str:
    if address in brought:
        return _("the picture is {name} now").format(name=brought[address].name)
    return _("the picture stays at {address}: {reason}").format(address=address, reason=faults[address])
