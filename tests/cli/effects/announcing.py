"""What the options of `nl announce` do, and the keys of `[announce]`."""

from __future__ import annotations

from tests.cli.effects.scenario import Effect
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import plain, unpublished

UNREACHED = {"NL_ANNOUNCE_MATTERMOST": "http://127.0.0.1:1/hooks/abcdefghij"}
WITH_LINKS = {"NL_OFFLINE": None}
ONE = "announce 1 --post --for mattermost"

EFFECTS = {
    "announce --for": [
        Effect(of="announce 1", option="--for mastodon", stage=plain, hides="— LinkedIn"),
        Effect(of="announce 1", option="--for mastadon", stage=plain, refused="did you mean “mastodon”?"),
    ],
    "announce --copy": [
        Effect(of="announce 1", option="--copy", stage=plain, refused="the clipboard holds one text"),
        Effect(of="announce 1 --post", option="--copy", stage=plain, refused="do not go together"),
    ],
    "announce --post": [
        Effect(of="announce 1", option="--post", stage=plain, refused="--post wants to know where"),
        Effect(of="announce 1 --for linkedin", option="--post", stage=plain, refused="nl cannot post to LinkedIn"),
        Effect(of="announce 1 --for slack", option="--post", stage=plain, refused="NL_ANNOUNCE_SLACK is not set"),
    ],
    "announce --dry-run": [
        Effect(of=ONE, option="--dry-run", stage=plain, env=UNREACHED, shows="A rehearsal: nothing was posted"),
        Effect(of="announce 1", option="--dry-run", stage=plain, refused="--dry-run does nothing with nl announce"),
    ],
    "announce --again": [
        Effect(of="announce 1", option="--again", stage=plain, refused="--again does nothing with nl announce"),
    ],
    "announce --offline": [
        Effect(
            of="announce 1 --for tchap", option="--offline", stage=unpublished, env=WITH_LINKS, hides="not online yet"
        ),
    ],
    "announce --yes": [
        Effect(of=ONE, option="--yes", stage=plain, env=UNREACHED, refused="the chat cannot be reached"),
        Effect(of="announce 1", option="--yes", stage=plain, refused="--yes does nothing with nl announce"),
    ],
}
SETTINGS = [
    Setting(sets={"announce.networks": ["slack"]}, of="announce 1", stage=plain, hides="— LinkedIn"),
    Setting(sets={"announce.networks": ["twitter"]}, of="announce 1", stage=plain, refused="announce.networks"),
    Setting(sets={"announce.hashtags": ["OpenData"]}, of="announce 1", stage=plain, shows="\n#OpenData"),
    Setting(sets={"announce.hashtags": ["Open data"]}, of="announce 1", stage=plain, refused="makes no hashtag"),
    *(
        setting
        for network in ("tchap", "mattermost", "slack", "mastodon")
        for setting in (
            Setting(
                sets={f"announce.{network}.webhook_env": "OUR_CHAT"},
                of=f"announce 1 --post --for {network}",
                stage=plain,
                shows="OUR_CHAT → chat",
            ),
            Setting(
                sets={f"announce.{network}.webhook_command": ["pass", "show", "chat"]},
                of="trust",
                stage=plain,
                shows="pass show chat",
            ),
            Setting(
                sets={f"announce.{network}.webhook_keyring": "letter"},
                of="trust",
                stage=plain,
                shows="letter (webhook) → chat",
            ),
            Setting(
                sets={f"announce.{network}.webhook": "https://chat.example.org/hooks/x"},
                of="announce 1",
                stage=plain,
                refused="must not stand in newsletter.toml",
            ),
        )
    ),
]
