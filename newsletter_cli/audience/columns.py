"""Which column of a list holds what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from newsletter_cli.audience.fault import UNCLEAR_COLUMN, ListFault
from newsletter_cli.audience.leaving import UNSUBSCRIBED, header_words, is_suspect, meaning_of
from newsletter_cli.audience.says import Says, WishColumn
from newsletter_cli.audience.words import plain
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.config.list_settings import ListColumnSettings

# Headers seen in exports of Excel, Grist, Outlook, Google Contacts, Mailchimp, Sympa, listmonk; as `plain` writes them.
KNOWN: dict[str, tuple[str, ...]] = {
    "address": (
        "email", "e-mail", "e mail", "mail", "courriel", "mel", "email address", "e-mail address", "e mail address",
        "adresse email", "adresse e-mail", "adresse e mail", "adresse mail", "adresse mel", "adresse courriel",
        "adresse electronique", "adresse de messagerie", "adresse", "address", "e-mail 1 - value", "primary email",
        "subscriber", "votre email", "votre adresse email", "emails", "mails", "courriels", "adresses",
        "member email", "member address", "user email", "contact email", "email adresse", "mail adresse",
    ),
    "name": ("name", "nom complet", "full name", "display name", "nom affiche", "nom et prenom", "prenom et nom",
             "prenom nom", "nom prenom", "fullname", "gecos", "real name", "member name"),
    "first_name": ("prenom", "first name", "firstname", "given name", "prenoms"),
    "last_name": ("nom", "last name", "lastname", "surname", "family name", "nom de famille"),
    "groups": ("groups", "group", "groupe", "groupes", "tags", "tag", "etiquettes", "lists", "labels", "libelles",
               "group membership"),
    "consent_at": ("consent at", "consent date", "date du consentement", "date d inscription", "date inscription",
                   "optin time", "opt in date", "subscribed at", "confirm time", "inscrit le", "subscription date",
                   "consented at", "consent time", "date de consentement", "opted in at"),
    "consent_how": ("consent how", "consent", "consentement", "mode d inscription", "origine"),
}  # fmt: skip
# What `nl` itself adds to a file of rejects: taken off again when it comes back.
REJECT_COLUMNS = ("nl_row", "nl_reason")
# A second column of these may hold the address where the first is empty; “Address” alone may be a street.
_MORE_ADDRESSES = re.compile(
    r"(?:(?:primary|secondary|second|other|autre|work|home) )?(?:adresse (?:de )?)?"
    r"(?:e[- ]?mails?|mails?|courriels?|mel)"
    r"(?: address)?(?: ?\d)?(?: - value)?(?: (?:pro|perso|professionnel|personnel))?"
)
_LABELS: dict[str, str] = {
    "address": _("address"),
    "name": _("name"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "groups": _("groups"),
    "consent_at": _("date of consent"),
    "consent_how": _("how they agreed"),
    Says.STATUS: _("status"),
    Says.LEFT: _("unsubscribed"),
    Says.LEFT_BECAUSE: _("reason for leaving"),
    Says.BOUNCED: _("bounced"),
    Says.BOUNCED_BECAUSE: _("reason of the bounce"),
    Says.COMPLAINED: _("complained"),
    Says.SUBSCRIBED: _("subscribed"),
    Says.CONFIRMED: _("confirmed"),
    Says.DELIVERY: _("how they get their mail"),
}
_MEANS = {"status": Says.STATUS, "unsubscribed": Says.LEFT, "subscribed": Says.SUBSCRIBED}


# What a column can hold, by the keys of `[list.columns]`.
NAMED_FIELDS = (
    "address", "name", "first_name", "last_name", "status", "unsubscribed", "subscribed", "groups", "consent_at",
    "consent_how",
)  # fmt: skip
# No column is named: the usual names are looked for.
USUAL_NAMES = ListColumnSettings()


class ColumnFault(ValueError):
    """A column that the configuration names does not exist, or no column holds addresses."""


class Columns(Struct, frozen=True, kw_only=True):
    """What the columns of a list hold, by their places (from 0).

    `places` has the fields, `more_addresses` further columns to find an address in, `marks` the columns that say
    something of a person's wish; `attributes` are the other named columns, place → name. `unread` names those the
    editor should know of, `quiet` are the places of those declared to say nothing.
    """

    places: Mapping[str, int]
    attributes: Mapping[int, str]
    header: tuple[str, ...] = ()
    more_addresses: tuple[int, ...] = ()
    marks: tuple[WishColumn, ...] = ()
    unread: tuple[str, ...] = ()
    quiet: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    faults: tuple[ListFault, ...] = ()

    @property
    def has_status(self) -> bool:
        """Whether a row can say that somebody must not be written to."""
        return bool(self.marks)

    def name_of(self, place: int) -> str:
        """The column's name as the editor knows it, or its number."""
        name = self.header[place].strip() if place < len(self.header) else ""
        return name or str(place + 1)


def match_columns(
    header: Sequence[str],
    wanted: ListColumnSettings,
    *,
    unused: Sequence[str] = (),
    address_place: int | None = None,
    filled: frozenset[int] = frozenset(),
) -> Columns:
    """What each column of `header` holds: as the configuration says (`wanted`), else as its name does.

    `unused` are columns of which the editor knows that they say nothing of who may be written to. `address_place` is
    used where no header says it (a file without header); `filled` are the places that hold something, as far as was
    looked. Raises `ColumnFault`.
    """
    bare = [header_words(name) for name in header]
    plain_names = [plain(name) for name in header]
    quiet = frozenset(place for place, name in enumerate(plain_names) if name and name in set(map(plain, unused)))
    places: dict[str, int] = {}
    for field in NAMED_FIELDS:
        if name := getattr(wanted, field):
            places[field] = _place_of(name, header, plain_names)
    taken = set(places.values())
    for field, aliases in KNOWN.items():
        if field not in places:
            found = next((plain_names.index(alias) for alias in aliases if alias in plain_names), None)
            if found is not None and found not in taken and found not in quiet:
                places[field] = found
                taken.add(found)
    if "address" not in places:
        if address_place is None:
            raise ColumnFault(_("no column is called email, mail, courriel… (the columns are: {columns})").format(
                columns=_listed(header)))  # fmt: skip
        places["address"] = address_place
        taken.add(address_place)
    more = () if wanted.address else tuple(
        place for place, name in enumerate(plain_names)
        if place not in taken and place not in quiet and _MORE_ADDRESSES.fullmatch(name)
    )  # fmt: skip
    taken.update(more)
    marks = tuple(_marks(header, bare, plain_names, places, wanted, taken | quiet))
    taken.update(mark.place for mark in marks)
    others = {place: name.strip() for place, name in enumerate(header)
              if place not in taken and name.strip() not in REJECT_COLUMNS}  # fmt: skip
    unread = [
        name or _("column {number}, without a name").format(number=place + 1)
        for place, name in others.items()
        if place not in quiet and (name or place in filled)
    ]
    faults = [_unclear(name) for place, name in others.items() if place not in quiet and is_suspect(bare[place], bare)]
    columns = Columns(
        places=places,
        attributes={place: name for place, name in others.items() if name},
        header=tuple(header),
        more_addresses=more,
        marks=marks,
        unread=tuple(unread),
        quiet=quiet,
        faults=tuple(faults),
    )
    return replace(columns, notes=tuple(_describe(columns)))


def _marks(
    header: Sequence[str],
    bare: Sequence[str],
    plain_names: Sequence[str],
    places: dict[str, int],
    wanted: ListColumnSettings,
    taken: set[int],
) -> Iterator[WishColumn]:
    """The columns that say something of a person's wish: the declared ones, and all that are known by their names."""
    for field, says in _MEANS.items():
        if field in places:
            place = places[field]
            # A status that is called “subscribed” is a yes or a no, whatever it was declared as.
            own = meaning_of(plain_names[place], plain_names) or meaning_of(bare[place], bare)
            meant = (own or says) if field == "status" else says
            yield WishColumn(place=place, name=header[place].strip(), says=meant)
    for place in range(len(header)):
        if place in taken:
            continue
        found = meaning_of(plain_names[place], plain_names) or meaning_of(bare[place], bare)
        if found is None or (found is Says.STATUS and wanted.status):
            continue
        if found is Says.STATUS:
            places.setdefault("status", place)
        elif plain_names[place] in UNSUBSCRIBED:
            places.setdefault("unsubscribed", place)
        yield WishColumn(place=place, name=header[place].strip(), says=found)
    if "consent_how" in places:
        place = places["consent_how"]
        yield WishColumn(place=place, name=header[place].strip(), says=Says.CONSENT)


def _unclear(name: str) -> ListFault:
    return ListFault(
        rule=UNCLEAR_COLUMN,
        message=_("the column “{column}” may say who left, or did not agree, and it is not used").format(
            column=name[:60]
        ),
        hint=unclear_hint(name),
    )


def unclear_hint(name: str) -> str:
    """What to do about a column that may say who left."""
    return _(
        'say what it means in newsletter.toml: [list.columns] unsubscribed = "{column}" (yes, or a date: they left), '
        'subscribed = "{column}" (no: they left) or status = "{column}" (a word: unsubscribed, bounced…) — or, if it '
        'says none of this, [list] unused_columns = ["{column}"]'
    ).format(column=name[:60])


def remark_hint(name: str) -> str:
    """What to do about a remark that says that somebody left."""
    return _(
        "remarks are not read: write “unsubscribed” into a column called “status” of such a row — or, if none of them "
        'says that somebody left, [list] unused_columns = ["{column}"] in newsletter.toml'
    ).format(column=name[:60])


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


def _describe(columns: Columns) -> Iterator[str]:
    read_as = _("column “{column}” read as {field}")
    is_mark = {mark.place for mark in columns.marks}
    for field, place in columns.places.items():
        if place not in is_mark or field == "consent_how":
            yield read_as.format(column=columns.name_of(place), field=_LABELS[field])
    for mark in columns.marks:
        if mark.says is not Says.CONSENT:
            yield read_as.format(column=mark.name, field=_LABELS[mark.says])
    if columns.more_addresses:
        shown = ", ".join(
            f"“{columns.name_of(place)}”" for place in (columns.places["address"], *columns.more_addresses)
        )
        yield _("the columns {columns} hold addresses: of each row, the first that is filled is used").format(
            columns=shown
        )
    if columns.unread:
        yield unread_note(columns.unread)


def unread_note(names: Sequence[str]) -> str:
    """That these columns say nothing of who is written to."""
    return _("columns of the list that do not choose who is written to: {columns}").format(
        columns=", ".join(name[:40] for name in names)
    )
