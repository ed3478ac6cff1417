"""The pages of the documentation, for `nl help`: which there are, and what stands on one of them.

They lie in folders by what a reader wants of them (`tutorial`, `guides`, `reference`, `explanation`), and are asked for
without: `sending` is `guides/sending.md`. A page in another language has the same path below a folder named after the
language (`fr/guides/sending.md`), and is shown to whoever `nl` speaks it with; where there is none, the English one is.
"""

from __future__ import annotations

import re
from pathlib import Path

from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, interface_language
from newsletter_cli.base.strict import nearest
from newsletter_cli.workspace.files import read_bytes
from newsletter_cli.workspace.shipped import shipped_docs

KINDS = ("tutorial", "guides", "reference", "explanation")
HEADING = re.compile(r"^(?P<marks>#{2,4}) (?:nl )?`?(?P<title>[^`\n]+?)`?$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def topics() -> dict[str, str]:
    """The pages by name, in the order of the work, each with what it is about."""
    return {
        "first-issue": _("from an empty folder to a sent issue, every step told"),
        "install": _("pipx, uv and pip, which of two nl it is, extras, the tab key"),
        "month": _("a month in five commands: from the pads to an approved issue, sent on its day"),
        "commands": _("every command: what it does, its options, its exit statuses"),
        "workspace": _("files, headers, events, jobs, comments, images, notes"),
        "configuration": _("every key of newsletter.toml"),
        "check": _("reading what nl check says, fixing, silencing, pre-commit and CI"),
        "forge": _("every pull or merge request checked, on GitHub and GitLab"),
        "rules": _("every finding, with a bad and a good example"),
        "links": _("how links are checked, and what each answer means"),
        "language": _("spelling and grammar: what reads, the newsletter’s own words, review"),
        "typography": _("how texts are set in French and English"),
        "preview": _("the issue as its readers will see it, live"),
        "mail-readers": _("what each mail reader does not show, and where that is known from"),
        "renditions": _("what nl assemble writes"),
        "pad-hosts": _("where people write together, what is refused, the marks of pads"),
        "pads": _("sections that are written together on a site, fetched and merged"),
        "import": _("from a published post to section files"),
        "list": _("the mailing list: files, commands, consent, the law"),
        "sending": _("from the first dry run to a complete report"),
        "proof": _("the issue sent to those who read it first, and what became of it on the way"),
        "approval": _("who answers for an issue, and what withdraws it"),
        "draft": _("the issue as a draft in a mailbox, to be sent by hand"),
        "publish": _("the post and its pictures into the repository of a site"),
        "sites": _("what Hugo, Quarto, Jekyll, Eleventy and Pelican get of an issue"),
        "announce": _("texts that tell of an issue, for chats and networks, copied or posted"),
        "archive": _("static pages of all issues, with a feed"),
        "after-the-send": _("what comes back after a send: gone mailboxes, complaints, wishes to leave"),
        "verdicts": _("which status of a bounce means what, and when it is certain"),
        "report": _("what became of an issue, in the terminal and as a page with plots"),
        "mail-servers": _("ports, passwords, pace, what a provider’s answer means"),
        "unsubscribe-endpoint": _("one-click unsubscribing: nl serve on a server, and what it stores"),
        "sending-with-workers": _("several machines: a ledger in PostgreSQL, workers, a pause"),
        "capacity": _("how many readers, how fast: what limits a send"),
        "promise": _("how it is kept that nobody gets an issue twice or is missed"),
        "git": _("an issue written by several people, in Git"),
        "themes": _("the look of the e-mail"),
        "glossary": _("the words used here, in English and in French"),
        "worked-example": _("a real issue, and all that nl check says of it"),
        "threat-model": _("who may write what, and what each can do at worst"),
    }


def all_topics() -> list[str]:
    """Everything that can be asked for: pages, commands and rules."""
    folder = shipped_docs()
    return [*topics(), *sorted({*_pages(folder), *_parts(folder)} - set(topics()))]


def topics_in(language: str) -> set[str]:
    """The pages that there are in that language."""
    folder = shipped_docs()
    return set(_pages(folder if language == "en" else folder / language))


def read_topic(name: str) -> str:
    """The Markdown of a page, or of the part of one that is about a command or a rule. Raises `UsageError`."""
    folder = shipped_docs()
    wanted = _name(name.strip().removeprefix("nl ").casefold())
    known = all_topics()
    if wanted not in known:
        close = nearest(wanted, known)
        raise UsageError(
            _("there is no page “{name}”").format(name=name),
            hint=_("did you mean “{key}”?").format(key=close)
            if close
            else _("see all of them: {command}").format(command=as_called("nl help")),
        )
    pages = _pages(folder) | _pages(folder / interface_language())
    if wanted in pages:
        return _read(pages[wanted])
    path, start, end = _parts(folder)[wanted]
    return _read(path)[start:end].rstrip() + "\n"


def _name(path: str) -> str:
    """What a page is asked for by, from its path: `docs/guides/sending.md` is `sending`."""
    return re.sub(rf"^(docs/)?([a-z]{{2}}/)?(({'|'.join(KINDS)})/)?|\.md$", "", path)


def _pages(folder: Path) -> dict[str, Path]:
    """The pages in one language: where each lies, by its name."""
    found = (path for kind in KINDS for path in sorted((folder / kind).rglob("*.md")))
    pages = {_name(path.relative_to(folder).as_posix()): path for path in found}
    index = folder / "index.md"
    return ({"index": index} if index.is_file() else {}) | pages


def _read(page: Path) -> str:
    """The page as it was shipped: a conflict that it shows is an example."""
    return read_bytes(page, name=page.name).decode("utf-8")


def _parts(folder: Path) -> dict[str, tuple[Path, int, int]]:
    """The parts about one command or one rule: the page, and where on it they begin and end."""
    found: dict[str, tuple[Path, int, int]] = {}
    reference = folder / "reference"
    for path in (reference / "commands.md", reference / "list.md", *sorted((reference / "rules").glob("*.md"))):
        text = _read(path)
        # A `#` inside a code block is no heading; the text keeps its length.
        plain = FENCED.sub(lambda code: code[0].replace("#", "."), text)
        for heading in HEADING.finditer(plain):
            title = heading["title"]
            if path.parent != reference or heading[0].startswith(f"{heading['marks']} nl ") or "`nl " in heading[0]:
                following = re.compile(rf"^#{{1,{len(heading['marks'])}}} ", re.MULTILINE).search(plain, heading.end())
                end = following.start() if following else len(text)
                found.setdefault(title.removeprefix("nl ").casefold(), (path, heading.start(), end))
    return found
