"""A proof: what reviewers get, who they are, what changes from one proof to the next; and what it is not, a send."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newsletter_cli.base.errors import LedgerError, NotReady, StorageError, UsageError
from newsletter_cli.flows.audience import open_audience, personal_records
from newsletter_cli.flows.clearance.proof_dress import working_days_later
from newsletter_cli.flows.clearance.reviewers import parse_reviewers
from newsletter_cli.flows.list_people import unsubscribe_people
from newsletter_cli.flows.list_rights import forget_people
from newsletter_cli.flows.sending.ledger import keys_of_token
from tests.deliver.server.record import read_record
from tests.deliver.server.serving import ThreadedServer
from tests.flows.clearance.proving import ProofEditor, kept, proofs, prove, prove_dry
from tests.flows.sending.newsletter import CONFIG, FAULTY, Newsletter, address_of, parse, text_of
from tests.pictures import png
from tests.workspaces import ROOT, write

ADA, BEN, STRANGER = "ada@example.org", "ben@example.org", "eve@example.net"
PERSONAL = """
[personal]
greeting = "Dear {name},"
subject = "{name}: {subject}"
[[personal.fields]]
name = "name"
"""
TOKEN = re.compile(r"[a-z2-7]{24}")
BANNER_TEXT = re.compile(r"#{72}\n.*?\n#{72}\n\n", re.DOTALL)
BANNER_HTML = re.compile(
    r"<style>@media \(prefers-color-scheme:dark\)\{\.nl-proof.*?</style>"
    r"|<!--\[if mso \| IE\]><table width=\"668\"[^>]*><tr><td><!\[endif\]--><div lang=\"\w+\" dir=\"\w+\""
    r" style=\"max-width.*?</td></tr></table></div><!--\[if mso \| IE\]></td></tr></table><!\[endif\]-->",
    re.DOTALL,
)


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path / "w", config='[email]\nunsubscribe = "https://www.example.net/leave"\n')


def content(path: Path, kind: str) -> str:
    part = parse(path).get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class TestMessage:
    def test_it_is_the_message_of_a_reader_but_for_mark_and_banner(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA)
        newsletter.send()
        (proof,) = proofs(newsletter)[0].messages()
        others = [
            one for one in sorted((newsletter.root / "state/outbox/new").iterdir()) if address_of(parse(one)) == ADA
        ]
        sent = next(one for one in others if parse(one)["Message-ID"] != parse(proof)["Message-ID"])
        for kind, banner in (("plain", BANNER_TEXT), ("html", BANNER_HTML)):
            without = TOKEN.sub("TOKEN", banner.sub("", content(proof, kind)))
            assert without == TOKEN.sub("TOKEN", content(sent, kind))
            assert banner.search(content(proof, kind))
        heads = [{name: TOKEN.sub("TOKEN", str(value)) for name, value in parse(one).items()} for one in (proof, sent)]
        assert heads[0].pop("Subject") == f"[Proof] {heads[1].pop('Subject')}"
        for head in heads:
            assert head.pop("Message-ID")
            assert head.pop("Date")
        assert heads[0] == heads[1]

    def test_what_is_kept_is_what_a_server_got_octet_for_octet(self, newsletter: Newsletter, tmp_path: Path) -> None:
        with ThreadedServer(tmp_path / "record") as server:
            done = prove(newsletter, ADA, STRANGER, transport=f"smtp://127.0.0.1:{server.port}")
        assert done.exit_status == 0
        got = {one.message_id for one in read_record(tmp_path / "record")}
        messages = proofs(newsletter)[0].messages()
        assert {str(parse(one)["Message-ID"]).strip("<>") for one in messages} == {one.strip("<>") for one in got}
        sizes = {one.recipient: one.size_bytes for one in read_record(tmp_path / "record")}
        for path in messages:
            assert abs(path.stat().st_size - sizes[address_of(parse(path))]) <= 2
            assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")

    def test_the_words_are_those_of_the_newsletter(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w")
        french = CONFIG.replace('language = "en"', 'language = "fr"')
        write(newsletter.root / "newsletter.toml", french)
        # Words of one's own from before there were proofs.
        own = (ROOT / "templates/words/fr.toml").read_text("utf-8").partition("[proof]")[0]
        write(newsletter.root / "templates/words/fr.toml", own)
        prove(newsletter, ADA, by="Inès")
        (message,) = kept(newsletter, 1)
        assert message["Subject"].startswith("[BAT] ")
        assert "Répondez à ce message (desk@example.org)" in text_of(message)
        assert "Envoyée par Inès." in text_of(message, "html")

    def test_a_theme_that_knows_nothing_of_proofs(self, newsletter: Newsletter) -> None:
        write(newsletter.root / "templates/themes/own/theme.toml", "")
        write(newsletter.root / "templates/themes/own/content.css", "")
        page = "<mj-section><mj-column><mj-text>Own page</mj-text></mj-column></mj-section>"
        write(newsletter.root / "templates/themes/own/email.mjml.j2", f"<mjml><mj-body>{page}</mj-body></mjml>")
        newsletter.configure('[email]\ntheme = "own"\n')
        prove(newsletter, ADA)
        (message,) = kept(newsletter, 1)
        html = text_of(message, "html")
        assert html.index("Proof no. 1") < html.index("Own page")

    def test_pictures_that_reviewers_will_not_see_are_told(self, tmp_path: Path) -> None:
        texts = {"news.md": "---\nauthor: Grace\n---\n![A dot](dot.png)\n"}
        newsletter = Newsletter(tmp_path / "w", texts=texts, files={"dot.png": png(8, 8)})
        assert prove(newsletter, ADA).dressed.linked_pictures == 1
        newsletter.configure('[send]\nimages = "embedded"\n')
        assert prove(newsletter, ADA).dressed.linked_pictures == 0

    def test_the_banner_is_small(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA)
        newsletter.send()
        (proof,) = proofs(newsletter)[0].messages()
        banner = "".join(BANNER_HTML.findall(content(proof, "html")))
        assert len(banner.encode()) < 2_300

    def test_nothing_in_it_takes_anybody_off_the_list(self, newsletter: Newsletter) -> None:
        newsletter.send()
        prove(newsletter, ADA)
        (message,) = kept(newsletter, 1)
        (token,) = set(TOKEN.findall(str(message["List-Unsubscribe"])))
        assert keys_of_token(newsletter.workspace, token) == ()
        with pytest.raises(UsageError, match="this stood in a proof"):
            unsubscribe_people(newsletter.workspace, [token], override=None)
        with open_audience(newsletter.workspace) as audience:
            assert sorted(one.key for one in audience.select() if hasattr(one, "address")) == [
                ADA,
                BEN,
                "cleo@example.org",
            ]

    def test_personal_words_are_the_reviewers_own_or_nobodys(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w", config=PERSONAL)
        prove(newsletter, ADA, STRANGER)
        known, stranger = kept(newsletter, 1)
        assert known["Subject"] == "[Proof] Ada: Tidings #1"
        assert "Dear Ada," in text_of(known)
        assert stranger["Subject"] == "[Proof] {name}: Tidings #1"


class TestReviewers:
    def test_addresses_and_groups_in_any_mixture(self) -> None:
        wanted = parse_reviewers(["Léa Martin <lea@example.org>, paul@example.org,group:Proof", "PAUL@example.org"])
        assert [one.address.text for one in wanted.people] == ["lea@example.org", "paul@example.org"]
        assert wanted.people[0].name == "Léa Martin"
        assert [str(one) for one in wanted.segments] == ["group:proof"]

    @pytest.mark.parametrize("text", ["", "lea", "lea@", "group:", "lea@example.org;;nobody", "a b@c d"])
    def test_what_is_no_address_is_refused_and_not_said_again(self, text: str) -> None:
        with pytest.raises(UsageError) as error:
            parse_reviewers([text])
        assert "example.org;;" not in str(error.value)

    def test_who_left_is_refused_when_typed_and_left_out_of_a_group(self, newsletter: Newsletter) -> None:
        newsletter.list("email;name;groups\nada@example.org;Ada;proof\nben@example.org;Ben;proof\n")
        unsubscribe_people(newsletter.workspace, [ADA], override=None)
        with pytest.raises(UsageError, match=r"address 2 \(a…@example\.org\)"):
            prove(newsletter, BEN, ADA)
        assert newsletter.messages() == []
        done = prove(newsletter, "group:proof")
        assert newsletter.written_to() == [BEN]
        assert any("row 2" in note for note in done.notes)

    def test_a_group_that_nobody_is_in_is_told_beside_others(self, newsletter: Newsletter) -> None:
        assert "nobody on the list is in group:profo" in prove(newsletter, ADA, "group:profo").notes

    def test_nobody_in_the_group_nobody_named(self, newsletter: Newsletter) -> None:
        with pytest.raises(NotReady):
            prove(newsletter, "group:nobody")
        with pytest.raises(UsageError, match="who is to read it"):
            prove(newsletter)

    def test_without_a_name_it_goes_to_the_group_else_to_whoever_got_the_last(self, newsletter: Newsletter) -> None:
        prove(newsletter, f"Eve <{STRANGER}>")
        newsletter.write("news.md", "---\nauthor: Grace\n---\nSomething else.\n")
        prove(newsletter)
        assert [address_of(one) for one in kept(newsletter, 2)] == [STRANGER]
        newsletter.configure('[proof]\ngroup = "proof"\n')
        newsletter.write("news.md", "---\nauthor: Grace\n---\nSomething else again.\n")
        prove(newsletter)
        assert [address_of(one) for one in kept(newsletter, 3)] == [ADA]

    def test_it_needs_no_list(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w", people=None)
        assert prove(newsletter, STRANGER).exit_status == 0

    def test_so_many_are_readers(self, newsletter: Newsletter) -> None:
        with pytest.raises(UsageError, match="101 reviewers"):
            prove(newsletter, ",".join(f"p{number}@example.org" for number in range(101)))


class TestChanges:
    def test_a_second_proof_begins_with_what_has_changed(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA)
        newsletter.write("news.md", "---\nauthor: Grace\n---\nSomething [occurred](https://example.org/a) there.\n")
        editor = ProofEditor()
        done = prove(newsletter, editor=editor)
        assert (done.dressed.number, done.dressed.since) == (2, 1)
        (message,) = kept(newsletter, 2)
        text, html = text_of(message), text_of(message, "html")
        assert "What has changed since proof no. 1 News (words: +2 −1)" in text
        assert "− Something happened" in text
        assert "+ Something occurred" in text
        assert ">happened</del>" in html
        assert ">occurred</ins>" in html
        assert "Editorial" not in BANNER_TEXT.findall(content(proofs(newsletter)[1].messages()[0], "plain"))[0]

    def test_not_where_nobody_wants_to_hear_of_it(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA)
        newsletter.write("news.md", "---\nauthor: Grace\n---\nSomething else.\n")
        prove(newsletter, has_changes=False)
        assert "What has changed" not in text_of(kept(newsletter, 2)[0])

    def test_subject_sections_in_and_out(self, newsletter: Newsletter) -> None:
        newsletter.write("extra.md", "---\ntitle: Extra\nauthor: Grace\n---\nMore of it.\n")
        prove(newsletter, ADA)
        (newsletter.root / "sections/001/extra.md").unlink()
        newsletter.write(
            "_issue.md", '---\ntitle: "Tidings #1"\nsubject: "Read <this>"\ndate: 2026-06-11\n---\nGood morning.\n'
        )
        prove(newsletter)
        text = text_of(kept(newsletter, 2)[0])
        assert "Subject (words: +2 −2) − Tidings #1 + Read <this>" in text
        assert "Extra (section taken out, words: −3)" in text
        assert "Read &lt;this&gt;" in content(proofs(newsletter)[1].messages()[0], "html")

    def test_other_looks_are_told_where_no_word_differs(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA)
        newsletter.configure('[email]\naccent = "#7a1f3d"\n')
        done = prove(newsletter)
        assert done.dressed.number == 2
        assert "The texts are those of proof no. 1" in text_of(kept(newsletter, 2)[0])

    def test_the_same_is_not_sent_twice_to_the_same_people(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA)
        done = prove(newsletter, ADA)
        assert (done.dressed.number, done.sent, done.exit_status) == (1, None, 0)
        assert done.as_dict()["ending"] == "nothing-new"
        more = prove(newsletter, ADA, BEN)
        assert more.dressed.number == 1
        assert newsletter.written_to() == [ADA, BEN]
        again = prove(newsletter, ADA, is_again=True)
        assert again.dressed.number == 2
        assert "Nothing has changed since proof no. 1." in text_of(kept(newsletter, 2)[0])

    def test_a_rehearsal_in_a_folder_is_none_for_those_who_get_mail(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        prove(newsletter, ADA)
        with ThreadedServer(tmp_path / "record") as server:
            done = prove(newsletter, ADA, transport=f"smtp://127.0.0.1:{server.port}")
            assert server.accepted() == [ADA]
        assert (done.dressed.number, done.dressed.since) == (2, None)


class TestNoSend:
    def test_it_counts_for_nothing(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA)
        assert not (newsletter.root / "sent").exists()
        assert newsletter.states() == {}
        assert newsletter.dry().recipients == 3
        assert newsletter.send().report.counts["sent"] == 3  # type: ignore[index]

    def test_a_send_says_that_it_is_not_what_the_proof_showed(self, newsletter: Newsletter, tmp_path: Path) -> None:
        with ThreadedServer(tmp_path / "record") as server:
            prove(newsletter, ADA, transport=f"smtp://127.0.0.1:{server.port}")
        assert not [note for note in newsletter.dry().notes if "proof 1" in note]
        newsletter.write("news.md", "---\nauthor: Grace\n---\nSomething else.\n")
        newsletter.assemble()
        assert [note for note in newsletter.dry().notes if "it is not what proof 1 showed" in note]

    def test_a_proof_after_the_send_is_one_all_the_same(self, newsletter: Newsletter) -> None:
        newsletter.send()
        assert prove(newsletter, ADA).dressed.number == 1

    def test_faults_are_told_and_do_not_stop_it(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w", texts=FAULTY, is_assembled=False)
        editor = ProofEditor()
        assert prove(newsletter, ADA, editor=editor).exit_status == 0
        assert "link-empty" in {one.code for one in editor.proofs[0].faults}
        assert "not-assembled" not in {one.code for one in editor.proofs[0].faults}

    def test_a_no_leaves_nothing(self, newsletter: Newsletter) -> None:
        with pytest.raises(UsageError):
            prove(newsletter, ADA, editor=ProofEditor(is_willing=False))
        assert proofs(newsletter) == ()
        assert newsletter.messages() == []

    def test_a_dry_run_changes_nothing_and_finds_what_a_proof_finds(self, newsletter: Newsletter) -> None:
        done = prove_dry(newsletter, ADA)
        assert (done.messages.verified, done.problems, proofs(newsletter)) == (1, [], ())
        assert done.question is not None
        assert done.question.waiting == (ADA,)
        assert json.loads(json.dumps(done.as_dict(1)))["proof"] == 1
        assert "example.org" not in json.dumps({**done.as_dict(1), "transport": ""})

    def test_a_message_that_cannot_be_kept_does_not_go(self, newsletter: Newsletter) -> None:
        (newsletter.root / "state/proofs/001/01/0001.eml/taken").mkdir(parents=True)
        with pytest.raises(StorageError):
            prove(newsletter, ADA)
        assert newsletter.messages() == []

    def test_a_damaged_ledger_is_named_as_what_it_is(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA)
        ledger = newsletter.root / "state/proofs/001/ledger.db"
        for beside in ledger.parent.glob("ledger.db-*"):
            beside.unlink()
        ledger.write_bytes(b"no database at all, but long enough to be taken for one" * 100)
        for look in (lambda: proofs(newsletter), lambda: prove(newsletter, ADA)):
            with pytest.raises(LedgerError) as caught:
                look()
            assert caught.value.file == "state/proofs/001/ledger.db"

    def test_somebody_who_is_forgotten_is_in_no_proof(self, newsletter: Newsletter) -> None:
        prove(newsletter, ADA, BEN)
        known = {one.name: one.export_person(ADA) for one in personal_records(newsletter.workspace)}
        assert [(one["issue"], one["proof"]) for one in known["proofs"]] == [(1, 1)]
        forget_people(newsletter.workspace, [ADA], override=None)
        assert [address_of(one) for one in kept(newsletter, 1)] == [BEN]
        files = (newsletter.root / "state/proofs").rglob("*")
        assert not [one for one in files if one.is_file() and b"ada@example" in one.read_bytes()]
        (record,) = personal_records(newsletter.workspace)
        assert record.count_due("2999-01-01T00:00:00Z") == 1
        record.purge("2999-01-01T00:00:00Z")
        assert proofs(newsletter)[0].messages() == ()


def test_working_days_leave_the_weekend_out() -> None:
    from datetime import date

    friday = date(2026, 12, 4)
    assert working_days_later(friday, 0) is None
    assert working_days_later(friday, 1) == date(2026, 12, 7)
    assert working_days_later(date(2026, 12, 5), 2) == date(2026, 12, 8)
