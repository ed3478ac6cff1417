"""Regular expressions that are compiled when they are first needed, for rules: see `base/pattern.py`."""

from __future__ import annotations

from newsletter_cli.base.pattern import Pattern

__all__ = ["Pattern"]
