"""Check: every fault of an issue, from its files to what its readers get."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from newsletter_cli.base.errors import ContentError, NewsletterError, StorageError
from newsletter_cli.base.values import replace
from newsletter_cli.check.links import AddressPlace, LinkReport, LinksUnderway, check_links, find_places
from newsletter_cli.check.links.places import post_at
from newsletter_cli.check.reading import CONTENT_UNUSABLE
from newsletter_cli.check.underway import Underway
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.flows.manuscript import build_manuscript
from newsletter_cli.flows.people_in_git import people_findings
from newsletter_cli.flows.read import Sources, read_sources
from newsletter_cli.model import Finding, Issue, Level, Place
from newsletter_cli.workspace.files import read_any_text, read_text
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.read import section_files
from newsletter_cli.workspace.templates import Looks

if TYPE_CHECKING:
    from newsletter_cli.check.language.report import LanguageReport
    from newsletter_cli.check.subjects.manuscript import Manuscript
    from newsletter_cli.flows.render import Rendered

Progress = Callable[[int, int], None]
NOTHING: Mapping[str, str] = MappingProxyType({})
# In the place of a number, for a workspace that has no issue yet.
NO_ISSUE = 0


class Checked(Struct, frozen=True, kw_only=True):
    """What was found in an issue.

    `findings` are in the order of the sections, then by line. `links` is what became of the links, for scripts.
    `sources` are the whole texts by file, `titles` the sections' titles by file, in their order. `rules_silenced`
    counts what the editors did not want to hear. `unsilenced` is all that was found but for links and language, for
    `with_links`. `language` is who read the texts, and the words that nobody knew, for scripts.
    """

    number: int
    findings: tuple[Finding, ...]
    links: dict[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    titles: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    rules_silenced: int = 0
    unsilenced: tuple[Finding, ...] = ()
    language: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_status(self) -> int:
        """1 where the content has faults of level `error`."""
        return int(any(finding.level is Level.ERROR for finding in self.findings))


class Wanted(Struct, frozen=True, kw_only=True):
    """What is to be looked at besides the texts. `on_progress` is told how many links are done, of how many.

    `has_known_links`: nobody is asked about links, but what was learnt of them the last time counts. `has_language`:
    the texts are read for spelling and grammar, where something is installed that does. `tells_each_word`: as in
    `LanguageReport`.
    """

    has_links: bool = False
    has_known_links: bool = False
    has_browser: bool = False
    has_language: bool = False
    tells_each_word: bool = False
    allows_private: bool = False
    on_progress: Progress = lambda done, total: None


TEXTS_ONLY = Wanted()


def check_workspace(
    workspace: Workspace, number: int, wanted: Wanted = TEXTS_ONLY, *, overrides: Mapping[str, str] = NOTHING
) -> Checked:
    """Every finding in an issue of the workspace; `overrides` are texts of files, by name, that count instead.

    Content that cannot be used at all is a finding, too. Raises `ConfigError`, `StorageError`.
    """
    return examine(workspace, number, wanted, overrides=overrides)[1]


def check_without_issue(workspace: Workspace) -> Checked:
    """What there is to find before the first issue: a list that Git has or would take. Raises as `check_workspace`."""
    from newsletter_cli.check.catalogue import ALL_RULES
    from newsletter_cli.check.silence import silence

    texts = {CONFIG_FILE: _config_text(workspace)}
    found = tuple(people_findings(workspace))
    silenced = silence(found, texts, workspace.config.check.ignore, [rule.slug for rule in ALL_RULES])
    return Checked(
        number=NO_ISSUE,
        findings=_in_order(silenced.findings, {}),
        sources=texts,
        rules_silenced=silenced.count,
        unsilenced=found,
    )


def examine(
    workspace: Workspace, number: int, wanted: Wanted = TEXTS_ONLY, *, overrides: Mapping[str, str] = NOTHING
) -> tuple[Rendered | None, Checked]:
    """The same, with the issue as it was rendered for it; `None` where its content cannot be used."""
    try:
        return render_and_check(workspace, number, wanted, overrides=overrides)
    except ContentError as error:
        return None, _unusable(workspace, number, error)


def render_and_check(
    workspace: Workspace,
    number: int,
    wanted: Wanted = TEXTS_ONLY,
    looks: Looks | None = None,
    *,
    has_local_images: bool = False,
    overrides: Mapping[str, str] = NOTHING,
) -> tuple[Rendered, Checked]:
    """An issue with all its renditions, nothing written yet, and every finding in it.

    Links are asked while everything else is done. Raises as `check_workspace`, and `ContentError`.
    """
    sources = read_sources(workspace, number, looks, overrides=overrides)
    manuscript = build_manuscript(workspace, sources, allows_private=wanted.allows_private)
    places = find_places(manuscript)
    post = None if manuscript.online_url is None else post_at(manuscript.issue, manuscript.online_url)
    with (
        _links_underway(workspace, places, wanted, post) as links,
        language_underway(workspace, manuscript, wanted) as words,
    ):
        # Loading all this takes longer than reading the issue: by now, the sites are being asked.
        from newsletter_cli.flows.render import render_sources

        rendered = render_sources(workspace, sources, manuscript, has_local_images=has_local_images)
        found = _find_faults(rendered, manuscript, has_browser=wanted.has_browser)
        found += people_findings(workspace)
        report, language = links.report(), words.report()
    return replace(rendered, places=places), _checked(workspace, sources, found, report, language)


def _find_faults(rendered: Rendered, manuscript: Manuscript, *, has_browser: bool = False) -> list[Finding]:
    """What was found while the files were read, and what the rules find in the texts and in the renditions."""
    from newsletter_cli.check.catalogue import check_manuscript, check_renditions

    found = [*rendered.sources.read.findings, *check_manuscript(manuscript), *check_renditions(rendered.looked_at)]
    if has_browser:
        from newsletter_cli.check.browser import check_in_browser

        found += check_in_browser(rendered.looked_at)
    return found


def with_links(
    workspace: Workspace,
    rendered: Rendered,
    checked: Checked,
    report: LinkReport,
    *,
    language: Sequence[Finding] = (),
) -> Checked:
    """What `render_and_check` found, with what is known by now of the links, and was found in the language; nothing
    else is looked at again.
    """
    found = _checked(workspace, rendered.sources, [*checked.unsilenced, *language], report)
    return replace(found, unsilenced=checked.unsilenced)


def language_underway(workspace: Workspace, manuscript: Manuscript, wanted: Wanted) -> Underway[LanguageReport | None]:
    """The texts read for spelling and grammar meanwhile, where that is wanted."""

    def read(is_stopped: Callable[[], bool]) -> LanguageReport | None:
        if not (wanted.has_language and workspace.config.check.language.enabled):
            return None
        from newsletter_cli.flows.language import read_texts

        report = read_texts(workspace, manuscript, is_stopped=is_stopped)
        return replace(report, tells_each_word=True) if wanted.tells_each_word else report

    return Underway(read)


def _links_underway(
    workspace: Workspace, places: Sequence[AddressPlace], wanted: Wanted, post: AddressPlace | None
) -> LinksUnderway:
    settings = workspace.config.check.links
    settings = replace(settings, allow_private=settings.allow_private or wanted.allows_private)
    folder = None
    if wanted.has_links:
        folder = _answers_folder(workspace)
    elif wanted.has_known_links:
        # Where nothing is asked, nothing is learnt either: no folder is made for it.
        folder = workspace.root / "state" / "links"
    return LinksUnderway(
        lambda is_stopped: check_links(
            places,
            settings,
            cache_folder=folder,
            on_progress=wanted.on_progress,
            is_offline=not wanted.has_links,
            is_stopped=is_stopped,
            post=post,
        )
    )


def _answers_folder(workspace: Workspace) -> Path | None:
    # A checkout that may not be written can be checked all the same; nothing is remembered.
    with contextlib.suppress(StorageError):
        return workspace.private_folder("links")
    return None


def _checked(
    workspace: Workspace,
    sources: Sources,
    unsilenced: Sequence[Finding],
    links: LinkReport,
    language: LanguageReport | None = None,
) -> Checked:
    from newsletter_cli.check.catalogue import ALL_RULES, check_language_report, check_link_report
    from newsletter_cli.check.language.doubles import without_doubles
    from newsletter_cli.check.silence import silence

    issue, config = sources.issue, workspace.config
    texts = dict(sources.read.texts) | {CONFIG_FILE: _config_text(workspace)}
    titles = _titles(issue)
    read = without_doubles(check_language_report(language), unsilenced) if language else ()
    found = [*unsilenced, *check_link_report(links), *read]
    silenced = silence(found, texts, config.check.ignore, [rule.slug for rule in ALL_RULES])
    return Checked(
        number=issue.number,
        findings=_in_order(silenced.findings, titles),
        links=links.as_dict(),
        sources=texts,
        titles=titles,
        rules_silenced=silenced.count,
        unsilenced=tuple(unsilenced),
        language=language.as_dict() if language else {},
    )


def _config_text(workspace: Workspace) -> str:
    try:
        return read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE)
    except NewsletterError:
        return ""


def _titles(issue: Issue) -> dict[str, str]:
    return {issue.editorial.file: issue.title} | {one.body.file: one.title for one in issue.sections}


def _in_order(findings: Iterable[Finding], titles: Mapping[str, str]) -> tuple[Finding, ...]:
    rank = {file: index for index, file in enumerate(titles)}
    return tuple(
        sorted(
            findings,
            key=lambda one: (rank.get(one.file, len(rank)), one.file, one.line or 0, one.column or 0, one.rule),
        )
    )


def _unusable(workspace: Workspace, number: int, error: ContentError) -> Checked:
    """What can be said of an issue that cannot be read, its faulty files' texts for the lines shown."""
    findings = tuple(sorted(_as_findings(error), key=lambda one: (one.file, one.line or 0, one.column or 0)))
    texts = {}
    folder = workspace.issue_folder(number)
    # Those without a fault, too: what is fixed may go on where the faults were.
    others = [workspace.name_of(path) for path in (folder / ISSUE_FILE, *section_files(folder))]
    for file in dict.fromkeys([*(finding.file for finding in findings), *others]):
        with contextlib.suppress(NewsletterError):
            refuse_outside(workspace.root, workspace.root / file, ContentError, name=file, area="sections")
            texts[file] = read_any_text(workspace.root / file, name=file).text
    return Checked(number=number, findings=findings, sources=texts | {CONFIG_FILE: _config_text(workspace)})


def _as_findings(error: ContentError) -> Iterator[Finding]:
    for one in (error, *error.also):
        place = Place(file=one.file or CONFIG_FILE, line=one.line)
        yield CONTENT_UNUSABLE.at(place, one.message, suggestion=one.hint, edits=one.edits)
    yield from error.noticed
