"""Nothing English is left in French: help pages, usage errors and reasons are read from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter_cli.base.reasons import LIBRARY_REASONS, library_reason, system_reason
from tests.inside import call
from tests.locale.test_french import pairs
from tests.workspaces import make_workspace

# Words that no French sentence has. Not here: what is French, too (note, message, or, on), and names of commands.
ENGLISH = """
    the this that these those and with without for are is not by when where which what who whom whose must did mean
    you your it its an has have had was were be been from into at no yes nothing nobody somebody try such required
    folder missing given there here all any some than then if exit unexpected error invalid value needs want wants
    takes reader readers issue issues rows picture pictures write
"""
# What one types, or writes into a file, is English in every language.
TYPED = re.compile(
    r"""
    `[^`]*` | «[^»]*» | \{[^}]*\} | "[^"]*" | \[[^\]\s]*[^\]]*\] | <[^>]*> | https?://\S+ | --?[a-z][\w-]*
    | \bnl(?:\ [a-z]+)+ | \w+(?:[.:/=@_-]\w+)+ | \b[a-z_]+\ =\  | \b[a-z_]+/
    """,
    re.VERBOSE,
)

# Help and metavars are translated as modules are loaded: in a process of its own, that speaks French from the start.
ALL_THAT_IS_SAID = """
import json, sys
from newsletter_cli.base import i18n
i18n.translate_libraries()
import typer
from newsletter_cli.base.errors import UsageError
from newsletter_cli.cli.app import COMMANDS, build_app
from newsletter_cli.cli.usage import dress, run

def walk(command, parent, name):
    context = command.context_class(command, info_name=name, parent=parent, help_option_names=["-h", "--help"])
    yield context.command_path, command.get_help(context)
    for below, inner in getattr(command, "commands", {}).items():
        yield from walk(inner, context, below)

program = typer.main.get_command(build_app(list(COMMANDS)))
dress(program)
errors = {}
for line in json.load(sys.stdin):
    try:
        run(build_app(line.split()), line.split())
    except UsageError as error:
        errors[line] = f"{error} \u2192 {error.hint}"
json.dump({"help": dict(walk(program, None, "nl")), "errors": errors}, sys.stdout)
"""
# What is typed; what is said, and what is advised.
WRONG = {
    "check --fixx": ("l’option --fixx n’existe pas", "vouliez-vous dire --fix"),
    "check -Z": ("l’option -Z n’existe pas", "nl check --help"),
    "--verbose": ("l’option --verbose n’existe pas", "nl --help"),
    "assemblr": ("la commande assemblr n’existe pas", "vouliez-vous dire assemble"),
    "list xyz": ("la commande xyz n’existe pas", "nl list --help"),
    "list chow": ("la commande chow n’existe pas", "vouliez-vous dire show"),
    "list -C .": ("il manque une commande", "nl list [OPTIONS] COMMANDE"),
    "import": ("il manque FICHIER", "nl import --help"),
    "list move a@x.fr": ("il manque NOUVELLE", "nl list move --help"),
    "check 1 2 3": ("trop d’arguments\u00a0: 2 3", "nl check [OPTIONS] [N]"),
    "status 1 2": ("un argument de trop\u00a0: 2", "nl status [OPTIONS] [N]"),
    "check --format": ("--format doit être suivi d’une valeur", ""),
    "check --fix=2": ("--fix ne prend pas de valeur", ""),
    "preview --port x": ("--port doit être un nombre entier, et non «\u00a0x\u00a0»", "nl preview --help"),
    "send --limit 0": ("--limit doit être un nombre entier, 1 ou plus", "nl send --help"),
    "resolve --refused foo": ("--refused ne peut pas être «\u00a0foo\u00a0»", "nl resolve --help"),
}


def english(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", TYPED.sub(" ", text).casefold()) if word in ENGLISH.split()}


@pytest.fixture(scope="module")
def said() -> dict[str, dict[str, str]]:
    done = subprocess.run(
        [sys.executable, "-c", ALL_THAT_IS_SAID],
        env={**os.environ, "NL_LANG": "fr", "COLUMNS": "100"},
        input=json.dumps(list(WRONG)),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    told: dict[str, dict[str, str]] = json.loads(done.stdout)
    return told


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path).root


@pytest.fixture
def help_pages(said: dict[str, dict[str, str]]) -> dict[str, str]:
    return said["help"]


def test_no_message_has_an_english_word() -> None:
    found = {french: words for _original, french in pairs() if (words := english(french))}
    assert found == {}


class TestHelp:
    def test_every_command_has_a_page(self, help_pages: dict[str, str]) -> None:
        assert {"nl", "nl check", "nl list", "nl list import", "nl list suppression export"} <= set(help_pages)

    def test_no_page_has_an_english_word(self, help_pages: dict[str, str]) -> None:
        assert {typed: words for typed, text in help_pages.items() if (words := english(text))} == {}

    def test_the_fixed_parts(self, help_pages: dict[str, str]) -> None:
        for typed, text in help_pages.items():
            assert text.startswith(f"Utilisation\u00a0: {typed} "), typed
            assert re.search(r"-h, --help +Afficher cette aide et s’arrêter\.", text), typed
            assert "\nOptions\u00a0:\n" in text, typed
            # The kinds of values that typer makes up: <str>, <int range>.
            assert not re.search(r"<(?:str|int|path|int range)>|\bCOMMAND\b|ARGS", text), typed

    def test_no_line_of_a_list_is_cut(self, help_pages: dict[str, str]) -> None:
        for typed, text in help_pages.items():
            assert "..." not in text, typed


@pytest.mark.parametrize("typed", WRONG)
def test_a_usage_error_is_french(said: dict[str, dict[str, str]], typed: str) -> None:
    message, hint = WRONG[typed]
    told, _arrow, advised = said["errors"][typed].partition(" → ")
    assert message in told
    assert hint in advised
    assert english(said["errors"][typed]) == set()


def test_an_issue_that_is_no_number_names_no_other_command(workspace: Path) -> None:
    done = call("check", "deux", cwd=workspace, env={"NL_LANG": "fr"})
    assert done.err == "erreur\u00a0: «\u00a0deux\u00a0» n’est pas un numéro\n  → donnez un nombre à partir de 1\n"


def test_usage_errors_in_english(tmp_path: Path) -> None:
    done = call("check", "--fixx", cwd=tmp_path)
    assert done.err == "error: there is no option --fixx\n  → did you mean --fix? (all of them: nl check --help)\n"


class TestReasons:
    @pytest.mark.parametrize(
        ("said", "french"),
        [
            ("There must be something before the @-sign.", "il manque quelque chose avant le @"),
            (
                "The part after the @-sign contains invalid characters: SPACE.",
                "la partie après le @ contient des caractères interdits\u00a0: une espace",
            ),
            ("Expected '=' after a key in a key/value pair", "il manque le «\u00a0=\u00a0» après la clé"),
            ("certificate has expired", "il a expiré"),
            ("database or disk is full", "le disque est plein"),
            ("'isue' is undefined", "«\u00a0isue\u00a0» n’existe pas"),
        ],
    )
    def test_what_a_library_says(self, monkeypatch: pytest.MonkeyPatch, said: str, french: str) -> None:
        speak(monkeypatch, "fr")
        assert library_reason(said) == french

    def test_what_nobody_has_translated_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        speak(monkeypatch, "fr")
        assert library_reason("Quite another fault.") == "quite another fault"

    def test_every_pattern_fills_what_its_message_names(self) -> None:
        for said, message in LIBRARY_REASONS:
            assert set(re.findall(r"\{(\w+)\}", message)) == set(re.compile(said).groupindex), said

    def test_the_reasons_of_the_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        refused = PermissionError(13, "Permission denied")
        assert system_reason(refused) == "Permission denied"
        speak(monkeypatch, "fr")
        assert system_reason(refused) == "accès refusé"
        assert system_reason(OSError("no number")) == "no number"

    def test_each_address_that_is_refused_is_refused_in_french(self, workspace: Path) -> None:
        wrong = [
            "@x.fr", "a@", "a@x", "a..b@x.fr", ".a@x.fr", "a.@x.fr", "a@x..fr", "a@-x.fr", "a@x-.fr", "a@x_y.fr",
            "a@[1.2.3.4]", "a@xn--zzzz.fr", "<a@x.fr", "a@x.local", "a@localhost", "a@.fr", "a@ab--c.fr",
            "a(b)@x.fr", "a＠x.fr", f"a@{'b' * 70}.fr",
        ]  # fmt: skip
        (workspace / "list.csv").write_text("email\n" + "".join(f"{one}\n" for one in wrong), "utf-8")
        done = call("list", "check", cwd=workspace, env={"NL_LANG": "fr"})
        assert done.out.count("erreur list.csv:") == len(wrong), done.out + done.err
        assert english(done.out.partition("Par hypothèse")[0]) == set()


def speak(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    from newsletter_cli.base import i18n

    monkeypatch.setenv("NL_LANG", language)
    i18n._catalogue.cache_clear()
    monkeypatch.setattr(i18n, "_catalogue", i18n._catalogue.__wrapped__)
