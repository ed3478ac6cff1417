"""Domains beyond ASCII: one answer, wherever an address comes from."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.domains import DomainFault, ascii_address, ascii_domain, ascii_url, shown_domain
from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.web.address import parse_address
from newsletter_cli.check.texts.addresses import address_key
from newsletter_cli.deliver.message.person import envelope_address
from newsletter_cli.flows.read import read_sources
from newsletter_cli.markdown.parser import normalise_link
from newsletter_cli.render.frame import mail_link
from tests.examples import examples
from tests.tree import modules, nodes
from tests.workspaces import CONFIG, make_workspace

# As the address bars of browsers show them (UTS 46, non-transitional).
DOMAINS = {
    "example.org": "example.org",
    "straße.example": "xn--strae-oqa.example",
    "BÜCHER.Example": "xn--bcher-kva.example",
    "été。example": "xn--t-9fab.example",
    "βόλος.example": "xn--nxasmm1c.example",
    "façade.example": "xn--faade-zra.example",
    "💩.example": "xn--ls8h.example",
    "a_b.été.example": "a_b.xn--t-9fab.example",
}
NO_DOMAINS = [
    "été..example",
    "\N{ZERO WIDTH JOINER}.example",
    "a\N{REPLACEMENT CHARACTER}b.example",
    "é" * 70,
    "é�💩",
    "\N{PILE OF POO}¸.example",
    "é¸_.example",
]


@pytest.mark.parametrize(("domain", "wanted"), DOMAINS.items())
def test_one_domain_everywhere(domain: str, wanted: str) -> None:
    assert ascii_domain(domain) == wanted
    assert ascii_address(f"ada@{domain}") == f"ada@{wanted}"
    assert ascii_url(f"https://{domain}/à?é#ü") == f"https://{wanted}/%C3%A0?%C3%A9#%C3%BC"
    assert ascii_url(f"https://user:word@{domain}:8443/à") == f"https://user:word@{wanted}:8443/%C3%A0"
    assert ascii_url(f"mailto:é@{domain}?subject=à") == f"mailto:%C3%A9@{wanted}?subject=%C3%A0"
    assert parse_address(f"https://{domain}/").host == wanted
    assert normalise_link(f"https://{domain}/à") == f"https://{wanted}/%C3%A0"
    assert normalise_link(f"//me@{domain}:81?é") == f"//me@{wanted}:81?%C3%A9"
    assert normalise_link(f"mailto:a@{domain},b@{domain}?cc=é") == f"mailto:a@{wanted},b@{wanted}?cc=%C3%A9"
    assert address_key(f"https://www.{domain}/x") == address_key(f"http://{wanted}/x")
    assert mail_link(f"ada@{domain}", "Leave") == f"mailto:ada@{wanted}?subject=Leave"
    if "_" not in domain:
        assert envelope_address(f"ada@{domain}") == f"ada@{wanted}"


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("xn--strae-oqa.example", "straße.example"),
        ("xn--t-9fab.example", "été.example"),
        ("example.org", "example.org"),
        # Nothing that a browser would read so.
        ("xn--BCHER-kva.example", "xn--BCHER-kva.example"),
        ("xn--ls8h.example", "xn--ls8h.example"),
        ("xn--.example", "xn--.example"),
    ],
)
def test_a_domain_is_shown_as_its_people_read_it_where_that_means_the_same(domain: str, shown: str) -> None:
    assert shown_domain(domain) == shown


@pytest.mark.parametrize("domain", NO_DOMAINS)
def test_what_is_no_domain_is_said_to_be_none(domain: str) -> None:
    with pytest.raises(DomainFault):
        ascii_domain(domain)
    with pytest.raises(ValueError, match=r"."):
        parse_address(f"https://{domain}/")
    # The link check names it; what is written is kept as it can be.
    assert normalise_link(f"https://{domain}/").isascii()


@examples(30)
@given(st.text("aé¸-.ßÜ_\u200d💩א١。ﬁ\ufffd", max_size=80))
def test_any_text_is_a_domain_or_a_fault(text: str) -> None:
    try:
        found = ascii_domain(text)
    except DomainFault:
        return
    assert found.isascii()
    assert " " not in found
    assert ascii_domain(found) == found


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("sender", "address", "ada@été..example"),
        ("sender", "reply_to", "ada@été..example"),
        ("email", "unsubscribe", "https://été..example/leave"),
        ("email", "unsubscribe", "mailto:leave@été..example"),
        ("send", "unsubscribe_mail", "ada@été..example"),
        ("post", "url", "https://été..example/{slug}/"),
    ],
)
def test_a_configured_domain_that_is_none_is_an_error_with_its_key(
    tmp_path: Path, table: str, key: str, value: str
) -> None:
    with pytest.raises(ConfigError) as error:
        read_sources(make_workspace(tmp_path, f'{CONFIG}\n[{table}]\n{key} = "{value}"\n'), 1)
    assert error.value.message.startswith(f"{table}.{key}: ")
    assert error.value.file == "newsletter.toml"
    assert error.value.hint


def test_the_configured_addresses_are_in_ascii(tmp_path: Path) -> None:
    more = '[post]\nurl = "https://straße.example/{slug}/"\n[email]\nunsubscribe = "https://straße.example/leave"\n'
    frame = read_sources(make_workspace(tmp_path, CONFIG + more), 1).frame
    assert (frame.online_url or "").startswith("https://xn--strae-oqa.example/")
    assert frame.unsubscribe_url == "https://xn--strae-oqa.example/leave"


def _uses_of_idna(tree: ast.Module) -> list[int]:
    named: list[tuple[str, ast.stmt]] = [(one.name, node) for node in nodes(tree, ast.Import) for one in node.names]
    named += [(node.module or "", node) for node in nodes(tree, ast.ImportFrom)]
    found = [node.lineno for name, node in named if name.partition(".")[0] in ("idna", "encodings")]
    return found + [node.lineno for node in nodes(tree, ast.Constant) if node.value in ("idna", "punycode")]


def test_no_other_module_knows_how() -> None:
    places = {module for module, tree in modules().items() if _uses_of_idna(tree)}
    # The second refuses it: a list has no such encoding.
    assert places == {"newsletter_cli.base.domains", "newsletter_cli.base.text_encoding"}
