# ruff: noqa: E501 - a case stands on a line of its own
"""What stands beside the sections; and what an imported post teaches about its newsletter."""

from __future__ import annotations

import os
import struct
import tomllib
from pathlib import Path
from random import Random

import pytest

from newsletter_cli.config import SectionSettings, parse_config
from newsletter_cli.workspace.images import find_assets, read_image_sizes
from newsletter_cli.workspace.importing.posts import parse_post
from newsletter_cli.workspace.learn import learned_text
from newsletter_cli.workspace.patterns import fill_pattern
from tests.workspaces import CONFIG, ROOT, write

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 300, 200) + b"\x08\x02\x00\x00\x00"
GIF = b"GIF89a" + struct.pack("<HH", 30, 20)


class TestImages:
    def test_sizes_are_read_and_what_is_no_image_left_out(self, tmp_path: Path) -> None:
        for name, content in {
            "a.png": PNG,
            "b/c.GIF": GIF,
            "d.png": b"no image",
            "e.txt": PNG,
            "f.md": b"x",
            ".g.png": PNG,
            ".h/i.png": PNG,
        }.items():
            write(tmp_path / name, content)
        assets = find_assets(tmp_path)
        assert list(assets) == ["a.png", "b/c.GIF", "d.png"]
        assert read_image_sizes(assets) == {"a.png": (300, 200), "b/c.GIF": (30, 20)}

    def test_what_editors_and_systems_leave_behind_is_no_part_of_the_issue(self, tmp_path: Path) -> None:
        left = ["a.png~", "a.png.orig", "a.BAK", "a.tmp", ".a.swp", "a.swp", "~$a.pdf", ".~lock.a.csv#", "#a.csv#",
                "Thumbs.db", "thumbs.db", "Desktop.ini", ".DS_Store"]  # fmt: skip
        for name in left:
            write(tmp_path / name, "x")
            write(tmp_path / "files" / name, "x")
            write(tmp_path / "files" / f"{name}~" / "in.png", "x")
        write(tmp_path / "files" / "a.png", "x")
        assert list(find_assets(tmp_path)) == ["files/a.png"]

    def test_beside_the_sections_only_media_and_in_folders_everything(self, tmp_path: Path) -> None:
        taken = ["a.JPG", "b.svg", "c.avif", "d.pdf", "e.mp3", "f.mp4", "g.webm", "h.ogg", "i.csv", "j.ics", "k.zip"]
        for name in [*taken, "list.xlsx", "notes.txt", "Makefile", "email.html"]:
            write(tmp_path / name, "x")
        for name in ("list.xlsx", "deep/notes.txt", "Makefile"):
            write(tmp_path / "files" / name, "x")
        assert set(find_assets(tmp_path)) == {*taken, "files/Makefile", "files/deep/notes.txt", "files/list.xlsx"}

    def test_damaged_images_do_no_harm(self, tmp_path: Path) -> None:
        random = Random(11)
        samples = [PNG, GIF, *(path.read_bytes() for path in sorted((ROOT / "sections/001/images").glob("*"))[:2])]
        samples += [
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40),
            b"RIFF\x24\x00\x00\x00WEBPVP8X" + bytes(20),
            b"RIFF\x24\x00\x00\x00WEBPVP8L" + bytes(9),
        ]
        for number in range(400):
            content = bytearray(random.choice(samples)[: random.randint(0, 90)])
            for _ in range(random.randint(0, 6)):
                if content:
                    content[random.randrange(len(content))] = random.randrange(256)
            write(tmp_path / f"{number}{random.choice(['.png', '.jpg', '.gif', '.webp'])}", bytes(content))
        for width, height in read_image_sizes(find_assets(tmp_path)).values():
            assert width > 0
            assert height > 0

    @pytest.mark.skipif(os.name != "posix", reason="symbolic links")
    def test_links_out_of_the_folder_are_left_alone(self, tmp_path: Path) -> None:
        write(tmp_path / "secret.png", PNG)
        write(tmp_path / "issue" / "own.png", PNG)
        (tmp_path / "issue" / "out.png").symlink_to("../secret.png")
        (tmp_path / "issue" / "in.png").symlink_to("own.png")
        assert list(find_assets(tmp_path / "issue")) == ["in.png", "own.png"]


class TestLearning:
    POST = (
        "---\ntitle: 'Tidings 12: spring'\nslug: tidings-12\ndate: 2026-06-11\n---\n### 1. Alpha\nx\n### 2. Beta\ny\n"
    )

    def learn(self, config: str, *, post: str = POST, number: int = 12, is_first: bool = True) -> str:
        parsed = parse_post(post, name="post.md")
        sections = [
            SectionSettings(slug="alpha", title="Alpha"),
            SectionSettings(slug="beta", title='B "x" \\', aliases=("b",), new=False, standing=True),
        ]
        return learned_text(config, post=parsed, number=number, sections=sections, is_first=is_first)

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_comments_and_all_else_stay(self, newline: str) -> None:
        config = '# first\n[newsletter]  # who\nname = "Tidings"\n# the tone\ntagline = "T"\n\n[email]\n# looks\ntheme = "dsfr"\n\n# the end\n'
        text = self.learn(config.replace("\n", newline))
        for comment in ("# first", "# who", "# the tone", "# looks", "# the end"):
            assert comment in text
        learned = parse_config(text)
        assert [one.slug for one in learned.sections] == ["alpha", "beta"]
        assert learned.sections[1] == SectionSettings(
            slug="beta", title='B "x" \\', aliases=("b",), new=False, standing=True
        )
        assert (learned.post.numbered, learned.post.heading_level) == (True, 3)
        assert (learned.newsletter.tagline, learned.email.theme) == ("T", "dsfr")

    @pytest.mark.parametrize(
        "config",
        [
            CONFIG,
            "\ufeff" + CONFIG,
            'newsletter = { name = "x" }\n',
            'newsletter.name = "x"\npost.slug = "y"\n',
            '[[sections]]\nslug = "a"\ntitle = "A"\n\n[newsletter]\nname = "x"\n\n[[sections]]\nslug = "b"\ntitle = "B"\n\n[post]\nnumbered = false\n',
            'sections = [{ slug = "a", title = "A" }]\n[newsletter]\nname = "x"\n',
        ],
    )
    def test_any_way_of_writing_parses_back(self, config: str) -> None:
        text = self.learn(config)
        assert [one.slug for one in parse_config(text).sections] == ["alpha", "beta"]
        assert tomllib.loads(text)["newsletter"]["name"] in ("x", "Tidings")

    @pytest.mark.parametrize(
        ("slug", "number", "pattern"),
        [
            ("tidings-12", 12, "tidings-{number}"),
            ("tidings12", 12, "tidings{number}"),
            ("tidings-12", 1, "newsletter{number}"),
            ("tidings-2012", 12, "newsletter{number}"),
            ("tidings-007", 7, "newsletter{number}"),
            ("12-and-12", 12, "newsletter{number}"),
        ],
    )
    def test_a_pattern_is_learned_where_the_number_stands_once(self, slug: str, number: int, pattern: str) -> None:
        post = f"---\ntitle: Spring\nslug: {slug}\n---\n## A\nx\n## B\ny\n"
        assert parse_config(self.learn(CONFIG, post=post, number=number)).post.slug == pattern

    def test_only_the_first_post_teaches_how_to_number(self) -> None:
        learned = parse_config(self.learn(CONFIG, is_first=False))
        assert (learned.post.heading_level, learned.post.slug) == (2, "newsletter{number}")
        assert [one.slug for one in learned.sections] == ["alpha", "beta"]

    def test_a_pattern_that_was_chosen_stays(self) -> None:
        text = self.learn(CONFIG + '[post]\nslug = "mine-{number}"\n')
        assert parse_config(text).post.slug == "mine-{number}"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("N {number}", "N 3"),
        ("{month} {year}", ""),
        ("N {number} – {month} {year} !", "N 3 – !"),
        ("N\u00a0{number}", "N\u00a03"),
        ("{number}{number}", "33"),
    ],
)
def test_patterns_without_a_date(pattern: str, text: str) -> None:
    assert fill_pattern(pattern, 3, None, "fr") == text
