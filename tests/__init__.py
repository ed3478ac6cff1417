"""A package of its own name: a library that brings a `tests` along, as some do, does not stand in its place."""
