"""Every picture of the documentation is made by `make screenshots` (the plot by `scripts/capacity.py`), lies there,
and is shown.
"""

from __future__ import annotations

import re

from scripts.capacity import PLOT
from scripts.screenshots import pictures
from tests.docs.pages import ROOT, pages

SHOWN = re.compile(r"(?:!\[[^\]]+\]\(|<img src=\")(?:\.\./)*(?:docs/)?images/([\w-]+)\.(?:png|jpe?g|svg|gif)")


def test_every_picture_is_made_by_the_script_and_shown() -> None:
    shown = set()
    for page in pages():
        text = re.sub(r"^```.*?^```|`[^`\n]+`", "", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        shown |= set(SHOWN.findall(text))
    made = pictures() | {PLOT.stem}
    assert shown == made
    assert {path.stem for path in (ROOT / "docs" / "images").iterdir()} == made
