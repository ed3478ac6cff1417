"""The JSON Schema that editors complete from says what the reader says."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import jsonschema
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.strict import read_strictly
from newsletter_cli.config import Config, parse_config
from newsletter_cli.config.schema import build_schema
from tests.examples import examples
from tests.workspaces import ROOT

SCHEMA = build_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def schema_accepts(data: dict[str, Any]) -> bool:
    return bool(VALIDATOR.is_valid(data))


def reader_accepts(data: dict[str, Any]) -> bool:
    return not read_strictly(Config, data)[1]


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_described() -> None:
    def descriptions(schema: dict[str, Any]) -> list[str]:
        own = [schema.get("description", "")] if "properties" not in schema else []
        return own + [text for item in schema.get("properties", {}).values() for text in descriptions(item)]

    assert all(descriptions(SCHEMA))


def test_the_shipped_schema_and_sample_agree_with_the_settings() -> None:
    assert json.loads((ROOT / "newsletter.schema.json").read_text(encoding="utf-8")) == SCHEMA
    sample = (ROOT / "newsletter.toml").read_text(encoding="utf-8")
    VALIDATOR.validate(tomllib.loads(sample))
    parse_config(sample)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[newsletter]",
        "[newsletter]\nname = ''",
        "[newsletter]\nname = ' \t '",
        "[newsletter]\nname = 'x'",
        "[newsletter]\nname = 1",
        "[newsletter]\nname = 2026-01-01",
        "[newsletter]\nname = ['x']",
        "[newsletter]\nname = 'x'\nunknown = 1",
        "[newsletter]\nname = 'x'\nlanguage = 'fr-FR'",
        "[newsletter]\nname = 'x'\nlanguage = 'FR'",
        "[newsletter]\nname = 'x'\nlanguage = ''",
        "[newsletter]\nname = 'x'\nlanguage = 'fr-'",
        "[newsletter]\nname = 'x'\ndirection = 'rtl'",
        "[newsletter]\nname = 'x'\ndirection = 'RTL'",
        "[newsletter]\nname = 'x'\ntagline = ''",
        "[newsletter]\nname = 'x'\n[post]\nheading_level = 1",
        "[newsletter]\nname = 'x'\n[post]\nheading_level = 6",
        "[newsletter]\nname = 'x'\n[post]\nheading_level = 0",
        "[newsletter]\nname = 'x'\n[post]\nheading_level = 7",
        "[newsletter]\nname = 'x'\n[post]\nheading_level = true",
        "[newsletter]\nname = 'x'\n[post]\nheading_level = 1.5",
        "[newsletter]\nname = 'x'\n[post]\nnumbered = 'true'",
        "[newsletter]\nname = 'x'\n[post]\ntime = '09:30'",
        "[newsletter]\nname = 'x'\n[post]\ntime = '9:30'",
        "[newsletter]\nname = 'x'\n[post]\ntime = '1\u0662:00'",
        "[newsletter]\nname = 'x'\n[post]\nurl = 'https://example.org'",
        "[newsletter]\nname = 'x'\n[post]\nurl = 'https://example.org/{slug}/'",
        "[newsletter]\nname = 'x'\n[post]\nurl = 'ftp://example.org'",
        "[newsletter]\nname = 'x'\n[post]\nurl = 'https://example.org/a b'",
        "[newsletter]\nname = 'x'\n[post]\nurl = ''",
        "[newsletter]\nname = 'x'\n[email]\nlegal = ['a', 'b']",
        "[newsletter]\nname = 'x'\n[email]\nlegal = ['a', 1]",
        "[newsletter]\nname = 'x'\n[email]\ncontents = 'anchors'",
        "[newsletter]\nname = 'x'\n[email]\ncontents = 'all'",
        "[newsletter]\nname = 'x'\n[sender]\naddress = 'a@example.org'",
        "[newsletter]\nname = 'x'\n[sender]\naddress = 'A <a@example.org>'",
        "[newsletter]\nname = 'x'\n[[sections]]\nslug = 'a'\ntitle = 'A'",
        "[newsletter]\nname = 'x'\n[[sections]]\nslug = 'a'",
        "[newsletter]\nname = 'x'\n[[sections]]\nslug = 'a_b'\ntitle = 'A'",
        "[newsletter]\nname = 'x'\n[[sections]]\nslug = '-a'\ntitle = 'A'",
        "[newsletter]\nname = 'x'\n[[sections]]\nslug = 'a'\ntitle = ' '",
        "[newsletter]\nname = 'x'\n[[sections]]\nslug = 'a'\ntitle = 'A'\nstanding = 1",
        "[newsletter]\nname = 'x'\n[sections]\nslug = 'a'\ntitle = 'A'",
        "newsletter = 'x'",
        "[newsletter]\nname = 'x'\n[other]",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    data = tomllib.loads(text)
    assert schema_accepts(data) == reader_accepts(data)


TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "x", "fr", "en-GB", "auto", "ltr", "default", "online", "13:00", "24:00", "a-b", "A", "https://a.example/{slug}"]
    ),
    # `$` means "before a last line end" to Python's `re`, and nothing of the kind to the schema's own dialect.
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
)  # fmt: skip
VALUES = st.one_of(
    TEXTS,
    st.integers(-3, 9),
    st.booleans(),
    st.floats(0.1, 0.9),
    st.lists(TEXTS, max_size=2),
    st.dictionaries(st.sampled_from(["slug", "title", "name"]), TEXTS, max_size=3),
    st.dates(),
)


def tables(name: str) -> st.SearchStrategy[dict[str, Any]]:
    keys = list(SCHEMA["properties"][name]["properties"])
    return st.dictionaries(st.sampled_from([*keys, "unknown"]), VALUES, max_size=4)


@settings(examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {"newsletter": st.one_of(st.just({"name": "x"}), tables("newsletter"))},
        optional={
            "post": tables("post"),
            "email": tables("email"),
            "sender": tables("sender"),
            "sections": st.one_of(
                VALUES,
                st.lists(st.fixed_dictionaries({"slug": TEXTS, "title": TEXTS}, optional={"new": VALUES}), max_size=2),
            ),
        },
    )
)
def test_schema_and_reader_agree_on_anything(data: dict[str, Any]) -> None:
    assert schema_accepts(data) == reader_accepts(data)
    # Read from a text the answer is the same, but for what the schema cannot say: zones, patterns, doubles.
    message = fault_of(tomlkit.dumps(data))
    is_beyond = any(
        words in message
        for words in ("time zone", "there is no language", "means nothing", "two sections", "on Windows")
    )
    assert schema_accepts(data) == (not message or is_beyond)


def fault_of(text: str) -> str:
    try:
        parse_config(text)
    except ConfigError as error:
        return error.message
    return ""
