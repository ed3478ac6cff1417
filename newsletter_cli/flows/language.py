"""The texts of an issue read for spelling and grammar, by what is installed on this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.readers import find_readers
from newsletter_cli.check.language.terms import TERMS
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.own_words import read_own_words
from newsletter_cli.workspace.sent import read_sent_records

if TYPE_CHECKING:
    from newsletter_cli.check.language.report import LanguageReport
    from newsletter_cli.check.subjects.manuscript import Manuscript

LANGUAGETOOL = "LanguageTool"


def read_texts(
    workspace: Workspace,
    manuscript: Manuscript,
    *,
    is_spelling_alone: bool = False,
    is_stopped: Callable[[], bool] = lambda: False,
) -> LanguageReport:
    """What is found in the issue; of spelling alone, where those that tell no unknown words need not be asked.

    Raises `ReaderStopped` when nobody waits any more, and as `read_own_words`.
    """
    own = frozenset(read_own_words(workspace))
    known = KnownWords(words=own | TERMS)
    server, refused = workspace.config.check.language.languagetool, {}
    if server is not None and not _is_permitted(workspace):
        refused = {LANGUAGETOOL: _("you have not trusted {server} with your texts: nl trust").format(server=server)}
        server = None
    installed = find_readers(manuscript.language, known, server=server)
    if is_spelling_alone:
        installed = replace(installed, readers=tuple(one for one in installed.readers if one.has_dictionary))
    if not installed.readers:
        from newsletter_cli.check.language.report import report_unread

        return report_unread(manuscript, refused)
    from newsletter_cli.check.language.learning import learnt_words
    from newsletter_cli.check.language.reading import read_language

    return read_language(
        manuscript,
        installed,
        known=known,
        has_own_words=bool(own),
        learn=lambda unknown: learnt_words(manuscript, unknown, installed.spellers, _sent_issues(workspace)),
        refused=refused,
        is_stopped=is_stopped,
    )


def _sent_issues(workspace: Workspace) -> frozenset[int]:
    try:
        return frozenset(read_sent_records(workspace))
    except NewsletterError:  # a send and `nl doctor` say so
        return frozenset()


def _is_permitted(workspace: Workspace) -> bool:
    """Whether texts may go to the server that the configuration names."""
    from newsletter_cli.base.trust import Trustable, TrustStore
    from newsletter_cli.flows.secret_uses import languagetool_use

    use = languagetool_use(workspace)
    return use is None or TrustStore().holds(Trustable(workspace=workspace.root, key=use.key, words=use.words))
