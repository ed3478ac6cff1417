"""`nl bounces` as a whole: what it shows, what it asks, what it changes, and whom it never touches."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cli.keyboard import step_by_step
from tests.flows.bounces.messages import absence, letter, mbox, report
from tests.flows.bounces.stage import ADA, ALI, LEA, SentIssues
from tests.inside import Done, at_keyboard, call
from tests.workspaces import tree, write


@pytest.fixture
def sent(tmp_path: Path) -> SentIssues:
    return SentIssues(tmp_path / "w", issues=4)


def nl(sent: SentIssues, *arguments: str, status: int = 0) -> Done:
    done = call(*arguments, cwd=sent.root)
    assert done.status == status, done.out + done.err
    assert "fault of nl" not in done.err
    return done


def verdicts(sent: SentIssues, source: str, *options: str, status: int = 0) -> list[tuple[str, str, str, str]]:
    done = json.loads(nl(sent, "bounces", source, "--json", *options, status=status).out)
    assert set(done) == {"messages", "verdicts"}
    assert done["messages"] == len(done["verdicts"])
    for one in done["verdicts"]:
        assert list(one) == ["source", "kind", "address", "status", "action"]
    return [(one["kind"], one["address"], one["status"], one["action"]) for one in done["verdicts"]]


def suppressed(sent: SentIssues) -> Any:
    return json.loads(nl(sent, "list", "stats", "--json").out)["suppressed"]


def inbox(sent: SentIssues) -> str:
    """One message of each kind, in a folder."""
    folder = sent.root / "inbox"
    messages = {
        "hard.eml": report(LEA, sent.token(LEA)),
        "full.eml": report(ALI, sent.token(ALI), status="5.2.2", number=2),
        "policy.eml": report(ADA, sent.token(ADA), status="5.7.26", number=3),
        "away.eml": absence(ADA, sent.token(ADA), f"I am away until Monday. Please write to {ALI}."),
        "leave.eml": letter(ADA, "Please go ahead.", subject=f"unsubscribe {sent.token(ADA)}"),
        "words.eml": letter(ALI, "Merci de me désinscrire de cette lettre."),
        "reply.eml": letter("paul@example.org", "What a fine issue!"),
        "stranger.eml": report("bob@elsewhere.example", "a" * 24, number=4),
        "odd.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...",
    }
    for name, octets in messages.items():
        write(folder / name, octets)
    return "inbox"


EXPECTED = {
    ("hard", LEA, "5.1.1", "suppress"),
    ("full", ALI, "5.2.2", "count"),
    ("sender-fault", ADA, "5.7.26", "alarm"),
    ("out-of-office", ADA, "", "none"),
    ("unsubscribe", ADA, "", "suppress"),
    ("unsubscribe", ALI, "", "review"),
    ("reply", "paul@example.org", "", "none"),
    ("hard", "bob@elsewhere.example", "5.1.1", "review"),
    ("unknown", "", "", "review"),
}


def test_without_a_word_nothing_changes(sent: SentIssues) -> None:
    source = inbox(sent)
    before = tree(sent.root)
    assert set(verdicts(sent, source)) == EXPECTED
    said = nl(sent, "bounces", source).out
    assert "Nothing was changed. To have it done: nl bounces inbox --apply" in said
    assert {
        name: content for name, content in tree(sent.root).items() if "-wal" not in name and "-shm" not in name
    } == before
    # What is urgent comes first, then what would be done, what is to be decided, and who has written.
    places = [
        said.index(text)
        for text in ("Alarm", "5.7.26", "To be taken off", LEA, "For you to decide", "People have written")
    ]
    assert places == sorted(places)
    for text in ("nl doctor --domain", "nl list unsubscribe ADDRESS", "odd.msg", "bob@elsewhere.example", "fine issue"):
        assert text in said, said


def test_what_is_told_is_what_would_happen(tmp_path: Path) -> None:
    readers = [f"r{number}@big.example" for number in range(9)]
    sent = SentIssues(tmp_path / "w", readers)
    (sent.root / "none").mkdir()
    said = nl(sent, "bounces", "none").out
    assert "There is nothing to record." in said
    assert "--apply" not in said
    words = (
        "550 5.7.1 Service refuse. Veuillez essayer plus tard. service refused, please try later, and then say OFR_506"
    )
    messages = [
        *(report(one, sent.token(one), number=n) for n, one in enumerate(readers[:4])),
        report(readers[5], sent.token(readers[5]), number=5, status="5.7.26", words=words),
        report(readers[6], sent.token(readers[6]), number=6, status="2.0.0", words="250 ok", action="delivered"),
        letter("paul@example.org", "What a fine issue!"),
    ]
    write(sent.root / "all.mbox", mbox(*messages))
    said = nl(sent, "bounces", "all.mbox").out
    # A run that would be stopped is not what is recommended.
    assert "4 of 9 readers would be taken off the list in one run; none of them was" in said
    assert "nl bounces all.mbox --apply --anyway" in said
    assert "To have it done" not in said
    # Words are for whoever runs the server: whole, and no more than what it said.
    assert f"\t{words}\n" in said
    assert "smtp;" not in said
    assert "\n  nothing has failed: 1\n" in said
    assert "not understood" not in said
    assert "sender\tfirst words" in said


def test_applied_it_is_recorded_once_and_shows_everywhere(sent: SentIssues) -> None:
    source = inbox(sent)
    said = nl(sent, "bounces", source, "--apply").out
    assert "1 person was taken off the list: their mailbox is gone" in said
    assert "1 person was taken off the list: they asked for it" in said
    assert suppressed(sent) == {"unsubscribed": 1, "bounced": 1}
    again = verdicts(sent, source, "--apply")
    assert Counter(action for *_others, action in again) == {"none": 6, "review": 3}
    assert suppressed(sent) == {"unsubscribed": 1, "bounced": 1}
    # The same messages from another place are the same messages.
    write(sent.root / "all.mbox", mbox(*(path.read_bytes() for path in sorted((sent.root / "inbox").glob("*.eml")))))
    assert Counter(action for *_others, action in verdicts(sent, "mbox:all.mbox", "--apply")) == {
        "none": 6,
        "review": 2,
    }
    assert "record is new" not in nl(sent, "bounces", "mbox:all.mbox", "--apply").out.replace("0 records are new", "")
    # Whoever is back stays, whatever lies in the mailbox from before.
    nl(sent, "list", "add", LEA, "--consent", "by telephone")
    assert Counter(action for *_others, action in verdicts(sent, source, "--apply")) == {"none": 6, "review": 3}
    assert suppressed(sent) == {"unsubscribed": 1}


def test_somebody_at_the_keyboard_is_asked(sent: SentIssues) -> None:
    source = inbox(sent)
    status, said = at_keyboard(sent.root, "bounces", source, typed="\n")
    assert status == 0
    assert "Record this, and take off whom it names so?" in said
    assert "Nothing was changed" in said
    assert suppressed(sent) == {}
    assert at_keyboard(sent.root, "bounces", source, typed="y\n")[0] == 0
    assert suppressed(sent) == {"unsubscribed": 1, "bounced": 1}
    assert "There is nothing to record." in at_keyboard(sent.root, "bounces", source, typed="")[1]


def test_a_storm_of_policy_takes_nobody_off(tmp_path: Path) -> None:
    readers = [f"r{number}@big.example" for number in range(2000)]
    sent = SentIssues(tmp_path / "w", readers)
    storm = mbox(
        *(
            report(
                one,
                sent.token(one),
                status="5.7.26",
                number=n,
                words=f"550 5.7.26 [192.0.2.{n % 9}] unauthenticated q{n}",
            )
            for n, one in enumerate(readers)
        ),
        report(readers[0], sent.token(readers[0]), number=9999),
    )
    write(sent.root / "storm.mbox", storm)
    said = nl(sent, "bounces", "storm.mbox", "--apply").out
    assert "\n2000\t5.7.26\t" in said
    assert "unauthenticated" in said
    assert said.count("550 5.7.26") == 1
    assert suppressed(sent) == {"bounced": 1}


def test_whoever_is_merely_named_is_never_touched(sent: SentIssues) -> None:
    folder = sent.root / "named"
    token = sent.token(LEA)
    write(folder / "1.eml", absence(LEA, token, f"Votre message à : {ALI} n’a pas pu être remis. Écrivez à {ADA}."))
    write(folder / "2.eml", letter(LEA, f"{ALI} has left us, please unsubscribe {ADA} and {ALI}."))
    write(folder / "3.eml", report(ALI, token))
    write(folder / "4.eml", report(ALI, "b" * 24, number=2))
    write(folder / "5.eml", letter("x@y.example", report(ALI, token, number=3).decode(), subject="Fwd: Undelivered"))
    told = verdicts(sent, "named", "--apply")
    assert not [one for one in told if one[3] in ("suppress", "count")], told
    assert suppressed(sent) == {}


def test_too_many_at_once_wait_for_a_person(tmp_path: Path) -> None:
    readers = [f"r{number}@d{number}.example" for number in range(100)]
    sent = SentIssues(tmp_path / "w", readers)
    gone = [report(one, sent.token(one), number=n) for n, one in enumerate(readers[:5])]
    write(sent.root / "many.mbox", mbox(*gone))
    refused = nl(sent, "bounces", "many.mbox", "--apply", status=2).err
    assert "5 of 100 readers would be taken off the list in one run; none of them was" in refused
    assert "nl bounces many.mbox --apply --anyway" in refused
    assert suppressed(sent) == {}
    status, said = at_keyboard(sent.root, "bounces", "many.mbox", typed="y\nn\n")
    assert status == 2
    assert "Take them off all the same?" in said
    assert suppressed(sent) == {}
    # Whoever asks to leave waits for nobody.
    wishes = [letter(one, "", subject=f"unsubscribe {sent.token(one)}") for one in readers[10:12]]
    write(sent.root / "many.mbox", mbox(*gone, wishes[0]))
    steps = [("Record this", "y\n"), ("all the same?", "\x03")]
    status, said = step_by_step(sent.root, "bounces", "many.mbox", steps=steps, env={})
    assert status == 130
    assert "nothing was changed" in said
    assert suppressed(sent) == {}
    status, said = at_keyboard(sent.root, "bounces", "many.mbox", typed="y\nn\n")
    assert status == 2
    assert "they asked for it" in said
    assert suppressed(sent) == {"unsubscribed": 1}
    write(sent.root / "many.mbox", mbox(*gone, *wishes))
    assert nl(sent, "bounces", "many.mbox", "--apply", status=2).out.endswith(
        "1 record is new\n1 person was taken off the list: they asked for it\n"
    )
    assert suppressed(sent) == {"unsubscribed": 2}
    nl(sent, "bounces", "many.mbox", "--apply", "--anyway")
    assert suppressed(sent) == {"bounced": 5, "unsubscribed": 2}


def test_counted_over_the_issues_as_configured(tmp_path: Path) -> None:
    sent = SentIssues(tmp_path / "w", issues=3, config='[bounces]\nissues = 2\ndays = 20\nthen = "suppress"\n')
    full = [report(LEA, sent.token(LEA, issue), status="5.2.2", number=issue) for issue in (1, 2, 3)]
    write(sent.root / "1.eml", full[0])
    assert verdicts(sent, "1.eml", "--apply") == [("full", LEA, "5.2.2", "count")]
    # Issues 2 and 3 came through, as far as is known: one issue says nothing.
    write(sent.root / "all.mbox", mbox(*full))
    assert [one[3] for one in verdicts(sent, "all.mbox")] == ["none", "suppress", "suppress"]


def test_a_report_that_nothing_has_failed_yet_counts_for_nothing(sent: SentIssues) -> None:
    write(sent.root / "late.eml", report(LEA, sent.token(LEA), status="4.2.2", action="delayed"))
    assert [one[3] for one in verdicts(sent, "late.eml", "--apply")] == ["none"]


@pytest.mark.parametrize("lines", ["empty", "windows", "cut", "noise"])
def test_odd_files_are_told_and_end_nothing(sent: SentIssues, lines: str) -> None:
    octets = report(LEA, sent.token(LEA))
    contents = {"empty": b"", "windows": octets, "cut": octets[:300], "noise": bytes(range(256)) * 20}
    write(sent.root / "f/one.eml", contents[lines])
    (told,) = verdicts(sent, "f")
    assert told[3] == ("suppress" if lines == "windows" else "review")
