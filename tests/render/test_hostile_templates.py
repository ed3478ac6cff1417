"""A theme that comes with a clone and means ill ends in an error that names its file."""

from __future__ import annotations

import pytest

from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.values import replace
from newsletter_cli.render.email import EmailParts, render_email
from newsletter_cli.render.templating import render_template
from newsletter_cli.render.theme import Theme
from tests.rendering import compose, make_issue, make_section, theme_of


def rendered(text: str) -> str:
    theme = Theme(name="ill", files={"a.j2": text}, places={"a.j2": "themes/ill/a.j2"}, settings={})
    return render_template(theme, "a.j2", {"word": "word", "names": {"a": 1}})


@pytest.mark.parametrize(
    "text",
    [
        '{% include "a.j2" %}',
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        '{{ "a" * 10**10 }}',
        "{{ word * 100000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        '{{ "%999999999999d" % 3 }}',
        '{{ "%999999999999d"|format(3) }}',
        "{{ range(10**9)|list }}",
        "{{ word.__class__ }}",
        "{{ names.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        '{{ "{0.__class__}".format(word) }}',
        '{% include "/etc/passwd" %}',
        '{% import "../../secret" as one %}',
        "{{ names|dictsort(by='none') }}",
    ],
)
def test_it_is_an_error_of_the_theme(text: str) -> None:
    with pytest.raises(RenderError) as caught:
        rendered(text)
    assert caught.value.file


def test_sums_of_a_theme_stay() -> None:
    assert rendered('{{ 3 * 4 }} {{ 2 ** 8 }} {{ "ab" * 3 }} {{ 0.5 * 100 }}') == "12 256 ababab 50.0"


def test_a_script_in_a_theme_stops_the_rendering() -> None:
    theme = theme_of("default")
    name = "footer.mjml.j2"
    script = "\n<mj-section><mj-column><mj-raw><script>alert(1)</script></mj-raw></mj-column></mj-section>"
    ill = replace(theme, files={**theme.files, name: theme.files[name] + script})
    with pytest.raises(RenderError) as caught:
        render_email(compose(make_issue(make_section("A text."))), EmailParts(theme=ill, sizes={}))
    assert "<script>" in caught.value.message
    assert caught.value.file is not None
    assert caught.value.file.endswith(name)
