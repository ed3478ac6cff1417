"""One message: the preview, the draft in the build, a dry run and a send make the same."""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter_cli.deliver.message.body import Slot
from newsletter_cli.flows.check import render_and_check
from newsletter_cli.flows.render import Rendered
from newsletter_cli.model.subscriber import Recipient
from newsletter_cli.preview.person import People
from newsletter_cli.preview.personal import Messages, personalise
from newsletter_cli.workspace.folder import Workspace
from tests.flows.sending.newsletter import Newsletter, text_of
from tests.pictures import png
from tests.preview.asking import opened
from tests.workspaces import write

PERSONAL = """\
[email]
unsubscribe = "https://straße.example.org/quitter?liste=été"

[send]
one_click = true
images = "embedded"

[personal]
greeting = "Bonjour {prénom},"
subject = "{prénom}, {subject}"

[[personal.fields]]
name = "prénom"
fallback = "à vous"
"""
NEWS = {
    "news.md": "---\nauthor: Grace\n---\n![A chart](chart.png) "
    f"[Leave](https://straße.example.org/quitter?liste=été) or [look](https://bücher.example/à).\n\n.a {'é' * 90}\n"
}
PEOPLE = """\
email;name;prénom
zoe@straße.example.org;Zoé Lefèvre-d’Aubigné;Zoé
ben@example.org;;
cleo@example.org;"Dupond, Cléo";<Cléo & moi>
"""
TOKEN = "[a-z2-7]{24}"


def neutral(message: bytes) -> bytes:
    """The message with what only the moment of sending knows put away."""
    (token,) = re.findall(rb"List-Unsubscribe: <[^>]*[?&]u=(%s)>" % TOKEN.encode(), message.replace(b"\r\n ", b" "))
    patterns = {
        Slot.DATE: rb"^Date: .*$",
        Slot.MESSAGE_ID: rb"^Message-ID: <%s@" % TOKEN.encode(),
        Slot.TOKEN: token,
    }
    for slot, pattern in patterns.items():
        message, count = re.subn(pattern, slot.value.encode(), message, flags=re.MULTILINE)
        assert count >= 1
    return message


def parsed(message: bytes) -> EmailMessage:
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def by_reader(messages: list[bytes]) -> dict[str, bytes]:
    return {str(parsed(one)["To"]): one for one in messages}


def recipients_of(workspace: Workspace) -> list[Recipient]:
    return [person.recipient for person in People().find(workspace).people]


def shown_to(newsletter: Newsletter) -> tuple[Rendered, Callable[[Recipient | None], bytes]]:
    rendered, _checked = render_and_check(newsletter.workspace, 1, has_local_images=True)
    messages = Messages()
    return rendered, lambda one: messages.build(newsletter.workspace, rendered, one).source


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path, config=PERSONAL, texts=NEWS, people=PEOPLE, files={"chart.png": png()})


def test_preview_dry_run_and_send_make_the_same_octets(newsletter: Newsletter) -> None:
    _rendered, build = shown_to(newsletter)
    previewed = by_reader([build(one) for one in recipients_of(newsletter.workspace)])
    result = newsletter.dry(outbox=newsletter.root / "looked-at")
    assert result.problems == []
    dry = by_reader([path.read_bytes() for path in (newsletter.root / "looked-at").iterdir()])
    newsletter.send()
    sent = by_reader([path.read_bytes() for path in (newsletter.root / "state/outbox/new").iterdir()])
    assert previewed.keys() == dry.keys() == sent.keys()
    assert len(sent) == 3
    for reader, message in sent.items():
        assert neutral(previewed[reader]) == neutral(dry[reader])
        # The files of a Maildir have the line ends of the system.
        assert neutral(dry[reader]).replace(b"\r\n", b"\n") == neutral(message)


# In the draft and in no message of a send, and the other way round.
ONLY_DRAFT = {"X-Unsent"}
ONLY_SENT = {
    "To", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Archived-At", "Precedence",
    "Feedback-ID",
}  # fmt: skip
LINKS = {"page": '[email]\nunsubscribe = "https://straße.example.org/quitter?liste=été"\n', "mail": ""}
PICTURES = '[send]\nimages = "embedded"\nfeedback_id = true\n'
LINES = PERSONAL[PERSONAL.index("[personal]") :].replace("\n[[", '\npreheader = "{prénom} : {preheader}"\n\n[[', 1)
# A reader's own link out of the list: a token longer than everybody's, and so on a line of its own in the text.
OWN_LINK = rf"(?:&u=|&amp;u=|%20){TOKEN}|(?<=Unsubscribe:)\s+"


def comparable(message: bytes) -> tuple[dict[str, str], list[tuple[str, str, bytes]]]:
    """The header fields that draft and send share, and the parts, the link out of the list as everybody's."""
    fields = {name: str(value) for name, value in parsed(message).items() if name not in ONLY_DRAFT | ONLY_SENT}
    parts = []
    for part in parsed(message).walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            content = re.sub(OWN_LINK.encode(), b"", content)
            parts.append((part.get_content_type(), str(part["Content-ID"]), content))
    return fields, parts


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("lines", ["", LINES], ids=["same for all", "personal"])
def test_the_draft_is_the_message_of_somebody_unknown(tmp_path: Path, link: str, lines: str) -> None:
    texts = NEWS | {
        "_issue.md": '---\ntitle: "Été : à lire"\npreheader: Un mot & deux\ndate: 2026-06-11\n---\nBonjour.\n'
    }
    config, people = LINKS[link] + PICTURES + lines, "email;name;prénom\nben@example.org;;\n"
    newsletter = Newsletter(tmp_path, config=config, texts=texts, people=people, files={"chart.png": png()})
    draft = (newsletter.root / "build/001/email.eml").read_bytes()
    assert newsletter.dry(outbox=newsletter.root / "looked-at").problems == []
    (path,) = (newsletter.root / "looked-at").iterdir()
    message = path.read_bytes()
    assert comparable(draft) == comparable(message)
    assert set(parsed(draft).keys()) - set(parsed(message).keys()) == ONLY_DRAFT
    assert set(parsed(message).keys()) - set(parsed(draft).keys()) <= ONLY_SENT
    assert ("image/png" in draft.decode(), "à vous" in str(parsed(draft)["Subject"])) == (True, bool(lines))
    newsletter.assemble()
    assert (newsletter.root / "build/001/email.eml").read_bytes() == draft


def test_what_anybody_gets_shows_fallbacks_and_fields(newsletter: Newsletter) -> None:
    _rendered, build = shown_to(newsletter)
    message = parsed(build(None))
    assert message["To"] == "reader@example.org"
    assert message["Subject"] == "à vous, Tidings #1"
    for name in ("From", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert message[name]
    newsletter.configure(PERSONAL.replace('fallback = "à vous"\n', ""))
    assert parsed(shown_to(newsletter)[1](None))["Subject"] == "{prénom}, Tidings #1"


def test_the_views_are_made_from_that_message(newsletter: Newsletter) -> None:
    rendered, build = shown_to(newsletter)
    (zoe, _ben, cleo) = recipients_of(newsletter.workspace)
    source = build(cleo)
    own = personalise(rendered, source)
    page, text = str(own.renditions["email.html"]), str(own.renditions["email.txt"])
    assert (own.looked_at.email, own.looked_at.text) == (page, text)
    assert html.escape("Bonjour <Cléo & moi>,") in page
    assert "Bonjour <Cléo & moi>," in text_of(parsed(source))
    token = re.findall(TOKEN, str(parsed(source)["List-Unsubscribe"]))[0]
    theirs = f"https://xn--strae-oqa.example.org/quitter?liste=%C3%A9t%C3%A9&u={token}"
    assert html.escape(theirs) in page
    assert theirs in text
    assert token not in build(zoe).decode()
    # The picture travels in the message, and is shown from its file here.
    assert "cid:" not in page
    assert 'src="chart.png"' in page
    assert own.renditions["post.md"] == rendered.renditions["post.md"]


@pytest.mark.parametrize("images", ["linked", "embedded"])
def test_pictures_are_shown_whether_they_travel_or_not(newsletter: Newsletter, images: str) -> None:
    newsletter.configure(PERSONAL.replace("embedded", images))
    rendered, build = shown_to(newsletter)
    message = build(recipients_of(newsletter.workspace)[0])
    assert (b"cid:" in message) == (images == "embedded")
    assert 'src="chart.png"' in str(personalise(rendered, message).renditions["email.html"])


def test_the_page_shows_the_octets(newsletter: Newsletter) -> None:
    with opened(newsletter.workspace, 1) as asking:
        (key,) = [one["key"] for one in asking.ask("state?q=cleo").json()["people"]["choices"]]
        source = html.unescape(asking.ask(f"view/1/source?person={key}").text)
        for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "Precedence"):
            assert f">{name}: " in source
        assert '>To: "Dupond,' in source or ">To: =?utf-8?" in source
        assert "chart.png" in asking.ask(f"view/1/email?person={key}").text
        assert "cid:" not in asking.ask(f"view/1/email?person={key}").text


def test_why_there_is_no_message_is_said_in_its_place(newsletter: Newsletter) -> None:
    newsletter.configure(PERSONAL.replace('fallback = "à vous"\n', ""))
    with opened(newsletter.workspace, 1) as asking:
        (key,) = [one["key"] for one in asking.ask("state?q=ben").json()["people"]["choices"]]
        assert "the field “prénom” is empty" in asking.ask(f"view/1/source?person={key}").text
        assert asking.ask(f"view/1/text?person={key}").text == asking.ask("view/1/text").text
    before = (newsletter.root / "newsletter.toml").read_text("utf-8").partition("[sender]")[0]
    write(newsletter.root / "newsletter.toml", before)
    with opened(newsletter.workspace, 1) as asking:
        assert "[sender] address" in html.unescape(asking.ask("view/1/source").text)


def test_the_inbox_shows_the_line_of_whose_message_it_is(newsletter: Newsletter) -> None:
    issue = '---\ntitle: "Tidings #1"\npreheader: All of it\ndate: 2026-06-11\n---\nGood morning.\n'
    write(newsletter.root / "sections/001/_issue.md", issue)
    newsletter.configure(PERSONAL.replace("\n[[", '\npreheader = "{prénom}: {preheader}"\n\n[[', 1))
    with opened(newsletter.workspace, 1) as asking:
        people = asking.ask("state").json()["people"]["choices"]
        for person in people:
            told = asking.ask(f"state?person={person['key']}").json()
            source = html.unescape(asking.ask(f"view/1/email?person={person['key']}").text)
            assert f"{told['preheader']}" in source
        told = [asking.ask(f"state?person={one['key']}").json() for one in people]
        assert {(one["subject"], one["preheader"]) for one in told} == {
            ("Zoé, Tidings #1", "Zoé: All of it"),
            ("à vous, Tidings #1", "à vous: All of it"),
            ("<Cléo & moi>, Tidings #1", "<Cléo & moi>: All of it"),
        }
        told = asking.ask("state").json()
        assert (told["subject"], told["preheader"]) == ("à vous, Tidings #1", "à vous: All of it")
    # Ben has no field, and it has no fallback: there is no message for him, and the line is what anybody gets.
    newsletter.configure(PERSONAL.replace('fallback = "à vous"\n', ""))
    with opened(newsletter.workspace, 1) as asking:
        (key,) = [one["key"] for one in asking.ask("state?q=ben").json()["people"]["choices"]]
        told = asking.ask(f"state?person={key}").json()
        assert (told["subject"], told["preheader"]) == ("{prénom}, Tidings #1", "All of it")
