"""A check of one issue, to be repeated as it was wanted: while it is fixed, and at a Git revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.flows.check import (
    NO_ISSUE,
    Checked,
    Progress,
    Wanted,
    check_without_issue,
    check_workspace,
)
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.flows.fixing import Fixed
    from newsletter_cli.flows.since import Base

NOTHING: Mapping[str, str] = MappingProxyType({})


def _unwatched() -> AbstractContextManager[Progress]:
    return nullcontext(lambda done, total: None)


class CheckRun(Struct, frozen=True):
    """A check as its options want it; call it to look.

    `base` is what had been there before, and is not reported. `watched` gives, for the time of a check, what is told
    how many links are done, of how many.
    """

    workspace: Workspace
    number: int
    wanted: Wanted
    base: Base | None = None
    watched: Callable[[], AbstractContextManager[Progress]] = _unwatched

    def __call__(self, overrides: Mapping[str, str] = NOTHING) -> Checked:
        """What is found; `overrides` as in `check_workspace`, which says what is raised."""
        if self.number == NO_ISSUE:
            return check_without_issue(self.workspace)
        with self.watched() as on_progress:
            # What is being fixed is looked at again and again: a browser, and programs that read, take their time.
            is_first = not overrides
            wanted = replace(
                self.wanted,
                has_browser=self.wanted.has_browser and is_first,
                has_language=self.wanted.has_language and is_first,
                on_progress=on_progress,
            )
            checked = check_workspace(self.workspace, self.number, wanted, overrides=overrides)
        return checked if self.base is None else _without(checked, self.base)

    def since(self, revision: str) -> CheckRun:
        """The same, for what is new since a Git revision only. Raises as `read_base`."""
        from newsletter_cli.flows.since import read_base

        if self.number == NO_ISSUE:
            return self

        def check(workspace: Workspace, number: int) -> Checked:
            return check_workspace(workspace, number, Wanted(has_browser=self.wanted.has_browser))

        return replace(self, base=read_base(self.workspace, self.number, revision, check))

    def fix(self, checked: Checked) -> Fixed:
        """What fixing would make of what was `checked`; nothing is written."""
        from newsletter_cli.flows.fixing import fix

        # What has been looked at is not looked at again.
        return fix(lambda texts: self(texts).findings if texts else checked.findings, checked.sources)

    def write(self, checked: Checked, fixed: Fixed) -> Checked:
        """Write what was fixed, and look again. Raises as `write_fixed`."""
        from newsletter_cli.flows.fixing import write_fixed

        if not fixed.texts:
            return checked
        folders = {(self.workspace.root / file).resolve().parent for file in fixed.texts}
        with only_writer(self.workspace, *folders):
            write_fixed(self.workspace.root, checked.sources, fixed.texts)
        return self()


def _without(checked: Checked, base: Base) -> Checked:
    from newsletter_cli.check.catalogue import LANGUAGE_RULES, LINK_RULES
    from newsletter_cli.flows.since import only_new

    # The base is looked at without a network, and is not read for language again.
    unseen = {*(rule.slug for rule in LINK_RULES), *(rule.slug for rule in LANGUAGE_RULES)}
    return replace(checked, findings=only_new(checked, base, unseen))
