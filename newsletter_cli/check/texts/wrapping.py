"""Addresses within addresses: what mail filters, search engines and senders put around the page that is meant."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.texts.wording import word_set

# The parameter that holds the page, by host and the beginning of the path; `*.` stands for any host below.
WRAPPERS = {
    # Filters of mail that looks at every click.
    "*.safelinks.protection.outlook.com": "url",
    "*.safelinks.protection.office365.us": "url",
    "statics.teams.cdn.office.net/evergreen-assets/safelinks": "url",
    "urldefense.proofpoint.com/v1": "u",
    "linkprotect.cudasvc.com/url": "a",
    "clicktime.symantec.com": "u",
    "clicktime.cloud.postoffice.net": "u",
    "*.trendmicro.com/wis/clicktime": "url",
    "*.fireeye.com/v1/url": "u",
    "*.hornetsecurity.com": "url",
    "deref-mail.com": "redirecturl",
    "deref-gmx.net": "redirecturl",
    "deref-gmx.com": "redirecturl",
    "deref-web-02.de": "redirecturl",
    # Search engines, networks and forums, which count who leaves.
    "l.facebook.com/l.php": "u",
    "lm.facebook.com/l.php": "u",
    "l.messenger.com/l.php": "u",
    "l.instagram.com": "u",
    "l.threads.com": "u",
    "l.threads.net": "u",
    "*.linkedin.com/redir": "url",
    "*.linkedin.com/safety/go": "url",
    "*.youtube.com/redirect": "q",
    "out.reddit.com": "url",
    "*.duckduckgo.com/l": "uddg",
    "*.umblr.com/redirect": "z",
    "vk.com/away.php": "to",
    "slack-redir.net/link": "url",
    "*.steamcommunity.com/linkfilter": "url",
    "exit.sc": "url",
    "*.viglink.com": "u",
    "go.redirectingat.com": "url",
}
GOOGLE = Pattern(r"(?:www\.)?google\.(?:[a-z]{2,3}|co\.[a-z]{2}|com\.[a-z]{2})")
PROOFPOINT = Pattern(r"urldefense\.(?:com|us|proofpoint\.com)")
# In small letters. Senders that hide the page behind a number: only who received the letter can follow it back.
CLICK_TRACKERS = Pattern(
    r"(?:[\w-]+\.)*(?:list-manage\.com/track|ct\.sendgrid\.net|sendgrid\.net/(?:ls|wf)/click"
    r"|sendib(?:m|t)\d\.com|r\.mail\.brevo\.com|mailin\.fr/(?:tr|mk)/cl|brevo(?:clicks|email)?\.com/(?:tr|mk)/cl"
    r"|mjt\.lu|mlsend\d*\.com/link|mlclick\.com|mailerlite\.com/link/c|acemln[abcd]\.com|activehosted\.com/lt\.php"
    r"|cmail\d{1,2}\.com/t|createsend\d*\.com/t|rs6\.net/tn|hubspotlinks\.com|hs-sales-engage\.com|hubspotlinksstarter\.com"
    r"|exct\.net|exacttarget\.com|eloqua\.com/e/er|mktoweb\.com|mkt\d+\.com/ctt|bmetrack\.com|awstrack\.me|pstmrk\.it"
    r"|convertkit-mail\d*\.com|ckclick\.com|klclick\d?\.com|klaviyomail\.com|trk\.klclick|infomaniak\.com/newsletter/l"
    r"|sarbacane\.com/c|sbcn?(?:tracking)?\.net/c|emlnk\d?\.com|getresponse\.com/click|mailgun\.org/c|benchurl\.com/c"
    r"|substack\.com/redirect|ccsend\.com|flodesk\.com/click|customeriomail\.com|intercom-clicks\.com"
    r"|secutix\.com/c|dmanalytics\d\.com|splio\.com/c|actito\.com/c|mimecast\.com/s|protection\.sophos\.com"
    r"|secure-web\.cisco\.com)(?![\w.-])"
)
# In small letters. What takes somebody off a list, or shows what a list knows of them.
LEAVES = Pattern(
    r"(?:unsubscribe|desabonne|d[eé]sabonnement|desinscri|d[eé]sinscription|opt-?out|signoff|sigrequest|auto_signoff"
    r"|list-manage\.com/profile|update-?profile|manage-?preferences|email-?preferences|mailman/options)"
)
# A value that only one reader has: a long row of letters and digits, or a mailbox.
TOKEN = Pattern(r"(?=[\w.~-]*\d)(?=[\w.~-]*[a-z])[\w.~=-]{16,}|[0-9a-f]{10,}|[^@\s]+@[^@\s]+\.\w{2,}", re.IGNORECASE)
MAILBOX = Pattern(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
OF_READERS = word_set(
    "email e-mail e_mail mail emailaddress email_address mailaddress useremail user_email subscriber_email subscriber"
    " recipient recipient_email rcpt destinataire courriel mel adresse_mail adresse_email upn username user login em"
    " login_hint"
)
BASE64_ADDRESS = Pattern(r"aHR0c[\w+/=-]{8,}")
SIGN_RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DEEPEST = 4  # one filter around another


class Wrapped(Struct, frozen=True, kw_only=True):
    """`target` is the page that is meant, `None` where the address does not tell; `host` is who stands before it."""

    host: str
    target: str | None


def unwrap(address: str) -> Wrapped | None:
    """What stands around the page that this address leads to; `None` where nothing does."""
    outermost: str | None = None
    for _depth in range(DEEPEST):
        found = _unwrap_once(address)
        if found is None:
            break
        outermost = outermost or found.host
        if found.target is None:
            return Wrapped(host=outermost, target=None)
        address = found.target
    return None if outermost is None else Wrapped(host=outermost, target=address)


def _unwrap_once(address: str) -> Wrapped | None:
    try:
        parts = urlsplit(address.strip().replace("&amp;", "&"))
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if not host or parts.scheme.lower() not in ("http", "https"):
        return None
    key = _parameter(host, parts.path.lower())
    target: str | None = None
    if key is not None:
        # A search engine's own pages have such parameters, too.
        values = {name.lower(): value for name, value in parse_qsl(parts.query)}
        target = _page(values.get(key)) or (_page(values.get("url")) if key == "q" else None)
        return Wrapped(host=host, target=target) if target or not GOOGLE.fullmatch(host) else None
    if PROOFPOINT.fullmatch(host) and parts.path.startswith(("/v2", "/v3/__")):
        return Wrapped(host=host, target=_page(_proofpoint(address.strip(), parts)))
    is_tracker = CLICK_TRACKERS.match(f"{host}{parts.path}".lower()) or "mailpoet_router" in parts.query
    return Wrapped(host=host, target=_page_in_path(host, parts.path, parts.query)) if is_tracker else None


def _parameter(host: str, path: str) -> str | None:
    if GOOGLE.fullmatch(host):
        return "q" if path == "/url" else None
    for wrapper, name in WRAPPERS.items():
        domain, slash, start = wrapper.partition("/")
        if slash and not path.startswith(f"/{start}"):
            continue
        if host == domain.removeprefix("*.") or (domain.startswith("*.") and host.endswith(domain[1:])):
            return name
    return None


def _page(value: str | None) -> str | None:
    """A web address that can be written in the place of the one around it."""
    if value is None:
        return None
    value = value.strip()
    if re.match(r"https?%3a", value, re.IGNORECASE):
        value = unquote(value)
    return value if re.match(r"https?://[^\s/]*[^\s/.]\.[^\s]+\Z", value, re.IGNORECASE) else None


def _proofpoint(address: str, parts: SplitResult) -> str | None:
    """Its first way is like others’; in the second, `-3A` is `%3A` and `_` a slash."""
    if parts.path.startswith("/v3"):
        return _third_version(address)
    coded = dict(parse_qsl(parts.query)).get("u", "")
    return unquote(coded.replace("-", "%").replace("_", "/"))


def _third_version(address: str) -> str | None:
    """Proofpoint’s third way: `*` for each sign that was taken out, all of them in base64 behind the address."""
    found = re.search(r"/v3/__(.+?)__;([^!]*)!", address)
    if found is None:
        return None
    taken = _decoded(found[2]) if found[2] else ""
    if taken is None:
        return None
    signs = iter(taken)

    def put_back(star: re.Match[str]) -> str:
        count = SIGN_RUNS.index(star[1]) + 2 if star[1] else 1
        return "".join(next(signs, "") for _sign in range(count))

    page = re.sub(r"\*(?:\*([\w-]))?", put_back, found[1])
    # Some servers make one slash of two.
    return re.sub(r"\A(https?:)/(?=[^/])", r"\1//", page)


def _page_in_path(host: str, path: str, query: str) -> str | None:
    """The page that some senders write behind their own address, in one way or another."""
    for coded in (*BASE64_ADDRESS.findall(path), *BASE64_ADDRESS.findall(query)):
        page = _page(_decoded(coded))
        if page:
            return page
    if host.endswith("pstmrk.it"):
        found = re.match(r"/\ds/([^/]+)", path)
        return _page(f"https://{unquote(found[1])}") if found else None
    for part in path.split("/"):
        if re.match(r"https?(?:%3a|:)%2f", part, re.IGNORECASE):
            return _page(unquote(part))
    return None


def _decoded(coded: str) -> str | None:
    try:
        return base64.urlsafe_b64decode(coded.rstrip("=") + "=" * (-len(coded.rstrip("=")) % 4)).decode()
    except (ValueError, binascii.Error):
        return None


def leaves_a_list(address: str) -> bool:
    """Whether an address takes one reader off a list, or shows what it knows of them."""
    try:
        parts = urlsplit(address.strip().replace("&amp;", "&"))
    except ValueError:
        return False
    if not LEAVES.search(f"{parts.netloc}{parts.path}?{parts.query}".lower()):
        return False
    values = [value for _name, value in parse_qsl(parts.query)]
    pieces = [unquote(piece) for piece in parts.path.split("/")]
    if "list-manage.com" in parts.netloc.lower() and "e=" in parts.query:
        return True
    return any(TOKEN.fullmatch(one) for one in (*values, *pieces)) or "--at--" in parts.path


def names_a_reader(address: str) -> bool:
    """Whether a parameter of an address holds somebody's mailbox."""
    if "@" not in address and "%40" not in address:
        return False
    try:
        parts = urlsplit(address.strip().replace("&amp;", "&"))
    except ValueError:
        return False
    return any(
        name.lower() in OF_READERS and MAILBOX.fullmatch(value.strip()) for name, value in parse_qsl(parts.query)
    )
