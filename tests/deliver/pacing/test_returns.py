"""A message that comes back again and again is put off, sooner where it may be the reason."""

from __future__ import annotations

from newsletter_cli.deliver.pacing.returns import MOST_FAILURES, MOST_RETURNS, Returns


def test_one_that_may_be_the_reason_is_put_off_soon() -> None:
    returns = Returns()
    counts = [returns.count(1, is_failure=True) for _ in range(MOST_FAILURES)]
    assert counts == [*([0] * (MOST_FAILURES - 1)), MOST_FAILURES]
    assert returns.count(2, is_failure=True) == 0


def test_any_is_put_off_in_the_end_and_begins_anew_once_something_became_of_it() -> None:
    returns = Returns()
    assert [returns.count(1, is_failure=False) for _ in range(MOST_RETURNS)] == [*([0] * (MOST_RETURNS - 1)), 1]
    returns.forget(1)
    assert returns.count(1, is_failure=False) == 0
