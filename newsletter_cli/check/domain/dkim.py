"""DKIM (RFC 6376): whether the public half of a key stands where a signature says."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.delivered.signature import tags_of
from newsletter_cli.check.domain.asking import Asker
from newsletter_cli.check.domain.finding import DnsRecord, DomainFinding, Request, Standing
from newsletter_cli.check.domain.plan import SenderPlan, SigningKey
from newsletter_cli.check.domain.wording import bulk_rule, not_asked

# What a public key of RSA weighs (SubjectPublicKeyInfo) with 1024 bits; one of 2048 has 294 octets.
OCTETS_OF_1024, OCTETS_OF_2048 = 160, 290


def check_dkim(plan: SenderPlan, asker: Asker) -> Iterator[DomainFinding]:
    """Each key that is known; without one, whether the domain seems to have any."""
    for key in plan.keys:
        yield _check_key(key, asker)
    if not plan.keys:
        yield _check_any(plan, asker)


def _check_key(key: SigningKey, asker: Asker) -> DomainFinding:
    answer = asker.ask(key.name, "TXT")
    if answer.failure is not None:
        return not_asked("DKIM", key.name, [answer.failure])
    records = [text for text in answer.texts if "p" in tags_of(text)]
    if not records:
        return _wrong(key, _("no key stands at {name}").format(name=key.name))
    if len(records) > 1:
        return _wrong(key, _("several keys stand at {name}: which one counts cannot be told").format(name=key.name))
    return _judge(key, records[0])


def _judge(key: SigningKey, record: str) -> DomainFinding:
    tags = tags_of(record)
    try:
        octets = base64.b64decode(tags["p"], validate=True)
    except (binascii.Error, ValueError):
        return _wrong(key, _("the key at {name} cannot be read: p= is no Base64").format(name=key.name), record)
    is_rsa = tags.get("k", "rsa").lower() == "rsa"
    faults = (
        (not octets, _("the key at {name} is withdrawn (its p= is empty)")),
        (tags.get("v", "DKIM1") != "DKIM1", _("what stands at {name} is no key: it does not begin with v=DKIM1")),
        (key.modulus not in octets, _("the key at {name} is not the other half of the one that nl signs with")),
        (is_rsa and len(octets) < OCTETS_OF_1024, _("the key at {name} is too short to count (below 1024 bits)")),
    )
    for is_so, message in faults:
        if is_so:
            return _wrong(key, message.format(name=key.name), record)
    doubts = (
        (
            "y" in tags.get("t", "").split(":"),
            _("the key at {name} is being tested (t=y): receivers may act as if nothing were signed"),
            _("When the tests are over, please take “t=y” out of the record at {name}."),
        ),
        (
            is_rsa and len(octets) < OCTETS_OF_2048,
            _("the key at {name} is short (below 2048 bits)"),
            _("Please replace the key at {name} by one of 2048 bits when there is an occasion."),
        ),
    )
    for is_so, message, what in doubts:
        if is_so:
            return _attention(key, message.format(name=key.name), what.format(name=key.name), record)
    message = _("the key that nl signs with stands at {name}") if key.public else _("a key stands at {name}")
    return DomainFinding(
        topic="DKIM", standing=Standing.WELL, name=key.name, message=message.format(name=key.name), record=record
    )


def _wrong(key: SigningKey, message: str, record: str = "") -> DomainFinding:
    means = _("Signatures do not hold: providers take the mail for forged.")
    records: tuple[DnsRecord, ...] = ()
    if key.public:
        records = (
            DnsRecord(name=key.name, type="TXT", value=f"v=DKIM1; k=rsa; p={base64.b64encode(key.public).decode()}"),
        )
        what = _("Our newsletter is signed (DKIM). Please have this key, and no other, stand at {name}:")
    elif key.is_own:
        what = _("Our newsletter is signed (DKIM). Please have our public key stand at {name}; I send it along.")
    else:
        what = _(
            "Our mail server signs (DKIM) with the selector {selector}. Please have its public key stand at {name}."
        )
    return DomainFinding(
        topic="DKIM",
        standing=Standing.WRONG,
        name=key.name,
        message=message,
        means=means,
        hint=_("have it set right: the text below"),
        record=record,
        asks=(Request(what=what.format(name=key.name, selector=key.selector), records=records),),
    )


def _attention(key: SigningKey, message: str, what: str, record: str) -> DomainFinding:
    return DomainFinding(
        topic="DKIM",
        standing=Standing.ATTENTION,
        name=key.name,
        message=message,
        means=_("The mail arrives today; a provider may become stricter."),
        hint=_("the text below asks for it"),
        record=record,
        asks=(Request(what=what),),
    )


def _check_any(plan: SenderPlan, asker: Asker) -> DomainFinding:
    """Where nobody knows the selector: a name that is not there has nothing below it (RFC 8020)."""
    name = f"_domainkey.{plan.domain}"
    answer = asker.ask(name, "TXT")
    find_out = _(
        "the selector stands in a message of yours that arrived, after “s=” in DKIM-Signature: nl doctor --domain "
        "--selector NAME"
    )
    if answer.failure is not None:
        return not_asked("DKIM", name, [answer.failure])
    if answer.exists:
        return DomainFinding(
            topic="DKIM",
            standing=Standing.UNKNOWN,
            name=name,
            message=_("{domain} has keys; with which one your mail server signs is not known here").format(
                domain=plan.domain
            ),
            hint=find_out,
        )
    return DomainFinding(
        topic="DKIM",
        standing=Standing.ATTENTION,
        name=name,
        message=_("{domain} seems to have no key: mail is not signed, or in the name of another domain").format(
            domain=plan.domain
        ),
        means=bulk_rule(),
        hint=find_out,
        asks=(
            Request(
                what=_(
                    "Nothing stands below {name}. Please have the mail server that sends for {domain} sign (DKIM) in "
                    "the name of {domain}, and its public key stand there."
                ).format(name=name, domain=plan.domain)
            ),
        ),
    )
