"""One table of medians: whole processes against a bare import, stages inside one process.

Absolute times drift from machine to machine and from minute to minute; only ratios inside one run mean something,
so the variants of a round are interleaved.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from bench.issues import make_workspaces
from bench.stages import STAGES, warm_up

NL = [sys.executable, "-m", "newsletter_cli"]


def measure(variants: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median time of each variant, in milliseconds, over interleaved rounds."""
    times: dict[str, list[float]] = {name: [] for name in variants}
    for _round in range(rounds):
        for name, run in variants.items():
            start = perf_counter()
            run()
            times[name].append((perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def process(*arguments: str) -> Callable[[], object]:
    """A whole process, its output thrown away. Faults of the content (a long issue is too long) are no failure."""

    def run() -> None:
        # What is compiled once stays compiled, as for everybody who has not forbidden it.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        done = subprocess.run(
            arguments, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
        )
        if done.returncode > 1:
            raise SystemExit(done.stderr.decode(errors="replace"))

    return run


def whole_processes(workspaces: dict[str, Path], rounds: int) -> None:
    variants = {"python -c 'import typer, rich'": process(sys.executable, "-c", "import typer, rich")}
    variants["nl --help"] = process(*NL, "--help")
    for name, root in workspaces.items():
        variants[f"nl assemble --offline ({name})"] = process(*NL, "-C", str(root), "assemble", "1", "--offline")
    for run in variants.values():
        run()
    medians = measure(variants, rounds)
    base = next(iter(medians.values()))
    print(f"\n{'whole process':<44}{'ms':>8}{'ratio':>8}")
    for name, median in medians.items():
        print(f"{name:<44}{median:>8.0f}{median / base:>8.2f}")


def stages(workspaces: dict[str, Path], rounds: int) -> None:
    names = list(workspaces)
    print(f"\n{'stage, once warm (ms)':<44}" + "".join(f"{name:>16}" for name in names))
    columns = {}
    for name, root in workspaces.items():
        work = warm_up(root)
        columns[name] = measure({stage: lambda run=run, work=work: run(work) for stage, run in STAGES.items()}, rounds)  # type: ignore[misc]
    for stage in STAGES:
        print(f"{stage:<44}" + "".join(f"{columns[name][stage]:>16.1f}" for name in names))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspaces = make_workspaces(Path(folder))
        print(f"medians of {options.rounds} interleaved rounds, Python {sys.version.split()[0]} on {sys.platform}")
        whole_processes(workspaces, options.rounds)
        stages(workspaces, options.rounds)


if __name__ == "__main__":
    main()
