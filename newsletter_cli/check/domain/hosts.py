"""MX and PTR: whether mail arrives at the mailboxes that a newsletter names, and whether its server has a name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.domain.addresses import is_of_the_world
from newsletter_cli.check.domain.asking import Asker, Unanswered
from newsletter_cli.check.domain.finding import DnsRecord, DomainFinding, Request, Standing
from newsletter_cli.check.domain.plan import SenderPlan
from newsletter_cli.check.domain.services import is_of
from newsletter_cli.check.domain.wording import not_asked

NOBODY = "."


def check_mailboxes(plan: SenderPlan, asker: Asker) -> Iterator[DomainFinding]:
    """Whether each domain takes the mail that is to arrive there (RFC 5321, 5.1; RFC 7505)."""
    receives: dict[str, list[str]] = {}
    for one in plan.mailboxes:
        receives.setdefault(one.domain, []).append(one.receives)
    for domain, kinds in receives.items():
        yield _check_mailbox(domain, ", ".join(dict.fromkeys(kinds)), asker)


def _check_mailbox(domain: str, what: str, asker: Asker) -> DomainFinding:
    answer = asker.ask(domain, "MX")
    if answer.failure is not None:
        return not_asked("MX", domain, [answer.failure])
    if answer.texts:
        return _check_servers(domain, what, asker, answer.texts)
    if not answer.exists:
        return _wrong(domain, _("the domain {domain} does not exist").format(domain=domain), what)
    with asker.listening() as heard:
        addresses = asker.addresses(domain)
    if not addresses:
        missing = _("{domain} has no server that takes mail (MX)").format(domain=domain)
        return not_asked("MX", domain, heard) if heard else _wrong(domain, missing, what)
    return DomainFinding(
        topic="MX",
        standing=Standing.ATTENTION,
        name=domain,
        message=_("{domain} has no MX record: mail goes to {addresses} itself").format(
            domain=domain, addresses=", ".join(addresses)
        ),
        means=_("Does a mail server answer there? If not, these are lost: {what}").format(what=what),
        hint=_("write to such an address yourself, and see whether it arrives"),
    )


def _check_servers(domain: str, what: str, asker: Asker, records: tuple[str, ...]) -> DomainFinding:
    hosts = sorted((int(text.split()[0]), text.split()[-1]) for text in records)
    names = [name.rstrip(".") for _preference, name in hosts if name != NOBODY]
    if not names:
        return _wrong(domain, _("{domain} takes no mail at all, and says so (an empty MX)").format(domain=domain), what)
    shown = ", ".join(names)
    with asker.listening() as heard:
        has_address = any(asker.addresses(name) for name in names)
    if has_address:
        message = _("{domain} takes mail ({what}): {hosts}").format(domain=domain, what=what, hosts=shown)
        return DomainFinding(topic="MX", standing=Standing.WELL, name=domain, message=message)
    message = _("the servers that take mail for {domain} are not there: {hosts}").format(domain=domain, hosts=shown)
    return not_asked("MX", domain, heard) if heard else _wrong(domain, message, what)


def _wrong(domain: str, message: str, what: str) -> DomainFinding:
    return DomainFinding(
        topic="MX",
        standing=Standing.WRONG,
        name=domain,
        message=message,
        means=_("These are lost: {what}. Some receivers refuse mail of a domain that takes none.").format(what=what),
        hint=_("have it set right, or name a mailbox that exists in newsletter.toml"),
        asks=(
            Request(
                what=_("Mail to {domain} cannot arrive ({what}). Please have an MX record stand there.").format(
                    domain=domain, what=what
                )
            ),
        ),
    )


def check_server(plan: SenderPlan, asker: Asker) -> Iterator[DomainFinding]:
    """Whether a server of one's own has a name that leads back to it; that of a service is the service's affair."""
    if plan.host is None or not is_of(plan.host, plan.domain):
        return
    with asker.listening() as heard:
        addresses = asker.addresses(plan.host)
    if heard and not addresses:
        yield not_asked("PTR", plan.host, heard)
    for address in addresses:
        if is_of_the_world(address):
            yield _check_address(plan.host, address, asker)


def _check_address(host: str, address: str, asker: Asker) -> DomainFinding:
    answer = asker.reverse(address)
    if answer.failure is not None:
        return not_asked("PTR", address, [answer.failure])
    if not answer.texts:
        return _unnamed(host, address, _("{address}, an address of {host}, has no name (PTR)"))
    confirmed, missed = _confirmed(answer.texts, address, asker)
    if confirmed is not None:
        message = _("{address} is called {name}, and that name leads back to it")
        return DomainFinding(
            topic="PTR", standing=Standing.WELL, name=address, message=message.format(address=address, name=confirmed)
        )
    if missed:
        return not_asked("PTR", address, missed)
    names = ", ".join(answer.texts)
    return _unnamed(host, address, _("{address} is called {names}, which does not lead back to it"), names=names)


def _confirmed(names: tuple[str, ...], address: str, asker: Asker) -> tuple[str | None, list[Unanswered]]:
    own = ipaddress.ip_address(address)
    with asker.listening() as heard:
        for name in names:
            if any(ipaddress.ip_address(one) == own for one in asker.addresses(name)):
                return name, []
    return None, heard


def _unnamed(host: str, address: str, message: str, *, names: str = "") -> DomainFinding:
    return DomainFinding(
        topic="PTR",
        standing=Standing.WRONG,
        name=address,
        message=message.format(address=address, host=host, names=names),
        means=_("Gmail and most others refuse mail from an address without a name of its own, where it sends itself."),
        hint=_("have it set right: the text below"),
        asks=(
            Request(
                what=_(
                    "{address} needs a name in the reverse DNS that leads back to it; whoever the address is rented "
                    "from sets it."
                ).format(address=address),
                records=(DnsRecord(name=address, type="PTR", value=host),),
            ),
        ),
    )
