"""The rules, a module for each topic. `catalogue.py`, above, has the lists of them.

A rule is a pure function with `@rule` above it, which says its name, its level, and what the docs tell of it.
"""
