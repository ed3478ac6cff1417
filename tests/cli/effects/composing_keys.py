"""What the keys do that say who a newsletter is, how its issues look, and what is looked for in them."""

from __future__ import annotations

from typing import Any

from tests.cli.effects.around import flickering, slow_page, web_page
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import (
    blinking,
    french,
    from_a_pad,
    german,
    lacking,
    local_link,
    plain,
    published,
    with_logo,
)

ASSEMBLE = "assemble 1 --offline"
NEW = "new 2 --date 2031-03-04"
LINKS: dict[str, Any] = {"env": {"NL_OFFLINE": None}, "of": "check 1", "stage": local_link}
ASKING = {"check.links.allow_private": True}
HERE = {**ASKING, "check.links.remap": ["http://127.0.0.1:1 http://127.0.0.1:{port}"]}

SETTINGS = [
    Setting(sets={"newsletter.name": "Gazette"}, of=ASSEMBLE, stage=plain, shows="Gazette"),
    Setting(sets={"newsletter.tagline": "News of the lab"}, of=ASSEMBLE, stage=plain, shows="News of the lab"),
    Setting(sets={"newsletter.language": "de"}, of=ASSEMBLE, stage=plain, shows='lang="de"'),
    Setting(sets={"newsletter.direction": "rtl"}, of=ASSEMBLE, stage=plain, shows='dir="rtl"'),
    Setting(sets={"newsletter.timezone": "Asia/Tokyo"}, of=NEW, stage=plain, shows="T13:00:00+09:00"),
    Setting(sets={"newsletter.title": "Gazette {number}"}, of=NEW, stage=plain, shows="Gazette 2"),
    Setting(sets={"sections.1.slug": "gazette"}, of=NEW, stage=plain, shows="== sections/002/gazette.md"),
    Setting(sets={"sections.1.title": "Gazette"}, of=ASSEMBLE, stage=plain, shows="Gazette"),
    Setting(
        sets={"sections.1.aliases": ["Gazette"]}, of="import workspace/post.md", stage=published, hides="gazette.md"
    ),
    Setting(sets={"sections.1.new": False}, of=NEW, stage=plain, hides="== sections/002/news.md"),
    Setting(sets={"sections.1.standing": True}, of=NEW, stage=plain, shows="Something [happened]"),
    Setting(sets={"sections.1.required": True}, of="check 1", stage=lacking, shows="status 1"),
    Setting(sets={"sections.1.skeleton": "jobs"}, of=NEW, stage=plain, shows="deadline: 2026-06-30"),
    Setting(sets={"sections.0.author": True}, of="check 1", stage=lacking, shows="author"),
    Setting(sets={"post.slug": "letter-{number}"}, of=ASSEMBLE, stage=plain, shows="letter-1"),
    Setting(
        sets={"post.url": "https://elsewhere.example/{slug}/"}, of=ASSEMBLE, stage=plain, shows="https://elsewhere."
    ),
    Setting(sets={"post.time": "09:15"}, of=NEW, stage=plain, shows="T09:15:00"),
    Setting(sets={"post.numbered": False}, of=ASSEMBLE, stage=plain, hides="## 2. News"),
    Setting(sets={"post.heading_level": 3}, of=ASSEMBLE, stage=plain, shows="### 2. News"),
    Setting(sets={"post.extensions": ["highlight"]}, of="check 1", stage=from_a_pad, hides="post-syntax"),
    Setting(sets={"pads.new": "https://pad.example.org/new"}, of="pad 1", stage=plain, shows="made at https://pad."),
    Setting(sets={"markdown.hard_breaks": True}, of=ASSEMBLE, stage=from_a_pad, shows="One marked word\nand"),
    Setting(sets={"email.theme": "dsfr"}, of=ASSEMBLE, stage=plain, shows="#000091"),
    Setting(sets={"email.accent": "#7a1f3d"}, of=ASSEMBLE, stage=plain, shows="#7a1f3d"),
    Setting(
        sets={"email.logo": "templates/logo.png"},
        of=ASSEMBLE,
        stage=with_logo,
        shows='masthead/logo.png" width="8" height="8"',
    ),
    Setting(sets={"email.contents": "anchors"}, of=ASSEMBLE, stage=plain, shows='href="#'),
    Setting(sets={"email.legal": ["The lab, 1 Main Street"]}, of=ASSEMBLE, stage=plain, shows="1 Main Street"),
    Setting(
        sets={"endpoint.url": "https://go.example.org"},
        of=ASSEMBLE,
        stage=plain,
        shows="https://go.example.org/unsubscribe",
    ),
    Setting(sets={"email.unsubscribe": "leave@example.org"}, of=ASSEMBLE, stage=plain, shows="leave@example.org"),
    Setting(sets={"sender.name": "The lab"}, of=ASSEMBLE, stage=plain, shows="From: The lab <"),
    Setting(sets={"sender.address": "lab@example.org"}, of=ASSEMBLE, stage=plain, shows="<lab@example.org>"),
    Setting(sets={"sender.reply_to": "desk@example.org"}, of=ASSEMBLE, stage=plain, shows="Reply-To: desk@example.org"),
    Setting(sets={"check.ignore": ["summary-missing"]}, of="check 1", stage=plain, hides="summary-missing"),
    Setting(sets={"check.clients": ["thunderbird"]}, of="check 1", stage=blinking, hides="client-support"),
    Setting(sets={"check.links.exclude": ["127.0.0.1"]}, beside=ASKING, hides="link-broken", **LINKS),
    Setting(
        sets={"check.links.remap": HERE["check.links.remap"]}, beside=ASKING, around=web_page, shows="404", **LINKS
    ),
    Setting(sets={"check.links.allow_private": True}, shows="link-broken", **LINKS),
    Setting(sets={"check.links.timeout_seconds": 1}, beside=HERE, around=slow_page, shows="link-timeout", **LINKS),
    Setting(
        sets={"check.links.max_age_hours": 0},
        # The page is on this machine, of which its address alone is complained.
        beside={**HERE, "check.ignore": ["link-private"]},
        around=flickering,
        first="check 1",
        shows="link-broken",
        **LINKS,
    ),
    Setting(
        sets={"check.language.enabled": False},
        of="check 1",
        stage=german,
        env={"NL_NO_LANGUAGE": None},
        hides="nobody here reads German",
    ),
    Setting(
        sets={"check.language.languagetool": "http://127.0.0.1:1"},
        of="check 1",
        stage=german,
        env={"NL_NO_LANGUAGE": None},
        shows="LanguageTool could not read the texts",
    ),
    Setting(sets={"typography.renditions": False}, of=ASSEMBLE, stage=french, hides="Bonjour\u202f!"),
    Setting(
        sets={"typography.narrow": False}, of=ASSEMBLE, stage=french, shows="Bonjour\u00a0!", hides="Bonjour\u202f!"
    ),
    Setting(sets={"typography.quotes": False}, of=ASSEMBLE, stage=french, hides="«\u00a0Lettre\u00a0»"),
]
