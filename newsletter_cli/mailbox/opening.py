"""From what somebody names (a file, a folder, `maildir:PATH`, `mbox:PATH`) to the source that lies there."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.mailbox.eml import EmlFile, EmlFolder
from newsletter_cli.mailbox.maildir import Maildir, is_maildir
from newsletter_cli.mailbox.mbox import MARK, Mbox
from newsletter_cli.mailbox.source import Source

KINDS = ("mbox", "maildir")


def open_files(text: str, folder: Path) -> Source:
    """What lies at a path, which begins at `folder` where it is relative. Raises `MailboxError`."""
    kind, colon, rest = text.partition(":")
    said = kind.lower() if colon and kind.lower() in KINDS else ""
    name = rest.removeprefix("//") if said else text
    path = folder / Path(name).expanduser()
    try:
        if path.is_dir():
            return _open_folder(path, name, said)
        with path.open("rb") as file:
            is_mbox = file.read(len(MARK)) == MARK
    except (FileNotFoundError, NotADirectoryError):
        raise MailboxError(
            _("there is no such file or folder"),
            file=name,
            hint=_("a source is a .eml file, a folder of them, an mbox, a Maildir, or imaps://USER@HOST/FOLDER"),
        ) from None
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else _("this is no name of a file")
        raise MailboxError(reason, file=name) from None
    if said == "maildir":
        raise MailboxError(_("this is a file, not a Maildir"), file=name)
    if said == "mbox" and not is_mbox:
        raise MailboxError(_("this is no mbox: it does not begin with a line “From …”"), file=name)
    return Mbox(path, name) if is_mbox else EmlFile(path, name)


def _open_folder(path: Path, name: str, said: str) -> Source:
    if said == "mbox":
        raise MailboxError(_("this is a folder, not an mbox"), file=name)
    if is_maildir(path):
        return Maildir(path, name)
    if said == "maildir":
        raise MailboxError(_("this folder has no new/ and cur/ in it, as a Maildir has"), file=name)
    return EmlFolder(path, name)
