"""What the options of `nl publish` and the keys of `[site]` do."""

from __future__ import annotations

from tests.cli.effects.scenario import Effect
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import faulty, lettered, sited, sited_by_hand, sited_elsewhere, sited_in_git

PUBLISH = "publish 1"
PAGE = "== site/content/posts/newsletter1/index.md"
EFFECTS = {
    "publish --dry-run": [
        Effect(of=PUBLISH, option="--dry-run", stage=sited, shows="Nothing was written.", hides=PAGE),
        Effect(of="publish 1 --yes", option="--dry-run", stage=sited, refused="--yes does nothing with --dry-run"),
    ],
    "publish --yes": [
        Effect(of="publish 1 --replace", option="--yes", stage=sited_by_hand, typed="n\n", hides="Nothing was changed")
    ],
    "publish --replace": [Effect(of=PUBLISH, option="--replace", stage=sited_by_hand, shows="1 replaced")],
    "publish --site": [
        Effect(of=PUBLISH, option="--site other", stage=sited, shows="== other/content/posts/newsletter1/index.md"),
        Effect(of=PUBLISH, option="--site nowhere", stage=sited, refused="there is no folder nowhere"),
    ],
    "publish --accept": [
        Effect(of="publish 1 --site .", option="--accept link-empty", stage=faulty, shows="== content/posts/")
    ],
    "publish --commit": [
        Effect(of=PUBLISH, option="--commit", stage=sited_in_git, shows="branch newsletter-1", needs_git=True),
        Effect(of=PUBLISH, option="--commit", stage=sited, refused="lies in no Git repository"),
    ],
    "publish --branch": [
        Effect(
            of="publish 1 --commit", option="--branch june", stage=sited_in_git, shows="branch june", needs_git=True
        ),
        Effect(of=PUBLISH, option="--branch june", stage=sited_in_git, refused="--branch goes with --commit"),
        Effect(of="publish 1 --commit", option="--branch a..b", stage=sited_in_git, refused="no branch can be called"),
    ],
    "publish --trust": [
        Effect(of=PUBLISH, option="--trust", stage=sited_elsewhere, shows="there is no folder ../site")
    ],
}

LETTERED = {"of": PUBLISH, "stage": lettered}
SETTINGS = [
    Setting(
        sets={"site.folder": "other"}, of=PUBLISH, stage=sited, shows="== other/content/posts/newsletter1/index.md"
    ),
    Setting(sets={"site.profile": "jekyll"}, of=PUBLISH, stage=sited, shows="== site/_posts/2026-06-11-newsletter1.md"),
    Setting(
        sets={"site.base_url": "https://tidings.example.net/site"},
        of="assemble 1 --offline",
        stage=lettered,
        shows="https://tidings.example.net/site/posts/newsletter1/",
    ),
    Setting(sets={"site.area": "news"}, of=PUBLISH, stage=sited, shows="== site/content/news/newsletter1/index.md"),
    Setting(
        sets={"site.page": "content/letters/{date}.md"},
        beside={"site.file_link": "/img/{name}"},
        of=PUBLISH,
        stage=sited,
        shows="== site/content/letters/2026-06-11.md",
    ),
    Setting(
        sets={"site.files": "static/pics/{number}"},
        beside={"site.file_link": "/pics/{number}/{name}"},
        of=PUBLISH,
        stage=sited,
        shows="== site/static/pics/1/grey.png",
    ),
    Setting(
        sets={"site.file_link": "/img/{slug}/{name}"}, of=PUBLISH, stage=sited, shows="(/img/newsletter1/grey.png)"
    ),
    Setting(
        sets={"site.page_url": "letters/{slug}.html"},
        beside={"site.base_url": "https://tidings.example.net"},
        of="assemble 1 --offline",
        stage=lettered,
        shows="https://tidings.example.net/letters/newsletter1.html",
    ),
    Setting(
        sets={"site.files_url": "pics/{slug}/"},
        beside={"site.base_url": "https://tidings.example.net", "site.file_link": "/pics/{slug}/{name}"},
        of="assemble 1 --offline",
        stage=lettered,
        shows="https://tidings.example.net/pics/newsletter1/grey.png",
    ),
    Setting(sets={"site.page_link": "/{file}"}, of=PUBLISH, stage=sited, shows="(/content/team.md)"),
    Setting(
        sets={"site.fields": ["title", "summary: description"]}, of=PUBLISH, stage=sited, hides="slug: newsletter1"
    ),
    Setting(sets={"site.date": "day"}, of=PUBLISH, stage=sited, shows="date: 2026-06-11\n"),
    Setting(sets={"site.header": "layout: letter"}, of=PUBLISH, stage=sited, shows="layout: letter"),
]
