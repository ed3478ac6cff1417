"""A dry run does all of a send but the sending, goes to its end, and leaves no trace in a ledger."""

from __future__ import annotations

import os
import re
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.errors import ConfigError, ListError, TransportError, UsageError
from newsletter_cli.base.trust import TrustedRuns
from newsletter_cli.base.values import replace
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.flows.doctor import examine
from newsletter_cli.flows.sending.dry_run import run_dry
from newsletter_cli.flows.sending.job import SendOptions
from newsletter_cli.flows.sending.telling import dry_run_lines
from tests.deliver.server.serving import ThreadedServer
from tests.deliver.smtp.scripted_server import ScriptedServer
from tests.flows.sending.newsletter import ADDRESSES, FAULTY, Newsletter, address_of, parse, text_of
from tests.workspaces import tree, write

CONTRACT = {"issue", "candidates", "recipients", "excluded", "messages_verified", "size_bytes", "problems"}
FORM = '[email]\nunsubscribe = "https://www.example.org/leave"\n'
ENDPOINT = '[endpoint]\nurl = "http://127.0.0.1:9/nl/"\n'
SLOW = '[[send.pace]]\nname = "Slow"\ndomains = ["slow.example.org"]\nper_minute = 1\n'
GREETING = """
[personal]
greeting = "Hello {first_name},"

[[personal.fields]]
name = "first_name"
"""


def of_ledger(newsletter: Newsletter) -> set[str]:
    return {path.name for path in newsletter.state.iterdir() if path.name.startswith("ledger")}


def same_for_all(message: bytes) -> bytes:
    """Without what no two runs have in common: the moment, the Message-ID, the token (whose digits may be encoded)."""
    message = re.sub(rb"^(Date|Message-ID): .*$", b"", message, flags=re.MULTILINE)
    return re.sub(rb"(?<=%20)[a-z2-7]{24}", b"TOKEN", message.replace(b"=\n", b"").replace(b"=3D", b"="))


class TestWhatItTells:
    def test_the_keys_of_the_contract(self, tmp_path: Path) -> None:
        people = "email;name\na@example.org;A\nA@example.org;\nnot one;\nb@example.org;B\n"
        told = Newsletter(tmp_path, people=people).dry().as_dict()
        assert set(told) >= CONTRACT
        assert (told["issue"], told["candidates"], told["recipients"]) == (1, 4, 2)
        assert told["excluded"] == {"invalid": 1, "double": 1}
        assert told["messages_verified"] == 2
        assert 0 < told["size_bytes"]["median"] <= told["size_bytes"]["max"]
        assert told["problems"] == []
        assert told["candidates"] == told["recipients"] + sum(told["excluded"].values())

    def test_the_result_for_scripts_names_nobody(self, tmp_path: Path) -> None:
        assert not [one for one in ADDRESSES if one in str(Newsletter(tmp_path).dry().as_dict())]

    def test_sizes_are_those_of_the_messages(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w", people="email;name\na@example.org;A\nb@example.org;" + "B" * 200 + "\n")
        done = newsletter.dry(outbox=tmp_path / "all")
        sizes = sorted(path.stat().st_size for path in (tmp_path / "all").iterdir())
        # On the wire, a line that begins with a dot has one more.
        assert 0 <= max(done.messages.sizes) - sizes[-1] <= 40
        assert max(done.messages.sizes) - done.messages.median_bytes == sizes[-1] - sizes[0]

    def test_a_part_of_the_list(self, tmp_path: Path) -> None:
        told = Newsletter(tmp_path).dry(to="group:proof").as_dict()
        assert (told["candidates"], told["recipients"], told["excluded"]) == (3, 1, {"not-in-group": 2})

    def test_who_was_written_to_already_is_counted_apart(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.send(to="group:proof")
        told = newsletter.dry().as_dict()
        assert (told["candidates"], told["recipients"], told["already_in_ledger"]) == (3, 2, 1)

    @pytest.mark.parametrize(
        ("config", "seconds"),
        [
            ("", 0),
            ("[send]\nper_minute = 6\n", 60),
            (SLOW, 240),
            ("[send]\nper_minute = 1\n" + SLOW, 360),
        ],
    )
    def test_how_long_the_pacing_rules_make_it_last(self, tmp_path: Path, config: str, seconds: int) -> None:
        people = "email\n" + "".join(f"p{n}@{'slow.' if n < 4 else ''}example.org\n" for n in range(6))
        assert Newsletter(tmp_path, config=config, people=people).dry().as_dict()["expected_seconds"] == seconds

    @pytest.mark.parametrize(
        ("config", "told"),
        [
            ("", "by mail only"),
            ('[email]\nunsubscribe = "leave@example.org"\n', "by mail only"),
            (FORM, "no longer promised unasked"),
            (FORM + "[send]\none_click = false\n", ""),
            (FORM + "[send]\none_click = true\n", ""),
            (ENDPOINT, ""),
            (ENDPOINT + FORM, "is not used"),
        ],
    )
    def test_how_readers_leave_is_told_where_it_is_not_what_one_may_think(
        self, tmp_path: Path, config: str, told: str
    ) -> None:
        newsletter = Newsletter(tmp_path, config=config)
        about = [note for note in newsletter.dry().notes if "leave" in note or "leaving" in note]
        assert len(about) == (1 if told else 0)
        assert told in " ".join(about)
        in_doctor = [
            one.message for one in examine(newsletter.workspace) if one.message.endswith(tuple(about or ["-"]))
        ]
        assert len(in_doctor) == (1 if told and told != "by mail only" else 0)


class TestWhatStandsInTheWay:
    """What the next command would refuse, a dry run says."""

    def codes(self, newsletter: Newsletter, **options: Any) -> list[str]:
        return [one.code for one in newsletter.dry(**options).problems]

    @pytest.mark.parametrize("people", ["email\n", "email;status\na@example.org;unsubscribed\n"])
    def test_nobody(self, tmp_path: Path, people: str) -> None:
        assert self.codes(Newsletter(tmp_path, people=people)) == ["nobody"]

    def test_a_part_that_nobody_is_in(self, tmp_path: Path) -> None:
        done = Newsletter(tmp_path).dry(to="group:none")
        assert [one.code for one in done.problems] == ["nobody"]
        assert "group:none" in done.problems[0].message

    def test_a_password_that_is_not_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        config = '[send]\ntransport = "smtp://127.0.0.1:2525"\n[send.smtp]\nuser = "letter"\n'
        newsletter = Newsletter(tmp_path, config=config)
        monkeypatch.delenv("NL_SMTP_PASSWORD", raising=False)
        assert self.codes(newsletter) == ["secret"]
        monkeypatch.setenv("NL_SMTP_PASSWORD", "secret")
        # Of the person's own word; the same from newsletter.toml is trusted first: tests/flows/test_secret_uses.py.
        monkeypatch.setenv("NL_TRANSPORT", "smtp://127.0.0.1:2525")
        assert self.codes(newsletter) == []
        # A password manager may ask a person: a dry run does not have it asked.
        newsletter.configure(config + 'password_command = ["no-such-program"]\n')
        newsletter.assemble()
        workspace = newsletter.workspace
        workspace = replace(workspace, commands=TrustedRuns(workspace.root, is_trusted_once=True))
        assert run_dry(workspace, 1, SendOptions()).problems == []

    def test_a_key_that_is_not_there(self, tmp_path: Path) -> None:
        config = '[send.dkim]\nselector = "s1"\nkey_file = "state/dkim.pem"\n'
        assert self.codes(Newsletter(tmp_path, config=config)) == ["signature"]

    def test_a_send_that_is_late_or_whose_ledger_is_gone(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.send(limit=1)
        with closing(open_database(newsletter.state)) as connection:
            connection.execute("UPDATE wave SET send_by = '2020-01-01T00:00:00Z'")
        done = newsletter.dry()
        assert [one.code for one in done.problems] == ["held"]
        assert (done.known, done.waiting) == (3, 2)
        for path in newsletter.state.glob("ledger.db*"):
            path.unlink()
        assert self.codes(newsletter) == ["held"]

    def test_messages_that_the_server_finds_too_large(self, tmp_path: Path) -> None:
        with ScriptedServer(extensions=("SIZE 1000",)) as server:
            newsletter = Newsletter(tmp_path)
            assert self.codes(newsletter, transport=f"smtp://127.0.0.1:{server.port}", is_probing=True) == ["too-large"]
        with ScriptedServer(extensions=("SIZE 0",)) as server:
            assert self.codes(newsletter, transport=f"smtp://127.0.0.1:{server.port}", is_probing=True) == []

    def test_what_is_not_finished_is_told_and_stops_nothing(self, tmp_path: Path) -> None:
        done = Newsletter(tmp_path, texts={"news.md": "---\nstatus: draft\n---\nSome news.\n"}).dry()
        assert done.problems == []
        assert "sections/001/news.md" in " ".join(done.notes)

    def test_the_command_it_ends_with_is_for_the_same_people(self, tmp_path: Path) -> None:
        done = Newsletter(tmp_path).dry(to="group:proof", transport="maildir:else where")
        assert done.command == "nl send 1 --to group:proof --transport 'maildir:else where'"


class TestToItsEnd:
    def test_faults_of_the_content_do_not_keep_it_from_looking_at_everybody(self, tmp_path: Path) -> None:
        done = Newsletter(tmp_path, texts=FAULTY).dry()
        assert [one.code for one in done.problems] == ["link-empty"]
        assert str(done.problems[0].place).startswith("sections/001/news.md:4")
        assert done.messages.verified == 3
        assert Newsletter(tmp_path, texts=FAULTY).dry(accepted=("link-empty",)).problems == []

    def test_an_issue_that_is_not_assembled(self, tmp_path: Path) -> None:
        done = Newsletter(tmp_path, is_assembled=False).dry()
        assert [(one.code, one.hint) for one in done.problems] == [("not-assembled", "nl assemble 1")]
        assert done.messages.verified == 3

    def test_a_section_that_cannot_be_read_is_a_problem_and_everybody_is_counted(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.write("news.md", "---\nauthor: 'Grace\n---\nText\n")
        done = newsletter.dry()
        assert "sections/001/news.md:2" in " ".join(str(one.place) for one in done.problems)
        assert (done.candidates, done.recipients, done.messages.verified) == (3, 3, 0)

    def test_no_list_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ListError, match="no list yet"):
            Newsletter(tmp_path, people=None).dry()


class TestPoisonedRows:
    PEOPLE = (
        "email;prénom;nom\n"
        "ada@example.org;Ada;Lovelace\n"
        'ben@example.org;"Ben\r\nBcc: evil@example.org";B\n'
        "cleo@example.org;;C\n"
        'dora@example.org;"=HYPERLINK(""x"")";D\n'
        f"emil@example.org;{'E' * 250};\n"
        "fay@example.org;Fay;F\n"
    )

    @pytest.fixture
    def newsletter(self, tmp_path: Path) -> Newsletter:
        return Newsletter(tmp_path / "w", config=GREETING, people=self.PEOPLE)

    def test_they_are_told_with_their_row_and_without_their_address(self, newsletter: Newsletter) -> None:
        done = newsletter.dry()
        rows = {one.row: one.message for one in done.problems} | {one.row: one.detail for one in done.exclusions}
        assert "line" in rows[3]
        assert "“first_name” is empty" in rows[4]
        assert "longer than 200" in rows[6]
        assert set(rows) == {3, 4, 6}
        assert "example.org" not in str(
            [one.as_dict() for one in done.problems] + [one.detail for one in done.exclusions]
        )
        assert (done.candidates, done.messages.verified) == (6, 3)

    def test_no_row_adds_a_header_to_a_message(self, newsletter: Newsletter, tmp_path: Path) -> None:
        newsletter.dry(outbox=tmp_path / "all")
        messages = [parse(path) for path in sorted((tmp_path / "all").iterdir())]
        assert [address_of(one) for one in messages] == ["ada@example.org", "dora@example.org", "fay@example.org"]
        assert not any(one["Bcc"] for one in messages)
        assert 'Hello =HYPERLINK("x"),' in text_of(messages[1])

    def test_a_fallback_takes_the_place_of_what_is_empty(self, newsletter: Newsletter) -> None:
        newsletter.configure(GREETING + 'fallback = "friend"\n')
        newsletter.assemble()
        assert {one.row for one in newsletter.dry().problems} <= {3, 6}

    def test_very_many_are_counted_and_the_first_told(self, tmp_path: Path) -> None:
        people = "email;prénom\n" + "".join(f"p{n}@example.org;\n" for n in range(50))
        done = Newsletter(tmp_path / "many", config=GREETING, people=people).dry()
        assert len(done.problems) + done.more_problems == 50
        assert len(done.problems) == 20
        assert done.as_dict()["problems_not_told"] == 30


class TestMessagesToLookAt:
    def test_the_first_three_by_default_in_the_private_state(self, tmp_path: Path) -> None:
        people = "email\n" + "".join(f"p{n}@example.org\n" for n in range(5))
        newsletter = Newsletter(tmp_path, people=people)
        for _again in range(2):
            done = newsletter.dry()
            assert (done.outbox, done.written) == ("state/dry-run/001", 3)
            found = sorted((tmp_path / "state" / "dry-run" / "001").iterdir())
            assert [address_of(parse(path)) for path in found] == [f"p{n}@example.org" for n in range(3)]

    def test_all_of_them_in_a_folder_that_is_named(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w")
        assert newsletter.dry(outbox=tmp_path / "deep" / "all").written == 3
        found = sorted((tmp_path / "deep" / "all").iterdir())
        assert [address_of(parse(path)) for path in found] == list(ADDRESSES)
        assert not (tmp_path / "w" / "state" / "dry-run" / "001").exists()

    def test_what_is_written_is_what_a_send_sends(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w", config=GREETING + 'fallback = "friend"\n')
        newsletter.dry(outbox=tmp_path / "all")
        newsletter.send()
        looked_at = sorted((tmp_path / "all").iterdir())
        sent = sorted((newsletter.state / "outbox" / "new").iterdir())
        assert len(looked_at) == len(sent) == 3
        for one, other in zip(looked_at, sent, strict=True):
            assert same_for_all(one.read_bytes().replace(b"\r\n", b"\n")) == same_for_all(other.read_bytes())

    def test_an_outbox_that_is_not_empty_is_left_alone(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w")
        outbox = tmp_path / "all"
        outbox.mkdir()
        (outbox / "mine.txt").write_text("mine")
        with pytest.raises(UsageError, match="is not empty"):
            newsletter.dry(outbox=outbox)
        assert tree(outbox) == {"mine.txt": b"mine"}

    @pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
    @pytest.mark.parametrize("is_named", [True, False])
    def test_nobody_else_can_read_them(self, tmp_path: Path, is_named: bool) -> None:
        newsletter = Newsletter(tmp_path / "w")
        outbox = tmp_path / "all"
        outbox.mkdir(mode=0o755)
        newsletter.dry(outbox=outbox if is_named else None)
        folder = outbox if is_named else newsletter.state / "dry-run" / "001"
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}

    @pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
    def test_a_folder_that_it_makes_is_private(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w")
        newsletter.dry(outbox=tmp_path / "all")
        newsletter.dry()
        assert stat.S_IMODE((tmp_path / "all").stat().st_mode) == 0o700
        assert stat.S_IMODE((newsletter.state / "dry-run" / "001").stat().st_mode) == 0o700


class TestNoTrace:
    def test_nothing_is_recorded_and_nothing_is_sent(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.dry()
        assert of_ledger(newsletter) == set()
        assert not (newsletter.state / "outbox").exists()

    def test_a_ledger_that_is_there_stays_as_it_is(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.send(limit=1)
        before = newsletter.states()
        newsletter.dry()
        assert newsletter.states() == before
        assert len(newsletter.report().numbers.freezes) == 1

    def test_its_links_are_nobodys(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w", config='[email]\nunsubscribe = "https://www.example.org/leave"\n')
        newsletter.dry(outbox=tmp_path / "all")
        newsletter.send()
        shown = {str(parse(path)["List-Unsubscribe"]) for path in (tmp_path / "all").iterdir()}
        assert not shown & {str(message["List-Unsubscribe"]) for message in newsletter.messages()}


class TestProbe:
    def dry(self, tmp_path: Path, *names: str, config: str = "", **options: Any) -> tuple[Any, ThreadedServer]:
        newsletter = Newsletter(tmp_path / "w", config=config)
        with ThreadedServer(tmp_path / "record", *names, **options) as server:
            return newsletter.dry(transport=f"smtp://127.0.0.1:{server.port}", is_probing=True), server

    def test_the_server_is_talked_to_and_nothing_is_sent(self, tmp_path: Path) -> None:
        done, server = self.dry(tmp_path)
        assert done.problems == []
        assert "PIPELINING" in done.server
        assert server.counts["MAIL"] == 0
        assert server.accepted() == []

    def test_a_server_that_refuses_is_a_problem(self, tmp_path: Path) -> None:
        done, _server = self.dry(tmp_path, "554-connect")
        assert [one.code for one in done.problems] == ["transport"]

    def test_nobody_listens(self, tmp_path: Path) -> None:
        with ThreadedServer(tmp_path / "record") as server:
            port = server.port
        done = Newsletter(tmp_path / "w").dry(transport=f"smtp://127.0.0.1:{port}", is_probing=True)
        assert [one.code for one in done.problems] == ["transport"]
        assert done.messages.verified == 3

    def test_without_it_no_server_is_asked(self, tmp_path: Path) -> None:
        with ThreadedServer(tmp_path / "record") as server:
            done = Newsletter(tmp_path / "w").dry(transport=f"smtp://127.0.0.1:{server.port}")
            assert done.problems == []
            assert not server.counts

    def test_a_folder_with_other_things_in_it(self, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "letter.txt").write_text("mine")
        done = Newsletter(tmp_path / "w").dry(transport=f"maildir:{tmp_path / 'mine'}", is_probing=True)
        assert "other things in it" in done.problems[0].message

    def test_an_address_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(TransportError):
            Newsletter(tmp_path).dry(transport="smpt://mail.example.org")


class TestConfigurationsThatMakeNoMessage:
    """What cannot stand in a header is made to work, or is a fault of `newsletter.toml` and is said as such."""

    @staticmethod
    def configured(root: Path, old: str, new: str) -> Newsletter:
        newsletter = Newsletter(root, is_assembled=False)
        file = root / "newsletter.toml"
        before = file.read_text("utf-8")
        assert old in before
        write(file, before.replace(old, new))
        newsletter.assemble()
        return newsletter

    @pytest.mark.parametrize(
        ("old", "new", "field", "value"),
        [
            (
                "[post]",
                '[send]\none_click = true\n[email]\nunsubscribe = "https://www.example.org/désinscription"\n[post]',
                "List-Unsubscribe",
                "<https://www.example.org/d%C3%A9sinscription?u=",
            ),
            ('address = "letter@example.org"', 'address = "o\'brien@example.org"', "List-Id", "<o-brien.example.org>"),
            (
                'url = "https://www.example.org/{slug}/"',
                'url = "https://www.example.org/été/{slug}/"',
                "Archived-At",
                "<https://www.example.org/%C3%A9t%C3%A9/newsletter1/>",
            ),
        ],
    )
    def test_what_can_be_written_in_another_way(
        self, tmp_path: Path, old: str, new: str, field: str, value: str
    ) -> None:
        done = self.configured(tmp_path / "w", old, new).dry(outbox=tmp_path / "all")
        assert (done.messages.verified, done.problems) == (3, [])
        for path in (tmp_path / "all").iterdir():
            assert value in str(parse(path)[field])

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            (
                "[post]",
                f'[send]\nbounces = "{"b" * 60}@example.org"\n[post]',
                "leaves no room for a token",
            ),
            ('address = "letter@example.org"', 'address = "élodie@example.org"', "is not ASCII before the @"),
            ('name = "Tidings"\naddress', f'name = "{"T" * 600}"\naddress', "the name is longer than 500 characters"),
        ],
    )
    def test_what_cannot_is_a_fault_of_the_configuration(self, tmp_path: Path, old: str, new: str, fault: str) -> None:
        # A name that is too long keeps even the draft of the build from being made.
        with pytest.raises(ConfigError, match=f"no message can be made: .*{fault}") as refused:
            self.configured(tmp_path, old, new).dry()
        assert refused.value.file == "newsletter.toml"


@pytest.mark.parametrize(
    ("config", "bounces", "patience", "until"),
    [
        ("", "letter@example.org", "not waited for", "20"),
        ('[send]\nbounces = "back@example.org"\n', "back+TOKEN@example.org", "not waited for", "20"),
        ("[send]\nretry_deferred_minutes = 90\nsend_by_hours = 0\n", "letter@example.org", "1 h 30", "no deadline"),
    ],
)
def test_who_hears_of_failures_how_long_is_waited_and_until_when(
    tmp_path: Path, config: str, bounces: str, patience: str, until: str
) -> None:
    done = Newsletter(tmp_path, config=config).dry()
    assert done.as_dict()["envelope_sender"] == bounces
    lines = {line[:13].strip(): line[13:] for line in dry_run_lines(done)}
    assert bounces in lines["Bounces to"]
    assert patience in lines["Put off"]
    assert until in lines["Until"]
