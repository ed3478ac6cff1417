"""`python scripts/smoke.py dist`: installs a wheel or an sdist into an empty environment and tries it there.

Of the standard library alone, and without the clone: what is tried is what users get. `--quick` installs nothing beyond
the package itself and takes the libraries of the Python that runs this.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

LIST = "email;name;status\nines@example.org;Inès;confirmed\nmalik@example.org;Malik;confirmed\n"


class Environment:
    """A virtual environment with the package, and a folder to work in."""

    def __init__(self, home: Path, work: Path):
        self.home, self.work = home, work
        self.bin = home / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.bin / ("python.exe" if os.name == "nt" else "python")

    def install(self, artifact: Path, *, is_quick: bool) -> None:
        """Put it in, with its dependencies."""
        venv.create(self.home, with_pip=not is_quick)
        if not is_quick:
            run([self.python, "-m", "pip", "install", "--quiet", "--no-warn-script-location", artifact])
            return
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet", "--no-deps", "--no-index"]
        run([*pip, "--no-build-isolation", artifact])
        asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
        site = Path(run([self.python, "-c", asked]).strip())
        (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")

    def call(self, program: str, *arguments: str, status: int = 0, language: str = "en") -> str:
        """What the program says, as long as it ends with that status."""
        ending = ".exe" if os.name == "nt" else ""
        return run([self.bin / f"{program}{ending}", *arguments], cwd=self.work, status=status, language=language)


def run(command: Sequence[str | Path], *, cwd: Path | None = None, status: int = 0, language: str = "en") -> str:
    """The output of a program. Ends this one where that goes wrong."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NL_", "PYTHON", "VIRTUAL_ENV"))}
    env = {**kept, "NL_LANG": language, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "default"}
    done = subprocess.run(
        [str(one) for one in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    if done.returncode != status or "Traceback" in said:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}, not {status}:\n{said}")
    return said


def need(text: str, said: str) -> None:
    """End where a text was not said."""
    if text not in said:
        sys.exit(f"this should have been said:\n{text}\nand was not:\n{said}")


def try_it(env: Environment, version: str) -> None:
    """The way of a newcomer, from the version to a report."""
    for program in ("nl", "newsletter"):
        need(f"nl {version}", env.call(program, "--version"))
    need("sending", env.call("nl", "help"))
    need("Exemple", env.call("newsletter", "new", "--help", language="fr"))
    env.call("newsletter", "init", "letter", "--name", "Tidings", "--language", "en")
    here = ("-C", "letter")
    need("newsletter status 1", env.call("newsletter", *here, "new", "1", "--date", "2026-12-15"))
    letter = env.work / "letter"
    for path in sorted((letter / "sections" / "001").glob("*.md")):
        if path.name != "_issue.md":
            path.write_text("---\nstatus: skip\n---\n", "utf-8")
    (letter / "sections" / "001" / "portrait.md").write_text(
        "---\nauthor: Malik\nstatus: ready\n---\n\nA spreadsheet of forty thousand lines.\n", "utf-8"
    )
    issue = letter / "sections" / "001" / "_issue.md"
    issue.write_text('---\ntitle: "Tidings 1"\ndate: 2026-12-15\n---\n\nHello everybody.\n', "utf-8")
    (letter / "list.csv").write_text(LIST, "utf-8")
    config = letter / "newsletter.toml"
    sender = 'name = "Tidings"\naddress = "letter@example.org"'
    config.write_text(config.read_text("utf-8").replace("[sender]\n", f"[sender]\n{sender}\n"), "utf-8")
    json.loads(env.call("newsletter", *here, "check", "1", "--offline", "--no-language", "--json"))
    need("email.html", env.call("newsletter", *here, "assemble", "1", "--offline"))
    need("Recipients  2", env.call("newsletter", *here, "send", "1", "--dry-run"))
    need("2 sent", env.call("newsletter", *here, "send", "1", "--yes"))
    need('"sent": 2', env.call("newsletter", *here, "report", "1", "--json"))
    need("Go on from here:", env.call("newsletter", "demo"))
    for page in ("share/man/man1/newsletter.1",):
        if not (env.home / page).is_file():
            sys.exit(f"{page} is not there")
    try_extras(env)


def try_extras(env: Environment) -> None:
    """What is missing is named, with what adds it."""
    absent = subprocess.run([env.python, "-c", "import mammoth"], capture_output=True, check=False).returncode
    if absent:
        with zipfile.ZipFile(env.work / "text.docx", "w") as document:
            document.writestr("[Content_Types].xml", "<Types/>")
            document.writestr("word/document.xml", "<document/>")
        said = env.call("newsletter", "-C", "letter", "import", "text.docx", "--section", "portrait", status=2)
        need("mammoth", said)


def main() -> None:
    """Install and try what is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("artifact", type=Path, nargs="+")
    parser.add_argument("--quick", action="store_true", help="take the libraries of this Python")
    chosen = parser.parse_args()
    named = [inner for one in chosen.artifact for inner in (sorted(one.iterdir()) if one.is_dir() else [one])]
    if not named:
        sys.exit("nothing to try")
    for artifact in named:
        with tempfile.TemporaryDirectory(prefix="nl-smoke-") as folder:
            env = Environment(Path(folder) / "env", Path(folder) / "work")
            env.work.mkdir()
            env.install(artifact.resolve(), is_quick=chosen.quick)
            version = artifact.name.removesuffix(".tar.gz").split("-")[1]
            try_it(env, version)
        print(f"{artifact.name} works on Python {sys.version_info.major}.{sys.version_info.minor}")


if __name__ == "__main__":
    main()
