"""What some mail readers do not show, from the vendored tables of caniemail."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.check.clients import CLIENTS, Support, read_support
from newsletter_cli.config.settings import CheckSettings, ClientName
from newsletter_cli.model import Level
from tests.check.renditions import found, renditions_of
from tests.rendering import make_section


def findings(text: str, *clients: str) -> list[tuple[str | None, Level, str]]:
    renditions = renditions_of(make_section(f"Un mot.\n\n{text}\n", slug="marques", first_line=2))
    chosen = replace(renditions, clients=clients or renditions.clients)
    return [(one.place, one.level, one.message) for one in found(chosen, "client-support")]


@pytest.mark.parametrize("name", ["photo.webp", "photo.WEBP", "photo.webp?largeur=600", "photo.avif"])
def test_a_picture_that_some_do_not_show(name: str) -> None:
    [(place, level, _message)] = findings(f"![a](https://a.example/{name})")
    assert (place, level) == ("sections/007/marques.md:4:1", Level.WARNING)


def test_clients_are_named_with_the_platforms_that_lack_it() -> None:
    [(_place, _level, webp)] = findings("![a](https://a.example/a.webp)")
    assert webp.endswith("by Outlook classic")
    [(_place, _level, apng)] = findings("![a](https://a.example/a.apng)", "gmail")
    assert apng.endswith("by Gmail (web, Android, mobile web)")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("<ruby>漢<rt>かん</rt></ruby>", Level.INFO),
        ("<bdi>نور</bdi>", Level.INFO),
        ('<abbr title="Système d’information">SI</abbr>', Level.INFO),
        ("<ol reversed><li>deux</li><li>un</li></ol>", Level.INFO),
    ],
)
def test_a_mark_that_some_do_not_know(text: str, level: Level) -> None:
    [(_place, given, _message)] = findings(text)
    assert given is level


def test_a_mark_that_half_of_them_lack_is_a_warning() -> None:
    [(_place, level, _message)] = findings("<bdi>نور</bdi>", "gmail", "outlook", "thunderbird")
    assert level is Level.WARNING


@pytest.mark.parametrize(
    ("text", "client", "mark"),
    [
        ('<p dir="rtl">نور</p>', "gmx", "dir"),
        ('<table dir="rtl"><tr><th scope="col">a</th></tr></table>', "orange", "<table dir>"),
        ("[écrire](mailto:a@b.example?cc=c@d.example)", "orange", "mailto:"),
    ],
)
def test_what_an_attribute_says_is_lost_with_it(text: str, client: str, mark: str) -> None:
    [(place, _level, message)] = findings(text, client)
    assert (place, message.partition(" ")[0].startswith(mark.partition(" ")[0])) == ("sections/007/marques.md:4", True)
    assert findings(text, "apple-mail") == []


def test_a_mark_is_told_once_a_text() -> None:
    [(_place, _level, message)] = findings("<bdi>a</bdi> <bdi>b</bdi>\n\n<bdi>c</bdi>")
    assert "3 times" in message


@pytest.mark.parametrize(
    "text",
    [
        "![a](https://a.example/a.png) ![b](https://a.example/b.JPG) ![c](https://a.example/c.gif) ![d](d.svg)",
        "![a](https://a.example/webp) ![b](https://a.example/sans-fin)",
        "[un fichier](https://a.example/a.webp)",
        "`<ruby>` et `a.webp`",
        "<abbr>SI</abbr> et <small>petit</small>, <time>14 h</time>",
        "<details><summary>Plus</summary>Encore</details>",
        "3. trois\n4. quatre",
        '<p dir="ltr">un</p>',
        "[écrire](mailto:a@b.example?subject=cc)",
    ],
    ids=[
        "usual kinds",
        "no ending",
        "a link",
        "code",
        "nothing lost",
        "made plain by nl",
        "a start",
        "the usual direction",
        "no copies",
    ],
)
def test_what_everybody_shows(text: str) -> None:
    assert findings(text) == []


def test_only_the_clients_that_count() -> None:
    assert findings("![a](https://a.example/a.webp)", "apple-mail", "thunderbird") == []


def test_the_names_that_newsletter_toml_may_have_are_those_of_the_tables() -> None:
    assert set(get_args(ClientName)) == set(CLIENTS)
    assert set(CheckSettings().clients) <= set(CLIENTS)


def test_in_part_is_enough_and_unknown_says_nothing() -> None:
    columns = ("gmail/ios", "gmail/android", "orange/ios", "orange/android", "sfr/ios")
    support = Support(updated="2026-01-01", version="1", columns=columns, features={"x": "anunu"})
    assert support.lacking("x", ["gmail", "orange", "sfr", "free"]) == ["Gmail (Android)", "Orange"]
    assert [support.answer("x", one) for one in ("gmail/ios", "orange/ios", "free-fr/desktop-webmail")] == [*"auu"]
    assert support.answer("never-asked", "gmail/ios") == "u"


def test_the_tables_say_how_old_they_are() -> None:
    support = read_support()
    assert date.fromisoformat(support.updated) >= date(2026, 5, 1)
    assert {client.family for client in CLIENTS.values()} <= {one.partition("/")[0] for one in support.columns}
    for feature, letters in support.features.items():
        assert set(letters) <= set("yanu"), feature
        assert len(letters) == len(support.columns), feature
