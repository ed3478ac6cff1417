"""`nl images`: the pictures of an issue made fit for mail, and the texts that name them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.files import write_file, write_new_file
from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import asset_path, shown_files
from newsletter_cli.flows.fixing import apply_edits, write_fixed
from newsletter_cli.flows.manuscript import build_manuscript
from newsletter_cli.flows.originals import keep_original
from newsletter_cli.flows.read import Sources, read_sources
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Edit, Finding, Level
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.bringing import WIDEST, WORKED_ON
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.reworking import Change, NotReworked, Reworked, rework

MOST_TIMES = 2
# For a cover that only the post shows, and where nothing says how wide it is shown.
USUAL_WIDTH = WIDEST
LOOKED_FOR = 40  # lines below `images:` of a header


class PictureWork(Struct, frozen=True, kw_only=True):
    """What becomes of one picture. `new` is `None` for one that is left as it is, for the `reason` given."""

    name: str
    path: Path
    before_bytes: int
    before_width: int | None = None
    new_name: str = ""
    new: Reworked | None = None
    reason: str = ""


class ImagePlan(Struct, frozen=True, kw_only=True):
    """What is to be done to the pictures of an issue; `texts` are its files as they will be, where they change."""

    folder: Path
    works: tuple[PictureWork, ...]
    before: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def changed(self) -> tuple[PictureWork, ...]:
        """Those that are written anew."""
        return tuple(work for work in self.works if work.new is not None)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """A line for each picture that changes, or that should and cannot: name, before, after, what."""
        rows = []
        for work in self.works:
            before = _weight(work.before_bytes, work.before_width)
            if work.new is not None:
                what = ", ".join(_change_names()[change] for change in work.new.changes)
                arrow = "" if work.new_name == work.name else f" → {posixpath.basename(work.new_name)}"
                rows.append((work.name + arrow, before, _weight(len(work.new.content), work.new.width), what))
            elif work.reason:
                rows.append((work.name, before, "", _("left as it is: {reason}").format(reason=work.reason)))
        return rows


def _change_names() -> dict[Change, str]:
    return {
        Change.CONVERTED: _("converted"),
        Change.REDUCED: _("reduced"),
        Change.CLEANED: _("without the camera's notes"),
    }


def _weight(size_bytes: int, width: int | None) -> str:
    weight = _("{size} kB").format(size=round(size_bytes / 1000))
    return weight if width is None else f"{width} px, {weight}"


def plan_images(workspace: Workspace, number: int) -> ImagePlan:
    """What is to be done; nothing is written. Raises as `read_sources`."""
    sources = read_sources(workspace, number)
    manuscript = build_manuscript(workspace, sources)
    widths = _shown_widths(workspace, sources, manuscript)
    names = dict.fromkeys(name for name, _place in shown_files(manuscript) if name in sources.assets)
    if sources.logo is not None:
        # The newsletter's, not the issue's: no text names it, and all issues show it.
        names.pop(sources.logo.name, None)
    taken = set(sources.assets)
    works: list[PictureWork] = []
    edits: list[Edit] = []
    for name in names:
        if posixpath.splitext(name)[1].lower() not in WORKED_ON:
            continue
        work = _work(sources, name, MOST_TIMES * widths.get(name, USUAL_WIDTH // MOST_TIMES), taken)
        if work.new is not None and work.new_name != name:
            found = list(_renaming(manuscript, name, work.new_name))
            if None in found:
                reason = _("a text that names it cannot be changed; convert it by hand")
                work = _left(work, reason)
            edits += [edit for edit in found if edit is not None and work.new is not None]
        works.append(work)
    return ImagePlan(
        folder=workspace.issue_folder(number),
        works=tuple(works),
        before=sources.read.texts,
        texts=_edited(sources.read.texts, edits),
    )


def _left(work: PictureWork, reason: str) -> PictureWork:
    return PictureWork(
        name=work.name, path=work.path, before_bytes=work.before_bytes, before_width=work.before_width, reason=reason
    )


def _shown_widths(workspace: Workspace, sources: Sources, manuscript: Manuscript) -> dict[str, int]:
    """The widest that the e-mail shows each picture; those that it shows at an unknown width are left out."""
    from newsletter_cli.flows.render import render_sources

    looked_at = render_sources(workspace, sources, manuscript).looked_at
    names = {id(asset): name for name, asset in manuscript.assets.items()}
    widest: dict[str, int] = {}
    for image in looked_at.body.iter("img"):
        asset, width = looked_at.images.get(image.get("src") or ""), image.get("width") or ""
        if asset is not None and width.isdecimal() and int(width):
            name = names[id(asset)]
            widest[name] = max(widest.get(name, 0), int(width))
    return widest


def _work(sources: Sources, name: str, widest: int, taken: set[str]) -> PictureWork:
    path = sources.assets[name]
    with storage_errors(name):
        content = path.read_bytes()
    size = sources.sizes.get(name)
    work = PictureWork(name=name, path=path, before_bytes=len(content), before_width=size[0] if size else None)
    stem, suffix = posixpath.splitext(name)
    try:
        new = rework(content, suffix, widest=widest)
    except NotReworked as error:
        return _left(work, str(error))
    if new is None:
        return work
    new_name = name if new.suffix == suffix.lower() else _free_name(stem, new, taken, sources.assets)
    return PictureWork(
        name=name, path=path, before_bytes=work.before_bytes, before_width=work.before_width, new_name=new_name, new=new
    )


def _free_name(stem: str, new: Reworked, taken: set[str], assets: Mapping[str, Path]) -> str:
    """A name that no other file has; one that a killed run has written already is that of this picture."""
    lower = {one.lower() for one in taken}
    name, count = f"{stem}{new.suffix}", 1
    while name.lower() in lower:
        if name in assets and assets[name].read_bytes() == new.content:
            break
        count += 1
        name = f"{stem}-{count}{new.suffix}"
    taken.add(name)
    return name


def _renaming(manuscript: Manuscript, name: str, new_name: str) -> Iterator[Edit | None]:
    """The edits that write the new name wherever the old one stands; `None` for a place that cannot be changed."""
    for text in manuscript.all_texts:
        survey = text.survey
        spans = {}
        for address, href, span, kind in (
            *((one.address, one.src, one.address_span, one.kind) for one in survey.images),
            *((one.address, one.href, one.address_span, one.kind) for one in survey.links),
            *((one.address, one.href, one.span, "definition") for one in survey.definitions),
        ):
            if asset_path(href) != name or kind == "reference":
                continue
            if span is None or not survey.is_exact or survey.source.text[span.start : span.end] != address:
                yield None
                continue
            spans[span.start] = (span, address)
        for span, address in spans.values():
            yield from survey.edits(span, _renamed(address, new_name))
    yield from _in_header(manuscript, name, new_name)


def _in_header(manuscript: Manuscript, name: str, new_name: str) -> Iterator[Edit | None]:
    named = [one for one in manuscript.issue.images if asset_path(one) == name]
    file, first = manuscript.issue.editorial.file, manuscript.issue.lines.get("images", 1)
    lines = split_lines(manuscript.files.get(file, "").removeprefix(BOM))
    for address in named:
        places = [
            (number, line.index(address))
            for number, line in enumerate(lines[first - 1 : first + LOOKED_FOR], first)
            if line.count(address) == 1 and number < manuscript.issue.editorial.first_line
        ]
        if len(places) != 1:
            yield None
            continue
        number, column = places[0]
        yield Edit(file=file, line=number, column=column + 1, old=address, new=_renamed(address, new_name))


def _renamed(address: str, new_name: str) -> str:
    """The address as it was typed, its last part another: blanks and accents stay as somebody wrote them."""
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    stem, suffix = posixpath.splitext(posixpath.basename(new_name))
    typed_stem = posixpath.splitext(posixpath.basename(path))[0]
    folder = path[: len(path) - len(posixpath.basename(path))]
    if asset_path(typed_stem) == stem:
        return f"{folder}{typed_stem}{suffix}"
    return f"{folder}{quote(stem)}{suffix}"


def _edited(texts: Mapping[str, str], edits: list[Edit]) -> dict[str, str]:
    findings = [Finding(file=edit.file, rule="", level=Level.INFO, message="", edits=(edit,)) for edit in edits]
    new, _applied = apply_edits(findings, texts)
    return {file: text for file, text in new.items() if text != texts[file]}


def write_images(workspace: Workspace, plan: ImagePlan) -> None:
    """Keep the originals, write the new pictures, then the texts; what bears an old name goes last.

    A run that is killed in between leaves nothing that is half there: run again, it goes on. Raises `StorageError`,
    and `AlreadyExists` where a text has changed meanwhile.
    """
    folders = {work.path.parent for work in plan.changed} | {plan.folder}
    with only_writer(workspace, *folders):
        for work in plan.changed:
            _keep_original(plan.folder, work)
        for work in plan.changed:
            assert work.new is not None
            target = work.path if work.new_name == work.name else plan.folder / work.new_name
            with storage_errors(work.new_name):
                if target == work.path:
                    write_file(target, work.new.content)
                elif not target.exists():
                    write_new_file(target, work.new.content)
        write_fixed(workspace.root, plan.before, plan.texts)
        for work in plan.changed:
            if work.new_name != work.name:
                with storage_errors(work.name):
                    work.path.unlink(missing_ok=True)


def _keep_original(folder: Path, work: PictureWork) -> None:
    with storage_errors(work.name):
        content = work.path.read_bytes()
    if len(content) != work.before_bytes:
        raise ContentError(
            _("the picture has changed meanwhile; it was left alone"),
            file=work.name,
            hint=_("run nl images once more"),
        )
    keep_original(folder, work.name, content)
