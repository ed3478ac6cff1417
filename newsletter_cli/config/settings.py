"""The configuration of a newsletter, as frozen values.

The tables are the one description of `newsletter.toml`: the strict reader (`strict.py`) and the
JSON Schema that editors complete from (`schema.py`) are both derived from them. A field's `doc` is
what an editor sees while typing.
"""

from __future__ import annotations

from typing import Literal

from newsletter_cli.base.tables import Table, option
from newsletter_cli.config.chat_settings import AnnounceSettings, RemindSettings
from newsletter_cli.config.list_settings import ListSettings
from newsletter_cli.config.mailbox_settings import BounceSettings, MailboxSettings
from newsletter_cli.config.meant import (
    COLOR_PATTERN,
    meant_address,
    meant_color,
    meant_editor,
    meant_language,
    meant_secure_url,
    meant_slug,
    meant_time,
    meant_url,
)  # fmt: skip
from newsletter_cli.config.send_settings import ADDRESS_PATTERN, EndpointSettings, PersonalSettings, SendSettings
from newsletter_cli.config.site_settings import ArchiveSettings, SiteSettings

SLUG_PATTERN = r"[a-z0-9][a-z0-9-]*"
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
RESERVED_NAMES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)
LANGUAGE_PATTERN = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
# The mail readers that `check/clients/support.py` knows the abilities of.
ClientName = Literal[
    "gmail", "outlook-classic", "outlook", "apple-mail", "thunderbird", "orange", "sfr", "laposte", "free", "aol",
    "fastmail", "gmx", "hey", "ionos", "mail-ru", "proton", "samsung", "t-online", "web-de", "wp-pl", "yahoo",
]  # fmt: skip
# A program's name, or the pattern of a link with {file} in it. A link that a browser would run or fetch is none.
EDITOR_PATTERN = (
    r"none|vscode|vscodium|cursor|zed|idea"
    r"|(?!(?:javascript|vbscript|data|blob|file|https?|ms-[^:]*|search[^:]*|shell|jar|ssh|smb):)[a-z][a-z0-9+.-]*:\S*\{file\}\S*"
)


class NewsletterSettings(Table, frozen=True, kw_only=True):
    """Table `[newsletter]`: who it is."""

    name: str = option(doc="The newsletter's name, as readers know it.", filled=True)
    tagline: str | None = option(None, doc="A line under the name, in the e-mail's header.")
    language: str = option(
        "fr", doc="Language of the issues (BCP 47): fr, en, de…", pattern=LANGUAGE_PATTERN, meant=meant_language
    )
    direction: Literal["auto", "ltr", "rtl"] = option("auto", doc="Writing direction; auto follows the language.")
    timezone: str = option("Europe/Paris", doc="IANA time zone of the events and of the post's date.")
    title: str = option(
        "Newsletter #{number}", doc="Pattern of an issue's title: {number}, {month}, {year}.", filled=True
    )


class SectionSettings(Table, frozen=True, kw_only=True):
    """One `[[sections]]` table: a section that issues may have. Their order is the canonical order."""

    slug: str = option(doc="Name of the section's file, without `.md`.", pattern=SLUG_PATTERN, meant=meant_slug)
    title: str = option(doc="The section's usual title.", filled=True)
    aliases: tuple[str, ...] = option((), doc="Other titles under which old posts carry this section.")
    new: bool = option(True, doc="`nl new` creates a file for it.")
    standing: bool = option(False, doc="Carried over from issue to issue.")
    required: bool = option(False, doc="An issue without it, or with it empty or a draft, cannot be sent.")
    author: bool = option(False, doc="Somebody has to sign it.")
    skeleton: str | None = option(
        None,
        doc="What `nl new` writes into it: the skeleton of that name, `agenda` for events, `jobs` for offers; by "
        "default the one called like the section.",
        pattern=r"_section|" + SLUG_PATTERN,
        meant=meant_slug,
    )


# Marks that e-mail and text understand, and a site perhaps. The names are those of `markdown/dialects/`.
Extension = Literal[
    "highlight",
    "insert",
    "superscript",
    "subscript",
    "emoji",
    "image-size",
    "attributes",
    "toc",
    "containers",
    "admonitions",
    "tabs",
    "callouts",
    "abbreviations",
    "quote-details",
]


class PostSettings(Table, frozen=True, kw_only=True):
    """Table `[post]`: the Markdown post for the site."""

    slug: str = option("newsletter{number}", doc="Pattern of the post's slug: {number}, {month}, {year}.", filled=True)
    url: str | None = option(
        None,
        doc="Where the post is read online: {slug}, {number}, {year}, {month}, {day}; without it, [site] says so.",
        pattern=r"https?://[^\s/]+(/\S*)?",
        meant=meant_url,
    )
    time: str = option(
        "13:00", doc="Hour given to a date without one.", pattern=r"([01][0-9]|2[0-3]):[0-5][0-9]", meant=meant_time
    )
    numbered: bool = option(True, doc="Number the section headings.")
    heading_level: int = option(2, doc="Level of the section headings (1 to 6).", minimum=1, maximum=6)
    extensions: tuple[Extension, ...] = option(
        (), doc="Marks beyond CommonMark that the site understands: highlight, emoji, callouts…"
    )


class MarkdownSettings(Table, frozen=True, kw_only=True):
    """Table `[markdown]`: how the sources are read for the e-mail and its text."""

    hard_breaks: bool = option(
        False, doc="A line's end is a line break in e-mail and text, as in HedgeDoc and Docs; the site has its own way."
    )


class EmailSettings(Table, frozen=True, kw_only=True):
    """Table `[email]`: how the e-mail is laid out."""

    theme: str = option("default", doc="Folder of `templates/themes/`: default, dsfr, or your own.", filled=True)
    accent: str | None = option(
        None,
        doc="A colour of your own: masthead, links, numbers and buttons take it, in the dark as well.",
        pattern=COLOR_PATTERN,
        meant=meant_color,
    )
    logo: str | None = option(
        None, doc="A picture in templates/ (PNG, JPEG or GIF) that the masthead shows on a light plate.", filled=True
    )
    contents: Literal["online", "anchors", "plain", "none"] = option(
        "online",
        doc="The table of contents: links to the online post, links inside the e-mail (they fail in several "
        "mail readers), plain text, or none.",
    )
    legal: tuple[str, ...] = option((), doc="Lines at the foot: who publishes, under which rules.")
    unsubscribe: str | None = option(
        None,
        doc="Address or page (https) to leave the list; by default a mail to the reply address.",
        pattern=r"https://[^\s/]\S*|(mailto:)?[^@\s:/]+@[^@\s]+",
        meant=meant_secure_url,
    )


class PadSettings(Table, frozen=True, kw_only=True):
    """Table `[pads]`: where people write together what becomes a section."""

    new: str | None = option(
        None,
        doc="The page where a pad is made: https://pad.example.org/new.",
        pattern=r"https?://[^\s/@\\]+(/\S*)?",
        meant=meant_url,
    )


class SenderSettings(Table, frozen=True, kw_only=True):
    """Table `[sender]`: who readers hear from."""

    name: str | None = option(None, doc="Name shown as the sender; the newsletter's name by default.")
    address: str | None = option(
        None, doc="Address the issue is sent from.", pattern=ADDRESS_PATTERN, meant=meant_address
    )
    reply_to: str | None = option(
        None, doc="Address readers may write to.", pattern=ADDRESS_PATTERN, meant=meant_address
    )


class TypographySettings(Table, frozen=True, kw_only=True):
    """Table `[typography]`: how French and English texts are set in the e-mail and its plain text."""

    renditions: bool = option(True, doc="Set the e-mail and its text properly, whatever the sources have.")
    narrow: bool = option(True, doc="A narrow non-breaking space before ; ! ? (else an ordinary non-breaking one).")
    quotes: bool = option(True, doc='“…” and "…" become « … » in French.')


class LinkSettings(Table, frozen=True, kw_only=True):
    """Table `[check.links]`: how links are checked."""

    exclude: tuple[str, ...] = option((), doc="Hosts (example.org) or patterns (regular expressions) not to check.")
    remap: tuple[str, ...] = option((), doc='Look elsewhere: "https://www.example.org http://127.0.0.1:1313".')
    allow_private: bool = option(False, doc="Check addresses of the local network, too.")
    timeout_seconds: int = option(20, doc="How long one page may take.", minimum=1, maximum=600)
    max_age_hours: int = option(24, doc="How long an answer is believed; 0 asks every time.", minimum=0, maximum=8760)


class LanguageSettings(Table, frozen=True, kw_only=True):
    """Table `[check.language]`: how texts are read for spelling and grammar."""

    enabled: bool = option(True, doc="`nl check` and the preview read for spelling and grammar.")
    languagetool: str | None = option(
        None,
        doc="A server of LanguageTool that you run yourselves: http://127.0.0.1:8081. Texts are sent there.",
        pattern=r"https?://[^\s/@\\?#]+(/[^\s\\?#]*)?",
        meant=meant_url,
    )


class CheckSettings(Table, frozen=True, kw_only=True):
    """Table `[check]`: what `nl check` looks for."""

    ignore: tuple[str, ...] = option((), doc='Rules that are not reported: ["link-bare"].')
    clients: tuple[ClientName, ...] = option(
        ("gmail", "outlook-classic", "outlook", "apple-mail", "thunderbird", "orange", "sfr", "laposte", "free"),
        doc="The mail readers in which the issue should look right.",
    )
    links: LinkSettings = option(LinkSettings(), doc="How links are checked.")
    language: LanguageSettings = option(LanguageSettings(), doc="How texts are read for spelling and grammar.")


class ProofSettings(Table, frozen=True, kw_only=True):
    """Table `[proof]`: how an issue is read by others before it goes. It holds no address: the file is everybody's."""

    group: str | None = option(
        None, doc="Group of the list that proofs go to, without --to: proof.", pattern=r"[^:,=@]*[^:,=@\s][^:,=@]*"
    )
    days: int = option(
        2,
        doc="Working days that reviewers have to answer, without --until; 0: no term is named.",
        minimum=0,
        maximum=60,
    )
    mark: str | None = option(
        None,
        doc="What the subject of a proof begins with; by default [BAT] in French, [Proof] in English.",
        filled=True,
    )


class PreviewSettings(Table, frozen=True, kw_only=True):
    """Table `[preview]`: what `nl preview` shows and opens."""

    editor: str = option(
        "vscode",
        doc="The program a finding opens in: vscode, vscodium, cursor, zed, idea, none, or a pattern with {file} "
        "and {line}.",
        pattern=EDITOR_PATTERN,
        meant=meant_editor,
    )


class Config(Table, frozen=True, kw_only=True):
    """All of `newsletter.toml`."""

    newsletter: NewsletterSettings = option(doc="Who it is.")
    sections: tuple[SectionSettings, ...] = option((), doc="The sections, in their canonical order.")
    post: PostSettings = option(PostSettings(), doc="The Markdown post for the site.")
    site: SiteSettings = option(SiteSettings(), doc="The site that the post is published to.")
    markdown: MarkdownSettings = option(MarkdownSettings(), doc="How the sources are read.")
    pads: PadSettings = option(PadSettings(), doc="Where people write together.")
    email: EmailSettings = option(EmailSettings(), doc="The e-mail.")
    sender: SenderSettings = option(SenderSettings(), doc="Who readers hear from.")
    check: CheckSettings = option(CheckSettings(), doc="What nl check looks for.")
    typography: TypographySettings = option(TypographySettings(), doc="How texts are set.")
    list: ListSettings = option(ListSettings(), doc="The mailing list.")
    send: SendSettings = option(SendSettings(), doc="How an issue reaches its readers.")
    endpoint: EndpointSettings = option(EndpointSettings(), doc="Where readers leave with one click.")
    mailbox: MailboxSettings = option(MailboxSettings(), doc="Where received messages are read.")
    bounces: BounceSettings = option(BounceSettings(), doc="When what came back time and again is too much.")
    personal: PersonalSettings = option(PersonalSettings(), doc="The few words that differ from reader to reader.")
    proof: ProofSettings = option(ProofSettings(), doc="How an issue is read by others before it goes.")
    remind: RemindSettings = option(RemindSettings(), doc="When texts are due, and who says so.")
    announce: AnnounceSettings = option(AnnounceSettings(), doc="Where an issue is announced.")
    preview: PreviewSettings = option(PreviewSettings(), doc="What `nl preview` shows and opens.")
    archive: ArchiveSettings = option(ArchiveSettings(), doc="Static pages of all issues, with a feed.")

    @property
    def reply_address(self) -> str | None:
        """Where readers' replies go."""
        return self.sender.reply_to or self.sender.address

    def section(self, slug: str) -> SectionSettings | None:
        """The canonical section of that slug."""
        return next((section for section in self.sections if section.slug == slug), None)
