# ruff: noqa: E501 - a case stands on a line of its own
"""`newsletter.toml` is read strictly: every fault with its file, line and key, and the nearest right one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from newsletter_cli.base.errors import ConfigError, NewsletterError
from newsletter_cli.config import parse_config
from newsletter_cli.config.schema import build_schema

MINIMAL = '[newsletter]\nname = "Tidings"\n'


def faults(text: str) -> list[NewsletterError]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    assert caught.value.exit_status == 2
    return [caught.value, *caught.value.also]


def test_the_name_is_enough() -> None:
    config = parse_config(MINIMAL)
    assert config.newsletter.name == "Tidings"
    assert [section.slug for section in config.sections][:2] == ["agenda", "retour-atelier"]
    assert [section.slug for section in config.sections if section.standing] == ["participer", "appel-a-idees"]


def test_sections_of_ones_own_replace_the_shipped_ones_in_their_order() -> None:
    config = parse_config(MINIMAL + '[[sections]]\nslug = "b"\ntitle = "B"\n[[sections]]\nslug = "a"\ntitle = "A"\n')
    assert [section.slug for section in config.sections] == ["b", "a"]
    assert parse_config("sections = []\n" + MINIMAL).sections == ()


def test_the_shipped_sections_speak_the_newsletters_language() -> None:
    french = parse_config(MINIMAL + 'language = "fr-CA"')
    german = parse_config(MINIMAL + 'language = "de"')
    assert french.sections[0].title == "À l’agenda"
    assert german.sections[0].title == "Termine"
    assert parse_config(MINIMAL + 'language = "pl"').sections[0].title == "Coming up"


@pytest.mark.parametrize(
    ("text", "line", "key", "hint"),
    [
        # Unknown keys.
        (MINIMAL + 'nam = "x"\n', 3, "newsletter.nam", "did you mean “name”?"),
        ("\n[newslettr]\nname = 'x'\n" + MINIMAL, 2, "newslettr", "did you mean “newsletter”?"),
        (MINIMAL + "[email]\ntheem = 'x'\n", 4, "email.theem", "“theme”"),
        (MINIMAL + "[post.extra]\na = 1\n", 3, "post.extra", "the keys here are: slug, url, time, numbered"),
        (MINIMAL + "zzz = 1\n", 3, "newsletter.zzz", "the keys here are: name, tagline"),
        (MINIMAL + "[[sections]]\nslug='a'\ntitle='A'\n[[sections]]\nslug='b'\ntitle='B'\nstandng=true\n", 9,
         "sections[2].standng", "“standing”"),
        (MINIMAL + "sender.nmae = 'x'", 3, "newsletter.sender", None),
        # Wrong types.
        ("[newsletter]\nname = 3\n", 2, "newsletter.name must be a text in quotes, not 3", 'did you mean name = "3"?'),
        ("[newsletter]\nname = true\n", 2, "newsletter.name must be a text in quotes, not true", "as readers know it"),
        (MINIMAL + "[post]\nnumbered = 1\n", 4, "post.numbered must be true or false, not 1", "did you mean numbered = true?"),
        (MINIMAL + "[post]\nnumbered = 'oui'\n", 4, "post.numbered", "did you mean numbered = true?"),
        (MINIMAL + "[post]\nnumbered = 'peut-être'\n", 4, "post.numbered", "Number the section headings"),
        (MINIMAL + "[send]\nper_minute = '60'\n", 4, "send.per_minute must be a whole number", "did you mean per_minute = 60?"),
        (MINIMAL + "[send]\nper_minute = '-60'\n", 4, "send.per_minute must be a whole number", "in all"),
        (MINIMAL + "[post]\nheading_level = true\n", 4, "post.heading_level", None),
        (MINIMAL + "[post]\nheading_level = 2.0\n", 4, "post.heading_level", None),
        (MINIMAL + "[email]\nlegal = 'x'\n", 4, "email.legal must be a list", 'did you mean legal = ["x"]?'),
        (MINIMAL + "[send.smtp]\npassword_command = 'pass show x'\n", 4, "must be a list", 'password_command = ["pass", "show", "x"]'),
        (MINIMAL + "[email]\nlegal = [\n 'a',\n 2,\n]\n", 4, "email.legal[2]", None),
        ("newsletter = 3\n", 1, "newsletter must be a table", None),
        ("newsletter = [1]\n", 1, "newsletter must be a table", None),
        (MINIMAL + "[sections]\nslug = 'a'\n", 3, "sections must be a list", None),
        (MINIMAL + "[email]\nlegal = [2026-01-01]", 4, "email.legal[1]", None),
        # Missing.
        ("", None, "newsletter is missing", "Who it is."),
        ("# nothing\n[newsletter]\n", 2, "newsletter.name is missing", None),
        (MINIMAL + "[[sections]]\nslug = 'a'\n", 3, "sections[1].title is missing", None),
        # Values out of range.
        ("[newsletter]\nname = '  '\n", 2, "newsletter.name is empty", None),
        (MINIMAL + "language = 'French'\n", 3, "“French”", "did you mean “fr”?"),
        (MINIMAL + "language = 'FR-fr'\n", 3, "“FR-fr”", "did you mean “fr-fr”?"),
        (MINIMAL + "language = 'à la française'\n", 3, "française", "fr, en, de"),
        (MINIMAL + "direction = 'rlt'\n", 3, "“rlt”", "did you mean “rtl”?"),
        (MINIMAL + "direction = 'up'\n", 3, "“up”", "choose one of: auto, ltr, rtl"),
        (MINIMAL + "[post]\nheading_level = 7\n", 4, "between 1 and 6", None),
        (MINIMAL + "[post]\nheading_level = 0\n", 4, "between 1 and 6", None),
        (MINIMAL + "[post]\ntime = '25:00'\n", 4, "“25:00”", "Hour given to a date without one."),
        (MINIMAL + "[post]\ntime = '9h30'\n", 4, "“9h30”", "did you mean “09:30”?"),
        (MINIMAL + "[post]\nurl = 'https:/example.org/{slug}/'\n", 4, "post.url", "did you mean “https://example.org/{slug}/”?"),
        (MINIMAL + "[post]\nurl = 'https://example.org/{slug/'\n", 4, "post.url has a brace without its other half", "{slug}"),
        (MINIMAL + "[post]\ntime = '1300'\n", 4, "“1300”", "did you mean “13:00”?"),
        (MINIMAL + "url = 'https://example.org/{slug}/'\n", 3, "newsletter.url", "it belongs under [post]"),
        (MINIMAL + "[post]\nsubject = 'x'\n", 4, "post.subject", "it belongs under [personal]"),
        (MINIMAL + "[[section]]\nslug = 'a'\n", 3, "section", "did you mean “sections”?"),
        (MINIMAL + "timezone = 'Paris'\n", 3, "“Paris”", "did you mean “Europe/Paris”?"),
        (MINIMAL + "[check.links]\ntimeout_seconds = '20s'\n", 4, "timeout_seconds", "did you mean timeout_seconds = 20?"),
        (MINIMAL + "[send]\nretry_deferred_minutes = '2h'\n", 4, "minutes", "did you mean retry_deferred_minutes = 120?"),
        (MINIMAL + "[send]\nsend_by_hours = '90m'\n", 4, "send_by_hours", "out of date"),
        (MINIMAL + "[send]\nlist_id = 'La lettre <lettre.example.org>'\n", 4, "list_id", "did you mean “lettre.example.org”?"),
        (MINIMAL + "[preview]\neditor = 'VS Code'\n", 4, "editor", "did you mean “vscode”?"),
        (MINIMAL + "[check]\nclients = ['gmail', 'gmial']\n", 4, "check.clients[2] cannot be “gmial”", "did you mean “gmail”?"),
        (MINIMAL + "[check.links]\nexclude = ['ok.example', '([']\n", 4, "“([” is no regular expression", "a host alone"),
        (MINIMAL + "[check.links]\nexclude = ['*.example.org']\n", 4, "“*.example.org” is no regular expression", "a host alone"),
        (MINIMAL + "[check.links]\nremap = ['a']\n", 4, "“a” is not two addresses", "remap = ["),
        (MINIMAL + "[check.links]\nremap = ['https://a.fr $9']\n", 4, "cannot be followed", "remap = ["),
        (MINIMAL + "[list]\nencoding = 'cp1525'\n", 4, "there is no encoding “cp1525”", "did you mean “cp125"),
        (MINIMAL + "[list]\nencoding = 'rot13'\n", 4, "there is no encoding “rot13”", "utf-8"),
        (MINIMAL + "[send.smtp]\npassword_env = 'my password!'\n", 4, "send.smtp.password_env cannot be what stands there", None),
        (MINIMAL + "[sender]\naddress = 'Lettre <lettre@example.org>'\n", 4, "sender.address", "did you mean “lettre@example.org”?"),
        (MINIMAL + "[[send.pace]]\nname='Orange'\ndomains=['@orange.fr']\n", 5, "“@orange.fr”", "did you mean “orange.fr”?"),
        (MINIMAL + "[[personal.fields]]\nname='{first_name}'\n", 4, "personal.fields[1].name", "did you mean “first_name”?"),
        (MINIMAL + "[post]\ntime = '1\u0662:00'\n", 4, "post.time", None),
        (MINIMAL + "[post]\nurl = 'www.example.org'\n", 4, "post.url", None),
        (MINIMAL + "[sender]\naddress = 'nobody'\n", 4, "sender.address", None),
        (MINIMAL + "[email]\ntheme = ''\n", 4, "email.theme is empty", None),
        (MINIMAL + "[[sections]]\nslug = '../a'\ntitle = 'A'\n", 4, "sections[1].slug", None),
        (MINIMAL + "[[sections]]\nslug = 'A'\ntitle = 'A'\n", 4, "sections[1].slug", None),
        # Sense.
        (MINIMAL + "timezone = 'Europe/Pari'\n", 3, "“Europe/Pari”", "did you mean “Europe/Paris”?"),
        (MINIMAL + "timezone = '../../etc/passwd'\n", 3, "time zone", None),
        (MINIMAL + "timezone = ''\n", 3, "time zone", None),
        (MINIMAL + "timezone = 'Europe'\n", 3, "time zone", None),
        (MINIMAL + "title = 'No {nummer}'\n", 3, "newsletter.title holds “{nummer}”", "{month}, {number}, {year}"),
        (MINIMAL + "[post]\nslug = 'x-{title}'\n", 4, "post.slug holds “{title}”", "{number}"),
        (MINIMAL + "[post]\nurl = 'https://example.org/{week}'\n", 4, "post.url holds “{week}”", "{number}, {slug}"),
        (MINIMAL + "[[sections]]\nslug='a'\ntitle='A'\n[[sections]]\nslug='b'\ntitle='B'\n[[sections]]\n# it\nslug='a'\ntitle='C'\n",
         11, "two sections are called “a” (the 1 and the 3)", "slug of its own"),
        (MINIMAL + "[[send.pace]]\nname='Orange'\ndomains=['orange.fr']\n[[send.pace]]\nname='orange'\ndomains=['wanadoo.fr']\n",
         7, "two tables [[send.pace]] are called “orange” (the 1 and the 2)", "make one of the two"),
        (MINIMAL + "[[send.pace]]\nname='A'\ndomains=['a.fr']\n[[send.pace]]\nname='B'\ndomains=['b.fr', 'A.fr']\n",
         8, "the domain a.fr stands in two tables [[send.pace]]: “A” and “B”", "out of one"),
        (MINIMAL + "[[personal.fields]]\nname='first'\nfallback='a'\n[[personal.fields]]\nname='first'\nfallback='b'\n",
         7, "two tables [[personal.fields]] are called “first”", "rename one"),
        (MINIMAL + "[[sections]]\nslug='con'\ntitle='Con'\n", 4, "“con” on Windows", "section-con"),
        (MINIMAL + "[[sections]]\nslug='lpt1'\ntitle='Print'\n", 4, "“lpt1” on Windows", "section-lpt1"),
        (MINIMAL + "[email]\nunsubscribe = 'click here'\n", 4, "email.unsubscribe", "https"),
        (MINIMAL + "[email]\nunsubscribe = 'http://example.org/'\n", 4, "email.unsubscribe", "https"),
        (MINIMAL + "[email]\nunsubscribe = 'javascript:alert(1)'\n", 4, "email.unsubscribe", "https"),
        (MINIMAL + "[email]\nunsubscribe = 'mailto:'\n", 4, "email.unsubscribe", "https"),
        # No TOML at all.
        (MINIMAL + "tagline = Hello\n", 3, "not valid TOML", "double quotes"),
        ("[newsletter\nname = 'x'\n", 1, "not valid TOML", None),
        (MINIMAL + 'name = "again"\n', 3, "not valid TOML", None),
        (MINIMAL + 'tagline = """never\nclosed\n', 5, "not valid TOML", None),
        (MINIMAL + "tagline = 'a\x00b'\n", 3, "not valid TOML", None),
        (MINIMAL + f"[post]\nheading_level = {'9' * 5000}\n", 4, "larger than any", None),
        (MINIMAL + f"[email]\nlegal = {'[' * 5000}\n", 4, "nested more than 100 deep", None),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(text: str, line: int | None, key: str, hint: str | None) -> None:
    (fault,) = faults(text)
    assert (fault.file, fault.line) == ("newsletter.toml", line)
    assert key in fault.message
    assert hint is None or hint in (fault.hint or "")


@pytest.mark.parametrize(
    "value", ["https://example.org/bye?list=1", "mailto:bye@example.org?subject=Stop", "bye@example.org"]
)
def test_a_way_to_unsubscribe(value: str) -> None:
    assert parse_config(MINIMAL + f"[email]\nunsubscribe = '{value}'\n").email.unsubscribe == value


def test_all_faults_come_at_once() -> None:
    found = faults(
        "[newsletter]\nnam = 'x'\nlanguage = 'French'\n\n[post]\nnumbered = 'yes'\n\n[[sections]]\nslug = 'a'\ntitel = 'A'\n"
    )
    assert [(fault.line, fault.message.split(" ")[0]) for fault in found] == [
        (2, "the"),
        (1, "newsletter.name"),
        (3, "newsletter.language"),
        (9, "the") if found[3].line == 9 else (10, "the"),
        (8, "sections[1].title"),
        (6, "post.numbered"),
    ]


def test_what_is_right_beside_what_is_wrong_is_judged_in_the_same_run() -> None:
    found = faults(
        MINIMAL
        + "nam = 'x'\ntimezone = 'Nowhere'\n[post]\nnumbered = 'x'\nslug = '{nummer}'\n[[sections]]\nslug='a'\n"
        + "[check.links]\nexclude = ['([']\n"
    )
    assert [fault.line for fault in found] == [3, 8, 6, 4, 7, 11]


def test_a_password_in_the_place_of_a_name_is_not_shown() -> None:
    for line in ('password_env = "hunter2!"', "password_env = 'hunter2 '"):
        (fault,) = faults(MINIMAL + f"[send.smtp]\n{line}\n")
        assert "hunter2!" not in f"{fault}{fault.hint}"
    (fault,) = faults(MINIMAL + '[send]\ntransport = "smtp://me:hunter2@mail.example.org"\n')
    assert "hunter2" not in f"{fault}{fault.hint}"


def test_faults_of_sense_come_at_once_too() -> None:
    found = faults(
        MINIMAL
        + "timezone = 'Nowhere'\ntitle = '{x}'\n[[sections]]\nslug='a'\ntitle='A'\n[[sections]]\nslug='a'\ntitle='B'\n"
    )
    assert [fault.line for fault in found] == [9, 3, 4]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_byte_order_mark_and_windows_line_ends_change_neither_values_nor_lines(newline: str, mark: str) -> None:
    text = MINIMAL + 'tagline = "é"\n[post]\nslug = "x{number}"\n'
    assert parse_config(mark + text.replace("\n", newline)) == parse_config(text)
    (fault,) = faults(mark + (text + "slog = 1\n").replace("\n", newline))
    assert fault.line == 6
    (fault,) = faults(mark + "[newsletter]\nnam = 'x'\nname = 'x'\n".replace("\n", newline))
    assert fault.line == 2


def test_a_fault_on_the_line_of_a_byte_order_mark_has_that_line() -> None:
    (fault,) = faults("\ufeffextra = 1\n" + MINIMAL)
    assert fault.line == 1


def test_line_ends_of_unicode_in_comments_do_not_shift_lines() -> None:
    (fault,) = faults("# a\u2028b\u0085c\x0cd\n".replace("\x0c", "") + "[newsletter]\nname = 3\n")
    assert fault.line == 3


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL + '[transport]\npassword = "hunter2"\n',
        MINIMAL + '[sender]\npassword = "hunter2"\n',
        MINIMAL + '[sender]\naddress = "a@example.org"\nhunter = ["hunter2"]\n',
    ],
)
def test_the_value_of_an_unknown_key_is_never_shown(text: str) -> None:
    (fault,) = faults(text)
    assert "hunter2" not in f"{fault}{fault.hint}"


def test_settings_hold_no_secret() -> None:
    """Where a secret is to be had, yes: a variable, a command, the keyring. Never the secret itself."""
    places = ("_env", "_command", "_keyring", "_file")
    for key in _keys(build_schema()):
        if any(word in key for word in ("password", "secret", "token", "credential", "key")):
            assert key.endswith(places), key


def _keys(schema: dict[str, Any]) -> Iterator[str]:
    for name, one in schema.get("properties", {}).items():
        yield name
        yield from _keys(one)
        yield from _keys(one.get("items", {}))


def test_a_configuration_does_not_change() -> None:
    config = parse_config(MINIMAL)
    with pytest.raises(AttributeError):
        config.newsletter.name = "Other"  # type: ignore[misc]
