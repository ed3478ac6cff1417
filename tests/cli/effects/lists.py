"""What the options of `nl list …` do."""

from __future__ import annotations

from tests.cli.effects.around import no_domains
from tests.cli.effects.scenario import Effect
from tests.cli.effects.stages import csv_list, left, managed, members, overdue, plain

SHOW_LEA = "list show lea@example.org --json"
ADD = "list add lea@example.org"
FOREIGN = "the list is list.csv, which nl does not write"

EFFECTS = {
    "list import --consent": [
        Effect(of="list import members.csv", option="--consent 'a form'", stage=members, then=SHOW_LEA, shows="a form"),
    ],
    "list import --consent-date": [
        Effect(
            of="list import members.csv --consent form",
            option="--consent-date 28/03/2025",
            stage=members,
            then=SHOW_LEA,
            shows='"at": "2025-03-28"',
        ),
        Effect(
            of="list import members.csv --consent form",
            option="--consent-date '2025-03-28 10:00'",
            stage=members,
            then=SHOW_LEA,
            shows='"at": "2025-03-28T09:00:00Z"',
        ),
        Effect(
            of="list import members.csv --consent form",
            option="--consent-date yesterday-ish",
            stage=members,
            refused="“yesterday-ish” is no date",
        ),
        Effect(
            of="list import members.csv",
            option="--consent-date 2025-03-28",
            stage=members,
            refused="--consent-date goes with --consent",
        ),
    ],
    "list import --group": [
        Effect(of="list import members.csv", option="--group board", stage=members, then=SHOW_LEA, shows='"board"'),
    ],
    "list import --rejects": [
        Effect(of="list import members.csv", option="--rejects bad.csv", stage=members, shows="== bad.csv"),
    ],
    "list import --encoding": [
        Effect(of="list import turkish.csv", option="--encoding cp1254", stage=members, then=SHOW_LEA, shows="İşıl"),
        Effect(
            of="list import members.csv", option="--encoding klingon", stage=members, refused="there is no encoding"
        ),
    ],
    "list import --delimiter": [
        Effect(of="list import pipes.csv", option="--delimiter ;", stage=members, hides="1 added"),
        Effect(of="list import pipes.csv", option="--delimiter ab", stage=members, refused="cannot separate columns"),
    ],
    "list import --sync": [
        Effect(
            of="list import pipes.csv --yes",
            option="--sync",
            stage=managed,
            shows="on the list and not in the file",
            then="list stats",
        ),
        Effect(of="list import pipes.csv", option="--sync", stage=managed, refused="nobody can be asked here"),
    ],
    "list import --yes": [
        Effect(of="list import pipes.csv --sync", option="--yes", stage=managed, shows="They were taken off"),
        Effect(of="list import pipes.csv", option="--yes", stage=managed, refused="--yes does nothing without --sync"),
    ],
    "list set --name": [
        Effect(
            of="list set ada@example.org --group board",
            option="--name Countess",
            stage=managed,
            then="list show ada@example.org --json",
            shows="Countess",
        ),
    ],
    "list set --group": [
        Effect(of="list set ada@example.org --name Ada", option="--group board", stage=managed, shows="board"),
    ],
    "list set --not-group": [
        Effect(of="list set ada@example.org --group board", option="--not-group board", stage=managed, hides="board"),
    ],
    "list set --set": [
        Effect(
            of="list set ada@example.org --name Ada",
            option="--set ville=Paris",
            stage=managed,
            then="list show ada@example.org --json",
            shows="Paris",
        ),
    ],
    "list add --name": [
        Effect(of=ADD, option="--name Léa", stage=plain, then=SHOW_LEA, shows="Léa"),
        Effect(of=ADD, option="--name Léa", stage=csv_list, refused=f"--name: {FOREIGN}"),
        Effect(
            of="list add ada@example.org --consent mail", option="--name Ada", stage=left, refused=f"--name: {FOREIGN}"
        ),
    ],
    "list add --group": [
        Effect(of=ADD, option="--group board", stage=plain, then=SHOW_LEA, shows='"board"'),
        Effect(
            of="list add ada@example.org --consent mail", option="--group x", stage=left, refused=f"--group: {FOREIGN}"
        ),
    ],
    "list add --set": [
        Effect(of=ADD, option="--set ville=Paris", stage=plain, then=SHOW_LEA, shows='"ville": "Paris"'),
        Effect(of=ADD, option="--set ville", stage=plain, refused="is no NAME=VALUE"),
        Effect(
            of="list add ada@example.org --consent mail", option="--set a=b", stage=left, refused=f"--set: {FOREIGN}"
        ),
    ],
    "list add --consent": [
        Effect(of=ADD, option="--consent 'by mail'", stage=plain, then=SHOW_LEA, shows="by mail"),
        Effect(of="list add ada@example.org", option="--consent 'by mail'", stage=left, shows="written to again"),
    ],
    "list add --consent-date": [
        Effect(
            of=f"{ADD} --consent mail",
            option="--consent-date 2025-03-28",
            stage=plain,
            then=SHOW_LEA,
            shows='"at": "2025-03-28"',
        ),
        Effect(
            of="list add ada@example.org --consent mail",
            option="--consent-date '28 mars 2025'",
            stage=left,
            then="list export ada@example.org",
            shows='"consent_at": "2025-03-28"',
        ),
        Effect(of=f"{ADD} --consent mail", option="--consent-date yesterday-ish", stage=plain, refused="is no date"),
        Effect(of=f"{ADD} --consent mail", option="--consent-date 31/02/2025", stage=plain, refused="is no date"),
        Effect(
            of=f"{ADD} --consent mail", option="--consent-date 03/04/2025", stage=plain, refused="either of two days"
        ),
        Effect(of=f"{ADD} --consent mail", option="--consent-date 2999-01-01", stage=plain, refused="yet to come"),
        Effect(of=ADD, option="--consent-date 2025-03-28", stage=plain, refused="goes with --consent"),
    ],
    "list add --unconfirmed": [
        Effect(of=ADD, option="--unconfirmed", stage=plain, then=SHOW_LEA, shows='"unconfirmed"'),
        Effect(of="list add ada@example.org", option="--unconfirmed", stage=managed, refused="have confirmed already"),
        Effect(
            of="list add ada@example.org --consent mail",
            option="--unconfirmed",
            stage=left,
            refused=f"--unconfirmed: {FOREIGN}",
        ),
    ],
    "list add --json": [
        Effect(of="list add ada@example.org --consent mail", option="--json", stage=left, shows='"readmitted": true'),
    ],
    "list unsubscribe --list": [
        Effect(
            of="list unsubscribe lea@example.org",
            option="--list pipes.csv",
            stage=csv_list,
            shows="pipes.csv still has them in row 2",
        ),
        Effect(
            of="list unsubscribe ada@example.org",
            option="--list pipes.csv",
            stage=csv_list,
            shows="None of them stands in pipes.csv",
        ),
        Effect(
            of="list unsubscribe ada@example.org", option="--list missing.csv", stage=csv_list, refused="missing.csv"
        ),
    ],
    "list unsubscribe --even-unknown": [
        Effect(
            of="list unsubscribe zoe@example.org",
            option="--even-unknown",
            stage=csv_list,
            shows="1 person will not be written to again",
            hides="Nobody here has this address",
        ),
    ],
    "list show --to": [
        Effect(of="list show", option="--to group:proof", stage=csv_list, hides="ben@example.org"),
        Effect(
            of="list show ada@example.org",
            option="--to group:proof",
            stage=csv_list,
            refused="--to does nothing with ADDR",
        ),
    ],
    "list show --limit": [
        Effect(of="list show", option="--limit 1", stage=csv_list, hides="ben@example.org"),
        Effect(
            of="list show ada@example.org", option="--limit 1", stage=csv_list, refused="--limit does nothing with ADDR"
        ),
    ],
    "list show --list": [
        Effect(of="list show", option="--list pipes.csv", stage=csv_list, shows="lea@example.org", hides="ben@"),
        Effect(of="list show lea@example.org", option="--list pipes.csv", stage=csv_list, shows="pipes.csv, row 2"),
    ],
    "list stats --to": [
        Effect(of="list stats", option="--to group:proof", stage=csv_list, shows="3 candidates, 1 would be written to"),
    ],
    "list stats --list": [Effect(of="list stats", option="--list pipes.csv", stage=csv_list, shows="List: pipes.csv")],
    "list check --dns": [
        Effect(of="list check", option="--dns", stage=csv_list, around=no_domains, shows="list-domain-unreachable"),
    ],
    "list check --limit": [
        Effect(of="list check members.csv", option="--limit 1", stage=members, shows="2 more findings"),
    ],
    "list check --encoding": [
        Effect(of="list check members.csv", option="--encoding cp1252", stage=members, hides="read as Windows-1252"),
        Effect(of="list check", option="--encoding cp1252", stage=managed, refused="--encoding is for a CSV file"),
    ],
    "list check --list": [
        Effect(of="list check", option="--list members.csv", stage=csv_list, shows="members.csv:3"),
        Effect(of="list check members.csv", option="--list pipes.csv", stage=csv_list, refused="name two lists"),
    ],
    "list export --all": [
        Effect(of="list export --output out.csv", option="--all", stage=csv_list, shows="== out.csv"),
        Effect(of="list export ada@example.org", option="--all", stage=csv_list, refused="say which person"),
    ],
    "list export --output": [
        Effect(of="list export ada@example.org", option="--output out.json", stage=csv_list, shows="== out.json"),
        Effect(of="list export ada@example.org", option="-o out.json", stage=csv_list, shows="== out.json"),
    ],
    "list export --list": [
        Effect(
            of="list export lea@example.org", option="--list pipes.csv", stage=csv_list, shows='"name": "pipes.csv"'
        ),
        Effect(of="list export --all -o out.csv", option="--list pipes.csv", stage=csv_list, shows="lea@example.org"),
    ],
    "list forget --yes": [Effect(of="list forget ada@example.org", option="--yes", stage=managed, shows="Erased.")],
    "list forget --even-unknown": [
        Effect(
            of="list forget zoe@example.org --yes",
            option="--even-unknown",
            stage=managed,
            shows="Erased.",
            hides="Nobody here has this address",
        ),
    ],
    "list forget --list": [
        Effect(
            of="list forget lea@example.org --yes", option="--list pipes.csv", stage=csv_list, shows="erase row 2 there"
        ),
    ],
    "list purge --dry-run": [
        Effect(of="list purge", option="--dry-run", stage=overdue, shows="status 0", then="list stats"),
        Effect(of="list purge --yes", option="--dry-run", stage=overdue, refused="--yes does nothing with --dry-run"),
    ],
    "list purge --yes": [
        Effect(of="list purge", option="--yes", stage=overdue, shows="Erased."),
        Effect(of="list purge --dry-run", option="--yes", stage=overdue, refused="--yes does nothing with --dry-run"),
    ],
}
