"""The domain: frozen values, no I/O, standard library only."""

from newsletter_cli.model.event import Event
from newsletter_cli.model.finding import Finding, Level
from newsletter_cli.model.issue import Issue, Section, SourceText, Status
from newsletter_cli.model.job import Job

__all__ = ["Event", "Finding", "Issue", "Job", "Level", "Section", "SourceText", "Status"]
