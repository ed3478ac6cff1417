"""A site for each generator, as small as one can be, and a newsletter with all that an issue may hold."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.inside import Done, call
from tests.pictures import png
from tests.workspaces import CONFIG, make_workspace, write

NPM = Path(__file__).parent / "eleventy"
HOST = "https://www.example.org"
# What Liquid and Nunjucks would run, in prose, in code, and what ends what keeps them from it.
BRACES = """\
---
status: ready
---

Dear {{ name }}, with {% if x %}a tag{% endif %} and {# a remark #};
`{{ page.title }}` and {% raw %}{{ y }}{% endraw %} end.

```jinja
{% for one in all %}
  {{ one | upper }}
{% endfor %}
```

A {%- half tag, a lonely }} and {{{ three }}}.

![A square](square.png), [the team](/site/team/).
"""
RICH = """\
---
status: ready
---

Bonjour à tous, dit-elle\u00a0: «\u00a0Ça marche\u202f!\u00a0» 🎉

![A square](square.png)

See [the minutes](minutes.pdf), [the team](/site/team/), [elsewhere](https://example.org/?a=1&b=2), a note[^n].

### Les chiffres

| Quoi | Combien |
|---|---:|
| Thé | 12 000 |

```python
if a < b and "c" in d:
    print("é")
```

> Cité.

- one
- two

[^n]: En bas de *page*.
"""
SECTIONS = """\
[[sections]]
slug = "news"
title = "À l’agenda"
"""


@dataclass(frozen=True, kw_only=True)
class Generator:
    """How a site is built: its files, and the command that writes `output` below the site's folder."""

    profile: str
    files: Mapping[str, str]
    command: tuple[str, ...]
    output: str


JEKYLL = Generator(
    profile="jekyll",
    files={
        "_config.yml": f'url: "{HOST}"\nbaseurl: "/site"\ntimezone: Europe/Paris\n',
        "_layouts/post.html": "<html><body><main>{{ content }}</main></body></html>\n",
        "team.md": "---\ntitle: The team\npermalink: /team/\n---\nWe.\n",
    },
    command=("jekyll", "build", "--quiet", "--future", "--disable-disk-cache"),
    output="_site",
)
ELEVENTY = Generator(
    profile="eleventy",
    files={
        "eleventy.config.mjs": 'import footnote from "markdown-it-footnote";\n'
        "export default function (config) {\n"
        '  config.addPassthroughCopy("img");\n'
        "  config.amendLibrary('md', (md) => md.use(footnote));\n"
        "}\n",
        "package.json": '{"type": "module"}\n',
        "team.md": "---\ntitle: The team\n---\nWe.\n",
    },
    command=("node", str(NPM / "node_modules/@11ty/eleventy/cmd.cjs"), "--quiet"),
    output="_site",
)
PELICAN = Generator(
    profile="pelican",
    files={
        "pelicanconf.py": f'SITEURL = "{HOST}/site"\nSITENAME = "Site"\nTIMEZONE = "Europe/Paris"\nPATH = "content"\n'
        'THEME = "simple"\nFEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None\n'
        'PAGE_URL = "{slug}/"\nPAGE_SAVE_AS = "{slug}/index.html"\n',
        "content/pages/team.md": "Title: The team\n\nWe.\n",
    },
    command=(sys.executable, "-m", "pelican", "content", "-o", "output", "-s", "pelicanconf.py", "--quiet"),
    output="output",
)


class BuiltSite:
    """A newsletter published into a site, which has been built."""

    def __init__(self, folder: Path, generator: Generator, news: str):
        self.generator = generator
        self.root, self.site = folder / "letter", folder / "site"
        config = CONFIG.partition("[[sections]]")[0] + SECTIONS
        table = f'\n[site]\nfolder = "../site"\nprofile = "{generator.profile}"\nbase_url = "{HOST}/site/"\n'
        issue = (
            "---\ntitle: 'Lettre n° 1 : l’été'\nslug: lettre-1\ndate: 2026-06-11\nsummary: \"Un : deux\"\n---\nSalut.\n"
        )
        make_workspace(self.root, config + table, {1: {"_issue.md": issue, "news.md": news}})
        write(self.root / "sections/001/square.png", png(9, 9))
        write(self.root / "sections/001/minutes.pdf", b"%PDF-1.4\n")
        for name, text in generator.files.items():
            write(self.site / name, text)
        self.said = self.nl("publish", "1", "--yes")
        assert self.said.status == 0, self.said.err

    def nl(self, *arguments: str) -> Done:
        return call(*arguments, cwd=self.root, env={"NL_CONFIG_DIR": str(self.root.parent / "config"), "NL_TRUST": "1"})

    def build(self) -> Path:
        """The built site's folder."""
        if self.generator is ELEVENTY:
            # Its configuration takes a plugin from the folder of the site.
            shutil.copytree(NPM / "node_modules/markdown-it-footnote", self.site / "node_modules/markdown-it-footnote")
        done = subprocess.run(self.generator.command, cwd=self.site, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return self.site / self.generator.output
