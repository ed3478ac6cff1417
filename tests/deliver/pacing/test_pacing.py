"""Pacing rules, gates, slow domains, the breaker. Times are handed in; a clock that jumps changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.config.send_settings import PaceSettings
from newsletter_cli.config.shipped_pace import SHIPPED_PACE
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.ledger.records import Claimed
from newsletter_cli.deliver.pacing.breaker import Breaker, is_greylisting
from newsletter_cli.deliver.pacing.gates import LONGEST_GAP_SECONDS, Gate, Rate, SlowDomains
from newsletter_cli.deliver.pacing.rules import PaceBook
from newsletter_cli.deliver.pacing.waits import Reconnecting, deferral_wait_seconds
from newsletter_cli.model.delivery import Reply

BUSY = Reply(451, "4.3.2 busy")


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("orange.fr", "Orange"),
        ("wanadoo.fr", "Orange"),
        ("mx.orange.fr", "Orange"),
        ("notorange.fr", ""),
        ("laposte.net", "La Poste"),
        ("gmail.com", "Gmail"),
        ("hotmail.fr", "Microsoft"),
        ("sfr.fr", "SFR"),
        ("free.fr", "Free"),
        ("example.org", ""),
        ("fr", ""),
        ("", ""),
    ],
)
def test_the_rule_of_a_domain(domain: str, name: str) -> None:
    assert PaceBook(SHIPPED_PACE).name_of(domain) == name


def test_other_rules_are_known_by_their_fingerprint() -> None:
    book = PaceBook(SHIPPED_PACE)
    assert book.fingerprint == PaceBook(SHIPPED_PACE).fingerprint
    assert book.fingerprint != PaceBook(SHIPPED_PACE[:2]).fingerprint


@given(st.integers(1, 100_000), st.floats(0, 10))
def test_a_minute_has_so_many_messages(per_minute: int, start: float) -> None:
    rate, now, count = Rate(per_minute=per_minute), start, 0
    for _step in range(200):
        wait = rate.wait_seconds(now)
        now += wait
        rate.take(now)
        count += 1
    # So much at once as a second holds, and evenly from then on.
    assert count <= (now - start) * per_minute / 60 + per_minute / 60 + 2


def test_without_a_limit_nobody_waits() -> None:
    rate = Rate(per_minute=0)
    rate.take(1.0)
    assert rate.wait_seconds(1.0) == 0


def test_a_rule_s_connections() -> None:
    gate = Gate(most_connections=2)
    gate.enter(1, 0)
    gate.enter(1, 0)
    gate.enter(2, 0)
    assert gate.admits(1)
    assert not gate.admits(3)
    gate.leave(1)
    assert not gate.admits(3)
    gate.leave(1)
    assert gate.admits(3)


def test_a_slow_domain_recovers() -> None:
    slow = SlowDomains()
    assert slow.wait_seconds("example.org", 0) == 0
    slow.slow_down("example.org", 0)
    assert slow.wait_seconds("example.org", 0) > 0
    assert slow.wait_seconds("example.net", 0) == 0
    for _time in range(20):
        slow.speed_up("example.org")
    assert not slow


def test_answers_under_way_slow_a_domain_once() -> None:
    slow = SlowDomains()
    for now in (0, 0.1, 0.2, 0.3):
        slow.slow_down("example.org", now)
    slow.take("example.org", 1)
    first = slow.wait_seconds("example.org", 1)
    for now in range(3, 60, 3):
        slow.slow_down("example.org", now)
    slow.take("example.org", 100)
    assert first < slow.wait_seconds("example.org", 100) <= LONGEST_GAP_SECONDS


def test_memory_of_slow_domains_is_bounded() -> None:
    slow = SlowDomains()
    for number in range(5000):
        slow.slow_down(f"d{number}.example.org", number)
    assert len(slow.names) <= 1000


def test_success_resets_the_breaker() -> None:
    breaker = Breaker()
    for _round in range(10):
        assert not any(breaker.refused(Reply(554, "5.7.1 no")) for _time in range(20))
        breaker.sent()
    assert any(breaker.refused(Reply(554, "5.7.1 no")) for _time in range(40))


def test_dead_addresses_are_borne_longer_than_a_policy() -> None:
    assert refusals_borne(Reply(550, "5.1.1 no such user")) == 199
    assert refusals_borne(Reply(554, "5.7.1 no")) == 24
    # A status stands at the beginning; what looks like one further on is something else.
    assert refusals_borne(Reply(554, "5.7.1 client [5.1.77.2] is blocked")) == 24


def refusals_borne(reply: Reply) -> int:
    breaker, count = Breaker(), 0
    while not breaker.refused(reply):
        count += 1
    return count


def test_one_domain_that_defers_is_no_reason_to_stop() -> None:
    breaker = Breaker()
    assert not any(breaker.deferred(BUSY, "example.org", is_first_try=True) for _time in range(1000))
    # Nor are two of them, however many there are of each.
    assert not any(breaker.deferred(BUSY, "example.net", is_first_try=True) for _time in range(1000))
    assert any(breaker.deferred(BUSY, "example.com", is_first_try=True) for _time in range(100))


@pytest.mark.parametrize(
    ("reply", "is_first_try"),
    [(BUSY, False), (Reply(452, "4.2.2 mailbox full"), True), (Reply(450, "4.2.0 Greylisted"), True)],
)
def test_who_was_put_off_before_or_has_a_full_mailbox_says_nothing_of_the_others(
    reply: Reply, is_first_try: bool
) -> None:
    breaker = Breaker()
    domains = [f"d{number}.example.org" for number in range(1000)]
    assert not any(breaker.deferred(reply, domain, is_first_try=is_first_try) for domain in domains)


def test_after_a_rest_a_few_tell_whether_it_is_over() -> None:
    breaker = Breaker()
    domains = [f"d{number}.example.org" for number in range(200)]
    assert [breaker.deferred(BUSY, one, is_first_try=True) for one in domains].index(True) == 99
    breaker.rested()
    assert [breaker.deferred(BUSY, one, is_first_try=True) for one in domains].index(True) == 9
    breaker.sent()
    assert [breaker.deferred(BUSY, one, is_first_try=True) for one in domains].index(True) == 99


@pytest.mark.parametrize("text", ["450 4.2.0 Greylisted", "451 4.7.1 Greylisting in action", "450 graylist"])
def test_greylisting_is_known(text: str) -> None:
    assert is_greylisting(Reply(450, text))
    assert not is_greylisting(Reply(451, "4.3.2 busy"))


def test_a_server_never_reached_is_given_up_soon_and_one_that_worked_later() -> None:
    assert failures(Reconnecting()) < failures(Reconnecting(has_worked=True))


def failures(reconnecting: Reconnecting) -> int:
    count, now = 0, 0.0
    while not reconnecting.failed(now, 0.5):
        count += 1
        now = reconnecting.next_at + 0.01
        assert count < 50
    return count


def test_all_that_break_at_once_count_once() -> None:
    reconnecting = Reconnecting(has_worked=True)
    assert not any(reconnecting.failed(0.0, 0.5) for _connection in range(100))
    assert reconnecting.streak == 1


@given(st.integers(1, 30), st.floats(0, 100_000), st.floats(0, 1))
def test_waits_grow_within_bounds(tries: int, patience: float, jitter: float) -> None:
    wait = deferral_wait_seconds(tries, patience, jitter)
    assert 0.75 <= wait <= 1800 * 1.25
    assert deferral_wait_seconds(tries + 1, patience, jitter) >= wait


@pytest.mark.parametrize("count", range(1, 12))
@pytest.mark.parametrize("most", [1, 2, 5, 8])
def test_senders_that_share_a_rule_have_its_connections_together(count: int, most: int) -> None:
    gates = [Gate(most_connections=most, per_minute=60) for _sender in range(count)]
    for rank, gate in enumerate(gates):
        gate.share(rank, count)
    assert sum(gate.own_connections for gate in gates) == most
    assert [gate.is_closed for gate in gates] == [gate.own_connections == 0 for gate in gates]
    for gate in gates:
        assert gate.admits(1) == (gate.own_connections > 0)
        gate.enter(1, 0.0)
        assert gate.rate.wait_seconds(0.0) == pytest.approx(count)


def claimed(number: int) -> Claimed:
    address = f"reader{number}@orange.fr"
    return Claimed(
        id=number, freeze_id=1, key=address, address=address, name="", fields={}, pace="Orange", tries=0
    )  # fmt: skip


def test_a_rule_whose_connections_others_have_gives_back_what_was_claimed() -> None:
    claims = [[claimed(number) for number in (1, 2, 3)]]
    rules = {"Orange": PaceSettings(name="Orange", domains=("orange.fr",), connections=1)}
    backlog = Backlog(["Orange"], rules, per_minute=0, claim=lambda pace, limit: claims.pop())
    assert backlog.is_limited
    assert backlog.has_more()
    backlog.share(1, 2)
    assert [one.id for one in backlog.given_back] == [1, 2, 3]
    # Nothing is claimed while it has no share.
    assert not backlog.has_more()
    backlog.share(0, 1)
    claims.append([claimed(7)])
    backlog.look_again()
    assert backlog.next(1, 0.0) is not None
