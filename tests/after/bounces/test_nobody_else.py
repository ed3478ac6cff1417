"""Whatever a message holds, it never makes `judge` fail, and never leads to anybody whom it only names."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.after.bounces.judging import judge
from newsletter_cli.after.bounces.verdict import Verdict
from newsletter_cli.model.feedback import FeedbackKind
from tests.after.bounces.corpus import NOW, PAUL, PEOPLE, Case, cases, find, line_of
from tests.after.bounces.frames import ADA, FRAMES

CASES = list(cases())
ANY_CASE = st.sampled_from(CASES)
# What names others, in all the ways that messages do: none of them means anybody.
NAMING = st.sampled_from(
    [
        "paul@example.net",
        "<paul@example.net>",
        "Your message to: paul@example.net",
        "Cc: Paul <paul@example.net>",
        f"https://example.org/leave?u={PAUL}",
        f"List-Unsubscribe: <mailto:leave@example.org?subject=unsubscribe%20{PAUL}>",
        f"bounces+{PAUL}@example.org",
        f"unsubscribe {PAUL}",
        "Se désabonner",
        "550 5.1.1 user unknown",
    ]
)
SAID = st.lists(st.one_of(NAMING, st.text(max_size=60)), max_size=8).map("\n".join)


def judged(octets: bytes) -> Verdict:
    return judge(octets, find=find, now=NOW, place="here")


@given(st.binary(max_size=2000))
def test_any_octets(octets: bytes) -> None:
    assert not judged(octets).is_certain


@given(ANY_CASE, st.data())
def test_a_message_cut_and_spoilt_anywhere(case: Case, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(case.octets)))
    octets = bytearray(case.octets[:cut])
    for place in data.draw(st.lists(st.integers(0, max(0, cut - 1)), max_size=20)) if cut else ():
        octets[place] = data.draw(st.integers(0, 255))
    verdict = judged(bytes(octets))
    assert verdict.address in ("", *PEOPLE.values())
    if verdict.is_certain and verdict.kind is FeedbackKind.HARD:
        assert case.expected.startswith(("hard", "sender-fault", "full", "soft", "unknown"))


@given(ANY_CASE, st.randoms(use_true_random=False))
def test_the_order_of_fields_says_nothing(case: Case, chance: random.Random) -> None:
    head, blank, body = case.octets.decode().partition("\n\n")
    fields = head.rstrip("\n").replace("\n\t", "\r\t").replace("\n ", "\r ").split("\n")
    chance.shuffle(fields)
    shuffled = "\n".join(fields).replace("\r", "\n") + blank + body
    assert line_of(judged(shuffled.encode())) == line_of(judged(case.octets))


@given(SAID, st.sampled_from(["Re: La lettre", "Une question", "TR: La lettre", "Réponse automatique : La lettre"]))
def test_what_people_and_their_programs_say_leads_to_nobody(said: str, subject: str) -> None:
    head = f"From: Ada <{ADA}>\nTo: letter@example.org\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8"
    verdict = judged(f"{head}\n\nBonjour,\n{said}".encode("utf-8", "replace"))
    assert verdict.address == ""
    assert verdict.kind in (FeedbackKind.REPLY, FeedbackKind.UNSUBSCRIBE, FeedbackKind.OUT_OF_OFFICE)


@given(SAID, st.sampled_from(sorted(FRAMES)), st.sampled_from(["550 5.1.1 user unknown", "550 5.7.26 no SPF"]))
def test_a_report_is_about_whom_we_wrote_to_alone(said: str, frame: str, reply: str) -> None:
    report = FRAMES[frame](reply)
    spoken = report.replace("You may leave this list", f"{said}\nYou may leave this list")
    verdict = judged(spoken.encode("utf-8", "replace"))
    assert verdict.address == ADA
    assert verdict.is_certain
    assert verdict.kind is (FeedbackKind.HARD if "5.1.1" in reply else FeedbackKind.SENDER_FAULT)


def hostile_texts() -> list[str]:
    """Texts over which a careless pattern would sit for hours."""
    notice = "Return-Path: <>\nFrom: MAILER-DAEMON@example.net\nSubject: failure notice\n{}\n\n{}"
    html = "Content-Type: text/html"
    return [
        notice.format("X: y", "a" * 800_000 + " @"),
        notice.format("X: y", "--- copy of\n" * 60_000),
        notice.format("X: y", "<a@example.net>\n" * 50_000),
        notice.format("X: y", "Received: x" + "\n " * 300_000),
        notice.format(html, "<style " * 100_000),
        notice.format(html, "<br " * 200_000 + "<!--" * 100_000),
        notice.format("X: y", "5.1.1" * 100_000 + "550 " * 100_000),
        notice.format(f"X-Failed-Recipients: {'a' * 300_000}", "x"),
    ]


def test_parts_within_parts_without_end() -> None:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n' for depth in range(3000))
    many = "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 50_000
    enclosed = "Subject: TR: x\nFrom: a@example.net\nContent-Type: message/rfc822\n\n" * 2000
    for text in (head, many, enclosed, "X: y\n" * 200_000, " \n" * 300_000, "From: <" * 100_000, *hostile_texts()):
        assert not judged(text.encode()).is_certain


def test_a_huge_message_is_judged_by_its_beginning() -> None:
    report = FRAMES["postfix"]("550 5.1.1 user unknown")
    verdict = judged(report.replace("You may leave", "lorem ipsum " * 500_000).encode())
    assert (verdict.kind, verdict.is_certain) == (FeedbackKind.HARD, True)


def test_letters_of_two_octets() -> None:
    report = FRAMES["postfix"]("550 5.1.1 user unknown")
    for octets in (report.encode("utf-16"), report.encode("utf-8-sig"), report.replace("\n", "\r").encode()):
        assert judged(octets).is_certain
