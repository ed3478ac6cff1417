"""How Sphinx makes the site of the documentation (`make docs`) from the pages that `nl help` shows.

The pages are plain Markdown, without directives: what Sphinx wants besides is taken from what stands there. The
lists of links on `index.md` are the navigation; a link that leaves this folder becomes a file to download; a page below
`fr/` is French, and so are the words around it. Nothing is fetched from elsewhere, to build the site or to read it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

import newsletter_cli

INDEXES = ("index", "fr/index")
# Before Sphinx gathers what a page has: it does so at 500.
EARLY = 100
# After the theme has made its navigation.
LATE = 900

project = "nl"
version = release = newsletter_cli.__version__
html_title = f"nl {release}"
extensions = ["myst_parser"]
exclude_patterns = ["samples"]
# Headings are reached by the anchors that a forge makes of them.
myst_heading_anchors = 4
nitpicky = True
html_theme = "furo"
html_copy_source = False
html_show_copyright = False
html_domain_indices = False
html_use_index = False


# What Furo writes around a page; it comes with no French of its own.
FRENCH = {
    "Skip to content": "Aller au contenu",
    "Search": "Rechercher",
    "On this page": "Sur cette page",
    "Back to top": "Haut de page",
    "Next": "Suivant",
    "Previous": "Précédent",
    "Home": "Accueil",
}


def let_links_out(app: Sphinx, tree: nodes.document) -> None:
    """Links to files of the project that are no page of the site: a copy of the file lies beside the pages."""
    for link in list(tree.findall(addnodes.pending_xref)):
        target = Path(link["reftarget"])
        if target.is_absolute():
            outside = os.path.relpath(f"{target}.md", app.srcdir)
            link.replace_self(
                addnodes.download_reference(
                    "", *link.children, refdoc=link["refdoc"], reftarget=f"/{Path(outside).as_posix()}", refdomain=""
                )
            )


def add_navigation(app: Sphinx, tree: nodes.document) -> None:
    """The lists of links on an index are the table of contents, each under the heading it has there."""
    page = app.env.docname
    if page == "reference/rules":
        _add_contents(tree, page, sorted({name for name in _linked(tree) if name.startswith("reference/rules/")}))
    if page not in INDEXES:
        return
    for section in list(tree.findall(nodes.section))[1:]:
        lists = [one for one in section.children if isinstance(one, nodes.bullet_list)]
        names = [_linked(item)[0] for one in lists for item in one]
        ours = [name for name in names if name.startswith("fr/") == page.startswith("fr/")]
        _add_contents(section, page, ours, section[0].astext())
    if page == "index":
        _add_contents(tree, page, ["fr/index"], "Français")


def _linked(tree: nodes.Node) -> list[str]:
    """The pages that are linked to, in their order."""
    return [link["reftarget"] for link in tree.findall(addnodes.pending_xref)]


def _add_contents(parent: Any, page: str, names: list[str], caption: str = "") -> None:
    if names:
        parent += addnodes.toctree(
            parent=page,
            entries=[(None, name) for name in names],
            includefiles=names,
            caption=caption,
            rawcaption=caption,
            maxdepth=1,
            glob=False,
            hidden=True,
            includehidden=False,
            numbered=0,
            titlesonly=True,
        )


def speak_the_language_of_the_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Around a French page the words of the site are French, and a screen reader is told."""
    if page.startswith("fr/"):
        context["language"] = "fr"
        context["_"] = context["gettext"] = lambda text, **names: FRENCH.get(text, text) % names


def open_to_the_keyboard(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """What scrolls sideways can be reached by the keyboard, and the headings of the navigation have a level."""
    if body := context.get("body"):
        context["body"] = re.sub(r'(<pre|<div class="table-wrapper[^">]*")>', r'\1 tabindex="0">', body)
    navigation = context["furo_navigation_tree"].replace('role="heading"', 'role="heading" aria-level="2"')
    context["furo_navigation_tree"] = _french_first(navigation) if page.startswith("fr/") else navigation


def _french_first(navigation: str) -> str:
    """The navigation with its last group before the others."""
    opening, *groups = re.split(r"(?=<p class=\"caption\")", navigation)
    last, end, closing = groups[-1].rpartition("</ul>")
    return opening + last + end + "".join(groups[:-1]) + closing


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("doctree-read", let_links_out, priority=EARLY)
    app.connect("doctree-read", add_navigation, priority=EARLY + 1)
    app.connect("html-page-context", speak_the_language_of_the_page)
    app.connect("html-page-context", open_to_the_keyboard, priority=LATE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
