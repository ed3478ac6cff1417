"""`nl doctor --domain`: what the DNS says of whoever sends, and the text for whoever can change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.base.domains import DomainFault, ascii_domain, is_loopback
from newsletter_cli.base.errors import ConfigError, NewsletterError, UsageError
from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _
from newsletter_cli.check.domain.finding import DomainFinding, Standing
from newsletter_cli.check.domain.letter import write_letter
from newsletter_cli.check.domain.plan import Mailbox, SenderPlan, SigningKey
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.flows.message import sender_of
from newsletter_cli.flows.post_address import is_offline_wanted
from newsletter_cli.workspace.folder import Workspace, find_root, find_workspace

# Libraries of the extra `dns`; without another one `nl` is broken, which is no matter of extras.
LIBRARIES = ("checkdmarc", "dns")


class DomainReport(Struct, frozen=True, kw_only=True):
    """What was found, and the text for the administrator; `None` where there is nothing to ask for."""

    plan: SenderPlan
    findings: tuple[DomainFinding, ...]
    letter: str | None

    @property
    def is_wrong(self) -> bool:
        """Whether mail does not arrive because of it."""
        return any(one.standing is Standing.WRONG for one in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """The report for scripts."""
        return {
            "domain": self.plan.domain,
            "envelope": self.plan.envelope,
            "server": self.plan.host,
            "findings": [one.as_dict() for one in self.findings],
            "letter": self.letter,
        }


def examine_sender(
    start: Path, domain: str | None, *, selectors: tuple[str, ...] = (), resolver: str | None = None
) -> DomainReport:
    """Ask the DNS about a domain, or the sender's. Raises `UsageError`, also without the extra, and `ConfigError`."""
    plan = _plan(start, domain, selectors)
    if is_offline_wanted():
        raise UsageError(
            _("--domain asks the DNS, and the network is not to be asked (NL_OFFLINE)"), hint=_("unset NL_OFFLINE")
        )
    try:
        from newsletter_cli.check.domain.asking import Asker
        from newsletter_cli.check.domain.examine import examine_domain
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in LIBRARIES:
            raise
        raise UsageError(
            _("to ask the DNS, checkdmarc and dnspython are wanted, and not installed"),
            hint=_("install them: {command}").format(command=how_to_add("dns")),
        ) from None
    findings = tuple(examine_domain(plan, Asker(resolver)))
    return DomainReport(plan=plan, findings=findings, letter=write_letter(plan.domain, findings))


def _plan(start: Path, said: str | None, selectors: tuple[str, ...]) -> SenderPlan:
    domain = None if said is None else _parse_domain(said)
    if domain is not None and not (find_root(start) / CONFIG_FILE).is_file():
        return _plan_of_a_stranger(domain, None, selectors)
    workspace = find_workspace(start)
    sender = sender_of(workspace.config)
    own = None if sender is None else _domain_of(sender.address)
    if domain is None and own is None:
        raise ConfigError(
            _("sender.address is missing: whose domain is meant?"),
            file=CONFIG_FILE,
            hint=_("write it, or name the domain: nl doctor --domain example.org"),
        )
    host = _host(workspace)
    if own is None or domain not in (None, own):
        return _plan_of_a_stranger(domain or "", host, selectors)
    return _plan_of_the_sender(workspace, own, host, selectors)


def _plan_of_a_stranger(domain: str, host: str | None, selectors: tuple[str, ...]) -> SenderPlan:
    """A domain that the configuration does not name."""
    return SenderPlan(
        domain=domain,
        envelope=domain,
        keys=tuple(SigningKey(selector=one, domain=domain) for one in selectors),
        mailboxes=(Mailbox(domain=domain, receives=_("answers")),),
        host=host,
    )


def _plan_of_the_sender(workspace: Workspace, own: str, host: str | None, selectors: tuple[str, ...]) -> SenderPlan:
    config = workspace.config
    envelope = own if config.send.bounces is None else _domain_of(config.send.bounces)
    mailboxes = (
        (config.reply_address or config.sender.address, _("answers")),
        (config.send.bounces or config.sender.address, _("reports of failure")),
        (config.send.unsubscribe_mail, _("wishes to leave")),
        (config.send.complaints, _("complaints")),
    )
    return SenderPlan(
        domain=own,
        envelope=envelope,
        keys=tuple(_keys(workspace, own, selectors)),
        mailboxes=tuple(Mailbox(domain=_domain_of(one), receives=what) for one, what in mailboxes if one),
        complaints=None if config.send.complaints is None else _domain_of(config.send.complaints),
        host=host,
    )


def _keys(workspace: Workspace, own: str, selectors: tuple[str, ...]) -> list[SigningKey]:
    dkim = workspace.config.send.dkim
    keys = [SigningKey(selector=one, domain=own) for one in selectors if one != dkim.selector]
    if dkim.selector is not None:
        public, modulus = _public_half(workspace)
        domain = ascii_domain(dkim.domain or own).lower()
        key = SigningKey(selector=dkim.selector, domain=domain, public=public, modulus=modulus, is_own=True)
        keys.insert(0, key)
    return keys


def _public_half(workspace: Workspace) -> tuple[bytes, bytes]:
    """The other half of the key that is signed with; of a key that is not at hand, `nl doctor` tells."""
    from newsletter_cli.deliver.message.dkim import public_half
    from newsletter_cli.flows.sending.transport import read_dkim_key

    try:
        return public_half(read_dkim_key(workspace))
    except NewsletterError:
        return b"", b""


def _host(workspace: Workspace) -> str | None:
    from newsletter_cli.flows.sending.transport import choose_transport

    host = choose_transport(workspace, None).address.host
    return None if not host or is_loopback(host) else ascii_domain(host).lower().rstrip(".")


def _domain_of(address: str) -> str:
    return _parse_domain(address)


def _parse_domain(text: str) -> str:
    """The domain that is named, or that of an address, in ASCII. Raises `UsageError`."""
    named = text.strip().rpartition("@")[2].rstrip(".").lower()
    try:
        domain = ascii_domain(named)
    except DomainFault:
        domain = ""
    labels = domain.split(".")
    if len(labels) < 2 or not all(
        0 < len(one) < 64 and one.replace("-", "").replace("_", "").isalnum() for one in labels
    ):
        raise UsageError(
            _("“{text}” is no domain").format(text=text), hint=_("for instance: nl doctor --domain example.org")
        )
    return domain
