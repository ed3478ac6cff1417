"""What servers say in words, in English and French: what a refusal is about where its code does not tell, or lies."""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter_cli.after.bounces.statuses import Meaning
from newsletter_cli.base.letters import plain_letters

# Names of hosts, addresses, links, codes and the numbers of messages hold words that nobody says.
NAMED = re.compile(r"https?:\S+|[^\s<>]*@[^\s<>]*|\b[\w-]+(?:\.[\w-]+)+\b|\b(?=\w*\d)(?!tss|bl|cs)\w{4,}\b")
APOSTROPHE = re.compile("[’´`]")
# Orange, laposte.net and others behind the same software: OFR_416, OFR004_104, LPN007_510.
FRENCH_CODE = re.compile(r"\b(?:ofr|lpn)\d*_(\d{3})\b")
# Microsoft's answer for a mailbox it does not know (5.4.1), and what RFC 5321 has for 550: not about access.
ACCESS_TO_A_MAILBOX = re.compile(r"recipient address rejected:\s*access denied|mailbox unavailable or access denied")
MOST_LETTERS = 3000
MOST_BEFORE = 400
MOST_KEPT = 4096


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases))


# Compared in small letters without accents. Whatever is said of the mailbox beside it, these are about who sends.
SENDER = _any(
    r"\bspam|\bjunk\b|unsolicited|\bbulk mail|reputation|\bphish|malicious|\bvirus|malware",
    r"\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated|not authenticated|(?:need|requires) authentication",
    r"authentication (?:failed|required|level|check|requise)",
    r"(?:black|block|deny) ?-?list|\bd?n?s?rbl\b|\bdnsbl\b|liste noire|spamhaus|spamcop|barracuda|proofpoint",
    r"(?<!not )\blisted (?:at|in|on|by)\b",
    r"\bblocked (?:by|using|for|due|because|from|on)\b|(?:has been|was|is|are|been) blocked\b|\bban(?:ned|ni)\b",
    r"policy|politique|not authori[sz]ed|unauthori[sz]ed|non autoris|access denied|acces refuse",
    r"\b(?:sender|sending|expediteur|emetteur|mail from)\b[^.;:]{0,40}:? ?(?:reject|refus|denied|verif"
    r"|not exist|unknown)",
    r"\b(?:sender|expediteur|emetteur)\b[^.;:]{0,20}invalid|(?:invalid|bad) sender|domain of sender",
    r"\brelay(?:ing)?\b[^.;]{0,20}(?:denied|not permitted|not allowed|prohibited|refus)",
    r"(?:unable|not permitted) to relay",
    r"(?:prohibited|forbidden|dangerous|infected|blocked|illegal) attachment",
    r"(?:attachment|piece jointe)\b[^.;]{0,30}(?:not allowed|block|reject|prohibit|forbid|interdit|refus)",
    r"\b(?:message|mail|e-?mail|taille|size)(?: \S+){0,4} (?:is |est )?too (?:large|big)|too (?:large|big) message",
    r"message (?:is |was )?too long|trop (?:gros|grand|volumineux|long)\b|\bline too long",
    r"(?:exceed|depass)\w*[^.;]{0,40}(?:message size|size limit|maximum size|message length|incoming message|taille)",
    r"(?:content|contenu) (?:was |est )?(?:reject|refuse|rejete)",
    r"(?:message|mail) (?:was |content )?(?:rejected|refused|refuse|rejete)\b",
    r"bare (?:lf|cr|newline)|non-?ascii|smtputf8|reverse dns|\bptr\b|\bhelo\b|\behlo\b|client host",
    r"\b(?:your|votre) (?:adresse )?(?:ip|server|serveur|host|domain|domaine|network)\b",
    r"too many (?:spam )?complaints|user complaints|\btss\d\d\b|\bbl2\d\b|\bcs01\b",
    r"\brestricted\b|only accepts? (?:mail|messages)|n'accepte que|moderat",
)
FULL = _any(
    r"\b(?:mail ?box|boite|mail ?folder|inbox|account|mail ?drop|user|recipient)\b[^.;]{0,60}\b(?:full"
    r"|pleine|saturee)",
    r"quota|disk space|storage space|mailbox size limit|out of storage|too much (?:mail|data)",
    r"(?:insufficient|not enough|out of|no more) (?:\w+ )?(?:disk |storage |mailbox )?(?:space|storage)",
    r"space not enough",
    r"(?:exceed|depass)\w*[^.;]{0,30}(?:storage|espace)|espace (?:disque )?insuffisant",
)
PASSING = _any(
    r"gr[ea]y ?-?list|try (?:again|later)|please retry",
    r"retry (?:later|timeout)|essayer? (?:a nouveau |de nouveau )?plus tard",
    r"reessa|\btempor(?:ary|arily|aire)|timed? ?-?out|too many|trop de|deferred|differe\b|delai",
    r"connection (?:refused|reset|lost|dropped|timed)|lost connection|establish an? (?:smtp )?connection",
    r"(?:can ?not|could not|couldn't|unable to|impossible de) (?:se )?connect",
    r"not responding|no route|unreachable|\d attempts",
    r"time expired|message expired|expire\b|in the queue too long|too (?:quickly|fast|frequent|busy)|at a rate",
    r"rate ?-?limit|throttl|\bloop|hop count|boucle|overload|surcharge|resources|quarantin|challenge",
    r"service (?:currently )?(?:is )?(?:unavailable|not available|indisponible)|server error|erreur interne",
    r"internal (?:server )?error|lookup (?:failure|failed|error)",
    r"(?:name service|dns) (?:error|failure)(?![^.;]{0,60}: host not found)",
    r"verification in progress|verify your (?:address|email)",
    r"system (?:not accepting|is not|problem)|configuration error",
)
# What nobody says who means something else.
GONE = _any(
    r"\b(?:user|recipient|account|mailbox|address|addressee"
    r"|local part)(?: name)?(?: \S+)? (?:is )?(?:unknown|not known|not recognized)\b",
    r"\b(?:unknown|no such|non-?existent) (?:virtual |local )?(?:user|recipient|mail ?box|account"
    r"|address(?:ee)?|e-?mail|person)",
    r"\binvalid (?:local )?(?:user|recipient|mail ?box|account|addressee|local ?part)",
    r"\binvalid or unknown (?:virtual )?user",
    r"\bno (?:mail ?box|user|account|person)\b[^.;]{0,30}\b(?:here|by that name|with that|of that|found)",
    r"\b(?:user|recipient|account|mail ?box|address|e-?mail|person)\b[^.;]{0,80}(?:n[o']t exist"
    r"|not (?:be )?found|couldn't be found)",
    r"(?:user|recipient) not (?:here|listed)|not listed in (?:domino|public|the)",
    r"(?:not|isn't) a (?:valid|known) (?:user|recipient|mailbox)",
    r"not our customer|(?:does not|doesn't) have an? (?:\S+ )?account",
    r"unknown or illegal alias|name is not recognized",
    r"\b(?:utilisateur|destinataire|compte|boite|adresse|abonne|usager)\w*\b[^.;]{0,60}(?:inconnu"
    r"|inexistant|n'existe (?:pas|plus))",
    r"\b(?:utilisateur|destinataire|compte|boite|adresse)\w*\b[^.;]{0,60}(?:introuvable|invalide"
    r"|non trouve|n'est (?:pas|plus) valide)",
    r"\b(?:aucun|pas d') ?(?:utilisateur|destinataire|compte|boite)|recipnotfound|recipientnotfound|nosuchuser",
)
# Closed for ever, or until somebody comes back.
CLOSED = _any(
    r"\b(?:account|mail ?box|user|recipient|address|compte|boite)\b[^.;]{0,40}(?:disabled|deactivated"
    r"|inactive|closed|deleted|suspended|discontinued)",
    r"\b(?:compte|boite|adresse)\b[^.;]{0,40}(?:desactive|supprime|suspendu|ferme|cloture|resilie|inactif|inactive)",
    r"no longer (?:available|valid|in use|active|exists?|works|with|on)\b|final delivery userid",
)
PERHAPS_GONE = _any(
    r"unroute?able|domain (?:not found|does not exist|inconnu|name not found)|host (?:not found|unknown|or domain)",
    r"(?:unknown|no such) (?:host|domain)|unknown \S+ domain|name or service not known|nxdomain|null ?mx",
    r"mail ?box (?:is )?(?:currently )?(?:unavailable|not available)|\bmoved\b|demenage|\bquitte\b",
    r"address(?:es)? (?:rejected|refused)|recipient (?:address )?(?:rejected|refused)",
    r"adresse (?:refusee|rejetee|erronee)",
    r"(?:undeliverable|bad|illegal|invalid) (?:address|recipient|destination|e-?mail)",
    r"not accept|not reachable|no matches",
    r"\barchiv|\blocked|verrouille|no valid recipients|does not like recipient|archived recipient",
)
# Beside a status of no mailbox, and nothing else that speaks against it. Other languages have the one word for it.
AGREEING = _any(
    r"mail ?box (?:is )?(?:currently )?(?:unavailable|not available)|unroute?able|\buser not local\b",
    r"(?:undeliverable|bad|illegal|invalid|unknown) (?:address|recipient|destination|e-?mail)|no valid recipients",
    r"\b(?:benutzer|empfanger|postfach|e-?mail-?adresse)\w*\b[^.;]{0,40}(?:unbekannt|existiert nicht|nicht gefunden)",
    r"\b(?:usuario|destinatario|buzon|cuenta|utente|casella)\b[^.;]{0,40}"
    r"(?:desconocid|no existe|inexistente|sconosciut|non esiste)",
    r"\b(?:gebruiker|ontvanger|postvak)\b[^.;]{0,40}(?:onbekend|bestaat niet)",
)


def meaning_of_words(text: str) -> Meaning | None:
    """What they come to; `None` where nothing known is said. What may pass, and who sends, win over a mailbox gone."""
    return _meaning(_plain(text))


def is_unmistakable(text: str) -> bool:
    """Whether they say at once, as servers do, that there is no such mailbox, not only that one is closed."""
    plain = _plain(text[:MOST_BEFORE])
    return bool(GONE.search(plain)) or _meaning_of_code(plain) is Meaning.GONE


def agrees_with_gone(text: str) -> bool:
    """Whether the words, which say too little by themselves, fit a report whose own status is that of no mailbox."""
    return bool(AGREEING.search(_plain(text)))


def says_something(text: str) -> bool:
    """Whether anything is said besides codes, names and addresses."""
    return any(word.isalpha() for word in _plain(text).split())


@lru_cache(MOST_KEPT)
def _meaning(plain: str) -> Meaning | None:
    coded = _meaning_of_code(plain)
    # A number that is not known here says less than words that are.
    if coded is not None and not (coded is Meaning.SENDER and GONE.search(plain) and not SENDER.search(plain)):
        return coded
    for pattern, meaning in ((FULL, Meaning.FULL), (SENDER, Meaning.SENDER), (PASSING, Meaning.PASSING)):
        if pattern.search(plain):
            return meaning
    if GONE.search(plain) or CLOSED.search(plain):
        return Meaning.GONE
    return Meaning.PERHAPS_GONE if PERHAPS_GONE.search(plain) else None


def _meaning_of_code(plain: str) -> Meaning | None:
    found = FRENCH_CODE.search(plain)
    return FRENCH_CODES.get(found[1], Meaning.SENDER) if found else None


# Their own numbers, the same for all of them; any other is about the sender.
FRENCH_CODES: dict[str, Meaning] = {
    "103": Meaning.PASSING,
    "104": Meaning.PASSING,
    "109": Meaning.PASSING,
    "416": Meaning.GONE,
    "417": Meaning.FULL,
    "418": Meaning.GONE,
    "420": Meaning.PERHAPS_GONE,
    "423": Meaning.PASSING,
    "424": Meaning.PASSING,
}


def _plain(text: str) -> str:
    small = plain_letters(APOSTROPHE.sub("'", text[:MOST_LETTERS]))
    codes = " ".join(found[0] for found in FRENCH_CODE.finditer(small))
    said = ACCESS_TO_A_MAILBOX.sub("recipient rejected", NAMED.sub(" ", small))
    return " ".join(f"{said} {codes}".split())
