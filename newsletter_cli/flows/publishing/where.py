"""The site of a workspace: its repository on this machine, and whether its configuration may name it."""

from __future__ import annotations

import os
from pathlib import Path

from newsletter_cli.base.errors import ConfigError, UsageError
from newsletter_cli.base.git import find_top
from newsletter_cli.base.i18n import _
from newsletter_cli.base.trust import FOLDER_KEY
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.publish.profiles import profile_of
from newsletter_cli.publish.site import Site
from newsletter_cli.workspace.folder import SecretUse, Workspace


def open_site(workspace: Workspace, folder: Path | None = None) -> Site:
    """The site to publish to: `folder`, where somebody said so, else the one of the configuration.

    One that lies outside the repository of the workspace is trusted like a command: `newsletter.toml` may come from
    anybody. Raises `ConfigError`, `NotTrusted`, `UsageError`.
    """
    if folder is None:
        workspace.permit_secret(site_use(workspace))
    site = configured_site(workspace, folder)
    if site is None:
        raise ConfigError(
            _("it names no site to publish to"),
            file=CONFIG_FILE,
            hint=_('say where the site’s repository is: [site], folder = "../site", profile = "hugo"'),
        )
    if not site.root.is_dir():
        message = (
            _("{folder} is a file, not a folder") if site.root.exists() else _("there is no folder {folder}")
        ).format(folder=site.name)
        if folder is not None:
            raise UsageError(message, hint=_("paths are seen from the folder you are in"))
        raise ConfigError(message, file=CONFIG_FILE, hint=_("clone the site’s repository there, or change site.folder"))
    return site


def configured_site(workspace: Workspace, folder: Path | None = None) -> Site | None:
    """The site as it is named, there or not, to look at only; `None` where none is."""
    named = workspace.config.site.folder
    if folder is None and named is None:
        return None
    # Typed on Windows, read elsewhere.
    path = folder if folder is not None else workspace.root / Path(str(named).replace("\\", "/")).expanduser()
    root = Path(os.path.realpath(path))
    return Site(root=root, profile=profile_of(workspace.config.site), name=str(folder or named))


def site_use(workspace: Workspace) -> SecretUse | None:
    """That the configuration has pages written outside its repository; `None` where it does not."""
    site = configured_site(workspace)
    if site is None:
        return None
    top = find_top(workspace.root) or workspace.root
    return (
        None
        if site.root.is_relative_to(os.path.realpath(top))
        else SecretUse(key=FOLDER_KEY, words=("pages", str(site.root)))
    )
