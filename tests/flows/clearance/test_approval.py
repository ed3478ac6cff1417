"""`nl approve`: somebody answers for an issue as it is, and whatever readers would see otherwise withdraws it."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from newsletter_cli.base.errors import ContentError, NotReady, UsageError
from newsletter_cli.flows.clearance import approval as approvals
from newsletter_cli.flows.clearance.approval import approval_state
from newsletter_cli.flows.clearance.approval_telling import changed_words, difference_lines
from newsletter_cli.flows.clearance.approving import Approved, Proposal, approve
from newsletter_cli.workspace.approvals import FILE, read_approval, remove_approval, write_approval
from newsletter_cli.workspace.folder import open_workspace
from tests.flows.clearance.proving import prove
from tests.flows.sending.newsletter import FAULTY, TEXTS, Editor, Newsletter
from tests.inside import call
from tests.pictures import png
from tests.workspaces import write

PICTURED = {"news.md": "---\nauthor: Grace\n---\nSome news.\n\n![A square](square.png)\n"}


class Approver:
    """Who is asked; says yes, and remembers what was shown."""

    def __init__(self) -> None:
        self.proposals: list[Proposal] = []

    def __call__(self, proposal: Proposal) -> None:
        self.proposals.append(proposal)

    @property
    def shown(self) -> str:
        return "\n".join(self.proposals[-1].lines())


def approve_it(
    letter: Newsletter, *, by: str = "Ada", ask: Approver | None = None, accepted: tuple[str, ...] = ()
) -> Approved:
    return approve(letter.workspace, 1, by=by, accepted=accepted, ask=ask or Approver())


@pytest.fixture
def letter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path, texts=PICTURED, files={"square.png": png(20, 20)})


REQUIRED = "[send]\nrequire_approval = true\n"


def changed(letter: Newsletter) -> list[str]:
    state = approval_state(letter.workspace, 1)
    assert state.stands is not bool(state.changes)
    return [one.name for one in state.changes]


def test_it_stands_until_readers_would_see_something_else(letter: Newsletter) -> None:
    done = approve_it(letter)
    assert done.is_new
    state = approval_state(letter.workspace, 1)
    assert state.stands
    told = state.as_dict()
    assert told is not None
    assert (told["by"], told["stands"], told["changed"]) == ("Ada", True, [])
    letter.write("news.md", PICTURED["news.md"].replace("Some", "More"))
    assert changed(letter) == ["email.txt", "email.html", "post.md"]
    letter.write("news.md", PICTURED["news.md"])
    assert changed(letter) == []


def test_a_picture_is_pinned(letter: Newsletter) -> None:
    approve_it(letter)
    write(letter.root / "sections/001/square.png", png(20, 20, (1, 2, 3)))
    assert changed(letter) == ["square.png"]


def test_the_difference_is_shown_from_the_file_alone(letter: Newsletter) -> None:
    approve_it(letter)
    letter.write("news.md", PICTURED["news.md"].replace("Some", "More"))
    letter.write("_issue.md", TEXTS["_issue.md"].replace("date:", "subject: Another\ndate:"))
    lines = list(difference_lines(approval_state(letter.workspace, 1)))
    assert {"-Some news.", "+More news.", "-Tidings #1", "+Another"} <= set(lines)
    assert changed_words(approval_state(letter.workspace, 1)) == "the subject, the text"


def test_where_only_the_looks_have_changed_it_is_said(letter: Newsletter) -> None:
    approve_it(letter)
    write(letter.root / "templates/themes/default/theme.toml", '[colors]\naction = "#123456"\n')
    assert changed(letter) == ["email.html"]
    assert "the looks of the e-mail" in changed_words(approval_state(letter.workspace, 1))


def test_another_version_is_named(letter: Newsletter, monkeypatch: pytest.MonkeyPatch) -> None:
    approve_it(letter)
    monkeypatch.setattr(approvals, "__version__", "99.0")
    state = approval_state(letter.workspace, 1)
    assert state.stands, "what is made of the texts is the same"
    write(letter.root / "templates/themes/default/theme.toml", '[colors]\naction = "#123456"\n')
    assert "approved with nl" in "\n".join(difference_lines(approval_state(letter.workspace, 1)))


def test_it_holds_on_another_machine(letter: Newsletter, tmp_path_factory: pytest.TempPathFactory) -> None:
    approve_it(letter)
    clone = tmp_path_factory.mktemp("clone") / "elsewhere"
    shutil.copytree(letter.root / "sections", clone / "sections")
    shutil.copy(letter.root / "newsletter.toml", clone)
    for path in [*clone.rglob("*.md"), *clone.rglob("*.toml")]:
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    zone = os.environ.get("TZ")
    try:
        for other in ("Pacific/Auckland", "America/Los_Angeles"):
            os.environ["TZ"] = other
            time.tzset()
            assert approval_state(open_workspace(clone), 1).stands
    finally:
        os.environ.pop("TZ")
        if zone is not None:
            os.environ["TZ"] = zone
        time.tzset()


def test_what_somebody_approves_is_shown(letter: Newsletter) -> None:
    approver = Approver()
    letter.write("_issue.md", TEXTS["_issue.md"].replace("date:", "preheader: See within\nstatus: x\ndate:"))
    approve_it(letter, ask=approver)
    for words in ("Tidings #1", "See within", "letter@example.org", "1 of its own", "no proof of just this", "status"):
        assert words in approver.shown


def test_a_proof_of_just_this_is_told(letter: Newsletter) -> None:
    prove(letter, "lea@example.org")
    approver = Approver()
    approve_it(letter, ask=approver)
    assert "proof 1 of just this went out" in approver.shown
    letter.write("news.md", PICTURED["news.md"].replace("Some", "More"))
    approve_it(letter, ask=approver)
    assert "no proof of just this went out" in approver.shown


def test_what_a_script_gets(letter: Newsletter) -> None:
    done = call("approve", "1", "--yes", "--json", "--by", "Ada", cwd=letter.root)
    assert (done.status, done.err) == (0, "")
    told = json.loads(done.out)
    assert set(told) == {"issue", "approved"}
    assert set(told["approved"]) == {"by", "at", "hash", "stands", "changed"}
    dry = call("send", "1", "--dry-run", "--json", cwd=letter.root)
    assert json.loads(dry.out)["approved"] == told["approved"]
    assert json.loads(call("approve", "1", "--withdraw", "--json", cwd=letter.root).out)["approved"] is None
    assert json.loads(call("send", "1", "--dry-run", "--json", cwd=letter.root).out)["approved"] is None
    alone = call("approve", "1", "--by", "Ada", cwd=letter.root)
    assert alone.status == 2
    assert "--yes" in alone.err


def test_faults_stop_it_unless_they_are_let_pass(tmp_path: Path) -> None:
    letter = Newsletter(tmp_path, texts=FAULTY)
    with pytest.raises(NotReady) as raised:
        approve_it(letter)
    assert "not approved" in str(raised.value.also[-1])
    assert read_approval(letter.workspace, 1) is None
    approve_it(letter, accepted=("link-empty",))
    found = read_approval(letter.workspace, 1)
    assert found is not None
    assert found.accepted == ("link-empty",)


def test_what_makes_no_message_cannot_be_let_pass(tmp_path: Path) -> None:
    letter = Newsletter(tmp_path)
    section = next(one for one in sorted((letter.root / "sections/001").glob("*.md")) if one.name != "_issue.md")
    marks = "<<<<<<< here, in it (nl pull)\none\n=======\ntwo\n>>>>>>> in the pad, 2026-05-11 14:03 (nl pull)\n"
    section.write_text(section.read_text(encoding="utf-8") + "\n" + marks, encoding="utf-8")
    with pytest.raises(NotReady) as raised:
        approve_it(letter, accepted=("content-unusable",))
    told = [raised.value, *raised.value.also]
    assert any("nl pull left a conflict" in str(one) for one in told)
    assert not any("--accept" in (one.hint or "") for one in told)
    sent = call("send", "1", "--yes", "--accept", "content-unusable", cwd=letter.root)
    assert sent.status == 1
    assert "nl pull left a conflict" in sent.err


def test_a_no_approves_nothing(letter: Newsletter) -> None:
    def say_no(proposal: Proposal) -> None:
        raise UsageError("nothing was approved")

    with pytest.raises(UsageError):
        approve(letter.workspace, 1, by="Ada", accepted=(), ask=say_no)
    assert read_approval(letter.workspace, 1) is None


def test_twice_is_once(letter: Newsletter) -> None:
    approve_it(letter)
    before = (letter.root / "sections/001" / FILE).read_bytes()
    approver = Approver()
    assert not approve_it(letter, ask=approver).is_new
    assert approver.proposals == []
    assert (letter.root / "sections/001" / FILE).read_bytes() == before
    assert approve_it(letter, by="Grace", ask=approver).is_new


@pytest.mark.parametrize("name", ["", "   ", "ada@example.org", "Ada <ada@example.org>", "A\x1b[31mda", "x" * 300])
def test_who_approves_has_a_name(letter: Newsletter, name: str) -> None:
    with pytest.raises(UsageError):
        approve_it(letter, by=name)
    assert not (letter.root / "sections/001" / FILE).exists()


def test_no_address_and_no_reader_stand_in_the_file(tmp_path: Path) -> None:
    personal = (
        '[personal]\ngreeting = "Dear {first_name},"\n[[personal.fields]]\nname = "first_name"\nfallback = "reader"\n'
    )
    letter = Newsletter(tmp_path, config=personal)
    approve_it(letter)
    text = (letter.root / "sections/001" / FILE).read_text("utf-8")
    assert "Dear {first_name|reader}," in text
    assert "ben@" not in text
    assert "cleo@" not in text


def test_a_personal_line_counts_the_people_do_not(tmp_path: Path) -> None:
    personal = '[personal]\ngreeting = "Dear {name},"\n[[personal.fields]]\nname = "name"\nfallback = "reader"\n'
    letter = Newsletter(tmp_path, config=personal)
    approve_it(letter)
    letter.list("email;name\nzoe@example.org;Zoe\n")
    assert changed(letter) == []
    letter.configure(personal.replace("Dear", "Hello"))
    assert changed(letter) == ["greeting"] or "greeting" in changed(letter)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"by = 1\n",
        b'by = "Ada"\n',
        b'by = "Ada"\nat = "today"\nhash = "x"\n',
        b'<<<<<<< HEAD\nby = "Ada"\n=======\nby = "Ben"\n>>>>>>> x\n',
        b"\xff\xfe\x00",
        b"no toml at all",
        b'by = "Ada"\nat = "2026-12-17T18:00:00Z"\nhash = "' + b"0" * 64 + b'"\nparts = 3\n',
    ],
)
def test_what_is_no_approval_approves_nothing(letter: Newsletter, content: bytes) -> None:
    write(letter.root / "sections/001" / FILE, content)
    with pytest.raises(ContentError) as raised:
        read_approval(letter.workspace, 1)
    assert raised.value.hint is not None
    assert "nl approve 1" in raised.value.hint
    state = approval_state(letter.workspace, 1)
    assert not state.stands
    told = state.as_dict()
    assert told is not None
    assert told["changed"] == ["sections/001/_approval.toml"]
    approve_it(letter)
    assert changed(letter) == []


def test_a_hash_that_was_edited_by_hand_does_not_stand(letter: Newsletter) -> None:
    approve_it(letter)
    path = letter.root / "sections/001" / FILE
    found = read_approval(letter.workspace, 1)
    assert found is not None
    path.write_text(path.read_text("utf-8").replace(found.hash, "0" * 64), "utf-8")
    assert not approval_state(letter.workspace, 1).stands


def test_odd_texts_come_back_as_they_were(letter: Newsletter) -> None:
    approve_it(letter)
    found = read_approval(letter.workspace, 1)
    assert found is not None
    odd = 'a "quoted" \\ text\n\n"""three"""\n\ttab \x7f \u2028 é\n'
    texts = {"email.txt": odd, "subject": '"""', "a key": "x"}
    from newsletter_cli.base.values import replace

    write_approval(letter.workspace, 1, replace(found, texts=texts, by='Ada "the first"'))
    again = read_approval(letter.workspace, 1)
    assert again is not None
    assert again.texts == texts
    assert again.by == 'Ada "the first"'


def test_it_is_no_part_of_the_issue_and_is_not_carried_over(letter: Newsletter) -> None:
    approve_it(letter)
    letter.assemble()
    assert not list((letter.root / "build").rglob("*approval*"))
    assert "approval" not in call("check", "1", "--offline", cwd=letter.root).out
    assert call("new", "2", "--from", "1", cwd=letter.root).status == 0
    assert not (letter.root / "sections/002" / FILE).exists()


def test_it_is_taken_back(letter: Newsletter) -> None:
    approve_it(letter)
    assert remove_approval(letter.workspace, 1)
    assert not approval_state(letter.workspace, 1).is_given
    assert not remove_approval(letter.workspace, 1)


class TestTheSend:
    def test_says_what_has_changed_and_goes_on_where_nothing_is_required(self, letter: Newsletter) -> None:
        approve_it(letter)
        letter.write("news.md", PICTURED["news.md"].replace("Some", "More"))
        letter.assemble()
        dry = letter.dry()
        assert dry.problems == []
        assert dry.as_dict()["approved"]["stands"] is False
        assert any("the text" in note for note in dry.notes)
        editor = Editor()
        letter.send(editor=editor)
        assert not editor.questions[0].approval.stands
        approved = letter.report().approved
        assert approved is not None
        assert approved["stands"] is False

    def test_stops_where_it_is_required(self, tmp_path: Path) -> None:
        letter = Newsletter(tmp_path, texts=PICTURED, files={"square.png": png(20, 20)}, config=REQUIRED)
        assert [one.code for one in letter.dry().problems] == ["not-approved"]
        with pytest.raises(NotReady, match="nobody has approved"):
            letter.send(is_anyway=True)
        approve_it(letter)
        assert letter.dry().problems == []
        letter.write("news.md", PICTURED["news.md"].replace("Some", "More"))
        letter.assemble()
        with pytest.raises(NotReady, match="the text") as raised:
            letter.send()
        assert "+More news." in raised.value.details
        assert letter.states() == {}
        approve_it(letter)
        letter.send()
        report = letter.report()
        assert report.approved is not None
        assert report.approved["hash"] == report.as_dict()["freezes"][0]["content"]
        assert any("Approved by Ada" in line for line in report.lines())

    def test_what_was_begun_keeps_what_was_approved_then(self, tmp_path: Path) -> None:
        letter = Newsletter(tmp_path, config=REQUIRED)
        approve_it(letter)
        letter.send(limit=1)
        letter.write("news.md", TEXTS["news.md"].replace("Something", "All"))
        letter.assemble()
        assert letter.dry(limit=1).problems == [], "it goes on with the message as it was approved"
        approve_it(letter)
        assert [one.code for one in letter.dry().problems] == ["approval-withdrawn"], "a fault may have been mended"
        assert letter.dry(is_anyway=True).problems == []
        assert letter.dry(is_afresh=True).problems == []
        remove_approval(letter.workspace, 1)
        assert [one.code for one in letter.dry().problems] == ["not-approved"]
        with pytest.raises(NotReady):
            letter.send(is_anyway=True)
        letter.write("news.md", TEXTS["news.md"])
        approve_it(letter)
        letter.send()
        assert set(letter.states().values()) == {"sent"}

    def test_what_was_begun_without_an_approval_waits_for_one_of_just_that(self, tmp_path: Path) -> None:
        letter = Newsletter(tmp_path)
        letter.send(limit=1)
        letter.configure(REQUIRED)
        assert [one.code for one in letter.dry().problems] == ["not-approved"]
        letter.write("news.md", TEXTS["news.md"].replace("Something", "All"))
        approve_it(letter)
        assert [one.code for one in letter.dry().problems] == ["approval-withdrawn"]
        assert "--afresh" in (letter.dry().problems[0].hint or "")
        assert letter.dry(is_anyway=True).problems != [], "nobody ever approved what was frozen"
        assert letter.dry(is_afresh=True).problems == []
        letter.write("news.md", TEXTS["news.md"])
        approve_it(letter)
        assert letter.dry().problems == []

    def test_newcomers_get_what_is_approved(self, tmp_path: Path) -> None:
        letter = Newsletter(tmp_path, config=REQUIRED)
        approve_it(letter)
        letter.send()
        letter.list("email;name\nada@example.org;Ada\nzoe@example.org;Zoe\n")
        letter.write("news.md", TEXTS["news.md"].replace("Something", "All"))
        letter.assemble()
        assert [one.code for one in letter.dry(has_newcomers=True).problems] == ["approval-withdrawn"]
        approve_it(letter)
        assert letter.dry(has_newcomers=True).problems == []
