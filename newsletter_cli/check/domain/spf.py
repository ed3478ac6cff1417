"""SPF (RFC 7208): which machines may send for a domain, as checkdmarc reads the record."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from checkdmarc import spf  # type: ignore[import-untyped]

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.domain.addresses import is_of_the_world
from newsletter_cli.check.domain.asking import Asker, Unanswered
from newsletter_cli.check.domain.finding import DnsRecord, DomainFinding, Request, Standing
from newsletter_cli.check.domain.plan import SenderPlan
from newsletter_cli.check.domain.services import spf_term_of
from newsletter_cli.check.domain.wording import bulk_rule, not_asked, quoted

MOST_LOOKUPS = 10
# Questions that decide; for others (a type that is history, a look for an alias) no answer is no loss.
DECIDING = ("TXT", "A", "AAAA", "MX")


def check_spf(plan: SenderPlan, asker: Asker) -> Iterator[DomainFinding]:
    """The record of the envelope sender's domain, and whether it has the mail server's addresses."""
    domain = plan.envelope
    record = ""
    failure: spf.SPFError | None = None
    parsed: Mapping[str, Any] | None = None
    with asker.listening() as heard:
        try:
            record = spf.query_spf_record(domain, **asker.for_checkdmarc)["record"]
            parsed = spf.parse_spf_record(record, domain, **asker.for_checkdmarc)
        except spf.SPFError as error:
            failure = error
    missed = _deciding(heard)
    if missed:
        yield not_asked("SPF", domain, missed, record=record)
    elif failure is not None:
        yield _told_failure(plan, failure, record)
    elif parsed is not None:
        yield _told_record(plan, parsed, record)
        yield from _check_host(plan, asker, parsed["parsed"])


def _deciding(heard: list[Unanswered]) -> list[Unanswered]:
    return [one for one in heard if one.type in DECIDING]


def _told_failure(plan: SenderPlan, failure: spf.SPFError, record: str) -> DomainFinding:
    domain = plan.envelope
    if isinstance(failure, spf.MultipleSPFRTXTRecords):
        return _wrong(
            domain,
            _("{domain} has several SPF records: together they count as none").format(domain=domain),
            Request(
                what=_(
                    "{domain} has several TXT records that begin with “v=spf1”, which makes all of them void (RFC "
                    "7208, 4.5). Please put what they allow into one, and take the others away."
                ).format(domain=domain)
            ),
        )
    if isinstance(failure, spf.SPFRecordNotFound) and not record:
        return _wrong(
            domain, _("{domain} has no SPF record").format(domain=domain), _new_record(plan), is_for_bulk=True
        )
    if isinstance(failure, spf.SPFTooManyDNSLookups | spf.SPFTooManyVoidDNSLookups):
        message = _("the SPF record wants more than {count} look-ups in the DNS: it counts as broken").format(
            count=MOST_LOOKUPS
        )
        if isinstance(failure, spf.SPFTooManyVoidDNSLookups):
            message = _("the SPF record names more than two things that are not there: it counts as broken")
        what = _(
            "The SPF record of {domain} is over its limit (RFC 7208, 4.6.4): {words}. Please take out of it what no "
            "longer sends."
        )
        return _wrong(domain, message, Request(what=what.format(domain=domain, words=quoted(failure))), record=record)
    what = _("The SPF record of {domain} cannot be read: {words}. Please correct it.")
    message = _("the SPF record cannot be read: {words}").format(words=quoted(failure))
    return _wrong(domain, message, Request(what=what.format(domain=domain, words=quoted(failure))), record=record)


def _wrong(
    domain: str, message: str, request: Request, *, record: str = "", is_for_bulk: bool = False
) -> DomainFinding:
    broken = _("A record that is broken is worth no more than none: mail is refused or goes to the spam folder.")
    return DomainFinding(
        topic="SPF",
        standing=Standing.WRONG,
        name=domain,
        message=message,
        means=bulk_rule() if is_for_bulk else broken,
        hint=_("have it set right: the text below"),
        record=record,
        asks=(request,),
    )


def _new_record(plan: SenderPlan) -> Request:
    term = spf_term_of(plan.host, plan.domain)
    if term is None:
        what = _(
            "{domain} has no SPF record. Please add one that allows the servers from which our newsletter is sent; in "
            "the place of SERVICE goes the name that the documentation of the mail service has (include:…)."
        ).format(domain=plan.envelope)
    else:
        what = _(
            "{domain} has no SPF record. Please add one that allows {host} to send for it, and whatever else sends for "
            "the domain."
        ).format(domain=plan.envelope, host=plan.host)
    value = f"v=spf1 {term or 'include:SERVICE'} ~all"
    return Request(what=what, records=(DnsRecord(name=plan.envelope, type="TXT", value=value),))


def _told_record(plan: SenderPlan, parsed: Mapping[str, Any], record: str) -> DomainFinding:
    domain, ending = plan.envelope, parsed["parsed"]["all"]
    if ending == "pass":
        return _wrong(
            domain,
            _("the SPF record lets every machine of the world send for {domain} (+all)").format(domain=domain),
            Request(
                what=_(
                    "The SPF record of {domain} ends with “+all”, which allows everybody. Please end it with “~all”."
                ).format(domain=domain)
            ),
            record=record,
        )
    lookups = ngettext(
        "{count} look-up of {most}", "{count} look-ups of {most}", parsed["dns_lookups"]
    ).format(count=parsed["dns_lookups"], most=MOST_LOOKUPS)  # fmt: skip
    if ending == "neutral":
        return DomainFinding(
            topic="SPF",
            standing=Standing.ATTENTION,
            name=domain,
            message=_(
                "the SPF record says nothing of machines that it does not name (it ends without “~all” or “-all”)"
            ),
            means=_("It helps your own mail, and does not keep others from sending in your name."),
            hint=_("have it set right: the text below"),
            record=record,
            asks=(
                Request(
                    what=_("The SPF record of {domain} has no end: please add “~all” as its last word.").format(
                        domain=domain
                    )
                ),
            ),
        )
    return DomainFinding(
        topic="SPF",
        standing=Standing.WELL,
        name=domain,
        message=_("one record, which can be read ({lookups})").format(lookups=lookups),
        record=record,
    )


def _check_host(plan: SenderPlan, asker: Asker, parsed: Mapping[str, Any]) -> Iterator[DomainFinding]:
    if plan.host is None:
        return
    with asker.listening() as heard:
        addresses = asker.addresses(plan.host)
        own = [address for address in addresses if is_of_the_world(address)]
        verdicts = {address: verdict_on(parsed, address, asker) for address in own}
    if heard:
        yield not_asked("SPF", plan.host, heard)
        return
    if not addresses:
        yield DomainFinding(
            topic="SPF",
            standing=Standing.WRONG,
            name=plan.host,
            message=_("the mail server {host} has no address in the DNS").format(host=plan.host),
            means=_("Nothing can be sent through it."),
            hint=_("look at send.transport: is it spelt right?"),
        )
        return
    if not own:
        yield DomainFinding(
            topic="SPF",
            standing=Standing.UNKNOWN,
            name=plan.host,
            message=_(
                "{host} stands in a network of its own ({addresses}): from which address its mail leaves is not seen "
                "here"
            ).format(host=plan.host, addresses=", ".join(addresses)),
            hint=_("a proof that arrived tells: nl proof N --received"),
        )
        return
    left_out = [address for address, verdict in verdicts.items() if verdict not in (None, "pass")]
    open_ = [address for address, verdict in verdicts.items() if verdict is None]
    if left_out:
        yield _told_left_out(plan, left_out)
    elif open_:
        yield DomainFinding(
            topic="SPF",
            standing=Standing.WELL,
            name=plan.host,
            message=_("whether the record allows {host} cannot be told from here: it decides case by case").format(
                host=plan.host
            ),
        )
    else:
        yield DomainFinding(
            topic="SPF",
            standing=Standing.WELL,
            name=plan.host,
            message=_("the record allows {host} ({addresses})").format(host=plan.host, addresses=", ".join(addresses)),
        )


def _told_left_out(plan: SenderPlan, addresses: list[str]) -> DomainFinding:
    term = spf_term_of(plan.host, plan.domain)
    shown = ", ".join(addresses)
    asks: tuple[Request, ...] = ()
    if term is not None:
        asks = (
            Request(
                what=_(
                    "The SPF record of {domain} does not allow {host} ({addresses}), by which our newsletter is sent. "
                    "If it sends from there, please put “{term}” into the record, before its last word."
                ).format(domain=plan.envelope, host=plan.host, addresses=shown, term=term)
            ),
        )
    return DomainFinding(
        topic="SPF",
        standing=Standing.ATTENTION,
        name=plan.envelope,
        message=_("the record does not allow {host} ({addresses})").format(host=plan.host, addresses=shown),
        means=_(
            "Mail that leaves from there fails SPF. A service may send from other addresses than the one that takes "
            "your mail: a proof that arrived tells (nl proof N --received)."
        ),
        hint=_(
            "ask whoever runs {host} from which addresses it sends, and what stands for them in SPF (include:…)"
        ).format(host=plan.host),
        asks=asks,
    )


def verdict_on(parsed: Mapping[str, Any], address: str, asker: Asker) -> str | None:
    """What a record that checkdmarc has read says of an address (`pass`, `fail`, `softfail`, `neutral`).

    `None` where that depends on more than the address: macros, `exists`, `ptr`.
    """
    for one in parsed["mechanisms"]:
        matches = _matches(one, address, asker)
        if matches is None:
            return None
        if matches:
            return str(one["action"])
    redirect = parsed["redirect"]
    if redirect is not None:
        return None if redirect["parsed"] is None else verdict_on(redirect["parsed"], address, asker)
    return str(parsed["all"])


def _matches(one: Mapping[str, Any], address: str, asker: Asker) -> bool | None:
    mechanism = one["mechanism"]
    if "%" in one["value"] or mechanism in ("exists", "ptr"):
        return None
    if mechanism in ("ip4", "ip6"):
        return _is_in(address, (one["value"],))
    if mechanism == "a":
        return _is_in(address, one.get("addresses", ()))
    if mechanism == "mx":
        return any(_is_in(address, asker.addresses(host["hostname"])) for host in one.get("hosts", ()))
    inner = one.get("parsed")
    if inner is None:
        return None
    found = verdict_on(inner, address, asker)
    return None if found is None else found == "pass"


def _is_in(address: str, networks: tuple[str, ...]) -> bool:
    own = ipaddress.ip_address(address)
    return any(own in ipaddress.ip_network(one, strict=False) for one in networks)
