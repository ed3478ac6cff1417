"""What each reader gets: read back with Python's `email` from the folder that a send went to."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from newsletter_cli.audience.importing import Additions
from newsletter_cli.base.errors import ConfigError, TransportError
from newsletter_cli.deliver.message.marks import choose_marks
from newsletter_cli.flows.audience import csv_source
from newsletter_cli.flows.list_import import run_import
from tests.flows.sending.newsletter import ADDRESSES, PEOPLE, TEXTS, Newsletter, address_of, parse, text_of
from tests.pictures import png
from tests.workspaces import write

PERSONAL = """
[personal]
greeting = "Dear {first_name},"
subject = "{first_name}, {subject}"
preheader = "{preheader} For {city}."

[[personal.fields]]
name = "first_name"
fallback = "reader"

[[personal.fields]]
name = "city"
fallback = "you"
"""
FORM = '\n[email]\nunsubscribe = "https://www.example.org/leave"\n'
PAGE = FORM + "[send]\none_click = true\n"
# Nobody answers there: what was fetched of it is no matter here.
ENDPOINT = '\n[endpoint]\nurl = "http://127.0.0.1:9/nl/"\n'
WITH_PREHEADER = {"_issue.md": '---\ntitle: "Tidings #1"\ndate: 2026-06-11\npreheader: All news.\n---\nGood morning.\n'}
TOKEN = re.compile(r"[a-z2-7]{24}")
ANY_URL = re.compile(r"(?:https?|mailto):[^\s<>\"')]+")


def sent(newsletter: Newsletter, **options: Any) -> dict[str, EmailMessage]:
    assert newsletter.send(**options).exit_status == 0
    return {address_of(one): one for one in newsletter.messages()}


def built(newsletter: Newsletter, *, accepted: tuple[str, ...] = ()) -> dict[str, EmailMessage]:
    """As a dry run builds them: what `test_dry_run.py` shows to be what a send sends, in a fifth of the time."""
    folder = newsletter.root / "state" / "looked-at"
    done = newsletter.dry(outbox=folder, accepted=accepted)
    assert not done.problems
    return {address_of(one): one for one in map(parse, sorted(folder.iterdir()))}


def page_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def words_of(message: EmailMessage) -> str:
    """The words of the HTML, as a reader sees them."""
    text = re.sub(r"<style.*?</style>|<!--.*?-->|<[^>]+>", " ", page_of(message), flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def urls_of(message: EmailMessage) -> set[str]:
    text = message.get_body(("plain",))
    assert text is not None
    shown = re.sub(r"\n(?=\S*\n)", "", str(text.get_content()))
    return {html.unescape(one) for one in ANY_URL.findall(page_of(message)) + ANY_URL.findall(shown)}


class TestPersonalLines:
    PEOPLE = "email;prénom;nom;City\nada@example.org;Ada;Lovelace;Paris\nben@example.org;;;\n"

    def test_values_and_fallbacks_in_greeting_subject_and_preheader(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, config=PERSONAL, texts=WITH_PREHEADER, people=self.PEOPLE)
        messages = built(newsletter)
        for address, name, place in (("ada", "Ada", "Paris"), ("ben", "reader", "you")):
            message = messages[f"{address}@example.org"]
            assert message["Subject"] == f"{name}, Tidings #1"
            assert text_of(message).count(f"Dear {name},") == 1
            assert words_of(message).count(f"Dear {name},") == 1
            assert f"All news. For {place}." in words_of(message)
        assert messages["ada@example.org"]["To"].addresses[0].display_name == "Ada Lovelace"

    def test_a_first_name_is_never_guessed_from_a_whole_name(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, config=PERSONAL, people="email;name\nada@example.org;Ada Lovelace\n")
        assert built(newsletter)["ada@example.org"]["Subject"] == "reader, Tidings #1"

    def test_values_of_the_managed_list(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, config=PERSONAL, texts=WITH_PREHEADER, people=None)
        workspace = newsletter.workspace
        members = csv_source(workspace, write(tmp_path / "members.csv", self.PEOPLE))
        run_import(workspace, members, additions=Additions(consent_how="form"), rejects=None)
        message = built(newsletter)["ada@example.org"]
        assert message["Subject"] == "Ada, Tidings #1"
        assert "All news. For Paris." in words_of(message)

    @pytest.mark.parametrize("value", ["Zoé <3", "R&D", "=Zoé", "É🐧", ".Zoé", "From "])
    def test_a_value_is_shown_as_it_is_wherever_it_stands(self, tmp_path: Path, value: str) -> None:
        newsletter = Newsletter(tmp_path, config=PERSONAL, people=f'email;prénom\nada@example.org;"{value}"\n')
        message = built(newsletter)["ada@example.org"]
        value = value.strip()
        assert message["Subject"] == f"{value}, Tidings #1"
        assert f"Dear {value}," in text_of(message)
        assert f"Dear {value}," in words_of(message)

    def test_braces_written_twice_are_braces(self, tmp_path: Path) -> None:
        config = PERSONAL.replace("Dear {first_name},", "Dear {first_name} {{sic}},")
        newsletter = Newsletter(tmp_path, config=config)
        assert "Dear reader {sic}," in text_of(built(newsletter)["ada@example.org"])

    def test_the_question_shows_the_subject_with_its_fallbacks(self, tmp_path: Path) -> None:
        assert Newsletter(tmp_path, config=PERSONAL).dry().subject == "reader, Tidings #1"

    def test_a_field_that_is_not_declared_is_an_error_with_the_nearest(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="did you mean “first_name”"):
            Newsletter(tmp_path, config=PERSONAL.replace("Dear {first_", "Dear {frst_"), is_assembled=False)

    def test_only_the_values_that_are_needed_are_kept(self, tmp_path: Path) -> None:
        people = "email;prénom;salary;City\nada@example.org;Ada;987654;Paris\n"
        newsletter = Newsletter(
            tmp_path, config=PERSONAL.replace("{preheader} For {city}.", "{preheader}"), people=people
        )
        sent(newsletter)
        kept = b"".join(path.read_bytes() for path in newsletter.state.glob("ledger.db*"))
        assert b"Ada" in kept
        assert b"987654" not in kept
        assert b"Paris" not in kept

    def test_somebody_without_a_field_that_has_no_fallback_is_refused_and_the_others_get_it(
        self, tmp_path: Path
    ) -> None:
        config = '[personal]\ngreeting = "Dear {first_name},"\n[[personal.fields]]\nname = "first_name"\n'
        newsletter = Newsletter(tmp_path, config=config, people=self.PEOPLE)
        done = newsletter.send(accepted=("unbuildable",))
        assert done.exit_status == 3
        assert newsletter.written_to() == ["ada@example.org"]
        assert newsletter.states()["ben@example.org"] == "refused"
        assert "“first_name” is empty" in " ".join(newsletter.report().lines())


class TestBuild:
    """What is nobody's message shows the greeting as somebody reads it of whom nothing is known."""

    @pytest.mark.parametrize(
        ("greeting", "shown"),
        [
            ("Dear {first_name},", "Dear reader,"),
            ("Dear {first_name} {{sic}},", "Dear reader {sic},"),
            ("Dear {First_Name},", "Dear reader,"),
            ("Dear { first_name },", "Dear reader,"),
        ],
    )
    def test_its_files_show_the_fallback_as_a_message_does(self, tmp_path: Path, greeting: str, shown: str) -> None:
        config = PERSONAL.replace("Dear {first_name},", greeting)
        newsletter = Newsletter(tmp_path, config=config, people="email\nada@example.org\n")
        build = tmp_path / "build" / "001"
        assert shown in text_of(built(newsletter)["ada@example.org"])
        assert shown in (build / "email.txt").read_text("utf-8")
        assert shown in (build / "email.html").read_text("utf-8")
        assert shown in text_of(parse(build / "email.eml"))
        assert "Dear" not in (build / "post.md").read_text("utf-8")


class TestProse:
    """Content is content: nothing in it is a field, a template, or a place of ours."""

    def test_braces_in_the_texts_stay_as_they_are(self, tmp_path: Path) -> None:
        prose = "Write {{ x }} and {first} and {{ a.b }} and {% if %}."
        texts = {
            "_issue.md": f"---\ntitle: 'On {{first}} and {{{{ x }}}}'\ndate: 2026-06-11\n---\n{prose}\n",
            "news.md": f"---\nauthor: Grace\n---\n{prose}\n",
        }
        newsletter = Newsletter(tmp_path, config=PERSONAL, texts=texts)
        message = built(newsletter, accepted=("placeholder",))["ada@example.org"]
        assert message["Subject"] == "reader, On {first} and {{ x }}"
        for text in (text_of(message), words_of(message)):
            assert text.count("{{ x }} and {first} and {{ a.b }} and {% if %}") == 2

    def test_words_that_would_be_our_own_marks(self, tmp_path: Path) -> None:
        words = " ".join(choose_marks())
        texts: Mapping[str, str] = {"news.md": f"---\nauthor: Grace\n---\nA list: {words}.\n\n{words.upper()}\n"}
        newsletter = Newsletter(tmp_path, config=PERSONAL + PAGE, texts=texts)
        message = built(newsletter)["ada@example.org"]
        for text in (text_of(message), words_of(message)):
            assert words in text
            assert words.upper() in text
            assert "Dear reader," in text
        (token,) = {one.rpartition("=")[2] for one in urls_of(message) if "/leave?u=" in one}
        assert token not in words

    def test_a_line_with_a_dot_first_and_one_of_from(self, tmp_path: Path) -> None:
        texts = {"news.md": "---\nauthor: Grace\n---\n.hidden\n\nFrom here on\n\n..\n"}
        message = built(Newsletter(tmp_path, texts=texts))["ada@example.org"]
        text = text_of(message)
        assert ".hidden" in text
        assert "From here on" in text
        assert ">From" not in text


class TestPictures:
    TEXTS: Mapping[str, str] = {"news.md": "---\nauthor: Grace\n---\n![A map](images/map.png)\n"}
    EMBEDDED: Mapping[str, str] = {
        **TEXTS,
        "_issue.md": '---\ntitle: "Tidings #1"\ndate: 2026-06-11\nembed_images: true\n---\nGood morning.\n',
    }

    def newsletter(self, root: Path, texts: Mapping[str, str], config: str = "") -> Newsletter:
        return Newsletter(
            root, texts=texts, config=config, files={"images/map.png": png()}, people="email\na@example.org\n"
        )

    def is_embedded(self, newsletter: Newsletter) -> bool:
        message = built(newsletter)["a@example.org"]
        pictures = [part for part in message.walk() if part.get_content_maintype() == "image"]
        if not pictures:
            assert message.get_content_type() == "multipart/alternative"
            assert 'src="https://www.example.org/newsletter1/images/map.png"' in page_of(message)
            return False
        assert message.get_content_type() == "multipart/related"
        (picture,) = pictures
        assert picture.get_content() == png()
        assert f'src="cid:{str(picture["Content-ID"]).strip("<>")}"' in page_of(message)
        return True

    def test_they_are_linked_by_default(self, tmp_path: Path) -> None:
        assert not self.is_embedded(self.newsletter(tmp_path, self.TEXTS))

    def test_an_issue_can_have_them_embedded(self, tmp_path: Path) -> None:
        assert self.is_embedded(self.newsletter(tmp_path, self.EMBEDDED))

    def test_the_newsletter_can_have_them_embedded_and_an_issue_linked(self, tmp_path: Path) -> None:
        config = '[send]\nimages = "embedded"\n'
        assert self.is_embedded(self.newsletter(tmp_path / "a", self.TEXTS, config))
        linked = {**self.EMBEDDED, "_issue.md": self.EMBEDDED["_issue.md"].replace("true", "false")}
        assert not self.is_embedded(self.newsletter(tmp_path / "b", linked, config))


class TestLeaving:
    @pytest.mark.parametrize(
        ("config", "where"),
        [(PAGE, "https://www.example.org/leave"), (ENDPOINT, "http://127.0.0.1:9/nl/unsubscribe")],
        ids=["a page that does RFC 8058", "an endpoint of one's own"],
    )
    def test_one_click_and_everybody_has_a_token_of_their_own(self, tmp_path: Path, config: str, where: str) -> None:
        messages = sent(Newsletter(tmp_path, config=config), is_anyway=True)
        tokens = set()
        for message in messages.values():
            page, mail = re.findall(r"<([^>]+)>", str(message["List-Unsubscribe"]))
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            token = page.removeprefix(f"{where}?u=")
            assert TOKEN.fullmatch(token)
            assert mail.startswith("mailto:desk@example.org?subject=")
            assert mail.endswith(token)
            assert page in urls_of(message)
            tokens.add(token)
        assert len(tokens) == len(ADDRESSES)

    def test_a_page_with_a_query_of_its_own(self, tmp_path: Path) -> None:
        config = '[email]\nunsubscribe = "https://www.example.org/leave?list=1&x=2#form"\n[send]\none_click = true\n'
        message = sent(Newsletter(tmp_path, config=config))["ada@example.org"]
        assert re.search(
            r"<https://www\.example\.org/leave\?list=1&x=2&u=[a-z2-7]{24}#form>", message["List-Unsubscribe"]
        )

    @pytest.mark.parametrize("more", ["", "[send]\none_click = false\n"], ids=["of the former version", "said"])
    def test_a_form_is_for_people_and_promised_to_no_mail_program(self, tmp_path: Path, more: str) -> None:
        for message in sent(Newsletter(tmp_path, config=FORM + more)).values():
            (mail,) = re.findall(r"<([^>]+)>", str(message["List-Unsubscribe"]))
            assert mail.startswith("mailto:desk@example.org?subject=")
            assert message["List-Unsubscribe-Post"] is None
            (page,) = {one for one in urls_of(message) if one.startswith("https://www.example.org/leave?u=")}
            assert mail.endswith(page.rpartition("=")[2])

    def test_without_a_page_a_mail_and_no_promise_of_one_click(self, tmp_path: Path) -> None:
        message = sent(Newsletter(tmp_path))["ada@example.org"]
        (mail,) = re.findall(r"<([^>]+)>", str(message["List-Unsubscribe"]))
        assert mail.startswith("mailto:desk@example.org?subject=unsubscribe")
        assert message["List-Unsubscribe-Post"] is None
        shown = {one for one in urls_of(message) if one.startswith("mailto:desk@example.org?")}
        assert {one.partition("%20")[2] for one in shown} == {mail.partition("%20")[2]}

    def test_another_address_for_mails_that_ask_to_leave(self, tmp_path: Path) -> None:
        config = PAGE + 'unsubscribe_mail = "leave@example.org"\n'
        assert "<mailto:leave@example.org?" in str(
            sent(Newsletter(tmp_path, config=config))["ada@example.org"]["List-Unsubscribe"]
        )

    def test_no_address_of_a_reader_stands_in_any_url_or_elsewhere_than_in_to(self, tmp_path: Path) -> None:
        config = PAGE + 'bounces = "bounces@example.org"\n' + PERSONAL
        for address, message in sent(Newsletter(tmp_path, config=config)).items():
            local = address.partition("@")[0]
            for url in urls_of(message) | set(re.findall(r"<([^>]+)>", str(message["List-Unsubscribe"]))):
                assert local not in unquote(url).replace("/", " ").split()
                assert address not in unquote(url)
            named = [name for name, value in message.items() if address in str(value)]
            assert named == ["To"]
            assert address not in page_of(message) + text_of(message)


class TestHeaders:
    def test_what_every_message_has_once(self, tmp_path: Path) -> None:
        messages = built(Newsletter(tmp_path, config='[send]\nlist_id = "tidings.example.org"\n'))
        identifiers = set()
        for message in messages.values():
            assert message["From"] == "Tidings <letter@example.org>"
            assert message["Reply-To"] == "desk@example.org"
            assert message["List-Id"] == "Tidings <tidings.example.org>"
            assert message["Archived-At"] == "<https://www.example.org/newsletter1/>"
            assert message["Precedence"] == "bulk"
            assert message["Feedback-ID"] == "issue-1:tidings.example.org:newsletter:example.org"
            assert message["Content-Language"] == "en"
            assert len(message.keys()) == len(set(message.keys()))
            identifiers.add(message["Message-ID"])
        assert len(identifiers) == len(ADDRESSES)

    def test_feedback_id_can_be_left_out(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, config="[send]\nfeedback_id = false\n")
        assert [one["Feedback-ID"] for one in built(newsletter).values()] == [None] * 3

    def test_names_of_all_kinds(self, tmp_path: Path) -> None:
        people = (
            'email;name\na@example.org;"Zoë, ""Zo"" d\'Été"\nb@example.org;数据科学家\n'
            "c@example.org;\no'x@example.org;O\n"
        )
        messages = built(Newsletter(tmp_path, people=people))
        assert [one["To"].addresses[0].display_name for one in messages.values()] == [
            'Zoë, "Zo" d\'Été',
            "数据科学家",
            "",
            "O",
        ]

    def test_no_line_is_too_long(self, tmp_path: Path) -> None:
        texts = {"news.md": f"---\nauthor: Grace\n---\n{'long' * 3000} [x](https://example.org/{'y' * 1900})\n"}
        newsletter = Newsletter(tmp_path, texts=texts)
        built(newsletter)
        for path in (newsletter.state / "looked-at").iterdir():
            assert max(map(len, path.read_bytes().split(b"\r\n"))) <= 998


@pytest.fixture(scope="module")
def keys() -> tuple[str, bytes]:
    """A private key as PEM, and what stands in the DNS."""
    pytest.importorskip("dkim")
    pytest.importorskip("cryptography")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(65537, 2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


class TestDkim:
    CONFIG = '[send.dkim]\nselector = "news"\nkey_file = "state/dkim.pem"\n'

    def verified(self, newsletter: Newsletter, record: bytes, domain: bytes = b"example.org") -> list[bool]:
        import dkim  # type: ignore[import-untyped]

        def published(name: bytes, timeout: int = 5) -> bytes:
            assert name == b"news._domainkey." + domain + b"."
            return record

        paths = sorted((newsletter.state / "outbox" / "new").iterdir())
        return [dkim.verify(path.read_bytes().replace(b"\n", b"\r\n"), dnsfunc=published) for path in paths]

    def test_each_message_is_signed_for_the_senders_domain(self, tmp_path: Path, keys: tuple[str, bytes]) -> None:
        texts = {"news.md": "---\nauthor: Grace\n---\n.A dot first.\n\nÉté.   \n"}
        newsletter = Newsletter(tmp_path, config=self.CONFIG + PERSONAL + PAGE, texts=texts)
        write(newsletter.state / "dkim.pem", keys[0])
        sent(newsletter)
        assert self.verified(newsletter, keys[1]) == [True] * 3
        for message in newsletter.messages():
            signed = str(message["DKIM-Signature"]).partition("h=")[2].partition(";")[0].lower()
            assert {"from", "to", "subject", "list-unsubscribe", "list-unsubscribe-post"} <= {
                one.strip() for one in signed.split(":")
            }

    def test_for_another_domain_and_from_the_environment(
        self, tmp_path: Path, keys: tuple[str, bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NL_DKIM_KEY", keys[0])
        newsletter = Newsletter(tmp_path, config='[send.dkim]\nselector = "news"\ndomain = "mail.example.org"\n')
        sent(newsletter)
        assert self.verified(newsletter, keys[1], b"mail.example.org") == [True] * 3

    @pytest.mark.parametrize(
        "key", [None, "no key\n", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
    )
    def test_a_key_that_is_missing_or_none_stops_it_before_anything_is_on_record(
        self, tmp_path: Path, key: str | None
    ) -> None:
        pytest.importorskip("dkim")
        newsletter = Newsletter(tmp_path, config=self.CONFIG)
        if key is not None:
            write(newsletter.state / "dkim.pem", key)
        with pytest.raises(Exception) as refused:  # noqa: PT011 - which one depends on what is wrong
            newsletter.send()
        assert type(refused.value).__name__ in {"TransportError", "StorageError", "ContentError"}
        assert "AAAA" not in str(refused.value)
        assert newsletter.states() == {}


def test_content_changed_after_the_freeze_does_not_change_what_is_sent(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, config=PERSONAL)
    newsletter.send(limit=1)
    newsletter.write("news.md", TEXTS["news.md"].replace("Something", "Nothing"))
    newsletter.configure(PERSONAL.replace("Dear", "Hi").replace("reader", "you"))
    newsletter.list(PEOPLE.replace("Ben", "Benjamin"))
    newsletter.assemble()
    assert newsletter.send().exit_status == 0
    first, *others = newsletter.messages()
    for message in others:
        assert "Something happened" in text_of(message)
        assert "Dear reader," in text_of(message)
        assert message["Date"] == first["Date"]
    assert others[0]["To"].addresses[0].display_name == "Ben"


def test_whoever_is_chosen_later_gets_the_message_as_it_is_then(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path)
    newsletter.send(to="group:proof")
    newsletter.write("news.md", TEXTS["news.md"].replace("Something", "Nothing"))
    newsletter.assemble()
    newsletter.send()
    first, *others = map(text_of, newsletter.messages())
    assert "Something" in first
    assert all("Nothing" in one for one in others)


def test_a_message_with_a_secret_key_is_never_named_in_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NL_DKIM_KEY", "hunter2")
    pytest.importorskip("dkim")
    with pytest.raises(TransportError) as refused:
        Newsletter(tmp_path, config='[send.dkim]\nselector = "news"\n').send()
    assert "hunter2" not in f"{refused.value} {refused.value.hint}"
