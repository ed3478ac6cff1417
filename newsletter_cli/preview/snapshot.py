"""An issue as it stands at one moment: its renditions, what was found in them, how far its sections are. Frozen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct, field

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.values import replace
from newsletter_cli.base.web.address import is_web
from newsletter_cli.check.links import AddressPlace, Cause, LinkReport, LinkStatus, Outcome
from newsletter_cli.flows.check import Checked, render_and_check, with_links
from newsletter_cli.flows.moved import still_standing
from newsletter_cli.flows.render import Rendered
from newsletter_cli.flows.status import SectionStatus, count_words, section_statuses
from newsletter_cli.markdown.fragment import file_address
from newsletter_cli.model import Finding, Issue
from newsletter_cli.preview.views import Views
from newsletter_cli.render.compose import ComposedIssue
from newsletter_cli.render.names import POST
from newsletter_cli.workspace.files import storage_error
from newsletter_cli.workspace.folder import Workspace, open_workspace

# A round number for adults who read on a screen.
WORDS_PER_MINUTE = 200
NOT_ASKED = Outcome(status=LinkStatus.UNCHECKED, cause=Cause.OFFLINE)


class RenderingFault(Struct, frozen=True, kw_only=True):
    """Why there is no newer rendering. `file` is relative to the workspace, `line` counts from 1."""

    message: str
    file: str | None = None
    line: int | None = None
    hint: str | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """For the page."""
        return {"message": self.message, "file": self.file, "line": self.line, "hint": self.hint}


class Reading(Struct, frozen=True, kw_only=True):
    """What was found in the language of an issue, when its files were `texts`."""

    texts: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


class Learnt(Struct, frozen=True, kw_only=True):
    """What is learnt behind the rendering of an issue: of its links, and of its language once it has been read."""

    links: LinkReport = field(default_factory=LinkReport)
    reading: Reading | None = None


class Shown(Struct, frozen=True):
    """A rendering that worked, and all that is shown beside it.

    `reading` is the last one of its language, `None` before the first: its findings are among those of `checked`
    where they still stand.
    """

    rendered: Rendered
    checked: Checked
    sections: tuple[SectionStatus, ...]
    word_count: int
    views: Views
    links: LinkReport
    reading: Reading | None = None

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts of its files, by name."""
        return self.rendered.sources.read.texts

    @property
    def is_read(self) -> bool:
        """Whether its language has been read as it stands."""
        return self.reading is not None and self.reading.texts == self.texts

    @property
    def issue(self) -> Issue:
        """The issue as its files were."""
        return self.rendered.sources.issue

    @property
    def sizes(self) -> dict[str, int]:
        """The size in bytes of each rendition, by its file's name."""
        return {
            name: len(content.encode() if isinstance(content, str) else content)
            for name, content in self.rendered.renditions.items()
        }

    @property
    def minutes(self) -> int:
        """How long it takes to read, rounded up."""
        return math.ceil(self.word_count / WORDS_PER_MINUTE)


class Snapshot(Struct, frozen=True, kw_only=True):
    """An issue at one moment.

    Versions grow with every snapshot, of whichever issue. `shown` is the last rendering that worked, `None` where
    there was none yet; `faults` are why there is no newer one. `workspace` is as `newsletter.toml` last made sense.
    """

    number: int
    workspace: Workspace
    shown: Shown | None = None
    faults: tuple[RenderingFault, ...] = ()
    version: int = 0


def take_snapshot(root: Path, files_path: str, number: int, before: Snapshot) -> Snapshot:
    """The issue as its files stand now; with what `before` showed, where they cannot be used.

    An issue that is gone shows nothing any more. `files_path` is where files are served: between it and a file's name
    stands the issue's number. Reads files, asks no network.
    """
    workspace = before.workspace
    try:
        workspace = open_workspace(root)
        if number not in workspace.issue_numbers():
            return Snapshot(number=number, workspace=workspace)
        shown = _show(workspace, number, files_path)
    except (NewsletterError, OSError) as error:
        return Snapshot(number=number, workspace=workspace, shown=before.shown, faults=tuple(faults_of(error)))
    return Snapshot(number=number, workspace=workspace, shown=shown)


def faults_of(error: NewsletterError | OSError) -> list[RenderingFault]:
    """What stops a rendering, all of it."""
    known = error if isinstance(error, NewsletterError) else storage_error(error, name=None)
    return [
        RenderingFault(message=one.message, file=one.file, line=one.line, hint=one.hint) for one in (known, *known.also)
    ]


def with_learnt(snapshot: Snapshot, learnt: Learnt) -> Snapshot:
    """The snapshot with what was learnt about its links and its language, as far as it is true of its texts."""
    shown = snapshot.shown
    if shown is None:
        return snapshot
    links, reading = known_links(shown.rendered.places, learnt.links), learnt.reading
    read = () if reading is None else still_standing(reading.findings, reading.texts, shown.texts)
    checked = with_links(snapshot.workspace, shown.rendered, shown.checked, links, language=read)
    return replace(snapshot, shown=replace(shown, checked=checked, links=links, reading=reading))


def known_links(places: Sequence[AddressPlace], before: LinkReport) -> LinkReport:
    """What is known of the links of a text from an earlier version of it; the new ones are not asked for yet."""
    urls = dict.fromkeys(place.url for place in places if is_web(place.url))
    return LinkReport(
        places=tuple(places),
        outcomes={url: before.outcomes.get(url, NOT_ASKED) for url in urls},
        images={url: before.images[url] for url in urls if url in before.images},
        problem=before.problem,
        problem_details=before.problem_details,
    )


def _show(workspace: Workspace, number: int, files_path: str) -> Shown:
    rendered, checked = render_and_check(workspace, number, has_local_images=True)
    issue = rendered.sources.issue
    sections = section_statuses(issue, rendered.composed, checked, workspace.config)
    views = build_views(rendered, files_path)
    # The work that views share, while nobody waits for one.
    _ = views.outline
    return Shown(
        rendered=rendered,
        checked=checked,
        sections=sections,
        word_count=sum(one.word_count for one in sections) + _editorial_words(rendered.composed),
        views=views,
        links=known_links(rendered.places, LinkReport()),
    )


def _editorial_words(composed: ComposedIssue) -> int:
    return count_words("".join(composed.editorial.itertext()))


def build_views(rendered: Rendered, files_path: str, *, message: bytes = b"") -> Views:
    """The views of a rendering; `message` is the source of the message, where that is wanted."""
    folder = f"{files_path}{rendered.sources.issue.number}/"
    addresses = {name: folder + quote(name, safe="/", errors="surrogatepass") for name in rendered.sources.assets}
    return Views(
        rendered.looked_at,
        post=_text(rendered.renditions[POST]),
        message=message.decode("utf-8", "replace"),
        files=addresses | {file_address(name): address for name, address in addresses.items()},
    )


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode()
