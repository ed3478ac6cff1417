"""The forge kit, run: the steps of action.yml and the script of GitLab's template, in a clone with
a branch of anybody's.

What they print is read as GitHub's runner reads it. The install step is compared, not run: it asks a registry.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workspaces import CONFIG, ISSUE, ROOT, environment, git, make_workspace, write

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bash") is None, reason="the kit runs on Linux, by bash"
)
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
SAMPLES = ROOT / "docs" / "samples"
OLD_FAULT = "See [here](htp://example.org/old).\n"
NEW_FAULT = "And [there](htp://example.org/new).\n"
SECRET = "a-secret-of-the-runner"
COMMAND = re.compile(r"\s*::(?P<name>[\w-]+)(?: (?P<properties>[^:]*(?:%3A[^:]*)*))?::(?P<text>.*)")


@dataclass(frozen=True, kw_only=True)
class Ran:
    """`preview` has the files for the artifact, by relative path."""

    status: int
    log: str
    summary: str
    outputs: str
    preview: dict[str, bytes]

    @property
    def commands(self) -> list[tuple[str, str]]:
        """What the runner obeys, each by its name and its whole line."""
        found = []
        token = None
        for line in self.log.splitlines():
            match = COMMAND.match(line)
            if token is not None:
                if match is not None and match["name"] == token:
                    token = None
                continue
            if match is None:
                # The older form, which the runner sees anywhere in a line.
                found += [(old, line) for old in re.findall(r"##\[([\w-]+)", line)]
            elif match["name"] == "stop-commands":
                token = match["text"]
            else:
                found.append((match["name"], line))
        assert token is None, "the runner would obey nothing more"
        return found

    @property
    def all(self) -> str:
        return self.log + self.summary + self.outputs + "".join(map(repr, self.preview.values()))


def make_clone(folder: Path, files: dict[str, str] | None = None, config: str = CONFIG) -> Path:
    """A fresh clone of a repository, on a branch that changed these files; what was there has one fault."""
    origin = folder / "origin"
    issue = {**ISSUE, "news.md": f"---\nauthor: Grace\n---\n{OLD_FAULT}"}
    make_workspace(origin, issues={1: issue})
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", "-A")
    git(origin, "commit", "-q", "-m", "An issue")
    clone = folder / "clone"
    git(folder, "clone", "-q", str(origin), str(clone))
    git(clone, "switch", "-q", "-c", "theirs")
    write(clone / "newsletter.toml", config)
    changed = {"sections/001/agenda.md": ISSUE["agenda.md"] + NEW_FAULT} if files is None else files
    for name, text in changed.items():
        write(clone / name, text)
    commit(clone)
    return clone


def commit(clone: Path) -> None:
    git(clone, "add", "-A", "-f")
    git(clone, "commit", "-q", "--allow-empty", "-m", "A change")


def step(name: str) -> dict[str, Any]:
    return next(one for one in ACTION["runs"]["steps"] if one.get("name") == name)


def run_action(clone: Path, **inputs: str) -> Ran:
    """The step that checks, as a runner runs it on a pull request to `main`."""
    temporary = clone.parent / "temporary"
    (temporary / "nl").mkdir(parents=True, exist_ok=True)
    (temporary / "nl" / "bin").unlink(missing_ok=True)
    (temporary / "nl" / "bin").symlink_to(Path(sys.executable).parent)
    values = {name: about["default"] for name, about in ACTION["inputs"].items()}
    values |= {"screenshots": "false"} | {name.replace("_", "-"): value for name, value in inputs.items()}
    wanted = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda one: values[one[1]], value)
        for name, value in step("Check")["env"].items()
    }
    summary, outputs = (write(temporary / name, "") for name in ("summary", "outputs"))
    done = bash(
        step("Check")["run"], clone, **wanted,
        RUNNER_TEMP=str(temporary), GITHUB_WORKSPACE=str(clone), GITHUB_ACTION_PATH=str(ROOT), GITHUB_BASE_REF="main",
        GITHUB_STEP_SUMMARY=str(summary), GITHUB_OUTPUT=str(outputs), A_TOKEN=SECRET,
    )  # fmt: skip
    return Ran(
        status=done.returncode,
        log=done.stdout + done.stderr,
        summary=summary.read_text("utf-8"),
        outputs=outputs.read_text("utf-8"),
        preview=files_below(temporary / "nl-preview"),
    )


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def bash(script: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=folder, env=environment(**env), capture_output=True, text=True, check=False,
    )  # fmt: skip


class TestAction:
    def test_what_is_new_is_told_and_nothing_else(self, tmp_path: Path) -> None:
        ran = run_action(make_clone(tmp_path))
        assert (ran.status, ran.outputs) == (1, "status=failed\nerrors=1\n"), ran.log
        (told,) = [line for name, line in ran.commands if name == "error"]
        assert "file=sections/001/agenda.md" in told
        assert "/new" in ran.summary
        assert "/old" not in ran.summary
        assert set(ran.preview) == {"email.html", "email.txt", "post.md"}
        assert b"Come along." in ran.preview["email.html"]

    @pytest.mark.long
    def test_a_subfolder_an_issue_a_revision_and_a_level(self, tmp_path: Path) -> None:
        clone = make_clone(tmp_path)
        (clone / "letters").mkdir()
        for name in ("newsletter.toml", "sections"):
            (clone / name).rename(clone / "letters" / name)
        commit(clone)
        ran = run_action(clone, directory="letters", issue="1", since="HEAD", fail_on="never")
        assert (ran.status, ran.outputs) == (0, "status=passed\nerrors=0\n"), ran.log
        assert "email.html" in ran.preview

    @pytest.mark.long
    def test_main_has_gone_on_meanwhile(self, tmp_path: Path) -> None:
        clone = make_clone(tmp_path)
        write(tmp_path / "origin" / "sections" / "001" / "news.md", "---\nauthor: Grace\n---\nMended.\n")
        git(tmp_path / "origin", "commit", "-q", "-a", "-m", "Mended")
        git(clone, "fetch", "-q")
        assert "errors=1\n" in run_action(clone).outputs

    def test_a_base_branch_that_is_not_there_is_told_plainly(self, tmp_path: Path) -> None:
        clone = make_clone(tmp_path)
        git(clone, "branch", "-r", "-d", "origin/main")
        ran = run_action(clone)
        assert (ran.status, ran.outputs) == (2, "status=broken\nerrors=0\n")
        assert ["fetch-depth: 0" in line for _name, line in ran.commands] == [True]

    @pytest.mark.parametrize("directory", ["..", "not-there", "away"])
    def test_a_folder_elsewhere_is_told_plainly(self, tmp_path: Path, directory: str) -> None:
        clone = make_clone(tmp_path)
        (clone / "away").symlink_to(tmp_path)
        ran = run_action(clone, directory=directory)
        assert (ran.status, ran.outputs) == (2, "status=broken\nerrors=0\n")

    @pytest.mark.long
    @pytest.mark.needs("chromium")
    def test_the_pictures(self, tmp_path: Path) -> None:
        ran = run_action(make_clone(tmp_path), screenshots="true")
        pictures = [name for name, content in ran.preview.items() if content.startswith(b"\x89PNG")]
        assert "pictures/001-desktop.png" in pictures, ran.log

    def test_it_installs_what_is_pinned_and_from_its_own_checkout(self) -> None:
        made, needed, itself = step("Install nl")["run"].splitlines()
        assert made.startswith("python -I -m venv ")
        assert needed.endswith('--require-hashes -r "$GITHUB_ACTION_PATH/requirements/run.txt"')
        assert itself.endswith('--no-deps --no-build-isolation "$GITHUB_ACTION_PATH"')
        assert all(" -I -m pip " in line for line in (needed, itself))

    def test_what_users_get_has_the_versions_of_the_tests(self) -> None:
        ours, theirs = (
            # An extra is asked for by another library: `dnspython[doh]==2.9.2` is that very dnspython.
            set(re.findall(r"^([^\s;[]+)(?:\[\S+\])?(==\S+)", (ROOT / "requirements" / name).read_text("utf-8"), re.M))
            for name in ("run.txt", "dev.txt")
        )
        assert {"jinja2", "hatchling"} <= {name for name, _version in ours}
        assert ours < theirs


EVIL = [
    "::set-output name=status::passed",
    "::add-mask::e",
    "%0A::add-mask::e",
    "##[add-mask]e",
    "x\n::add-mask::e",
    "<script>alert(1)</script><img src=x onerror=y> @everyone",
    "\n\n# A heading\n\n[a link](https://evil.example.org)",
]


class TestAStranger:
    """A branch by somebody who means ill."""

    def test_no_text_is_a_command_or_a_mark_up(self, tmp_path: Path) -> None:
        keys = "".join(f"{json.dumps(text)}: 1\n" for text in EVIL)
        title = json.dumps("".join(EVIL))
        links = "\n\n".join(f"[a](htp://{text})" for text in EVIL)
        ran = run_action(
            make_clone(
                tmp_path,
                {
                    "sections/001/_issue.md": f"---\ntitle: {title}\ndate: 2026-06-11\n---\nHello.\n",
                    "sections/001/news.md": f"---\nauthor: Grace\n{keys}---\n{links}\n",
                    "sections/001/::add-mask::e.md": "A text.\n",
                    "sections/001/a\n::add-mask::e.md": "A text.\n",
                },
            )
        )
        assert ran.status == 1, ran.log
        assert {name for name, _line in ran.commands} <= {"error", "warning", "notice"}
        assert len(ran.commands) > len(EVIL)
        assert re.fullmatch(r"status=failed\nerrors=\d+\n", ran.outputs)
        assert not re.search(r"<script|<img|@everyone|^#|^\[", ran.summary, re.MULTILINE)
        assert "add-mask" in ran.summary

    def test_no_command_runs_and_nothing_is_trusted(self, tmp_path: Path) -> None:
        pwned = tmp_path / "pwned"
        command = json.dumps(["touch", str(pwned)])
        config = f"{CONFIG}\n[send.smtp]\npassword_command = {command}\n"
        ran = run_action(make_clone(tmp_path, config=config))
        assert ran.status == 1, ran.log
        assert not pwned.exists()

    @pytest.mark.parametrize("place", ["sections/001/news.md", "build", "sections"])
    def test_a_link_is_not_followed(self, tmp_path: Path, place: str) -> None:
        elsewhere = tmp_path / "elsewhere"
        write(elsewhere / "001" / "news.md", f"---\nauthor: Grace\n---\n{SECRET}\n")
        write(elsewhere / "001" / "email.html", SECRET)
        clone = make_clone(tmp_path)
        link = clone / place
        if link.is_dir():
            shutil.rmtree(link)
        link.unlink(missing_ok=True)
        link.symlink_to(elsewhere / "001" / "news.md" if place.endswith(".md") else elsewhere)
        commit(clone)
        before = files_below(elsewhere)
        ran = run_action(clone)
        assert ran.status > 0
        assert SECRET not in ran.all
        assert files_below(elsewhere) == before

    @pytest.mark.long
    def test_modules_of_the_branch_are_not_imported(self, tmp_path: Path) -> None:
        pwned = tmp_path / "pwned"
        evil = f"open({str(pwned)!r}, 'w')\n"
        names = ("typer.py", "json.py", "sitecustomize.py", "newsletter_cli/__init__.py")
        clone = make_clone(tmp_path, dict.fromkeys(names, evil))
        assert run_action(clone).status == 0
        assert not pwned.exists()

    @pytest.mark.long
    @pytest.mark.parametrize("reading", ["{{ environ }}{{ env }}", "{{ cycler.__init__.__globals__.os.environ }}"])
    def test_a_template_does_not_see_the_environment(self, tmp_path: Path, reading: str) -> None:
        theme = (ROOT / "templates" / "themes" / "default" / "footer.mjml.j2").read_text("utf-8")
        clone = make_clone(tmp_path, {"templates/themes/default/footer.mjml.j2": f"{reading}\n{theme}"})
        ran = run_action(clone)
        assert "errors=" in ran.outputs
        assert "footer.mjml.j2" in ran.log, "the template was used"
        assert SECRET not in ran.all


class TestWorkflows:
    def test_the_sample_of_github_has_nothing_to_give_away(self) -> None:
        text = (SAMPLES / "github-check.yml").read_text("utf-8")
        whole = yaml.load(text, Loader=yaml.BaseLoader)
        assert set(whole["on"]) == {"pull_request"}
        assert whole["permissions"] == {"contents": "read"}
        assert all("permissions" not in job for job in whole["jobs"].values())
        assert "secrets" not in text
        assert "NL_TRUST" not in text
        checkout, action = whole["jobs"]["check"]["steps"]
        assert checkout["with"] == {"fetch-depth": "0", "persist-credentials": "false"}
        assert set(action["with"]) <= set(ACTION["inputs"])

    def test_gitlab_installs_what_is_pinned(self) -> None:
        job = yaml.safe_load((SAMPLES / "gitlab-check.yml").read_text("utf-8"))["newsletter"]
        needed, itself = (line for line in job["before_script"] if " pip " in line)
        assert "--require-hashes -r /opt/nl/requirements/run.txt" in needed
        assert itself.endswith("--no-deps --no-build-isolation /opt/nl")
        assert all(" -I -m pip " in line for line in (needed, itself))

    def run_gitlab(self, clone: Path, base: str) -> subprocess.CompletedProcess[str]:
        job = yaml.safe_load((SAMPLES / "gitlab-check.yml").read_text("utf-8"))["newsletter"]
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        # As its runner does: one shell for all lines.
        return bash("\n".join(job["script"]), clone, PATH=path, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)

    @pytest.mark.long
    @pytest.mark.needs("chromium")
    def test_the_script_of_gitlab(self, tmp_path: Path) -> None:
        clone = make_clone(tmp_path)
        # Of an earlier run, or the branch's own.
        (clone / "newsletter-preview").symlink_to(tmp_path)
        base = subprocess.run(
            ["git", "rev-parse", "origin/main"], cwd=clone, capture_output=True, text=True, check=True
        ).stdout.strip()
        done = self.run_gitlab(clone, base)
        assert done.returncode == 1, done.stdout + done.stderr
        (told,) = [
            one
            for one in json.loads((clone / "newsletter-quality.json").read_text("utf-8"))
            if one["severity"] not in {"info", "minor"}
        ]
        assert told["location"]["path"] == "sections/001/agenda.md"
        made = files_below(clone / "newsletter-preview")
        assert {"email.html", "email.txt", "post.md", "pictures/001-desktop.png"} <= set(made)

    def test_gitlab_says_that_the_base_is_not_there(self, tmp_path: Path) -> None:
        done = self.run_gitlab(make_clone(tmp_path), "1" * 40)
        assert done.returncode == 2
        assert "Set GIT_DEPTH to 0" in done.stdout
