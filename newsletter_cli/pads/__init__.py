"""Shared pads, where people write together what becomes a section: one adapter for each kind of host."""
