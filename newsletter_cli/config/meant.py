"""What a wrong value of `newsletter.toml` was probably meant for: proposed, never taken.

Each function makes something of any text; the reader proposes it only where it is right.
"""

from __future__ import annotations

import re

from newsletter_cli.base.letters import plain_letters
from newsletter_cli.base.strict import nearest

# How people call languages, without accents and capitals.
LANGUAGES = {
    "french": "fr", "francais": "fr", "english": "en", "anglais": "en", "german": "de", "deutsch": "de",
    "allemand": "de", "spanish": "es", "espanol": "es", "espagnol": "es", "italian": "it", "italiano": "it",
    "italien": "it", "portuguese": "pt", "portugues": "pt", "portugais": "pt", "dutch": "nl", "nederlands": "nl",
    "neerlandais": "nl",
}  # fmt: skip

COLOR_PATTERN = r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})"
# The colours that people name; CSS has more, none of which a reader of this file could tell.
NAMED_COLORS = {
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "blue": "#0000ff",
    "yellow": "#ffff00", "orange": "#ffa500", "purple": "#800080", "grey": "#808080", "gray": "#808080",
    "silver": "#c0c0c0", "navy": "#000080", "teal": "#008080", "maroon": "#800000", "pink": "#ffc0cb",
    "noir": "#000000", "blanc": "#ffffff", "rouge": "#ff0000", "vert": "#008000", "bleu": "#0000ff",
    "jaune": "#ffff00", "gris": "#808080", "violet": "#800080", "rose": "#ffc0cb",
}  # fmt: skip


def meant_slug(text: str) -> str:
    """`À l’agenda` → `a-l-agenda`."""
    return re.sub(r"[^a-z0-9]+", "-", plain_letters(text)).strip("-")


def meant_language(text: str) -> str:
    """`French` → `fr`, `FR` → `fr`, `pt_BR` → `pt-BR`."""
    known = LANGUAGES.get(plain_letters(text.strip()))
    if known:
        return known
    primary, dash, rest = text.strip().replace("_", "-").partition(".")[0].partition("-")
    return f"{primary.lower()}{dash}{rest}"


def meant_url(text: str) -> str:
    """`www.example.org/x` → `https://www.example.org/x`; blanks in it are written as `%20`."""
    bare = text.strip().strip("<>").replace(" ", "%20")
    scheme = re.match(r"(?:[a-z]+)(?=:?/{1,3}\S)", bare, re.IGNORECASE)
    if scheme and scheme[0].lower() in ("http", "https", "htp", "htpp", "htps", "httpp", "httpps", "hhtps", "ttps"):
        name = "http" if scheme[0].lower() == "http" else "https"
        return f"{name}://{bare[scheme.end() :].lstrip(':/')}"
    return f"https://{bare.lstrip('/')}" if "." in bare.partition("/")[0] and "@" not in bare else bare


def meant_secure_url(text: str) -> str:
    """The same, by https only; an address of mail stays one."""
    if "@" in text:
        return meant_address(text)
    return re.sub(r"^http:", "https:", meant_url(text))


def meant_address(text: str) -> str:
    """`Lettre <lettre@example.org>`, `mailto:lettre@example.org` → `lettre@example.org`."""
    inside = re.search(r"<([^<>]*)>", text)
    bare = (inside[1] if inside else text).strip().strip("\"'")
    return re.sub(r"^mailto:", "", bare, flags=re.IGNORECASE).rstrip(".,;").replace("(at)", "@").replace(" ", "")


def meant_age(text: str) -> str:
    """`24 hours`, `24`, `3 jours` → `24h`, `24h`, `3d`."""
    found = re.fullmatch(r"\s*([0-9]{1,4})\s*(?:(m)(?:in\w*)?|(h)\w*|([dj])\w*)?\.?\s*", text, re.IGNORECASE)
    if not found:
        return text
    return found[1] + ("m" if found[2] else "d" if found[4] else "h")


def meant_time(text: str) -> str:
    """`9h`, `9:30`, `1 pm` → `09:00`, `09:30`, `13:00`."""
    text = re.sub(r"^([0-9]{2})([0-9]{2})$", r"\1:\2", text.strip())
    found = re.fullmatch(r"\s*([0-9]{1,2})\s*(?:[:hH.]\s*([0-9]{2})?(?::[0-9]{2})?)?\s*([ap]m)?\s*", text)
    if not found:
        return text
    hour = int(found[1])
    if found[3]:
        hour = hour % 12 + 12 * (found[3] == "pm")
    return f"{hour:02}:{found[2] or '00'}"


def meant_transport(text: str) -> str:
    """`smpt://host`, `mail.example.org:587` → `smtp://…`; nothing where a password may stand in it."""
    bare = text.strip()
    if "@" in bare:
        return ""
    scheme, colon, rest = bare.partition(":")
    close = nearest(scheme.lower(), ("maildir", "smtp", "smtps", "lasuite", "graph", "brevo"))
    if colon and close:
        slashes = "" if close == "maildir" else "//"
        return f"{close}:{slashes}{rest.lstrip('/') if slashes else rest}"
    if "/" in bare:
        return f"maildir:{bare}" if "://" not in bare else ""
    return f"smtp://{bare}" if "." in bare else ""


def meant_mailbox(text: str) -> str:
    """`imap.example.org` → nothing that could be right without who reads; `IMAPS:lettre@host` → `imaps://lettre@host`;
    nothing where a password may stand in it.
    """
    scheme, colon, rest = text.strip().partition(":")
    user, at, host = rest.lstrip("/").partition("/")[0].rpartition("@")
    if not colon or not at or ":" in user or "@" in user:
        return ""
    close = nearest(scheme.lower(), ("imap", "imaps"))
    return f"{close}://{rest.lstrip('/')}" if close and host else ""


def meant_name(text: str) -> str:
    """The name of a variable: `NL SMTP-PASSWORD`, `$NL_SMTP_PASSWORD` → `NL_SMTP_PASSWORD`."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", text.strip().strip("${}%"))


def meant_domain(text: str) -> str:
    """`@orange.fr`, `https://orange.fr/` → `orange.fr`."""
    return re.sub(r"^[a-z]+://", "", text.strip(), flags=re.IGNORECASE).rpartition("@")[2].partition("/")[0].strip(".")


def meant_field(text: str) -> str:
    """`{first_name}`, `first name` → `first_name`."""
    return re.sub(r"[^\w]+", "_", text.strip().strip("{}").strip())


def meant_list_id(text: str) -> str:
    """`La lettre <lettre.example.org>` → `lettre.example.org`."""
    inside = re.search(r"<([^<>]*)>", text)
    return (inside[1] if inside else text).strip()


def meant_editor(text: str) -> str:
    """The name that `nl` has for a program: `code`, `VS Code` → `vscode`."""
    name = re.sub(r"[^a-z]", "", text.lower())
    return {"code": "vscode", "visualstudiocode": "vscode", "codium": "vscodium", "pycharm": "idea"}.get(name, name)


def meant_color(text: str) -> str:
    """`rgb(11, 92, 102)`, `0B5C66`, `teal`, `bleu` → `#0b5c66`…"""
    text = text.strip().lower()
    numbers = re.fullmatch(r"rgba?\(\s*([0-9]{1,3})[\s,]+([0-9]{1,3})[\s,]+([0-9]{1,3}).*\)", text)
    if numbers:
        return "#" + "".join(f"{min(255, int(one)):02x}" for one in numbers.groups())
    return NAMED_COLORS.get(text) or f"#{text.strip('#')[:6]}"
