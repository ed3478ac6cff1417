"""What the types of `newsletter.toml` alone cannot say: names twice, languages, time zones, patterns, link patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsletter_cli.base.domains import ascii_address, ascii_url, is_this_machine
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import Path, Problem, nearest
from newsletter_cli.config.chat_settings import usual_variable
from newsletter_cli.config.settings import RESERVED_NAMES, Config

PUBLIC_LANGUAGETOOL = ("languagetool.org", "languagetoolplus.com", "languagetool.com")
SHIPPED_LANGUAGES = ("fr", "en", "de", "es", "it")
PATTERN_FIELDS = {
    ("newsletter", "title"): {"number", "month", "year"},
    ("post", "slug"): {"number", "month", "year"},
    ("post", "url"): {"number", "slug", "date", "year", "month", "day"},
}
# How Pelican names files of its own: https://docs.getpelican.com/en/latest/content.html
PELICAN_WORDS = frozenset({"filename", "static", "attach", "author", "category", "index", "tag"})
# What lists are usually written in: proposed for a name that is none.
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp850", "latin-1", "iso-8859-15", "macroman", "ascii")


def check_sense(config: Config) -> Iterator[Problem]:
    """What types alone cannot say."""
    yield from _twice_named(config)
    yield from _twice_paced(config)
    yield from _reserved_names(config)
    yield from _check_list(config)
    try:
        ZoneInfo(config.newsletter.timezone)
    except (KeyError, ValueError, OSError):
        yield _unknown_timezone(config.newsletter.timezone)
    yield from _unknown_language(config.newsletter.language)
    for path, allowed in PATTERN_FIELDS.items():
        yield from _check_pattern(path, getattr(getattr(config, path[0]), path[1]) or "", sorted(allowed))
    yield from _check_site(config)
    yield from _bad_domains(config)
    yield from _check_links(config)
    yield from _check_languagetool(config.check.language.languagetool)
    yield from _check_way_out(config)
    yield from _secret_in_file(config)
    yield from _check_hashtags(config)


def _secret_in_file(config: Config) -> Iterator[Problem]:
    """Whoever has the address of a chat's webhook can post there; the file goes to everybody who has the repository."""
    chats: dict[tuple[str, ...], tuple[str | None, str]] = {
        ("remind",): (config.remind.webhook, config.remind.webhook_env)
    }
    for network, chat in config.announce.chats().items():
        chats["announce", network] = (chat.webhook, chat.webhook_env or usual_variable(network))
    for table, (webhook, variable) in chats.items():
        if webhook is None:
            continue
        yield Problem(
            path=(*table, "webhook"),
            message=_("the address of a chat is a secret, and must not stand in newsletter.toml"),
            hint=_(
                "take it out (and have a new one made, if it was committed); set {variable} to it, or name {keys}"
            ).format(variable=variable, keys="webhook_command, webhook_keyring"),
        )


def _check_hashtags(config: Config) -> Iterator[Problem]:
    """A hashtag ends at the first sign that is neither letter nor digit, and the rest would stand there as text."""
    for hashtag in config.announce.hashtags:
        if not re.fullmatch(r"\w*[^\W\d_]\w*", hashtag):
            meant = re.sub(r"\W", "", hashtag)
            yield Problem(
                path=("announce", "hashtags"),
                message=_("“{hashtag}” makes no hashtag").format(hashtag=hashtag),
                hint=_("did you mean “{key}”?").format(key=meant)
                if re.search(r"[^\W\d_]", meant)
                else _("letters and digits, at least one letter, without #"),
            )


def _check_pattern(path: tuple[str, str], pattern: str, allowed: list[str]) -> Iterator[Problem]:
    key = ".".join(path)
    fields = ", ".join(f"{{{field}}}" for field in allowed)
    for name in re.findall(r"\{([^{}]*)\}", pattern):
        if name not in allowed:
            message = _("{key} holds “{{{name}}}”, which means nothing here").format(key=key, name=name)
            close = nearest(name.strip().lower(), allowed)
            hint = _("it may hold: {fields}").format(fields=fields)
            if close:
                hint = f"{_('did you mean “{key}”?').format(key=f'{{{close}}}')} {hint}"
            yield Problem(path=path, message=message, hint=hint)
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", pattern)):
        message = _("{key} has a brace without its other half").format(key=key)
        yield Problem(path=path, message=message, hint=_("it may hold: {fields}").format(fields=fields))


def _check_site(config: Config) -> Iterator[Problem]:
    """The patterns of a site, and the keys of its pages' headers."""
    from newsletter_cli.config.site_settings import PATTERNS, wrong_key

    for key, allowed in PATTERNS.items():
        pattern = getattr(config.site, key) or ""
        # Braces of its own has many a generator: `{{< ref >}}`, `{% link %}`, `{filename}`.
        is_path = "link" not in key
        if is_path:
            yield from _check_pattern(("site", key), pattern, sorted(allowed))
            continue
        for name in re.findall(r"(?<![{%])\{([^{}%]*)\}(?![}%])", pattern):
            if name not in allowed and name not in PELICAN_WORDS:
                close = nearest(name, sorted(allowed))
                fields = _("it may hold: {fields}").format(fields=", ".join(f"{{{one}}}" for one in sorted(allowed)))
                hint = f"{_('did you mean “{key}”?').format(key=f'{{{close}}}')} {fields}" if close else fields
                message = _("{key} holds “{{{name}}}”, which means nothing here").format(key=f"site.{key}", name=name)
                yield Problem(path=("site", key), message=message, hint=hint)
    for index, entry in enumerate(config.site.fields):
        if wrong_key(entry):
            yield Problem(
                path=("site", "fields", index),
                message=_("site.fields: “{entry}” is no key of a header that nl can write").format(entry=entry),
                hint=_("title, slug, date, summary, images or image; by another name: {example}").format(
                    example="summary: description"
                ),
            )


def _bad_domains(config: Config) -> Iterator[Problem]:
    """Domains that nobody could find."""
    paths: tuple[tuple[str, str], ...] = (
        ("sender", "address"),
        ("sender", "reply_to"),
        ("send", "unsubscribe_mail"),
        ("email", "unsubscribe"),
        ("endpoint", "url"),
        ("post", "url"),
        ("site", "base_url"),
    )
    for table, key in paths:
        value = getattr(getattr(config, table), key) or ""
        try:
            in_ascii = ascii_url if ":" in value else ascii_address
            in_ascii(value)
        except ValueError:
            yield Problem(
                path=(table, key),
                message=_("{key}: no mail server and no browser finds the domain in “{value}”").format(
                    key=f"{table}.{key}", value=value
                ),
                hint=_("look for a sign that does not belong there, a dot too many, a very long word"),
            )


def _check_links(config: Config) -> Iterator[Problem]:
    links = config.check.links
    if not links.exclude and not links.remap:
        return
    from newsletter_cli.config.link_patterns import LinkPatternFault, parse_exclusion, parse_remap

    for key, entries, parse in (("exclude", links.exclude, parse_exclusion), ("remap", links.remap, parse_remap)):
        for index, entry in enumerate(entries):
            try:
                parse(entry)
            except LinkPatternFault as fault:
                yield Problem(path=("check", "links", key, index), message=fault.message, hint=fault.hint)


def _check_way_out(config: Config) -> Iterator[Problem]:
    """One click is promised of what keeps it."""
    url = config.endpoint.url or ""
    if url.startswith("http:") and not is_this_machine(urlsplit(url).hostname or ""):
        yield Problem(
            path=("endpoint", "url"),
            message=_("endpoint.url: mail programs ask for one click by https only (RFC 8058): {url}").format(url=url),
            hint=_("did you mean “{key}”?").format(key=url.replace("http:", "https:", 1)),
        )
    if config.send.one_click and not url and "://" not in (config.email.unsubscribe or ""):
        yield Problem(
            path=("send", "one_click"),
            message=_("send.one_click promises something of the page in email.unsubscribe, and there is none"),
            hint=_("name the page (https://…); an endpoint of your own ([endpoint] url) needs no promise"),
        )


def _check_languagetool(url: str | None) -> Iterator[Problem]:
    """The public servers are somebody else's: no text goes there."""
    host = (urlsplit(url or "").hostname or "").rstrip(".").lower()
    if any(host == one or host.endswith(f".{one}") for one in PUBLIC_LANGUAGETOOL):
        yield Problem(
            path=("check", "language", "languagetool"),
            message=_("check.language.languagetool: {host} is a public server, and texts are sent to none").format(
                host=host
            ),
            hint=_("run a server of your own, and name it: http://127.0.0.1:8081"),
        )


def _check_encoding(path: Path, encoding: str | None) -> Iterator[Problem]:
    if encoding is None:
        return
    import codecs

    try:
        # Python's other transformations (base64, rot13) come under the same names.
        is_known = codecs.lookup(encoding)._is_text_encoding
    except (LookupError, ValueError):
        is_known = False
    if not is_known:
        close = nearest(encoding.strip().lower().replace("_", "-"), ENCODINGS)
        yield Problem(
            path=path,
            message=_("list.encoding: there is no encoding “{encoding}”").format(encoding=encoding),
            hint=_("did you mean “{key}”?").format(key=close)
            if close
            else _("for instance: {names}").format(names=", ".join(ENCODINGS[:4])),
        )


def _unknown_language(language: str) -> Iterator[Problem]:
    """Dates are set in the newsletter's language, so it must be one that Babel knows."""
    if language in SHIPPED_LANGUAGES:
        return
    from babel.localedata import exists

    if not any(exists(name) for name in (language.replace("-", "_"), language.partition("-")[0].lower())):
        message = _("newsletter.language: there is no language “{language}”").format(language=language)
        yield Problem(path=("newsletter", "language"), message=message, hint=_("for instance: fr, en, de, pt-BR"))


def _check_list(config: Config) -> Iterator[Problem]:
    """What the chosen source of the list needs, and no password where everybody can read it."""
    chosen = config.list
    yield from _check_encoding(("list", "encoding"), chosen.encoding)
    if chosen.source == "grist":
        for key in ("doc", "table"):
            if getattr(chosen.grist, key) is None:
                yield Problem(
                    path=("list", "grist", key), message=_("{key} is missing").format(key=f"list.grist.{key}")
                )
    if chosen.source == "sql" and chosen.sql.query is None:
        yield Problem(path=("list", "sql", "query"), message=_("{key} is missing").format(key="list.sql.query"))
    if re.search(r"://[^/@\s]*:[^/@\s]+@", chosen.sql.url or "") or re.search(
        r"[?&](password|passwd|pwd)=", chosen.sql.url or "", re.IGNORECASE
    ):
        yield Problem(
            path=("list", "sql", "url"),
            message=_("list.sql.url holds a password, and newsletter.toml is shared"),
            hint=_("put the whole URL into the environment variable {variable}, or let url_command print it").format(
                variable=chosen.sql.url_env
            ),
        )


def _twice_named(config: Config) -> Iterator[Problem]:
    """Tables of one name, of which the last would win in silence."""
    for index, first in _repeats(section.slug for section in config.sections):
        message = _("two sections are called “{slug}” (the {first} and the {second})").format(
            slug=config.sections[index].slug, first=first + 1, second=index + 1
        )
        yield Problem(path=("sections", index, "slug"), message=message, hint=_("each section needs a slug of its own"))
    for table, key, tables in (("send", "pace", config.send.pace), ("personal", "fields", config.personal.fields)):
        for index, first in _repeats(one.name.strip().casefold() for one in tables):
            message = _("two tables [[{table}]] are called “{name}” (the {first} and the {second})").format(
                table=f"{table}.{key}", name=tables[index].name, first=first + 1, second=index + 1
            )
            yield Problem(
                path=(table, key, index, "name"), message=message, hint=_("make one of the two, or rename one")
            )


def _twice_paced(config: Config) -> Iterator[Problem]:
    """A domain under two providers."""
    domains = [
        (place, number, domain.strip().lower())
        for place, pace in enumerate(config.send.pace)
        for number, domain in enumerate(pace.domains)
    ]
    for index, first in _repeats(domain for _place, _number, domain in domains):
        place, number, domain = domains[index]
        other = domains[first][0]
        if place != other:
            message = _("the domain {domain} stands in two tables [[send.pace]]: “{first}” and “{second}”").format(
                domain=domain, first=config.send.pace[other].name, second=config.send.pace[place].name
            )
            yield Problem(
                path=("send", "pace", place, "domains", number), message=message, hint=_("take it out of one of them")
            )


def _repeats(names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The places, from 0, of names that were there before, each with the place of the first of its kind."""
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if seen.setdefault(name, index) != index:
            yield index, seen[name]


def _reserved_names(config: Config) -> Iterator[Problem]:
    for index, section in enumerate(config.sections):
        if section.slug in RESERVED_NAMES:
            message = _("no file can be called “{slug}” on Windows").format(slug=section.slug)
            hint = _("choose another slug, for instance: {slug}").format(slug=f"section-{section.slug}")
            yield Problem(path=("sections", index, "slug"), message=message, hint=hint)


def _unknown_timezone(name: str) -> Problem:
    from zoneinfo import available_timezones

    message = _("newsletter.timezone: there is no time zone “{name}”").format(name=name)
    zones = sorted(available_timezones())
    # By its city alone: `Paris`.
    place = name.rpartition("/")[2].strip().replace(" ", "_").casefold()
    close = next((one for one in zones if one.rpartition("/")[2].casefold() == place), None) or nearest(name, zones)
    hint = _("did you mean “{key}”?").format(key=close) if close else _("for instance: Europe/Paris")
    return Problem(path=("newsletter", "timezone"), message=message, hint=hint)
