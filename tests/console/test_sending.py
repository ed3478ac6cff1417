"""What an editor sees while a send is under way."""

from __future__ import annotations

import pytest

from newsletter_cli.console import sending
from newsletter_cli.console.sending import SendDisplay, duration
from newsletter_cli.deliver.progress import SendTally


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.01, "1 s"),
        (59.4, "59 s"),
        (59.9, "1 min"),
        (60, "1 min"),
        (90, "2 min"),
        (3540, "59 min"),
        (3599, "1 h 00 min"),
        (3600, "1 h 00 min"),
        (12_000, "3 h 20 min"),
        (360_000, "100 h 00 min"),
    ],
)
def test_lengths_of_time_for_people(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


class TestPiped:
    """Where nobody looks: a line now and then, and nothing that draws."""

    @pytest.fixture(autouse=True)
    def often(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sending, "PIPED_SECONDS", 0.0)

    def test_a_line_says_how_far_it_is(self, capsys: pytest.CaptureFixture[str]) -> None:
        tally = SendTally(total=10)
        display = SendDisplay(tally, {"": 10})
        tally.sent, tally.deferred = 4, 1
        display.show()
        display.end()
        out, err = capsys.readouterr()
        assert out.startswith("5/10 · sent 4, put off 1 · ")
        assert "refused" not in out
        assert "left" in out
        assert (out.count("\n"), err) == (1, "")

    def test_not_more_than_a_line_every_few_seconds(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending, "PIPED_SECONDS", 60.0)
        tally = SendTally(total=10)
        display = SendDisplay(tally, {"": 10})
        for tally.sent in range(10):
            display.show()
        assert capsys.readouterr().out == ""

    def test_before_anything_is_sent_no_time_is_promised(self, capsys: pytest.CaptureFixture[str]) -> None:
        SendDisplay(SendTally(total=10), {"": 10}).show()
        assert "left" not in capsys.readouterr().out

    def test_whoever_is_put_off_is_waited_for(self, capsys: pytest.CaptureFixture[str]) -> None:
        SendDisplay(SendTally(total=3, sent=1, deferred=2), {"": 3}).show()
        assert capsys.readouterr().out == "3/3 · sent 1, put off 2 · waiting to try those put off again\n"

    def test_a_stop_is_said_at_once_and_once(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending, "PIPED_SECONDS", 60.0)
        tally = SendTally(total=10, sent=2)
        display = SendDisplay(tally, {"": 10})
        tally.stopping = 3
        for _round in range(3):
            display.show()
        first, second = capsys.readouterr().out.splitlines()
        assert first.startswith("2/10 · sent 2 · ")
        assert second == ("Stopping: waiting for the answers to 3 messages. A second Ctrl-C would leave them in doubt.")
