"""What the options of the commands do that send an issue and tell what became of it."""

from __future__ import annotations

from tests.cli.effects.around import greylisting, mail_server, shared_ledger
from tests.cli.effects.scenario import Effect
from tests.cli.effects.stages import approved, begun, commanded, faulty, late, ready, refused, sent, unresolved

SERVER = "--transport smtp://127.0.0.1:{port}"
OUTBOX = "== state/outbox/new/"

APPROVED = "== sections/001/_approval.toml"

EFFECTS = {
    "approve --by": [
        Effect(of="approve 1 --yes", option="--by Grace", stage=approved, shows='by = "Grace"'),
        Effect(of="approve 1 --yes", option="--by grace@example.org", stage=ready, refused="cannot be an address"),
    ],
    "approve --accept": [
        Effect(of="approve 1 --yes --by Ada", option="--accept link-empty", stage=faulty, shows=APPROVED)
    ],
    "approve --withdraw": [
        Effect(of="approve 1", option="--withdraw", stage=approved, shows="is taken back"),
        Effect(of="approve 1 --yes", option="--withdraw", stage=approved, refused="--yes does nothing with --withdraw"),
    ],
    "approve --yes": [Effect(of="approve 1 --by Ada", option="--yes", stage=ready, shows=APPROVED)],
    "approve --json": [
        Effect(of="approve 1 --by Ada --yes", option="--json", stage=ready, shows='"stands": true'),
        Effect(of="approve 1 --by Ada", option="--json", stage=ready, refused="an approval asks first"),
    ],
    "send --dry-run": [
        Effect(of="send 1", option="--dry-run", stage=ready, shows="nothing was sent", hides="nobody can be asked"),
        Effect(of="send 1 --yes", option="--dry-run", stage=ready, refused="--yes does nothing with --dry-run"),
    ],
    "send --yes": [
        Effect(of="send 1", option="--yes", stage=ready, shows=OUTBOX),
        Effect(of="send 1 --dry-run", option="--yes", stage=ready, refused="--yes does nothing with --dry-run"),
    ],
    "send --list": [
        Effect(of="send 1 --yes", option="--list other.csv", stage=ready, shows="To: Xenia", hides="To: Ben"),
        Effect(
            of="send 1 --yes", option="--list missing.csv", stage=ready, refused="missing.csv: there is no such file"
        ),
    ],
    "send --to": [Effect(of="send 1 --yes", option="--to group:proof", stage=ready, hides="To: Ben")],
    "send --transport": [
        Effect(
            of="send 1 --yes",
            option="--transport maildir:elsewhere",
            stage=ready,
            shows="== elsewhere/new/",
            hides=OUTBOX,
        ),
    ],
    "send --limit": [
        Effect(of="send 1 --yes", option="--limit 1", stage=ready, shows="Stopped at the limit", hides="To: Ben")
    ],
    "send --accept": [Effect(of="send 1 --yes", option="--accept link-empty", stage=faulty, shows=OUTBOX)],
    "send --retry-deferred-for": [
        Effect(
            of=f"send 1 --yes {SERVER}",
            option="--retry-deferred-for 20s",
            stage=ready,
            around=greylisting,
            shows="3 sent",
            hides="3 put off",
        ),
    ],
    "send --distributed": [
        Effect(
            of="send 1 --yes",
            option="--distributed",
            stage=ready,
            around=shared_ledger,
            shows="3 messages wait for workers",
            hides=OUTBOX,
        ),
        Effect(of="send 1 --yes", option="--distributed", stage=ready, refused="the ledger is a file of this machine"),
        Effect(of="send 1 --yes --limit 2", option="--distributed", stage=ready, refused="--limit does nothing with"),
    ],
    "report --follow": [
        Effect(of="report 1", option="--follow", stage=sent, shows="Issue 1: sent 3"),
        Effect(of="report --all", option="--follow", stage=sent, refused="--all does nothing with --follow"),
    ],
    "send --send-by": [
        Effect(of="send 1 --yes", option="--send-by 2001-01-01T10:00", stage=ready, refused="past already"),
        Effect(
            of="send 1 --yes --limit 1",
            option="--send-by 2099-01-01T10:00",
            stage=ready,
            then="report 1 --json",
            shows="2099-01-01",
        ),
    ],
    "send --at": [
        Effect(of="send 1 --yes", option="--at 2001-01-01T10:00", stage=ready, refused="past already"),
        Effect(of="send 1 --yes", option='--at "thursday"', stage=ready, refused="at what hour?"),
        Effect(of="send 1 --dry-run --json", option='--at "tomorrow 9:30"', stage=ready, shows="T09:30:00"),
    ],
    "send --late-up-to": [
        Effect(of="send 1 --yes --at 2001-01-01T10:00", option="--late-up-to 30d", stage=ready, refused="days at most"),
        Effect(of="send 1 --yes", option="--late-up-to 1h", stage=ready, refused="go with --at"),
    ],
    "send --print": [
        Effect(of='send 1 --at "tomorrow 9:30"', option="--print cron", stage=ready, shows="--late-up-to 3600s"),
        Effect(of="send 1", option="--print cron", stage=ready, refused="go with --at"),
    ],
    "send --newcomers": [Effect(of="send 1 --yes", option="--newcomers", stage=sent, shows="To: Dora")],
    "send --anyway": [
        Effect(of="send 1 --yes", option="--anyway", stage=late, shows="To: Cleo", hides="was to be sent by")
    ],
    "send --afresh": [Effect(of="send 1 --yes", option="--afresh", stage=begun, shows="Something else")],
    "send --outbox": [
        Effect(of="send 1 --dry-run", option="--outbox out", stage=ready, shows="== out/"),
        Effect(of="send 1 --yes", option="--outbox out", stage=ready, refused="go with --dry-run"),
    ],
    "send --probe": [
        Effect(of=f"send 1 --dry-run {SERVER}", option="--probe", stage=ready, around=mail_server, shows="  Server  "),
        Effect(of="send 1 --yes", option="--probe", stage=ready, refused="go with --dry-run"),
    ],
    "send --json": [Effect(of="send 1", option="--json", stage=ready, refused="a send asks first")],
    "send --trust": [Effect(of="send 1 --yes", option="--trust", stage=commanded, shows="To: sql@example.org")],
    "trust --yes": [Effect(of="trust", option="--yes", stage=commanded, shows="Trusted, for you on this machine")],
    "trust --list": [
        Effect(of="trust", option="--list", stage=commanded, shows="Nothing to trust", hides="list.sql.url_command"),
        Effect(of="trust --yes", option="--list", stage=commanded, refused="--yes does nothing with --list"),
        Effect(of="trust --revoke", option="--list", stage=commanded, refused="--list does nothing with --revoke"),
    ],
    "trust --revoke": [
        Effect(of="trust", option="--revoke", stage=commanded, shows="0 lines are no longer trusted"),
        Effect(of="trust --yes", option="--revoke", stage=commanded, refused="--yes does nothing with --revoke"),
    ],
    "trust --json": [Effect(of="trust --revoke", option="--json", stage=commanded, shows='"revoked": 0')],
    "report --html": [
        Effect(of="report 1", option="--html page.html", stage=sent, shows="== page.html"),
        Effect(of="report 1", option="--html", stage=sent, shows="== build/001/report.html"),
        Effect(of="report 1", option="--html list.csv", stage=sent, refused="does not end in .html"),
    ],
    "report --all": [
        Effect(of="report", option="--all", stage=sent, shows="All issues", hides="The rehearsal is over"),
        Effect(of="report 1", option="--all", stage=sent, refused="does nothing with --all"),
    ],
    "report --csv": [Effect(of="report 1", option="--csv all.csv", stage=sent, shows="== all.csv")],
    "resolve --in-doubt": [
        Effect(of="resolve 1 --yes", option="--in-doubt skip", stage=unresolved, shows="2 deliveries decided"),
        Effect(
            of="resolve 1 --refused skip", option="--in-doubt skip", stage=unresolved, refused="one decision at a time"
        ),
    ],
    "resolve --refused": [
        Effect(of="resolve 1 --yes", option="--refused skip", stage=refused, shows="2 deliveries decided"),
        Effect(of="resolve 1 --rehearsed", option="--refused skip", stage=refused, refused="one decision at a time"),
    ],
    "resolve --rehearsed": [
        Effect(of="resolve 1 --yes", option="--rehearsed", stage=sent, shows="3 deliveries decided")
    ],
    "resolve --address": [
        Effect(
            of="resolve 1 --yes --in-doubt skip",
            option="--address ben@example.org",
            stage=unresolved,
            shows="1 delivery decided",
            hides="2 deliveries decided",
        ),
    ],
    "resolve --show": [Effect(of="resolve 1", option="--show", stage=unresolved, shows="ben@example.org\tin doubt")],
    "resolve --yes": [
        Effect(of="resolve 1 --in-doubt skip", option="--yes", stage=unresolved, shows="2 deliveries decided")
    ],
}
