"""Where what `nl check` found goes: one format to standard output, as many as wanted into files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from newsletter_cli import console
from newsletter_cli.base.called import called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.files import write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.flows.reporting import FORMATS, CheckResult, View, known_format
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace

# So wide is what a pipe or a file gets.
PIPE_WIDTH = 80
# What is the newsletter's own; a report there would take the place of a text.
SOURCES = ("newsletter.toml", "sections", "templates")


class Outputs(Struct, frozen=True, kw_only=True):
    """`shown` is the format of standard output; `files` has that of each file."""

    shown: str
    files: Mapping[Path, str]

    @property
    def is_plain(self) -> bool:
        """Whether nobody asked for more than text or JSON."""
        return self.shown in {"text", "json"} and not self.files

    def write_files(self, checked: CheckResult, view: View) -> None:
        """Each whole, over what a run before left there. Raises `StorageError`."""
        view = replace(view, width=PIPE_WIDTH, has_styles=False, is_wrapped=False)
        for path, name in self.files.items():
            text = console.plain_text(FORMATS[name](checked, view))
            with storage_errors(str(path)):
                write_file(path, text.encode("utf-8", "replace"), is_lasting=False)

    def refuse_sources(self, workspace: Workspace) -> None:
        """Raises `UsageError` for a file among those of the newsletter itself."""
        for path in self.files:
            place = path.resolve()
            for name in SOURCES:
                if place.is_relative_to((workspace.root / name).resolve()):
                    raise UsageError(
                        _("{file} belongs to the newsletter itself: no report goes there").format(file=path),
                        hint=f"--format {self.files[path]}:{path.name}",
                    )


def read_outputs(wanted: Sequence[str], *, as_json: bool) -> Outputs:
    """What `--format`, however often, and `--json` ask for. Raises `UsageError`."""
    shown: list[str] = []
    files: dict[Path, str] = {}
    for one in wanted:
        name, colon, file = one.partition(":")
        name = known_format(name)
        if not colon:
            shown.append(name)
        elif not file:
            raise UsageError(
                _("“{wanted}” names no file").format(wanted=one), hint=f"--format {name}:findings-{name}.txt"
            )
        elif Path(file) in files:
            raise UsageError(
                _("two formats are to go into {file}").format(file=file), hint=_("give each a file of its own")
            )
        else:
            files[Path(file)] = name
    if as_json and (others := [name for name in shown if name != "json"]):
        raise UsageError(
            _("--json and --format {format} ask for two different things").format(format=others[0]),
            hint=f"{called()} check --format {others[0]}",
        )
    if len(set(shown)) > 1:
        raise UsageError(
            _("standard output takes one format: {formats}").format(formats=", ".join(shown)),
            hint=_("put the others into files: --format {format}:FILE").format(format=shown[-1]),
        )
    return Outputs(shown=shown[0] if shown else "json" if as_json else "text", files=files)
