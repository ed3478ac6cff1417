"""Pictures on other sites: fetched for an approval, and again before a send; whatever goes wrong is named."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from newsletter_cli.base.errors import NotReady
from newsletter_cli.config import Config
from newsletter_cli.config.reader import parse_config
from newsletter_cli.flows.clearance.approval import approval_state
from newsletter_cli.flows.clearance.approving import approve
from newsletter_cli.flows.clearance.pictures import fetch_pictures, is_picture
from newsletter_cli.workspace.approvals import read_approval
from tests.flows.sending.newsletter import Newsletter
from tests.pads.server.misbehaviour import MISBEHAVIOURS
from tests.pads.server.site import PadSite, Request
from tests.pictures import avif, gif, jpeg, png, svg, webp
from tests.samples import sample

PICTURE = "/cat.png"
SETTINGS = "[check.links]\nallow_private = true\ntimeout_seconds = 1\n"


class PictureSite(PadSite):
    """Pictures, and what goes wrong with them by the name of the path."""

    def serve(self, request: Request) -> None:
        if not request.misbehaves(request.path):
            request.page(404, "Not found")


@pytest.fixture
def site() -> Iterator[PictureSite]:
    site = PictureSite()
    with site:
        site.pictures[PICTURE] = png(30, 20)
        yield site


@pytest.fixture
def letter(tmp_path: Path, site: PictureSite) -> Newsletter:
    news = f"---\nauthor: Grace\n---\nSome news.\n\n![A cat]({site.origin}{PICTURE})\n"
    return Newsletter(tmp_path, texts={"news.md": news}, config=SETTINGS)


def approve_it(letter: Newsletter) -> None:
    approve(letter.workspace, 1, by="Ada", accepted=(), ask=lambda proposal: None)


def test_a_picture_is_pinned_by_its_octets(letter: Newsletter, site: PictureSite) -> None:
    approve_it(letter)
    found = read_approval(letter.workspace, 1)
    assert found is not None
    assert list(found.pictures) == [site.origin + PICTURE]
    assert letter.dry().problems == []
    site.pictures[PICTURE] = png(30, 20, (9, 9, 9))
    assert approval_state(letter.workspace, 1).stands, "nobody is asked by whoever only looks"
    dry = letter.dry()
    assert [one.code for one in dry.problems] == ["picture-changed"]
    assert site.origin + PICTURE in dry.problems[0].message
    assert dry.as_dict()["approved"]["changed"] == [site.origin + PICTURE]
    with pytest.raises(NotReady, match="cat"):
        letter.send()
    assert letter.states() == {}
    assert letter.dry(is_anyway=True).problems == []
    approve_it(letter)
    assert letter.dry().problems == []


def test_a_picture_that_was_never_pinned_is_not_approved(letter: Newsletter, site: PictureSite) -> None:
    approve_it(letter)
    path = letter.root / "sections/001/_approval.toml"
    path.write_text(path.read_text("utf-8").replace(site.origin + PICTURE, site.origin + "/dog.png"), "utf-8")
    state = approval_state(letter.workspace, 1)
    assert not state.stands
    assert [one.name for one in state.changes if one.kind == "picture"] == [site.origin + PICTURE]


def test_where_it_is_required_another_picture_is_no_decision_of_the_sender(
    letter: Newsletter, site: PictureSite
) -> None:
    letter.configure(SETTINGS + "[send]\nrequire_approval = true\n")
    approve_it(letter)
    site.pictures[PICTURE] = png(31, 20)
    assert [one.code for one in letter.dry(is_anyway=True).problems] == ["approval-withdrawn"]
    del site.pictures[PICTURE]
    assert [one.code for one in letter.dry().problems] == ["picture-missing"]
    assert letter.dry(is_anyway=True).problems == []


def test_a_send_that_goes_on_asks_again(letter: Newsletter, site: PictureSite) -> None:
    approve_it(letter)
    letter.send(limit=1)
    del site.pictures[PICTURE]
    with pytest.raises(NotReady, match="cannot be fetched"):
        letter.send()
    site.pictures[PICTURE] = png(30, 20)
    letter.send()
    assert set(letter.states().values()) == {"sent"}


# A slow one takes its second; of those that differ little, one.
BAD = [
    "404", "403", "500", "page", "page as text", "login", "circles", "to a file", "empty",
    "reset", "hung up", "short", "broken chunks", "silent", "huge", "torn gzip", "not HTTP", "pdf", "no content",
    "drip", "slow headers", "endless", "bomb",
]  # fmt: skip


@pytest.mark.parametrize("what", sample(BAD, "404", "page", "circles", "to a file", "short", "silent", "not HTTP"))
def test_whatever_goes_wrong_is_named(letter: Newsletter, site: PictureSite, what: str) -> None:
    approve_it(letter)
    assert what in MISBEHAVIOURS
    kept = site.pictures.pop(PICTURE)
    site.misbehaviours[PICTURE] = what
    [problem] = letter.dry().problems
    assert problem.code == "picture-missing"
    assert site.origin + PICTURE in problem.message
    with pytest.raises(NotReady, match="cannot be fetched"):
        approve_it(letter)
    site.misbehaviours.clear()
    site.pictures[PICTURE] = kept


def test_the_local_network_is_not_asked(site: PictureSite) -> None:
    [found] = fetch_pictures(settings(""), [site.origin + PICTURE])
    assert not found.digest
    assert "local network" in found.reason
    assert "allow_private" in found.hint
    assert site.requests == []


def test_a_site_on_trial_is_asked_in_place_of_the_real_one(site: PictureSite) -> None:
    real = "https://pictures.example.net"
    [found] = fetch_pictures(settings(f'[check.links]\nremap = ["{real} {site.origin}"]\n'), [real + PICTURE])
    assert found.digest == sha256(site.pictures[PICTURE]).hexdigest()
    assert found.address == real + PICTURE


def settings(more: str) -> Config:
    return parse_config(f'[newsletter]\nname = "T"\nlanguage = "en"\n{more}')


def test_by_its_octets_a_picture_is_told() -> None:
    assert all(map(is_picture, (png(), jpeg(), gif(), webp(), svg(), avif())))
    drawing = b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert is_picture(drawing)
    assert not any(map(is_picture, (b"", b"<html></html>", b"PNG", b"%PDF-1.7", b"{}", b"GIF")))
