"""What rooms above `config/` know of `newsletter.toml`: whether what it names is an address, a server, a theme.

Asked whenever a workspace is opened, so that no command goes half its way first. What takes long to load is loaded only
where the configuration has something for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from newsletter_cli.base.errors import MailboxError, TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import Problem, nearest
from newsletter_cli.config.meant import meant_address
from newsletter_cli.config.send_settings import SendSettings
from newsletter_cli.config.settings import Config
from newsletter_cli.workspace.shipped import shipped_templates

# What surely is an address, and needs no library to tell.
SURELY_ADDRESS = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}", re.ASCII
)
MOST_SIGNS = 120
ADDRESSES = (
    ("sender", "address"),
    ("sender", "reply_to"),
    ("send", "bounces"),
    ("send", "complaints"),
    ("send", "unsubscribe_mail"),
)


def judge(config: Config, root: Path) -> Iterator[Problem]:
    """What is wrong with a configuration that can be read; `root` is the workspace's folder."""
    for table, key in ADDRESSES:
        yield from _judge_address((table, key), getattr(getattr(config, table), key))
    way_out = config.email.unsubscribe or ""
    if "@" in way_out and "://" not in way_out:
        yield from _judge_address(("email", "unsubscribe"), way_out.removeprefix("mailto:").partition("?")[0])
    yield from _judge_transport(config.send.transport)
    yield from _judge_mailbox(config.mailbox.url)
    yield from _judge_personal(config)
    yield from _judge_theme(config.email.theme, root)
    yield from _judge_skeletons(config, root)


def _judge_address(path: tuple[str, str], address: str | None) -> Iterator[Problem]:
    if address is None or (len(address) <= MOST_SIGNS and SURELY_ADDRESS.fullmatch(address)):
        return
    from newsletter_cli.audience.address import AddressFault, parse_address

    try:
        parse_address(address)
    except AddressFault as fault:
        meant = meant_address(address)
        yield Problem(
            path=path,
            message=_("{key}: “{address}” is no e-mail address: {reason}").format(
                key=".".join(path), address=address, reason=fault
            ),
            hint=_("did you mean “{key}”?").format(key=meant)
            if meant != address and SURELY_ADDRESS.fullmatch(meant)
            else _("for instance: {names}").format(names="lettre@example.org"),
        )


def _judge_transport(transport: str) -> Iterator[Problem]:
    if transport == SendSettings().transport:
        return
    from newsletter_cli.deliver.opening import parse_transport_url

    try:
        parse_transport_url(transport)
    except TransportError as fault:
        yield Problem(path=("send", "transport"), message=f"send.transport: {fault.message}", hint=fault.hint)


def _judge_mailbox(url: str | None) -> Iterator[Problem]:
    if url is None:
        return
    from newsletter_cli.mailbox.imap_address import parse_imap_url

    try:
        parse_imap_url(url)
    except MailboxError as fault:
        yield Problem(path=("mailbox", "url"), message=f"mailbox.url: {fault.message}", hint=fault.hint)


def _judge_personal(config: Config) -> Iterator[Problem]:
    personal = config.personal
    patterns = {key: text for key in ("greeting", "subject", "preheader") if (text := getattr(personal, key))}
    if not patterns:
        return
    from newsletter_cli.deliver.message.fields import PersonalLineFault, Unfillable, parse_pattern, values_of_nobody

    fallbacks = {one.name: one.fallback for one in personal.fields}
    for key, text in patterns.items():
        own = [] if key == "greeting" else [key]
        try:
            pattern = parse_pattern(text, allowed=[*fallbacks, *own])
            pattern.fill(values_of_nobody(fallbacks) | dict.fromkeys(own, key), fallbacks)
        except (PersonalLineFault, Unfillable) as fault:
            hint = _("fields are declared: [[personal.fields]] name = … fallback = … (here, under {key})")
            yield Problem(
                path=("personal", key),
                message=f"personal.{key}: {fault}",
                hint=hint.format(key=f"personal.{key}"),
            )


def _judge_theme(theme: str, root: Path) -> Iterator[Problem]:
    folders = [folder / "themes" for folder in (root / "templates", shipped_templates())]
    if any((folder / theme).is_dir() for folder in folders) and theme not in {".", ".."} and "/" not in theme:
        return
    known = sorted({path.name for folder in folders for path in folder.glob("[!.]*") if path.is_dir()})
    close = nearest(theme, known)
    yield Problem(
        path=("email", "theme"),
        message=_("{key}: there is no theme “{theme}”").format(key="email.theme", theme=theme),
        hint=_("did you mean “{key}”?").format(key=close)
        if close
        else _("choose one of: {choices}").format(choices=", ".join(known)),
    )


def _judge_skeletons(config: Config, root: Path) -> Iterator[Problem]:
    asked = [(index, one.skeleton) for index, one in enumerate(config.sections) if one.skeleton is not None]
    if not asked:
        return
    folders = [folder / "skeletons" for folder in (root / "templates", shipped_templates())]
    known = sorted({path.stem for folder in folders for path in folder.rglob("*.md")} - {"_issue"})
    for index, skeleton in asked:
        if skeleton not in known:
            close = nearest(skeleton, known)
            yield Problem(
                path=("sections", index, "skeleton"),
                message=_("there is no skeleton “{skeleton}”").format(skeleton=skeleton),
                hint=_("did you mean “{key}”?").format(key=close)
                if close
                else _("choose one of: {choices}").format(choices=", ".join(known)),
            )
