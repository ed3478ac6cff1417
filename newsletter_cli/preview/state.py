"""What the page is told about an issue, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rules.email_page import CUT_BYTES, LARGE_BYTES
from newsletter_cli.flows.status import SectionStatus
from newsletter_cli.model import Finding
from newsletter_cli.model.finding import MOST_PROPOSALS
from newsletter_cli.model.subscriber import Recipient
from newsletter_cli.preview.corrections import MISSPELT, name_of, own_word
from newsletter_cli.preview.editor import editor_link
from newsletter_cli.preview.personal import inbox_line
from newsletter_cli.preview.sighting import sighting
from newsletter_cli.preview.snapshot import RenderingFault, Shown, Snapshot
from newsletter_cli.workspace.folder import Workspace

# Of these every finding is shown at its words.
LANGUAGE_RULES = frozenset((MISSPELT, "grammar"))


def empty_state(workspace: Workspace, version: int) -> dict[str, Any]:
    """The state of a workspace without an issue."""
    return {
        "version": version,
        "issue": None,
        "issues": [],
        "newest": None,
        "name": workspace.config.newsletter.name,
        "title": workspace.config.newsletter.name,
        "error": None,
        "has_rendering": False,
        "hint": _("There is no issue yet. Start one with “nl new 1”, and it appears here by itself."),
    }


def build_state(
    snapshot: Snapshot, numbers: Sequence[int], version: int, recipient: Recipient | None = None
) -> dict[str, Any]:
    """The state of an issue; `numbers` are all issues there are, `version` is that of the newest snapshot of any.

    `recipient`: whose message is looked at.
    """
    workspace, shown = snapshot.workspace, snapshot.shown
    state = empty_state(workspace, version) | {
        "issue": snapshot.number,
        "issues": list(numbers),
        "newest": numbers[-1] if numbers else None,
        "error": {"errors": [_fault(one, workspace) for one in snapshot.faults]} if snapshot.faults else None,
        "has_rendering": shown is not None,
        "hint": None,
    }
    if shown is None:
        return state | ({} if snapshot.faults else {"hint": _absent_hint(snapshot.number)})
    return state | _issue_part(shown, workspace, recipient) | _check_part(shown, workspace)


def _absent_hint(number: int) -> str:
    return _("There is no issue {number}. Start it with “nl new {number}”, and it appears here by itself.").format(
        number=number
    )


def _issue_part(shown: Shown, workspace: Workspace, recipient: Recipient | None) -> dict[str, Any]:
    issue, frame = shown.rendered.composed.shown, shown.rendered.composed.frame
    sender = workspace.config.sender
    return {
        "title": issue.title,
        **inbox_line(workspace, shown.rendered, recipient),
        "sender": sender.name or workspace.config.newsletter.name,
        "date": None if issue.date is None else issue.date.isoformat(),
        "language": frame.language,
        "direction": frame.direction,
        "sizes": shown.sizes,
        "limits": {"warning": LARGE_BYTES, "error": CUT_BYTES},
        "words": shown.word_count,
        "minutes": shown.minutes,
        "sections": [_section(one, shown, workspace) for one in shown.sections],
        "outline": [entry.as_dict() for entry in shown.views.outline],
    }


def _check_part(shown: Shown, workspace: Workspace) -> dict[str, Any]:
    return {
        "findings": [_finding(one, shown, workspace) for one in shown.checked.findings],
        "links": shown.links.as_dict()["addresses"],
        "link_problem": shown.links.problem.value if shown.links.problem else None,
        "is_read": shown.is_read,
    }


def _section(one: SectionStatus, shown: Shown, workspace: Workspace) -> dict[str, Any]:
    file = next((section.body.file for section in shown.issue.sections if section.slug == one.slug), None)
    return {
        "slug": one.slug,
        "title": one.title,
        "file": file,
        "status": one.status,
        "author": one.author,
        "words": one.word_count,
        "missing": list(one.missing),
        "editor": None if file is None else _editor(file, None, None, workspace),
    }


def _finding(one: Finding, shown: Shown, workspace: Workspace) -> dict[str, Any]:
    told = one.as_dict() | {
        "file_title": shown.checked.titles.get(one.file, one.file),
        "anchor": shown.views.anchor_of(one.file, one.line),
        "editor": _editor(one.file, one.line, one.column, workspace),
    }
    return told | _word_part(one, shown) if one.proposals or one.rule in LANGUAGE_RULES else told


def _word_part(one: Finding, shown: Shown) -> dict[str, Any]:
    """What the page needs to show a finding on words at these words, and to have a proposal accepted."""
    return {
        "name": name_of(one),
        "proposals": [edit.new for edit in one.proposals[:MOST_PROPOSALS]],
        "own_word": own_word(one),
        "words": sighting(one, shown.texts),
    }


def _fault(one: RenderingFault, workspace: Workspace) -> dict[str, Any]:
    return one.as_dict() | {"editor": None if one.file is None else _editor(one.file, one.line, None, workspace)}


def _editor(file: str, line: int | None, column: int | None, workspace: Workspace) -> str | None:
    return editor_link(workspace.config.preview.editor, workspace.root / file, line, column)
