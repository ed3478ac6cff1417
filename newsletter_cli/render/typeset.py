"""What readers are shown, properly set: the typography of an issue's trees and fields."""

from __future__ import annotations

from lxml import html
from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.markdown.typography import TypographyRules, correct_text
from newsletter_cli.markdown.typography.tree import correct_tree
from newsletter_cli.model import Event, Issue, Job


class Typesetter(Struct, frozen=True):
    """Sets texts in the newsletter's language; with no rules everything stays as it was typed."""

    language: str
    rules: TypographyRules | None

    def set_tree(self, *trees: html.HtmlElement | None) -> None:
        """Correct the trees in place."""
        for tree in trees:
            if self.rules is not None and tree is not None:
                correct_tree(tree, self.language, self.rules)

    def set_issue(self, issue: Issue) -> Issue:
        """The issue, its title, summary, subject and preheader as readers see them."""
        if self.rules is None:
            return issue
        return replace(
            issue,
            title=self._set(issue.title),
            summary=self._set_optional(issue.summary),
            subject=self._set_optional(issue.subject),
            preheader=self._set_optional(issue.preheader),
        )

    def set_event(self, event: Event) -> Event:
        """The event, its title and place set; the description is a tree of its own."""
        return (
            event
            if self.rules is None
            else replace(event, title=self._set(event.title), place=self._set_optional(event.place))
        )

    def set_job(self, job: Job) -> Job:
        """The job offer, its title and employer set."""
        return (
            job
            if self.rules is None
            else replace(job, title=self._set(job.title), employer=self._set_optional(job.employer))
        )

    def _set(self, text: str) -> str:
        return text if self.rules is None else correct_text(text, self.language, self.rules)

    def _set_optional(self, text: str | None) -> str | None:
        return text if text is None else self._set(text)
