from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.check.language.fake import fake_program
from tests.inside import call, run
from tests.workspaces import CONFIG, NL, git, make_workspace, write

COMMANDS = """
[list]
source = "sql"
[list.sql]
query = "SELECT 1 AS email"
url_command = ["touch", "{marker}"]
[send]
transport = "smtp://127.0.0.1:2525"
[send.smtp]
user = "letter"
password_command = ["touch", "{marker}"]
"""


def workspace_with(root: Path, lines: str) -> Path:
    """A workspace with more lines at the end of its `newsletter.toml`, right or wrong."""
    made = make_workspace(root).root
    write(made / "newsletter.toml", CONFIG + lines)
    return made


def diagnoses(root: Path) -> tuple[int, dict[str, tuple[str, str]]]:
    # As where it is installed: what is typed starts this program.
    env = {"PATH": os.pathsep.join((str(Path(NL).parent), os.environ["PATH"]))}
    done = run("doctor", "--json", cwd=root, env=env)
    found = json.loads(done.stdout)["diagnoses"]
    return done.returncode, {one["subject"]: (one["health"], one["message"]) for one in found}


def test_a_new_workspace_wants_attention_and_is_not_wrong(tmp_path: Path) -> None:
    assert run("init", "ws", cwd=tmp_path).returncode == 0
    status, found = diagnoses(tmp_path / "ws")
    assert status == 0
    assert found["newsletter.toml"] == (
        "attention",
        "these keys are missing: post.url, sender.address, sender.reply_to, email.legal",
    )
    assert found["templates"][0] == found["state"][0] == "well"
    assert found["list"][0] == "attention"


@pytest.mark.parametrize(
    "address", ['[post]\nurl = "https://www.example.org/{slug}/"', '[site]\nbase_url = "https://www.example.org"']
)
def test_all_is_well(tmp_path: Path, address: str) -> None:
    config = CONFIG + (
        f'\n{address}\n\n[email]\nlegal = ["Published by us."]\n\n[sender]\naddress = "letter@example.org"\n'
    )
    root = make_workspace(tmp_path / "ws", config).root
    assert run("list", "add", "ada@example.org", "--consent", "asked at the door", cwd=root).returncode == 0
    status, found = diagnoses(root)
    assert status == 0
    assert {health for health, _message in found.values()} == {"well"}
    assert "example.org" not in str(found["list"])


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX modes")
def test_an_open_state_folder_is_wrong(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws").root
    (root / "state").mkdir()
    (root / "state").chmod(0o755)
    status, found = diagnoses(root)
    assert (status, found["state"][0]) == (2, "wrong")


def test_a_repository_that_would_take_personal_data_is_wrong(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws").root
    git(root, "init", "-q")
    assert diagnoses(root)[0] == 2
    # As Git sees it, wherever it stands and however it is written.
    (root / ".git" / "info" / "exclude").write_text("**/state\n", "utf-8")
    assert diagnoses(root)[0] == 0
    (root / ".gitignore").write_text("!state/\n", "utf-8")
    assert diagnoses(root)[0] == 2


def test_a_state_folder_that_git_tracks_is_wrong_and_how_to_untrack_it_is_said(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws").root
    git(root, "init", "-q")
    write(root / ".gitignore", "state/\n")
    write(root / "state" / "builds" / "001.json", "{}")
    (root / "state").chmod(0o700)
    git(root, "add", "-f", "state")
    done = run("doctor", cwd=root)
    assert done.returncode == 2
    assert "state/builds/001.json" in done.stdout
    assert "git rm -r --cached state" in done.stdout


def test_commands_are_named_and_none_is_run(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + COMMANDS.format(marker=tmp_path / "marker")).root
    status, found = diagnoses(root)
    assert (status, found["commands"][0], found["list"][0]) == (0, "attention", "well")
    assert run("trust", "--yes", cwd=root).returncode == 0
    assert diagnoses(root)[1]["commands"][0] == "well"
    assert not (tmp_path / "marker").exists()


def test_a_site_elsewhere_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    root = workspace_with(tmp_path / "ws", '[site]\nfolder = "../site"\n')
    health, message = diagnoses(root)[1]["commands"]
    assert health == "attention"
    assert message == (
        f"site.folder names a folder outside this repository that you have not trusted: {tmp_path / 'site'}"
    )
    assert run("trust", "--yes", cwd=root).returncode == 0
    assert diagnoses(root)[1]["commands"][0] == "well"


def test_in_french_every_subject_but_files_is_french(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws").root
    shown = {
        line[2:].partition("\u00a0:")[0] for line in run("doctor", cwd=root, env={"NL_LANG": "fr"}).stdout.splitlines()
    }
    assert "langue" in shown
    assert not shown & {"program", "templates", "leftovers", "commands", "list", "send", "links", "language", "browser"}


def test_a_theme_that_does_not_exist_is_told_with_its_hint(tmp_path: Path) -> None:
    root = workspace_with(tmp_path / "ws", '[email]\ntheme = "defalt"\n')
    done = run("doctor", cwd=root)
    assert done.returncode == 2
    assert "✗ newsletter.toml: newsletter.toml:19: email.theme: there is no theme “defalt”" in done.stdout
    assert "did you mean “default”?" in done.stdout


def test_the_link_checker_and_the_browser(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws").root
    _status, found = diagnoses(root)
    assert found["links"][0] == "well"
    assert found["browser"][0] == "well"


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
@pytest.mark.parametrize(
    ("how", "health", "message"),
    [
        ("", "well", "French: grammar by Grammalecte 2.1.9"),
        ("crash", "wrong", "Grammalecte cannot be run: MemoryError: no room"),
        (None, "attention", "French: no grammar; Grammalecte is not installed"),
    ],
)
def test_who_reads_the_language(tmp_path: Path, how: str | None, health: str, message: str) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG.replace('language = "en"', 'language = "fr"')).root
    if how is not None:
        fake_program(tmp_path / "bin", how)
    done = call("doctor", "--json", cwd=root, env={"PATH": str(tmp_path / "bin"), "NL_NO_LANGUAGE": None})
    found = [one for one in json.loads(done.out)["diagnoses"] if one["subject"] == "language"]
    assert (health, message) in [(one["health"], one["message"]) for one in found]
    assert all(one["hint"] for one in found if one["health"] != "well")


SENDER = '\n[sender]\naddress = "letter@example.org"\n'


def test_where_messages_would_go(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + SENDER).root
    health, message = diagnoses(root)[1]["send"]
    assert (health, "maildir:state/outbox" in message) == ("well", True)
    config = root / "newsletter.toml"
    config.write_text(f'{CONFIG}{SENDER}\n[send]\ntransport = "smtp://mail.example.org"\n', "utf-8")
    health, message = diagnoses(root)[1]["send"]
    assert (health, "smtp://mail.example.org:587" in message) == ("well", True)


def test_a_password_that_is_missing_is_wrong(tmp_path: Path) -> None:
    smtp = '\n[send]\ntransport = "smtp://mail.example.org"\n[send.smtp]\nuser = "letter"\n'
    root = make_workspace(tmp_path / "ws", CONFIG + SENDER + smtp).root
    status, found = diagnoses(root)
    assert (status, found["send"][0]) == (2, "wrong")
    assert "NL_SMTP_PASSWORD" in found["send"][1]
    done = run("doctor", "--json", cwd=root, env={"NL_SMTP_PASSWORD": "hunter2"})
    assert done.returncode == 0
    assert "hunter2" not in done.stdout + done.stderr


def test_a_send_that_is_not_complete_wants_attention(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + SENDER).root
    (root / "list.csv").write_text("email\nada@example.org\nben@example.org\n", "utf-8")
    assert run("assemble", cwd=root).returncode == 0
    assert run("send", "--yes", "--limit", "1", cwd=root).returncode == 3
    done = run("doctor", cwd=root)
    assert done.returncode == 0
    assert "the send of issue 1 is not complete" in done.stdout
    assert "nl report 1" in done.stdout
    assert run("send", "--yes", cwd=root).returncode == 0
    assert "not complete" not in run("doctor", cwd=root).stdout


def test_what_killed_runs_left_is_named_and_git_is_told_of_it(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws").root
    assert diagnoses(root)[1]["leftovers"] == ("well", "no killed run has left anything")
    for name in (
        "sections/001/images/.nl-a.png-x.tmp",
        "state/links/.nl-answers.json-x.tmp",
        ".nl-newsletter.toml-x.tmp",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("left", "utf-8")
        health, message = diagnoses(root)[1]["leftovers"]
        assert (health, name in message) == ("attention", True)
    git(root, "init", "-q")
    (root / ".gitignore").write_text("state/\n", "utf-8")
    assert "add a line “.nl-*.tmp” to .gitignore" in run("doctor", cwd=root).stdout


WRONG_VALUES = [
    ('[check.links]\nexclude = ["(["]', "newsletter.toml", ":2: check.links: “([” is no regular expression"),
    ('[check.links]\nremap = ["a"]', "newsletter.toml", ":2: check.links.remap: “a” is not two addresses"),
    ('[check]\nclients = ["gmial"]', "newsletter.toml", ":2: check.clients[1] cannot be “gmial”"),
    ('[check]\nignore = ["link-bar"]', "newsletter.toml", ":2:12: check.ignore: there is no rule “link-bar”"),
    ('[list]\nencoding = "cp1525"', "newsletter.toml", ":2: list.encoding: there is no encoding “cp1525”"),
    ('[list]\nsource = "csv"\nfile = "abonnes.csv"', "list", ":3: abonnes.csv: there is no such file"),
    ('[list.columns]\naddress = "nosuch"', "list", ":2: list.csv:1: there is no column “nosuch”"),
    ('[list.columns]\nname = "Nom complet"', "list", ":2: list.csv:1: there is no column “Nom complet”"),
    ('[personal]\ngreeting = "Hello {first_name},"', "newsletter.toml", ":2: personal.greeting: the field"),
    ('[personal]\nsubject = "{subject} {"', "newsletter.toml", ":2: personal.subject: "),
    ('[send.dkim]\nselector = "s1"', "send", ":2: the DKIM key"),
    ('[send.dkim]\nselector = "s1"\nkey_file = "state/dkim.pem"', "send", ":3: state/dkim.pem"),
    ('[send.dkim]\nkey_file = "state/dkim.pem"', "send", ":1: [send.dkim] names a key and no selector"),
    ('[send.smtp]\npassword_keyring = "smtp"', "send", ":2: [send.smtp] names a password and no user"),
    ('[list]\nfile = "abonnes.csv"', "list", ":2: list.file: there is no file abonnes.csv"),
    ('[personal]\ngreeting = "Dear {city},"\n[[personal.fields]]\nname = "city"', "personal", ":2: 1 person cannot"),
    ('[[sections]]\nslug = "x"\ntitle = "X"\nskeleton = "agneda"', "newsletter.toml", ":4: there is no skeleton"),
    ('[send.smtp]\nca_file = "authority.pem"', "send", ":2: "),
    ('[send]\ntransport = "smtp://mail.example.org:99999"', "newsletter.toml", ":2: send.transport: "),
    ('[sender]\nreply_to = "letter@example,org"', "newsletter.toml", ":2: sender.reply_to: “letter@example,org” is no"),
    ('[send]\nbounces = "bounces@.org"', "newsletter.toml", ":2: send.bounces: “bounces@.org” is no e-mail address"),
    ('[send]\ncomplaints = "fbl@.org"', "newsletter.toml", ":2: send.complaints: “fbl@.org” is no e-mail address"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "subject", "said"), WRONG_VALUES)
def test_a_value_that_another_command_would_refuse_is_wrong_here_with_its_line(
    tmp_path: Path, lines: str, subject: str, said: str
) -> None:
    root = workspace_with(tmp_path / "ws", lines + "\n")
    write(root / "list.csv", "email;name\nada@example.org;Ada\n")
    before = CONFIG.count("\n")
    number = said.partition(":")[2].partition(":")[0]
    wanted = f"newsletter.toml:{before + int(number)}{said[1 + len(number) :]}"
    # As where it is installed: what is typed starts this program.
    env = {"PATH": os.pathsep.join((str(Path(NL).parent), os.environ["PATH"]))}
    done = run("doctor", "--json", cwd=root, env=env)
    wrong = [one for one in json.loads(done.stdout)["diagnoses"] if one["health"] == "wrong"]
    assert done.returncode == 2
    assert [(one["subject"], wanted in one["message"]) for one in wrong] == [(subject, True)], wrong


def test_what_is_wrong_comes_at_once_and_the_rest_is_looked_at_all_the_same(tmp_path: Path) -> None:
    lines = (
        '[chek]\n[post]\ntime = "9h"\n[list]\nfile = "no.csv"\nsource = "csv"\n[check.links]\nexclude = ["*.x.org"]\n'
    )
    root = workspace_with(tmp_path / "ws", lines)
    done = run("doctor", cwd=root)
    assert done.returncode == 2
    for said in ("“chek” does not exist", "“09:00”", "no.csv: there is no such file", "“*.x.org”", "✓ templates"):
        assert said in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "list.csv: the file is empty"),
        ("foo;bar\n1;2\n", "no column is called email"),
        ("email;name\n", "the list is empty"),
        ("email;name\nnobody;N\n", "nobody on the list would get an issue (no valid address 1)"),
        ("email;statut\nada@example.org;désabonnée\n", "nobody on the list would get an issue"),
    ],
)
def test_a_list_that_nobody_could_be_written_to_from_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    root = make_workspace(tmp_path / "ws").root
    write(root / "list.csv", text)
    status, found = diagnoses(root)
    assert (status, found["list"][0]) == (2, "wrong")
    assert said in found["list"][1]


def test_a_theme_that_cannot_be_rendered_is_wrong_with_its_line(tmp_path: Path) -> None:
    root = workspace_with(tmp_path / "ws", '[email]\ntheme = "ours"\n')
    write(root / "templates/themes/ours/theme.toml", 'extends = "default"\n')
    write(root / "templates/themes/ours/footer.mjml.j2", "<mj-section></mj-section>\n{% if %}\n")
    status, found = diagnoses(root)
    assert (status, found["templates"][0]) == (2, "wrong")
    assert "templates/themes/ours/footer.mjml.j2:2" in found["templates"][1]


def test_complaints_to_another_domain_than_the_senders_want_attention(tmp_path: Path) -> None:
    sender = '[sender]\naddress = "letter@news.example.org"\n[send]\ncomplaints = "{address}"\n'
    for name, address, health in (("a", "fbl@example.org", "well"), ("b", "fbl@example.net", "attention")):
        root = workspace_with(tmp_path / name, sender.format(address=address))
        assert diagnoses(root)[1]["send"][0] == health


def test_an_address_that_is_the_same_for_every_issue_wants_attention(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + '[post]\nurl = "https://example.org/letter/"\n').root
    done = run("doctor", cwd=root)
    assert done.returncode == 0
    assert "post.url holds neither {slug} nor {number}" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX modes")
def test_nothing_is_changed(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG + SENDER).root
    (root / "list.csv").write_text("email\nada@example.org\n", "utf-8")
    assert run("assemble", cwd=root).returncode == 0
    assert run("send", "--yes", cwd=root).returncode == 0
    (root / "list.csv").unlink()
    assert run("list", "add", "ada@example.org", "--consent", "asked at the door", cwd=root).returncode == 0
    (root / "state").chmod(0o755)
    (root / "state" / "list.db").chmod(0o644)

    def seen() -> dict[str, tuple[int, bytes]]:
        return {
            str(path.relative_to(root)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in root.rglob("*")
        }

    before = seen()
    done = run("doctor", cwd=root)
    assert "others on this machine can read state/" in done.stdout
    assert seen() == before
