"""What the options of the commands do that make and look at an issue."""

from __future__ import annotations

from tests.cli.effects.around import pad_host
from tests.cli.effects.scenario import Effect
from tests.cli.effects.stages import (
    committed,
    drawn,
    empty,
    fixable,
    german,
    local_link,
    misspelt,
    pictured,
    plain,
    published,
    slips,
    two_issues,
    with_new_pads,
    with_pads,
)

WITH_LINKS = {"NL_OFFLINE": None}
READ = {"NL_NO_LANGUAGE": None}
NO_BROWSER = {"PATH": "/nowhere", "HOME": "/nowhere", "NL_OFFLINE": "1"}
BROWSER = {"BROWSER": "true"}
NEWS = "== sections/001/news.md"

EFFECTS = {
    "nl --version": [Effect(of="", option="--version", stage=plain, shows="\nnl ")],
    "init --name": [Effect(of="init fresh", option="--name 'Data news'", stage=empty, shows='name = "Data news"')],
    "init --language": [Effect(of="init fresh", option="--language de", stage=empty, shows='language = "de"')],
    "new --date": [
        Effect(of="new 2", option="--date 2031-03-04", stage=plain, shows="date: 2031-03-04T13:00:00+01:00"),
        Effect(of="new 1", option="--date 2031-03-04", stage=plain, refused="_issue.md: issue 1 has its date already"),
        Effect(of="new 2", option="--date yesterday-ish", stage=plain, refused="is no date"),
    ],
    "new --from": [
        Effect(of="new 3", option="--from 1", stage=two_issues, shows="Who we are.", hides="Who we have become."),
        Effect(of="new 2", option="--from 2", stage=two_issues, refused="cannot be carried over from itself"),
    ],
    "words list --add": [
        Effect(of="words list", option="--add", stage=misspelt, typed="a\n", shows="was added to words.txt"),
        Effect(of="words list", option="--add", stage=misspelt, refused="nobody is there to answer"),
        Effect(of="words list --json", option="--add", stage=misspelt, refused="--add does nothing with --json"),
    ],
    "theme copy --theme": [
        Effect(of="theme copy footer", option="--theme ours", stage=plain, shows='extends = "default"'),
        Effect(of="theme copy footer", option="--theme ../ours", stage=plain, refused="is no name of a folder"),
    ],
    "import --issue": [Effect(of="import post.md", option="--issue 7", stage=published, shows="== sections/007/")],
    "import --learn": [Effect(of="import post.md", option="--learn", stage=published, shows="== newsletter.toml")],
    "import --section": [
        Effect(of="import post.md", option="--section agenda", stage=published, refused="has a text already"),
        Effect(of="import post.md", option="--section abuot", stage=published, refused="there is no section “abuot”"),
        Effect(of="import post.md --learn", option="--section about", stage=published, refused="does nothing with"),
    ],
    "import --replace": [
        Effect(
            of="import post.md --section about",
            option="--replace",
            stage=published,
            shows="== sections/001/.originals/about.md",
        ),
        Effect(of="import post.md", option="--replace", stage=published, refused="--replace goes with --section"),
    ],
    "import --encoding": [
        Effect(of="import old.md", option="--encoding cp1252", stage=published, shows="Hello from the café."),
        Effect(of="import old.md", option="--encoding klingon", stage=published, refused="klingon"),
    ],
    "pull --section": [
        Effect(of="pull 1", option="--section news", stage=with_pads, hides="sections/001/agenda.md"),
        Effect(of="pull 1", option="--section abuot", stage=with_pads, refused="no section “abuot” has a pad"),
    ],
    "pull --images": [
        Effect(of="pull 1 --allow-private", option="--images", stage=plain, around=pad_host, shows="(images/a.png)"),
    ],
    "pull --dry-run": [Effect(of="pull 1", option="--dry-run", stage=with_pads, shows="Nothing was written.")],
    "pull --allow-private": [Effect(of="pull 1", option="--allow-private", stage=with_pads, hides="local network")],
    "pull --json": [Effect(of="pull 1", option="--json", stage=with_pads, shows='"result": "refused"')],
    "check --fix": [
        Effect(of="check 1", option="--fix", stage=fixable, shows=NEWS),
        Effect(of="check --rules", option="--fix", stage=fixable, refused="--fix does nothing with --rules"),
    ],
    "check --review": [
        Effect(of="check 1", option="--review", stage=fixable, typed="1\nq\n", shows=NEWS),
        Effect(of="check 1", option="--review", stage=fixable, refused="there is none here"),
        Effect(of="check 1 --fix", option="--review", stage=fixable, typed="", refused="--fix does nothing with"),
        Effect(of="check 1 --json", option="--review", stage=fixable, typed="", refused="--json does nothing with"),
        Effect(of="check 1 --all", option="--review", stage=fixable, typed="", refused="--all does nothing with"),
        Effect(of="check 1 --format github", option="--review", stage=fixable, typed="", refused="--format does"),
        Effect(of="check 1 --fail-on note", option="--review", stage=fixable, typed="", refused="--fail-on does"),
        Effect(of="check --rules", option="--review", stage=fixable, refused="--review does nothing with --rules"),
    ],
    "check --dry-run": [
        Effect(of="check 1 --fix", option="--dry-run", stage=fixable, hides=NEWS),
        Effect(of="check 1", option="--dry-run", stage=fixable, refused="go with --fix"),
        Effect(of="check --rules", option="--dry-run", stage=fixable, refused="--dry-run does nothing with --rules"),
    ],
    "check --yes": [
        Effect(of="check 1 --fix", option="--yes", stage=fixable, typed="n\n", shows=NEWS, hides="Write these"),
        Effect(of="check 1 --fix --dry-run", option="--yes", stage=fixable, refused="does nothing with --dry-run"),
        Effect(of="check 1", option="--yes", stage=fixable, refused="go with --fix"),
        Effect(of="check --rules", option="--yes", stage=fixable, refused="--yes does nothing with --rules"),
    ],
    "check --offline": [
        Effect(of="check 1", option="--offline", stage=local_link, env=WITH_LINKS, hides="links-unchecked"),
    ],
    "check --no-language": [
        Effect(of="check 1", option="--no-language", stage=german, env=READ, hides="nobody here reads German"),
        Effect(of="check --rules", option="--no-language", stage=german, env=READ, refused="does nothing with --rules"),
    ],
    "check --browser": [
        Effect(of="check 1", option="--browser", stage=plain, env=NO_BROWSER, shows="browser-missing"),
        Effect(of="check --rules", option="--browser", stage=plain, refused="--browser does nothing with --rules"),
    ],
    "check --since": [
        Effect(
            of="check 1",
            option="--since HEAD",
            stage=committed,
            hides="link-empty",
            shows="no new fault",
            needs_git=True,
        ),
        Effect(of="check --rules", option="--since HEAD", stage=plain, refused="--since does nothing with --rules"),
    ],
    "check --all": [
        Effect(of="check 1", option="--all", stage=slips, shows="page 8"),
        Effect(of="check --rules", option="--all", stage=slips, refused="--all does nothing with --rules"),
    ],
    "check --format": [
        Effect(of="check 1", option="--format github", stage=slips, shows="::error file="),
        Effect(of="check 1", option="--format sarif", stage=slips, shows='"version": "2.1.0"'),
        Effect(of="check 1 --json", option="--format github", stage=slips, refused="two different things"),
        Effect(of="check 1 --json", option="--format text", stage=slips, refused="two different things"),
        Effect(of="check --rules", option="--format json", stage=plain, shows='"rules"'),
        Effect(of="check --rules", option="--format sarif", stage=plain, refused="--format does nothing with --rules"),
        Effect(of="check --rules", option="--format text:a.txt", stage=plain, refused="--format does nothing with"),
        Effect(of="check 1", option="--format gitlab", stage=slips, shows='"severity": "major"'),
        Effect(of="check 1", option="--format markdown", stage=slips, shows="<table>"),
        Effect(of="check 1", option="--format gitlab:quality.json", stage=slips, shows="quality.json"),
        Effect(of="check 1 --json", option="--format github:notes.txt", stage=slips, shows="notes.txt"),
        Effect(of="check 1 --format github", option="--format sarif", stage=slips, refused="takes one format"),
        Effect(of="check 1 --format json:a", option="--format sarif:a", stage=slips, refused="two formats are to go"),
        Effect(of="check 1", option="--format json:", stage=slips, refused="names no file"),
        Effect(of="check 1", option="--format json:sections/001/news.md", stage=slips, refused="newsletter itself"),
    ],
    "check --fail-on": [
        Effect(of="check 1", option="--fail-on never", stage=slips, shows="status 0"),
        Effect(of="check 1", option="--fail-on warning", stage=plain, shows="status 1"),
        Effect(of="check 1", option="--fail-on grave", stage=plain, refused="knows no “grave”"),
        Effect(of="check --rules", option="--fail-on note", stage=plain, refused="--fail-on does nothing with --rules"),
    ],
    "check --rules": [
        Effect(of="check", option="--rules", stage=plain, shows="link-empty"),
        Effect(of="check 1", option="--rules", stage=plain, refused="N does nothing with --rules"),
    ],
    "check --allow-private": [
        Effect(of="check 1", option="--allow-private", stage=local_link, env=WITH_LINKS, shows="link-broken"),
        Effect(
            of="check 1 --offline",
            option="--allow-private",
            stage=local_link,
            env=WITH_LINKS,
            refused="--allow-private does nothing with --offline",
        ),
        Effect(of="check --rules", option="--allow-private", stage=plain, refused="does nothing with --rules"),
    ],
    "push --section": [
        Effect(of="push 1", option="--section news", stage=with_pads, hides="sections/001/agenda.md"),
        Effect(of="push 1", option="--section abuot", stage=with_pads, refused="no section “abuot” has a pad"),
    ],
    "push --dry-run": [Effect(of="push 1", option="--dry-run", stage=with_pads, shows="Nothing was written.")],
    "push --allow-private": [Effect(of="push 1", option="--allow-private", stage=with_pads, hides="local network")],
    "push --json": [Effect(of="push 1", option="--json", stage=with_pads, shows='"result": "refused"')],
    "pad --section": [
        Effect(of="pad 1", option="--section news", stage=plain, hides="── sections/001/about.md"),
        Effect(of="pad 1", option="--section nwes", stage=plain, refused="did you mean “news”"),
        Effect(
            of="pad 1 https://pad.example.org/x",
            option="--section news",
            stage=plain,
            shows="pad: https://pad.example.org",
        ),
    ],
    "pad --no-open": [
        Effect(
            of="pad 1 https://pad.example.org/x --section news", option="--no-open", stage=plain, refused="does nothing"
        ),
        Effect(of="pad 1", option="--no-open", stage=with_new_pads, typed="", env=BROWSER, hides="opening https://"),
    ],
    "images --dry-run": [
        Effect(of="images 1", option="--dry-run", stage=drawn, hides="Done."),
        Effect(of="images 1 --yes", option="--dry-run", stage=drawn, refused="--yes does nothing with --dry-run"),
    ],
    "images --yes": [
        Effect(of="images 1", option="--yes", stage=drawn, typed="n\n", shows="Done.", hides="Write these"),
        Effect(of="images 1 --dry-run", option="--yes", stage=drawn, refused="does nothing with"),
    ],
    "assemble --offline": [
        Effect(of="assemble 1 --json", option="--offline", stage=local_link, env=WITH_LINKS, hides="links-unchecked"),
    ],
    "assemble --local-images": [
        Effect(of="assemble 1", option="--local-images", stage=pictured, hides='src="https://www.example.org/'),
    ],
    "preview --terminal": [
        Effect(of="preview 1 --screenshots pictures", option="--terminal", stage=plain, refused="two different things"),
    ],
    "preview --screenshots": [
        Effect(of="preview 1 --terminal", option="--screenshots pictures", stage=plain, refused="different things"),
    ],
    "preview --port": [
        Effect(
            of="preview 1 --terminal", option="--port 0", stage=plain, refused="--port does nothing with --terminal"
        ),
        Effect(of="preview 1 --screenshots pictures", option="--port 0", stage=plain, refused="with --screenshots"),
    ],
    "preview --no-language": [
        Effect(
            of="preview 1 --terminal",
            option="--no-language",
            stage=plain,
            env=READ,
            refused="--no-language does nothing with --terminal",
        ),
        Effect(of="preview 1 --screenshots pictures", option="--no-language", stage=plain, env=READ, refused="with"),
    ],
    "preview --no-open": [
        Effect(of="preview 1 --terminal", option="--no-open", stage=plain, refused="does nothing with --terminal"),
        Effect(
            of="preview 1 --terminal --port 1",
            option="--no-open",
            stage=plain,
            refused="--port, --no-open do nothing with --terminal",
        ),
        Effect(of="preview 1 --screenshots pictures", option="--no-open", stage=plain, refused="with --screenshots"),
    ],
}
