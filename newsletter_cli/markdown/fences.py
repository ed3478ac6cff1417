"""The language that the fence of a block of code names, and whether it is known."""

from __future__ import annotations

from functools import cache

from newsletter_cli.base.pattern import Pattern

# `python`, `{.python}`, `{r echo=FALSE}`, `js,ignore`, `c++ title="x"`.
NAMED = Pattern(r"\s*\{?\s*[.=]?(?P<name>[\w+#-]+)")
# Those that ask for no colours.
PLAIN = frozenset(("text", "txt", "plain", "plaintext", "none", "nohighlight", "raw", "output", "ascii"))

# Known to Pygments, which takes longer to load than an issue to be read.
COMMON = frozenset(
    ("bash", "c", "console", "cpp", "css", "diff", "docker", "go", "html", "ini", "java", "javascript", "jinja",
     "js", "json", "julia", "latex", "make", "markdown", "md", "php", "powershell", "py", "python", "r", "ruby", "rust",
     "scala", "sh", "shell", "sql", "toml", "ts", "typescript", "xml", "yaml")
)  # fmt: skip


def fence_language(info: str) -> str:
    """The language, in small letters; empty where there is none, or plain text is asked for."""
    found = NAMED.match(info)
    name = found["name"].lower() if found else ""
    return "" if name in PLAIN else name


def is_known_language(name: str) -> bool:
    """Whether colours are known for the language, by a name in small letters."""
    return name in COMMON or name in known_languages()


@cache
def known_languages() -> frozenset[str]:
    """All names of languages that colours are known for."""
    # Here, for few issues have code in another language than the common ones.
    from pygments.lexers import get_all_lexers

    return frozenset(alias for _name, aliases, _patterns, _types in get_all_lexers(plugins=False) for alias in aliases)
