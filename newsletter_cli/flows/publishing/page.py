"""A rendered issue → its page in the site: the post's own body, its addresses as the site wants them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.values import replace
from newsletter_cli.flows.content import files_shown
from newsletter_cli.flows.render import Rendered
from newsletter_cli.markdown.lines import dominant_newline
from newsletter_cli.markdown.survey import Survey
from newsletter_cli.model import Issue
from newsletter_cli.publish.header import UnwritableKey, render_header
from newsletter_cli.publish.links import find_addresses, rewrite
from newsletter_cli.publish.naming import Naming
from newsletter_cli.publish.places import Places, base_path, file_link, fill, online_url, site_url
from newsletter_cli.publish.raw import has_tags, kept_raw
from newsletter_cli.publish.site import Site
from newsletter_cli.render.names import EMAIL
from newsletter_cli.render.post import render_post_body
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.published import read_published

# Stands for an address that is not configured (RFC 2606).
NO_SITE = "https://site.invalid/"
MOST_NAMED = 3
MOST_SHOWN = 40


class Page(Struct, frozen=True, kw_only=True):
    """The page of an issue. `files` are the issue's own that go with it, by name; `notes` are for the editor."""

    text: str
    files: Mapping[str, Path]
    notes: tuple[str, ...]
    profile_name: str


def render_page(workspace: Workspace, rendered: Rendered, site: Site, places: Places) -> Page:
    """The page, and the files that it or the e-mail shows.

    Raises `ContentError` for a key of the header that this kind of site cannot have.
    """
    config, issue, profile = workspace.config, rendered.sources.issue, site.profile
    body = render_post_body(rendered.composed)
    naming = _naming(workspace, rendered, site, places, is_plain=has_tags(body, profile))
    addresses, survey = find_addresses(body, has_shortcodes=profile.has_shortcodes)
    new = rewrite(body, addresses, naming.new_address)
    assets = rendered.sources.assets
    shown = {name for name, _path in files_shown(rendered.sources, str(rendered.renditions[EMAIL]), rendered.composed)}
    names = [name for name in assets if name in shown or name in naming.used]
    header = _header(issue, site, places, assets, is_plain=naming.is_plain, newline=dominant_newline(body))
    if naming.is_plain:
        new = kept_raw(new, profile)
    return Page(
        text=header + new,
        files={name: assets[name] for name in names},
        notes=(
            *_html_notes(site, survey),
            *_notes(naming, [name for name in assets if name not in names], places.fields["slug"]),
        ),
        profile_name=config.site.profile,
    )


def _html_notes(site: Site, survey: Survey) -> Iterator[str]:
    """The site would leave a picture or a table out, and say nothing."""
    html = [mark for mark in survey.html if not mark.text.lstrip().startswith("<!--")]
    if html and site.leaves_out_html():
        yield _("the site leaves out raw HTML, such as {html}: set {setting} in its configuration").format(
            html=html[0].text.strip().partition("\n")[0][:MOST_SHOWN], setting="markup.goldmark.renderer.unsafe = true"
        )


def _naming(workspace: Workspace, rendered: Rendered, site: Site, places: Places, *, is_plain: bool) -> Naming:
    config, profile = workspace.config, site.profile
    root = site_url(config) or NO_SITE
    page = online_url(config, rendered.sources.issue) or urljoin(root, fill(profile.page_url, places.fields))

    def find_page(address: str) -> str | None:
        url = urljoin(root, address)
        if _is_same(url, page):
            return places.page
        return _published_page(workspace, site, url) or site.find_page(address)

    return Naming(
        profile,
        rendered.sources.assets,
        site_url=root,
        page_url=page,
        base=base_path(config),
        link_to_file=lambda name: file_link(config, profile, places.fields, name),
        find_page=find_page,
        is_served=lambda address: site.find_static(address) is not None,
        is_plain=is_plain,
    )


def _published_page(workspace: Workspace, site: Site, url: str) -> str | None:
    """The page of another issue of this newsletter, by its address."""
    for number in workspace.issue_numbers():
        published = read_published(workspace, number)
        if published and _is_same(published.url, url) and site.has_file(published.page):
            return published.page
    return None


def _is_same(one: str, other: str) -> bool:
    return unquote(one).rstrip("/") == unquote(other).rstrip("/")


def _header(
    issue: Issue, site: Site, places: Places, assets: Mapping[str, Path], *, is_plain: bool, newline: str
) -> str:
    profile = site.profile
    if is_plain and profile.raw_header:
        profile = replace(profile, header=f"{profile.header}\n{profile.raw_header}".strip())

    def cover_of(image: str) -> str:
        if image not in assets:
            return image
        return image if profile.is_beside else "/" + fill(profile.files_url, places.fields).rstrip("/") + f"/{image}"

    try:
        return render_header(issue, profile, places.fields, cover_of, newline)
    except UnwritableKey as key:
        raise ContentError(
            _("“{key}” holds a table, and the header of such a page has lines of text only").format(key=key),
            file=issue.editorial.file,
            line=issue.lines.get(str(key)),
            hint=_("write it as a text or a simple list, or take it out"),
        ) from None


def _notes(naming: Naming, left_out: list[str], slug: str) -> Iterator[str]:
    if naming.is_plain:
        yield _("the text holds {marks}: they are published as text, and links to other pages stay as typed").format(
            marks="{{ }}, {% %}"
        )
    for one in naming.lost[:MOST_NAMED]:
        yield _("“{address}” leads to no page of the site that could be found; it stays as typed").format(
            address=one.typed
        )
    if (more := len(naming.lost) - MOST_NAMED) > 0:
        yield ngettext("{count} more link like this", "{count} more links like this", more).format(count=more)
    if left_out:
        yield _("not published, for nothing shows it: {names}").format(names=", ".join(left_out))
    if not all(sign.isalnum() or sign in "-_." for sign in slug):
        yield _(
            "the site may write the slug “{slug}” otherwise in the address: small letters, digits and - are safe"
        ).format(slug=slug)
