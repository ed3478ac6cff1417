"""A newsletter whose language has no words: its readers would get the English ones."""

from __future__ import annotations

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import line_of_path
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.render.words import Words
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.wording import find_words, read_words, speaks


class MissingWords(Struct, frozen=True, kw_only=True):
    """That the words are missing: where that is to be seen, and what to do."""

    file: str
    line: int | None
    message: str
    hint: str

    @property
    def place(self) -> str:
        """`file:line`, or the file."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


def find_missing_words(workspace: Workspace, words: Words | None = None) -> MissingWords | None:
    """What is to be said where the newsletter's language has no words; `None` where it has. Raises `ConfigError`."""
    language = workspace.config.newsletter.language
    words = words or read_words(workspace, language)
    if speaks(words, language):
        return None
    primary = language.partition("-")[0].lower()
    own = find_words(workspace, language)
    if own is not None:
        name = workspace.name_of(own)
        return MissingWords(
            file=name,
            line=line_of_path(read_text(own, name=name), ("language",)),
            message=_("these words say that they are “{language}”, and the newsletter's language is “{wanted}”").format(
                language=words.language, wanted=language
            ),
            hint=f'language = "{primary}"',
        )
    message = _("there are no words in “{language}”: “Unsubscribe”, “In this issue” and the like go out in English")
    return MissingWords(
        file=CONFIG_FILE,
        line=line_of_path(read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE), ("newsletter", "language")),
        message=message.format(language=language),
        hint=_("translate them in templates/words/{file}: nl words copy {language} makes it").format(
            file=f"{primary}.toml", language=primary
        ),
    )
