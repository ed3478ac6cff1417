"""What an address was meant to be, where it was mistyped: told from its form alone, nobody is asked."""

from __future__ import annotations

import re
from enum import Enum
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.texts.wording import word_set


class AddressSlip(Enum):
    """How an address was mistyped."""

    MAIL = "a mailbox without mailto:"
    MAIL_BY_WEB = "a mailbox behind https://"
    TWICE = "two beginnings"
    BEGINNING = "a beginning that is none"
    NO_BEGINNING = "a site without https://"
    HOST = "a site whose name cannot be"
    TELEPHONE = "a number as it is read, not as it is dialled"
    NO_TELEPHONE = "no number"


class Mistyped(Struct, frozen=True, kw_only=True):
    """What is wrong with an address; `meant` is the address that was meant, `None` where nobody can tell."""

    slip: AddressSlip
    meant: str | None = None


LABEL = r"[\w](?:[\w-]*[\w])?"
MAILBOX = Pattern(rf"[\w.+'&-]+@(?:{LABEL}\.)+[a-z]{{2,}}(?:\?\S*)?", re.IGNORECASE, signs=("@",))
MAIL_SLIP = Pattern(
    r"(?:(?:e-?)?mails?|mai?l?to|mail?ot|malito|mialto|mai?t?lo|courriel)\s*[:;]?\s*/{0,2}(?P<box>[^\s/:;]+@\S+)",
    re.IGNORECASE,
    signs=("@",),
)
TWICE = Pattern(r"(?:https?\s*:?[/\\]{1,3}\s*)+(?P<last>https?)\s*:?[/\\]{1,3}(?P<rest>[^\s/].*)", re.IGNORECASE)
# Letters of “https” in any order, with what is left of `://`: a colon and a slash, or both slashes.
BEGINNING = Pattern(
    r"(?P<word>[htpsx]{2,8})(?P<marks>\s*[:;,.]?\s*(?:[/\\]|%5c){1,4}\s*|[:;](?=[\w-]+\.))(?P<rest>[^\s/\\:@]+\.[^\s].*|localhost\S*)",
    re.IGNORECASE,
)
GOOD_BEGINNING = Pattern(r"https?://(?![/\\])", re.IGNORECASE)
WWW = Pattern(r"w{2,4}[.,](?=[\w-]+\.)(?P<rest>\S+)", re.IGNORECASE)
SCHEME = Pattern(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SITE = Pattern(rf"(?P<host>(?:{LABEL}\.)+(?P<ending>[a-z]{{2,24}}))(?::\d+)?(?P<rest>[/?#]\S*)?", re.IGNORECASE)
TELEPHONE = Pattern(
    r"(?P<scheme>tel|sms|callto|t[eé]l|phone)\s*:\s*/{0,2}(?P<number>.*)",
    re.IGNORECASE,
    signs=(":",),
    rough=r"\A(?i:tel|sms|callto|t[eé]l|phone)",
)
BARE_NUMBER = Pattern(r"\+?(?=(?:\D*\d){9})[\d\s().-]{9,24}")
DIALLED = Pattern(r"\+?[\d*#.()-]*\d[\d*#.()-]*(?:[;,?].*)?")
# What follows the last dot of files, not of sites: `programme.pdf`, `notes.md`, `data.zip`.
FILE_ENDINGS = word_set(
    "pdf doc docx odt rtf txt md mdx qmd rmd markdown ipynb rst tex html htm xhtml php asp aspx jsp xls xlsx ods csv"
    " tsv json xml yaml yml toml ppt pptx odp key png jpg jpeg gif webp svg avif heic bmp tif tiff ico mp3 mp4 mov avi"
    " webm ogg wav zip gz tar tgz rar ics vcf eml msg py sql parquet sas rdata rds shp geojson gpkg epub exe js css"
)


def mistyped(address: str) -> Mistyped | None:
    """What was meant by an address that is a slip of the finger; `None` where it is sound, or another rule's matter."""
    typed = address.strip()
    if not typed or typed[0] in "#?/.\\":
        return _beside_the_host(typed)
    if typed.isdigit() or BARE_NUMBER.fullmatch(typed):
        return Mistyped(slip=AddressSlip.TELEPHONE, meant=_dialled(typed)) if BARE_NUMBER.fullmatch(typed) else None
    telephone = TELEPHONE.fullmatch(typed)
    if telephone:
        return _telephone(telephone["scheme"], unquote(telephone["number"]))
    return _of_mail(typed) or _of_web(typed)


def _beside_the_host(typed: str) -> Mistyped | None:
    """`//www.example.org`: a site, without what it is read by."""
    site = SITE.fullmatch(typed[2:]) if typed.startswith("//") else None
    return Mistyped(slip=AddressSlip.NO_BEGINNING, meant=f"https:{typed}") if site else None


def _of_mail(typed: str) -> Mistyped | None:
    if MAILBOX.fullmatch(typed):
        return Mistyped(slip=AddressSlip.MAIL, meant=f"mailto:{typed}")
    found = MAIL_SLIP.fullmatch(typed)
    if found and not re.match(r"mailto:(?!\s)", typed, re.IGNORECASE) and MAILBOX.fullmatch(found["box"]):
        return Mistyped(slip=AddressSlip.MAIL, meant=f"mailto:{found['box']}")
    found = re.fullmatch(r"https?://([^/?#:@\s]+@[^/?#:@\s]+)/?", typed, re.IGNORECASE)
    if found and MAILBOX.fullmatch(found[1]):
        return Mistyped(slip=AddressSlip.MAIL_BY_WEB, meant=f"mailto:{found[1]}")
    return None


def _of_web(typed: str) -> Mistyped | None:
    twice = TWICE.fullmatch(typed) if typed.lower().count("http") > 1 else None
    if twice:
        return Mistyped(slip=AddressSlip.TWICE, meant=f"{twice['last'].lower()}://{twice['rest']}")
    return _of_host(typed) if GOOD_BEGINNING.match(typed) else _without_beginning(typed)


def _without_beginning(typed: str) -> Mistyped | None:
    beginning = BEGINNING.fullmatch(typed)
    if beginning and _is_scheme_slip(beginning["word"], beginning["marks"]):
        scheme = "http" if beginning["word"].lower() in ("http", "htp", "ttp", "htpp", "htttp", "hhtp") else "https"
        return Mistyped(slip=AddressSlip.BEGINNING, meant=f"{scheme}://{beginning['rest']}")
    www = WWW.fullmatch(typed)
    if www:
        return Mistyped(slip=AddressSlip.NO_BEGINNING, meant=f"https://www.{www['rest']}")
    if SCHEME.match(typed) and not re.match(r"[\w.-]+:\d+(?:/|$)", typed):
        return None
    site = SITE.fullmatch(typed)
    if site and _is_site(site["ending"], bool(site["rest"])):
        return Mistyped(slip=AddressSlip.NO_BEGINNING, meant=f"https://{typed}")
    return None


def _is_scheme_slip(word: str, marks: str) -> bool:
    letters = word.lower()
    if "t" not in letters or "p" not in letters or letters[0] not in "htp":
        return False
    # `tp/notes.pdf`, `http/notes.pdf` are files in a folder, unless the word is nearly right.
    has_marks = ":" in marks or ";" in marks or marks.count("/") + marks.count("\\") > 1
    return has_marks or letters == "https"


def _is_site(ending: str, has_path: bool) -> bool:
    """Whether what looks like a host is none of the issue's own files: `notes.md` is, `insee.fr` is not."""
    return ending.lower() not in FILE_ENDINGS and (has_path or len(ending) < 7 or ending.islower())


def _of_host(typed: str) -> Mistyped | None:
    try:
        host = urlsplit(typed).netloc.rpartition("@")[2]
    except ValueError:
        return None
    if host.startswith("["):
        return None
    name = host.partition(":")[0]
    if not name or "," in name or ";" in name or ".." in name or name[0] in ".-" or name.endswith(("-", ".,")):
        better = re.sub(r"[.,;]+", ".", name).strip(".-,;")
        is_sound = SITE.fullmatch(better) is not None
        return Mistyped(slip=AddressSlip.HOST, meant=typed.replace(name, better, 1) if name and is_sound else None)
    return None


def _telephone(scheme: str, number: str) -> Mistyped | None:
    if not any(sign.isdigit() for sign in number):
        return Mistyped(slip=AddressSlip.NO_TELEPHONE)
    is_foreign = scheme.lower() not in ("tel", "sms")
    if not is_foreign and DIALLED.fullmatch(number) and "(0)" not in number:
        return None
    return Mistyped(slip=AddressSlip.TELEPHONE, meant=_dialled(number, "sms" if scheme.lower() == "sms" else "tel"))


def _dialled(number: str, scheme: str = "tel") -> str | None:
    """The number as a telephone wants it: `+33 (0)1 23…` is `+33123…`. `None` where letters stand in it."""
    plain = number.strip().replace("(0)", "") if "+" in number else number.strip()
    digits = re.sub(r"[\s().\u00a0\u202f\u2011/-]", "", plain)
    return f"{scheme}:{digits}" if re.fullmatch(r"\+?\d{3,}", digits) else None


# A place on somebody's machine or on their network: `file:`, `C:\`, `\\server\share`, `/home/ines/`.
OWN_MACHINE = Pattern(
    r"file:|[a-z]:(?:[\\/]|%5c)|(?:\\|%5c){1,2}[\w$.-]+(?:[\\/]|%5c)|~/|//[\w$-]+/|/(?:home|users|mnt|media|volumes)/[^/]+/|smb:|afp:"
)


def is_on_own_machine(address: str) -> bool:
    """Whether an address is that of a file on a computer or a shared drive, where no reader of a letter comes."""
    return OWN_MACHINE.match(address.strip().lower()) is not None


# Suffixes of names that only a network of its own knows (RFC 6762, RFC 8375, and what administrators use).
LOCAL_SUFFIXES = (
    ".local", ".localdomain", ".lan", ".intra", ".intranet", ".internal", ".corp", ".home", ".home.arpa", ".private",
    ".priv", ".interne", ".loc", ".ad",
)  # fmt: skip
INTRANET = Pattern(
    r"(?:[\w-]+\.)*(?:www\.)?intra(?:net)?\d?\.(?:[\w-]+\.)*[a-z]{2,}", re.IGNORECASE, rough=r"(?i:intra)"
)


class Nearby(Enum):
    """How near a host must be for its address to lead anywhere."""

    MACHINE = "the same computer"
    NETWORK = "the same network"


def nearby(address: str) -> Nearby | None:
    """Whether only the same machine, or the same network, can open an address; told by its form."""
    try:
        host = (urlsplit(address.strip()).hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    if not host:
        return None
    if host == "localhost" or host.endswith(".localhost"):
        return Nearby.MACHINE
    try:
        number = ip_address(host)
    except ValueError:
        is_local = "." not in host or host.endswith(LOCAL_SUFFIXES) or INTRANET.fullmatch(host)
        return Nearby.NETWORK if is_local else None
    if number.is_loopback or number.is_unspecified:
        return Nearby.MACHINE
    # Kept for examples in writing: nobody has them (RFC 5737, RFC 3849).
    return Nearby.NETWORK if number.is_private and not str(number).startswith(EXAMPLES) else None


EXAMPLES = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")


def is_signed_in(address: str) -> tuple[str, bool] | None:
    """The user's name within an address (`https://name:word@host`), and whether a password goes with it."""
    try:
        user, at, _host = urlsplit(address.strip()).netloc.rpartition("@")
    except ValueError:
        return None
    name, colon, word = user.partition(":")
    return (name, bool(colon and word)) if at and user else None
