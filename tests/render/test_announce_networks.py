"""Announcements: within each network's limit whatever the issue, whole lines, and no mark-up by accident.

The counts are made once more by Ruby, which is what Mastodon's server counts with, and Markdown is read by a parser.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.values import replace
from newsletter_cli.model import Event, Job, Section, SourceText
from newsletter_cli.render.announce.counting import mastodon_length
from newsletter_cli.render.announce.dress import APART
from newsletter_cli.render.announce.facts import Facts, gather_facts
from newsletter_cli.render.announce.leads import first_sentence
from newsletter_cli.render.announce.networks import NETWORKS
from newsletter_cli.render.announce.writing import Announcement, Writer
from newsletter_cli.render.theme import Theme
from newsletter_cli.workspace.folder import open_workspace
from newsletter_cli.workspace.templates import read_announce_templates
from newsletter_cli.workspace.wording import read_table
from tests.rendering import ROOT, compose, make_issue, words_of

TEMPLATES = read_announce_templates(open_workspace(ROOT))
# `StatusLengthValidator` of Mastodon, written anew: addresses as 23, people without their server, grapheme clusters.
COUNT = r"""
require 'json'
SIGN = /[^[[:space:]]<>()?]/
PAIR = /\((?:#{SIGN}*\(#{SIGN}+\)#{SIGN}*|#{SIGN}+)\)/
PATH = /(?:#{SIGN}|#{PAIR})*(?:#{PAIR}|[^[[:space:]]()?!*"'「」<>;:=,.$%\[\]~&|@])/
URL = %r{(?<![A-Za-z0-9@＠$#＃])https?://(?:[a-z0-9_-]+\.)+[a-z]{2,}(?::\d+)?(?:/#{PATH}?)?(?:\?[\w=&%./-]*[\w=&/-])?}i
AT = %r{(?<![=/[[:word:]]])(@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@[[:word:]]+(?:[.-]+[[:word:]]+)*}i
STDIN.each_line do |line|
  text = JSON.parse("[#{line}]")[0]
  puts text.gsub(URL) { 'x' * 23 }.gsub(AT) { $1 }.each_grapheme_cluster.size
end
"""
SIGNS = st.sampled_from("aé B1.,:!?#＃@*_~`[]()<>|\\&$-+=«»’ \u00a0👩‍👩‍👧🇫🇷é한ก़\u200d")
WORDS = st.text(SIGNS, max_size=60)
LONG = st.text(SIGNS, max_size=700) | st.just("mot " * 400) | st.just("x" * 900)


def section(slug: str, body: str, title: str = "", **more: Any) -> Section:
    text = SourceText(text=body, file=f"sections/007/{slug}.md")
    return replace(Section(slug=slug, title=title or slug, body=text), **more)


@st.composite
def issues(draw: st.DrawFn) -> Facts:
    day = datetime(2026, 6, 1, 9, tzinfo=UTC)
    events = tuple(
        Event(title=title or "x", start=day + timedelta(days=index), place=place, url=f"https://a.example/{index}")
        for index, (title, place) in enumerate(draw(st.lists(st.tuples(WORDS, WORDS), max_size=6)))
    )
    jobs = tuple(Job(title=one or "x", employer=one) for one in draw(st.lists(WORDS, max_size=6)))
    facts = facts_of(
        section("agenda", "", events=events), section("jobs", "", jobs=jobs),
        *(section(f"s{index}", f"{one}\n") for index, one in enumerate(draw(st.lists(LONG, max_size=4)))),
    )  # fmt: skip
    return replace(facts, heading=" ".join(draw(LONG).split()), summary=" ".join(draw(LONG).split()))


def facts_of(*sections: Section) -> Facts:
    return gather_facts(compose(make_issue(*sections)), read_table(words_of("fr"), "fr", lambda words: words.announce))


def written(facts: Facts, network: str, *, templates: Theme = TEMPLATES, is_posted: bool = False) -> Announcement:
    return Writer(
        facts=facts, network=NETWORKS[network], templates=templates, hashtags=("Dunes",), is_posted=is_posted
    ).write()


@given(facts=issues(), network=st.sampled_from(sorted(NETWORKS)))
def test_within_the_limit_whole_and_with_its_address(facts: Facts, network: str) -> None:
    made = written(facts, network)
    assert made.length <= NETWORKS[network].limit
    assert facts.url in made.text.split()
    if network == "mastodon":
        assert counted(made.text.strip()) <= 500
        whole = written(facts, "linkedin").text.replace(APART, "")
        for line in made.text.replace(APART, "").splitlines():
            # Every word is whole: of what was cut, the end is missing, and a sign says so.
            assert line.removesuffix("…") in whole or line.startswith("• ") or line.endswith("…")


@given(texts=st.lists(WORDS, max_size=8))
def test_mastodon_s_count_is_never_too_low(texts: list[str]) -> None:
    parts = [" https://www.data.gouv.fr/fr/datasets/?q=a&b=c ", " @ada@social.example ", "(https://a.fr/x_(y))."]
    text = "".join(one + parts[index % 3] for index, one in enumerate(texts)).strip()
    assert mastodon_length(text) >= counted(text)


def counted(text: str) -> int:
    if shutil.which("ruby") is None:
        pytest.skip("Ruby counts as Mastodon does")
    done = subprocess.run(["ruby", "-e", COUNT], input=json.dumps(text), text=True, capture_output=True, check=True)
    return int(done.stdout)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://www.data.gouv.fr/fr/datasets/base-sirene-des-entreprises/", 23),
        ("https://a.fr", 23),
        ("Lire : https://a.fr/x.", 7 + 23 + 1),
        ("(https://a.fr/x_(y))", 2 + 23),
        ("https://a.fr/?q=1&r=2, et", 23 + 4),
        # No such domain: a text like others.
        ("https://a.notadomain/x", 22),
        ("@ada@social.example.org", 4),
        ("ada@example.org", 15),
        ("👩‍👩‍👧🇫🇷é", 3),
    ],
)
def test_what_counts(text: str, length: int) -> None:
    assert mastodon_length(text) == length
    # Which domains there are, the other count does not know.
    assert "notadomain" in text or counted(text) == length


@given(title=st.text(SIGNS, min_size=1, max_size=80).map(lambda text: " ".join(text.split())).filter(bool))
def test_a_text_stays_a_text_in_markdown(title: str) -> None:
    shown = NETWORKS["tchap"].dress.escape(title)
    page = MarkdownIt("commonmark").enable("strikethrough").render(shown)
    assert re.fullmatch(r"<p>[^<]*</p>\n", page), (shown, page)
    text = page[3:-5]
    for name, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(name, sign)
    assert text.replace(APART, "") == title.replace(APART, "")


@pytest.mark.parametrize("network", sorted(NETWORKS))
def test_nobody_is_called_and_nothing_is_a_hashtag_by_accident(network: str) -> None:
    facts = replace(
        facts_of(), heading="C#m et #IA pour @all, ＠ici et :tada: <!channel> ~salon ada@example.org", summary="#x"
    )
    text = written(facts, network, is_posted=True).text
    assert not re.search(r"(?<!\w)[@＠]\w", text)
    assert not re.search(r"[#＃]\w", text.replace("#Dunes", ""))
    assert "ada@example.org" in text
    assert network != "slack" or "<!channel" not in text
    assert network in ("tchap", "linkedin") or ":tada:" not in text


def test_the_mark_up_of_each() -> None:
    event = Event(title="Thé *vert*", start=datetime(2026, 6, 18, 16), url="https://a.example/t?a=(1)", place="Paris")
    facts = facts_of(section("agenda", "", events=(event,)))
    lines = {name: written(facts, name).text.splitlines() for name in NETWORKS}
    when = "jeudi 18 juin 2026, à 16\u00a0h"
    assert f"- **{when}** – [Thé \\*vert\\*](https://a.example/t?a=%281%29) (Paris)" in lines["tchap"]
    assert f"- **{when}** – [Thé \\*vert\\*](https://a.example/t?a=%281%29) (Paris)" in lines["mattermost"]
    assert f"- *{when}* – Thé ∗vert∗ (https://a.example/t?a=(1)) (Paris)" in lines["slack"]
    posted = written(facts, "slack", is_posted=True).text.splitlines()
    assert f"- *{when}* – <https://a.example/t?a=(1)|Thé ∗vert∗> (Paris)" in posted
    assert f"• {when} – Thé *vert* (Paris)" in lines["linkedin"]
    assert "• 18\u00a0juin, 16\u00a0h – Thé *vert* (Paris)" in lines["mastodon"]


def test_what_is_told_of_sections() -> None:
    facts = facts_of(
        section("zoom", "![](a.png)\n\nM. Dupont lit[^1] 3.5 tickets. Puis il dort.\n\n[^1]: Une note.\n"),
        section("lectures", "### Un livre\n\nBon.\n\n### Un film ?\n\nBien.\n"),
        section("portrait", "### Pourquoi ?\n\nParce que.\n\n### Comment ?\n\nAinsi.\n"),
        section("bref", "- **Un outil** pour tous\n- Voir [le guide](https://a.example/) ici\n"),
        section("adresses", "- https://a.example/x\n- Un guide : https://a.example/y\n  - un détail\n"),
        section("gras", "**Nouveau dans le programme :** venez tous.\n"),
        section("toujours", "Qui sommes-nous ?\n", is_standing=True),
    )
    assert [(one.title, one.line) for one in facts.sections] == [
        ("zoom", "M. Dupont lit 3.5 tickets."),
        ("lectures", "Un livre · Un film ?"),
        ("portrait", ""),
        ("bref", "Un outil · le guide"),
        ("adresses", "Un guide"),
        ("gras", "Nouveau dans le programme"),
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Un. Deux.", "Un."),
        ("Cf. p. 12. Puis.", "Cf. p. 12."),
        ("Vraiment ? Oui.", "Vraiment ?"),
        ("J. Doe vint… puis partit. Fin.", "J. Doe vint… puis partit."),
        ("« Oui ! » Fin.", "« Oui ! »"),
        ("Sans fin", "Sans fin"),
    ],
)
def test_first_sentence(text: str, first: str) -> None:
    assert first_sentence(text) == first


class TestOwnTemplates:
    def own(self, text: str) -> Theme:
        return replace(TEMPLATES, files={**TEMPLATES.files, "mastodon.txt.j2": text}, places={
            **TEMPLATES.places, "mastodon.txt.j2": "templates/announce/mastodon.txt.j2"})  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a\n{{ hedaing }}", "did you mean “heading”?"),
            ("a\n{% if x", "cannot be read"),
            ("a\n{{ heading.__class__ }}", "not allowed"),
            ("a\n{% include 'tchapp.txt.j2' %}", "tchap.txt.j2"),
        ],
    )
    def test_a_fault_is_named_with_its_line(self, text: str, said: str) -> None:
        with pytest.raises(RenderError) as caught:
            written(facts_of(), "mastodon", templates=self.own(text))
        assert (caught.value.place, said in f"{caught.value} {caught.value.hint}") == (
            "templates/announce/mastodon.txt.j2:2",
            True,
        )

    def test_one_that_says_too_much_by_itself_is_refused(self) -> None:
        with pytest.raises(RenderError, match="has 610 of 500 characters"):
            written(facts_of(), "mastodon", templates=self.own("x" * 610))

    def test_what_it_says_is_not_escaped_and_what_it_writes_is(self) -> None:
        facts = replace(facts_of(), heading="#x")
        text = written(facts, "mastodon", templates=self.own("#tag @ada {{ heading }}")).text
        assert text == f"#tag @ada #{APART}x\n"
