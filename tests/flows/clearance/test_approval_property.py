"""Any single byte that readers see withdraws an approval; none that they do not see does.

What readers see is judged here by other means: the message parsed as a mail program parses it, the post as any reader
of Markdown shows it, without what no screen shows.
"""

from __future__ import annotations

import email
import email.policy
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from lxml import etree, html
from markdown_it import MarkdownIt

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.flows.check import render_and_check
from newsletter_cli.flows.clearance.approval import approval_state
from newsletter_cli.flows.clearance.approving import approve
from newsletter_cli.flows.sending.message import build_content, message_shown
from newsletter_cli.workspace.folder import open_workspace
from tests.examples import examples
from tests.flows.test_content import CONFIG, ISSUE
from tests.pictures import png, svg
from tests.workspaces import ROOT, make_workspace, write

BLOCKS = re.compile(
    "address|article|blockquote|body|br|center|d[dlt]|div|fig(ure|caption)|footer|h[1-6]|head|header|hr|html|li|main|meta"
    "|nav|ol|p|pre|section|style|table|tbody|t[dhr]|tfoot|thead|title|ul"
)
# In which somebody's keyboard may slip: all that an issue is made of, and what lies around it.
FILES = (
    "newsletter.toml",
    "sections/001/_issue.md",
    *["sections/001/news.md"] * 4,
    "sections/001/agenda.md",
    "sections/001/images/cat.png",
    "sections/001/images/plan.csv",
    "sections/001/images/unused.png",
    "sections/001/notes.txt",
    "sections/002/_issue.md",
    "templates/words/en.toml",
    "templates/themes/default/theme.toml",
    "list.csv",
    "words.txt",
)
KEYS = "aZ4 _-*.:;#<>&\"'{}[]()\n\t\u00e9\u00a0!/\\"


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("approved")
    make_workspace(root, CONFIG, {1: ISSUE, 2: {"_issue.md": "---\ntitle: Two\ndate: 2026-07-11\n---\nHi.\n"}})
    images = root / "sections" / "001" / "images"
    for name, content in (("cat.png", png(40, 30)), ("unused.png", png(20, 20)), ("plan.csv", b"a;b\n1;2\n")):
        write(images / name, content)
    write(images / "drawing.svg", svg())
    write(root / "sections/001/notes.txt", "Do not forget.\n")
    write(root / "list.csv", "email;name\nada@example.org;Ada\n")
    write(root / "words.txt", "Tidings\n")
    write(root / "templates/words/en.toml", (ROOT / "templates/words/en.toml").read_text("utf-8"))
    write(root / "templates/themes/default/theme.toml", '[colors]\n# warm\naction = "#123456"\n')
    approve(open_workspace(root), 1, by="Ada", accepted=(), ask=lambda proposal: None)
    return root


@settings(examples(30), suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_one_byte(approved: Path, data: Any) -> None:
    name = data.draw(some.sampled_from(FILES))
    before = (approved / name).read_bytes()
    place = data.draw(some.integers(0, len(before) - 1))
    new = data.draw(some.sampled_from(["", *KEYS, "bit"]))
    changed = bytes([before[place] ^ 1]) if new == "bit" else new.encode()
    after = before[:place] + changed + before[place + 1 :]
    with tempfile.TemporaryDirectory(dir=approved.parent) as folder:
        root = Path(folder) / "copy"
        shutil.copytree(approved, root)
        (root / name).write_bytes(after)
        is_other = seen(root) != seen(approved)
        try:
            stands = approval_state(open_workspace(root), 1).stands
        except NewsletterError:
            stands = False
    shown = f"{name}: {before[max(0, place - 30) : place]!r} → {changed!r} ← {before[place + 1 : place + 30]!r}"
    assert stands is not is_other, shown


KNOWN: dict[Path, Any] = {}


def seen(root: Path) -> Any:
    """What readers see; why they would see nothing at all, where the issue cannot be used."""
    if root in KNOWN:
        return KNOWN[root]
    try:
        what = list(_seen(root))
    except NewsletterError as error:
        return str(error)
    if root.name != "copy":
        KNOWN[root] = what
    return what


def _seen(root: Path) -> Iterator[Any]:
    workspace = open_workspace(root)
    content = build_content(workspace, 1, now=datetime(2026, 6, 11, tzinfo=UTC))
    message = email.message_from_bytes(message_shown(content, None), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for name in ("Subject", "From", "Reply-To", "List-Unsubscribe"):
        # The reader's token is that of nobody.
        yield re.sub(r"[?&]u=\w+|%20\w+", "", str(message[name]))
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    yield text.get_content()
    yield list(_shown(page.get_content()))
    yield [part.get_content_type() for part in message.walk()]
    # What stands in for an unknown reader does not show how a line would be for a known one.
    yield [(one.texts, one.names) for one in content.template.patterns.values()]
    yield {name: content.template.fallbacks.get(name) for name in content.template.fields}
    rendered, _checked = render_and_check(workspace, 1)
    post = str(rendered.renditions["post.md"])
    header, _end, body = post.partition("\n---\n")
    yield header
    yield list(_shown(MarkdownIt("commonmark", {"html": True}).enable("table").render(body)))
    yield rendered.renditions["announce.txt"]
    yield rendered.renditions.get("agenda.ics")
    for name in ("images/cat.png", "images/plan.csv"):
        yield name, name in post and _digest(root / "sections/001" / name)


def _digest(path: Path) -> str:
    content = path.read_bytes()
    return sha256(content if b"\0" in content else content.replace(b"\r\n", b"\n")).hexdigest()


def _shown(page: str) -> Iterator[Any]:
    """The elements with what they say of themselves, and the text as it runs on a screen."""
    root: Any = html.fragment_fromstring(page, create_parent="div") if "<html" not in page else html.fromstring(page)
    text: list[str] = []
    yield [_said(one) for one in root.iter() if not isinstance(one, etree._Comment) or one.text.startswith("[if")]
    _run(root, text, is_kept=False)
    yield re.sub(r" ?\n[ \n]*", "\n", "".join(text)).strip()


def _said(one: Any) -> Any:
    # The token of nobody stands in no address that is compared.
    if isinstance(one, etree._Comment):
        return " ".join(one.text.split())
    return one.tag, sorted((name, re.sub(r"([?&]u=|%20)\w+", r"\1", value)) for name, value in one.attrib.items())


def _run(one: Any, text: list[str], *, is_kept: bool) -> None:
    if not isinstance(one, etree._Comment):
        is_block, is_kept_here = BLOCKS.fullmatch(one.tag) is not None, is_kept or one.tag == "pre"
        text.append("\n" if is_block else "")
        text.append(_words(one.text, is_kept=is_kept_here))
        for child in one:
            _run(child, text, is_kept=is_kept_here)
        text.append("\n" if is_block else "")
    text.append(_words(one.tail, is_kept=is_kept))


def _words(text: str | None, *, is_kept: bool) -> str:
    if is_kept:
        return (text or "").replace(" ", "\u2420").replace("\n", "\u2424")
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")
