"""Who asks, and how often one may be wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.after.endpoint.limits import MOST_CLIENTS, SECONDS_FOR_ONE, WRONG_AT_ONCE, Limits
from newsletter_cli.after.endpoint.proxies import client_of, parse_networks


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("192.0.2.1", [], "", "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.5"], "", "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.5"], "127.0.0.1", "192.0.2.1"),
        ("127.0.0.1", ["203.0.113.5"], "127.0.0.1", "203.0.113.5"),
        ("127.0.0.1", [], "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.5"], "127.0.0.1", "203.0.113.5"),
        ("127.0.0.1", ["198.51.100.1", "203.0.113.5"], "127.0.0.1", "203.0.113.5"),
        ("10.1.2.3", ["198.51.100.1, 203.0.113.5, 10.9.9.9"], "10.0.0.0/8", "203.0.113.5"),
        ("10.1.2.3", ["10.9.9.9"], "10.0.0.0/8", "10.9.9.9"),
        ("127.0.0.1", ["rubbish"], "127.0.0.1", "rubbish"),
        ("127.0.0.1", [" , ,"], "127.0.0.1", "127.0.0.1"),
        # The router of a platform has any address; what its clients write in front of theirs counts for nothing.
        ("172.17.0.1", ["198.51.100.1, 8.8.8.8"], "*", "8.8.8.8"),
        ("203.0.113.77", ["198.51.100.1, 8.8.8.8, 10.0.0.7"], "*", "8.8.8.8"),
        ("::1", ["2001:db8::7"], "::1", "2001:db8::7"),
        ("", ["203.0.113.5"], "127.0.0.1", "203.0.113.5"),
    ],
)
def test_who_asks(peer: str, forwarded: list[str], trusted: str, client: str) -> None:
    scope = {
        "client": (peer, 1) if peer else None,
        "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
    }
    assert client_of(scope, parse_networks(trusted.split())) == client


def test_whoever_waits_as_told_is_heard_again() -> None:
    now = 0.0
    limits = Limits(lambda: now)
    for _ in range(WRONG_AT_ONCE):
        assert limits.wrong("192.0.2.1") == 0
    wait = limits.wrong("192.0.2.1")
    assert 0 < wait <= SECONDS_FOR_ONE
    assert limits.wrong("192.0.2.2") == 0
    now += wait
    assert limits.wrong("192.0.2.1") == 0
    assert limits.wrong("192.0.2.1") > 0


def test_a_network_of_ipv6_is_one_client() -> None:
    limits = Limits(lambda: 0.0)
    waits = [limits.wrong(f"2001:db8::{number:x}") for number in range(WRONG_AT_ONCE + 1)]
    assert waits[-1] > 0
    assert limits.wrong("2001:db8:0:1::1") == 0
    # As a server of both kinds tells one of IPv4.
    mapped = [limits.wrong(f"::ffff:192.0.2.{9}") for _ in range(WRONG_AT_ONCE)]
    assert mapped[-1] == 0
    assert limits.wrong("192.0.2.9") > 0


def test_memory_is_bounded() -> None:
    limits = Limits(lambda: 0.0)
    for number in range(MOST_CLIENTS + 500):
        limits.wrong(f"{number}")
    assert len(limits) == MOST_CLIENTS


@given(st.text(), st.lists(st.text(max_size=40), max_size=4), st.sampled_from(["", "*", "10.0.0.0/8"]))
def test_nothing_in_a_header_breaks_it(peer: str, forwarded: list[str], trusted: str) -> None:
    scope = {
        "client": (peer, 1),
        "headers": [(b"x-forwarded-for", one.encode("latin-1", "replace")) for one in forwarded],
    }
    Limits(lambda: 0.0).wrong(client_of(scope, parse_networks(trusted.split())))
