"""What arrived beside what was handed over: each planted change is named, what only travels otherwise is none."""

from __future__ import annotations

import email
import email.policy
import re
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsletter_cli.check.delivered.compare import compare_messages
from tests.check.delivered.planting import HARMLESS, PLANTED, TEXTS, Plant, encoded, header, page
from tests.flows.clearance.proving import kept_octets, prove
from tests.flows.sending.newsletter import Newsletter

LETTERS = "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûüœÀÉ’«»–…0123456789.,;:!?#%&<>\"'()/@=🎉€"
WORDS = st.text(alphabet=LETTERS, min_size=1, max_size=9)
TEXT = st.lists(WORDS, min_size=1, max_size=30)
ENCODINGS = st.sampled_from(["8bit", "base64", "quoted-printable"])


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A proof as it was handed over."""
    root = tmp_path_factory.mktemp("letter") / "workspace"
    newsletter = Newsletter(root, config='[endpoint]\nurl = "https://www.example.org/leave"\n', texts=TEXTS)
    prove(newsletter, "ada@example.org")
    return kept_octets(newsletter, 1)[0]


def kinds(was: bytes, now: bytes) -> set[str]:
    return {one.kind for one in compare_messages(was, now).differences}


@pytest.mark.parametrize(("plant", "expected"), PLANTED.values(), ids=PLANTED)
def test_a_planted_change_is_named_and_no_other(handed_over: bytes, plant: Plant, expected: set[str]) -> None:
    assert kinds(handed_over, plant(handed_over)) == expected


@pytest.mark.parametrize("plant", HARMLESS.values(), ids=HARMLESS)
def test_what_only_travels_otherwise_is_no_difference(handed_over: bytes, plant: Plant) -> None:
    for lines in (b"\r\n", b"\n"):
        assert kinds(handed_over, plant(handed_over).replace(b"\r\n", lines)) == set()


def test_several_at_once_are_all_named(handed_over: bytes) -> None:
    apart = ("a pixel", "links rewritten", "a banner", "a tag before the subject", "Reply-To", "List-Unsubscribe lost")
    now = handed_over
    for what in apart:
        now = PLANTED[what][0](now)
    assert kinds(handed_over, now) == set().union(*(PLANTED[what][1] for what in apart))


def test_the_address_of_a_reader_is_not_shown(handed_over: bytes) -> None:
    plant = page(lambda text: text.replace("</body>", "<p>For ada@example.org alone</p></body>"))
    told = str(compare_messages(handed_over, plant(handed_over)).as_dict())
    assert "footer-added" in told
    assert "ada@example.org" not in told


def message(words: list[str], subject: str) -> bytes:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"] = "Tidings <letter@example.org>", "Ada <ada@example.org>"
    made["Date"], made["Message-ID"] = "Thu, 11 Jun 2026 10:00:00 +0200", "<1@example.org>"
    made["List-Unsubscribe"] = "<https://www.example.org/leave?u=abc>, <mailto:desk@example.org>"
    text = " ".join(words)
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    made.set_content(text + "\n")
    made.add_alternative(
        f'<html><body><p>{shown}</p><a href="https://example.org/a?b=1">there</a></body></html>\n', subtype="html"
    )
    # Not by EmailMessage: its folding loses blanks between encoded words (a fault of Python).
    line = f"Subject: {Header(subject, 'utf-8', header_name='Subject').encode()}\n"
    return line.replace("\n", "\r\n").encode() + made.as_bytes()


@given(
    words=TEXT,
    encoding=ENCODINGS,
    width=st.integers(45, 200),
    lines=st.sampled_from([b"\n", b"\r\n"]),
)
def test_no_reencoding_is_a_difference(words: list[str], encoding: str, width: int, lines: bytes) -> None:
    was = message(words, " ".join(words)[:60])
    now = email.message_from_bytes(encoded(encoding)(was))
    now.set_boundary("another")
    del now["Subject"]
    now["Subject"] = Header(" ".join(words)[:60], "utf-8", maxlinelen=width, header_name="Subject").encode()
    whole = now.as_bytes(policy=email.policy.compat32.clone(max_line_length=width))
    octets = b"Received: from a by b; Thu, 11 Jun 2026 10:00:01 +0200\n" + whole.replace(b"\r\n", b"\n")
    assert compare_messages(was, octets.replace(b"\n", lines)).differences == ()


@given(words=TEXT, place=st.integers(0, 29), other=st.one_of(st.just(""), WORDS), is_kept=st.booleans())
def test_any_change_of_the_words_is_named(words: list[str], place: int, other: str, is_kept: bool) -> None:
    place %= len(words)
    kept = [words[place]] if is_kept else []
    changed = [*words[:place], *kept, *other.split(), *words[place + 1 :]]
    assume(" ".join(changed) != " ".join(words))
    assert compare_messages(message(words, "Tidings"), message(changed, "Tidings")).differences != ()


@given(place=st.integers(0, 10_000), sign=st.sampled_from("abcXYZ012-_"))
def test_any_change_of_a_link_is_named(place: int, sign: str) -> None:
    address = "https://example.org/a?b=1"
    at = place % len(address)
    changed = address[:at] + sign + address[at + 1 :]
    assume(changed.lower() != address.lower() and not (address[at] == "h" and sign.lower() == "h"))
    was = message(["Bonjour"], "Tidings")
    assert kinds(was, page(lambda text: text.replace(address, changed))(was)) & {"link-rewritten", "link-changed"}


@given(name=st.sampled_from(["From", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe",
                             "List-Unsubscribe-Post", "Precedence", "Feedback-ID", "Content-Language", "To"]),
       value=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 .<>@-]{0,40}[A-Za-z0-9]", fullmatch=True))  # fmt: skip
def test_any_change_of_a_header_is_named(handed_over: bytes, name: str, value: str) -> None:
    now = header(rf"^{name}: .*(?:\r\n[ \t].*)*$", f"{name}: {value}")(handed_over)
    assume(re.sub(r"\s", "", value) not in re.sub(r"\s", "", str(email.message_from_bytes(handed_over)[name])))
    assert kinds(handed_over, now) != set()


@given(octets=st.binary(max_size=400))
def test_whatever_arrives_is_compared(octets: bytes) -> None:
    was = message(["Bonjour"], "Tidings")
    compare_messages(was, octets)
    compare_messages(was, was[:300] + octets)


def test_a_message_in_another_one_is_looked_at(handed_over: bytes, tmp_path: Path) -> None:
    outer = EmailMessage(policy=email.policy.SMTP)
    outer["Subject"], outer["X-Spam-Flag"], outer["From"] = "*** SPAM ***", "YES", "filter@example.org"
    outer.set_content("Spam was found.\n")
    inner = email.message_from_bytes(handed_over, policy=email.policy.SMTP)
    outer.add_attachment(inner)
    assert kinds(handed_over, outer.as_bytes()) >= {"wrapped", "spam"}
