"""Mail services that many use, and what stands for them in an SPF record, as their own documentation has it."""

from __future__ import annotations

# The end of the name of the server that takes mail, and the term for the machines that send it.
SPF_TERMS = (
    ("mail.ovh.net", "include:mx.ovh.com"),
    ("mail.ovh.ca", "include:mx.ovh.ca"),
    ("gmail.com", "include:_spf.google.com"),
    ("google.com", "include:_spf.google.com"),
    ("office365.com", "include:spf.protection.outlook.com"),
    ("mail.gandi.net", "include:_mailcust.gandi.net"),
    ("infomaniak.com", "include:spf.infomaniak.ch"),
    ("mailjet.com", "include:spf.mailjet.com"),
    ("brevo.com", "include:spf.brevo.com"),
    ("sendinblue.com", "include:spf.brevo.com"),
    ("amazonaws.com", "include:amazonses.com"),
    ("tem.scaleway.com", "include:_spf.scw-tem.cloud"),
)


def spf_term_of(host: str | None, domain: str) -> str | None:
    """What allows a mail server in an SPF record; `None` where only its owner knows."""
    if host is None:
        return None
    for end, term in SPF_TERMS:
        if host == end or host.endswith(f".{end}"):
            return term
    return f"a:{host}" if is_of(host, domain) else None


def is_of(host: str, domain: str) -> bool:
    """Whether the host's name lies in the domain."""
    return host == domain or host.endswith(f".{domain}")
