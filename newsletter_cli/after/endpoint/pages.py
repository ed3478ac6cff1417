"""The endpoint's pages: one file each, no script, nothing from elsewhere, whole without their style.

They are made once for each newsletter and language: what somebody asked for never stands in one.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.after.endpoint.words import WORDS

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

HERE = Path(__file__).parent


class Face(Struct, frozen=True, kw_only=True):
    """Whose page it is: language (one of `WORDS`), the newsletter's name and mail address, each empty if not known."""

    language: str
    name: str = ""
    contact: str = ""


@lru_cache(maxsize=256)
def question_page(face: Face) -> bytes:
    """Asks whether one wants to leave, with the one button."""
    words = WORDS[face.language]
    title = words.leave.format(name=face.name)
    question = words.question.format(name=face.name)
    return _render(face, title, (question,), button=words.button, notes=(words.nothing_yet,))


@lru_cache(maxsize=256)
def done_page(face: Face) -> bytes:
    """Says that it is done, and how to come back."""
    words = WORDS[face.language]
    back = _by_mail(words.back_by_mail, face.contact) if face.contact else words.back
    texts = (words.done_text.format(name=face.name), words.on_its_way)
    return _render(face, words.done, texts, notes=(back,))


@lru_cache(maxsize=256)
def wrong_page(face: Face) -> bytes:
    """Says that a link is none of ours, and what to do."""
    words = WORDS[face.language]
    return _render(face, words.wrong, (words.wrong_text, words.copy_whole), notes=_mail_notes(face))


@lru_cache(maxsize=256)
def often_page(face: Face) -> bytes:
    """Says that too many were wrong."""
    words = WORDS[face.language]
    return _render(face, words.often, (words.often_text,), notes=_mail_notes(face))


@lru_cache(maxsize=256)
def later_page(face: Face) -> bytes:
    """Says that nothing could be recorded."""
    words = WORDS[face.language]
    return _render(face, words.later, (words.later_text,), notes=_mail_notes(face))


@lru_cache(maxsize=256)
def nothing_page(face: Face) -> bytes:
    """For whatever else is asked for."""
    return _render(face, WORDS[face.language].nothing_here, (), notes=())


@lru_cache(maxsize=1)
def policy() -> bytes:
    """The Content-Security-Policy of the pages: their own style, by its hash, and their own form."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ).encode()


def _mail_notes(face: Face) -> tuple[str, ...]:
    return (_by_mail(WORDS[face.language].by_mail, face.contact),) if face.contact else ()


def _by_mail(text: str, contact: str) -> Markup:
    from markupsafe import Markup

    link = Markup('<a href="mailto:{}">{}</a>').format(quote(contact, safe="@"), contact)
    return Markup.escape(text).format(contact=link)


def _render(face: Face, title: str, texts: tuple[str, ...], *, notes: tuple[str, ...], button: str = "") -> bytes:
    from markupsafe import Markup

    page = _template().render(
        language=face.language,
        # The question has the name in its title.
        name="" if face.name and face.name in title else face.name,
        title=title,
        texts=texts,
        button=button,
        notes=notes,
        style=Markup(_style()),  # noqa: S704 - our own file
    )
    return page.encode("utf-8", "replace")


@lru_cache(maxsize=1)
def _style() -> str:
    return (HERE / "page.css").read_text("utf-8").replace("\n", "")


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string((HERE / "page.html.j2").read_text("utf-8"))
