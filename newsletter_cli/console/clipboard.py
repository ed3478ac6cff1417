"""The clipboard: the system's own, or that of the terminal at the other end of an SSH connection."""

from __future__ import annotations

import base64
import os
import sys

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.console.streams import is_terminal

# What terminals take at once, in octets of Base64 (xterm's limit is the lowest of those that are known).
MOST_BASE64 = 74_994


def copy_text(text: str) -> bool:
    """Put the text into the clipboard; `False` where it was handed to the terminal, which may not take it.

    Raises `UsageError` where there is no clipboard.
    """
    is_remote = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if is_remote and not has_display and _through_terminal(text):
        return False
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError) as error:
        if is_remote and _through_terminal(text):
            return False
        raise UsageError(
            _("there is no clipboard here that nl can reach"),
            hint=_("Linux: install wl-clipboard (Wayland) or xclip (X11); or without --copy, and copy it by hand"),
        ) from error
    return True


def _through_terminal(text: str) -> bool:
    """OSC 52, which terminals understand that let programs write to the clipboard; whether there is a terminal."""
    packed = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if not is_terminal(sys.stderr) or len(packed) > MOST_BASE64:
        return False
    sys.stderr.write(f"\x1b]52;c;{packed}\x07")
    sys.stderr.flush()
    return True
