"""What the keys do that say how a mail server is spoken to: `[send.smtp]`, and when it is written to again."""

from __future__ import annotations

import sys
from typing import Any

from tests.cli.effects.around import (
    PASSWORD,
    drawing_at_once,
    greylisting,
    login_server,
    mail_server,
    narrow_server,
    secure_server,
    silent_after_greeting,
    silent_at_the_end,
    strict_server,
)
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import ready, ready_for_two_domains

SEND: dict[str, Any] = {"of": "send 1 --yes --transport smtp://127.0.0.1:{port}", "stage": ready}
PROBE: dict[str, Any] = {"of": "send 1 --dry-run --probe --transport smtp://127.0.0.1:{port}", "stage": ready}
SECURE: dict[str, Any] = {"of": "send 1 --dry-run --probe --transport smtps://127.0.0.1:{port}", "stage": ready}
LOGIN: dict[str, Any] = {"beside": {"send.smtp.user": "ada"}, "around": login_server, **SEND}
PRINTS = [sys.executable, "-c", f"print({PASSWORD!r})"]
KNOWN = {"NL_SMTP_PASSWORD": PASSWORD}
# One after the other: how often somebody connects does not depend on who is quicker.
ALONE = {"send.smtp.connections": 1}

SETTINGS = [
    Setting(sets={"send.smtp.user": "ada"}, env=KNOWN, shows="3 sent", **{**LOGIN, "beside": {}}),
    Setting(sets={"send.smtp.auth": "login"}, env=KNOWN, shows="AUTH LOGIN", hides="AUTH PLAIN", **LOGIN),
    Setting(sets={"send.smtp.password_env": "OUR_PASSWORD"}, env={"OUR_PASSWORD": PASSWORD}, shows="3 sent", **LOGIN),
    Setting(sets={"send.smtp.password_command": PRINTS}, env={"NL_TRUST": "1"}, shows="3 sent", **LOGIN),
    Setting(sets={"send.smtp.password_keyring": "letter"}, shows="keyring", hides="NL_SMTP_PASSWORD", **LOGIN),
    Setting(sets={"send.smtp.starttls": "required"}, around=mail_server, refused="STARTTLS", **PROBE),
    Setting(
        sets={"send.smtp.ca_file": "authority.pem"},
        around=secure_server,
        shows="  Server  ",
        hides="cannot be trusted",
        **SECURE,
    ),
    Setting(sets={"send.smtp.hello": "mail.lab.example"}, around=mail_server, shows="EHLO mail.lab.example", **PROBE),
    Setting(sets={"send.smtp.connections": 1}, around=mail_server, shows="heard 1 connections", **SEND),
    Setting(
        sets={"send.smtp.messages_per_connection": 1},
        beside=ALONE,
        around=mail_server,
        hides="heard 1 connections",
        shows="heard 3 connections",
        **SEND,
    ),
    Setting(
        sets={"send.smtp.pipelining": False}, beside=ALONE, around=strict_server, hides="does not keep to it", **SEND
    ),
    Setting(
        sets={"send.smtp.timeout_seconds": 1},
        beside={"send.smtp.timeout_seconds": 30},
        around=silent_after_greeting,
        hides="  Server  ",
        **PROBE,
    ),
    Setting(
        sets={"send.smtp.final_timeout_seconds": 1},
        beside={**ALONE, "send.smtp.final_timeout_seconds": 30},
        around=silent_at_the_end,
        shows="1 in doubt",
        **SEND,
    ),
    Setting(sets={"send.bounces": "bounces@example.org"}, around=mail_server, shows="MAIL FROM:<bounces+", **SEND),
    Setting(sets={"send.retry_deferred_minutes": 1}, around=greylisting, shows="3 sent", hides="3 put off", **SEND),
    Setting(
        sets={"send.pace.0.connections": 1},
        beside={"send.pace": [{"name": "Slow", "domains": ["example.org"]}]},
        around=narrow_server,
        shows="3 sent",
        **SEND,
    ),
    # What the display of a send calls it, drawn at once; of several, each has its line.
    Setting(
        sets={"send.pace.0.name": "Post Office"},
        beside={"send.pace": [{"name": "Slow", "domains": ["example.org"]}]},
        around=drawing_at_once,
        env={"TERM": "xterm-256color"},
        typed="1\n",
        shows="Post Office",
        of="send 1",
        stage=ready_for_two_domains,
    ),
]
