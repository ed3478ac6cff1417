"""What `nl doctor` learns by doing, as far as nothing changes and nothing leaves the machine: the theme renders a small
issue, the list is read, the key signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter_cli.base.called import as_called
from newsletter_cli.base.domains import ascii_address
from newsletter_cli.base.errors import NewsletterError, NoListYet, NotTrusted
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.plain_toml import line_of_path
from newsletter_cli.base.strict import Path as KeyPath
from newsletter_cli.base.tables import options_of
from newsletter_cli.check.subjects.renditions import ToldFault
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.config.list_settings import ListSettings
from newsletter_cli.flows.diagnosis import Diagnosis, Health
from newsletter_cli.flows.way_out import way_out_notes
from newsletter_cli.model.subscriber import Exclusion, Reason
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.audience.select import Selection
    from newsletter_cli.deliver.ledger.freeze import MessageFault

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


def ask_way_out(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether readers can leave as they are told they can."""
    if workspace.config.reply_address is not None:
        for note in way_out_notes(workspace.config):
            path = ("email", "unsubscribe") if workspace.config.email.unsubscribe else ("email",)
            yield _at(workspace, path, Health.ATTENTION, note, None)


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
    """Whether the list can be read, to its last row, and somebody written to. One elsewhere is not asked here."""
    from newsletter_cli.flows.audience import open_audience

    if (address := workspace.config.send.to_list) is not None:
        message = _("issues go to the list {address}; who is on it, only its list server knows")
        yield _well("list", message.format(address=address))
        return
    yield from _missing_file(workspace)
    try:
        with open_audience(workspace, is_aside=True) as audience:
            if audience.source.kind in REMOTE:
                message = _("the list is {name}, which is not asked here: nl list stats does")
                yield _well("list", message.format(name=audience.source.name))
            else:
                yield from _read_to_the_end(workspace, audience.select())
    except NotTrusted:
        yield _well("list", _("the list takes a command or a secret, which is not used here; nl list stats opens it"))
    except NoListYet as error:
        yield Diagnosis(subject="list", health=Health.ATTENTION, message=str(error), hint=error.hint)
    except NewsletterError as error:
        yield _at(workspace, _key_of(workspace, error), Health.WRONG, str(error), error.hint)


def _missing_file(workspace: Workspace) -> Iterator[Diagnosis]:
    """A file that is named and not there, where another list would be taken in its place."""
    settings = workspace.config.list
    if settings.source == "auto" and settings.file != ListSettings().file:
        path = workspace.root / settings.file
        if not path.exists():
            message = _("list.file: there is no file {file}").format(file=settings.file)
            yield _at(workspace, ("list", "file"), Health.WRONG, message, _("write it, or name the one there is"))


def _read_to_the_end(workspace: Workspace, selection: Selection) -> Iterator[Diagnosis]:
    from newsletter_cli.flows.sending.personal import read_faults
    from newsletter_cli.flows.sending.words import reason_names

    fault_of = read_faults(workspace.config)
    invalid: list[Exclusion] = []
    faults: list[MessageFault] = []
    for one in selection:
        if isinstance(one, Exclusion):
            invalid += [one] if one.reason is Reason.INVALID else []
        elif (fault := fault_of(one)) is not None:
            faults.append(fault)
    name = selection.source.name
    for told in selection.faults:
        place = name if told.row is None else f"{name}:{told.row}"
        yield Diagnosis(subject="list", health=Health.WRONG, message=f"{place}: {told.message}", hint=told.hint)
    if invalid:
        message = ngettext(
            "{count} row of the list cannot be used; {place}: {reason}",
            "{count} rows of the list cannot be used; {place}: {reason}",
            len(invalid),
        ).format(count=len(invalid), place=f"{name}:{invalid[0].row}", reason=invalid[0].detail)
        yield Diagnosis(subject="list", health=Health.ATTENTION, message=message, hint=as_called("nl list check"))
    if faults:
        message = ngettext(
            "{count} person cannot be written to: {reason}",
            "{count} people cannot be written to: {reason}",
            len(faults),
        ).format(count=len(faults), reason=faults[0].reason)
        yield _at(
            workspace, ("personal", faults[0].part), Health.WRONG, message,
            _("give the field a fallback, or the list a column of that name"),
        )  # fmt: skip
    if not selection.candidates:
        message = _("the list is empty: nobody would get an issue")
        yield Diagnosis(
            subject="list", health=Health.WRONG, message=message, hint=_("one person a row, below the first")
        )
    elif not selection.recipients:
        reasons = ", ".join(f"{reason_names()[reason]} {count}" for reason, count in selection.excluded.items())
        message = _("nobody on the list would get an issue ({reasons})").format(reasons=reasons)
        yield Diagnosis(subject="list", health=Health.WRONG, message=message, hint=as_called("nl list check"))
    else:
        text = ngettext(
            "{count} person on the list would get an issue", "{count} people on the list would get an issue",
            selection.recipients,
        )  # fmt: skip
        yield _well("list", text.format(count=selection.recipients))


def _key_of(workspace: Workspace, error: NewsletterError) -> KeyPath:
    """The key that a fault of the list is about: the column that it names, else the file or the source."""
    settings = workspace.config.list
    for name in options_of(settings.columns):
        column = getattr(settings.columns, name)
        if column and f"“{column}”" in error.message:
            return ("list", "columns", name)
    if error.line:
        return ("list", "columns")
    return ("list", "file" if settings.source in ("auto", "csv") else "source")


def ask_due(workspace: Workspace) -> Iterator[Diagnosis]:
    """What has been kept for long enough."""
    from newsletter_cli.flows.list_export import due_for_purge

    due = {kind: count for kind, count in due_for_purge(workspace, is_aside=True).items() if count}
    if due:
        shown = ", ".join(f"{kind} {count}" for kind, count in due.items())
        message = _("Kept long enough, to be erased by `nl list purge`: {due}").format(due=shown)
        yield Diagnosis(subject="list", health=Health.ATTENTION, message=message)


def ask_signing(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether messages can be signed, and the certificates read, as the configuration wants it."""
    from newsletter_cli.deliver.smtp.server import read_server_trust
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
    smtp = workspace.config.send.smtp
    if smtp.user is None and (smtp.password_command or smtp.password_keyring):
        key = "password_command" if smtp.password_command else "password_keyring"
        yield _at(
            workspace,
            ("send", "smtp", key),
            Health.WRONG,
            _("[send.smtp] names a password and no user: nobody logs in"),
            _('add: user = "…"'),
        )
    ca_file = smtp.ca_file
    if ca_file is not None:
        try:
            read_server_trust(choose_transport(workspace, None).ca_file)
        except NewsletterError as error:
            yield _at(workspace, ("send", "smtp", "ca_file"), Health.WRONG, str(error), error.hint)


def ask_complaints(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether providers may believe where complaints are to go: RFC 9477, 3.1 wants it signed by the domain named."""
    config = workspace.config
    complaints, sender = config.send.complaints, config.sender.address
    # Domains of one organisation share their last two labels, at least.
    if complaints and sender and _last_labels(complaints) != _last_labels(sender):
        yield _at(
            workspace,
            ("send", "complaints"),
            Health.ATTENTION,
            _(
                "send.complaints is of another domain than the sender: providers heed it only with a signature of "
                "that one"
            ),
            _("take an address of the sender’s domain"),
        )


def _last_labels(address: str) -> list[str]:
    return ascii_address(address).lower().rstrip(".").rpartition("@")[2].split(".")[-2:]


def _at(workspace: Workspace, path: KeyPath, health: Health, message: str, hint: str | None) -> Diagnosis:
    """What is wrong with a value that only the work itself could judge, with the line it stands on."""
    line = line_of_path(_config_text(workspace), path)
    place = CONFIG_FILE if line is None else f"{CONFIG_FILE}:{line}"
    if not message.startswith(CONFIG_FILE):
        message = f"{place}: {message}"
    return Diagnosis(subject=str(path[0]) if path[0] in ("list", "send", "personal") else CONFIG_FILE, health=health,
                     message=message, hint=hint)  # fmt: skip


def _well(subject: str, message: str) -> Diagnosis:
    return Diagnosis(subject=subject, health=Health.WELL, message=message)


def _config_text(workspace: Workspace) -> str:
    return read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE)
