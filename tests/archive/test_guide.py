"""The workflows of the guide, in both languages, are what the forges take."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", ["guides/archive.md", "fr/guides/archive.md"])
def test_they_pass_their_schema(tmp_path: Path, page: str) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    for schema, text in zip(("github-workflows", "gitlab-ci"), blocks, strict=True):
        file = tmp_path / f"{schema}.yml"
        file.write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        assert "newsletter archive\n" in text
