"""`nl pull`: what was written in the pads of an issue comes into its sections; what was written here stays."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.base.conflicts import SIGNATURE
from newsletter_cli.base.errors import AlreadyExists, NewsletterError, StorageError, UsageError
from newsletter_cli.base.git import GitRefusal
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.base.lock import FileLock, LockTaken
from newsletter_cli.base.programs import find_program
from newsletter_cli.base.values import replace
from newsletter_cli.base.web.asking import Asker
from newsletter_cli.flows.fixing import encoded_like, write_fixed
from newsletter_cli.flows.pad_pictures import NONE_FETCHED, fetch_pictures, place_pictures
from newsletter_cli.pads.body import body_of, read_body
from newsletter_cli.pads.fetching import Answer, fetch_all
from newsletter_cli.pads.identity import pad_identity
from newsletter_cli.pads.merge import merge_body
from newsletter_cli.pads.pad import OpenPad, Pad, PadRefusal, PadText
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.files import conflicts_in
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.pad_bases import PADS, PadBase, base_after, read_base, settle
from newsletter_cli.workspace.pad_sections import PadSection, is_as_new, read_pad_section, read_pad_sections

Result = Literal["unchanged", "updated", "merged", "conflict", "refused"]
LOCK = "pull.lock"
# As long as a whole pull may take.
WAIT_SECONDS = 180.0
# Somebody saves the file while it is merged: it is merged anew, so many times.
MOST_ROUNDS = 3


class PulledSection(Struct, frozen=True, kw_only=True):
    """What became of one section. `reason` and `hint`: why it was refused. `notes`: what else there is to know.

    `before` and `after` are the whole texts of the file.
    """

    file: str
    pad: str
    result: Result
    host: str = ""
    reason: str = ""
    hint: str | None = None
    notes: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    @property
    def marked_lines(self) -> tuple[int, ...]:
        """The lines of the file on which conflicts begin."""
        return tuple(found.line for found in conflicts_in(self.after, name=self.file))


class Pulled(Struct, frozen=True, kw_only=True):
    """What became of all of an issue's sections that name a pad, in their order."""

    issue: int
    sections: tuple[PulledSection, ...]

    @property
    def exit_status(self) -> int:
        """1 where a conflict is to be settled, or a pad gave nothing."""
        return int(any(section.result in ("conflict", "refused") for section in self.sections))

    def as_dict(self) -> dict[str, Any]:
        """As `nl pull --json` prints it."""
        sections = [{"file": one.file, "pad": one.pad, "result": one.result} for one in self.sections]
        return {"issue": self.issue, "sections": sections}


def pull(
    workspace: Workspace,
    number: int,
    open_pad: OpenPad,
    *,
    now: datetime,
    section: str | None = None,
    pictures: Asker | None = None,
    is_dry_run: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pulled:
    """Ask each pad and merge what it holds; a dry run does the same and writes nothing. With `pictures`, those that the
    pads show are asked for by it, and come along.

    Raises `UsageError` for a `section` without a pad, or without Git; `StorageError`.
    """
    with contextlib.ExitStack() as held:
        if not is_dry_run:
            _be_the_only_one(workspace, held)
        known = read_pad_sections(workspace, number)
        sections = wanted_sections(known, section)
        if sections and find_program("git") is None:
            raise UsageError(
                _("nl pull merges with Git, which is not installed"),
                hint=_("install it: https://git-scm.com/downloads"),
            )
        opened = open_all(sections, open_pad, among=known)
        pads = {file: pad for file, pad in opened.items() if not isinstance(pad, PadRefusal)}
        answers: Mapping[str, Answer] = {
            **{file: pad for file, pad in opened.items() if isinstance(pad, PadRefusal)},
            **fetch_all(pads, on_progress=on_progress),
        }
        folder = workspace.issue_folder(number)
        texts = {file: answer for file, answer in answers.items() if isinstance(answer, PadText)}
        fetched = fetch_pictures(workspace, folder, list(texts.values()), pictures) if pictures else NONE_FETCHED
        if not is_dry_run:
            held.enter_context(only_writer(workspace, folder))
            for one in sections:
                # What keeps it from being read is met again where it is merged.
                with contextlib.suppress(NewsletterError):
                    settle(one.path, workspace=workspace)
            sweep(folder / PADS, is_alone=False)
        placed, about = place_pictures(workspace, folder, texts, fetched, is_dry_run=is_dry_run)
        answers = {**answers, **placed}
        pulled = [_take(workspace, number, one, answers[one.file], now=now, is_dry_run=is_dry_run) for one in sections]
    hosts = {file: pad.host for file, pad in pads.items()}
    told = (replace(one, host=hosts.get(one.file, ""), notes=(*one.notes, *about.get(one.file, ()))) for one in pulled)
    return Pulled(issue=number, sections=tuple(told))


def _be_the_only_one(workspace: Workspace, held: contextlib.ExitStack) -> None:
    """A second run waits, and asks the pads after the first: else what it heard earlier would be taken for newer."""
    try:
        held.enter_context(FileLock(workspace.private_folder("") / LOCK, wait_seconds=WAIT_SECONDS))
    except LockTaken:
        raise StorageError(
            _("another nl pull has been at work in this workspace for {count} s").format(count=round(WAIT_SECONDS)),
            file=f"state/{LOCK}",
            hint=_("wait for it to end, or stop it; then run this again"),
        ) from None
    except (StorageError, OSError):
        # Where state/ cannot be written, the work goes on without.
        return


def wanted_sections(sections: list[PadSection], slug: str | None) -> list[PadSection]:
    """All of them, or the one of that name. Raises `UsageError`."""
    if slug is None:
        return sections
    name = slug.strip().casefold().removesuffix(".md")
    found = [one for one in sections if name in (one.slug, one.slug.removeprefix("_"))]
    if not found:
        known = ", ".join(one.path.stem for one in sections) or "–"
        raise UsageError(
            _("no section “{slug}” has a pad in this issue").format(slug=slug),
            hint=_("sections with a pad: {sections}").format(sections=known),
        )
    return found


def open_all(sections: list[PadSection], open_pad: OpenPad, *, among: list[PadSection]) -> dict[str, Pad | PadRefusal]:
    """The pad of each section, by its file; of two `among` the issue's that name the same, none."""
    return {one.file: _open(one, among, open_pad) for one in sections}


def _open(section: PadSection, all_sections: list[PadSection], open_pad: OpenPad) -> Pad | PadRefusal:
    if section.fault is not None:
        return _as_refusal(section.fault)
    pad = pad_identity(section.address)
    others = [one.file for one in all_sections if one is not section and pad_identity(one.address) == pad]
    if others:
        return PadRefusal(
            reason=_("{other} names the same pad").format(other=", ".join(others)),
            hint=_("readers would get its text twice: give each section a pad of its own"),
        )
    return open_pad(section.address)


def _take(
    workspace: Workspace, number: int, section: PadSection, answer: Answer, *, now: datetime, is_dry_run: bool
) -> PulledSection:
    """Merge what a pad answered, and write it."""
    if isinstance(answer, PadRefusal):
        return _refused(section, answer)
    refusal = PadRefusal(reason=_("the file has changed while the pad was asked"), hint=_("run this again"))
    for _round in range(MOST_ROUNDS):
        try:
            # It was read before the pads were asked, and somebody is at work.
            current = read_pad_section(workspace, section.path) if section.path.is_file() else None
            if current is None or current.address != section.address:
                break
            if current.fault is not None:
                raise current.fault
            return _merge(workspace, number, current, answer, now=now, is_dry_run=is_dry_run)
        except AlreadyExists:
            continue
        except GitRefusal as error:
            refusal = PadRefusal(reason=_("Git could not merge it: {reason}").format(reason=error))
        except NewsletterError as error:
            refusal = _as_refusal(error)
        break
    return _refused(section, refusal)


def _as_refusal(error: NewsletterError) -> PadRefusal:
    return PadRefusal(reason=str(error), hint=error.hint)


def _merge(
    workspace: Workspace, number: int, section: PadSection, fetched: PadText, *, now: datetime, is_dry_run: bool
) -> PulledSection:
    pad = read_body(fetched, section.titles, file=section.file)
    if isinstance(pad, PadRefusal):
        return _refused(section, pad)
    base = read_base(workspace, section.path, section.address)
    if base.text is not None:
        known: str | None = body_of(base.text, section.titles, file=section.file).text
    else:
        is_untouched = base.reason is None and is_as_new(workspace, number, section)
        known = body_of(section.body, (), file=section.file).text if is_untouched else None
    names = _sides(section, fetched.updated or now, workspace.config.newsletter.timezone)
    merged = merge_body(section.body, known, pad.text, newline=section.newline, names=names)
    after = section.text[: len(section.text) - len(section.body)] + merged.text
    if not is_dry_run:
        content = encoded_like(section.path.resolve(), section.file, section.text, after)
        with base_after(workspace, section.path, content, address=section.address, text=fetched.text):
            if after != section.text:
                write_fixed(workspace.root, {section.file: section.text}, {section.file: after})
    # Git may have given the copy the line ends of this system.
    is_known = base.text is not None and fetched.text.splitlines() == base.text.splitlines()
    return PulledSection(
        file=section.file,
        pad=section.address,
        result=merged.result,
        # What is fetched once more, nothing new is to be said of.
        notes=()
        if is_known
        else (*fetched.notes, *pad.notes, *_about_base(base, merged.result), *_about_skipping(section, merged.result)),
        before=section.text,
        after=after,
    )


def _sides(section: PadSection, moment: datetime, timezone: str) -> tuple[str, str]:
    """What the marks of a conflict say of each side."""
    shown = moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")
    here = _("here, in {file}").format(file=section.path.name)
    there = _("in the pad, {moment}").format(moment=shown)
    return f"{here} {SIGNATURE}", f"{there} {SIGNATURE}"


def _about_base(base: PadBase, result: Result) -> Iterator[str]:
    if base.reason is not None:
        yield _("compared without what was fetched last: {reason}").format(reason=base.reason)
    elif base.text is None and result == "conflict":
        yield _("nothing had been fetched from this pad before: what differs is marked, nothing is overwritten")


def _about_skipping(section: PadSection, result: Result) -> Iterator[str]:
    if section.is_skipped and result != "unchanged":
        yield _("the section says status: skip, so no reader gets it")


def _refused(section: PadSection, refusal: PadRefusal) -> PulledSection:
    return PulledSection(
        file=section.file,
        pad=section.address,
        result="refused",
        reason=refusal.reason,
        hint=refusal.hint,
        before=section.text,
        after=section.text,
    )
