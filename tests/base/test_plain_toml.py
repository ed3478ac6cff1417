"""TOML that the editor writes: one wording for what is wrong, wherever it stands."""

from __future__ import annotations

import pytest

from newsletter_cli.base.errors import ConfigError, NewsletterError
from newsletter_cli.base.plain_toml import line_of_path, parse_toml
from newsletter_cli.config import parse_config
from newsletter_cli.markdown.frontmatter import parse_header, split_header
from newsletter_cli.render.words import parse_words


def fault_of_header(text: str) -> NewsletterError:
    with pytest.raises(NewsletterError) as caught:
        parse_header(split_header(f"+++\n{text}\n+++\n"), file="a.md")
    return caught.value


@pytest.mark.parametrize("text", ["a = 1\nb = mars", "a = 1\na = 2", "a = 1\nb = [", 'a = 1\nb = """x'])
def test_the_same_words_for_the_same_fault(text: str) -> None:
    with pytest.raises(ConfigError) as configuration:
        parse_config(text)
    with pytest.raises(ConfigError) as words:
        parse_words(text, file="fr.toml")
    header = fault_of_header(text)
    assert configuration.value.line == words.value.line == 2
    assert header.line == 3
    assert configuration.value.message.startswith("this is not valid TOML: ")
    assert configuration.value.hint == words.value.hint == header.hint
    assert {words.value.message.partition(":")[0], header.message.partition(":")[0]} == {"this is not valid TOML"}


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_what_tomllib_breaks_down_on_is_an_error_like_another(value: str) -> None:
    with pytest.raises(ConfigError, match=r"larger than any|nested more than"):
        parse_toml(f"a = {value}", file="a.toml")
    assert fault_of_header(f"a = {value}").line == 2


def test_the_line_of_a_key_or_of_the_nearest_table() -> None:
    text = 'a = 1\n[b]\n"c" = 1\n[[d]]\n[[d]]\nx = 1\n[b.e]\nf = 1\n'
    paths = [("a",), ("b",), ("b", "c"), ("d", 1, "x"), ("d", 0, "x"), ("b", "e", "f"), ("zzz",)]
    assert [line_of_path(text, path) for path in paths] == [1, 2, 3, 6, 4, 8, None]
