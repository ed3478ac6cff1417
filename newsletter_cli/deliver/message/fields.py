"""Fields: the few words that differ from reader to reader, as in `Bonjour {first_name},`.

A pattern is text, and names between braces; `{{` and `}}` are braces. Nothing in it is ever run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from newsletter_cli.audience.words import is_header_safe, plain
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest

# Characters that a value may have: a cell of a list is not a paragraph.
LONGEST_VALUE = 200
PIECE = re.compile(r"(\{\{|\}\})|\{([^{}]*)\}|([{}])")
# Letters by their category, and yet nothing to be seen: the fillers of Hangul.
FILLERS = "\u115f\u1160\u3164\uffa0"
# How columns with somebody's first and last name are called, as `plain` writes it.
FIRST_NAME = ("first name", "prenom", "prenoms", "firstname", "given name", "givenname")
LAST_NAME = ("last name", "nom de famille", "lastname", "surname", "family name", "nom")


class PersonalLineFault(ValueError):
    """A pattern that cannot be understood; the message says where."""


class Unfillable(ValueError):
    """A field has no value that can be written; the message names the field, never the value."""


class PersonalText(Struct, frozen=True, kw_only=True):
    """Texts and the names between them: `texts` has one more than `names`."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    def fill(self, values: Mapping[str, str], fallbacks: Mapping[str, str | None]) -> str:
        """The text for one person. An empty value takes the name's fallback.

        Raises `Unfillable` where there is neither, and for a value that is not one short line.
        """
        if not self.names:
            return self.texts[0]
        pieces = [self.texts[0]]
        for name, text in zip(self.names, self.texts[1:], strict=True):
            pieces += (_value(name, values, fallbacks), text)
        return "".join(pieces)

    def bind(self, name: str, text: str) -> PersonalText:
        """The pattern with a text, the same for everybody, in the place of a name."""
        texts, names = [self.texts[0]], []
        for own, following in zip(self.names, self.texts[1:], strict=True):
            if own == name:
                texts[-1] += text + following
            else:
                names.append(own)
                texts.append(following)
        return PersonalText(texts=tuple(texts), names=tuple(names))


def parse_pattern(text: str, *, allowed: Iterable[str]) -> PersonalText:
    """The pattern in `text`. A name may be written without its accents or its capitals.

    Raises `PersonalLineFault` for a name that is not `allowed`, and for a brace without its other half.
    """
    known = list(dict.fromkeys(allowed))
    texts, names = [""], []
    for literal, name in _pieces(text):
        if name is None:
            texts[-1] += literal
        else:
            names.append(_known_name(name, known))
            texts.append("")
    return PersonalText(texts=tuple(texts), names=tuple(names))


def values_for(fields: Iterable[str], name: str, attributes: Mapping[str, str]) -> dict[str, str]:
    """Of a recipient, what the `fields` of a message need; what they do not have is not in it.

    `name` is the whole name: no first name is ever guessed from it. A column counts for a field that is written alike,
    but for accents and capitals; `first_name` and `last_name` are known by their usual other names.
    """
    columns: dict[str, str] | None = None
    found = {}
    for field in fields:
        if field in attributes:
            value = attributes[field]
        elif plain(field) == "name":
            value = name
        else:
            if columns is None:
                # The first of two columns alike counts.
                columns = {plain(column): value for column, value in reversed(list(attributes.items()))}
            value = next((columns[one] for one in _aliases(plain(field)) if is_visible(columns.get(one, ""))), "")
        if is_visible(value):
            found[field] = value
    return found


def values_of_nobody(fallbacks: Mapping[str, str | None]) -> dict[str, str]:
    """The values of a reader of whom nothing is known: the name of a field, in braces, where it has no fallback."""
    return {name: f"{{{name}}}" for name, fallback in fallbacks.items() if fallback is None}


def is_visible(text: str) -> bool:
    """Whether anything of it shows: spreadsheets leave zero-width characters behind."""
    return any(unicodedata.category(sign)[0] not in "CZM" and sign not in FILLERS for sign in text)


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    place = 0
    for found in PIECE.finditer(text):
        yield text[place : found.start()], None
        place = found.end()
        if found[3]:
            raise PersonalLineFault(
                _(
                    "“{pattern}”: the brace at character {place} has no other half; a brace itself is written twice"
                ).format(pattern=text, place=found.start() + 1)
            )
        yield (found[1][0], None) if found[1] else ("", found[2].strip())
    yield text[place:], None


def _known_name(name: str, known: Sequence[str]) -> str:
    if name in known:
        return name
    alike = [one for one in known if plain(one) == plain(name)]
    if len(alike) == 1:
        return alike[0]
    near = nearest(name, known)
    if near:
        raise PersonalLineFault(
            _("the field “{name}” does not exist; did you mean “{near}”?").format(name=name, near=near)
        )
    if not known:
        raise PersonalLineFault(_("the field “{name}” does not exist; none is declared").format(name=name))
    raise PersonalLineFault(
        _("the field “{name}” does not exist; the fields are: {names}").format(name=name, names=", ".join(known))
    )


def _value(name: str, values: Mapping[str, str], fallbacks: Mapping[str, str | None]) -> str:
    value = values.get(name, "")
    if not is_header_safe(value):
        raise Unfillable(_("the field “{name}” holds a line end or another control character").format(name=name))
    value = value.strip() if is_visible(value) else (fallbacks.get(name) or "").strip()
    if not value:
        if fallbacks.get(name) is None:
            raise Unfillable(_("the field “{name}” is empty, and there is no fallback for it").format(name=name))
        return ""
    if len(value) > LONGEST_VALUE:
        raise Unfillable(
            _("the field “{name}” is longer than {count} characters").format(name=name, count=LONGEST_VALUE)
        )
    if not is_header_safe(value):
        raise Unfillable(_("the fallback of the field “{name}” holds a control character").format(name=name))
    return value


def _aliases(field: str) -> tuple[str, ...]:
    for names in (FIRST_NAME, LAST_NAME):
        if field in names:
            return (field, *names)
    return (field,)
