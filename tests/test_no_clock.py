"""No test judges by the clock: a busy machine takes longer, and is right all the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# Time that passes; `thread_time` is the processor's, which tests/growth.py compares with itself.
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "time", "time_ns", "process_time"}


def measures(node: ast.AST, measured: frozenset[str] = frozenset()) -> bool:
    """Whether an expression has a difference of two readings of a clock in it, or a name that holds one."""
    return any(
        (isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub) and reads_clock(one.left))
        or (isinstance(one, ast.Name) and one.id in measured)
        for one in ast.walk(node)
    )


def reads_clock(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in CLOCKS


def judgements(text: str) -> Iterator[int]:
    """The lines of assertions about how long something took."""
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        assigned = [one for one in ast.walk(function) if isinstance(one, ast.Assign) and measures(one.value)]
        names = frozenset(name.id for one in assigned for name in one.targets if isinstance(name, ast.Name))
        for one in ast.walk(function):
            if isinstance(one, ast.Assert) and measures(one.test, names):
                yield one.lineno


def test_no_test_judges_by_the_clock() -> None:
    found = [
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        if "node_modules" not in path.parts
        for line in judgements(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "inject a clock, count calls, wait for a condition, or see tests/growth.py and tests/waiting.py"


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ("assert time.monotonic() - began < 2", True),
        ("assert 1 < perf_counter() - began < 2", True),
        ("seconds = time.time() - began\n    assert seconds < 2", True),
        # A limit to waiting for something.
        ("assert time.monotonic() < deadline, 'never'", False),
        ("sleep(time.monotonic() - began)\n    assert done", False),
    ],
)
def test_what_is_one(body: str, is_one: bool) -> None:
    assert bool(list(judgements(f"def test():\n    {body}\n"))) is is_one
