"""`python -m tests.compiling`: what Python and pytest make of the sources, made once and by all cores.

Else each worker of pytest begins with making all of it for itself.
"""

from __future__ import annotations

import ast
import compileall
import importlib.util
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from _pytest.assertion.rewrite import PYC_TAIL, _read_pyc, _write_pyc_fp, get_cache_dir, rewrite_asserts

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    for folder in ("newsletter_cli", "tests"):
        compileall.compile_dir(str(ROOT / folder), quiet=2, workers=0)
    stale = list(stale_modules())
    if stale:
        with ProcessPoolExecutor() as processes:
            list(processes.map(write_rewritten, stale, chunksize=8))


def stale_modules() -> Iterator[Path]:
    """The modules whose `assert` pytest rewrites, as far as that was not done yet for what they say now."""
    for name in ("test_*.py", "conftest.py"):
        for path in (ROOT / "tests").rglob(name):
            if _read_pyc(path, rewritten(path)) is None:
                yield path


def rewritten(path: Path) -> Path:
    """Where pytest looks for what it made of a module."""
    return get_cache_dir(path) / (path.stem + PYC_TAIL)


def write_rewritten(path: Path) -> None:
    source = path.read_bytes()
    tree = ast.parse(source, filename=str(path))
    rewrite_asserts(tree, source, str(path))
    code = compile(tree, str(path), "exec", dont_inherit=True)
    made = rewritten(path)
    made.parent.mkdir(exist_ok=True)
    aside = made.with_suffix(f".{os.getpid()}")
    with aside.open("wb") as file:
        _write_pyc_fp(file, importlib.util.source_hash(source), code)
    aside.replace(made)


if __name__ == "__main__":
    main()
