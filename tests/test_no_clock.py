"""No test judges by the clock: a busy machine takes longer, and is right all the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# Time that passes; `thread_time` is the processor's, which tests/growth.py compares with itself.
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "time", "time_ns", "process_time"}


class Timers:
    """Functions of the tests that give back how long something took, by name: at which places of what they give back,
    `None` being all of it.
    """

    def __init__(self, trees: Iterable[ast.Module]):
        self._places: dict[str, set[int | None]] = {}
        for tree in trees:
            for function in functions(tree):
                measured = measured_names(function)
                for one in ast.walk(function):
                    if isinstance(one, ast.Return) and one.value is not None:
                        self._learn(function.name, one.value, measured)

    def _learn(self, name: str, value: ast.expr, measured: frozenset[str]) -> None:
        parts: list[tuple[int | None, ast.expr]] = [(None, value)]
        if isinstance(value, ast.Tuple):
            parts = list(enumerate(value.elts))
        found = {place for place, part in parts if is_measured(part, measured)}
        if found:
            self._places.setdefault(name, set()).update(found)

    @property
    def names(self) -> set[str]:
        return set(self._places)

    def places(self, value: ast.expr) -> set[int | None]:
        return self._places.get(called(value), set())


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def called(node: ast.AST) -> str:
    """The name of the function, or of the method, that is called."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def is_measured(node: ast.AST, measured: frozenset[str], timers: Timers | None = None) -> bool:
    """Whether an expression has a difference of two readings of a clock in it, a name that holds one, or a call that
    gives one back.
    """
    return any(
        (isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub) and called(one.left) in CLOCKS)
        or (isinstance(one, ast.Name) and one.id in measured)
        or (timers is not None and isinstance(one, ast.Call) and None in timers.places(one))
        for one in ast.walk(node)
    )


def measured_names(function: ast.AST, timers: Timers | None = None) -> frozenset[str]:
    """The names in a function that hold how long something took."""
    names: set[str] = set()
    for one in ast.walk(function):
        if not isinstance(one, ast.Assign):
            continue
        targets: list[ast.expr] = []
        if is_measured(one.value, frozenset(), timers):
            targets = one.targets
        elif timers is not None and len(one.targets) == 1 and isinstance(one.targets[0], ast.Tuple):
            given = one.targets[0].elts
            targets = [given[place] for place in timers.places(one.value) if place is not None and place < len(given)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(names)


def judgements(tree: ast.Module, timers: Timers) -> Iterator[int]:
    """The lines of assertions about how long something took."""
    for function in functions(tree):
        measured = measured_names(function, timers)
        for one in ast.walk(function):
            if isinstance(one, ast.Assert) and is_measured(one.test, measured, timers):
                yield one.lineno


def naming(texts: Mapping[Path, str], words: Iterable[str]) -> dict[Path, ast.Module]:
    """The files in which one of these words stands: most have none, and need not be parsed."""
    word = re.compile(rf"\b(?:{'|'.join(words)})\(")
    return {path: ast.parse(text) for path, text in texts.items() if word.search(text)}


def test_no_test_judges_by_the_clock() -> None:
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in sorted(TESTS.rglob("*.py"))
        if "node_modules" not in path.parts
    }
    timers = Timers(naming(texts, CLOCKS).values())
    trees = naming(texts, CLOCKS | timers.names)
    found = [f"{path.relative_to(TESTS)}:{line}" for path, tree in trees.items() for line in judgements(tree, timers)]
    assert found == [], "inject a clock, count calls, wait for a condition, or see tests/growth.py and tests/waiting.py"


TIMERS = """
def took():
    return time.monotonic() - began
def end():
    seconds = time.monotonic() - began
    return 0, seconds
"""


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ("assert time.monotonic() - began < 2", True),
        ("assert 1 < perf_counter() - began < 2", True),
        ("seconds = time.time() - began\n    assert seconds < 2", True),
        # Measured by somebody else, who gives it back.
        ("assert took() < 2", True),
        ("assert 2 * program.took() < 2", True),
        ("seconds = took()\n    assert seconds < 2", True),
        ("status, seconds = program.end()\n    assert seconds < 2", True),
        ("status, seconds = program.end()\n    assert status == 0", False),
        # A limit to waiting for something.
        ("assert time.monotonic() < deadline, 'never'", False),
        ("sleep(time.monotonic() - began)\n    assert done", False),
    ],
)
def test_what_is_one(body: str, is_one: bool) -> None:
    tree = ast.parse(f"{TIMERS}def test():\n    {body}\n")
    assert bool(list(judgements(tree, Timers([tree])))) is is_one
