"""What became of an address that the message leads to, or that a picture is fetched from."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern

# Who puts their own address in the place of others, by the end of the host.
REWRITERS = {
    "safelinks.protection.outlook.com": "Microsoft Safe Links",
    "safelinks.protection.office365.us": "Microsoft Safe Links",
    "urldefense.com": "Proofpoint URL Defense",
    "urldefense.proofpoint.com": "Proofpoint URL Defense",
    "secure-web.cisco.com": "Cisco Secure Email",
    "linkprotect.cudasvc.com": "Barracuda",
    "mimecastprotect.com": "Mimecast",
    "mimecast.com": "Mimecast",
    "scanmail.trustwave.com": "Trustwave",
    "clicktime.symantec.com": "Symantec",
    "protect.checkpoint.com": "Check Point",
    "sophos.com": "Sophos",
    "fireeye.com": "Trellix",
    "vadesecure.com": "Vade",
    "mailinblack.com": "Mailinblack",
    "sendgrid.net": "SendGrid",
    "mjt.lu": "Mailjet",
    "mailjet.com": "Mailjet",
    "sendibm1.com": "Brevo",
    "sendibt2.com": "Brevo",
    "sendibt3.com": "Brevo",
    "sibforms.com": "Brevo",
    "brevo.com": "Brevo",
    "list-manage.com": "Mailchimp",
    "mailgun.org": "Mailgun",
    "mandrillapp.com": "Mandrill",
    "awstrack.me": "Amazon SES",
    "postmarkapp.com": "Postmark",
    "pstmrk.it": "Postmark",
    "sparkpostmail.com": "SparkPost",
    "googleusercontent.com": "Gmail",
    "google.com": "Google",
}
TRACKING = Pattern(
    r"utm_\w+|mc_[ce]id|fbclid|gclid|msclkid|_hs\w+|mkt_tok|mtm_\w+|pk_\w+|at_\w+|xtor|vero_\w+|oly_\w+|trk\w*|wickedid"
)


class AddressChange(Struct, frozen=True, kw_only=True):
    """`kind` is `link-rewritten` (another host), `tracking-added` or `link-changed`. `host` is the new one, `who` whose
    it is, where that is known; `parameters` are those that came in.
    """

    kind: str
    host: str
    who: str = ""
    parameters: tuple[str, ...] = ()


def compare_address(was: str, now: str) -> AddressChange | None:
    """What happened to an address; `None` where it leads to the same."""
    if normal(was) == normal(now):
        return None
    before, after = _split(was), _split(now)
    if before is None or after is None:
        return AddressChange(kind="link-changed", host="")
    host = (after.hostname or "").lower()
    if host != (before.hostname or "").lower():
        return AddressChange(kind="link-rewritten" if host else "link-changed", host=host, who=who_is(host))
    if (before.scheme, before.netloc, before.path) == (after.scheme, after.netloc, after.path):
        old, new = parse_qsl(before.query, True), parse_qsl(after.query, True)
        more = [pair for pair in new if pair not in old]
        if [pair for pair in new if pair in old] == old and more and before.fragment == after.fragment:
            return AddressChange(kind="tracking-added", host=host, parameters=tuple(name for name, _value in more))
    return AddressChange(kind="link-changed", host=host)


def who_is(host: str) -> str:
    """Whose host it is; empty where that is not known."""
    return next((who for end, who in REWRITERS.items() if host == end or host.endswith(f".{end}")), "")


def normal(address: str) -> str:
    """As two are compared: the same address written otherwise is none other."""
    text = address.strip(" \t\r\n\f<>")
    for blank in "\t\r\n":
        text = text.replace(blank, "")
    scheme, colon, rest = text.partition(":")
    text = f"{scheme.lower()}{colon}{rest}" if colon else text
    parts = _split(text)
    if parts is not None and parts.hostname and parts.netloc.lower().endswith(parts.hostname):
        text = text.replace(parts.netloc, parts.netloc.lower(), 1)
    return unquote(text.replace("%26", "%2526").replace("%3D", "%253D").replace("%23", "%2523").replace("%3F", "%253F"))


def _split(address: str):  # type: ignore[no-untyped-def]
    try:
        parts = urlsplit(address.strip(" \t\r\n\f<>()[],;"))
        _port = parts.port
    except ValueError:
        return None
    return parts
