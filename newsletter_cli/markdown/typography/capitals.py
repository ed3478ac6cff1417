"""Capitals without their accent, where that is certain: “A l’agenda”, “Etat”.

Capitals keep their accents in French (Académie française, “Questions de langue”: accentuation des majuscules).
"""

from __future__ import annotations

import re
from functools import cache

from newsletter_cli.markdown.typography.correction import OPAQUE, Correction
from newsletter_cli.markdown.typography.guess import is_other_language

# Words that are nothing without their accent, in French or English; their plural is understood.
ACUTE = (
    "Ecole Ecologie Ecologique Economie Economique Ecran Ecrit Ecrite Ecriture Ecrivez Ecoute Ecoutez Ecosystème "
    "Editeur Edito Egalité Egalement Electricité Electrique Electronique Elève Energie Energétique Equipe Equipement "
    "Equité Etape Etat Etablissement Eté Etude Etudiant Etudiante Evénement Evènement Evidemment Echange Echangez "
    "Echéance Echelle Eclairage Ecart Etait Etaient Etant Epreuve Epoque Etoile Etranger Etrangère Elément "
    "Emetteur Epargne Elysée Elue Ecologue Ecologiste Ecolier Ecolière Economiste Eolienne Epidémie Epicerie "
    "Educateur Educatrice Educatif Educative Elargissement Elargi Elargie Eleveur Eloge Emanciper Eveil Evénementiel "
    "Ethique Etonnant Etroit Etrange Evaluateur Evaluer Evolutif Evoluer Ephémère Equilibre"
)
# English has these, too: certain behind an article only, “l’Education”.
ELIDED = (
    "Education Evaluation Evolution Emission Edition Election Equation Erosion Emotion Emergence Elaboration Edifice "
    "Eruption Evasion Etiquette"
)
CIRCUMFLEX = "Etes Etre"
# Behind a capital A that begins a sentence; with these it is no verb.
AFTER_A = (
    r"l['’](?=[^\W\d_])|la\b|noter\b|savoir\b|lire\b|voir\b|venir\b|suivre\b|retenir\b|découvrir\b|bientôt\b|"
    r"vos agendas\b|partir d|propos d|destination d|travers |côté d|cause d|compter d|défaut d|vous d['’e]|"
    r"nous d['’e]|quoi |qui |quel(?:le)?s? |chaque "
    r"|(?:ce|cet|cette|ces|mon|ma|mes|son|sa|ses|notre|nos|votre|vos|leurs?) |force d|peine\b|moins (?:d|qu)"
    r"|terme\b|titre (?:d|indicatif|gracieux|personnel)|nouveau\b|présent\b|distance\b|proximité\b|raison d"
    r"|condition d|domicile\b|tous\b|toutes\b|toute heure|tout (?:moment|hasard|âge|prix)"
    r"|ne pas\b|tr[èe]s bientôt|plus tard\b|pied\b|vélo\b|bord d|droite\b|gauche\b|mi-|ceux\b|celles?\b|celui\b|chacun"
    r"|(?:court|moyen|long) terme|grande échelle|première vue|\d\d?(?:[ \u00a0\u202f]?h\b|[ \u00a0\u202f]heures?\b)"
    r"|(?:consulter|découvrir|écouter|regarder|télécharger|partager|faire|tester|essayer|relire|retrouver|discuter"
    r"|compléter|prévoir|rater|manquer|vérifier|confirmer|méditer|visiter)\b"
    r"|(?:Paris|Lyon|Marseille|Toulouse|Nantes|Lille|Bordeaux|Rennes|Strasbourg|Brest|Grenoble|Montpellier|Bercy)\b"
    r"|plusieurs reprises|l[ae] (?:fin|suite|place|demande)|demain\b|mesure qu|deux pas\b"
)
# “Ca va”: a verb follows, in small letters. “Ca est un élément” is another thing.
AFTER_CA = r"(?!et\b|ou\b|est un élément)[a-zà-ÿ]"


CAPITAL = re.compile(r"\b(?:Eco-|E[a-zà-ÿ]+|(?:A|Ca)(?= ))")


@cache
def _words() -> frozenset[str]:
    return frozenset((*f"{ACUTE} {CIRCUMFLEX} {ELIDED}".split(), "A", "Ca", "Eco-"))


def _may_lack_one(text: str) -> bool:
    """Whether it is worth while to look closely: the pattern takes longer to compile than a text to read."""
    words = _words()
    return any(word in words or word.removesuffix("s") in words for word in CAPITAL.findall(text))


@cache
def _pattern() -> re.Pattern[str]:
    acute, circumflex, elided = ("|".join(word[1:] for word in words.split()) for words in (ACUTE, CIRCUMFLEX, ELIDED))
    end = r"(?![\w@/]|\.\w)"
    return re.compile(
        rf"(?<![\w@#/._-])(?:(?P<acute>E)(?=(?:{acute})s?{end})|(?P<circumflex>E)(?=(?:{circumflex}){end}))"
        rf"|(?<=[ldLD]['’])(?P<elided>E)(?=(?:{elided})s?{end})"
        rf"|(?<![\w@#/._'’-])(?P<grave>A)(?= (?:{AFTER_A}))"
        rf"|(?<![\w@#/._'’-])(?P<cedilla>C)(?=a {AFTER_CA})|(?<![\w@#/._-])(?P<eco>E)(?=co-[a-zà-ÿ])"
    )


ACCENTED = {"acute": "É", "circumflex": "Ê", "grave": "À", "cedilla": "Ç", "eco": "É", "elided": "É"}


def correct_capitals(text: str, language: str) -> list[Correction]:
    """The capitals of a French passage that lack their accent for certain, in order. Names of people are left alone."""
    if language.lower().partition("-")[0] != "fr" or not _may_lack_one(text):
        return []
    if is_other_language(text, "fr"):
        return []
    return [
        Correction(start=found.start(), end=found.end(), new=ACCENTED[found.lastgroup or ""], kind="capital")
        for found in _pattern().finditer(text)
        if found.lastgroup not in ("grave", "cedilla") or _begins_sentence(text, found.start())
    ]


def _begins_sentence(text: str, at: int) -> bool:
    """Whether nothing of the same sentence stands before: “vitamine A” is a name."""
    before = text[:at].rstrip(" \n\u00a0\u202f" + OPAQUE)
    is_apart = before != text[:at].rstrip(OPAQUE) or at == 0 or text[at - 1] == OPAQUE
    return not before or (is_apart and not before[-1].isalnum() and before[-1] not in ",;)-–—")
