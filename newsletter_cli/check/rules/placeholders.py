"""Something that was to be filled in later, and was not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.passages import header_fields
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.model import Finding, Level

# Nobody writes these for readers.
SURE = Pattern(
    r"\bINS(?:ERT|[EÉ]RER)_[A-Z0-9_À-Ý]+|\b[A-Z]+(?:_[A-Z]+)*_(?:HERE|ICI)\b"
    r"|\[(?:INSERT|INS[ÉE]RER)\b[^\[\]\n]*\]|\bINSERT\b[^.\n]{0,40}\bHERE\b"
    r"|\b[Ll]orem ipsum dolor\b"
    r"|\[[ \t]*(?:TODO|FIXME|TBD|TBC|XXX)\b[^\[\]\n]*\]|\((?:TODO|FIXME|TBD|XXX)\b[^()\n]*\)"
    r"|(?m:^[ \t]*(?:TODO|FIXME)[ \t\u00a0\u202f]*(?::|$))|\b(?:TODO|FIXME)[ \u00a0\u202f]?:(?!//)"
)
MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
)
PICTURE_OR_WORD = (
    r"(?i:photo|image|picture|légende|citation|logo|portrait|titre|date|lieu|heure|texte|votre texte|your text)"
)
BLANK_FIELD = (
    r"(?i:prénom|nom|date|lieu|heure|horaires?|adresse|titre|ville|salle|structure|fonction|téléphone|e-?mail|courriel|lien"
    r"|montant|first name|last name|surname|your name)"
)
TO_DO = r"(?i:[àa] (?:compléter|completer|remplacer|préciser|preciser|confirmer|venir|vérifier|rédiger|remplir))"
LIKELY = Pattern(
    r"\bFIXME\b|(?<![\w'’-])TBD(?![\w-])|(?m:^)[ \t>*_]*[Ll]orem ipsum[*_ \t.…]*(?m:$)"
    r"|[\[(][ \t]*(?i:à|a)[ ](?i:compléter|completer|remplacer|préciser|preciser|confirmer|venir ?\?)[^\[\]()\n]*[\])]"
    r"|\b[ÀA] (?:COMPL[ÉE]TER|REMPLACER|PR[ÉE]CISER|V[ÉE]RIFIER|RELIRE|TRADUIRE)\b"
    r"|:[ \u00a0\u202f]*(?i:à compléter)[ \t.]*(?m:$)|(?m:^)[ \t]*(?i:à compléter)[ \t.…]*(?m:$)"
    rf"|(?<![\w'’-])XX(?:(?=[ \u00a0](?i:{MONTHS})\b)|/(?:XX|\d\d)(?:/(?:X+|\d+))?)|(?<![\w'’-])XX ?h(?:XX)?\b"
    r"|[\[(][ ]?(?i:lien|link|image|photo|texte)[ ](?i:à|a)[ ](?i:ajouter|mettre|insérer)[^\[\]()\n]*[\])]"
    r"|\[(?i:ajouter|add|insérer|insert|mettre)[ ](?i:le |la |un |une |the |a )?(?i:lien|link|image|photo|date|texte?)"
    r"[^\[\]\n]*\]|(?<!!)\[(?:lien|link|url|LIEN|LINK|URL)\](?!\()"
    r"|(?:(?m:^)|[:(\[])[ \t\u00a0\u202f]*\?{3,}(?=[ \t)\].]*(?m:$)|[ \t]*[)\]])"
    r"|(?<![\w/-])(?:JJ/MM(?:/AA(?:AA)?)?|DD/MM/YY(?:YY)?|MM/DD/YY(?:YY)?|(?:AAAA|YYYY)-MM-(?:JJ|DD))(?![\w/-])"
    rf"|\[[ ]?{PICTURE_OR_WORD}(?:[ ](?i:ici|here|à venir|to come))?[ ]?\](?![(\[:])"
    r"|[\[(][ \t]*(?i:à|a)[ ](?i:(?:faire )?(?:valider|vérifier|relire(?= par|[ ]?[\])])|rédiger|traduire|illustrer)"
    r"|mettre à jour)\b[^\[\]()\n]*[\])]|[\[(][ ]?(?i:to be (?:confirmed|completed|written|checked)|tbc)[ ]?[\])]"
    # `<à compléter>`, `‹Prénom Nom>`, `<date et lieu>`.
    rf"|(?!‹[^<>‹›\s]*›)[<‹][ \u00a0]?(?:{TO_DO}[^<>‹›\n]{{0,60}}"
    rf"|{BLANK_FIELD}(?:[ ,/]{{1,3}}(?:(?:et|and|ou|or) )?{BLANK_FIELD}){{0,4}}"
    r"(?: (?:de|du|des|de la|of the) \w{1,30}| de l['’]\w{1,30})?(?: ici| here)?)[ \u00a0]?[>›]"
    # “TODO Camille relire”, not “la TODO list”.
    r"|(?:(?m:^)|(?<=[.!?;:)\]][ ]))[ \t]*TODO(?=[ ](?!list\b|liste\b|app\b)[^\W\d_])"
)
# “la liste TODO”, “le tome XXX”: perhaps.
PERHAPS = Pattern(r"(?<![\w'’-])TODO(?![\w-])|(?<![\w'’-])X{3,}(?![\w'’-])|(?<![\w-])x{4,}(?![\w-])")
LEVELS = ((SURE, Level.ERROR), (LIKELY, Level.WARNING), (PERHAPS, Level.INFO))
# Each pattern has one of these in it; looking for them costs next to nothing.
HINT = Pattern(
    r"TODO|FIXME|TBD|XX|xxxx|\?\?\?|_HERE|_ICI|HERE|INS|orem ipsum|ompl[ée]ter|COMPL|REMPL|emplacer"
    r"|JJ/MM|/YY|-MM-|[\[(][ \t]*(?:à (?:faire|valid|vérif|relire|rédig|trad|illus|mettre)|a (?:faire|valid|verif))"
    r"|[Tt]o be|tbc|TBC"
    r"|PR[ÉE]CI|réciser|preciser|onfirmer|RIFIER|RELIRE|TRADUIRE|\]|à venir|à ajouter|à mettre|à insérer|[<‹]"
)
# “au format JJ/MM/AAAA” is what it says.
FORMAT = Pattern(r"(?i:format|form|forme|norme|ISO|comme|like|as|type|notation)\b[^.\n]{0,20}\Z")
ADDRESS = Pattern(
    r"(?:https?://)?(?:url|lien|link|todo|tbd|xxx+|adresse|address|\.{3}|…|%E2%80%A6|insert\S*|ins[eé]rer\S*|\S*_here|\S*_ici)/?",
    re.IGNORECASE,
)


@rule(
    "placeholder",
    Level.ERROR,
    _("Something was to be filled in"),
    why="""
        Something was to be filled in: `TODO:`, `[TODO …]`, `INSERT_LINK_HERE`, “lorem ipsum dolor”, a link whose
        address is “link”. A warning where it is likely only (“à compléter” at a line's end, `[lien]`, `Place: ???`,
        `JJ/MM/AAAA`, `[photo ici]`, `<à compléter>`, “(à valider par Alix)”) or where the words of a section's
        skeleton stand untouched; a note where it may be meant (a TODO list, tome XXX).
    """,
    bad="`The concert begins at XX h.`, or `See [the programme](INSERT_LINK_HERE).`",
    good="`The concert begins at eight.`",
)
def placeholder(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each place left open: an error where nobody would mean it for readers, else less.

    Also links to “lien”, “INSERT_LINK_HERE” and the like, and what a skeleton tells its editor, left as it was.
    """
    for value, place in header_fields(manuscript):
        for found, level in _open_places(value):
            yield placeholder.at(place, _message(found[0]), suggestion=_suggestion(), level=level)
    for text in manuscript.all_texts:
        yield from _in_text(text)
        if manuscript.guidance and not text.is_standing:
            yield from _left_guidance(text, manuscript.guidance)


def _in_text(text: Text) -> Iterator[Finding]:
    survey = text.survey
    if HINT.search(survey.source.text):
        # `html-unclosed` tells of those.
        words = {mark.span.start for mark in survey.tag_words}
        for block in survey.blocks:
            if block.kind == "html":
                continue
            for found, level in _open_places(block.prose):
                if found[0][0] == "<" and survey.span(block, *found.span()).start in words:
                    continue
                yield placeholder.at(
                    survey.place_in(block, *found.span()), _message(found[0]), suggestion=_suggestion(), level=level
                )
    addresses = [(one.address, one.span) for one in survey.links]
    addresses += [(one.address, one.span) for one in survey.images]
    for address, span in addresses:
        if ADDRESS.fullmatch(address):
            yield placeholder.at(
                survey.place(span),
                _("the address “{words}” was to be filled in").format(words=shorten(address)),
                suggestion=_("write the address itself: https://…"),
            )


def _open_places(text: str) -> Iterator[tuple[re.Match[str], Level]]:
    if not HINT.search(text):
        return
    taken: list[tuple[int, int]] = []
    for pattern, level in LEVELS:
        for found in pattern.finditer(text):
            if found[0][:1] in "JDMAY" and FORMAT.search(text[max(0, found.start() - 30) : found.start()]):
                continue
            if not any(start < found.end() and found.start() < end for start, end in taken):
                taken.append(found.span())
                yield found, level


def _message(words: str) -> str:
    return _("“{words}” was to be filled in, or to be taken out").format(words=shorten(words.strip(" \t:\ufffc")))


def _suggestion() -> str:
    return _("write what belongs there, or take it out")


def _left_guidance(text: Text, guidance: frozenset[str]) -> Iterator[Finding]:
    """The lines of the skeleton that stand as they were; a warning where nothing else has been written."""
    survey = text.survey
    left, others = [], 0
    for block in survey.blocks:
        for line in block.text_lines:
            if block.kind == "paragraph" and line.text.strip() in guidance:
                left.append((block, line))
            elif block.kind != "heading" and line.text.strip():
                others += 1
    for block, line in left:
        yield placeholder.at(
            survey.place_in(block, line.start, line.end),
            _("“{words}” is the skeleton's, and has not been changed").format(words=shorten(line.text)),
            suggestion=_("write your own words in its place"),
            level=Level.INFO if others else Level.WARNING,
        )
