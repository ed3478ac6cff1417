"""Mistakes in a theme of one's own are told with their file and line, the shipped templates never blamed."""

# ruff: noqa: E501 - a case stands on a line of its own
from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.flows.check import check_workspace
from newsletter_cli.render.mjml_tags import known_tags
from newsletter_cli.render.theme_scan import scan_theme
from newsletter_cli.workspace.folder import open_workspace
from tests.rendering import THEMES, theme_of
from tests.workspaces import write

CONFIG = '[newsletter]\nname = "Tidings"\nlanguage = "{language}"\n[email]\ntheme = "ours"\n'
OURS = "templates/themes/ours"
FOOTER = f"{OURS}/footer.mjml.j2"
START, END = "<mj-section><mj-column>\n", "</mj-column></mj-section>\n"


def found(root: Path, files: dict[str, str], *, language: str = "en") -> list[tuple[str, int | None, str, str]]:
    """File, line, rule and all that is said, of what is found in the templates."""
    write(root / "newsletter.toml", CONFIG.format(language=language))
    write(root / f"{OURS}/theme.toml", 'extends = "default"\n')
    for name, text in files.items():
        write(root / OURS / name, text)
    write(root / "sections/001/_issue.md", "---\ntitle: One\n---\n\nDear readers.\n")
    findings = check_workspace(open_workspace(root), 1).findings
    return [
        (one.file, one.line, one.rule, f"{one.message} {one.suggestion}")
        for one in findings
        if ("templates" in one.file or one.rule == "language-without-words") and one.rule != "email-contrast"
    ]


@pytest.mark.parametrize(
    ("text", "line", "rule", "said"),
    [
        (START + "<mj-txt>x</mj-txt>" + END, 2, "theme-tag-unknown", "mj-text"),
        (START + "\n<mj-colunm></mj-colunm>" + END, 3, "theme-tag-unknown", "mj-column"),
        (START + '<mj-text\n colour="red">x</mj-text>' + END, 3, "theme-attribute-unknown", "“color”"),
        (START + '<mj-text class="x">x</mj-text>' + END, 2, "theme-attribute-unknown", "css-class"),
        (START + "<mj-text>\nhello" + END, 2, "content-unusable", "<mj-text> is never closed"),
        (START + "<mj-text><p>hello</mj-text>" + END, 2, "content-unusable", "<p> is never closed"),
        (START + "<mj-text>\nR&D, a < b</mj-text>" + END, 3, "content-unusable", "&lt;"),
        (START + "<mj-text color=red>x</mj-text>" + END, 2, "content-unusable", "without quotes"),
        ('{# x #}\n{% include "foter.mjml.j2" %}', 2, "content-unusable", "did you mean “footer.mjml.j2”?"),
        (START + "<mj-text>{{ newsletter.nmae }}</mj-text>" + END, 2, "content-unusable", "did you mean “name”?"),
        (START + "<mj-text>\n{{ isue.title }}</mj-text>" + END, 3, "content-unusable", "did you mean “issue”?"),
        (START + "<mj-text>{{ issue.cover.src }}</mj-text>" + END, 2, "content-unusable", "no value here"),
        (START + "<mj-text>{{ newsletter.tagline }}</mj-text>" + END, 2, "theme-name-empty", "newsletter.tagline"),
        (START + '<mj-text>{{ "a" ~ footer.reply_to }}</mj-text>' + END, 2, "theme-name-empty", "footer.reply_to"),
        (START + "<mj-text>{{ issue }}</mj-text>" + END, 2, "theme-name-empty", "no text"),
        (START + "{% if %}" + END, 2, "content-unusable", "cannot be read"),
        ("<mj-raw>\n<script>x()</script></mj-raw>", 2, "content-unusable", "<script>"),
        ('\n<mj-raw><img src="https://t.example/o.gif?a=1&amp;b=2" width="1" height="1" alt="" /></mj-raw>', 2,
         "content-unusable", "t.example"),
        (START + '<mj-image alt="" src="https://t.example/o.gif" width="1px" />' + END, 2, "content-unusable", "t.example"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_partial_is_told_of_its_file_and_line(
    tmp_path: Path, text: str, line: int, rule: str, said: str
) -> None:
    [(file, its_line, its_rule, message)] = found(tmp_path, {"footer.mjml.j2": text})
    assert (file, its_line, its_rule) == (FOOTER, line, rule)
    assert said in message


@pytest.mark.parametrize(
    "name", ["foter.mjml.j2", "Footer.mjml.j2", "footer.mjml", "footer.mjml.j2.txt", "contnet.css"]
)
def test_a_file_that_nothing_reads_is_named(tmp_path: Path, name: str) -> None:
    [(file, _line, rule, message)] = found(tmp_path, {name: START + "<mj-text>x</mj-text>" + END})
    assert (file, rule) == (f"{OURS}/{name}", "theme-file-unused")
    assert "did you mean" in message


def test_nothing_is_said_of_a_theme_that_is_right(tmp_path: Path) -> None:
    footer = (
        START
        + '{# <mj-txt> #}<mj-text css-class="x" {% if issue.cover %}color="red"{% endif %}>R&amp;D &#183; '
        + "{% if newsletter.tagline is not none %}{{ newsletter.tagline }}{% endif %}"
        + "{{ footer.reply_to or 'nobody' }}<br>{{ issue.date_text|default('–', true) }}</mj-text>"
        + '<mj-image alt="" src="https://example.org/line.png" width="600px" height="1px" />'
        + '<mj-{{ "text" }}>x</mj-{{ "text" }}>'
        + END
        + '{% include "partners.mjml.j2" %}{% include ["a.mjml.j2", "partners.mjml.j2"] ignore missing %}'
    )
    files = {
        "footer.mjml.j2": footer,
        "partners.mjml.j2": START + "<mj-text>x</mj-text>" + END,
        "README.md": "Ours.\n",
        "logo.png": "",
    }
    assert found(tmp_path, files) == []


@pytest.mark.parametrize("name", THEMES)
def test_the_shipped_themes_have_no_fault(name: str) -> None:
    assert list(scan_theme(theme_of(name))) == []


def test_a_language_without_words_is_told(tmp_path: Path) -> None:
    [(file, line, rule, said)] = found(tmp_path, {}, language="pl")
    assert (file, line, rule) == ("newsletter.toml", 3, "language-without-words")
    assert "templates/words/pl.toml" in said
    write(tmp_path / "templates/words/pl.toml", (Path(theme_root()) / "en.toml").read_text("utf-8").replace(
        'language = "en"', 'language = "pl"'))  # fmt: skip
    assert found(tmp_path, {}, language="pl") == []


def theme_root() -> str:
    return str(Path(__file__).parents[3] / "templates" / "words")


def test_the_tags_have_their_attributes() -> None:
    assert {"padding", "padding-left", "border-top", "css-class"} <= known_tags()["mj-section"] | known_tags()[
        "mj-column"
    ]
    assert "background-color" in known_tags()["mj-body"]
