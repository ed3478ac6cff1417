"""What is made while a release is built, of the standard library alone: its README, and its manual page.

- On a registry the README stands without the repository around it. Pictures and links that lead into the repository
  are left out, unless `NL_PROJECT_URL` says where that is: then the release names it, and the links lead there.
- `newsletter(1)` is the reference of the commands, which tests compare with the commands themselves.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

sys.path.insert(0, str(Path(__file__).parent))
from scripts.manual import manual_page

PROJECT_URL = "NL_PROJECT_URL"
MANUAL = "share/man/man1/newsletter.1"
PICTURES = re.compile(r"<p>\s*(?:<img\b[^>]*>\s*)+</p>\n*")
LINK = re.compile(r"\[(?P<words>[^\]\[]+)\]\((?P<path>(?!https?:|mailto:|#)[^)\s]+)\)")


def standing_alone(readme: str, repository: str | None) -> str:
    """The README as a registry shows it."""
    if repository is None:
        return LINK.sub(lambda link: link["words"], PICTURES.sub("", readme))
    raw = readme.replace('src="docs/', f'src="{repository}/raw/HEAD/docs/')
    return LINK.sub(lambda link: f"[{link['words']}]({repository}/blob/HEAD/{link['path']})", raw)


class ReadmeHook(MetadataHookInterface):
    """The description, and the addresses of the project where they are known."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in what pyproject.toml calls dynamic."""
        repository = os.environ.get(PROJECT_URL, "").rstrip("/") or None
        if repository is not None and not re.fullmatch(r"https://[\w./-]+", repository):
            raise ValueError(f"{PROJECT_URL} is no https address")
        text = (Path(self.root) / "README.md").read_text("utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": standing_alone(text, repository)}
        metadata["urls"] = {} if repository is None else {
            "Source": repository,
            "Documentation": f"{repository}/blob/HEAD/docs/index.md",
            "Changes": f"{repository}/blob/HEAD/CHANGELOG.md",
            "Issues": f"{repository}/issues",
        }  # fmt: skip


class ManualHook(BuildHookInterface):  # type: ignore[type-arg]
    """The manual page, in the wheel's data."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write it where builds are written, and name it."""
        if self.target_name != "wheel" or version == "editable":
            return
        reference = (Path(self.root) / "docs/reference/commands.md").read_text("utf-8")
        page = Path(self.directory) / "newsletter.1"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(manual_page(reference, self.metadata.version), "utf-8")
        build_data["shared_data"][str(page)] = MANUAL

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take it away: it is in the wheel."""
        (Path(self.directory) / "newsletter.1").unlink(missing_ok=True)
