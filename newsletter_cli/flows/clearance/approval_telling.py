"""An approval in words: whether it stands, what has changed since, the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter_cli import __version__
from newsletter_cli.base.i18n import _, ngettext, shown_moment
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.clearance.approval import ApprovalState, Change
from newsletter_cli.flows.content_parts import GREETING, LEAVING, PICTURES, PREHEADER, REPLY_TO, SENDER, SUBJECT
from newsletter_cli.render.names import ANNOUNCEMENT, CALENDAR, EMAIL, POST, TEXT

# What stands for a message that was frozen before, and is another one than was approved.
FROZEN = "frozen"
MOST_NAMED = 5
MOST_DIFF_LINES = 60


def approved_words(state: ApprovalState) -> str:
    """`by Ada on 2026-12-17 18:00`, and whether that holds; empty where nobody approved the issue."""
    if not state.is_given:
        return ""
    if state.approval is None:
        return _("it cannot be read: {reason}").format(reason=state.fault)
    words = _("by {name} on {moment}").format(name=state.approval.by, moment=shown_moment(state.approval.at))
    return (
        words if state.stands else _("{words}; no longer: {changes}").format(words=words, changes=changed_words(state))
    )


def changed_words(state: ApprovalState) -> str:
    """What is not as it was approved, named; a few of it where it is much."""
    if state.fault:
        return state.fault
    names = list(dict.fromkeys(map(change_name, _told(state.changes))))
    more = len(names) - MOST_NAMED
    if more > 0:
        names[MOST_NAMED:] = [ngettext("{count} more", "{count} more", more).format(count=more)]
    return ", ".join(names) or _("its file was changed by hand")


def change_name(change: Change) -> str:
    """What people call it."""
    if change.kind == "picture":
        return _("the picture {name}").format(name=change.name)
    if change.kind == "file":
        return change.name
    return _part_names().get(change.name, change.name)


def _part_names() -> dict[str, str]:
    return {
        SUBJECT: _("the subject"),
        PREHEADER: _("the preheader"),
        SENDER: _("the sender"),
        REPLY_TO: _("the reply address"),
        GREETING: _("the greeting"),
        LEAVING: _("the link to leave the list"),
        PICTURES: _("how the pictures travel (linked or embedded)"),
        TEXT: _("the text"),
        EMAIL: _("the looks of the e-mail"),
        POST: _("the post"),
        CALENDAR: _("the calendar file"),
        ANNOUNCEMENT: _("the announcement"),
        FROZEN: _("the message that waits since the send began"),
    }


def _told(changes: Sequence[Change]) -> list[Change]:
    """Where the text has changed, that the page, the post and the rest have, too, is no news."""
    names = {one.name for one in changes if one.kind == "part"}
    follow = {EMAIL, POST, CALENDAR, ANNOUNCEMENT} if names & {TEXT} else set()
    if names & {SUBJECT, PREHEADER, GREETING, SENDER, REPLY_TO, LEAVING}:
        follow |= {EMAIL}
    return [one for one in changes if not (one.kind == "part" and one.name in follow)]


def difference_lines(state: ApprovalState) -> Iterator[str]:
    """What was approved beside what is there now, as a diff; what no person reads is named."""
    if not state.changes:
        return
    from newsletter_cli.flows.reporting.diff import diff_lines

    texts = [one for one in state.changes if one.before is not None and one.after is not None]
    before = {one.name: _lines(one.before or "") for one in texts}
    after = {one.name: _lines(one.after or "") for one in texts}
    lines = [Line(*pieces) for pieces in diff_lines(before, after)]
    yield from lines[:MOST_DIFF_LINES]
    if (more := len(lines) - MOST_DIFF_LINES) > 0:
        yield Line((ngettext("… and {count} more line", "… and {count} more lines", more).format(count=more), "dim"))
    for one in _told(state.changes):
        if one.before is None:
            yield Line(("  ≠ ", "alert"), (change_name(one), ""), hang=4)
    if state.is_other_version and any(one.kind == "part" for one in state.changes):
        assert state.approval is not None
        yield Line(
            (
                _("approved with nl {old}, and this is nl {new}: what it makes of the same texts may differ").format(
                    old=state.approval.nl, new=__version__
                ),
                "dim",
            ),
            hang=2,
        )


def _lines(text: str) -> str:
    """Whole lines, without blanks at their ends: what tends a repository takes these away."""
    return "".join(f"{line.rstrip()}\n" for line in text.split("\n")) if text else ""
