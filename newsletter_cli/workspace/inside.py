"""Whether a file lies in the workspace where it seems to.

A workspace may come from anybody, and a link in it may lead anywhere: to a password, to the list, to a device. What is
read may be published, so nothing is read that lies elsewhere, by link or by name.
"""

from __future__ import annotations

import os
from pathlib import Path

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _

# Never published, whatever links to them.
PRIVATE = ("state", ".git")


def is_inside(root: Path, path: Path, *, area: str | None = None) -> bool:
    """Whether `path` lies in the workspace, all links followed: in the folder `area` of it and nowhere private.

    Without an area, anywhere in it. What does not exist lies where it would.
    """
    if not _may_lead_elsewhere(root, path):
        return True
    base, real = _real(root), _real(path)
    if not real.is_relative_to(base):
        return False
    if area is None:
        return True
    home = _real(root / area)
    # `sections` may itself be a link, to another folder of the workspace, but not to the whole of it.
    is_home_inside = home != base and home.is_relative_to(base)
    return is_home_inside and real.is_relative_to(home) and not any(real.is_relative_to(base / one) for one in PRIVATE)


def refuse_outside(root: Path, path: Path, error: type[NewsletterError], *, name: str, area: str | None = None) -> None:
    """Raises `error` where `is_inside` says no. `name` is the file as the user knows it."""
    if is_inside(root, path, area=area):
        return
    folder = _("the workspace") if area is None else f"{area}/"
    raise error(
        _("it leads out of {folder}, and is not read or written").format(folder=folder),
        file=name,
        hint=_("put the file itself there, in place of the link or the longer way"),
    )


def configured_path(root: Path, name: str, error: type[NewsletterError], *, key: str, hint: str | None = None) -> Path:
    """The file that a key of `newsletter.toml` names, there or not, from the workspace on. Raises `error` for one that
    lies outside: `newsletter.toml` may come from anybody.
    """
    path = root / Path(name).expanduser()
    if not is_inside(root, path):
        raise error(
            _("{key} leads out of the workspace, and is not read: {file}").format(key=key, file=name),
            file="newsletter.toml",
            hint=hint or _("put the file into the workspace, and name it from there: state/ is private"),
        )
    return path


def _may_lead_elsewhere(root: Path, path: Path) -> bool:
    """Quickly, for the many that lie where they seem to: no link on the way, and no way up."""
    if os.name != "posix":
        return True
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return True
    if ".." in parts:
        return True
    step = str(root)
    for part in parts:
        step = f"{step}/{part}"
        if os.path.islink(step):  # noqa: PTH114 - of each file, and there are many
            return True
    return False


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
