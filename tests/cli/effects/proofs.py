"""What the options of `nl proof` and `nl draft` do, and the keys of `[proof]`."""

from __future__ import annotations

from tests.cli.effects.around import own_mailbox
from tests.cli.effects.scenario import Effect
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import changed_since_proof, commanded, proved, ready, with_mailbox

PROOF = "proof 1 --to ada@example.org"
SENT = f"{PROOF} --yes"
OUTBOX = "== state/outbox/new/"
MAILBOX = "--mailbox imap://ada@127.0.0.1:{port}"
SECRET = {"NL_MAILBOX_PASSWORD": "x"}
KEPT = "== state/proofs/001/01/0001.eml"

EFFECTS = {
    "proof --to": [
        Effect(
            of="proof 1 --yes", option="--to ben@example.org", stage=ready, shows="To: Ben", hides="who is to read it?"
        ),
        Effect(of="proof 1 --yes", option="--to nobody", stage=ready, refused="this is no e-mail address"),
    ],
    "proof --until": [
        Effect(of=SENT, option="--until 2099-06-11", stage=ready, shows="2099"),
        Effect(of=SENT, option="--until 2001-06-11", stage=ready, refused="past already"),
    ],
    "proof --by": [Effect(of=SENT, option="--by Inès", stage=ready, shows="Sent by In")],
    "proof --no-changes": [
        Effect(of="proof 1 --yes", option="--no-changes", stage=changed_since_proof, hides="What has changed since")
    ],
    "proof --again": [Effect(of="proof 1 --yes", option="--again", stage=proved, shows="== state/proofs/001/02/")],
    "proof --received": [
        Effect(of="proof 1", option="--received state/outbox", stage=proved, shows="It is as it was sent."),
        Effect(of="proof 1 --yes", option="--received state/outbox", stage=proved, refused="--yes does nothing with"),
    ],
    "proof --dry-run": [
        Effect(of=PROOF, option="--dry-run", stage=ready, shows="none sent", hides="nobody can be asked"),
        Effect(of=SENT, option="--dry-run", stage=ready, refused="--yes does nothing with --dry-run"),
    ],
    "proof --yes": [Effect(of=PROOF, option="--yes", stage=ready, shows=OUTBOX)],
    "proof --list": [
        Effect(of="proof 1 --yes --to xenia@example.org", option="--list other.csv", stage=ready, shows="To: Xenia"),
    ],
    "proof --transport": [
        Effect(of=SENT, option="--transport maildir:elsewhere", stage=ready, shows="== elsewhere/new/", hides=OUTBOX),
    ],
    "proof --trust": [
        Effect(of="proof 1 --yes --to sql@example.org", option="--trust", stage=commanded, shows="To: sql@example.org")
    ],
}
EFFECTS |= {
    "draft --mailbox": [
        Effect(
            of="draft 1 --beside",
            option=MAILBOX,
            stage=ready,
            around=own_mailbox,
            env=SECRET,
            shows="Drafts has 2 messages",
            hides="no mailbox is configured",
        ),
        Effect(of="draft 1", option="--mailbox http://127.0.0.1", stage=ready, refused="no address of a mailbox"),
    ],
    "draft --folder": [
        Effect(
            of=f"draft 1 --beside {MAILBOX}",
            option="--folder archive",
            stage=ready,
            around=own_mailbox,
            env=SECRET,
            shows="Archive has 1 messages",
            hides="Drafts has 2 messages",
        )
    ],
    "draft --replace": [
        Effect(
            of=f"draft 1 {MAILBOX}",
            option="--replace",
            stage=ready,
            around=own_mailbox,
            env=SECRET,
            shows="is this one now",
            hides="of an earlier state",
        ),
        Effect(of="draft 1 --beside", option="--replace", stage=ready, refused="does nothing with --replace"),
    ],
    "draft --beside": [
        Effect(
            of=f"draft 1 {MAILBOX}",
            option="--beside",
            stage=ready,
            around=own_mailbox,
            env=SECRET,
            shows="Drafts has 2 messages",
            hides="of an earlier state",
        )
    ],
    "draft --trust": [
        Effect(
            of=f"draft 1 --beside {MAILBOX}",
            option="--trust",
            stage=with_mailbox,
            around=own_mailbox,
            shows="Drafts has 2 messages",
            hides="Drafts has 1 messages",
        ),
    ],
}
SETTINGS = [
    Setting(sets={"proof.group": "proof"}, of="proof 1 --yes", stage=ready, shows=KEPT),
    Setting(sets={"proof.days": 0}, of=SENT, stage=ready, hides="An answer is expected"),
    Setting(sets={"proof.mark": "[Vorschau]"}, of=SENT, stage=ready, shows="Subject: [Vorschau] Tidings"),
]
