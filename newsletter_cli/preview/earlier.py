"""An earlier issue beside the present one: made from its sources, by the code of today. Nothing is written."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from newsletter_cli.errors import NewsletterError
from newsletter_cli.flows.build_record import digest_sources
from newsletter_cli.flows.check import Rendered, render_and_check
from newsletter_cli.workspace.files import storage_error
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.templates import read_looks

# Enough to leaf through; a rendering takes a few megabytes.
MOST_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class EarlierIssue:
    """An issue to compare with. `rendered` is `None` where it cannot be rendered; `errors` then say why and where."""

    number: int
    rendered: Rendered | None = None
    errors: tuple[NewsletterError, ...] = ()

    @property
    def title(self) -> str | None:
        """Its title, as readers saw it."""
        return self.rendered.composed.shown.title if self.rendered else None


class EarlierIssues:
    """The issues of a workspace to compare with, each rendered once while its sources stay the same."""

    def __init__(self) -> None:
        self._remembered: OrderedDict[tuple[str, int], tuple[str, EarlierIssue]] = OrderedDict()
        self._lock = threading.Lock()

    def numbers(self, workspace: Workspace, number: int) -> list[int]:
        """The issues before that one, the nearest first."""
        return [one for one in reversed(workspace.issue_numbers()) if one < number]

    def render(self, workspace: Workspace, number: int) -> EarlierIssue:
        """The issue with the renditions of its sources of now. Raises nothing."""
        with self._lock:
            try:
                if number not in workspace.issue_numbers():
                    return EarlierIssue(number)
                return self._render(workspace, number)
            except NewsletterError as error:
                return EarlierIssue(number, errors=(error, *error.also))
            except OSError as error:
                return EarlierIssue(number, errors=(storage_error(error, name=None),))

    def _render(self, workspace: Workspace, number: int) -> EarlierIssue:
        looks, name = read_looks(workspace), (str(workspace.root), number)
        # Before it is read: what is edited meanwhile makes the rendering an old one.
        digest = digest_sources(workspace, number, looks, has_local_images=True)
        known = self._remembered.get(name)
        if known is None or known[0] != digest:
            rendered, _checked = render_and_check(workspace, number, looks=looks, has_local_images=True)
            known = digest, EarlierIssue(number, rendered)
        self._remembered[name] = known
        self._remembered.move_to_end(name)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return known[1]
