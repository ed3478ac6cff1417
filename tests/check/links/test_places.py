"""Where addresses stand, and how they are fixed there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from newsletter_cli.check.links import AddressPlace, find_places
from newsletter_cli.check.links.places import normal_url
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.subjects.survey_issue import survey_issue
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.model import Edit, Event, Issue, Job, Place, Section, SourceText


def manuscript(
    body: str,
    *,
    events: Sequence[Event] = (),
    jobs: Sequence[Job] = (),
    images: Sequence[str] = (),
    editorial: str = "",
) -> Manuscript:
    section = Section(
        slug="agenda",
        title="Agenda",
        body=SourceText(text=body, file="sections/002/agenda.md", first_line=4),
        events=tuple(events),
        jobs=tuple(jobs),
    )
    issue = Issue(
        number=2,
        title="Two",
        slug="two",
        editorial=SourceText(text=editorial, file="sections/002/_issue.md", first_line=6),
        sections=(section,),
        images=tuple(images),
        lines={"images": 3},
    )
    texts, header_texts = survey_issue(parse_issue(issue))
    return Manuscript(issue=issue, language="en", texts=texts, header_texts=header_texts)


def found(body: str) -> list[AddressPlace]:
    return list(find_places(manuscript(body)))


def fix(body: str, new: str) -> str:
    """The body with every place fixed, as `nl check --fix` does it: the last first."""
    lines = body.split("\n")
    edits = {edit for place in found(body) for edit in place.edits(new)}
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.column), reverse=True):
        line = lines[edit.line - 4]
        assert line[edit.column - 1 :].startswith(edit.old)
        lines[edit.line - 4] = line[: edit.column - 1] + edit.new + line[edit.column - 1 + len(edit.old) :]
    return "\n".join(lines)


def test_every_kind_of_address_with_its_place() -> None:
    body = (
        "A [page](https://a.fr/x) and https://b.fr/y.\n"
        "<https://c.fr/> ![stand](https://d.fr/p.png) [mail](mailto:atelier@e.fr)\n"
        "\n"
        '<a href="https://f.fr/?a=1&amp;b=2">f</a> <img src="https://g.fr/i.png" alt="">\n'
        "[by name][n]\n"
        "\n"
        "[n]: https://h.fr/z\n"
    )
    assert [(place.url, place.kind, place.place.line) for place in found(body)] == [
        ("https://a.fr/x", "link", 4),
        ("https://b.fr/y", "link", 4),
        ("https://c.fr/", "link", 5),
        ("mailto:atelier@e.fr", "link", 5),
        ("https://f.fr/?a=1&b=2", "link", 7),
        ("https://h.fr/z", "link", 8),
        ("https://d.fr/p.png", "image", 5),
        ("https://g.fr/i.png", "image", 7),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "`https://a.fr/`",
        "    https://a.fr/",
        "<!-- https://a.fr/ -->",
        "[x](../y.md) [y](#z) ![](a.png)",
        "[t](tel:+331)",
    ],
)
def test_what_is_no_address_of_the_web(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        ("[a](https://a.fr/x)", "[a](https://new.fr/é?a=1&b=%28x%29)"),
        ("[a](https://a.fr/x 'title') [b](<https://a.fr/x>)", None),
        ("see https://a.fr/x.", "see https://new.fr/é?a=1&b=%28x%29."),
        ("<https://a.fr/x>", "<https://new.fr/é?a=1&b=%28x%29>"),
        ("[a][1], [b][1]\n\n[1]: https://a.fr/x", "[a][1], [b][1]\n\n[1]: https://new.fr/é?a=1&b=%28x%29"),
        ('x <a href="https://a.fr/x">a</a>', 'x <a href="https://new.fr/é?a=1&amp;b=(x)">a</a>'),
        ("![a](https://a.fr/x)", "![a](https://new.fr/é?a=1&b=%28x%29)"),
    ],
)
def test_fixed(body: str, fixed: str | None) -> None:
    new = "https://new.fr/é?a=1&b=(x)"
    result = fix(body, new)
    if fixed is not None:
        assert result == fixed
    after = {place.url for place in found(result)}
    assert after <= {"https://new.fr/%C3%A9?a=1&b=(x)", "https://new.fr/%C3%A9?a=1&b=%28x%29"}


WAYS = (
    "[a](https://a.fr/x)",
    "[a](<https://a.fr/x> 'title')",
    "[a][1] b\n\n[1]: https://a.fr/x 'title'",
    "[1]\n\n[1]:\n  <https://a.fr/x>\n",
    "![a](https://a.fr/x)",
    "<https://a.fr/x>",
    "see https://a.fr/x.",
    "(see *https://a.fr/x*), then",
    "« https://a.fr/x »",
    "| a |\n|---|\n| https://a.fr/x |",
    'x <a href="https://a.fr/x">a</a>',
    "x <a href='https://a.fr/x'>a</a>",
    "x <a href=https://a.fr/x>a</a>",
    '<div>\n<a href="https://a.fr/x">a</a>\n</div>',
)


@pytest.mark.parametrize("body", WAYS)
@pytest.mark.parametrize(
    "path",
    [
        *(
            "a_b_c",
            "_b_/",
            "*b*/",
            "x(y)",
            "(a",
            "[a]",
            "a.",
            "a,b;",
            "a!",
            "a:",
            "a'",
            "a's",
            "~~a~~",
            "a|b",
            "{x}",
            "$x$",
        ),
        *("?a=1&b=2", "?a=1&amp;b=2", "?a=1&copy;=2", "?a=1&copy=2", "?q=%5B#c", "a#&#120;"),
    ],
)
def test_a_fixed_link_leads_to_the_new_address(body: str, path: str) -> None:
    new = normal_url(f"https://n.fr/{path}")
    (place,) = found(fix(body, new))
    assert place.url in (new, new.replace("(", "%28").replace(")", "%29"), new.replace("[", "%5B").replace("]", "%5D"))


@pytest.mark.parametrize(
    ("typed", "fixed"),
    [
        ("http://café.fr/à_(b)?x=1&y", "https://café.fr/à_(b)?x=1&y"),
        ("HTTP://A.fr", "https://A.fr"),
        ("http://a.fr:80/x", "https://a.fr/x"),
        ("http:a.fr/x", "https:a.fr/x"),
    ],
)
def test_https_changes_nothing_else_of_the_address(typed: str, fixed: str) -> None:
    (place,) = found(f"[a]({typed})")
    (edit,) = place.edits_to_https()
    assert typed.startswith(edit.old)
    assert typed.replace(edit.old, edit.new, 1) == fixed


def test_a_comment_for_editors_within_an_address_is_not_fixed_away() -> None:
    (place,) = found("[a](https://a.fr/<!-- nl: old -->x)")
    assert place.edits("https://b.fr/") == ()


def test_addresses_in_headers() -> None:
    events = [
        Event(title="Stand", start=date(2026, 3, 5), url="https://a.fr/", line=5),
        Event(
            title="Talk", start=date(2026, 3, 6), description="See [there](https://b.fr/) or https://c.fr/x.", line=9
        ),
        Event(title="Walk", start=date(2026, 3, 7), url="not one", line=12),
    ]
    jobs = [Job(title="Clerk", url="mailto:jobs@d.fr", line=15), Job(title="Cook", line=18)]
    places = find_places(manuscript("", events=events, jobs=jobs, images=["https://e.fr/i.png", "/img/x.png"]))
    assert [(place.url, place.kind, place.place) for place in places] == [
        ("https://e.fr/i.png", "image", Place(file="sections/002/_issue.md", line=3)),
        ("https://a.fr/", "link", Place(file="sections/002/agenda.md", line=5)),
        ("mailto:jobs@d.fr", "link", Place(file="sections/002/agenda.md", line=15)),
        ("https://b.fr/", "link", Place(file="sections/002/agenda.md", line=9)),
        ("https://c.fr/x", "link", Place(file="sections/002/agenda.md", line=9)),
    ]
    assert all(place.edits("https://new.fr/") == () for place in places)


def test_the_editorial_is_in_the_header_s_file() -> None:
    [place] = find_places(manuscript("", editorial="[a](https://a.fr/)"))
    assert (place.place.file, place.place.line) == ("sections/002/_issue.md", 6)


def test_names_of_sites_in_ascii() -> None:
    [place] = found("[a](https://café.fr/été)")
    assert (place.url, place.typed) == ("https://xn--caf-dma.fr/%C3%A9t%C3%A9", "https://café.fr/été")
    [edit] = place.edits("https://b.fr/")
    assert edit == Edit(file="sections/002/agenda.md", line=4, column=5, old="https://café.fr/été", new="https://b.fr/")
