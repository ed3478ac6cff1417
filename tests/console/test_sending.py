"""What an editor sees while a send is under way."""

from __future__ import annotations

import pytest

from newsletter_cli.console import sending
from newsletter_cli.console.sending import SendDisplay, duration
from newsletter_cli.deliver.progress import Tally


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
        tally, display = Tally(10), SendDisplay()
        display.begin(tally, {"": 10})
        tally.sent, tally.deferred = 4, 1
        display.show()
        display.end()
        out, err = capsys.readouterr()
        assert out.startswith("5/10 · sent 4, put off 1 · ")
        assert "refused" not in out
        assert "left" in out
        assert (out.count("\n"), err) == (1, "")

    def test_nothing_at_all_where_it_is_to_be_quiet(self, capsys: pytest.CaptureFixture[str]) -> None:
        tally, display = Tally(10), SendDisplay(is_quiet=True)
        display.begin(tally, {"": 10})
        tally.sent = 4
        display.show()
        display.end()
        assert capsys.readouterr() == ("", "")

    def test_not_more_than_a_line_every_few_seconds(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending, "PIPED_SECONDS", 60.0)
        tally, display = Tally(10), SendDisplay()
        display.begin(tally, {"": 10})
        for tally.sent in range(10):
            display.show()
        assert capsys.readouterr().out == ""

    def test_before_anything_is_sent_no_time_is_promised(self, capsys: pytest.CaptureFixture[str]) -> None:
        display = SendDisplay()
        display.begin(Tally(10), {"": 10})
        display.show()
        assert "left" not in capsys.readouterr().out

    def test_it_ends_without_having_begun(self) -> None:
        SendDisplay().end()
