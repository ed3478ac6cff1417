"""`nl pad`: what to paste into new pads, and the address of one written into the section it is for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import AlreadyExists, ContentError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.flows.fixing import write_fixed
from newsletter_cli.markdown.frontmatter import Header, read_header, split_header
from newsletter_cli.markdown.frontmatter.filling import fill_header
from newsletter_cli.model import Status
from newsletter_cli.model.field_names import ISSUE_FIELDS, SECTION_FIELDS
from newsletter_cli.pads.identity import pad_identity
from newsletter_cli.pads.pad import OpenPad, PadRefusal
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.fields import read_pad, read_status
from newsletter_cli.workspace.files import read_any_text, refuse_conflicts
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.pad_sections import read_pad_sections
from newsletter_cli.workspace.read import section_files


class PadOffer(Struct, frozen=True, kw_only=True):
    """A section, and what is pasted into a pad for it. `pad`: the address of the one that it has already."""

    slug: str
    file: str
    title: str
    text: str
    pad: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {"slug": self.slug, "file": self.file, "title": self.title, "pad": self.pad, "text": self.text}


def offer_pads(workspace: Workspace, number: int, *, slug: str | None = None) -> tuple[PadOffer, ...]:
    """The sections of an issue that are being written, in canonical order; with `slug`, that one (`_issue`: the
    editorial). Raises `UsageError`, `ContentError`.
    """
    if slug is not None:
        offer, _status = _read(workspace, _file_of(workspace, number, slug))
        return (offer,)
    order = {section.slug: place for place, section in enumerate(workspace.config.sections)}
    files = section_files(workspace.issue_folder(number))
    files.sort(key=lambda path: (order.get(path.stem.casefold(), len(order)), path.name))
    return tuple(_written(workspace, files))


def name_pad(workspace: Workspace, number: int, slug: str, address: str, open_pad: OpenPad) -> tuple[str, bool]:
    """Write the address into the section's header: its file, and whether anything was changed.

    Raises `UsageError` for what is no address of a pad, `AlreadyExists` where another pad stands there, or this
    one in another section.
    """
    opened = open_pad(address)
    if isinstance(opened, PadRefusal):
        raise UsageError(f"{address}: {opened.reason}", hint=opened.hint)
    with only_writer(workspace, workspace.issue_folder(number)):
        path = _file_of(workspace, number, slug)
        offer, _status = _read(workspace, path)
        if offer.pad == address:
            return offer.file, False
        if offer.pad is not None:
            raise AlreadyExists(
                _("this section has another pad: {address}").format(address=offer.pad),
                file=offer.file,
                hint=_("if it is to be this one, change “pad:” in its header"),
            )
        _refuse_taken(workspace, number, path, address)
        text = read_any_text(path, name=offer.file).text
        known = ISSUE_FIELDS if path.name == ISSUE_FILE else SECTION_FIELDS
        filled = fill_header(text, {"pad": address}, file=offer.file, known=known)
        if filled is None:
            raise ContentError(
                _("the address cannot be put into this header without changing what stands there"),
                file=offer.file,
                hint=_("write it there yourself: {line}").format(line=f"pad: {address}"),
            )
        write_fixed(workspace.root, {offer.file: text}, {offer.file: filled})
    return offer.file, True


def _refuse_taken(workspace: Workspace, number: int, path: Path, address: str) -> None:
    """Raises `AlreadyExists` where another section names this pad: `nl pull` would refuse both."""
    pad = pad_identity(address)
    for one in read_pad_sections(workspace, number):
        if one.path != path and pad_identity(one.address) == pad:
            raise AlreadyExists(
                _("{other} names the same pad").format(other=one.file),
                file=workspace.name_of(path),
                hint=_("readers would get its text twice: give each section a pad of its own"),
            )


def _written(workspace: Workspace, files: list[Path]) -> Iterator[PadOffer]:
    for path in files:
        offer, status = _read(workspace, path)
        if status is not Status.SKIP:
            yield offer


def _file_of(workspace: Workspace, number: int, slug: str) -> Path:
    folder = workspace.issue_folder(number)
    wanted = slug.strip().casefold().removesuffix(".md")
    if wanted == ISSUE_FILE.removesuffix(".md"):
        return folder / ISSUE_FILE
    there = {path.stem.casefold(): path for path in section_files(folder)}
    if wanted in there:
        return there[wanted]
    close = nearest(wanted, list(there))
    raise UsageError(
        _("there is no section “{slug}”").format(slug=slug),
        hint=_("did you mean “{key}”?").format(key=close)
        if close
        else _("choose one of: {choices}").format(choices=", ".join(there)),
    )


def _read(workspace: Workspace, path: Path) -> tuple[PadOffer, Status]:
    file = workspace.name_of(path)
    refuse_outside(workspace.root, path, ContentError, name=file, area="sections")
    text = read_any_text(path, name=file).text
    refuse_conflicts(text, name=file)
    document = split_header(text, file=file, styles=("yaml", "toml"))
    header, faults = read_header(document, file=file)
    if faults:
        raise faults[0]
    is_issue = path.name == ISSUE_FILE
    header = header.in_words_of(ISSUE_FIELDS if is_issue else SECTION_FIELDS)
    title = _title(workspace, path, header)
    body = document.body.replace("\r\n", "\n").strip("\n")
    offer = PadOffer(
        slug=path.stem.casefold(),
        file=file,
        title=title,
        text=f"# {title}\n\n{body}\n" if body else f"# {title}\n",
        pad=read_pad(header),
    )
    return offer, Status.READY if is_issue else read_status(header)


def _title(workspace: Workspace, path: Path, header: Header) -> str:
    if path.name == ISSUE_FILE:
        return _("Editorial")
    usual = workspace.config.section(path.stem.casefold())
    return header.text("title") or (path.stem if usual is None else usual.title)
