"""What was found in the language of an issue: what the rules on it are given, and what scripts get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter_cli.check.language.reader import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageReport:
    """All faults, in the order of the texts.

    `readers` are the names of those that read, by language. `unread` are languages of the issue that nothing installed
    reads, with how many words of each; `failures` are the last words of readers that failed, by name.
    """

    faults: tuple[Fault, ...] = ()
    readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
