from __future__ import annotations

import pytest

from newsletter_cli.workspace.importing.headings import parse_headings


@pytest.mark.parametrize(
    ("source", "title", "plain", "number"),
    [
        ("## 1. A l'agenda", "A l'agenda", "A l'agenda", 1),
        ("## **8. Participer au programme 10%**", "Participer au programme 10%", "Participer au programme 10%", 8),
        ("## 8. **Participer**", "Participer", "Participer", 8),
        ("## __3) Jobs__", "Jobs", "Jobs", 3),
        ("## 10\\. Escaped", "Escaped", "Escaped", 10),
        ("## 5\u00a0: Avec\u00a0insécable", "Avec\u00a0insécable", "Avec insécable", 5),
        ("## 4 – Tiret", "Tiret", "Tiret", 4),
        ("## 2/ Barre", "Barre", "Barre", 2),
        ("## ***x***", "*x*", "x", None),
        ("## **a** et **b**", "**a** et **b**", "a et b", None),
        ("## 3.11 is out", "3.11 is out", "3.11 is out", None),
        ("## 24/7", "24/7", "24/7", None),
        ("## 10 % de temps", "10 % de temps", "10 % de temps", None),
        ("## 2023. Une année", "2023. Une année", "2023. Une année", None),
        ("## 12 - 14 juin", "12 - 14 juin", "12 - 14 juin", None),
        ("## 14. Juli: Sommerfest", "14. Juli: Sommerfest", "14. Juli: Sommerfest", None),
        ("## 1. Mai", "1. Mai", "1. Mai", None),
        ("## 1.", "1.", "1.", None),
        ("## Title ## ", "Title", "Title", None),
        ("## Title#", "Title#", "Title#", None),
        ("## [News](https://x.example) `c` *e*", "[News](https://x.example) `c` *e*", "News c e", None),
        ("## [News][ref]\n\n[ref]: https://x.example", "[News][ref]", "News", None),
        ("## Noted[^1]\n\n[^1]: x", "Noted[^1]", "Noted", None),
        ("## ![alt](i.png) A <b>b</b> &amp; c", "![alt](i.png) A <b>b</b> &amp; c", "alt A b & c", None),
        ("Two\n lines\n===", "Two lines", "Two lines", None),
        ("##", "", "", None),
    ],
)
def test_the_title_of_a_heading(source: str, title: str, plain: str, number: int | None) -> None:
    (heading,) = parse_headings(source)
    assert (heading.title, heading.plain_title, heading.number) == (title, plain, number)


@pytest.mark.parametrize(
    ("source", "title", "attributes"),
    [
        ("## T {#id}", "T", "{#id}"),
        ("## T {.unnumbered .unlisted}", "T", "{.unnumbered .unlisted}"),
        ("## T {-}", "T", "{-}"),
        ('## T {lang="fr"}', "T", '{lang="fr"}'),
        ("## {#id}", "", "{#id}"),
        ("## **2. T** {: .kramdown }", "T", "{: .kramdown }"),
        ("## T {word}", "T {word}", ""),
        ("## {{ var }}", "{{ var }}", ""),
    ],
)
def test_attributes_in_braces_are_set_aside(source: str, title: str, attributes: str) -> None:
    (heading,) = parse_headings(source)
    assert (heading.title, heading.attributes) == (title, attributes)


@pytest.mark.parametrize(
    "source",
    [
        "```\n## x\n```\n",
        "~~~\n## x\n",
        "    ## x\n",
        "- a\n\n  ## x\n",
        "> ## x\n",
        "<div>\n## x\n</div>\n",
        "<!--\n\n## x\n\n-->\n",
        "<script>\n\n## x\n\n</script>\n",
        "[^1]: note\n\n    ## x\n",
        "text\n    ## x\n",
        "\\## x\n",
    ],
)
def test_what_is_no_heading_of_the_post(source: str) -> None:
    assert parse_headings(source) == ()


@pytest.mark.parametrize(
    "wrapped",
    [
        "::: {.callout-tip}\n## In\n:::\n",
        ":::: {.a}\n::: b\n\n## In\n\n:::\n::::\n",
        "<details>\n<summary>s</summary>\n\n## In\n\n</details>\n",
        "<TABLE><tr><td>\n\n## In\n\n</td></tr></TABLE>\n",
    ],
)
def test_what_cannot_be_cut_in_two_stays_whole(wrapped: str) -> None:
    titles = [heading.title for heading in parse_headings(f"## Before\n\n{wrapped}\n## After\n")]
    assert titles == ["Before", "After"]


@pytest.mark.parametrize(
    "source",
    [
        "::: {.all}\n\n## In\n\n:::\n",
        "::: {.never-closed}\n\n## In\n",
        "<details>\n\n## In\n",
        "<!-- <details> -->\n\n## In\n\n</details>\n",
        "```\n:::: a\n```\n\n## In\n\n::::\n",
    ],
)
def test_headings_are_found_when_all_are_wrapped_or_the_wrapping_is_broken(source: str) -> None:
    assert [heading.title for heading in parse_headings(source)] == ["In"]


def test_lines_of_headings() -> None:
    found = parse_headings("a\r\r## One\u2028\x0b\r\nTwo\nlines\n---\n## Three")
    assert [(heading.level, heading.start, heading.end) for heading in found] == [(2, 2, 3), (2, 3, 6), (2, 6, 7)]
