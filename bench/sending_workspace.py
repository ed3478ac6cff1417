"""The workspace that `bench.sending` sends from: one issue of the wanted size, a list, and `nl` as a process."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.__main__ import NL
from bench.sending_peers import HOST, LIMIT_SECONDS, MESSAGE_BYTES, reader

NL_CONNECTIONS = 10
SIZES_BYTES = (80_000, 90_000)

SETTINGS = """[newsletter]
name = "La lettre"
language = "fr"
timezone = "Europe/Paris"

[post]
url = "https://www.example.org/newsletters/{{slug}}/"

[email]
legal = ["Vous recevez cette lettre parce que vous vous y êtes inscrit."]

[sender]
name = "La lettre"
address = "lettre@example.org"
reply_to = "contact@example.org"

[[sections]]
slug = "lectures"
title = "Lectures"

[send.smtp]
connections = {connections}
"""
ISSUE = """---
title: "Lettre 1"
date: 2026-01-15T13:00:00+01:00
summary: Tout ce qui a été relu cette année.
subject: Tout ce qui a été relu
preheader: Les fiches du catalogue, la méthode et les dates à venir
---
"""
CARD = """### Fiche {number}

Une équipe de **trois personnes** a relu les _mille deux cents_ fiches du catalogue. La méthode est décrite dans la
[note de travail numéro {number}](https://www.example.org/notes/{number}). Mesurer d’abord, corriger ensuite.

- un format commun
- deux relectures par fiche

"""


class Workspace:
    """One issue and one list, in a folder."""

    def __init__(self, root: Path, *, connections: int = NL_CONNECTIONS, message_bytes: int | None = None) -> None:
        self.root = root
        self.bodies = root / "build" / "001"
        (root / "sections" / "001").mkdir(parents=True)
        self.configure(connections)
        (root / "sections" / "001" / "_issue.md").write_text(ISSUE, encoding="utf-8")
        self.write_cards(1)
        if message_bytes is not None:
            short = self.message_bytes()
            self.write_cards(21)
            each = (self.message_bytes() - short) / 20
            self.write_cards(1 + round((message_bytes - short) / each))

    def connect(self, connections: int) -> None:
        """Have so many connections from now on; the build is of that configuration."""
        self.configure(connections)
        self.nl("assemble", "1", "--offline")

    def configure(self, connections: int) -> None:
        (self.root / "newsletter.toml").write_text(SETTINGS.format(connections=connections), encoding="utf-8")

    def write_cards(self, count: int) -> None:
        text = "".join(CARD.format(number=number) for number in range(1, count + 1))
        path = self.root / "sections" / "001" / "lectures.md"
        path.write_text(f"---\nstatus: ready\n---\n\n{text}", encoding="utf-8")
        self.nl("assemble", "1", "--offline")

    def message_bytes(self) -> int:
        return (self.bodies / "email.eml").stat().st_size

    def write_list(self, rows: int) -> Path:
        path = self.root / f"list-{rows}.csv"
        if not path.exists():
            with path.open("w", encoding="utf-8") as file:
                file.write("email;name\n")
                file.writelines(f"{reader(number)};Reader {number}\n" for number in range(rows))
        return path

    def nl(self, *arguments: str) -> str:
        """What a command prints. Any status but 0 ends the measurements."""
        done = subprocess.run(
            [*NL, "-C", str(self.root), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
        if done.returncode:
            raise SystemExit(f"nl {' '.join(arguments)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def dry_run(self, rows: int) -> tuple[float, dict[str, Any]]:
        """Seconds, and what was said."""
        self.forget()
        path = self.write_list(rows)
        start = perf_counter()
        said = self.nl("send", "1", "--dry-run", "--json", "--list", str(path))
        seconds = perf_counter() - start
        found = read_object(said)
        if found["messages_verified"] != rows:
            raise SystemExit(f"{found['messages_verified']} messages verified, not {rows}")
        return seconds, found

    def check_size(self) -> None:
        """The messages themselves are as long as they are meant to be."""
        size_bytes = self.dry_run(20)[1]["size_bytes"]["median"]
        if not SIZES_BYTES[0] <= size_bytes <= SIZES_BYTES[1]:
            raise SystemExit(f"messages of {size_bytes} bytes, not of about {MESSAGE_BYTES}")

    def send_arguments(self, port: int, rows: int) -> list[str]:
        path = self.write_list(rows)
        return ["send", "1", "--yes", "--list", str(path), "--transport", f"smtp://{HOST}:{port}"]

    def send(self, port: int, rows: int) -> None:
        self.nl(*self.send_arguments(port, rows))

    def report(self, rows: int) -> float:
        """Seconds. The ledger must say that each message was sent."""
        start = perf_counter()
        said = read_object(self.nl("report", "1", "--json"))
        seconds = perf_counter() - start
        if said["counts"]["sent"] != rows or not said["complete"]:
            raise SystemExit(f"not all of {rows} sent: {said}")
        return seconds

    def forget(self) -> None:
        """Nothing has been sent."""
        for path in (*(self.root / "state").glob("ledger*"), *(self.root / "sent").glob("*.toml")):
            path.unlink()


def read_object(text: str) -> dict[str, Any]:
    """The JSON object that is all of a text."""
    found = json.loads(text)
    assert isinstance(found, dict)
    return found
