"""DMARC (RFC 9989): what receivers do with mail that only says it is from a domain, as checkdmarc reads the record; and
whether what SPF and DKIM prove is proved of the domain that readers see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkdmarc import dmarc  # type: ignore[import-untyped]
from checkdmarc.utils import get_base_domain  # type: ignore[import-untyped]

from newsletter_cli.base.i18n import _
from newsletter_cli.check.domain.asking import Asker
from newsletter_cli.check.domain.finding import DnsRecord, DomainFinding, Request, Standing
from newsletter_cli.check.domain.plan import SenderPlan
from newsletter_cli.check.domain.wording import bulk_rule, not_asked, quoted

# checkdmarc leaves out of its tags what RFC 9989 took away, and says so in a warning that begins like this.
PCT_WARNING = "Support for the pct tag was removed"
# What it says where a report's destination has not agreed (RFC 9990, 4), or could not be asked.
NOT_AGREED = "Authorization record not found"
REPORT_NAME = "._report._dmarc."


def check_dmarc(plan: SenderPlan, asker: Asker) -> Iterator[DomainFinding]:
    """The record of the domain in From, found by the tree walk, and alignment with it."""
    domain = plan.domain
    record, location = "", domain
    failure: dmarc.DMARCError | None = None
    parsed: Mapping[str, Any] | None = None
    with asker.listening() as heard:
        try:
            found = dmarc.query_dmarc_record(domain, ignore_unrelated_records=True, **asker.for_checkdmarc)
            record, location = found["record"], found["location"]
            parsed = dmarc.parse_dmarc_record(record, location, ignore_unrelated_records=True, **asker.for_checkdmarc)
        except dmarc.DMARCError as error:
            failure = error
    # Whether a mailbox for reports exists decides nothing here.
    missed = [one for one in heard if one.type == "TXT" and one.name.startswith("_dmarc.")]
    if missed and parsed is None:
        yield not_asked("DMARC", f"_dmarc.{domain}", missed)
    elif failure is not None:
        yield _told_failure(domain, failure, record, location)
    elif parsed is not None:
        yield from _told_record(plan, parsed, record, location)
        if not any(REPORT_NAME in one.name for one in heard):
            yield from _told_reports(parsed, location)
        yield from _told_alignment(plan, parsed["tags"])


def same_organisation(one: str, other: str) -> bool:
    """Whether two domains belong to one organisation, as relaxed alignment wants it."""
    return bool(get_base_domain(one) == get_base_domain(other))


def _told_failure(domain: str, failure: dmarc.DMARCError, record: str, location: str) -> DomainFinding:
    name = f"_dmarc.{location}"
    if isinstance(failure, dmarc.DMARCRecordNotFound):
        base = get_base_domain(domain)
        value = f"v=DMARC1; p=none; rua=mailto:dmarc@{base}"
        return DomainFinding(
            topic="DMARC",
            standing=Standing.WRONG,
            name=name,
            message=_("there is no DMARC record for {domain}").format(domain=domain),
            means=bulk_rule(),
            hint=_("have it added: the text below"),
            asks=(
                Request(
                    what=_(
                        "{domain} has no DMARC record. Please add one; “p=none” changes nothing for the mail that the "
                        "domain sends today, and the reports (rua) go to a mailbox that somebody looks into, which may "
                        "be another one."
                    ).format(domain=base),
                    records=(DnsRecord(name=f"_dmarc.{base}", type="TXT", value=value),),
                ),
            ),
        )
    if isinstance(failure, dmarc.MultipleDMARCRecords):
        message = _("there are several DMARC records: together they count as none")
        what = _(
            "There are several DMARC records at {name}, which makes all of them void (RFC 9989, 4.10). Please keep one."
        )
    elif isinstance(failure, dmarc.DMARCRecordInWrongLocation):
        message = _("the DMARC record stands at {domain} itself, where nobody looks").format(domain=domain)
        what = _("The DMARC record has to stand at {name}: please move it there.")
    else:
        message = _("the DMARC record cannot be read: {words}").format(words=quoted(failure))
        what = _("The DMARC record at {name} cannot be read: {words}. Please correct it.")
    return DomainFinding(
        topic="DMARC",
        standing=Standing.WRONG,
        name=name,
        message=message,
        means=bulk_rule(),
        hint=_("have it set right: the text below"),
        record=record,
        asks=(Request(what=what.format(name=name, words=quoted(failure))),),
    )


def _told_record(plan: SenderPlan, parsed: Mapping[str, Any], record: str, location: str) -> Iterator[DomainFinding]:
    tags = parsed["tags"]
    policy = tags["p" if location == plan.domain else "sp"]["value"]
    name = f"_dmarc.{location}"
    is_test = tags["t"]["value"] == "y"
    if policy == "none":
        yield _attention(
            name,
            _("it only watches (p=none)"),
            _("It is enough for large providers today; anybody may go on sending in your name."),
            Request(
                what=_(
                    "The DMARC record of {domain} only watches. When the reports have shown for some weeks that all "
                    "our own mail passes, please go on to “p=quarantine”."
                ).format(domain=location)
            ),
            record=record,
        )
    elif is_test:
        yield _attention(
            name,
            _("it is being tested (t=y): receivers do not yet do what it asks"),
            _("Anybody may go on sending in your name."),
            Request(
                what=_("When the tests are over, please take “t=y” out of the record at {name}.").format(name=name)
            ),
            record=record,
        )
    else:
        message = (
            _("receivers are asked to refuse mail that only says it is from {domain} (p=reject)")
            if policy == "reject"
            else _("receivers are asked to put aside mail that only says it is from {domain} (p=quarantine)")
        ).format(domain=plan.domain)
        yield DomainFinding(topic="DMARC", standing=Standing.WELL, name=name, message=message, record=record)
    if any(str(one).startswith(PCT_WARNING) for one in parsed["warnings"]):
        yield _attention(
            name,
            _("it has “pct”, which no longer counts (RFC 9989): the policy holds for all mail or, with t=y, for none"),
            _("Receivers that go by the new rules apply the policy to everything."),
            Request(
                what=_("Please take “pct” out of the record at {name}; “t=y” is the way to test.").format(name=name)
            ),
        )
    if "rua" not in tags:
        yield _attention(
            name,
            _("it asks for no reports (rua)"),
            _("Nobody learns that your mail fails the checks, before readers miss it."),
            Request(
                what=_("Please add “rua=mailto:dmarc@{domain}”, or another mailbox, to the record at {name}.").format(
                    domain=location, name=name
                )
            ),
        )


def _told_reports(parsed: Mapping[str, Any], location: str) -> Iterator[DomainFinding]:
    """Where reports are to go to another domain, that domain has to say that it wants them."""
    if not any(NOT_AGREED in str(one) for one in parsed["warnings"]):
        return
    addresses = [one["address"] for one in parsed["tags"].get("rua", {"value": []})["value"]]
    others = sorted({one.rpartition("@")[2].lower() for one in addresses} - {location})
    for other in others:
        if not same_organisation(other, location):
            yield _attention(
                f"_dmarc.{location}",
                _("reports go to {other}, which does not say that it takes them").format(other=other),
                _("Providers do not send them: nobody learns that your mail fails the checks."),
                Request(
                    what=_(
                        "Reports about {domain} (DMARC) are to go to {other}. Whoever runs the DNS of {other} has to "
                        "agree by this record; or name a mailbox of the domain’s own (rua)."
                    ).format(domain=location, other=other),
                    records=(DnsRecord(name=f"{location}{REPORT_NAME}{other}", type="TXT", value="v=DMARC1"),),
                ),
            )


def _attention(name: str, message: str, means: str, request: Request, *, record: str = "") -> DomainFinding:
    return DomainFinding(
        topic="DMARC",
        standing=Standing.ATTENTION,
        name=name,
        message=message,
        means=means,
        hint=_("the text below asks for it"),
        record=record,
        asks=(request,),
    )


def _told_alignment(plan: SenderPlan, tags: Mapping[str, Any]) -> Iterator[DomainFinding]:
    """Alignment of the envelope sender and of our own signature with From (RFC 9989, 4.4)."""
    shown = [("aspf", plan.envelope, "send.bounces")]
    shown += [("adkim", key.domain, "send.dkim.domain") for key in plan.keys if key.is_own]
    aligned = {tag: _is_aligned(other, plan.domain, tags[tag]["value"]) for tag, other, _key in shown}
    for tag, other, key in shown:
        is_strict = tags[tag]["value"] == "s"
        if aligned[tag]:
            continue
        # Without a signature of nl's, the mail server's may well be aligned.
        is_lost = plan.signs and not any(aligned.values())
        message = (
            _("{key} is of {other}, the sender of {domain}: DMARC wants the very same domain here (strict)")
            if is_strict
            else _("{key} is of {other}, the sender of {domain}: for DMARC, they are not one")
        )
        yield DomainFinding(
            topic="DMARC",
            standing=Standing.WRONG if is_lost else Standing.ATTENTION,
            name=other,
            message=message.format(key=key, other=other, domain=plan.domain),
            means=_("What SPF proves does not count for DMARC; a signature (DKIM) of the sender’s domain has to.")
            if tag == "aspf"
            else _("The signature does not count for DMARC; SPF has to, and it breaks where mail is forwarded."),
            hint=_("take a name of the sender’s domain for {key}").format(key=key),
        )
    if all(aligned.values()):
        names = ", ".join(dict.fromkeys(other for _tag, other, _key in shown))
        yield DomainFinding(
            topic="DMARC",
            standing=Standing.WELL,
            name=plan.domain,
            message=_("what is proved of {names} counts for the sender’s domain (alignment)").format(names=names),
        )


def _is_aligned(other: str, domain: str, mode: str) -> bool:
    return other == domain if mode == "s" else same_organisation(other, domain)
