"""What `nl doctor` learns by doing, as far as nothing changes and nothing leaves the machine: the theme renders a small
issue, the list is read, the key signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from newsletter_cli.base.errors import NewsletterError, NoListYet, NotTrusted
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.plain_toml import line_of_path
from newsletter_cli.base.strict import Path as KeyPath
from newsletter_cli.check.subjects.renditions import ToldFault
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.flows.diagnosis import Diagnosis, Health
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace

# What stands in another place, and is asked there only by commands that may.
REMOTE = ("grist", "sql")


def config_faults(fault: NewsletterError) -> Iterator[Diagnosis]:
    """Each value that is wrong, with its line."""
    for one in (fault, *fault.also):
        yield Diagnosis(subject=CONFIG_FILE, health=Health.WRONG, message=str(one), hint=one.hint)


def ask_rules(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether the rules that are silenced exist."""
    if not workspace.config.check.ignore:
        return
    from newsletter_cli.check.catalogue import ALL_RULES
    from newsletter_cli.check.silence import strays_of_config

    known = {rule.slug for rule in ALL_RULES}
    for one in strays_of_config(workspace.config.check.ignore, _config_text(workspace), known):
        message = f"{one.place}: check.ignore: {one.message}"
        yield Diagnosis(subject=CONFIG_FILE, health=Health.WRONG, message=message, hint=one.suggestion)


def ask_addresses(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether each issue has an address of its own."""
    url = workspace.config.post.url
    if url and "{slug}" not in url and "{number}" not in url:
        yield _at(
            workspace,
            ("post", "url"),
            Health.ATTENTION,
            _("post.url holds neither {slug} nor {number}: every issue has the same address"),
            _("write where one issue is read: https://www.example.org/letters/{slug}/"),
        )
    slug = workspace.config.post.slug
    if not any(field in slug for field in ("{number}", "{month}", "{year}")):
        yield _at(
            workspace,
            ("post", "slug"),
            Health.ATTENTION,
            _("post.slug holds no field: every new issue is called the same"),
            _("it may hold: {fields}").format(fields="{month}, {number}, {year}"),
        )


def ask_theme(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether the theme and the words make an e-mail, from an issue that has a bit of everything."""
    from newsletter_cli.flows.sample import render_sample
    from newsletter_cli.flows.theme_faults import told_by_theme, told_of_words
    from newsletter_cli.workspace.templates import read_looks

    looks = read_looks(workspace)
    parts = render_sample(workspace, looks)
    message = _("theme “{theme}”, words in “{language}”")
    yield _well("templates", message.format(theme=looks.theme.name, language=looks.words.language))
    faults = told_by_theme(parts)
    for kind, ones in faults.items():
        for one in ones:
            health = Health.WRONG if kind == "tag" else Health.ATTENTION
            yield _told(one, health)
    if (missing := told_of_words(workspace, looks.words)) is not None:
        yield _told(missing, Health.ATTENTION)


def _told(fault: ToldFault, health: Health) -> Diagnosis:
    place = fault.place.file if fault.place.line is None else f"{fault.place.file}:{fault.place.line}"
    return Diagnosis(subject="templates", health=health, message=f"{place}: {fault.message}", hint=fault.suggestion)


def ask_list(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether the list can be read, to its last row. One that is elsewhere is not asked here."""
    from newsletter_cli.audience.check import check_list
    from newsletter_cli.audience.row import Tally
    from newsletter_cli.flows.audience import open_audience
    from newsletter_cli.model import Level

    try:
        with open_audience(workspace, is_aside=True) as audience:
            if audience.source.kind in REMOTE:
                message = _("the list is {name}, which is not asked here: nl list stats does")
                yield _well("list", message.format(name=audience.source.name))
                return
            tally = Tally()
            errors = [one for one in check_list(audience.source, tally) if one.level is Level.ERROR]
    except NotTrusted:
        yield _well("list", _("the list takes a command or a secret, which is not used here; nl list stats opens it"))
        return
    except NoListYet as error:
        yield Diagnosis(subject="list", health=Health.ATTENTION, message=str(error), hint=error.hint)
        return
    except NewsletterError as error:
        yield _at(workspace, _key_of(workspace, error), Health.WRONG, str(error), error.hint)
        return
    if errors and len(errors) >= tally.candidates:
        message = _("no row of the list can be used; {place}: {reason}")
        first = errors[0]
        message = message.format(place=f"{first.file}:{first.line}", reason=first.message)
        yield Diagnosis(subject="list", health=Health.WRONG, message=message, hint="nl list check")
    elif errors:
        first = errors[0]
        message = ngettext(
            "{count} row of the list cannot be used; {place}: {reason}",
            "{count} rows of the list cannot be used; {place}: {reason}",
            len(errors),
        ).format(count=len(errors), place=f"{first.file}:{first.line}", reason=first.message)
        yield Diagnosis(subject="list", health=Health.ATTENTION, message=message, hint="nl list check")
    elif not tally.candidates:
        message = _("the list is empty: nobody would get an issue")
        yield Diagnosis(
            subject="list", health=Health.WRONG, message=message, hint=_("one person a row, below the first")
        )
    else:
        message = ngettext("a mailing list of {count} row", "a mailing list of {count} rows", tally.candidates)
        yield _well("list", message.format(count=tally.candidates))


def _key_of(workspace: Workspace, error: NewsletterError) -> KeyPath:
    """The key that a fault of the list is about: the column that it names, else the file or the source."""
    settings = workspace.config.list
    for field in fields(settings.columns):
        column = getattr(settings.columns, field.name)
        if column and f"“{column}”" in error.message:
            return ("list", "columns", field.name)
    if error.line:
        return ("list", "columns")
    return ("list", "file" if settings.source in ("auto", "csv") else "source")


def ask_due(workspace: Workspace) -> Iterator[Diagnosis]:
    """What has been kept for long enough."""
    from newsletter_cli.flows.list_export import due_for_purge

    due = {kind: count for kind, count in due_for_purge(workspace).items() if count}
    if due:
        shown = ", ".join(f"{kind} {count}" for kind, count in due.items())
        message = _("Kept long enough, to be erased by `nl list purge`: {due}").format(due=shown)
        yield Diagnosis(subject="list", health=Health.ATTENTION, message=message)


def ask_signing(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether messages can be signed, and the certificates read, as the configuration wants it."""
    from newsletter_cli.deliver.smtp.server import read_trust
    from newsletter_cli.flows.sending.transport import choose_transport, open_signer

    dkim = workspace.config.send.dkim
    if dkim.selector is not None:
        path: KeyPath = ("send", "dkim", "key_file" if dkim.key_file is not None else "selector")
        try:
            open_signer(workspace)
            yield _well("send", _("messages are signed (DKIM), selector {selector}").format(selector=dkim.selector))
        except NotTrusted:
            pass  # told of with the other commands
        except NewsletterError as error:
            yield _at(workspace, path, Health.WRONG, str(error), error.hint)
    elif dkim.key_file is not None or dkim.key_command:
        yield _at(
            workspace,
            ("send", "dkim"),
            Health.WRONG,
            _("[send.dkim] names a key and no selector: nothing is signed"),
            _('add: selector = "…", the name under which the domain publishes the other half'),
        )
    ca_file = workspace.config.send.smtp.ca_file
    if ca_file is not None:
        try:
            options = choose_transport(workspace, None).options
            read_trust(None if options.ca_file is None else workspace.root / options.ca_file.expanduser())
        except NewsletterError as error:
            yield _at(workspace, ("send", "smtp", "ca_file"), Health.WRONG, str(error), error.hint)


def _at(workspace: Workspace, path: KeyPath, health: Health, message: str, hint: str | None) -> Diagnosis:
    """What is wrong with a value that only the work itself could judge, with the line it stands on."""
    line = line_of_path(_config_text(workspace), path)
    place = CONFIG_FILE if line is None else f"{CONFIG_FILE}:{line}"
    if not message.startswith(CONFIG_FILE):
        message = f"{place}: {message}"
    return Diagnosis(subject=str(path[0]) if path[0] in ("list", "send") else CONFIG_FILE, health=health,
                     message=message, hint=hint)  # fmt: skip


def _well(subject: str, message: str) -> Diagnosis:
    return Diagnosis(subject=subject, health=Health.WELL, message=message)


def _config_text(workspace: Workspace) -> str:
    return read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE)
