"""The words of the endpoint's pages, in the newsletter's language: readers see them, not the editors."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class PageWords(Struct, frozen=True, kw_only=True):
    """The words in one language. `{name}` is the newsletter's name, `{contact}` a mail address, as a link."""

    leave: str
    question: str
    button: str
    nothing_yet: str
    done: str
    done_text: str
    on_its_way: str
    back: str
    back_by_mail: str
    wrong: str
    wrong_text: str
    copy_whole: str
    by_mail: str
    often: str
    often_text: str
    later: str
    later_text: str
    nothing_here: str


WORDS = {
    "en": PageWords(
        leave="Unsubscribe from {name}",
        question="Do you want to stop receiving {name}?",
        button="Unsubscribe",
        nothing_yet="Nothing has changed so far: you are unsubscribed once you press the button.",
        done="You are unsubscribed",
        done_text="Your wish is recorded: {name} will not be sent to you any more.",
        on_its_way="An issue that is on its way already may still arrive.",
        back="Was it a mistake? Sign up again where you did the first time, or answer one of the issues you received.",
        back_by_mail="Was it a mistake? Write to {contact}, and you will be on the list again.",
        wrong="This link does not work",
        wrong_text="It is not complete, or it belongs to no newsletter that is sent from here. Nothing has changed.",
        copy_whole="Open the link from the message itself, or copy the whole of it: it ends in 24 letters and figures.",
        by_mail="You can also write to {contact} that you want to leave.",
        often="Too many links that do not work",
        often_text="Many came from your network in a short time. Wait a few minutes, then try again.",
        later="Please try again in a few minutes",
        later_text="Your wish could not be recorded just now: nothing has changed, and you are still on the list.",
        nothing_here="There is nothing to see here",
    ),
    "fr": PageWords(
        leave="Se désabonner de «\u00a0{name}\u00a0»",
        question="Voulez-vous ne plus recevoir «\u00a0{name}\u00a0»\u202f?",
        button="Me désabonner",
        nothing_yet="Rien n’a changé pour l’instant\u00a0: le bouton vous désabonne.",
        done="Désabonnement enregistré",
        done_text="Votre demande est enregistrée\u00a0: vous ne recevrez plus «\u00a0{name}\u00a0».",
        on_its_way="Un numéro déjà parti peut encore vous parvenir.",
        back="C’était une erreur\u202f? Abonnez-vous de nouveau là où vous l’aviez fait, ou répondez à un des numéros "
        "reçus.",
        back_by_mail="C’était une erreur\u202f? Écrivez à {contact}, et vous serez de nouveau sur la liste.",
        wrong="Ce lien ne fonctionne pas",
        wrong_text="Il n’est pas complet, ou n’est celui d’aucune lettre envoyée d’ici. Rien n’a changé.",
        copy_whole="Ouvrez le lien depuis le message lui-même, ou copiez-le en entier\u00a0: il finit par 24 lettres "
        "et chiffres.",
        by_mail="Vous pouvez aussi écrire à {contact} que vous voulez vous désabonner.",
        often="Trop de liens qui ne fonctionnent pas",
        often_text="Beaucoup sont venus de votre réseau en peu de temps. Attendez quelques minutes, puis réessayez.",
        later="Réessayez dans quelques minutes",
        later_text="Votre demande n’a pas pu être enregistrée\u00a0: rien n’a changé, vous êtes toujours sur la liste.",
        nothing_here="Il n’y a rien à voir ici",
    ),
}
USUAL = "en"


def choose_language(wanted: str, accepted: bytes = b"") -> str:
    """The language of a page: the newsletter's where there are words for it, else the first of `Accept-Language`
    (RFC 9110, 12.5.4) for which there are, else English.
    """
    for one in (wanted, *_by_preference(accepted)):
        language = one.lower().replace("_", "-").partition("-")[0]
        if language in WORDS:
            return language
    return USUAL


def _by_preference(accepted: bytes) -> Sequence[str]:
    weighed = []
    for part in accepted[:500].decode("latin-1").split(","):
        name, _sign, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1) if weight else 1.0
        except ValueError:
            quality = 0.0
        if quality > 0:
            weighed.append((quality, name.strip()))
    return [name for _quality, name in sorted(weighed, key=lambda one: -one[0])]
