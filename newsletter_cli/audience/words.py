"""The words people write in a list for statuses, yes and no, groups. English and French."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newsletter_cli.model.subscriber import SubscriberStatus

_STATUSES = {
    SubscriberStatus.CONFIRMED: "confirmed confirme confirmee active actif active inscrit inscrite abonne abonnee "
    "subscribed subscriber enabled valide",
    SubscriberStatus.UNCONFIRMED: "unconfirmed pending waiting en_attente non_confirme non_confirmee a_confirmer",
    SubscriberStatus.UNSUBSCRIBED: "unsubscribed desinscrit desinscrite desabonne desabonnee opt_out opted_out "
    "removed supprime supprimee inactive inactif disabled blocklisted",
    SubscriberStatus.BOUNCED: "bounced bounce cleaned en_erreur erreur rejete rejetee",
    SubscriberStatus.COMPLAINED: "complained complaint spam plainte",
}
STATUSES = {word.replace("_", " "): status for status, words in _STATUSES.items() for word in words.split()}
_YES = "true 1 yes y oui o vrai x on ok ✓ ✔ ☑ desinscrit desinscrite unsubscribed"
_NO = "false 0 no n non faux off ☐ ✗ - – null none"
YES = frozenset(_YES.split())
NO = frozenset(("", *_NO.split()))
FORBIDDEN = frozenset({"Cc", "Zl", "Zp", "Cs"})
GROUP_SEPARATOR = re.compile(r"[;,|\n]")
# SQL and Grist hand numbers over: 1.0 is 1, 0.0 is 0.
WHOLE = re.compile(r"([01])\.0+")


def is_header_safe(text: str) -> bool:
    """Whether the text can stand in a mail header: no control character, line or paragraph end, lone surrogate."""
    return text.isprintable() or not any(unicodedata.category(letter) in FORBIDDEN for letter in text)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text for comparing: lower case, no accents, single blanks instead of anything but letters and digits."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        letter if letter.isalnum() or letter in "✓✔☑☐✗-–" else " " for letter in letters if not _is_mark(letter)
    )
    return " ".join(kept.split())


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) == "Mn"


@lru_cache(maxsize=1024)
def parse_status(text: str) -> SubscriberStatus | None:
    """The status a word means; `None` when it means none."""
    return STATUSES.get(plain(text).replace("-", " "))


@lru_cache(maxsize=1024)
def parse_boolean(text: str) -> bool | None:
    """Yes or no; `None` when it is neither. An empty cell is no."""
    word = plain(WHOLE.sub(r"\1", text.strip()))
    return True if word in YES else False if word in NO else None


@lru_cache(maxsize=4096)
def parse_groups(text: str) -> tuple[str, ...]:
    """The groups of a cell, in order, each once: `proof; direction`."""
    names = (" ".join(part.split()) for part in GROUP_SEPARATOR.split(text))
    return tuple(dict.fromkeys(name for name in names if name))
