"""The domain: frozen values, no I/O, standard library only."""

from newsletter_cli.model.event import Event
from newsletter_cli.model.finding import Edit, Finding, Level, Place, Rule
from newsletter_cli.model.issue import Issue, Section, SourceText, Status
from newsletter_cli.model.job import Job

__all__ = ["Edit", "Event", "Finding", "Issue", "Job", "Level", "Place", "Rule", "Section", "SourceText", "Status"]
