"""Workspaces for effects to be seen in."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.flows.clearance.approving import approve
from newsletter_cli.workspace.folder import open_workspace
from tests.flows.clearance.proving import prove
from tests.flows.sending.newsletter import FAULTY, PEOPLE, TEXTS, Newsletter
from tests.pictures import png
from tests.workspaces import CONFIG, ISSUE, environment, git, make_workspace, write

FULL_CONFIG = CONFIG + (
    '\n[post]\nurl = "https://www.example.org/letters/{slug}/"\n\n[sender]\naddress = "letter@example.org"\n'
)
# The heading's own number and the tracker are safe to fix.
FIXABLE = "---\nauthor: Grace\n---\n## 1. A heading\n\nSee [the plan](https://example.org/plan?utm_source=letter).\n"
MEMBERS = "Adresse mél;Nom;Groupe;Ville\nlea@example.org;Léa;proof;Paris\nnot one;Jean;;\njo@gmial.com;Jo;;Lyon\n"


def empty(root: Path) -> None:
    """An empty folder."""


def plain(root: Path) -> None:
    """One issue, as good as an issue gets."""
    make_workspace(root, FULL_CONFIG)


def with_logo(root: Path) -> None:
    plain(root)
    write(root / "templates" / "logo.png", png())


def with_new_pads(root: Path) -> None:
    make_workspace(root, FULL_CONFIG + '\n[pads]\nnew = "https://pad.example.org/new"\n')


def two_issues(root: Path) -> None:
    make_workspace(root, FULL_CONFIG, {1: ISSUE, 2: {**ISSUE, "about.md": "Who we have become.\n"}})


def fixable(root: Path) -> None:
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": FIXABLE}})


def slips(root: Path) -> None:
    """More findings of one kind than are shown at once."""
    many = "".join(f"See [page {number}]().\n\n" for number in range(9))
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": f"---\nauthor: Grace\n---\n{many}"}})


def committed(root: Path) -> None:
    """An issue with a fault that Git knows already."""
    slips(root)
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(["git", *who, *arguments], cwd=root, env=environment(), check=True, capture_output=True)


def local_link(root: Path) -> None:
    """A link into the machine's own network, where nobody answers."""
    news = "---\nauthor: Grace\n---\nSee [the plan](http://127.0.0.1:1/plan).\n"
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": news}})


def unpublished(root: Path) -> None:
    """The post's address is one of this machine, where nobody answers."""
    config = FULL_CONFIG.replace("https://www.example.org/", "http://127.0.0.1:1/")
    make_workspace(root, config + "\n[check.links]\nallow_private = true\n")


def from_a_pad(root: Path) -> None:
    """A text with the marks and the line breaks of a pad."""
    news = "---\nauthor: Grace\n---\nOne ==marked== word\nand a second line.\n"
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": news}})


def with_pads(root: Path) -> None:
    """Two sections that name pads in the machine's own network, where nobody answers."""
    pads = {name: f"---\nauthor: Ada\npad: http://127.0.0.1:1/{name}\n---\nText.\n" for name in ("agenda", "news")}
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, **{f"{name}.md": text for name, text in pads.items()}}})


def misspelt(root: Path) -> None:
    """A word that no dictionary has."""
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": "---\nauthor: Grace\n---\nThe tidingzz.\n"}})


def german(root: Path) -> None:
    """An issue in a language that none of the usual readers reads."""
    make_workspace(root, FULL_CONFIG.replace('language = "en"', 'language = "de"'))


def pictured(root: Path) -> None:
    news = "---\nauthor: Grace\n---\n![A grey square](grey.png)\n"
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": news}})
    write(root / "sections" / "001" / "grey.png", png())


def drawn(root: Path) -> None:
    """A picture that mail readers do not show."""
    from PIL import Image

    news = "---\nauthor: Grace\n---\n![The pier at noon](pier.webp)\n"
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": news}})
    Image.new("RGB", (40, 20)).save(root / "sections" / "001" / "pier.webp")


def published(root: Path) -> None:
    """A post of another newsletter, and one that is not in UTF-8."""
    plain(root)
    post = '---\ntitle: "Tidings #4"\ndate: 2026-05-11\n---\nHello from the café.\n\n## Gazette\n\nA text.\n'
    write(root / "post.md", post)
    write(root / "old.md", post.encode("cp1252"))


def lettered(root: Path) -> None:
    """An issue with a picture, and nothing said of where it will be read."""
    make_workspace(root, re.sub(r"(?m)^url = .*\n", "", FULL_CONFIG))
    write(root / "sections/001/news.md", "---\nauthor: Grace\n---\n![A square](grey.png) of [the team](/team/).\n")
    write(root / "sections/001/grey.png", png())


def sited(root: Path) -> None:
    """The same, with its site in a folder of it, and another site beside that."""
    lettered(root)
    write(root / "newsletter.toml", (root / "newsletter.toml").read_text("utf-8") + '\n[site]\nfolder = "site"\n')
    for name in ("site", "other"):
        write(root / name / "hugo.toml", 'baseURL = "https://tidings.example.net/"\n')
    write(root / "site/content/team.md", "---\ntitle: The team\n---\n")


def sited_by_hand(root: Path) -> None:
    """And somebody has written the page there already."""
    sited(root)
    write(root / "site/content/posts/newsletter1/index.md", "By hand.\n")


def sited_in_git(root: Path) -> None:
    """The site is a repository of its own."""
    sited(root)
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "The site")):
        git(root / "site", *arguments)
    for key in ("name", "email"):
        git(root / "site", "config", f"user.{key}", "ada@example.org")


def sited_elsewhere(root: Path) -> None:
    """A site outside the repository, which nobody has trusted yet."""
    plain(root)
    write(root / "newsletter.toml", (root / "newsletter.toml").read_text("utf-8") + '\n[site]\nfolder = "../site"\n')


def ready(root: Path) -> None:
    """An issue that is assembled, three people to send it to, and another list."""
    Newsletter(root)
    write(root / "other.csv", "email;name\nxenia@example.org;Xenia\n")


def approved(root: Path) -> None:
    """The same, and Ada has approved it."""
    ready(root)
    approve(open_workspace(root), 1, by="Ada", accepted=(), ask=lambda proposal: None)


def commanded(root: Path) -> None:
    """Ready to go, to a list whose address a command prints: one that nobody has trusted yet."""
    command = ["/usr/bin/env", "echo", f"sqlite:///{root}/people.db"]
    sql = f'url_command = {json.dumps(command)}\nquery = "SELECT email FROM people"\n'
    Newsletter(root, people=None, config=f'[list]\nsource = "sql"\n[list.sql]\n{sql}')
    with closing(sqlite3.connect(root / "people.db")) as connection, connection:
        connection.execute("CREATE TABLE people (email TEXT)")
        connection.execute("INSERT INTO people VALUES ('sql@example.org')")


def faulty(root: Path) -> None:
    Newsletter(root, texts=FAULTY)


def sent(root: Path) -> None:
    """Sent into a folder; since then somebody has come onto the list."""
    newsletter = Newsletter(root)
    newsletter.send()
    newsletter.list(PEOPLE + "dora@example.org;Dora;\n")


def proved(root: Path) -> None:
    """A proof of it was sent into a folder."""
    newsletter = Newsletter(root)
    prove(newsletter, "ada@example.org")


def with_mailbox(root: Path) -> None:
    """Ready to go; its mailbox is where nothing listens, and a command prints the password."""
    printed = json.dumps([sys.executable, "-c", "print('x')"])
    Newsletter(root, config=f'[mailbox]\nurl = "imap://ada@127.0.0.1:1"\npassword_command = {printed}\n')


def changed_since_proof(root: Path) -> None:
    proved(root)
    write(root / "sections" / "001" / "news.md", "---\nauthor: Grace\n---\nSomething else.\n")


def begun(root: Path) -> None:
    """Sent to one of three; since then the text has changed."""
    newsletter = Newsletter(root)
    newsletter.send(limit=1)
    newsletter.write("news.md", "---\nauthor: Grace\n---\nSomething else [happened](https://example.org/a).\n")
    newsletter.assemble()


def late(root: Path) -> None:
    """Begun, and out of date since."""
    newsletter = Newsletter(root)
    newsletter.send(limit=1)
    with closing(open_database(newsletter.state)) as connection:
        connection.execute("UPDATE wave SET send_by = '2001-01-01T00:00:00Z'")


def unresolved(root: Path) -> None:
    """Ada has it, Ben and Cleo are in doubt."""
    newsletter = Newsletter(root)
    newsletter.send(to="group:proof")
    newsletter.send(limit=1)
    with closing(open_database(newsletter.state)) as connection:
        connection.execute("UPDATE delivery SET state = 'in_doubt' WHERE key <> 'ada@example.org'")


def refused(root: Path) -> None:
    """Ada has it; for Ben and Cleo no message could be made."""
    greeting = '[personal]\ngreeting = "Dear {first_name},"\n[[personal.fields]]\nname = "first_name"\n'
    people = "email;first_name\nada@example.org;Ada\nben@example.org;\ncleo@example.org;\n"
    Newsletter(root, config=greeting, people=people).send(accepted=("unbuildable",))


def members(root: Path) -> None:
    """A list in a file, taken in nowhere."""
    plain(root)
    write(root / "members.csv", MEMBERS.encode("cp1252"))
    write(root / "pipes.csv", "email|name\nlea@example.org|Léa\n")
    write(root / "turkish.csv", "email;name\nlea@example.org;İşıl\n".encode("cp1254"))


def csv_list(root: Path) -> None:
    """A list kept by hand, and another file."""
    members(root)
    write(root / "list.csv", PEOPLE)


def managed(root: Path) -> None:
    """A list kept by `nl`: Ada confirmed, Lea not."""
    members(root)
    _nl(root, "add", "Ada <ada@example.org>", "--group", "proof")
    _nl(root, "add", "lea@example.org", "--unconfirmed")


def handed_over(root: Path) -> None:
    """A list that went to another machine, and the file it went in."""
    managed(root)
    _nl(root, "export", "state.age", group="state")


def left(root: Path) -> None:
    """A list kept by hand, and Ada who left it."""
    csv_list(root)
    _nl(root, "unsubscribe", "ada@example.org")


def overdue(root: Path) -> None:
    """Somebody who never confirmed, long ago."""
    managed(root)
    with closing(sqlite3.connect(root / "state" / "list.db")) as connection, connection:
        long_ago = "'2020-01-01T00:00:00Z'"
        connection.execute(
            f"UPDATE subscriber SET changed_at = {long_ago}, left_at = iif(left_at = '', '', {long_ago})"
        )


def _nl(root: Path, *arguments: str, group: str = "list") -> None:
    from tests.inside import call

    done = call(group, *arguments, cwd=root)
    assert done.status == 0, done.err


def french(root: Path) -> None:
    """A French newsletter with what French sets in its own way."""
    config = FULL_CONFIG.replace('language = "en"', 'language = "fr"')
    issue = {**ISSUE, "news.md": '---\nauthor: Grace\n---\nBonjour ! Voici la "Lettre" du jour.\n'}
    make_workspace(root, config, {1: issue})


def lacking(root: Path) -> None:
    """Nobody signed the agenda, and there is no news."""
    issue = {**ISSUE, "agenda.md": ISSUE["agenda.md"].replace("author: Ada\n", "")}
    del issue["news.md"]
    make_workspace(root, FULL_CONFIG, {1: issue})


def blinking(root: Path) -> None:
    """What hardly any mail reader understands."""
    news = "---\nauthor: Grace\n---\nSee <details><summary>more</summary>Nothing.</details> and ![a film](film.webp).\n"
    make_workspace(root, FULL_CONFIG, {1: {**ISSUE, "news.md": news}})


def two_lists(root: Path) -> None:
    """A list kept by `nl` and one kept by hand, and nobody said which one counts."""
    odd_list(root)
    write(root / "list.csv", PEOPLE)
    _nl(root, "import", "pipes.csv")


def odd_list(root: Path) -> None:
    """A list whose columns say nothing by their names."""
    members(root)
    names = [
        "address",
        "name",
        "first_name",
        "last_name",
        "status",
        "unsubscribed",
        "groups",
        "consent_at",
        "consent_how",
        "second",
        "receives",
    ]
    values = "lea@example.org;Léa Doe;Léa;Doe;unconfirmed;yes;proof;2025-03-03;a form;second@example.org;no"
    write(root / "odd.csv", ";".join(f"c_{name}" for name in names) + f"\n{values}\n")


def database(root: Path) -> None:
    """A list in a database."""
    plain(root)
    with closing(sqlite3.connect(root / "people.db")) as connection, connection:
        connection.execute("CREATE TABLE people (email TEXT)")
        connection.execute("CREATE TABLE nobody (email TEXT)")
        connection.execute("INSERT INTO people VALUES ('sql@example.org')")


def old_people(root: Path) -> None:
    """Somebody who never confirmed, somebody who left, and a file of refused rows, all long ago."""
    managed(root)
    _nl(root, "unsubscribe", "ada@example.org")
    with closing(sqlite3.connect(root / "state" / "list.db")) as connection, connection:
        long_ago = "'2020-01-01T00:00:00Z'"
        connection.execute(
            f"UPDATE subscriber SET changed_at = {long_ago}, left_at = iif(left_at = '', '', {long_ago})"
        )
    rejects = write(root / "state" / "rejects" / "old.csv", "email\nnot one\n")
    os.utime(rejects, (0, 0))


def long_sent(root: Path) -> None:
    """An issue sent years ago."""
    sent(root)
    with closing(open_database(root / "state")) as connection:
        connection.execute("UPDATE wave SET frozen_at = '2001-01-01T00:00:00Z'")


def ready_with_picture(root: Path) -> None:
    """Ready to go, with a picture of its own."""
    news = "---\nauthor: Grace\n---\n![A grey square](grey.png)\n"
    Newsletter(root, texts={"news.md": news}, files={"grey.png": png()})


def ready_with_preheader(root: Path) -> None:
    """Ready to go, with the words that an inbox shows beside the subject."""
    Newsletter(root, texts={"_issue.md": TEXTS["_issue.md"].replace("title:", "preheader: In short\ntitle:")})


def ready_for_two_domains(root: Path) -> None:
    Newsletter(root, people=PEOPLE + "xenia@example.net;Xenia;\n")


def dkim_ready(root: Path) -> None:
    """Ready to go, with a key to sign with."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    ready(root)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    write(root / "dkim.pem", key.private_bytes(*form))
