"""`nl push`: what was written here into the pads, where a host takes it, and never over somebody's later change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.flows.fixing import encoded_like
from newsletter_cli.flows.pad_pictures import place_pictures
from newsletter_cli.flows.pull import open_all, wanted_sections
from newsletter_cli.pads.body import body_of, read_body
from newsletter_cli.pads.fetching import fetch_all
from newsletter_cli.pads.hosts.writing import changed_meanwhile, takes_none
from newsletter_cli.pads.merge import written_parts
from newsletter_cli.pads.pad import OpenPad, Pad, PadRefusal, PadTakesNone, PadText
from newsletter_cli.pads.pictures import readdressed
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.pad_bases import base_after, read_base
from newsletter_cli.workspace.pad_pictures import read_origins
from newsletter_cli.workspace.pad_sections import PadSection, read_pad_sections

PushResult = Literal["unchanged", "written", "paste", "refused"]


class PushedSection(Struct, frozen=True, kw_only=True):
    """What became of one section. `before` and `after`: the text of its pad; `after` is what is to be pasted, too."""

    file: str
    pad: str
    result: PushResult
    host: str = ""
    reason: str = ""
    hint: str | None = None
    before: str = ""
    after: str = ""


class Pushed(Struct, frozen=True, kw_only=True):
    """What became of all of an issue's sections that name a pad, in their order."""

    issue: int
    sections: tuple[PushedSection, ...]

    @property
    def exit_status(self) -> int:
        """1 where something is left for somebody to do."""
        return int(any(section.result in ("paste", "refused") for section in self.sections))

    def as_dict(self) -> dict[str, Any]:
        """As `nl push --json` prints it."""
        sections = [
            {"file": one.file, "pad": one.pad, "result": one.result, "reason": one.reason} for one in self.sections
        ]
        return {"issue": self.issue, "sections": sections}


def push(
    workspace: Workspace, number: int, open_pad: OpenPad, *, section: str | None = None, is_dry_run: bool = False
) -> Pushed:
    """Ask each pad, and write what is newer here where nobody has changed it since; a dry run writes nothing.

    Raises `UsageError` for a `section` without a pad; `ContentError`, `StorageError`.
    """
    with only_writer(workspace, workspace.issue_folder(number)):
        known = read_pad_sections(workspace, number)
        sections = wanted_sections(known, section)
        opened = open_all(sections, open_pad, among=known)
        pads = {file: pad for file, pad in opened.items() if not isinstance(pad, PadRefusal)}
        answers: Mapping[str, PadText | PadRefusal] = {
            **{file: pad for file, pad in opened.items() if isinstance(pad, PadRefusal)},
            **fetch_all(pads),
        }
        pushed = []
        for one in sections:
            answer = answers[one.file]
            pad = pads.get(one.file)
            if isinstance(answer, PadRefusal) or pad is None:
                pushed.append(_refused(one, answer if isinstance(answer, PadRefusal) else takes_none("")))
            else:
                done = _Push(workspace=workspace, number=number, section=one, pad=pad, fetched=answer)
                pushed.append(done.run(is_dry_run=is_dry_run))
    hosts = {file: pad.host for file, pad in pads.items()}
    return Pushed(issue=number, sections=tuple(replace(one, host=hosts.get(one.file, "")) for one in pushed))


def _refused(section: PadSection, refusal: PadRefusal, *, before: str = "", after: str = "") -> PushedSection:
    return PushedSection(
        file=section.file,
        pad=section.address,
        result="paste" if isinstance(refusal, PadTakesNone) else "refused",
        reason=refusal.reason,
        hint=refusal.hint,
        before=before,
        after=after,
    )


class _Push(Struct, frozen=True, kw_only=True):
    workspace: Workspace
    number: int
    section: PadSection
    pad: Pad
    fetched: PadText

    def run(self, *, is_dry_run: bool) -> PushedSection:
        """One section into its pad."""
        section, workspace = self.section, self.workspace
        folder = workspace.issue_folder(self.number)
        placed, _notes = place_pictures(workspace, folder, {"": self.fetched}, is_dry_run=True)
        here = placed[""]
        there = read_body(here, section.titles, file=section.file)
        if isinstance(there, PadRefusal):
            return _refused(section, there)
        own, in_pad = written_parts(section.body, there.text)
        if own == in_pad:
            return PushedSection(file=section.file, pad=section.address, result="unchanged")
        refusal = self._stale(there.text)
        if refusal is not None:
            return _refused(section, refusal)
        local = here.text.replace(in_pad.rstrip("\n"), own.rstrip("\n"), 1)
        text = readdressed(local, dict(_origins(read_origins(workspace, folder))))
        before = self.fetched.text
        written = self.pad.write(text, over=before, is_rehearsal=is_dry_run)
        if isinstance(written, PadRefusal):
            return _refused(section, written, before=before, after=text)
        done = PushedSection(file=section.file, pad=section.address, result="written", before=before, after=text)
        if is_dry_run:
            return done
        content = encoded_like(section.path.resolve(), section.file, section.text, section.text)
        with base_after(workspace, section.path, content, address=section.address, text=local):
            pass
        return done

    def _stale(self, there: str) -> PadRefusal | None:
        """Why the pad is not to be written over: it was never fetched, or has changed since."""
        section = self.section
        base = read_base(self.workspace, section.path, section.address)
        if base.text is None:
            return PadRefusal(
                reason=base.reason or _("nothing was ever fetched from this pad"),
                hint=_("run nl pull, look at the section, then nl push"),
            )
        if body_of(base.text, section.titles, file=section.file).text != there:
            return changed_meanwhile()
        return None


def _origins(origins: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The address in the pad, by the one in the section, as it may be typed there."""
    for address, name in reversed(list(origins.items())):
        yield from ((name, address), (quote(name), address))
