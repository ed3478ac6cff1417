"""Names of columns that say that somebody left, or did not agree: those `nl` reads, and those it asks about.

As `header_words` writes them. The exports they come from: Acymailing, Brevo (Sendinblue), Buttondown, Ghost, Google
Groups and Contacts, HubSpot, Klaviyo, Mailchimp, Mailjet, Mailman, MailerLite, MailPoet, Mautic, Moosend, Odoo,
phpList, Sarbacane, Substack, Sympa (Framalistes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsletter_cli.audience.says import Says
from newsletter_cli.audience.words import plain

# The columns that a tick in Grist is written back into are the ones in `unsubscribed`, as the others may hold dates.
UNSUBSCRIBED = (
    "unsubscribed", "unsubscribe", "is unsubscribed", "desinscrit", "desinscrite", "desinscrits", "desabonne",
    "desabonnee", "desabonnes", "opt out", "optout", "opted out", "is opted out", "opt-out", "desinscription",
    "supprimez mon compte", "blacklisted", "is blacklisted", "blacklist", "email blacklist", "email blacklisted",
    "emailblacklisted", "mis sur liste noire", "sur liste noire", "nomail", "nomail reason",
    "blocklisted", "blocklist", "email blocklisted", "liste noire", "isexcludedfromcampaigns",
    "is excluded from campaigns", "isunsubscribed", "unsubscribed from all email", "unsubscribed from all emails",
    "email disabled", "disabled", "do not contact", "do not email", "do not mail", "donotcontact", "donotemail", "dnc",
    "ne plus contacter", "ne pas contacter", "ne plus ecrire", "has opted out of email", "hasoptedoutofemail",
    "email opt out", "email optout", "email opt-out", "newsletter opt out", "newsletter optout", "abgemeldet",
    "dado de baja", "disiscritto", "uitgeschreven", "afgemeld", "descadastrado",
)  # fmt: skip

MARKS: dict[Says, tuple[str, ...]] = {
    Says.STATUS: (
        "status", "statut", "etat", "subscriber status", "subscription status", "member status", "contact status",
        "email subscription status", "subscriber type", "statut abonnement", "statut de l abonnement",
        "statut de l abonne", "etat de l abonnement", "statut d abonnement",
    ),
    Says.LEFT: (
        *UNSUBSCRIBED, "unsub time", "unsub date", "unsubscribed at", "unsubscribe date", "unsubscribed date",
        "unsubscribed on", "unsubscribe time", "unsubscribed time", "unsubscription date", "unsubscribe timestamp",
        "date unsubscribed", "date of unsubscription", "date de desinscription", "date desinscription",
        "date de la desinscription", "date de desabonnement", "date desabonnement", "desinscrit le", "desinscrite le",
        "desabonne le", "desabonnee le", "desabonnement", "date de retrait", "date de resiliation", "date d opt out",
        "date opt out", "opt out date", "optout date", "opt out time", "optout time", "opted out at", "left at",
        "left on", "date left", "deleted", "deleted at", "deleted on", "removed", "removed at", "removed on",
        "supprime", "supprime le", "date de suppression", "revoked at", "consent revoked", "consent withdrawn",
        "consent withdrawn at", "retrait du consentement", "date de retrait du consentement", "abgemeldet am",
        "abmeldedatum", "fecha de baja", "data disiscrizione",
    ),
    Says.LEFT_BECAUSE: (
        "unsub reason", "unsub reason other", "unsub campaign title", "unsub campaign id", "unsubscribe reason",
        "unsubscribed reason", "reason for unsubscribing", "unsubscribe campaign", "unsubscribed campaign",
        "unsubscribed from", "motif de desinscription", "motif desinscription", "motif de la desinscription",
        "raison de la desinscription", "motif du depart", "raison du depart",
    ),
    Says.BOUNCED: (
        "clean time", "cleaned", "cleaned at", "bounced", "bounced at", "has bounced", "is bounced", "bounce date",
        "bounce time", "hard bounce", "hard bounced", "hardbounced", "email quarantined", "npai",
    ),
    Says.BOUNCED_BECAUSE: (
        "clean campaign title", "clean campaign id", "bounce reason", "hard bounce reason", "email hard bounce reason",
    ),
    # How somebody gets their mail, or where they stand in one list of several: none of it, for some.
    Says.DELIVERY: (
        "reception", "mode de reception", "delivery status", "delivery mode", "email preference", "email status",
        "email statut", "statut email", "statut e mail", "list status", "statut de la liste", "statut global",
        "global status", "email suppressions", "suppressions",
    ),
    Says.COMPLAINED: (
        "complained", "complained at", "complaint", "complaint date", "spam", "is spam", "spam complaint",
        "spam report", "marked as spam", "reported as spam", "plainte", "plainte pour spam", "signale comme spam",
    ),
    Says.SUBSCRIBED: (
        "subscribed", "is subscribed", "issubscribed", "subscribed to emails", "subscribed to email",
        "subscribed to newsletter", "email subscribed", "opt in", "optin", "opt-in", "opted in", "email opt in",
        "email optin", "email opt-in", "newsletter opt in", "newsletter optin", "marketing opt in", "active",
        "is active", "actif", "active subscriber", "enabled", "accept", "accepts marketing",
        "accepts email marketing", "marketing consent", "email marketing consent", "email consent", "consent given",
        "has consented", "consented", "gdpr consent", "consentement rgpd", "consentement email",
        "consentement newsletter", "consentement donne", "abonne", "abonnee", "inscrit", "inscrite",
        "inscrit a la newsletter", "abonne a la newsletter", "angemeldet", "suscrito", "iscritto", "aangemeld",
    ),
    Says.CONFIRMED: (
        "confirmed", "is confirmed", "confirme", "confirmee", "email confirmed", "verified", "is verified",
        "email verified", "email verifie", "verifie", "double opt in", "double optin", "double opt-in",
    ),
}  # fmt: skip
# Where the whole header tells which program wrote it, names that mean nothing by themselves mean something.
EXPORTS: tuple[tuple[frozenset[str], Mapping[str, Says]], ...] = (
    (frozenset({"type", "creation date"}), {"type": Says.STATUS}),  # Buttondown
    (frozenset({"type", "metadata"}), {"type": Says.STATUS}),
    (frozenset({"group status"}), {"group status": Says.STATUS}),  # Google Groups
)  # fmt: skip
# Where these stand together, those are about something else: a paid plan, pages and feeds of the program itself.
HARMLESS_EXPORTS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"active subscription", "email disabled"}), frozenset({"active subscription"})),  # Substack
    (frozenset({"stripe plan"}),
     frozenset({"active subscription", "cancel date", "subscription type", "subscription expires at"})),
    (frozenset({"group status"}), frozenset({"posting permissions"})),  # Google Groups
    (frozenset({"blacklisted", "uniqid"}),  # phpList
     frozenset({"optedin", "subscribepage", "bouncecount"})),
)  # fmt: skip
# The beginnings of words that make `nl` ask what a column says; docs/reference/list.md lists them.
SUSPECT_WORDS = (
    # English, and what programs write
    "unsub", "unjoin", "opt out", "opt-out", "optout", "opted", "opt in", "opt-in", "optin", "blacklist", "black list",
    "blocklist", "block list", "blocked", "denylist", "bounce", "cleaned", "complain", "spam", "abuse", "suppress",
    "delet", "remov", "left", "leaving", "withdr", "revok", "refus", "reject", "declin", "do not", "don t", "dnc",
    "no mail", "nomail", "no email", "no contact", "exclu", "inactiv", "disabl", "cancel", "archived", "consent",
    "gdpr", "agree", "accept", "permission", "authori", "subscri", "newsletter", "deceased", "undeliver", "unreachab",
    "quarantin", "invalid", "lapsed", "terminat", "contactable", "suspend",
    "banned", "mailing", "ok",
    # French
    "desinscri", "desabon", "resili", "retrait", "retire", "date de depart", "parti le", "oppos", "rejet", "plainte",
    "indesirable", "bloqu", "liste noire", "liste rouge", "supprim", "desactiv", "inactif", "ne pas", "ne plus",
    "plus de mail", "stop", "rgpd", "accord", "autoris", "abonn", "inscri", "souhait", "recevoir", "recoi", "radie",
    "annul", "revoc", "revoq", "desabo", "desinsc", "deced", "deces", "npai", "n habite plus", "ne veut", "ne desir",
    "veut", "desire", "pas interess", "pas de mail", "sans mail", "aucun mail", "sollicit", "quitte", "sorti le",
    "date de sortie", "rebond", "erreur mail", "retour mail", "lcen", "cnil", "envoi", "envoyer", "d accord",
    "diffuser",
    # German, Spanish, Italian, Portuguese, Dutch
    "abgemeld", "abmeld", "abbestell", "austrag", "ausgetrag", "gesperrt", "gelosch", "einwillig", "zustimm",
    "widerruf", "widerspr", "angemeld", "anmeld", "dsgvo", "baja", "desuscri", "suscri", "rechaz", "acept", "elimin",
    "disiscri", "iscri", "rifiut", "consens", "accett", "descadast", "aceit", "recus", "uitgeschr", "uitschrijv",
    "afgemeld", "aangemeld", "toestemm", "geblokk", "opgezegd", "nicht mehr", "keine werbung", "kein newsletter",
    "sperr", "werbesperr", "gekundig", "ausgeschied", "verstorben", "geen mail", "niet mail", "non contatt", "cancell",
    # Catalan, Romanian, Polish, Czech, Hungarian, Danish, Norwegian, Swedish, Finnish
    "baixa", "dezabon", "wypis", "zrezygn", "rezygn", "odhlas", "leiratk", "afmeld", "avmeld", "avregistr", "avprenum",
    "peruut",
    # Greek, Russian, Ukrainian, Arabic, Chinese, Japanese
    "διαγραφ", "отпис", "відпис", "الغاء", "退订", "退訂", "購読解除", "配信停止",
)  # fmt: skip
_SUSPECT = re.compile("|".join(rf"(?<![^ -]){re.escape(word)}" for word in SUSPECT_WORDS))
# Of a joining, of another way to be told, or not about a person's wish at all: an address to leave by, a number.
_HARMLESS = re.compile(
    r"(?:subscriber|subscription|abonne) id|id (?:de l )?abonne"
    r"|(?:subscriber|member|abonnee?|inscrite?) (?:since|depuis)"
    r"|(?!.*mail)(?:.* )?(?:sms|whatsapp|push)(?: .*)?"
    r"|.* (?:ip|url|link|lien|page|count|country|timezone)|(?:lien|url) .*"
    r"|(?:opt-? ?in|opted in|subscri\w*|consent|accept\w*|confirm\w*|agreed)"
    r" (?:date|time|timestamp|at|on|source|method|form)"
    r"|mailing (?:address|street|city|zip|state|country|postal|list|code).*"
    r"|(?:date|dernier|nombre) (?:d |de |des )?envois?"
    r"|(?:date|heure|source|mode) (?:de |d |of )?(?:la |l |the )?"
    r"(?:opt-? ?in|consent|consentement|inscription|abonnement|subscription|acceptation|accord)"
    r"|(?:inscrite?|abonnee?) le"
)
_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MEANINGS = {name: says for says, names in MARKS.items() for name in names}
_OPTED_OUT_OF = re.compile(r"(?:opted out of|unsubscribed from|desinscrit de|desabonne de) .+")

# Values that say so whatever their column is called.
_GONE_WORDS = (
    "unsubscribed", "unsubscribe", "désinscrit", "desinscrit", "désinscrite", "desinscrite", "désabonné", "desabonne",
    "désabonnée", "desabonnee", "opted out", "opted-out", "opted_out", "opt out", "opt-out", "opt_out", "optout",
    "blacklisted", "blocklisted", "bounced", "hard bounce", "hard bounced", "hard_bounce", "complained",
    "do not contact", "do not email", "ne plus contacter", "ne pas contacter", "spam complaint", "abgemeldet",
    "uitgeschreven", "disiscritto", "cancelled", "deleted", "nomail", "no mail", "by_user", "by_bounces",
    "by_moderator", "nonSubscribed", "never subscribed", "never_subscribed", "suspended", "banned",
    "NPAI", "décédé", "décédée",
)  # fmt: skip
GONE_VALUES = frozenset(form for word in _GONE_WORDS for form in (word, word.capitalize(), word.title(), word.upper()))

# Columns of remarks, where somebody may have noted it in their own words; and those words, none of which a remark on
# anything else begins with or is.
_REMARKS = re.compile(
    r"(?:remarques?|commentaires?|observations?|notes?|comments?|remarks?|annotations?|infos?|divers|memo|bemerkung\w*)"
    r"(?: .*)?"
)
_GONE_REMARK = re.compile(
    r"\bdesinscri\w*|\bdesabon\w*|\bne (?:veut|souhaite|desire) (?:plus|pas)\b"
    r"|\bne (?:plus|pas) (?:lui |leur |l )?(?:envoyer|ecrire|contacter|solliciter|relancer|mailer)\w*"
    r"|\bplus de (?:mail|e-?mail|courriel|lettre|newsletter|message)s?\b|^stop\b|\bstop (?:mail|news|envoi)\w*"
    r"|\ba (?:retirer|supprimer|enlever|exclure)\b|^(?:est )?partie?(?: (?:le|en) .*)?$|\ba quitte\w*"
    r"|\bnpai\b|\bdecede\w*|^retiree?\b"
    r"|\bunsub\w*|\bopt(?:ed)? ?-?out\b|\bdo(?: not|n t) (?:mail|email|e-mail|contact|send|write)\b|\bno longer\b"
    r"|^(?:please )?remove\b|\bdeceased\b|^(?:has )?left(?: (?:the|in|on|us) .*)?$|\bhard bounce\w*"
    r"|\bbounced\b|\b(?:black|block)listed\b|\bliste noire\b|\bspam\w* complaint"
)


def is_remark_column(bare: str) -> bool:
    """Whether a column holds remarks in free text, by its name."""
    return bool(_REMARKS.fullmatch(bare))


def gone_words(remark: str) -> str:
    """The words of a remark that say that somebody left; `""`: none do."""
    found = _GONE_REMARK.search(plain(remark))
    return found[0] if found else ""


def header_words(name: str) -> str:
    """The name of a column for comparing: `plain`, and `hasOptedOut` is three words."""
    return plain(_BOUNDARY.sub(" ", name))


def meaning_of(bare: str, others: Sequence[str]) -> Says | None:
    """What the column called `bare` says of somebody's wish; `others` are the names of all columns of the list."""
    for marks, meanings in EXPORTS:
        if bare in meanings and marks.issubset(others):
            return meanings[bare]
    if bare in _MEANINGS:
        return _MEANINGS[bare]
    return Says.LEFT if _OPTED_OUT_OF.fullmatch(bare) else None


def is_suspect(bare: str, others: Sequence[str]) -> bool:
    """Whether a column may say who left or did not agree, by its name."""
    if not _SUSPECT.search(bare) or _HARMLESS.fullmatch(bare):
        return False
    return not any(bare in harmless and marks.issubset(others) for marks, harmless in HARMLESS_EXPORTS)
