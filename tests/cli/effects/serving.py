"""What the options of `nl serve` do; what a server in a process of its own shows is in tests/cli/test_serve.py."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.base.endpoint_key import format_key
from tests.after.endpoint.examples import KEY
from tests.cli.effects.scenario import Effect
from tests.workspaces import write


def keyed(root: Path) -> None:
    """A key in a file, and no workspace: a server has none."""
    write(root / "endpoint.key", format_key(KEY) + "\n")


KEYED = "serve --check --key-file endpoint.key"
EFFECTS = {
    "serve --key-file": [
        Effect(of="serve --check", option="--key-file endpoint.key", stage=keyed, shows="newsletter: Data news"),
        Effect(of="serve --check", option="--key-file missing.key", stage=keyed, refused="the key cannot be read"),
    ],
    "serve --log": [
        Effect(of=KEYED, option="--log other.db", stage=keyed, shows="== other.db", hides="== endpoint.db"),
        Effect(of=KEYED, option="--log postgresql://me:secret@127.0.0.1/x", stage=keyed, refused="password"),
        Effect(of=KEYED, option="--log endpoint.key", stage=keyed, refused="cannot be opened"),
    ],
    "serve --keep-days": [
        Effect(of=KEYED, option="--keep-days 30", stage=keyed, shows="for 30 days", hides="for 400 days"),
        Effect(of=KEYED, option="--keep-days 0", stage=keyed, refused="a number of days"),
    ],
    "serve --path": [Effect(of=KEYED, option="--path letters/", stage=keyed, shows="path: /letters")],
    "serve --proxy": [
        Effect(of=KEYED, option="--proxy 10.0.0.0/8", stage=keyed, shows="10.0.0.0/8"),
        Effect(of=KEYED, option="--proxy caddy", stage=keyed, refused="no address or network"),
    ],
    "serve --host": [Effect(of=KEYED, option="--host ::1", stage=keyed, refused="--host does nothing with --check")],
    "serve --port": [Effect(of=KEYED, option="--port 1", stage=keyed, refused="--port does nothing with --check")],
    "serve --hooks": [
        Effect(
            of="serve --check --key-file endpoint.key",
            option="--hooks",
            stage=keyed,
            shows=f"/hook/brevo/{KEY.parts[0].hook}",
            hides="== endpoint.db",
        ),
        Effect(of="serve --port 1", option="--hooks", stage=keyed, refused="--port does nothing with --hooks"),
    ],
    "serve --check": [
        Effect(of="serve --port 1", option="--check", stage=keyed, refused="--port does nothing with --check"),
    ],
}
