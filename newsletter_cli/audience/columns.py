"""Which column of a list holds what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from newsletter_cli.audience.words import plain
from newsletter_cli.i18n import _

# Headers seen in exports of Excel, Grist, Outlook, Google Contacts, Mailchimp, Sympa, listmonk; as `plain` writes them.
KNOWN: dict[str, tuple[str, ...]] = {
    "address": (
        "email", "e-mail", "e mail", "mail", "courriel", "mel", "email address", "e-mail address", "e mail address",
        "adresse email", "adresse e-mail", "adresse e mail", "adresse mail", "adresse mel", "adresse courriel",
        "adresse electronique", "adresse de messagerie", "adresse", "address", "e-mail 1 - value", "primary email",
        "subscriber", "votre email", "votre adresse email", "emails", "mails", "courriels", "adresses",
    ),
    "name": ("name", "nom complet", "full name", "display name", "nom affiche", "nom et prenom", "prenom et nom",
             "prenom nom", "nom prenom", "fullname"),
    "first_name": ("prenom", "first name", "firstname", "given name", "prenoms"),
    "last_name": ("nom", "last name", "lastname", "surname", "family name", "nom de famille"),
    "status": ("status", "statut", "etat", "subscriber status"),
    "unsubscribed": ("unsubscribed", "desinscrit", "desinscrite", "desabonne", "opt out", "optout", "desinscription",
                     "supprimez mon compte"),
    "groups": ("groups", "group", "groupe", "groupes", "tags", "tag", "etiquettes", "lists"),
    "consent_at": ("consent at", "consent date", "date du consentement", "date d inscription", "date inscription",
                   "optin time", "opt in date", "subscribed at", "confirm time", "inscrit le"),
    "consent_how": ("consent how", "consent", "consentement", "mode d inscription", "origine"),
}  # fmt: skip
# What `nl` itself adds to a file of rejects: taken off again when it comes back.
REJECT_COLUMNS = ("nl_row", "nl_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNames:
    """Column names set by the configuration; `None` where the usual names are looked for."""

    address: str | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    status: str | None = None
    unsubscribed: str | None = None
    groups: str | None = None
    consent_at: str | None = None
    consent_how: str | None = None


USUAL_NAMES = ColumnNames()


class ColumnFault(ValueError):
    """A column that the configuration names does not exist, or no column holds addresses."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Field → place of its column (from 0); `attributes` are the other named columns, place → name."""

    places: Mapping[str, int]
    attributes: Mapping[int, str]
    notes: tuple[str, ...] = ()

    @property
    def has_status(self) -> bool:
        """Whether a row can say that somebody must not be written to."""
        return "status" in self.places or "unsubscribed" in self.places


def match_columns(header: Sequence[str], wanted: ColumnNames, *, address_place: int | None = None) -> Columns:
    """What each column of `header` holds.

    `address_place` is used where no header says it (a file without header). Raises `ColumnFault`.
    """
    bare = [plain(name) for name in header]
    places: dict[str, int] = {}
    for item in fields(wanted):
        name = getattr(wanted, item.name)
        if name is not None:
            places[item.name] = _place_of(name, header, bare)
    taken = set(places.values())
    for field, aliases in KNOWN.items():
        if field not in places:
            found = next((bare.index(alias) for alias in aliases if alias in bare), None)
            if found is not None and found not in taken:
                places[field] = found
                taken.add(found)
    if "address" not in places:
        if address_place is None:
            raise ColumnFault(_("no column is called email, mail, courriel… (the columns are: {columns})").format(
                columns=_listed(header)))  # fmt: skip
        places["address"] = address_place
    attributes = {
        place: name.strip()
        for place, name in enumerate(header)
        if place not in places.values() and name.strip() and name.strip() not in REJECT_COLUMNS
    }
    return Columns(places, attributes, tuple(_describe(places, header)))


def _place_of(name: str, header: Sequence[str], bare: Sequence[str]) -> int:
    stripped = [column.strip() for column in header]
    if name in stripped:
        return stripped.index(name)
    if plain(name) in bare:
        return bare.index(plain(name))
    raise ColumnFault(_("there is no column “{name}” (the columns are: {columns})").format(
        name=name, columns=_listed(header)))  # fmt: skip


def _listed(header: Iterable[str]) -> str:
    # A file whose first row is already somebody's must not put their address into an error.
    return ", ".join(f"“{name.strip()[:40]}”" for name in list(header)[:12] if name.strip() and "@" not in name)


def _describe(places: Mapping[str, int], header: Sequence[str]) -> Iterable[str]:
    for field, place in places.items():
        shown = header[place].strip() if place < len(header) and header[place].strip() else str(place + 1)
        yield _("column “{column}” read as {field}").format(column=shown, field=field.replace("_", " "))
