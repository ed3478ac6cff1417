"""`nl`: compose, check and mail a community newsletter kept as Markdown in Git."""

__version__ = "0.1.0"
