"""The files of the theme and of the words: what MJML does not know, what nothing reads, what has no value, no words."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level


@rule(
    "theme-tag-unknown",
    Level.ERROR,
    _("A file of the theme has a tag that MJML does not know"),
    why="""
        A tag that begins with `mj-` and is none of MJML's: it reaches mail readers as it stands, and what is in it
        loses its place and its look.
    """,
    bad="""
        ```html
        <mj-txt>Write to us</mj-txt>
        ```
    """,
    good="""
        ```html
        <mj-text>Write to us</mj-text>
        ```
    """,
)
def theme_tag_unknown(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such tag."""
    for fault in renditions.theme_faults.get("tag", ()):
        yield theme_tag_unknown.at(fault.place, fault.message, suggestion=fault.suggestion)


@rule(
    "theme-attribute-unknown",
    Level.WARNING,
    _("A file of the theme has an attribute that MJML does not know"),
    why="""
        An attribute of a tag of MJML that this tag does not have: it is dropped in silence. What concerns CSS alone
        goes into `css-class` and a style sheet.
    """,
    bad="""
        ```html
        <mj-text colour="#0b5c66">Write to us</mj-text>
        ```
    """,
    good="""
        ```html
        <mj-text color="#0b5c66">Write to us</mj-text>
        ```
    """,
)
def theme_attribute_unknown(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such attribute."""
    for fault in renditions.theme_faults.get("attribute", ()):
        yield theme_attribute_unknown.at(fault.place, fault.message, suggestion=fault.suggestion)


@rule(
    "theme-file-unused",
    Level.WARNING,
    _("No template reads a file of the theme"),
    why="""
        A file in the folder of your theme has a name that no template asks for: the shipped file stays in use. A file
        replaces the shipped one of the very same name.
    """,
    bad="`templates/themes/ours/foter.mjml.j2`, or `footer.mjml.j2.txt`.",
    good="`templates/themes/ours/footer.mjml.j2`.",
)
def theme_file_unused(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such file."""
    for fault in renditions.theme_faults.get("unused", ()):
        yield theme_file_unused.at(fault.place, fault.message, suggestion=fault.suggestion)


@rule(
    "theme-name-empty",
    Level.WARNING,
    _("A template writes a name that has no value"),
    why="""
        A template of yours writes a name that has no value in this issue, or that is no text: nothing stands there, be
        it a link without an address. A condition around it leaves the words beside it out, too.
    """,
    bad="""
        ```html
        <a href="{{ footer.online_url|attr }}">{{ words.read_online }}</a>
        ```

        in a newsletter without `post.url`.
    """,
    good="""
        ```html
        {% if footer.online_url %}<a href="{{ footer.online_url|attr }}">{{ words.read_online }}</a>{% endif %}
        ```
    """,
)
def theme_name_empty(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each place of a template."""
    for fault in renditions.theme_faults.get("empty", ()):
        yield theme_name_empty.at(fault.place, fault.message, suggestion=fault.suggestion)


@rule(
    "theme-logo-missing",
    Level.INFO,
    _("The theme shows no logo"),
    why="""
        `email.logo` names a logo, and nothing in the e-mail shows it: the theme has a `header.mjml.j2` of your own,
        older than the key or without a place for it.
    """,
    bad="""
        ```html
        <h1>{{ issue.title }}</h1>
        ```

        as all that a `header.mjml.j2` writes, with `logo = "templates/logo.png"`.
    """,
    good="""
        ```html
        {% if newsletter.logo %}
        <img src="{{ newsletter.logo.src|attr }}" width="{{ newsletter.logo.width }}" alt="" />
        {% endif %}
        <h1>{{ issue.title }}</h1>
        ```
    """,
)
def theme_logo_missing(renditions: Renditions) -> Iterator[Finding]:
    """One finding where no picture of the page is the logo; none where its file is no picture (`image-unreadable`)."""
    if renditions.logo is None:
        return
    address, place = renditions.logo
    asset = renditions.images.get(address)
    is_broken = asset is not None and asset.fault is not None
    if not is_broken and all(image.get("src") != address for image in renditions.body.iter("img")):
        yield theme_logo_missing.at(
            place,
            _("the theme “{theme}” shows no logo").format(theme=renditions.theme_settings.split("/")[-2]),
            suggestion=_("write newsletter.logo in its header.mjml.j2, as nl help themes shows; or take the key away"),
        )


@rule(
    "language-without-words",
    Level.WARNING,
    _("The newsletter's language has no words"),
    why="""
        `newsletter.language` names a language for which there are no words (“In this issue”, “Unsubscribe”, “Where”):
        the English ones go out in their place, and a screen reader says them in the wrong language. French, English,
        German, Spanish and Italian come along; any other is one file in `templates/words/`.
    """,
    bad='`language = "pl"`, without `templates/words/pl.toml`.',
    good='`language = "pl"`, and `templates/words/pl.toml`, which `nl words copy pl` makes for you to translate.',
)
def language_without_words(renditions: Renditions) -> Iterator[Finding]:
    """One finding where the words are another language's."""
    if renditions.missing_words is not None:
        one = renditions.missing_words
        yield language_without_words.at(one.place, one.message, suggestion=one.suggestion)
