"""Figures in the editor's language."""

from __future__ import annotations

import pytest

from newsletter_cli.base import i18n
from newsletter_cli.base.i18n import interface_language, shown_count, shown_kilobytes, shown_moment


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("NL_LANG", request.param)
    return str(request.param)


def test_thousands_are_set_apart(language: str) -> None:
    shown = [shown_count(count) for count in (0, 999, 19_500, 1_000_000)]
    assert (
        shown
        == {
            "en": ["0", "999", "19,500", "1,000,000"],
            "fr": ["0", "999", "19\u00a0500", "1\u00a0000\u00a0000"],
        }[language]
    )


def test_sizes_have_the_decimal_sign_of_the_language(language: str) -> None:
    assert shown_kilobytes(26_349).startswith({"en": "26.3", "fr": "26,3"}[language])


def test_moments_are_on_the_clock_of_this_machine() -> None:
    # Whatever the zone, both are the same moment.
    assert shown_moment("2026-11-28T15:22:29Z") == shown_moment("2026-11-28T16:22:29+01:00")
    assert len(shown_moment("2026-11-28T15:22:29Z")) == len("2026-11-28 15:22")
    assert shown_moment("") == ""
    assert shown_moment("some day") == "some day"


@pytest.mark.parametrize(
    ("preferred", "variables", "language"),
    [
        ("fr", {"LC_ALL": "C.UTF-8"}, "fr"),
        ("de:fr_FR:en", {"LANG": "de_DE.UTF-8"}, "fr"),
        ("en_GB:en", {"LANG": "fr_FR.UTF-8"}, "en"),
        ("de", {"LANG": "fr_FR.UTF-8"}, "fr"),
        ("fr", {"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        ("fr", {"NL_LANG": "en", "LANG": "fr_FR.UTF-8"}, "en"),
        ("", {"LC_MESSAGES": "fr_FR.UTF-8", "LANG": "en_GB.UTF-8"}, "fr"),
    ],
)
def test_the_language_is_that_of_the_system(
    monkeypatch: pytest.MonkeyPatch, preferred: str, variables: dict[str, str], language: str
) -> None:
    for name in ("NL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(i18n, "_PREFERRED", preferred)
    assert interface_language() == language
