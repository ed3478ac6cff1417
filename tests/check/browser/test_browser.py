"""The e-mail in a real browser: what axe-core says, and whether it fits a telephone."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from newsletter_cli.check import browser
from newsletter_cli.check.browser import check_in_browser, chromium, find_chromium
from newsletter_cli.check.browser.chromium import BrowserFailed, dump_page
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level
from tests.check.renditions import mutated, renditions_of, right
from tests.rendering import make_section
from tests.samples import sample

THEME = "templates/themes/default/email.mjml.j2"
POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for a program")


def found_by_rule(renditions: Renditions) -> dict[str, list[Finding]]:
    everything: dict[str, list[Finding]] = {}
    for one in check_in_browser(renditions):
        everything.setdefault(one.rule, []).append(one)
    assert "browser-missing" not in everything
    return everything


def found(renditions: Renditions, rule: str) -> list[Finding]:
    return found_by_rule(renditions).get(rule, [])


@pytest.mark.needs("chromium")
class TestInChromium:
    @pytest.mark.parametrize("theme", sample(["default", "dsfr"], "default"))
    def test_what_is_right_is_not_reported(self, theme: str) -> None:
        assert list(check_in_browser(right(theme))) == []

    def test_faults_are_led_back_and_told_once(self) -> None:
        """Each start of the browser is dear: several faults in one page, and a script that does not run."""
        changed = mutated('<p align="right" style="', '<p align="right" style="color:#bbbbbb;')
        changed = mutated("color: #a9b6bc", "color: #444444", base=changed)
        changed = mutated('<html lang="fr"', "<html", base=changed)
        wide = "document.body.innerHTML = '<p>' + 'x'.repeat(9000) + '</p>'"
        script = f'<script>{wide}</script><img src=x alt="" onerror="{wide}"></body>'
        everything = found_by_rule(mutated("</body>", script, base=changed))
        assert set(everything) == {"browser-axe"}
        contrast, dark, language = sorted(
            everything["browser-axe"], key=lambda one: ("html-has-lang" in one.message, "in dark mode" in one.message)
        )
        assert (contrast.file, contrast.level) == ("sections/007/sable.md", Level.WARNING)
        assert "color-contrast" in contrast.message
        assert "À droite" in contrast.message
        assert dark.file == THEME
        assert "in dark mode" in dark.message
        assert "light" not in dark.message
        assert "html-has-lang" in language.message

    def test_what_does_not_fit_is_named_among_many(self) -> None:
        word = "Anticonstitutionnellement" * 5
        section = make_section(f"Un texte.\n\n{word}\n\nUn autre.", slug="large", first_line=3)
        # The shipped themes break such words; another may not.
        base = mutated("word-break:break-word", "", base=renditions_of(section, editorial="Bonjour."))
        changed = mutated("overflow-wrap: break-word", "", base=base)
        [finding] = found(changed, "browser-scroll")
        assert (finding.file, finding.line) == ("sections/007/large.md", 5)

    @pytest.mark.long
    def test_what_nl_makes_fit(self) -> None:
        texts = (
            "Anticonstitutionnellement" * 12,
            f"https://a.example/{'x' * 300}",
            "```\n" + "code " * 60 + "\n```",
            "![a](https://a.example/large.png)",
        )
        assert found(renditions_of("\n\n".join(texts), editorial="Bonjour."), "browser-scroll") == []


class TestNoBrowser:
    def test_none_is_one_finding(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA", "HOME"):
            monkeypatch.setenv(variable, str(tmp_path))
        if find_chromium() is not None:
            pytest.skip("a browser stands in a place of its own")
        [finding] = check_in_browser(right())
        assert finding.rule == "browser-missing"
        assert "install" in (finding.suggestion or "")

    @POSIX_ONLY
    @pytest.mark.parametrize(
        "does", ["exit 3", "echo nothing to see", "echo '<pre>{</pre>'", "printf '<pre>\\377</pre>'"]
    )
    def test_one_that_does_not_answer_is_one_finding(self, does: str, tmp_path: Path) -> None:
        [finding] = check_in_browser(right(), stand_in(tmp_path, does))
        assert finding.rule == "browser-missing"

    def test_one_that_cannot_be_started(self, tmp_path: Path) -> None:
        [finding] = check_in_browser(right(), tmp_path / "no-such-browser")
        assert "no-such-browser" in finding.message

    @POSIX_ONLY
    def test_one_that_never_ends_is_stopped_with_its_children(self, tmp_path: Path) -> None:
        program = stand_in(tmp_path, f"(sleep 5; touch {tmp_path}/outlived) & sleep 60")
        with pytest.raises(BrowserFailed, match="s"):
            dump_page(program, tmp_path / "page.html", is_dark=False, timeout_seconds=0.5)
        assert not (tmp_path / "outlived").exists()

    @POSIX_ONLY
    def test_the_usual_names_are_looked_for(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        stand_in(tmp_path, "exit 0").rename(tmp_path / "google-chrome")
        assert find_chromium() == tmp_path / "google-chrome"

    def test_no_flag_lets_it_reach_the_network(self) -> None:
        assert "--host-resolver-rules=MAP * ~NOTFOUND" in chromium.FLAGS


def test_axe_is_kept_with_its_licence_and_version() -> None:
    folder = Path(browser.__file__).parent / "axe"
    version = (folder / "axe.min.js").read_text(encoding="utf-8").partition("\n")[0].rpartition("v")[2]
    assert f"axe-core {version}" in (folder / "README.md").read_text(encoding="utf-8")
    assert "Mozilla Public License" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert (folder / "LICENSE-3RD-PARTY.txt").is_file()


def stand_in(folder: Path, does: str) -> Path:
    """A program that does something else than a browser would."""
    program = folder / "browser"
    program.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program
