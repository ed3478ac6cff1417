"""A program in the place of `grammalecte-cli`, which knows a few faults, and misbehaves by name."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

PROGRAM = r"""
import json, os, re, sys, time
FAULTS = {"rejoins": "rejoint", "décollée": "décollé"}
WRONG = ("développpé", "hakathon", "imporant", "Etalab")
HOW = @how

def answer(text, number):
    grammar = [
        {"nStart": one.start(), "nEnd": one.end(), "sType": "ppas", "sRuleId": "g__ppas_b1_a1_1",
          "sMessage": "Participe passé.", "aSuggestions": [FAULTS[one[0]]]}
        for one in re.finditer("|".join(FAULTS), text)
    ]
    spelling = [
        {"sType": "WORD", "sValue": one[0], "nStart": one.start(), "nEnd": one.end()}
        for one in re.finditer("|".join(WRONG), text)
    ]
    if HOW == "far-off":
        for one in grammar: one["nEnd"] += 10000
    if HOW == "other-paragraph": number += 1000
    if HOW == "other-names": grammar = [{"start": 1}]
    return {"iParagraph": number, "lGrammarErrors": grammar, "lSpellingErrors": spelling}

if HOW == "started": open(__file__ + "-started", "w").close()
if HOW == "crash":
    print("Traceback", file=sys.stderr); print("MemoryError: no room", file=sys.stderr); sys.exit(1)
if "-lo" in sys.argv: print("Python v3\nGrammalecte v2.1.9\nOptions:"); sys.exit(0)
if HOW == "hang": time.sleep(600)
if HOW == "silent": sys.exit(0)
if HOW == "rubbish": print("Python v3.4"); sys.exit(0)
if HOW == "latin-1": sys.stdout.buffer.write('{"data": "é"}'.encode("latin-1")); sys.exit(0)
if HOW == "list": print("[]"); sys.exit(0)
if HOW == "deep": print("[" * 100000); sys.exit(0)
if HOW == "endless":
    while True: sys.stdout.write("x" * 1000000)
with open(sys.argv[sys.argv.index("-f") + 1], encoding="utf-8") as file:
    found = [answer(text, number) for number, text in enumerate(file, 1)]
said = json.dumps({"grammalecte": "2.1", "data": found}, ensure_ascii=False)
if HOW == "bom": said = "\ufeff" + said
if HOW == "beside":
    with open("texts.res.txt", "w", encoding="utf-8") as file: file.write(said)
    said = "§ 1"
sys.stdout.reconfigure(encoding="utf-8")
print(said)
"""


def fake_program(folder: Path, how: str = "") -> str:
    """The program in that folder, which goes on `PATH`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "grammalecte-cli"
    path.write_text(f"#!{sys.executable}\n" + PROGRAM.replace("@how", repr(how)), "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)
