"""Several questions at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import pytest

from newsletter_cli.check.links.together import ask_all

# Nobody waits as long: a test that does would hang, and be seen to.
ENDLESS = 600.0


def ask(number: int) -> int:
    if number == 3:
        raise RuntimeError("three")
    return number * number


def answers(numbers: Iterable[int], *, threads: int) -> dict[int, int]:
    return dict(ask_all(ask, numbers, threads=threads, deadline_seconds=ENDLESS))


def test_every_answer_comes_with_its_question() -> None:
    assert answers([1, 2, 4, 5], threads=2) == {1: 1, 2: 4, 4: 16, 5: 25}
    assert answers([], threads=2) == {}


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_an_error_is_raised_and_not_waited_for(threads: int) -> None:
    with pytest.raises(RuntimeError, match="three"):
        answers(range(6), threads=threads)


def test_what_came_before_the_error_is_told() -> None:
    found = ask_all(ask, [1, 3], threads=1, deadline_seconds=ENDLESS)
    assert next(found) == (1, 1)
    with pytest.raises(RuntimeError, match="three"):
        next(found)


def test_a_question_that_is_never_answered_is_left_at_the_deadline() -> None:
    gate = threading.Event()
    assert list(ask_all(lambda _number: gate.wait(), [1], threads=1, deadline_seconds=0.01)) == []
    gate.set()
