"""What is wrong with the theme and the words of a workspace, as `nl check` and `nl doctor` say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import ToldFault
from newsletter_cli.model import Place
from newsletter_cli.render.email import EmailParts
from newsletter_cli.render.gaps import Gap
from newsletter_cli.render.theme_scan import ThemeFaultKind, scan_theme
from newsletter_cli.render.words import Words
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.missing_words import find_missing_words


def told_by_theme(parts: EmailParts) -> Mapping[str, Sequence[ToldFault]]:
    """The faults of the theme's files by their kind: those seen in the files, and those that the rendering told."""
    found: dict[str, list[ToldFault]] = defaultdict(list)
    for fault in scan_theme(parts.theme):
        place = Place(file=fault.file, line=fault.line)
        found[fault.kind].append(ToldFault(place=place, message=fault.message, suggestion=fault.hint))
    for gap in parts.gaps:
        found[ThemeFaultKind.EMPTY].append(_told_gap(gap, parts))
    return found


def _told_gap(gap: Gap, parts: EmailParts) -> ToldFault:
    if gap.is_object:
        message = _("what is written here has parts, and is no text: nothing is written")
        suggestion = _("write one of its parts: {{{{ {name}.… }}}}").format(name=gap.name or "name")
    else:
        message = _("“{name}” has no value in this issue: nothing is written").format(name=gap.name or "none")
        suggestion = _("ask first: {condition}").format(condition=f"{{% if {gap.name or 'name'} %}}…{{% endif %}}")
    return ToldFault(
        place=Place(file=gap.file or parts.theme.name, line=gap.line), message=message, suggestion=suggestion
    )


def told_of_words(workspace: Workspace, words: Words) -> ToldFault | None:
    """That the newsletter's language has no words; `None` where it has."""
    missing = find_missing_words(workspace, words)
    if missing is None:
        return None
    return ToldFault(
        place=Place(file=missing.file, line=missing.line), message=missing.message, suggestion=missing.hint
    )
