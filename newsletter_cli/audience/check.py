"""Every fault and doubt of a list, as findings. They name rows, never addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from newsletter_cli.audience.doubtful import is_disposable, is_role, suggest_domain
from newsletter_cli.audience.row import Candidate, Tally
from newsletter_cli.audience.seen import SeenKeys
from newsletter_cli.audience.source import ListSource
from newsletter_cli.audience.words import no_name_note
from newsletter_cli.base.i18n import _
from newsletter_cli.model.finding import Finding, Level

# Says what is wrong with a domain's mail, or nothing.
DomainProbe = Callable[[str], str | None]


def check_list(source: ListSource, tally: Tally, *, probe: DomainProbe | None = None) -> Iterator[Finding]:
    """The findings on a list, in the source's order, those on the whole list as they show.

    `line` is the row as a spreadsheet counts it. `probe` looks a domain up in the DNS, where the editor asked for that.
    Raises `ListError`.
    """
    told = 0
    # What to do is said once of a kind: a bad export has it in each row.
    has_refused = has_no_name = False
    seen = SeenKeys()
    for candidate in source.read(tally):
        if len(tally.faults) > told:
            yield from _list_faults(source, tally, told)
            told = len(tally.faults)
        if candidate.fault:
            hint = None if has_refused else _("nobody is written to by this row: correct it, or take it out")
            has_refused = True
            yield _finding(source, candidate, "list-address-invalid", Level.ERROR, candidate.fault, hint)
            continue
        for note in candidate.notes:
            if note == no_name_note():
                hint = None if has_no_name else _("write the name, or leave the cell empty")
                has_no_name = True
                yield _finding(source, candidate, "list-name-none", Level.WARNING, note, hint)
            else:
                yield _finding(source, candidate, "list-cell-assumed", Level.INFO, note)
        if source.has_doubles and (first := seen.first_row(candidate.key, candidate.row)) is not None:
            message = _("duplicate of row {row}").format(row=first)
            yield _finding(source, candidate, "list-address-double", Level.INFO, message)
            continue
        yield from _doubts(source, candidate)
        if probe is not None and (trouble := probe(candidate.address.rpartition("@")[2])):
            yield _finding(source, candidate, "list-domain-unreachable", Level.WARNING, trouble)
    yield from _list_faults(source, tally, told)


def _list_faults(source: ListSource, tally: Tally, told: int) -> Iterator[Finding]:
    """What is wrong with the list itself, from the fault number `told` on."""
    for fault in tally.faults[told:]:
        yield Finding(
            file=source.name,
            rule=fault.rule,
            level=Level.ERROR,
            message=fault.message,
            line=fault.row,
            suggestion=fault.hint,
        )


def _doubts(source: ListSource, candidate: Candidate) -> Iterator[Finding]:
    local, _at, domain = candidate.address.rpartition("@")
    near = suggest_domain(domain)
    if near:
        message = _("the domain {domain} looks like a slip").format(domain=domain)
        proposal = _("was {domain} meant? nl changes nothing by itself").format(domain=near)
        yield _finding(source, candidate, "list-domain-slip", Level.WARNING, message, proposal)
    if domain.startswith("xn--") or ".xn--" in domain:
        message = _("the domain is written with other letters than a to z; its real name is {domain}").format(
            domain=domain
        )
        yield _finding(source, candidate, "list-domain-lookalike", Level.WARNING, message)
    if not local.isascii():
        message = _("the part before the @ has letters that only mail servers with SMTPUTF8 take")
        yield _finding(source, candidate, "list-address-smtputf8", Level.INFO, message)
    if is_role(candidate.address):
        message = _("an office’s address, not a person’s: who agreed?")
        yield _finding(source, candidate, "list-role-address", Level.WARNING, message)
    if is_disposable(domain):
        message = _("{domain} hands out throw-away mailboxes").format(domain=domain)
        yield _finding(source, candidate, "list-domain-disposable", Level.WARNING, message)


def _finding(
    source: ListSource, candidate: Candidate, rule: str, level: Level, message: str, suggestion: str | None = None
) -> Finding:
    return Finding(file=source.name, rule=rule, level=level, message=message, line=candidate.row, suggestion=suggestion)


def dns_probe(*, timeout_seconds: int = 5) -> DomainProbe:
    """A probe that asks the DNS once per domain whether it takes mail. Needs a network."""
    from functools import lru_cache

    from email_validator import EmailNotValidError, caching_resolver
    from email_validator.deliverability import validate_email_deliverability

    resolver = caching_resolver(timeout=timeout_seconds)

    @lru_cache(maxsize=100_000)
    def probe(domain: str) -> str | None:
        try:
            found = validate_email_deliverability(domain, domain, dns_resolver=resolver)
        except EmailNotValidError:
            return _("the domain {domain} takes no mail").format(domain=domain)
        if "unknown-deliverability" in found:
            return _("the domain {domain} could not be looked up").format(domain=domain)
        return None

    return probe
