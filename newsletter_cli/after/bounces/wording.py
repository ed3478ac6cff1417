"""What servers say in words, in English and French: what a refusal is about where its code does not tell, or lies."""

from __future__ import annotations

import re

from newsletter_cli.after.bounces.statuses import Meaning
from newsletter_cli.base.letters import plain_letters

# Names of hosts, addresses, links and codes hold words that nobody says.
NAMED = re.compile(r"https?:\S+|[^\s<>]*@[^\s<>]*|\b[\w-]+(?:\.[\w-]+)+\b")
# Microsoft's answer for a mailbox it does not know (5.4.1); not about access.
ASKED_AT_THE_DOOR = re.compile(r"recipient address rejected:\s*access denied")
APOSTROPHE = re.compile("[’´`]")

# Whatever is said of the mailbox beside it: these are about who sends, and what.
SENDER = re.compile(
    r"\bspam|\bjunk\b|unsolicited|\bbulk mail|reputation|\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated"
    r"|not authenticated|authentication (?:failed|required|level|check)|black ?-?list|block ?-?list|deny ?-?list"
    r"|\brbl\b|\bdnsbl\b|liste noire|spamhaus|spamcop|barracuda|proofpoint|(?:listed|found) (?:at|in|on"
    r"|by) (?:the )?(?:\S+ )?(?:bl|list|dns)|\bblocked (?:by|using|for|due|because|from|on)|(?:has been|was|is|are"
    r"|been) blocked(?! (?:by the )?recipient)|\bban(?:ned|ni)\b|policy|politique|not authori[sz]ed"
    r"|unauthori[sz]ed|non autoris|(?:sender|sending|expediteur|mail from)\b[^.;:]{0,40}(?:reject|refus|denied"
    r"|verif|invalid|not exist|unknown)|invalid sender|bad sender|domain of sender"
    r"|relay(?:ing)?\b[^.;]{0,20}(?:denied|not permitted|not allowed|prohibited|refus)|not permitted to relay"
    r"|unable to relay|virus|malware|phish|malicious|attachment|piece jointe|(?:message|mail|size"
    r"|taille)\b[^.;]{0,30}(?:too (?:large|big|long)|trop (?:gros|grand|volumineux|long))|(?:exceed"
    r"|depass)\w*[^.;]{0,40}(?:message size|size limit|maximum size|taille)|too (?:large|big) message"
    r"|content (?:was )?reject|contenu (?:refuse|rejete)|message (?:was |content )?(?:rejected|refused|refuse"
    r"|rejete)|mail (?:rejete|refuse|rejected|refused)|\bline too long|bare (?:lf|cr|newline)|non-?ascii|smtputf8"
    r"|reverse dns|\bptr\b|\bhelo\b|\behlo\b|your (?:ip|server|host|domain|network)|votre (?:ip|serveur|domaine"
    r"|adresse ip)|client host|too many complaints|user complaints|access denied|acces refuse|\btss\d\d\b"
    r"|\bbl2\d\b|\bcs01\b|\bofr[\d_]*_(?:50\d|10\d|6\d\d)|\blpn[\d_]*_5\d\d|need authentication"
    r"|requires authentication|local policy|restricted|only accepts? (?:mail|messages)|n'accepte (?:que|pas)"
    r"|moderat"
)
FULL = re.compile(
    r"(?:mail ?box|boite|mail ?folder|inbox|account|maildrop|user|recipient)\b[^.;]{0,40}\b(?:full|pleine|saturee)"
    r"|over ?-?quota|quota (?:exceeded|full|depasse|atteint|violation)|(?:exceed|depass)\w*[^.;]{0,30}(?:quota"
    r"|storage|espace)|(?:insufficient|not enough|out of|no more) (?:\w+ )?(?:disk |storage |mailbox )?(?:space"
    r"|storage)|mailbox size limit|quotaexceeded|espace (?:disque )?insuffisant|out of storage|disk quota"
    r"|has (?:reached|exceeded) (?:its|his|her|their|the) (?:storage|quota|limit)|too much (?:mail|data)|quota"
)
PASSING = re.compile(
    r"grey ?-?list|gray ?-?list|try (?:again|later)|please retry|retry later"
    r"|(?:re)?essayer? (?:a nouveau )?plus tard|reessay|tempor(?:ary|arily|aire)|timed? ?out|too many|trop de"
    r"|connection (?:refused|reset|lost|dropped)|lost connection|(?:can ?not|could not|couldn't|unable to) connect"
    r"|not responding|no route|network (?:is )?unreachable|delivery time expired|too (?:quickly|fast|frequent"
    r"|busy)|at a rate|rate ?-?limit|throttl|\bloop|hop count|too many hops|boucle|overload|surcharge"
    r"|service (?:currently )?unavailable|service (?:is )?(?:not available|indisponible)|resources"
    r"|internal (?:server )?error|lookup (?:failure|failed|error)|(?:name service|dns) (?:error|failure)"
    r"|verification in progress|delai|expired|expire\b|system (?:not accepting|is not|problem)|server error"
    r"|configuration error|deferred|differe|quarantin|verify your (?:address|email)|challenge"
)
# What nobody says who means something else.
GONE = re.compile(
    r"(?:user|recipient|account|mailbox|address|addressee|local part|mail ?drop)(?: \S+)? (?:is )?(?:unknown"
    r"|not known)\b|(?:unknown|no such|nonexistent|non-?existent|invalid) (?:local )?(?:user|recipient|mailbox"
    r"|account|address(?:ee)?|e-?mail(?: address)?|local ?part|person)|no (?:such )?(?:user|mailbox|account|person"
    r"|recipient)\b[^.;]{0,30}\b(?:here|by that name|with that|of that|on this|found|name)?|(?:user|recipient"
    r"|account|mailbox|address|e-?mail)\b[^.;]{0,80}(?:do(?:es)? ?n[o']t exist|not exist|not (?:be )?found"
    r"|couldn't be found)|(?:user|recipient) not (?:found|listed|here)|not a (?:valid|known) (?:user|recipient"
    r"|mailbox|address)|not our customer|doesn't have an? \S* ?account|no longer (?:available|valid|in use|active"
    r"|exists?|works|with)\b|address (?:does|is) n[o']t (?:exist|valid)|(?:account|mailbox|user|recipient|address"
    r"|compte|boite)\b[^.;]{0,40}(?:disabled|deactivated|desactive|inactive|closed|deleted|supprime|suspended"
    r"|ferme|cloture|discontinued)|(?:utilisateur|destinataire|compte|boite|adresse|abonne"
    r"|usager)\w*\b[^.;]{0,60}(?:inconnu|inexistant|n'existe (?:pas|plus)|introuvable|invalide|non trouve"
    r"|n'est (?:pas|plus) valide|inactif|inactive)|(?:aucun|pas d') ?(?:utilisateur|destinataire|compte|boite)"
    r"|recipnotfound|recipientnotfound|nosuchuser|unrouteable mail domain"
    r"|adresse d'? ?au moins un destinataire invalide|user doesn't|user (?:doesn't|does not) (?:have|exist)"
    r"|unknown or illegal alias|unknown mailbox|does not like recipient|vdeliver: invalid"
)
PERHAPS_GONE = re.compile(
    r"unrouteable|unrout?able|domain (?:not found|does not exist|inconnu|name not found)|host (?:not found|unknown"
    r"|or domain)|(?:unknown|no such) (?:host|domain)|name or service not known|nxdomain|null ?mx"
    r"|mail ?box (?:is )?(?:currently )?(?:unavailable|not available|disabled)|moved|a demenage|demenage"
    r"|address(?:es)? (?:rejected|refused)|recipient (?:address )?(?:rejected|refused)|(?:undeliverable|bad"
    r"|illegal) (?:address|recipient|destination)|adresse (?:refusee|rejetee|erronee)|not (?:accept|reachable)"
    r"|archive|mailbox unavailable|user (?:is )?(?:inactive|unavailable)|locked|verrouille|no valid recipients"
    r"|quitte"
)


def meaning_of_words(text: str) -> Meaning | None:
    """What they come to; `None` where nothing known is said. What may pass, and who sends, win over a mailbox gone."""
    plain = _plain(text)
    for pattern, meaning in (
        (FULL, Meaning.FULL),
        (SENDER, Meaning.SENDER),
        (PASSING, Meaning.PASSING),
        (PERHAPS_GONE, Meaning.PERHAPS_GONE),
    ):
        if pattern.search(plain):
            return Meaning.GONE if meaning is Meaning.PERHAPS_GONE and GONE.search(plain) else meaning
    return Meaning.GONE if GONE.search(plain) else None


def said_words(text: str) -> bool:
    """Whether anything is said besides codes, names and addresses."""
    return any(word.isalpha() for word in _plain(text).split())


def _plain(text: str) -> str:
    without = NAMED.sub(" ", APOSTROPHE.sub("'", text))
    return " ".join(ASKED_AT_THE_DOOR.sub("recipient rejected", plain_letters(without)).split())
