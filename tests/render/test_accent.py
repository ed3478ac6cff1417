"""One colour of a newsletter's own, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.model.colour import contrast_of, inverted, read_hex
from newsletter_cli.render.accent import nearest_accent, with_accent
from newsletter_cli.workspace.templates import Looks, read_looks
from tests.rendering import theme_of
from tests.workspaces import CONFIG, make_workspace

PAIRS = [("action", "sheet"), ("action", "tint"), ("on_action", "action"), ("on_badge", "badge")]


@given(st.integers(0, 0xFFFFFF))
def test_whatever_the_colour_all_can_be_read(number: int) -> None:
    served = nearest_accent(theme_of(), f"#{number:06x}")
    assert nearest_accent(theme_of(), served) == served
    settings = with_accent(theme_of(), served).settings
    for table in ("colors", "dark"):
        colours = {name: read_hex(value) for name, value in settings[table].items()}
        for ink, paper in PAIRS:
            pair = colours[ink], colours[paper]
            assert contrast_of(*pair) >= 4.5
            if table == "colors":
                assert contrast_of(*map(inverted, pair)) >= 4.5, "mail apps that force the dark"


def looks(folder: Path, email: str) -> Looks:
    return read_looks(make_workspace(folder, CONFIG.replace("[[sections]]", f"[email]\n{email}\n\n[[sections]]", 1)))


def test_one_that_serves_is_taken_as_it_is(tmp_path: Path) -> None:
    settings = looks(tmp_path, 'accent = "#7A1F3D"').theme.settings
    assert settings["colors"]["action"] == "#7a1f3d"
    assert settings["colors"]["text"] == theme_of().settings["colors"]["text"]
    assert settings["dark"]["action"] != theme_of().settings["dark"]["action"]


@pytest.mark.parametrize(
    ("email", "said"), [('accent = "#ffd200"', "#836c00"), ('theme = "dsfr"\naccent = "#7a1f3d"', "of the State")]
)
def test_one_that_does_not_is_refused(email: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        looks(tmp_path, email)
    assert said in (caught.value.hint or "")
    assert caught.value.line == 6 + email.count("\n")
