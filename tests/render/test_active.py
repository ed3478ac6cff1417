"""A theme that holds what would run in a browser is refused, and the file that holds it is named."""

from __future__ import annotations

import pytest

from newsletter_cli.base.errors import RenderError
from newsletter_cli.render.active import refuse_active
from newsletter_cli.render.theme import Theme

FOOTER = "templates/themes/ill/footer.mjml.j2"


def theme_with(markup: str) -> Theme:
    files = {"email.mjml.j2": "<mjml></mjml>", "footer.mjml.j2": f"<mj-raw>{markup}</mj-raw>"}
    return Theme(name="ill", files=files, places={name: f"templates/themes/ill/{name}" for name in files}, settings={})


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<SCRIPT src="https://ill.example/x.js"></SCRIPT>',
        '<svg><script xlink:href="x.js"/></svg>',
        '<img src="x" onerror="alert(1)">',
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!-- --!><img src=x onerror=alert(1)>-->",
        "<table><tr><td ONCLICK=go()>x</td></tr></table>",
        '<iframe src="https://ill.example/"></iframe>',
        '<div srcdoc="x"></div>',
        '<object data="x.swf"></object>',
        '<base href="https://ill.example/">',
        '<form action="https://ill.example/"><input name="password"></form>',
        '<meta http-equiv="Refresh" content="0; url=https://ill.example/">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java&#10;script:alert(1)">x</a>',
        '<a href="&#106;avascript&colon;alert(1)">x</a>',
        '<a xlink:href="vbscript:x">x</a>',
    ],
)
def test_what_would_run_is_an_error_of_the_theme(markup: str) -> None:
    with pytest.raises(RenderError) as caught:
        refuse_active(f"<!doctype html><html><head></head><body>{markup}</body></html>", theme_with(markup))
    assert caught.value.file == FOOTER
    assert caught.value.hint


@pytest.mark.parametrize(
    "markup",
    [
        "<p>on air = on time, &lt;script&gt; and &lt;form&gt; are words</p>",
        '<img alt="JavaScript: what is it for?" title="javascript:" src="a.png">',
        '<a href="https://a.example/?on=1&amp;q=javascript:">x</a>',
        '<meta http-equiv="X-UA-Compatible" content="IE=edge">',
        '<link rel="stylesheet" href="https://fonts.example/a.css">',
        "<style>@media (width < 600px) { a > b { color: red } }</style>",
        "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
        "<!--[if mso]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><![endif]-->",
    ],
)
def test_what_only_resembles_it_stays(markup: str) -> None:
    refuse_active(f"<!doctype html><html><head></head><body>{markup}</body></html>", theme_with(markup))
