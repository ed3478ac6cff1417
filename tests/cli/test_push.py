"""`nl push`: into a file that takes it, never over somebody's later change; a text to paste anywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inside import Done, call
from tests.pads.server import Docs, Etherpad, Files, HedgeDoc, PadSite
from tests.pictures import png
from tests.workspaces import make_workspace, tree, write

AGENDA = "sections/001/agenda.md"
DOCUMENT = "6f1c1d9e-0c5b-4c39-9a55-0d6f0f8d2a11"
PAD = "# Agenda\n\nUn.\n\nDeux.\n"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site() -> Iterator[Files]:
    with Files() as running:
        running.takes_text = True
        running.pads["agenda.md"] = PAD
        yield running


def start(root: Path, address: str) -> Path:
    """A workspace whose agenda has been pulled, then changed here."""
    make_workspace(root)
    write(root / AGENDA, f"---\npad: {address}\n---\n")
    assert nl(root, "pull").status == 0
    change(root)
    return root


def change(root: Path) -> None:
    text = (root / AGENDA).read_text("utf-8")
    write(root / AGENDA, text.replace("Deux.", "Deux, été."))


@pytest.fixture
def folder(tmp_path: Path, site: Files) -> Path:
    return start(tmp_path / "letter", site.address("agenda.md"))


def nl(folder: Path, command: str, *options: str) -> Done:
    return call(command, "1", "--allow-private", *options, cwd=folder)


def result(folder: Path, command: str = "push", *options: str) -> tuple[int, str]:
    done = nl(folder, command, "--json", *options)
    return done.status, json.loads(done.out)["sections"][0]["result"]


def test_what_was_written_here_goes_into_the_file(folder: Path, site: Files) -> None:
    assert result(folder) == (0, "written")
    assert site.pads["agenda.md"] == "# Agenda\n\nUn.\n\nDeux, été.\n"
    before = tree(folder)
    assert result(folder) == (0, "unchanged")
    assert result(folder, "pull") == (0, "unchanged")
    assert tree(folder) == before


def test_what_somebody_changed_since_stays(folder: Path, site: Files) -> None:
    site.pads["agenda.md"] = PAD.replace("Un.", "Un, hier.")
    before = tree(folder)
    done = nl(folder, "push")
    assert done.status == 1
    assert "somebody has changed the pad meanwhile" in done.err
    assert site.pads["agenda.md"] == PAD.replace("Un.", "Un, hier.")
    assert tree(folder) == before
    # As it says: pull, then push.
    assert result(folder, "pull") == (0, "merged")
    assert result(folder) == (0, "written")
    assert site.pads["agenda.md"] == "# Agenda\n\nUn, hier.\n\nDeux, été.\n"


def test_nor_is_it_lost_when_it_came_in_the_same_moment(folder: Path, site: Files) -> None:
    site.before_put = lambda: site.pads.update({"agenda.md": "Tout autre chose.\n"})
    before = tree(folder)
    assert result(folder) == (1, "refused")
    assert site.pads["agenda.md"] == "Tout autre chose.\n"
    assert tree(folder) == before


def test_what_was_not_kept_is_not_called_written(folder: Path, site: Files) -> None:
    site.is_forgetful = True
    before = tree(folder)
    assert result(folder) == (1, "refused")
    assert tree(folder) == before


def test_guidance_stays_here(folder: Path, site: Files) -> None:
    write(folder / AGENDA, (folder / AGENDA).read_text("utf-8").replace("Un.", "<!-- nl: two dates -->\n\nUn.", 1))
    assert result(folder) == (0, "written")
    assert site.pads["agenda.md"] == "# Agenda\n\nUn.\n\nDeux, été.\n"
    assert result(folder, "pull") == (0, "unchanged")


def test_a_dry_run_writes_nothing(folder: Path, site: Files) -> None:
    before = tree(folder)
    done = nl(folder, "push", "--dry-run")
    assert "+Deux, été." in done.out
    assert "Nothing was written." in done.out
    assert (site.pads["agenda.md"], tree(folder)) == (PAD, before)


def test_a_pad_that_was_never_fetched_is_not_written_over(folder: Path, site: Files) -> None:
    (folder / "sections/001/.pads/agenda.md").unlink()
    done = nl(folder, "push")
    assert (done.status, site.pads["agenda.md"]) == (1, PAD)
    assert "nothing was ever fetched" in done.err


def test_a_file_keeps_its_line_ends(tmp_path: Path, site: Files) -> None:
    site.pads["agenda.md"] = PAD.replace("\n", "\r\n")
    folder = start(tmp_path / "letter", site.address("agenda.md"))
    assert result(folder) == (0, "written")
    assert site.pads["agenda.md"] == "# Agenda\r\n\r\nUn.\r\n\r\nDeux, été.\r\n"


def test_a_picture_goes_back_to_the_address_it_came_from(tmp_path: Path, site: Files) -> None:
    site.pictures["/vue.png"] = png()
    picture = f"![Une vue]({site.origin}/vue.png)"
    site.pads["agenda.md"] = f"{PAD}\n{picture}\n"
    make_workspace(tmp_path)
    write(tmp_path / AGENDA, f"---\npad: {site.address('agenda.md')}\n---\n")
    assert nl(tmp_path, "pull", "--images").status == 0
    assert "(images/vue.png)" in (tmp_path / AGENDA).read_text("utf-8")
    assert result(tmp_path) == (0, "unchanged")
    change(tmp_path)
    assert result(tmp_path) == (0, "written")
    assert site.pads["agenda.md"] == f"# Agenda\n\nUn.\n\nDeux, été.\n\n{picture}\n"
    assert result(tmp_path, "pull", "--images") == (0, "unchanged")


@pytest.mark.parametrize("what", ["takes none", "weak"])
def test_a_file_that_takes_nothing(what: str, folder: Path, site: Files) -> None:
    site.takes_text, site.has_weak_tags = what != "takes none", what == "weak"
    done = nl(folder, "push")
    assert done.status == 1
    assert "# Agenda\n\nUn.\n\nDeux, été.\n" in done.out
    assert "takes no text from a program" in done.err
    # Whether a file takes PUT at all is known by writing only.
    assert result(folder, "push", "--dry-run") == ((1, "paste") if what == "weak" else (0, "written"))
    assert site.pads["agenda.md"] == PAD


@pytest.mark.parametrize(
    ("kind", "name", "host"),
    [(HedgeDoc, "agenda", "HedgeDoc"), (Docs, DOCUMENT, "La Suite Docs"), (Etherpad, "agenda", "Etherpad")],
)
def test_hosts_that_take_nothing_get_nothing(kind: type[PadSite], name: str, host: str, tmp_path: Path) -> None:
    with kind() as site:
        site.pads[name] = PAD
        folder = start(tmp_path / "letter", site.address(name))
        site.requests.clear()
        done = nl(folder, "push")
        assert done.status == 1
        assert f"{host} takes no text from a program" in done.err
        assert "# Agenda\n\nUn.\n\nDeux, été.\n" in done.out
        assert result(folder) == result(folder, "push", "--dry-run") == (1, "paste")
        assert site.pads == {name: PAD}
        assert {one.partition(" ")[0] for one in site.requests} == {"GET"}
