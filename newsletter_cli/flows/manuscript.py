"""An issue that has been read → the `Manuscript` that the rules on content are given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.remembering import remembered
from newsletter_cli.base.values import replace
from newsletter_cli.check.subjects.manuscript import Asset, EarlierIssue, Manuscript
from newsletter_cli.check.subjects.survey_issue import survey_issue
from newsletter_cli.check.texts.addresses import linked_files, shown_files
from newsletter_cli.flows.frame import typography_rules
from newsletter_cli.flows.read import Sources
from newsletter_cli.markdown.frontmatter import split_header
from newsletter_cli.model import Issue
from newsletter_cli.model.picture import PictureFault, PictureFaultKind
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.images import is_measured
from newsletter_cli.workspace.pictures import is_named_as_picture, read_picture_fault
from newsletter_cli.workspace.read import read_issue
from newsletter_cli.workspace.sent import read_told_events
from newsletter_cli.workspace.template_files import read_skeleton

# Two years of a monthly letter: further back, nobody minds.
EARLIER_ISSUES = 24
ADDRESS = Pattern(r"https?://[^\s<>()\[\]\"'«»“”]+")
SENTENCE_END = ".,;:!?…’*_"
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def build_manuscript(workspace: Workspace, sources: Sources, *, allows_private: bool = False) -> Manuscript:
    """The manuscript of an issue that has been read; `allows_private` as in `Manuscript`, whatever the settings say."""
    config, issue = workspace.config, sources.issue
    texts, header_texts = survey_issue(sources.parsed)
    manuscript = Manuscript(
        issue=issue,
        language=config.newsletter.language,
        texts=texts,
        header_texts=header_texts,
        canonical=config.sections,
        newsletter_name=config.newsletter.name,
        title_pattern=config.newsletter.title,
        assets={
            name: _asset(path, sources.sizes.get(name), is_dark=name in sources.dark_drawings)
            for name, path in sources.assets.items()
        },
        earlier=tuple(_earlier_issues(workspace, issue.number)),
        told_events=read_told_events(workspace, issue.number),
        guidance=_guidance(workspace),
        online_url=sources.frame.online_url,
        site_extensions=frozenset(config.post.extensions),
        has_hard_breaks=config.markdown.hard_breaks,
        personal_fields=frozenset(one.name for one in config.personal.fields),
        typography=typography_rules(config),
        files=sources.read.texts,
        allows_private=allows_private or config.check.links.allow_private,
        logo=None if sources.logo is None else (sources.logo.name, sources.logo.place),
        missing_in_site=dict(_missing_in_site(workspace, issue, sources.assets)),
    )
    return replace(manuscript, assets=dict(_judged(manuscript, sources.assets)))


def _judged(manuscript: Manuscript, paths: Mapping[str, Path]) -> Iterator[tuple[str, Asset]]:
    """The assets, with what is wrong with those that a reader is shown as pictures: only these are read."""
    shown = {name for name, _place in shown_files(manuscript)}
    shown |= {name for name, _place in linked_files(manuscript) if is_named_as_picture(name)}
    for name, asset in manuscript.assets.items():
        if name in shown:
            fault = read_picture_fault(paths[name])
            if fault is None and asset.width is None and is_measured(name):
                fault = PictureFault(PictureFaultKind.DAMAGED)
            yield name, replace(asset, fault=fault)
        else:
            yield name, asset


def _missing_in_site(
    workspace: Workspace, issue: Issue, assets: Mapping[str, Path]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The pictures of the header that stand in no folder of the site that is here, and that `nl publish` will not put
    there either; with the files looked for.

    It is looked whether they are there, and nothing of the site is read: its folder may be named by anybody.
    """
    paths = [image for image in issue.images if image.startswith("/") and not image.startswith("//")]
    if not paths or workspace.config.site.folder is None:
        return
    # Nearly nobody else needs to know what a site is.
    from newsletter_cli.flows.publishing.where import configured_site
    from newsletter_cli.publish.places import base_path, site_places

    site = configured_site(workspace)
    if site is None or not site.root.is_dir():
        return
    below, files = base_path(workspace.config) + "/", site_places(workspace.config, issue).files + "/"
    for image in paths:
        path = unquote("/" + image.removeprefix(below))
        names = site.static_names(path)
        is_published = any(name.startswith(files) and name.removeprefix(files) in assets for name in names)
        if not is_published and site.find_static(path) is None:
            yield image, tuple(f"{site.name}/{name}" for name in names)


def _asset(path: Path, size: tuple[int, int] | None, *, is_dark: bool) -> Asset:
    try:
        size_bytes = path.stat().st_size
    except OSError:
        size_bytes = 0
    width, height = size or (None, None)
    return Asset(size_bytes=size_bytes, width=width, height=height, is_dark_drawing=is_dark)


def _earlier_issues(workspace: Workspace, number: int) -> Iterator[EarlierIssue]:
    """The former issues, the latest first. One that cannot be read is no business of this one."""
    former = [one for one in workspace.issue_numbers() if one < number]
    for one in former[: -EARLIER_ISSUES - 1 : -1]:
        try:
            issue = read_issue(workspace, one).issue
        except NewsletterError:
            continue
        yield EarlierIssue(
            number=one,
            title=issue.title,
            slug=issue.slug,
            date=None if issue.date is None else issue.date.date(),
            addresses=frozenset(_addresses(issue)),
            texts={"": issue.editorial.text}
            | {section.slug: section.body.text for section in issue.published_sections},
            events=issue.events,
        )


def _addresses(issue: Issue) -> Iterator[str]:
    """The web addresses of an issue's own sections. A plain search: parsing two years takes seconds."""
    for section in issue.published_sections:
        if not section.is_standing:
            yield from (found.rstrip(SENTENCE_END) for found in ADDRESS.findall(section.body.text))
            urls = [event.url for event in section.events] + [job.url for job in section.jobs]
            yield from (url for url in urls if url)


def _guidance(workspace: Workspace) -> frozenset[str]:
    """What the skeletons would show a reader if nobody wrote anything else."""
    lines: set[str] = set()
    for settings in workspace.config.sections:
        skeleton = read_skeleton(workspace, settings.slug, workspace.config.newsletter.language, {})
        lines |= _shown_lines(skeleton)
    return frozenset(lines)


@remembered(texts=64)
def _shown_lines(skeleton: str) -> frozenset[str]:
    body = split_header(skeleton).body
    return frozenset(line.strip() for line in COMMENT.sub("", body).splitlines() if line.strip())
