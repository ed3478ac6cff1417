"""Rules on the finished e-mail: each fires on its fault, in its place, and on nothing that only looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.model import Level
from tests.check.renditions import PREHEADER, found, mutated, places, renditions_of, retold, right
from tests.rendering import make_section

THEME = "templates/themes/default/email.mjml.j2"
CONFIG = "newsletter.toml"
WRAPPER = 'role="article" lang="fr" dir="ltr"'
PARAGRAPH = '<p align="right"'
LONG = "Une phrase sans relief, comme il y en a tant. " * 24


class TestEmailLanguage:
    def test_html_without_language(self) -> None:
        assert places(mutated('<html lang="fr" dir="ltr"', "<html"), "email-language") == [THEME]

    def test_body_without_language(self) -> None:
        assert places(mutated(WRAPPER, 'role="article" lang="fr"'), "email-language") == [THEME]

    def test_another_language(self) -> None:
        assert len(found(replace(right(), language="en"), "email-language")) == 2

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('<html lang="fr"', '<html lang="FR"'),
            ("<body ", '<body lang="fr" dir="ltr" '),
            (PARAGRAPH, f"{PARAGRAPH} lang='en'"),
        ],
        ids=["capitals", "said by the body", "a text of another language"],
    )
    def test_said(self, old: str, new: str) -> None:
        assert not found(mutated(old, new), "email-language")

    def test_the_body_may_say_it_itself(self) -> None:
        changed = mutated("<body ", '<body lang="fr" dir="ltr" ')
        assert not found(replace(changed, email=changed.email.replace(WRAPPER, "")), "email-language")


class TestEmailTitle:
    @pytest.mark.parametrize("title", ["", "Newsletter"])
    def test_another_title(self, title: str) -> None:
        renditions = right()
        assert places(mutated(f"<title>{renditions.subject}", f"<title>{title}"), "email-title") == [THEME]

    def test_no_title(self) -> None:
        assert places(mutated(f"<title>{right().subject}</title>", ""), "email-title") == [THEME]

    @pytest.mark.parametrize(
        "title", ["Des oyats,\n des chiffres et un goûter", " Des oyats, des chiffres et un goûter "]
    )
    def test_white_space_is_no_difference(self, title: str) -> None:
        assert not found(mutated(f"<title>{right().subject}", f"<title>{title}"), "email-title")

    def test_a_subject_of_signs(self) -> None:
        issue = replace(renditions_of("A."), subject="a < b & “c”")
        changed = replace(
            issue, email=issue.email.replace("<title>Des oyats, des chiffres et un goûter", "<title>a &lt; b &amp; “c”")
        )
        assert not found(changed, "email-title")


class TestTableRole:
    def test_a_table_of_the_theme(self) -> None:
        assert places(mutated('role="presentation" class="card"', 'class="card"'), "table-role") == [THEME]

    def test_a_table_for_outlook(self) -> None:
        roled = '<!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation"'
        count = right().email.count(roled)
        [finding] = found(mutated(roled, "<!--[if mso | IE]><table"), "table-role")
        assert count
        assert finding.message.startswith(f"{count} tables")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('role="presentation" class="card"', 'role="none" class="card"'),
            ("<!--[if mso | IE]><table", "<!--[if mso | IE]><table role=presentation "),
            ("Une citation.", "Un &lt;table&gt; dans la prose."),
        ],
        ids=["none", "without quotes", "prose"],
    )
    def test_told(self, old: str, new: str) -> None:
        assert not found(mutated(old, new), "table-role")

    def test_a_table_of_data_in_a_theme(self) -> None:
        table = '<table><tr><th scope="col">Jour</th><td>lundi</td></tr></table>'
        assert not found(mutated("</body>", f"{table}</body>"), "table-role")


class TestTableHeader:
    BARE = "<table><tr><td>mai</td><td>12 t</td></tr><tr><td>juin</td><td>14 t</td></tr></table>"

    def test_no_header_cell(self) -> None:
        section = make_section(f"Un texte.\n\n{self.BARE}\n", slug="chiffres", first_line=3)
        assert places(renditions_of(section), "table-header") == ["sections/007/chiffres.md:5"]

    def test_a_row_header_without_scope(self) -> None:
        table = self.BARE.replace("<td>mai</td>", "<th>mai</th>").replace("<td>juin</td>", "<th>juin</th>")
        [finding] = found(renditions_of(table), "table-header")
        assert "row" in (finding.suggestion or "")

    @pytest.mark.parametrize(
        "table",
        [
            "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
            "<table><thead><tr><th>a<th>b</thead><tr><td>1<td>2<tr><td>3<td>4</table>",
            "<table><tr><td><img src='1.png' alt='a'><td><img src='2.png' alt='b'><tr><td>a<td>b</table>".replace(
                "<td>a<td>b", "<td><img src='3.png' alt='c'><td><img src='4.png' alt='d'>"
            ),
            "<table><tr><td>À gauche</td><td>À droite</td></tr></table>",
            "<table><tr><td>L’un sous</td></tr><tr><td>l’autre</td></tr></table>",
            "|  | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
        ],
        ids=["markdown", "scope given by nl", "pictures", "one row", "one column", "an empty corner"],
    )
    def test_no_data_or_well_headed(self, table: str) -> None:
        assert not found(renditions_of(table), "table-header")

    def test_a_layout_table_of_a_theme_is_for_another_rule(self) -> None:
        changed = mutated("</body>", f"{self.BARE}</body>")
        assert not found(changed, "table-header")
        assert found(changed, "table-role")


class TestEmailHeadings:
    def test_two_titles(self) -> None:
        findings = found(mutated("<h3", "<h1", count=1), "email-headings")
        assert (findings[0].file, findings[0].message[:18]) == (THEME, "the e-mail has 2 h")

    def test_no_title(self) -> None:
        assert len(found(mutated("<h1", "<p"), "email-headings")) == 1

    def test_a_section_without_title_that_begins_deep(self) -> None:
        section = make_section("Un mot.\n\n### Plus bas\n\nUn autre.", slug="court", title="", first_line=4)
        assert places(renditions_of(section, contents="none"), "email-headings") == ["sections/007/court.md:6"]

    @pytest.mark.parametrize(
        "body",
        [
            "# Tout en haut\n\na\n\n#### Bien plus bas\n\nb",
            "###### Tout en bas\n\na",
            "<h1>Un</h1>\n\na\n\n<h5>Deux</h5>\n\nb",
        ],
    )
    def test_what_nl_levels_itself(self, body: str) -> None:
        assert not found(renditions_of(body), "email-headings")

    def test_back_up_is_no_jump(self) -> None:
        assert not found(renditions_of("### a\n\na\n\n#### b\n\nb", "c"), "email-headings")


class TestEmailContrast:
    @pytest.mark.parametrize(
        ("old", "new", "mode"),
        [
            ("color:#1c2529", "color:#a0a0a0", "light"),
            ("color: #a9b6bc", "color: #333333", "dark"),
            ("background-color:#e8eef0", "background-color:#9a9a9a", "light"),
        ],
    )
    def test_pale_text(self, old: str, new: str, mode: str) -> None:
        findings = found(mutated(old, new), "email-contrast")
        assert findings
        assert {finding.file for finding in findings} == {"templates/themes/default/theme.toml"}
        assert any(mode in finding.message for finding in findings)

    def test_only_inverted(self) -> None:
        """Enough as it is, too little once a mail reader turns it over."""
        old = '<p align="right" style="'
        findings = found(mutated(old, f"{old}color:#000000;background:#777777;"), "email-contrast")
        [message] = [one.message for one in findings if "À droite" in one.message]
        assert "inverted" in message

    def test_the_ratio_is_cut_not_rounded(self) -> None:
        [finding] = [
            one
            for one in found(mutated("color:#1c2529", "color:#777777"), "email-contrast")
            if "#ffffff" in one.message and "light" in one.message
        ]
        assert "4.4:1" in finding.message

    @pytest.mark.parametrize(
        "style",
        [
            "color:#8a8a8a;font-size:24px",  # 3.4:1, large
            "color:#8a8a8a;font-size:19px;font-weight:bold",
            "color:#eeeeee;display:none",
            "color:#eeeeee;background:url(nacht.png)",
            "color:#eeeeee;background:#123",
            "color:var(--ink)",
            "color:rgba(0,0,0,.8)",
        ],
    )
    def test_large_hidden_unknown_or_on_its_own_ground(self, style: str) -> None:
        old = '<p align="right" style="'
        changed = mutated(old, f"{old}{style};")
        assert not [one for one in found(changed, "email-contrast") if "in light mode" in one.message]


# As a link in a text is written; what underlines it is the mail reader.
LINK = ' style="color:#0b5c66'


class TestLinkStyle:
    def test_no_underline(self) -> None:
        changed = mutated(LINK, f"{LINK};text-decoration:none")
        [finding] = found(changed, "link-style")
        assert finding.file == THEME

    @pytest.mark.parametrize(
        "style",
        [
            "text-decoration:none;border-bottom:1px solid #000",
            "text-decoration:none;background:#ff0",
            "text-decoration:none;font-weight:bold",
            "text-decoration:none;color:#ff0000",
        ],
        ids=["a line below", "a ground of its own", "bold", "a colour that stands apart"],
    )
    def test_told_apart_otherwise(self, style: str) -> None:
        changed = mutated(LINK, f"{LINK};{style}")
        # In the dark, the colour is the theme's: it stands apart from no text there.
        messages = found(changed, "link-style")
        assert bool(messages) is ("#ff0000" in style)

    def test_a_button_and_a_link_alone_need_none(self) -> None:
        base = renditions_of("[Seul sur sa ligne](https://seul.example/)", contents="none")
        changed = mutated(LINK, f"{LINK};text-decoration:none", base=base)
        texts = [finding.message for finding in found(changed, "link-style")]
        assert not any("Seul" in text for text in texts)


class TestEmailTextSize:
    def test_small_paragraphs(self) -> None:
        changed = mutated("font-size:16px;line-height:1.6", "font-size:13px;line-height:1.6")
        assert places(changed, "email-text-size") == [THEME]

    @pytest.mark.parametrize("size", ["10.5pt", "0.875rem", "14.5px", "14px"])
    def test_fourteen_pixels(self, size: str) -> None:
        changed = mutated("font-size:16px;line-height:1.6", f"font-size:{size};line-height:1.6")
        assert not found(changed, "email-text-size")

    def test_what_is_not_read_aloud(self) -> None:
        ornament = '<p aria-hidden="true" style="font-size:9px">tralala</p></body>'
        assert not found(mutated("</body>", ornament), "email-text-size")
        assert found(mutated("</body>", ornament.replace("true", "false")), "email-text-size")

    def test_a_badge_that_is_said_again(self) -> None:
        assert "font-size:13px" in right().email
        assert not found(right(), "email-text-size")


class TestEmailLineHeight:
    @pytest.mark.parametrize("height", ["1.2", "20px", "120%", "1.2em"])
    def test_close_lines(self, height: str) -> None:
        assert places(mutated("line-height:1.6", f"line-height:{height}"), "email-line-height")

    @pytest.mark.parametrize("height", ["1.5", "29px", "normal"])
    def test_wide_enough_or_left_to_the_reader(self, height: str) -> None:
        assert not found(mutated("line-height:1.6", f"line-height:{height}"), "email-line-height")


class TestTextJustified:
    def test_an_editors_paragraph(self) -> None:
        section = make_section('Un mot.\n\n<p align="justify">Au carré.</p>\n', slug="carre", first_line=2)
        assert places(renditions_of(section), "text-justified") == ["sections/007/carre.md:4"]

    def test_the_theme(self) -> None:
        changed = mutated("line-height:1.6;color:#1c2529", "line-height:1.6;text-align:justify;color:#1c2529")
        assert places(changed, "text-justified") == [THEME]

    @pytest.mark.parametrize("align", ["left", "right", "center"])
    def test_other_alignments(self, align: str) -> None:
        assert not found(renditions_of(f'<p align="{align}">Un mot.</p>'), "text-justified")


class TestEmailZoom:
    @pytest.mark.parametrize(
        "more", [", maximum-scale=1", ", user-scalable=no", ",user-scalable=0", ", maximum-scale=1.0"]
    )
    def test_locked(self, more: str) -> None:
        assert places(mutated("initial-scale=1", f"initial-scale=1{more}"), "email-zoom") == [THEME]

    @pytest.mark.parametrize("more", ["", ", user-scalable=yes", ", minimum-scale=1"])
    def test_free(self, more: str) -> None:
        assert not found(mutated("initial-scale=1", f"initial-scale=1{more}"), "email-zoom")

    def test_prose_about_it(self) -> None:
        assert not found(renditions_of("Évitez `maximum-scale=1`."), "email-zoom")


class TestEmailSize:
    def test_near_the_cut_and_over_it(self) -> None:
        sections = [
            make_section("\n\n".join([LONG] * count), slug=f"s{count}", title=f"Titre {count}") for count in (1, 25, 45)
        ]
        warned = replace(renditions_of(*sections), text="")
        [finding] = found(warned, "email-size")
        assert (finding.level, finding.file) == (Level.WARNING, "sections/007/_issue.md")
        assert (finding.suggestion or "").index("Titre 45") < (finding.suggestion or "").index("Titre 25")
        cut = replace(warned, email=warned.email + " " * 20_000)
        assert found(cut, "email-size")[0].level is Level.ERROR

    @pytest.mark.parametrize(
        ("size_bytes", "level"), [(90_000, None), (90_001, "warning"), (102_400, "warning"), (102_401, "error")]
    )
    def test_bounds(self, size_bytes: int, level: str | None) -> None:
        short = right()
        exact = replace(short, email=short.email + " " * (size_bytes - len(short.email.encode())))
        assert [finding.level.value for finding in found(exact, "email-size")] == ([level] if level else [])

    def test_letters_of_two_bytes_count_twice(self) -> None:
        short = right()
        accents = replace(short, email=short.email + "é" * (45_001 - len(short.email.encode()) // 2))
        assert len(accents.email) < 90_000
        assert found(accents, "email-size")


class TestEmailLeftover:
    @pytest.mark.parametrize(
        "leftover",
        [
            "{{ issue.title }}",
            "{% if x %}",
            "__UNSUB__",
            "prix\\u{202f}: 3",
            "nl-slot-0123456789abcdef-3-",
            "{{ sans fin",
        ],
    )
    def test_in_the_text(self, leftover: str) -> None:
        changed = mutated("Une citation.", f"Une citation. {leftover}")
        [finding] = found(changed, "email-leftover")
        assert finding.level is Level.ERROR

    @pytest.mark.parametrize(
        "attribute", ['alt="\\u{202f}"', 'title="__X1__"', 'href="https://a.example/%7B%7B%20email%20%7D%7D"']
    )
    def test_in_an_attribute(self, attribute: str) -> None:
        assert len(found(mutated('<p align="right"', f"<p {attribute}"), "email-leftover")) == 1

    def test_in_a_comment_and_in_the_plain_text(self) -> None:
        assert len(found(mutated("</body>", "<!--[if mso]>{{ x }}<![endif]--></body>"), "email-leftover")) == 1
        assert len(found(retold(lambda text: text + "__SEND__\n"), "email-leftover")) == 1

    @pytest.mark.parametrize(
        "prose",
        [
            "Écrivez {{ nom }} ici, ou {{% shortcode %}}.",
            "`{{ nom }}` et `{%- endif %}`",
            "```\n__NAME__ = '\\u{a0}'\n```",
            "[voir](https://a.example/%7B%7Bx%7D%7D)",
            "Le {{ [modèle](https://a.example/) }} et {% [] %}",
            "{{< video https://video.example/v >}}",
            "![{{ alt }}](https://a.example/a.png)",
            "| {{ a }} | b |\n|---|---|\n| __INIT__ | {%d} |",
        ],
    )
    def test_prose(self, prose: str) -> None:
        assert not found(renditions_of(prose, editorial=prose), "email-leftover")

    def test_titles_places_and_names(self) -> None:
        from tests.check.renditions import EVENT

        section = make_section("a", title="Le {{ titre }}", events=[replace(EVENT, place="__LIEU__")])
        assert not found(renditions_of(section, name="{{ Gazette }}"), "email-leftover")


class TestAddressRelative:
    def test_all_of_them_are_one_finding(self) -> None:
        [finding] = found(
            renditions_of("[a](/projets) ![b](images/b.png) [c](https://c.example/)", online_url=None),
            "address-relative",
        )
        assert (finding.file, finding.level) == (CONFIG, Level.WARNING)
        assert "2 addresses are relative (/projets" in finding.message

    def test_one_of_the_theme(self) -> None:
        changed = mutated('src="https://images.example/dune.jpg"', 'src="dune.jpg"')
        assert places(changed, "address-relative") == [THEME]

    @pytest.mark.parametrize(
        "address", ["https://a.example/", "mailto:a@gazette.example", "tel:+331", "#ici", "http://[bad"]
    )
    def test_absolute_or_for_another_rule(self, address: str) -> None:
        assert not found(renditions_of(f"[a]({address})", online_url=None), "address-relative")

    def test_local_files_stay_relative(self) -> None:
        local = renditions_of("![a](a.png)", online_url=None)
        assert found(local, "address-relative")
        assert not found(replace(local, local_files=frozenset(["a.png"])), "address-relative")


class TestAnchorMissing:
    @pytest.mark.parametrize("address", ["#nulle-part", "#Le-Sable", "#sable"])
    def test_no_such_place(self, address: str) -> None:
        section = make_section(f"Un mot.\n\nVoir [ici]({address}).\n\n### Le sable\n\nFin.", slug="haut", first_line=3)
        [finding] = found(renditions_of(section), "anchor-missing")
        assert (finding.level, finding.place) == (Level.WARNING, "sections/007/haut.md:5:6")

    def test_the_nearest_is_told(self) -> None:
        [finding] = found(renditions_of("Voir [ici](#le-sabel).\n\n### Le sable\n\nFin."), "anchor-missing")
        assert "#le-sable" in (finding.suggestion or "")

    @pytest.mark.parametrize(
        "text",
        [
            "Voir [ici](#le-sable).\n\n### Le sable\n\nFin.",
            "Voir [ici](#sable).\n\n### Le sable {#sable}\n\nFin.",
            'Voir [ici](#sable).\n\n<a id="sable"></a>Le sable.',
            "Voir [ici](#été).\n\n### Été\n\nFin.",
            "Voir [le haut](#top).",
            "Voir `[ici](#sable)`.",
        ],
    )
    def test_a_place_that_is_there(self, text: str) -> None:
        assert not found(renditions_of(text), "anchor-missing")


class TestAnchorLink:
    def test_a_link_of_a_text(self) -> None:
        section = make_section("Un mot.\n\nVoir [plus bas](#fin).", slug="haut", first_line=3)
        assert places(renditions_of(section, online_url=None), "anchor-link") == ["sections/007/haut.md:5"]

    def test_the_contents(self) -> None:
        [finding] = found(renditions_of("a", "b", contents="anchors"), "anchor-link")
        assert (finding.file, finding.message[:1]) == (CONFIG, "2")

    def test_the_theme(self) -> None:
        assert places(mutated('href="https://gazette.example/adieu"', 'href="#adieu"'), "anchor-link") == [THEME]

    def test_led_to_the_post_online(self) -> None:
        assert not found(renditions_of("Voir [plus bas](#fin)."), "anchor-link")

    @pytest.mark.parametrize(
        "text", ["[a](https://a.example/#b)", "`[a](#b)`", "Le #motdièse", "Une note[^1].\n\n[^1]: La note."]
    )
    def test_no_anchor_of_the_email(self, text: str) -> None:
        assert not found(renditions_of(text, online_url=None), "anchor-link")


class TestPreheaderLength:
    @pytest.mark.parametrize("preheader", ["Court.", "x" * 39, "x" * 101])
    def test_too_short_or_too_long(self, preheader: str) -> None:
        [finding] = found(replace(right(), preheader=preheader), "preheader-length")
        assert (finding.level, finding.place) == (Level.INFO, "sections/007/_issue.md:4")

    @pytest.mark.parametrize("preheader", [None, "", "x" * 40, "x" * 100, PREHEADER])
    def test_right_or_absent(self, preheader: str | None) -> None:
        assert not found(replace(right(), preheader=preheader), "preheader-length")


@pytest.mark.parametrize(
    ("slug", "field", "address"),
    [
        ("online-link-missing", "online_url", "https://gazette.example/lettres/7/"),
        ("sender-missing", "sender", "mailto:redaction@gazette.example"),
        ("unsubscribe-missing", "unsubscribe_url", "https://gazette.example/adieu"),
    ],
)
class TestWaysOut:
    def test_not_configured(self, slug: str, field: str, address: str) -> None:
        nothing: dict[str, Any] = {field: None}
        assert places(replace(right(), **nothing), slug) == [CONFIG]

    def test_left_out_by_the_theme(self, slug: str, field: str, address: str) -> None:
        assert places(mutated(f'href="{address}"', 'href="https://a.example/"'), slug) == [THEME]

    def test_there(self, slug: str, field: str, address: str) -> None:
        assert not found(right(), slug)
        assert not found(right("dsfr"), slug)
        assert not found(renditions_of("a", contents="none"), slug)
