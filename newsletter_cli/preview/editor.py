"""Links that open a file in the editor's own program, at a line."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import quote

# `{file}` begins with a slash. Each as the program's own documentation, or its handler of links, has it.
PATTERNS = {
    "vscode": "vscode://file{file}:{line}:{column}",
    "vscodium": "vscodium://file{file}:{line}:{column}",
    "cursor": "cursor://file{file}:{line}:{column}",
    "zed": "zed://file{file}:{line}:{column}",
    "idea": "idea://open?file={file}&line={line}&column={column}",
}
DRIVE = re.compile("[A-Za-z]:")


def editor_link(editor: str, path: PurePath, line: int | None = None, column: int | None = None) -> str | None:
    """The link that opens `path` (absolute) at a line and column (from 1); `None` where no program is configured.

    `editor` is `preview.editor` of the configuration: a program's name, or a pattern. The path is percent-encoded
    (RFC 3986) and has forward slashes on every system; a Windows drive stands behind a slash, as in a file's address.
    """
    pattern = PATTERNS.get(editor, editor)
    if "{file}" not in pattern:
        return None
    values = {"file": _encoded(path), "line": str(line or 1), "column": str(column or 1)}
    # In one pass: a folder may be called {line}.
    return re.sub(r"\{(file|line|column)\}", lambda found: values[found[1]], pattern)


def _encoded(path: PurePath) -> str:
    text = path.as_posix()
    drive = path.drive if DRIVE.fullmatch(path.drive) else ""
    rest = text[len(drive) :]
    # Names from a disk of another encoding hold lone surrogates, which stand for single bytes.
    encoded = quote(rest.encode("utf-8", "surrogateescape"), safe="/")
    return f"/{drive}{encoded}" if drive else encoded
