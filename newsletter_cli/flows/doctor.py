"""`nl doctor`: whether everything is set up, as far as it exists."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from newsletter_cli.base.errors import ConfigError, NewsletterError
from newsletter_cli.base.git import GitMissing, GitRefusal, find_top, is_ignored
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import LEFTOVERS, leftovers
from newsletter_cli.base.reasons import library_reason
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.flows.diagnosis import Diagnosis, Health
from newsletter_cli.flows.doctor_asks import (
    ask_addresses,
    ask_complaints,
    ask_due,
    ask_list,
    ask_rules,
    ask_signing,
    ask_theme,
    ask_way_out,
    config_faults,
)
from newsletter_cli.flows.message import sender_of
from newsletter_cli.flows.people_in_git import find_exposed
from newsletter_cli.flows.program_name import said_of_the_name
from newsletter_cli.flows.tracked_state import how_to_untrack, tracked_file
from newsletter_cli.flows.trusting import read_trustables
from newsletter_cli.publish.places import site_url
from newsletter_cli.workspace.files import storage_error
from newsletter_cli.workspace.folder import Workspace, find_root, find_workspace, look_into_workspace

# Where `nl` writes.
OWN_FOLDERS = ("sections", "build", "state")


def diagnose(start: Path) -> tuple[Diagnosis, ...]:
    """What is to be said of the workspace around `start`, whatever is wrong with it. Raises `WorkspaceNotFound`."""
    root = find_root(start)
    if not (root / CONFIG_FILE).is_file():
        find_workspace(start)  # raises, and says how to go on
    try:
        workspace, fault = look_into_workspace(root)
    except ConfigError as error:
        workspace, fault = None, error
    told = () if fault is None else tuple(config_faults(fault))
    return told if workspace is None else (*told, *examine(workspace))


def examine(workspace: Workspace) -> tuple[Diagnosis, ...]:
    """Everything that can be looked at without an issue; nothing is changed.

    Nothing leaves the machine, but a question to the endpoint of one's own, where it is configured and trusted.
    """
    looks: tuple[tuple[str, Callable[[Workspace], Iterator[Diagnosis]]], ...] = (
        ("program", _program),
        ("newsletter.toml", _addresses),
        ("newsletter.toml", ask_addresses),
        ("newsletter.toml", ask_rules),
        ("newsletter.toml", ask_way_out),
        ("templates", ask_theme),
        ("state", _privacy),
        ("people", _people),
        ("leftovers", _leftovers),
        ("commands", _commands),
        ("list", _old_list),
        ("list", ask_list),
        ("list", ask_due),
        ("send", _sending),
        ("send", ask_signing),
        ("send", ask_complaints),
        ("send", _sends),
        ("endpoint", _endpoint),
        ("links", _link_checker),
        ("language", _language),
        ("browser", _browser),
    )
    found: list[Diagnosis] = []
    for subject, look in looks:
        try:
            found += look(workspace)
        except (NewsletterError, OSError) as failure:
            # A folder that is closed to this user: what can be said of the rest is said.
            error = failure if isinstance(failure, NewsletterError) else storage_error(failure, name=subject)
            found += [
                Diagnosis(subject=subject, health=Health.WRONG, message=str(one), hint=one.hint)
                for one in (error, *error.also)
            ]
    return tuple(found)


def _program(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether what is typed starts this program."""
    message, fix = said_of_the_name()
    health = Health.WELL if fix is None else Health.ATTENTION
    yield Diagnosis(subject="program", health=health, message=message, hint=fix)


def _addresses(workspace: Workspace) -> Iterator[Diagnosis]:
    config = workspace.config
    subject = "newsletter.toml"
    unset = {
        "post.url": site_url(config),
        "sender.address": config.sender.address,
        "sender.reply_to": config.reply_address,
        "email.legal": config.email.legal,
    }
    missing = [name for name, value in unset.items() if not value]
    if missing:
        message = _("these keys are missing: {keys}").format(keys=", ".join(missing))
        hint = (
            _("readers and providers look for them; an issue can be sent without")
            if sender_of(config)
            else _("without sender.address, an issue can be assembled, but not sent")
        )
        yield Diagnosis(subject=subject, health=Health.ATTENTION, message=message, hint=hint)
    else:
        yield Diagnosis(subject=subject, health=Health.WELL, message=_("the addresses are all there"))


def _privacy(workspace: Workspace) -> Iterator[Diagnosis]:
    """Personal data are readable by their owner only, and never in Git."""
    state = workspace.root / "state"
    # Windows keeps its own access lists, which a mode says nothing about.
    is_open = os.name == "posix" and state.is_dir() and stat.S_IMODE(state.stat().st_mode) & 0o077
    if is_open:
        yield Diagnosis(
            subject="state",
            health=Health.WRONG,
            message=_("others on this machine can read state/"),
            hint=_("close it: chmod 700 state"),
        )
        return
    try:
        tracked, is_left_out = tracked_file(workspace), _is_left_out(workspace.root, "state/")
    except (GitMissing, GitRefusal) as refusal:
        message = _("state/ is private; whether Git leaves it out cannot be told: {reason}").format(
            reason=library_reason(refusal) if str(refusal) else _("Git is not installed")
        )
        yield Diagnosis(subject="state", health=Health.ATTENTION, message=message)
        return
    if tracked is not None:
        message = _("state/ is tracked by Git, and may have come from anybody: {file}").format(file=tracked)
        yield Diagnosis(subject="state", health=Health.WRONG, message=message, hint=how_to_untrack())
    elif not is_left_out:
        message = _("state/ is not in .gitignore: personal data could end up in Git")
        yield Diagnosis(
            subject="state", health=Health.WRONG, message=message, hint=_("add a line “state/” to .gitignore")
        )
    else:
        yield Diagnosis(subject="state", health=Health.WELL, message=_("private, and left out of Git"))


def _people(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether Git has, or would take, a file that names people; of `state/` itself, `_privacy` tells."""
    try:
        exposed = [one for one in find_exposed(workspace) if one.name != "state/"]
    except (GitMissing, GitRefusal):
        return
    for one in exposed:
        health = Health.WRONG if one.is_tracked else Health.ATTENTION
        yield Diagnosis(subject="people", health=health, message=one.message, hint=one.fix)
    if not exposed and find_top(workspace.root) is not None:
        yield Diagnosis(subject="people", health=Health.WELL, message=_("Git takes no file that names people"))


def _leftovers(workspace: Workspace) -> Iterator[Diagnosis]:
    """What killed runs left, and whether Git would take it."""
    subject = "leftovers"
    if not _is_certainly_out(workspace.root, LEFTOVERS.replace("*", "x")):
        yield Diagnosis(
            subject=subject,
            health=Health.ATTENTION,
            message=_("{pattern} is not in .gitignore: what a killed run leaves could end up in Git").format(
                pattern=LEFTOVERS
            ),
            hint=_("add a line “{pattern}” to .gitignore").format(pattern=LEFTOVERS),
        )
    folders = [workspace.root, *(path for name in OWN_FOLDERS for path in _folders(workspace.root / name))]
    names = [workspace.name_of(left) for folder in folders for left in leftovers(folder)]
    if names:
        yield Diagnosis(
            subject=subject,
            health=Health.ATTENTION,
            message=_("left by a run that was killed, or goes on: {files}").format(files=", ".join(names)),
            hint=_("the next run of that command takes it away; you may delete it where no nl is running"),
        )
    else:
        yield Diagnosis(subject=subject, health=Health.WELL, message=_("no killed run has left anything"))


def _folders(folder: Path) -> Iterator[Path]:
    """The folder and all below it, but for what `nl` is writing there."""
    if folder.is_dir():
        yield folder
        yield from (path for path in folder.rglob("*/") if not any(fnmatch(part, LEFTOVERS) for part in path.parts))


def _is_left_out(root: Path, name: str) -> bool:
    """Whether Git leaves a file or `folder/` alone, as Git itself sees it. Raises `GitMissing`, `GitRefusal`."""
    return find_top(root) is None or is_ignored(root, name)


def _is_certainly_out(root: Path, name: str) -> bool:
    """The same; where Git cannot say, it has been told of `state/`."""
    try:
        return _is_left_out(root, name)
    except (GitMissing, GitRefusal):
        return True


def _commands(workspace: Workspace) -> Iterator[Diagnosis]:
    """Those of the configuration, where it sends secrets, and a folder elsewhere. None is run here, none is sent."""
    for one in read_trustables(workspace):
        if one.is_command:
            message = (
                _("{key} names a command that you have trusted: {command}")
                if one.is_trusted
                else _("{key} names a command that you have not trusted: {command}")
            )
        elif one.is_folder:
            message = (
                _("{key} names a folder outside this repository that you have trusted: {command}")
                if one.is_trusted
                else _("{key} names a folder outside this repository that you have not trusted: {command}")
            )
        else:
            message = (
                _("{key}: you have trusted where a secret of yours goes: {command}")
                if one.is_trusted
                else _("{key}: you have not trusted where a secret of yours would go: {command}")
            )
        yield Diagnosis(
            subject="commands",
            health=Health.WELL if one.is_trusted else Health.ATTENTION,
            message=message.format(key=one.key, command=one.line),
            hint=_("read it, then trust it on this machine: nl trust"),
        )


def _old_list(workspace: Workspace) -> Iterator[Diagnosis]:
    from newsletter_cli.flows.audience import open_state
    from newsletter_cli.flows.sending.holds import old_list

    with open_state(workspace, is_aside=True) as store:
        if (held := old_list(store)) is not None:
            yield Diagnosis(subject="list", health=Health.WRONG, message=held.message, hint=held.hint)


def _sending(workspace: Workspace) -> Iterator[Diagnosis]:
    from newsletter_cli.flows.sending.health import diagnose_transport

    yield from diagnose_transport(workspace)


def _sends(workspace: Workspace) -> Iterator[Diagnosis]:
    from newsletter_cli.flows.sending.health import diagnose_records, diagnose_sends

    yield from diagnose_sends(workspace)
    yield from diagnose_records(workspace)


def _endpoint(workspace: Workspace) -> Iterator[Diagnosis]:
    if workspace.config.endpoint.url is not None:
        from newsletter_cli.flows.syncing.health import diagnose_endpoint

        yield from diagnose_endpoint(workspace)


def _link_checker(workspace: Workspace) -> Iterator[Diagnosis]:
    from newsletter_cli.check.links.program import find_lychee
    from newsletter_cli.check.links.report import INSTALLATION

    if find_lychee() is None:
        yield Diagnosis(
            subject="links",
            health=Health.ATTENTION,
            message=_("links cannot be checked: lychee is not installed"),
            hint=INSTALLATION,
        )
    else:
        yield Diagnosis(subject="links", health=Health.WELL, message=_("links can be checked"))


def _language(workspace: Workspace) -> Iterator[Diagnosis]:
    """Who reads the newsletter's language for spelling and grammar; well where the editors do without."""
    from newsletter_cli.flows.doctor_language import diagnose_language

    config = workspace.config
    is_wanted = config.check.language.enabled and not os.environ.get("NL_NO_LANGUAGE")
    yield from diagnose_language(config.newsletter.language, is_wanted=is_wanted)


def _browser(workspace: Workspace) -> Iterator[Diagnosis]:
    """Well without one, too: only `nl check --browser` wants it."""
    from newsletter_cli.check.browser import find_chromium

    message = (
        _("no Chromium, Chrome or Edge: nl check does without --browser")
        if find_chromium() is None
        else _("the e-mail can be looked at in a browser: nl check --browser")
    )
    yield Diagnosis(subject="browser", health=Health.WELL, message=message)
