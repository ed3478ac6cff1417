"""Messages to which nothing happened because their connection ended: how often each may come back."""

from __future__ import annotations

# Beyond that it is put off: it may be why its connections end. A message whose connection broke, or that was alone on a
# connection to which the server said goodbye, is suspected sooner.
MOST_RETURNS, MOST_FAILURES = 12, 3


class Returns:
    """How often each row came back, and how often it may have been the reason."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[int, int]] = {}

    def count(self, row: int, *, is_failure: bool) -> int:
        """It has come back once more: 0 where it may be tried again at once, else how often it may have been why."""
        returns, failures = self._counts.get(row, (0, 0))
        returns, failures = self._counts[row] = returns + 1, failures + is_failure
        return max(failures, 1) if failures >= MOST_FAILURES or returns >= MOST_RETURNS else 0

    def forget(self, row: int) -> None:
        """Something has become of it."""
        self._counts.pop(row, None)
