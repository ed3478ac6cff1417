"""What kinds of sites want: data, one profile a generator. `[site]` of `newsletter.toml` overrides any of it.

Where a site's own configuration says otherwise (Hugo's `permalinks`, Jekyll's `permalink`, Pelican's `ARTICLE_URL`),
`page_url` and `files_url` are to be set there.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.config.site_settings import SiteSettings

HeaderForm = Literal["yaml", "lines"]
DateForm = Literal["iso", "day"]
OVERRIDES = ("page", "files", "file_link", "page_url", "files_url", "page_link", "date", "header")


class Profile(Struct, frozen=True, kw_only=True):
    """How a generator wants a page.

    `page` is the page's path in the repository, `files` the folder of its pictures and files. `file_link` is how the
    page names one of them: beside it, by `{name}` alone. `page_url` and `files_url` are where both are read, below the
    site's address. `content` is the folder that holds the pages, `pages` are the files in which the page of an address
    may stand (`{path}`), `page_link` is how another page is named there (empty: as it was typed). `statics` are the
    folders that the site serves from its root.
    `fields` are those of the header: `summary: description` is the summary by another name; `header` is YAML besides.
    `has_shortcodes`: `{{< figure src="…" >}}` names files. `signs` are the files and folders that tell such a site and
    configure it, `html_switch` the pattern of the setting without which raw HTML is left out of its pages. Where there
    is a `future_switch`, pages dated in the future wait unless the site is built with `future_option`, or has the
    setting of that pattern.
    `form`: YAML between fences, or Pelican's `Key: value` lines. `tag_marks`: what the generator would take for a tag
    of its own in a body; `raw` around it keeps it from that, or `raw_header`, YAML besides (`raw.py`).
    """

    page: str
    files: str
    page_url: str
    files_url: str
    file_link: str = "{name}"
    content: str = ""
    pages: tuple[str, ...]
    page_link: str = ""
    statics: tuple[str, ...] = ("",)
    fields: tuple[str, ...] = ("title", "slug", "date", "summary", "images")
    date: DateForm = "iso"
    header: str = ""
    form: HeaderForm = "yaml"
    has_shortcodes: bool = False
    signs: tuple[str, ...]
    html_switch: str = ""
    future_option: str = ""
    future_switch: str = ""
    tag_marks: tuple[str, ...] = ()
    raw: tuple[str, str] | None = None
    raw_header: str = ""

    @property
    def is_beside(self) -> bool:
        """Whether pictures stand beside the page, under the names that the text has for them."""
        return self.file_link == "{name}"


_HUGO_PAGES = ("content/{path}.md", "content/{path}/_index.md", "content/{path}/index.md")
_HUGO_SIGNS = (
    "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "config.json",
    "config",
)  # fmt: skip
# https://gohugo.io/configuration/markup/#rendererunsafe, in TOML, YAML or JSON
_HUGO_HTML = r"\bunsafe[\"']?\s*[:=]\s*true"
# https://gohugo.io/configuration/all/#buildfuture, https://jekyllrb.com/docs/configuration/options/
_HUGO_FUTURE = r"(?i)\bbuildFuture[\"']?\s*[:=]\s*true"
_JEKYLL_FUTURE = r"(?m)^future\s*[:=]\s*true"
_LIQUID = ("{% raw %}\n", "{% endraw %}\n")

SHIPPED: dict[str, Profile] = {
    # https://gohugo.io/content-management/page-bundles/, …/urls/, https://gohugo.io/shortcodes/ref/
    "hugo": Profile(
        page="content/{area}/{slug}/index.md",
        files="content/{area}/{slug}",
        page_url="{area}/{slug}/",
        files_url="{area}/{slug}/",
        content="content",
        pages=_HUGO_PAGES,
        page_link='{{< ref "/{page}" >}}',
        statics=("static",),
        has_shortcodes=True,
        signs=_HUGO_SIGNS,
        html_switch=_HUGO_HTML,
        future_option="--buildFuture",
        future_switch=_HUGO_FUTURE,
    ),
    "hugo-static": Profile(
        page="content/{area}/{date}-{slug}.md",
        files="static/img/{slug}",
        file_link="{base}/img/{slug}/{name}",
        page_url="{area}/{slug}/",
        files_url="img/{slug}/",
        content="content",
        pages=_HUGO_PAGES,
        page_link='{{< ref "/{page}" >}}',
        statics=("static",),
        has_shortcodes=True,
        signs=_HUGO_SIGNS,
        html_switch=_HUGO_HTML,
        future_option="--buildFuture",
        future_switch=_HUGO_FUTURE,
    ),
    # https://quarto.org/docs/websites/website-navigation.html, …/website-listings.html
    "quarto": Profile(
        page="{area}/{slug}/index.qmd",
        files="{area}/{slug}",
        page_url="{area}/{slug}/",
        files_url="{area}/{slug}/",
        pages=("{path}.qmd", "{path}/index.qmd", "{path}.md", "{path}/index.md"),
        page_link="/{file}",
        fields=("title", "date", "summary: description", "image"),
        date="day",
        has_shortcodes=True,
        signs=("_quarto.yml", "_quarto.yaml"),
    ),
    # https://jekyllrb.com/docs/posts/, …/permalinks/, …/liquid/tags/
    "jekyll": Profile(
        page="_posts/{date}-{slug}.md",
        files="assets/{slug}",
        file_link="{base}/assets/{slug}/{name}",
        page_url="{year}/{month}/{day}/{slug}.html",
        files_url="assets/{slug}/",
        pages=("{path}.md", "{path}/index.md", "_posts/{dated}.md", "{path}.html", "{path}/index.html"),
        page_link="{% link {file} %}",
        fields=("title", "slug", "date", "summary: description", "image"),
        header="layout: post",
        tag_marks=("{{", "{%"),
        raw=_LIQUID,
        future_option="--future",
        future_switch=_JEKYLL_FUTURE,
        signs=("_config.yml", "_config.yaml", "_config.toml"),
    ),
    # https://www.11ty.dev/docs/permalinks/, …/copy/, …/filters/url/
    "eleventy": Profile(
        page="{area}/{slug}.md",
        files="img/{slug}",
        file_link="{base}/img/{slug}/{name}",
        page_url="{area}/{slug}/",
        files_url="img/{slug}/",
        pages=("{path}.md", "{path}/index.md", "{path}.njk", "{path}/index.njk", "{path}.liquid", "{path}.html"),
        fields=("title", "slug", "date", "summary: description", "image"),
        statics=("", "public"),
        tag_marks=("{{", "{%", "{#"),
        # https://www.11ty.dev/docs/languages/#override-the-template-language
        raw_header="templateEngineOverride: md",
        signs=(".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"),
    ),
    # https://docs.getpelican.com/en/latest/content.html
    "pelican": Profile(
        page="content/{area}/{slug}.md",
        files="content/images/{slug}",
        file_link="{static}/images/{slug}/{name}",
        page_url="{slug}.html",
        files_url="images/{slug}/",
        content="content",
        pages=("content/{path}.md", "content/{path}.rst", "content/pages/{stem}.md"),
        page_link="{filename}/{source}",
        fields=("title", "slug", "date", "summary", "image"),
        statics=("content", "content/extra"),
        form="lines",
        signs=("pelicanconf.py",),
    ),
}


def profile_of(settings: SiteSettings) -> Profile:
    """The profile that the configuration names, with what it says itself."""
    own = {name: value for name in OVERRIDES if (value := getattr(settings, name)) is not None}
    if settings.fields:
        own["fields"] = settings.fields
    return replace(SHIPPED[settings.profile], **own)
