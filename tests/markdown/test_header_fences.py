"""Headers whose fences are none: an error at their line, and what `--fix` makes of it."""

from __future__ import annotations

import pytest

from newsletter_cli.flows.fixing import apply_edits
from newsletter_cli.markdown.frontmatter import find_fence_faults
from newsletter_cli.model import Finding, Level

INNER = "title: Le phare\nstatus: draft\n"
BODY = "\nLa marée.\n"
RIGHT = f"---\n{INNER}---\n{BODY}"


def fixed(text: str) -> str:
    edits = tuple(edit for fault in find_fence_faults(text, file="a.md") for edit in fault.edits)
    finding = Finding(file="a.md", rule="r", level=Level.ERROR, message="!", edits=edits)
    return apply_edits([finding], {"a.md": text})[0]["a.md"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"—\n{INNER}—\n{BODY}", 1),
        (f"———\n{INNER}———\n{BODY}", 1),
        (f"–\n{INNER}–\n{BODY}", 1),
        (f"—-\n{INNER}—-\n{BODY}", 1),
        (f"--\n{INNER}--\n{BODY}", 1),
        (f"----\n{INNER}----\n{BODY}", 1),
        (f"***\n{INNER}***\n{BODY}", 1),
        (f"- - -\n{INNER}- - -\n{BODY}", 1),
        (f"```yaml\n{INNER}```\n{BODY}", 1),
        (f"---yaml\n{INNER}---\n{BODY}", 1),
        (f"<!--\n{INNER}-->\n{BODY}", 1),
        (f"...\n{INNER}---\n{BODY}", 1),
        (f" ---\n{INNER}---\n{BODY}", 1),
        (f"\u00a0---\n{INNER}---\n{BODY}", 1),
        (f"\u200b---\n{INNER}---\n{BODY}", 1),
        (f"\ufeff\ufeff---\n{INNER}---\n{BODY}", 1),
        (f"\n\n—\n{INNER}—\n{BODY}", 3),
        (f"---\n{INNER}—\n{BODY}", 4),
        (f"---\n{INNER}----\n{BODY}\n---\n\nFin\n", 4),
        (f"—\n{INNER}{BODY}", 1),
        (f"---\n{INNER}{BODY}", 1),
        (f"{INNER}{BODY}", 1),
        (f"{INNER}---\n{BODY}", 1),
        (f"+++\n{INNER}+++\n{BODY}", 1),
        ('{\n  "title": "Le phare",\n  "status": "draft"\n}\n' + BODY, 1),
    ],
)
def test_an_odd_fence_is_found_and_put_right(text: str, line: int) -> None:
    assert [fault.line for fault in find_fence_faults(text, file="a.md")] == [line]
    after = fixed(text)
    assert find_fence_faults(after, file="a.md") == ()
    assert after.lstrip("\n\ufeff").startswith(f"---\n{INNER}---\n")


def test_a_second_header_below_the_first() -> None:
    assert [fault.line for fault in find_fence_faults(f"{RIGHT}".replace(BODY, "\n") + RIGHT, file="a.md")] == [6]


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        f"\ufeff{RIGHT}",
        f"\n{RIGHT}",
        f"---\n{INNER}...\n{BODY}",
        '+++\ntitle = "Le phare"\nstatus = "draft"\n+++\n',
        "---\ntitle: A\n\ncustom: x\n---\n",
        "---\ntitle: A\nphrase\n---\n",
        f"{RIGHT}\n---\n\nNote : un filet, puis du texte.\n\n---\n",
        "Titre : L’estran\nAutrice : Nour\n\nUn livre.\n",
        "Auteur : Loïc\n\n---\n\nDu texte.\n",
        "***\n\nDate : 12 mai\nLieu : Brest\n\n***\n",
        "—\n\nUne citation.\n",
        "-- \nLoïc\n",
        "```yaml\ntitle: Un exemple\nauthor: Nour\n```\n\nVoilà un en-tête.\n",
        "<!--\nauteur: Nour\nrelu par: Ana\n-->\n\nTexte.\n",
        "…\n\nLa suite.\n",
        "{\n  braces: in prose\n}\n",
        '{ "name": "a file of JSON" }\n',
        "# Titre\n\ntitle: x\nstatus: y\n",
        "Résumé : une phrase.\n---\n",
        "",
        "\n\n",
    ],
)
def test_what_is_no_header_or_a_right_one_is_left_alone(text: str) -> None:
    assert find_fence_faults(text, file="a.md") == ()
