"""The text for whoever runs the DNS of a domain: what is asked for, with the records as they are entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import fill

from newsletter_cli.base.i18n import _
from newsletter_cli.check.domain.finding import DomainFinding, Request

# So that it may be quoted in an answer, and a terminal of the usual width breaks nothing.
WIDTH = 76


def write_letter(domain: str, findings: Iterable[DomainFinding]) -> str | None:
    """A message ready to be sent; `None` where there is nothing to ask for. Nothing personal is in it."""
    requests = list({request.what: request for one in findings for request in one.asks}.values())
    if not requests:
        return None
    return "\n".join(_lines(domain, requests)) + "\n"


def _lines(domain: str, requests: list[Request]) -> Iterator[str]:
    yield _("Subject: DNS of {domain}, for our newsletter").format(domain=domain)
    yield ""
    yield _("Hello,")
    yield ""
    yield _wrapped(
        _(
            "We send a newsletter from {domain}. For its mail to arrive, something is to be done in the DNS or on the "
            "mail server:"
        ).format(domain=domain)
    )
    for number, request in enumerate(requests, 1):
        yield ""
        yield _wrapped(request.what, f"{number}. ")
        for record in request.records:
            yield ""
            # What is to be entered is never broken.
            for label, text in ((_("name"), record.name), (_("type"), record.type), (_("value"), record.value)):
                yield "   " + _("{label}: {text}").format(label=label, text=text)
    yield ""
    yield _("Thank you! Tell me when it stands there, and I look again.")


def _wrapped(text: str, mark: str = "") -> str:
    """A paragraph as mails have it, without cutting a name in two."""
    return fill(
        text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
