"""Every picture of the documentation is made by `make screenshots`, lies there, and is shown."""

from __future__ import annotations

import re

from scripts.screenshots import pictures
from tests.docs.pages import ROOT, pages

SHOWN = re.compile(r"(?:!\[[^\]]+\]\(|<img src=\")(?:\.\./)*(?:docs/)?images/([\w-]+)\.(?:png|jpe?g|svg|gif)")


def test_every_picture_is_made_by_the_script_and_shown() -> None:
    shown = set()
    for page in pages():
        text = re.sub(r"^```.*?^```|`[^`\n]+`", "", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        shown |= set(SHOWN.findall(text))
    assert shown == pictures()
    assert {path.stem for path in (ROOT / "docs" / "images").iterdir()} == pictures()
