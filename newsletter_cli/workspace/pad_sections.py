"""The files of an issue that name a pad, each read by itself: a fault in one of them keeps no other from its pad."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.markdown.frontmatter import Header, read_header, split_header
from newsletter_cli.markdown.lines import dominant_newline
from newsletter_cli.model import Status
from newsletter_cli.model.field_names import ISSUE_FIELDS, SECTION_FIELDS
from newsletter_cli.workspace.fields import read_pad, read_status
from newsletter_cli.workspace.files import read_any_text, read_bytes, refuse_conflicts
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace
from newsletter_cli.workspace.inside import is_inside, refuse_outside
from newsletter_cli.workspace.read import section_files
from newsletter_cli.workspace.scaffold import section_skeleton

# A header that cannot be read may still say that there is a pad.
PAD_LINE = re.compile(
    r"^[ \t]*pads?[ \t]*[:=][ \t]*[\"'<]?(?P<address>https?://[^\s\"'>]+)", re.IGNORECASE | re.MULTILINE
)
EDITORIAL = ("editorial", "éditorial", "edito", "édito")


class PadSection(Struct, frozen=True, kw_only=True):
    """A file that names a pad. `text` is all of it, `body` its end, which the pad is about. `titles`: what its heading
    may be in the pad. `is_skipped`: it is left out of the issue. `fault`: why it cannot be merged as it is.
    """

    path: Path
    file: str
    address: str
    text: str = ""
    body: str = ""
    titles: tuple[str, ...] = ()
    is_skipped: bool = False
    fault: ContentError | None = None

    @property
    def newline(self) -> str:
        """How its lines end."""
        return dominant_newline(self.text)

    @property
    def slug(self) -> str:
        """How `--section` names it."""
        return self.path.stem.casefold()


def read_pad_sections(workspace: Workspace, number: int) -> list[PadSection]:
    """Those of an issue, the editorial first, then in canonical order. Raises `StorageError`."""
    folder = workspace.issue_folder(number)
    order = {section.slug: index for index, section in enumerate(workspace.config.sections)}
    files = sorted(section_files(folder), key=lambda path: (order.get(path.stem.casefold(), len(order)), path.name))
    if (folder / ISSUE_FILE).is_file():
        files.insert(0, folder / ISSUE_FILE)
    return [found for path in files if (found := read_pad_section(workspace, path)) is not None]


def read_pad_section(workspace: Workspace, path: Path) -> PadSection | None:
    """The file, if it names a pad; nothing is told of one that cannot be read at all. Raises `StorageError`."""
    name = workspace.name_of(path)
    text, typed = "", ""
    try:
        refuse_outside(workspace.root, path, ContentError, name=name, area="sections")
        text = read_any_text(path, name=name).text
        document = split_header(text, file=name, styles=("yaml", "toml"))
        header, faults = read_header(document, file=name)
        is_issue = path.name == ISSUE_FILE
        header = header.in_words_of(ISSUE_FIELDS if is_issue else SECTION_FIELDS)
        typed = str(header.values.get("pad") or "")
        address = read_pad(header)
        if address is None and faults:
            raise faults[0]
        if address is None:
            return None
        titles = [str(header.values.get("title") or ""), *(EDITORIAL if is_issue else _usual_titles(workspace, path))]
        section = PadSection(
            path=path,
            file=name,
            address=address,
            text=text,
            body=document.body,
            titles=tuple(filter(None, titles)),
            is_skipped=_is_skipped(header),
        )
        refuse_conflicts(text, name=name)
    except ContentError as error:
        # The marks may stand in the header itself, and the bytes may be no text.
        address = typed or _address_in(text or _some_text(workspace, path))
        return PadSection(path=path, file=name, address=address, text=text, fault=error) if address else None
    return section


def _is_skipped(header: Header) -> bool:
    with contextlib.suppress(ContentError):  # what is no status, the check tells
        return read_status(header) is Status.SKIP
    return False


def _address_in(text: str) -> str | None:
    found = PAD_LINE.search(text)
    return found["address"] if found else None


def _some_text(workspace: Workspace, path: Path) -> str:
    if not is_inside(workspace.root, path, area="sections"):
        return ""
    with contextlib.suppress(ContentError):
        return read_bytes(path, name=workspace.name_of(path)).decode("latin-1")
    return ""


def is_as_new(workspace: Workspace, number: int, section: PadSection) -> bool:
    """Whether nobody has written here: the body is that of the skeleton, which a newsletter may have words in."""
    settings = workspace.config.section(section.slug)
    if settings is None:
        return False
    skeleton = section_skeleton(workspace, settings, {"number": str(number)})
    try:
        body = split_header(skeleton, styles=("yaml", "toml")).body
    except ContentError:
        return False
    return body.split() == section.body.split()


def _usual_titles(workspace: Workspace, path: Path) -> Iterator[str]:
    yield path.stem
    settings = workspace.config.section(path.stem.casefold())
    if settings is not None:
        yield settings.title
        yield from settings.aliases
