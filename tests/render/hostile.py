"""One issue with everything that can go wrong in it, for the tests that look at whole renditions."""

from __future__ import annotations

from datetime import date

from newsletter_cli.base.values import replace
from newsletter_cli.model import Event, Issue, Job
from tests.rendering import make_issue, make_section

TRAP = (
    'prix\u00a0: 3\u202f€ sa\u00adble\u200b❤\ufe0f👩\u200d💻 e\u0301 𝗴𝗿𝗮𝘀 "dit" \\u{a0} \\n C:\\dune <b> &amp; {{ v }}'
)
TEMPLATES = "{{ var }} {% if x %} {{ 7 * 7 }} {# note #} ${x} __UNSUB__ nl-slot-0-"
RAW = """\
<script>alert("motcache")</script>
<style>p { display: none }</style>

<iframe src="https://video.example/1" title="Le film"></iframe>

<video controls><source src="https://video.example/2.mp4">Sans la vidéo</video>

<details><summary>Déplier</summary>

Le détail **gras**.

</details>

<form action="https://piege.example/"><label>Votre nom</label><input name="n"><button>Envoyer</button></form>

<svg><text>dessin</text></svg>
<img src="https://image.example/a.jpg" alt= “” width="45%" height="45%">
<img src=x onerror="alert(1)"><img src="data:image/png;base64,AAAA" alt="donnée">

<a href="javascript:alert(1)">Un piège</a> <a href="data:text/html,x">Un autre</a> <b onclick="x()">Cliquez</b>

<div style="position:fixed" class="x"><p>Non fermé <b>gras <i>italique
<td>Cellule orpheline</td><li>Point orphelin

<!-- une remarque publique -->

<table><tr><th>Tête<td style="text-align:right;color:red">Corps</table>

<a href="https://carte.example/"><h2>Une carte</h2><p>Son texte</p></a>

<?php echo 1 ?> <![CDATA[ brut ]]> <inconnu>étrange</inconnu> <center>centré</center>
"""
LINKS = "".join(f"- [lien {number}](https://liens.example/{number}?a=1&b={number})\n" for number in range(2_000))
LONG = "Un paragraphe de sable **fin**, avec [son lien](https://long.example/) et `du code`.\n\n" * 1_500
ARABIC = "مرحبا بكم في **النشرة** : https://arabe.example/صفحة\n\n- واحد\n- اثنان\n\n| أ | ب |\n|---|---|\n| ١ | ٢ |\n"
DEEP = "> " * 30 + "fond\n\n" + "<div>" * 400 + "abysse" + "</div>" * 400 + "\n"


def hostile_issue(*, is_huge: bool = True) -> Issue:
    """Every trap at once; with `is_huge`, a long section and two thousand links as well."""
    escaped = TRAP.replace("\\", "\\\\").replace("<", "\\<").replace("&", "\\&").replace('"', '\\"')
    templates = TEMPLATES.replace("_", "\\_")
    event = Event(
        title=TRAP, start=date(2024, 6, 1), place=TRAP, url="https://agenda.example/?q=é&amp;b=(1)", description=RAW
    )
    sections = [
        make_section(f'![{escaped}](https://image.example/b.png "{escaped}")\n\n{templates}', slug="a", title=escaped),
        make_section(RAW, slug="b", title="Du HTML <script>x()</script>brut"),
        make_section("", slug="c", title="Vide"),
        make_section("\ufeff\r\n  \r\n", slug="d", title="Presque vide"),
        make_section(ARABIC, slug="e", title="أخبار"),
        make_section(DEEP, slug="f", title=templates),
        make_section(
            "Fin\r\nsans fin de ligne",
            slug="g",
            events=[event],
            jobs=[Job(title=TRAP, employer=TRAP, url="https://job.example/<1>")],
        ),
        make_section("```\nouvert\n", slug="h", title="Un bloc jamais fermé"),
    ]
    if is_huge:
        sections += [make_section(LINKS, slug="i", title="Liens"), make_section(LONG, slug="j", title="Long")]
    issue = make_issue(*sections, editorial="<div>\n\nBonjour\n", title=TRAP)
    return replace(issue, subject=TRAP, preheader=TRAP, summary=TRAP)
