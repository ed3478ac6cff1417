"""Places for what differs from reader to reader, which nothing fills: `{first_name}`, `*|FNAME|*`, `[[prenom]]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from newsletter_cli.base.letters import letters_only
from newsletter_cli.base.pattern import Pattern

PERSON = (
    r"(?:(?:votre|ton|your)[ _.-]?)?"
    r"(?:first[ _.-]?name|last[ _.-]?name|full[ _.-]?name|fname|lname|given[ _.-]?name|surname|user[ _.-]?name|name"
    r"|pr[ée]nom(?:[ _.-]?(?:et[ _.-]?)?nom)?|nom(?:[ _.-]?(?:de[ _.-]?famille|complet|(?:et[ _.-]?)?pr[ée]nom))?"
    r"|civilit[ée]|salutation"
    r"|e-?mail(?:[ _.-]?(?:address|to))?|emailaddr|adresse[ _.-]?(?:e-?mail|mail|[ée]lectronique)"
    r"|mail"
    r"|company(?:[ _.-]?name)?|soci[ée]t[ée]|organisation|organization|phone|t[ée]l[ée]phone)"
)
LEAVING = (
    r"(?:unsub|unsubscribe|opt[ _.-]?out|d[ée]sabonne(?:ment|r)|d[ée]sinscription|se[ _.-]d[ée]sabonner|webversion"
    r"|web[ _.-]version|view[ _.-]in[ _.-]browser|mirror|archive|preferences|pr[ée]f[ée]rences|update[ _.-]profile"
    r"|list[ _.-]unsubscribe)(?:[ _.-]?(?:url|link|lien|page|here))?"
    r"|lien[ _.-](?:de[ _.-])?d[ée]s(?:abonnement|inscription)"
)
KNOWN = rf"(?i:{PERSON}|{LEAVING})"
# Of whom something is told: `contact.CITY`, `subscriber.anything`.
HOLDER = (
    r"(?i:subscriber|contact|recipient|user|person|member|merge|merge_?fields|lead|customer|profile|abonn[ée]|destinataire"
    r"|data|var|params|custom|attributes?|field)[.:_]"
)
WHAT = rf"(?P<name>(?:{HOLDER})[\w.:-]+|{KNOWN})"
FALLBACK = r"(?:[ \t]*(?:\||:|,|\?\?)[^{}\n]{0,60})?"
PATTERNS = (
    # {{ contact.PRENOM }}, {{{ name }}}
    Pattern(rf"\{{{{{{?[ \t]*&?[ \t]*{WHAT}{FALLBACK}[ \t]*\}}\}}\}}?", signs=("{{",)),
    # {first_name}, ${name}, {$name}
    Pattern(
        rf"\$?\{{[$%]?{WHAT}(?:[ \t]*(?:\||,)[^{{}}\n]{{0,40}})?%?\}}", signs=("{",), rough=r"\{[$%]?[^\W\d][^{}\n]*\}"
    ),
    Pattern(r"\*\|(?P<name>[A-Z][\w:. -]*)\|\*", signs=("*|",)),  # *|FNAME|*
    Pattern(r"(?<![\w%])%%(?P<name>[A-Za-z_][\w.]*)%%(?![\w%])", signs=("%%",)),  # %%unsubscribe%%
    # %recipient.name%
    Pattern(
        rf"(?<![\w%])%(?P<name>recipient[._][\w-]+|{KNOWN}|(?i:unsubscribelink))%(?![\w%])",
        signs=("%",),
        rough=r"%[^\W\d][^%\n]*%",
    ),
    Pattern(rf"%\({WHAT}\)s", signs=("%(",)),
    Pattern(rf"\[\[[ \t]*{WHAT}[^\[\]\n]{{0,40}}\]\](?!\()", signs=("[[",)),
    # [UNSUBSCRIBE], [Prénom Nom]; “[archive]” is a remark.
    Pattern(
        rf"\[%?(?P<name>contact_attribute:\w+|(?=[A-ZÀ-Ý_. -]+[%\]]){KNOWN}|(?i:(?:votre |your )?(?:pr[ée]nom(?: nom)?"
        r"|nom(?: pr[ée]nom)?|first[ _]?name|last[ _]?name|(?<=your )name)))%?\](?![(\[:])",
        signs=("[",),
        rough=r"\[%?(?:contact_|[A-ZÀ-Ý_. -]+[%\]]|(?i:votre |your |pr[ée]nom|nom|first|last|name))",
    ),
    Pattern(r"<%[=-]?[ \t]*(?P<name>[^%<>\n]{1,80}?)[ \t]*-?%>", signs=("<%",)),
    Pattern(rf"(?<![\w#])##?(?P<name>{KNOWN})##?(?![\w#])", signs=("#",), rough=r"#[^\W\d][^#\n]*#"),
    Pattern(rf"(?<![\w@])@@?(?P<name>{KNOWN})@@?(?![\w@.])", signs=("@",), rough=r"@[^\W\d][^@\n]*@"),
    Pattern(
        rf"<<[ \t]*(?P<name>{KNOWN})[ \t]*>>|(?<=[Bb]onjour )[«‹(][ \u00a0\u202f]?{KNOWN}[ \u00a0\u202f]?[»›)]",
        signs=("<<", "onjour «", "onjour ‹", "onjour ("),
    ),
)
# Quick to look for: a text without any of these has no such place.
HINTS = ("{", "*|", "%", "[", "<%", "#", "@", "<<", "onjour «", "onjour (")
# One idea under several names.
SAME = {
    "firstname": frozenset(("firstname", "fname", "givenname", "prenom", "prenoms")),
    "lastname": frozenset(("lastname", "lname", "surname", "nom", "nomdefamille")),
    "name": frozenset(("name", "fullname", "nomcomplet", "prenomnom", "nomprenom", "prenometnom")),
    "email": frozenset(("email", "mail", "emailaddress", "emailto", "emailaddr", "adresseemail", "adressemail")),
}
LEAVING_NAME = Pattern(LEAVING, re.IGNORECASE)


def find_places(text: str, declared: frozenset[str] = frozenset()) -> Iterator[re.Match[str]]:
    """Every such place in a text, in no order; none within another. `declared`: fields of this newsletter."""
    if not any(hint in text for hint in HINTS):
        return
    taken: list[tuple[int, int]] = []
    for pattern in (*PATTERNS, *map(_of_field, declared)):
        for found in pattern.finditer(text):
            if not any(start < found.end() and found.start() < end for start, end in taken):
                taken.append(found.span())
                yield found


@lru_cache(maxsize=32)
def _of_field(name: str) -> Pattern:
    """`{ville}`, `{{ ville }}`, `[[ville]]`."""
    return Pattern(rf"\{{\{{?[ \t]*(?P<name>{re.escape(name)})[ \t]*\}}?\}}|\[\[{re.escape(name)}\]\]", re.IGNORECASE)


def name_in(found: re.Match[str]) -> str:
    """What is to stand there, as it is compared: `contact.PRENOM` → prenom."""
    typed = found["name"] or found[0]
    return letters_only(re.split(r"[.:]", typed.strip())[-1])


def is_leaving(found: re.Match[str]) -> bool:
    """Whether it is the place of a link to leave the list, or to see the page."""
    return LEAVING_NAME.fullmatch((found["name"] or "").strip()) is not None


def same_names(name: str) -> frozenset[str]:
    """All names of a field, itself among them, without accents, blanks and signs."""
    plain = letters_only(name)
    return next((names for names in SAME.values() if plain in names), frozenset((plain,)))
