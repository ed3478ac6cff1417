"""Everything that is looked at, in its order."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.domain.asking import Asker
from newsletter_cli.check.domain.dkim import check_dkim
from newsletter_cli.check.domain.dmarc import check_dmarc, same_organisation
from newsletter_cli.check.domain.finding import DomainFinding, Standing
from newsletter_cli.check.domain.hosts import check_mailboxes, check_server
from newsletter_cli.check.domain.plan import SenderPlan
from newsletter_cli.check.domain.spf import check_spf
from newsletter_cli.check.domain.wording import ask_elsewhere


def examine_domain(plan: SenderPlan, asker: Asker) -> Iterator[DomainFinding]:
    """What the DNS says of who sends. A domain that is not there is told once."""
    if asker.ask(plan.domain, "SOA").exists is False:
        top = plan.domain.rpartition(".")[2]
        if asker.ask(top, "SOA").exists is not True:
            # A server of an office, or of a hotel before one has logged in, may say so of all the world.
            yield DomainFinding(
                topic="DNS",
                standing=Standing.UNKNOWN,
                name=plan.domain,
                message=_(
                    "the DNS server that was asked does not even know “{top}”: it does not know the world"
                ).format(top=top),
                hint=ask_elsewhere(),
            )
            return
        yield DomainFinding(
            topic="DNS",
            standing=Standing.WRONG,
            name=plan.domain,
            message=_("the domain {domain} does not exist").format(domain=plan.domain),
            means=_("Every provider refuses mail from it."),
            hint=_("is it spelt right? A name inside an office’s network is not known outside"),
        )
        return
    yield from check_spf(plan, asker)
    yield from check_dkim(plan, asker)
    yield from check_dmarc(plan, asker)
    yield from check_mailboxes(plan, asker)
    yield from check_server(plan, asker)
    if plan.complaints is not None and not same_organisation(plan.complaints, plan.domain):
        yield DomainFinding(
            topic="DKIM",
            standing=Standing.ATTENTION,
            name=plan.complaints,
            message=_("send.complaints is of {other}, the sender of {domain}").format(
                other=plan.complaints, domain=plan.domain
            ),
            means=_("Providers heed CFBL-Address only where {other} signs, too (RFC 9477).").format(
                other=plan.complaints
            ),
            hint=_("take an address of the sender’s domain"),
        )
