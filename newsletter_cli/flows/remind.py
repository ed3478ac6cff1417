"""`nl remind`: who owes which text until when; posted to a chat at most once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.chat.posting import Outcome, Posted, post_to_chat, refuse_unfit
from newsletter_cli.config.chat_settings import RemindSettings
from newsletter_cli.flows.reminded import Reminded
from newsletter_cli.flows.webhook import read_webhook
from newsletter_cli.model import Issue, Status
from newsletter_cli.render.reminder import Owed, person_of, render_reminder, sort_owed
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.read import read_issue
from newsletter_cli.workspace.wording import read_table, read_words


class Reminder(Struct, frozen=True, kw_only=True):
    """What is owed, and how the chat is told. `now` is in the newsletter's zone."""

    number: int
    day: date | None
    owed: tuple[Owed, ...]
    text: str
    now: datetime

    def as_dict(self, posted: Posted | None = None) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.number,
            "date": None if self.day is None else self.day.isoformat(),
            "owed": [
                {
                    "section": one.slug,
                    "title": one.title,
                    "author": one.author,
                    "due": None if one.due is None else one.due.isoformat(),
                    "days": one.days(self.now),
                    "late": one.is_late(self.now),
                }
                for one in self.owed
            ],
            "text": self.text,
            "posted": None if posted is None else posted.outcome.value,
        }


def build_reminder(workspace: Workspace, number: int, *, now: datetime) -> Reminder:
    """Who owes what. Raises `ContentError` for a file that cannot be read."""
    config = workspace.config
    now = now.astimezone(ZoneInfo(config.newsletter.timezone))
    issue = read_issue(workspace, number).issue
    language = config.newsletter.language
    words = read_words(workspace, language)
    owed = sort_owed(list(_owed(workspace, issue)), now)
    text = render_reminder(
        owed,
        newsletter=config.newsletter.name,
        number=number,
        words=words,
        remind=read_table(words, language, lambda words: words.remind),
        language=language,
        now=now,
    )
    return Reminder(
        number=number, day=None if issue.date is None else issue.date.date(), owed=tuple(owed), text=text, now=now
    )


def _owed(workspace: Workspace, issue: Issue) -> Iterator[Owed]:
    """The sections that are drafts, and those that an issue has and that have no file yet."""
    usual = None if issue.date is None else issue.date.date() - timedelta(days=workspace.config.remind.days_before)
    for section in issue.sections:
        if section.status is Status.DRAFT:
            yield Owed(
                slug=section.slug,
                title=section.title,
                author=person_of(section.author),
                due=usual if section.due is None else section.due,
            )
    present = {section.slug for section in issue.sections}
    for settings in workspace.config.sections:
        if settings.new and not settings.standing and settings.slug not in present:
            yield Owed(slug=settings.slug, title=settings.title, due=usual)


def post_reminder(workspace: Workspace, reminder: Reminder, *, is_again: bool = False) -> Posted:
    """Post the text to the chat that is configured: at most once a day for an issue, whoever else does it at once.

    `is_again`: even where today's is there, or may be. Raises `ChatError`, `NotTrusted`, and `AlreadyReminded`.
    """
    # Before anything is written down: an address that leads nowhere is no try.
    address = read_webhook(workspace, "remind", workspace.config.remind, RemindSettings().webhook_env)
    refuse_unfit(address)
    with Reminded(workspace, reminder.number, reminder.now.date()) as reminded:
        reminded.begin(is_again=is_again)
        posted = post_to_chat(address, reminder.text)
        if posted.outcome is Outcome.REFUSED:
            reminded.take_back()
        elif posted.outcome is Outcome.POSTED:
            reminded.done()
        return posted
