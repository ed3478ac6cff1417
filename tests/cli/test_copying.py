"""`nl theme copy`, `nl words copy`: a user of the wheel has what the docs say to copy; and a language without words."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.workspace.shipped import shipped_templates
from tests.inside import run
from tests.workspaces import CONFIG, make_workspace, write


@pytest.mark.parametrize("name", ["footer.mjml.j2", "footer", "content.css", "theme.toml"])
def test_a_shipped_file_is_copied_where_it_counts(tmp_path: Path, name: str) -> None:
    root = make_workspace(tmp_path).root
    done = run("theme", "copy", name, cwd=root)
    full = name if "." in name else f"{name}.mjml.j2"
    assert (done.returncode, f"templates/themes/default/{full}" in done.stdout) == (0, True)
    copied = root / "templates/themes/default" / full
    assert copied.read_text("utf-8") == (shipped_templates() / "themes/default" / full).read_text("utf-8")
    assert run("check", "1", cwd=root).returncode == 0


def test_a_copy_that_is_changed_is_what_readers_get(tmp_path: Path) -> None:
    root = make_workspace(tmp_path).root
    assert run("theme", "copy", "footer", cwd=root).returncode == 0
    copied = root / "templates/themes/default/footer.mjml.j2"
    copied.write_text(copied.read_text("utf-8").replace("<strong>", "<strong>From the harbour: "), "utf-8")
    assert run("assemble", "1", cwd=root).returncode == 0
    assert "From the harbour: Tidings" in (root / "build/001/email.html").read_text("utf-8")
    done = run("theme", "copy", "footer", cwd=root)
    assert (done.returncode, "is there already" in done.stderr) == (2, True)
    assert "From the harbour" in copied.read_text("utf-8")


def test_a_theme_of_ones_own_takes_the_file_of_the_one_it_extends(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, CONFIG + '[email]\ntheme = "dsfr"\n').root
    assert run("theme", "copy", "theme.toml", "--theme", "ours", cwd=root).returncode == 0
    shipped = (shipped_templates() / "themes/dsfr/theme.toml").read_text("utf-8")
    assert (root / "templates/themes/ours/theme.toml").read_text("utf-8") == shipped
    write(root / "newsletter.toml", CONFIG + '[email]\ntheme = "ours"\n')
    assert run("theme", "copy", "footer", cwd=root).returncode == 0
    assert run("check", "1", cwd=root).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("theme", "copy", "foter.mjml.j2"), "did you mean “footer.mjml.j2”?"),
        (("theme", "copy", "../../newsletter.toml"), "no shipped theme has a file"),
        (("words", "copy", "l'anglais"), "is no language"),
        (("words", "copy", "../fr"), "is no language"),
    ],
)
def test_what_there_is_not_is_said_with_the_nearest(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = run(*words, cwd=make_workspace(tmp_path).root)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_words_are_copied_to_be_translated(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, CONFIG.replace('"en"', '"pl"')).root
    assert "language-without-words" in run("check", "1", cwd=root).stdout
    assert run("words", "copy", "pl", cwd=root).returncode == 0
    path = root / "templates/words/pl.toml"
    path.write_text(path.read_text("utf-8").replace("Unsubscribe", "Wypisz się"), "utf-8")
    for name in ("pl.toml", "PL.toml"):
        path = path.rename(path.with_name(name))
        assert "language-without-words" not in run("check", "1", cwd=root).stdout
    path.write_text(path.read_text("utf-8").replace('language = "pl"', 'language = "en"'), "utf-8")
    done = run("doctor", cwd=root)
    assert "templates/words/PL.toml:4: these words say that they are “en”" in done.stdout


def test_a_language_without_words_is_said_at_once(tmp_path: Path) -> None:
    said = "newsletter.toml:9: there are no words in “pl”"
    for words in (("init", "letter", "--language", "pl"), ("new", "1", "-C", "letter")):
        done = run(*words, cwd=tmp_path)
        assert (done.returncode, said in done.stderr) == (0, True), done.stderr
    assert said in run("doctor", "-C", "letter", cwd=tmp_path).stdout
    done = run("init", "deutsch", "--language", "de", cwd=tmp_path)
    assert "words" not in done.stderr


@pytest.mark.parametrize("language", ["de", "es", "it"])
def test_languages_that_come_along_go_out_in_their_own_words(tmp_path: Path, language: str) -> None:
    assert run("init", "letter", "--language", language, cwd=tmp_path).returncode == 0
    root = tmp_path / "letter"
    text = (root / "newsletter.toml").read_text("utf-8")
    (root / "newsletter.toml").write_text(text.replace("[sender]", '[sender]\naddress = "letter@example.org"'), "utf-8")
    write(root / "sections/001/_issue.md", "---\ntitle: Uno\ndate: 2026-05-01\n---\n\nBuongiorno.\n")
    write(
        root / "sections/001/agenda.md",
        "---\nauthor: x\nstatus: ready\nevents:\n  - title: A\n    start: 2026-05-01T14:30\n    place: B\n---\n\nC.\n",
    )
    assert run("assemble", "1", cwd=root).returncode == 0
    page = (root / "build/001/email.html").read_text("utf-8") + (root / "build/001/email.txt").read_text("utf-8")
    for english in ("In this issue", "Unsubscribe", "Read online", "Where", "Coming up"):
        assert english not in page


def test_a_section_chooses_its_skeleton(tmp_path: Path) -> None:
    sections = (
        '[[sections]]\nslug = "calendrier"\ntitle = "Prochaines courses"\nskeleton = "{skeleton}"\n'
        '[[sections]]\nslug = "benevoles"\ntitle = "On cherche des bénévoles"\n'
    )
    config = '[newsletter]\nname = "Le club"\nlanguage = "fr"\n'
    write(tmp_path / "newsletter.toml", config + sections.format(skeleton="agneda"))
    done = run("new", "1", "--date", "2026-12-15", cwd=tmp_path)
    assert (done.returncode, "newsletter.toml:7: there is no skeleton “agneda”" in done.stderr) == (2, True)
    assert "did you mean “agenda”?" in done.stderr
    write(tmp_path / "newsletter.toml", config + sections.format(skeleton="agenda"))
    assert run("new", "1", "--date", "2026-12-15", cwd=tmp_path).returncode == 0
    text = (tmp_path / "sections/001/calendrier.md").read_text("utf-8")
    assert "events:" in text
    assert "Prochaines courses" in text
    assert "events:" not in (tmp_path / "sections/001/benevoles.md").read_text("utf-8")


def test_no_skeleton_speaks_of_one_ministry() -> None:
    for path in (shipped_templates() / "skeletons").rglob("*.md"):
        text = path.read_text("utf-8").casefold()
        for word in ("ministère", "ministry", "data scientist", "programme 10", "l’état", "numérique"):
            assert word not in text, path
