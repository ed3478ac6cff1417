"""Nothing of a body changes but the addresses that are written otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.publish.links import Address, find_addresses, rewrite
from newsletter_cli.publish.naming import Naming
from newsletter_cli.publish.profiles import SHIPPED
from tests.examples import examples

FILES = ("photo.png", "photo de l’été.png", "sub/plan.pdf", "a(1).png")


def rewritten(body: str, profile: str = "hugo-static", *, is_plain: bool = False) -> str:
    naming = Naming(
        SHIPPED[profile],
        FILES,
        site_url="https://www.example.org/",
        page_url="https://www.example.org/posts/one/",
        base="",
        link_to_file=lambda name: f"/img/one/{name}",
        find_page=lambda path: "content/team.md" if path.strip("/") == "team" else None,
        is_served=lambda path: False,
        is_plain=is_plain,
    )
    addresses, _survey = find_addresses(body, has_shortcodes=SHIPPED[profile].has_shortcodes)
    return rewrite(body, addresses, naming.new_address)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("![a](photo.png)", "![a](/img/one/photo.png)"),
        ("![a](./photo.png 'A title')", "![a](/img/one/photo.png 'A title')"),
        ("![a](<photo de l’été.png>)", "![a](</img/one/photo%20de%20l%E2%80%99%C3%A9t%C3%A9.png>)"),
        ("![a](photo%20de%20l’été.png)", "![a](/img/one/photo%20de%20l%E2%80%99%C3%A9t%C3%A9.png)"),
        ("![a](a\\(1\\).png)", "![a](/img/one/a%281%29.png)"),
        ("[![a](photo.png)](/team)", '[![a](/img/one/photo.png)]({{< ref "/team" >}})'),
        ("![a][p]\n\n[p]: photo.png 'T'", "![a][p]\n\n[p]: /img/one/photo.png 'T'"),
        ('<img alt=“” src="photo.png" width="4%">', '<img alt=“” src="/img/one/photo.png" width="4%">'),
        ("<a href='photo.png'>x</a>", "<a href='/img/one/photo.png'>x</a>"),
        ('<img srcset="photo.png 1x, b.png 2x">', '<img srcset="/img/one/photo.png 1x, b.png 2x">'),
        (
            '<video src="sub/plan.pdf" poster=photo.png>',
            '<video src="/img/one/sub/plan.pdf" poster=/img/one/photo.png>',
        ),
        ('{{< figure src="photo.png" alt="photo" >}}', '{{< figure src="/img/one/photo.png" alt="photo" >}}'),
        ("[the plan](sub/plan.pdf#page=2)", "[the plan](/img/one/sub/plan.pdf#page=2)"),
        ("> - [team](/team/#ada)", '> - [team]({{< ref "/team" >}}#ada)'),
        ("[up](../../team/)", '[up]({{< ref "/team" >}})'),
        ("| a |\n|---|\n| ![p](photo.png) |", "| a |\n|---|\n| ![p](/img/one/photo.png) |"),
        ("A note[^1].\r\n\r\n[^1]: ![p](photo.png)\r\n", "A note[^1].\r\n\r\n[^1]: ![p](/img/one/photo.png)\r\n"),
    ],
)
def test_what_is_written_otherwise(typed: str, written: str) -> None:
    assert rewritten(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "[a](https://www.example.org/team/)",
        "https://www.example.org/photo.png and photo.png",
        "`![a](photo.png)`",
        "```\n![a](photo.png)\n```",
        "<!-- ![a](photo.png) -->",
        "![a](missing.png)",
        "[a](mailto:ada@example.org) [b](#team) [c](//cdn.example.org/photo.png)",
        '[x]({{< ref "/team" >}})',
        '{{</* figure src="photo.png" */>}}',
        "![a](https://example.org/photo.png)",
    ],
)
def test_what_stays_as_it_was_typed(typed: str) -> None:
    assert rewritten(typed) == typed


def test_beside_the_page_a_file_keeps_the_name_that_was_typed() -> None:
    typed = "![a](<photo de l’été.png>) <img src=photo.png>"
    assert rewritten(typed, "hugo") == typed


PIECES = st.sampled_from(
    ["![a](photo.png)", "[t](/team)", "<img src=\"photo.png\">", "[p]: photo.png", "`", "```\n", "> ", "- ", "\n",
     "\r\n", "{{< x \"photo.png\" >}}", "<!--", "-->", "<div>", "[", "](", ")", "é", "\u202f", "| ", "    ", "\t", "\\",
     "&amp;", "photo.png", "{{ var }}", "[^1]", "[^1]: ", "**", "<photo.png>", "\u2028", "\x00"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join), st.sampled_from(sorted(SHIPPED)))
@examples(100)
def test_all_bytes_outside_addresses_stay(body: str, profile: str) -> None:
    """Each address cut out of both, what is left is the same."""
    addresses, _survey = find_addresses(body, has_shortcodes=SHIPPED[profile].has_shortcodes)
    written: list[Address] = []

    def mark(one: Address) -> str:
        written.append(one)
        return "\ue000"

    marked = rewrite(body, addresses, mark)
    kept, position = [], 0
    for one in written:
        assert body[one.start : one.end] == one.typed
        if one.start >= position and one.typed != "\ue000":
            kept.append(body[position : one.start])
            position = one.end
    assert marked == "\ue000".join([*kept, body[position:]])
    rewritten(body, profile)
