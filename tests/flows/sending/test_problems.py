"""What an issue must be before it goes out; nothing is on record of one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.base.errors import ConfigError, NotReady, UsageError
from tests.flows.sending.newsletter import ADDRESSES, FAULTY, TEXTS, Newsletter
from tests.pictures import png


def refusal(newsletter: Newsletter, *, accepted: tuple[str, ...] = ()) -> NotReady:
    with pytest.raises(NotReady) as refused:
        newsletter.send(accepted=accepted)
    assert refused.value.exit_status == 1
    assert newsletter.states() == {}
    assert newsletter.messages() == []
    return refused.value


def test_an_issue_that_was_never_assembled(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, is_assembled=False)
    error = refusal(newsletter)
    assert "not assembled" in error.message
    assert error.hint == "nl assemble 1"
    newsletter.assemble()
    assert newsletter.send().exit_status == 0


def test_a_build_that_was_thrown_away(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path)
    for path in (tmp_path / "build" / "001").iterdir():
        path.unlink()
    assert "not assembled" in refusal(newsletter).message


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("sections/001/news.md", b"Other news.\n"),
        ("sections/001/_issue.md", b'---\ntitle: "Another"\n---\n'),
        ("sections/001/extra.md", b"One more.\n"),
        ("sections/001/images/map.png", png(colour=(10, 10, 10))),
        ("newsletter.toml", b'[newsletter]\nname = "Other"\n[sender]\naddress = "x@example.org"\n'),
        ("templates/themes/default/content.css", b"p { color: #111111; }\n"),
    ],
)
def test_whatever_changed_since_it_was_assembled_makes_it_stale(tmp_path: Path, path: str, content: bytes) -> None:
    texts = {"news.md": "![A map](images/map.png)\n"}
    newsletter = Newsletter(tmp_path, texts=texts, files={"images/map.png": png()})
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    error = refusal(newsletter)
    said = " ".join(one.message for one in (error, *error.also))
    assert "changed since it was assembled" in said


def test_a_file_written_again_as_it_was_changes_nothing(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path)
    newsletter.write("news.md", TEXTS["news.md"])
    assert newsletter.send().exit_status == 0


def test_a_build_for_looking_at_only(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, is_assembled=False)
    newsletter.assemble(has_local_images=True)
    error = refusal(newsletter)
    assert "--local-images" in error.message
    assert error.hint == "nl assemble 1"


def test_faults_of_the_content_are_named_with_their_place_and_rule(tmp_path: Path) -> None:
    error = refusal(Newsletter(tmp_path, texts=FAULTY))
    assert str(error.place).startswith("sections/001/news.md:4")
    assert "--accept link-empty" in (error.hint or "")
    assert "issue 1 was not sent" in error.also[-1].message


@pytest.mark.parametrize("images", ["linked", "embedded"])
def test_a_picture_that_is_none(tmp_path: Path, images: str) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    newsletter = Newsletter(
        tmp_path,
        config=f'[send]\nimages = "{images}"\n',
        texts={"news.md": "---\nauthor: Grace\n---\n![A map](images/map.png)\n"},
        files={"images/map.png": pointer},
    )
    error = refusal(newsletter)
    assert "map.png is a Git LFS pointer" in error.message
    assert str(error.place).startswith("sections/001/news.md:4")
    assert any("Git LFS" in str(problem) for problem in newsletter.dry().problems)
    assert newsletter.send(accepted=("image-unreadable",)).exit_status == 0


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    faults = {"news.md": "---\nauthor: Grace\n---\nSee [this]().\n\nAnd ![a map](images/gone.png)\n"}
    newsletter = Newsletter(tmp_path, texts=faults)
    newsletter.write("extra.md", "More.\n")
    error = refusal(newsletter)
    said = [f"{one.message} {one.hint}" for one in (error, *error.also)]
    assert len(said) == 4
    assert [word for word in ("changed since", "link-empty", "image-file-missing") if word not in " ".join(said)] == []


def test_a_rule_that_is_accepted_lets_it_pass_and_the_report_says_so(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, texts=FAULTY)
    assert newsletter.send(accepted=("link-empty",)).exit_status == 0
    assert newsletter.written_to() == list(ADDRESSES)
    report = newsletter.report()
    assert report.as_dict()["accepted_rules"] == ["link-empty"]
    assert "Rules that were let pass: link-empty" in list(report.lines())


def test_another_rule_being_accepted_does_not_let_it_pass(tmp_path: Path) -> None:
    refusal(Newsletter(tmp_path, texts=FAULTY), accepted=("image-file-missing",))


def test_a_rule_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, texts=FAULTY)
    for call in (newsletter.send, newsletter.dry):
        with pytest.raises(UsageError, match="no rule “link-emty”") as refused:
            call(accepted=("link-emty",))
        assert refused.value.hint == "did you mean “link-empty”?"
    assert newsletter.states() == {}


def test_warnings_do_not_stop_a_send(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, texts={"news.md": "---\nautor: Grace\n---\nSomething happened.\n"})
    assert newsletter.send().exit_status == 0


def test_a_silenced_rule_does_not_stop_a_send(tmp_path: Path) -> None:
    silenced = {"news.md": "---\nauthor: Grace\n---\n<!-- nl: ignore link-empty -->\nSee [this page]().\n"}
    assert Newsletter(tmp_path, texts=silenced).send().exit_status == 0


def test_content_that_cannot_be_read_at_all(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path)
    newsletter.write("news.md", "---\nauthor: 'Grace\n---\nText\n")
    error = refusal(newsletter)
    assert "sections/001/news.md:2" in " ".join(map(str, (error, *error.also)))


@pytest.mark.parametrize("prose", ["`__TOKEN__`", "`\\u{a0}`", "`__UNSUBSCRIBE_URL__`", "`{{ x }}`"])
def test_prose_that_looks_like_machinery_stops_neither_a_dry_run_nor_a_send(tmp_path: Path, prose: str) -> None:
    newsletter = Newsletter(tmp_path, texts={"news.md": f"---\nauthor: Grace\n---\nWrite {prose} there.\n"})
    assert newsletter.dry().problems == []
    assert newsletter.send().exit_status == 0


def test_an_issue_that_comes_from_nobody(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path)
    file = tmp_path / "newsletter.toml"
    file.write_text(file.read_text("utf-8").replace("address =", "# address =").replace("reply_to =", "# reply_to ="))
    newsletter.assemble()
    for call in (newsletter.send, newsletter.dry):
        with pytest.raises(ConfigError, match="who the issue comes from"):
            call()
    assert newsletter.states() == {}
