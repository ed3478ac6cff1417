# ruff: noqa: E501 - a case stands on a line of its own
"""Posts such as newsletters publish, made up from a seed; and whether an assembled issue holds all of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from urllib.parse import unquote

from lxml import etree, html
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

WORDS = [
    "harbour",
    "lantern",
    "été",
    "data",
    "pebble",
    "naïve",
    "Übung",
    "orchard",
    "10",
    "%",
    "marge",
    "«quai»",
    "release",
    "v1.2",
    "ripple",
    "l’aube",
    "timber",
    "数据",
    "сводка",
    "saffron",
    "cobalt",
    "R&D",
    "A/B",
    "C++",
    "node.js",
    "f(x)",
    "3<4",
    "snow_case",
    "*star",
    "price$",
    "tilde~",
    "back\\slash",
    "100€",
    "½",
    "café",
]
ARABIC = ["هذا", "عدد", "جديد", "من", "النشرة", "البريدية", "الشهرية", "للمجتمع"]
EMOJI = ["🗣", "💻", "👩\u200d💻", "🎉", "❤️", "🇫🇷"]
BARE = re.compile(r"https?://[^\s<>\"]+")
TRAILING = re.compile(r"(?:[.,;:!?…»”\"')\]]+|[’'][a-z]*)$")


@dataclass
class Post:
    """A post and what must be found again. `bodies`: the text under each heading, the text before all first."""

    text: str
    body: str
    headings: list[str] = field(default_factory=list)


class Author:
    """Writes posts; the same seed, the same posts."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.seed = seed
        self.links = 0

    def words(self, low: int = 2, high: int = 12) -> str:
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(low, high)))

    def url(self) -> str:
        self.links += 1
        shape = self.random.choice(
            [
                "https://example.org/{seed}/{n}",
                "https://example.org/{seed}/{n}?utm_source=x&a=1&b=%C3%A9#part-{n}",
                "http://sub.example.co.uk:8080/~me/{seed}_{n}.html",
                "https://github.com/example/repo/issues/{seed}{n}",
                "https://fr.wikipedia.org/wiki/Port_{n}_({seed})",
                "https://example.org/naïve/{n}/{seed}",
                "https://example.org/{seed}/{n}/",
                "https://example.org/a_b_c/{n}--{seed}__x",
            ]
        )
        return shape.format(seed=self.seed, n=self.links)

    def sentence(self) -> str:
        url = self.url()
        plain = url.replace("(", "%28").replace(")", "%29")
        return self.random.choice(
            [
                f"{self.words()} [{self.words(1, 3)}]({url}) {self.words()}.",
                f"{self.words()} <{url}> {self.words()}.",
                f"{self.words()}: {plain}",
                f"{self.words()} ({plain}), {self.words()}.",
                f'{self.words()} [**{self.words(1, 2)}**]({url} "A title") and `code` {self.words()}.',
                f"**{self.words()}** {self.words()} *{self.words()}* ~~{self.words()}~~.",
                f"{self.random.choice(EMOJI)} {self.words()} [{self.words(1, 3)}]( {url} ).",
                f"{self.words()} ![{self.words(1, 3)}]({plain}.png)",
                f"[![{self.words(1, 2)}]({plain}.jpg)]({url})",
                f'{self.words()} <a href="{plain}">{self.words(1, 2)}</a> {self.words()}',
                f"{self.words()}\\\n{self.words()}  \n{self.words()}",
            ]
        )

    def block(self) -> str:
        makers: list[Callable[[], str]] = [
            self.paragraph,
            self.paragraph,
            self.bullets,
            self.bullets,
            self.nested,
            self.table,
            self.quote,
            self.code,
            self.image,
            self.raw,
            self.subheading,
            self.template,
            self.rtl,
            self.comment,
            self.numbered,
            self.rule,
            self.disguised_list,
            self.promise,
        ]
        return self.random.choice(makers)()

    def paragraph(self) -> str:
        return "\n".join(self.sentence() for _ in range(self.random.randint(1, 4)))

    def bullets(self) -> str:
        sign = self.random.choice("*-+")
        gap = self.random.choice(["\n", "\n\n"])
        return gap.join(f"{sign} {self.sentence()}" for _ in range(self.random.randint(2, 7)))

    def nested(self) -> str:
        lines = []
        for _ in range(self.random.randint(1, 3)):
            lines.append(f"- {self.words()}")
            lines += [f"  - {self.sentence()}".replace("\n", "\n    "), f"      1. {self.words()}"]
            lines += ["", f"  {self.words()}", ""]
        return "\n".join(lines).rstrip()

    def numbered(self) -> str:
        start = self.random.choice([1, 7, 2023])
        return "\n".join(f"{start + index}. {self.sentence()}" for index in range(3))

    def table(self) -> str:
        def cell() -> str:
            return self.words(1, 3).replace("|", "")

        rows = [f"| {cell()} | [{cell()}]({self.url()}) |" for _ in range(3)]
        return "\n".join([f"| {cell()} | {cell()} |", "|:--|--:|", *rows])

    def quote(self) -> str:
        return f"> {self.words()}\n> — [{self.words(1, 2)}]({self.url()})\n>\n> > {self.words()}"

    def code(self) -> str:
        fence = self.random.choice(["```", "~~~", "````"])
        return f"{fence}python\n# Not a heading\n## 1. Nor this\n---\n<!-- nl: kept, it is code -->\nx = '{self.words(1, 2)}'\n{fence}"

    def image(self) -> str:
        url = self.url().replace("(", "").replace(")", "")
        return self.random.choice(
            [
                f"![]({url}.png)",
                f'<img src="{url}.png" alt= “” width="45%" height="45%">',
                f"<p align=center><img width=300 src='{url}.gif' /></p>",
                f"![{self.words(1, 2)}]({url}.webp){{width=50%}}",
            ]
        )

    def raw(self) -> str:
        url = self.url().replace("(", "").replace(")", "")
        return self.random.choice(
            [
                f'<div class="note">\n\n{self.sentence()}\n\n</div>',
                f'<iframe src="{url}" width="560" allowfullscreen></iframe>',
                f"<script>\nvar a = '</b>' && 1 < 2;\n</script>\n\n{self.sentence()}",
                f'<a href="{url}" onclick="steal()">{self.words(1, 3)}</a>',
                f"<details><summary>{self.words(1, 3)}</summary>\n\n{self.sentence()}\n\n</details>",
                f'<video controls src="{url}.mp4"></video>',
                f"<table><tr><td>{self.words(1, 2)}<td><a href='{url}'>x</a></table>",
                f"<center>{self.words()}<br>{self.words()}",
                f"<u>{self.words(1, 2)} <b>never closed",
                f"<style>p {{ color: red }}</style>\n\n{self.sentence()}",
            ]
        )

    def subheading(self) -> str:
        return f"##### {self.words(1, 4)}\n\n{self.sentence()}"

    def template(self) -> str:
        return f'{{{{ page.title }}}} {{% if {self.words(1, 1)} %}} {{{{< figure src="/img/a.png" >}}}} __UNSUB__ {{#id .x}}'

    def rtl(self) -> str:
        return " ".join(self.random.choice(ARABIC) for _ in range(9)) + f" [{self.random.choice(ARABIC)}]({self.url()})"

    def comment(self) -> str:
        return f"<!-- {self.words()} [none]() -->\n\n{self.sentence()}"

    def rule(self) -> str:
        return self.random.choice(["---", "***", "* * *"]) + f"\n\n{self.sentence()}"

    def disguised_list(self) -> str:
        return "\n".join(f"{self.random.choice([*EMOJI, '•', '→'])} {self.sentence()}" for _ in range(3))

    def promise(self) -> str:
        return "\n".join(
            [
                f"{self.words()} : ",
                "[text] (https://example.org/apart)",
                "[empty]()",
                "INSERT_LINK_HERE",
                "\u200b\u00a0",
            ]
        )

    def long_list(self) -> str:
        return "\n".join(f"* [{self.words(1, 4)}]({self.url()})" for _ in range(300))

    def heading(self, index: int, shape: str, level: int) -> str:
        title = self.words(1, 4).replace("*", "").replace("`", "").replace("\\", "").replace("<", "")
        title = self.random.choice([title, title, title.upper(), f"{self.random.choice(EMOJI)} {title}"])
        hashes = "#" * level
        return {
            "plain": f"{hashes} {title}",
            "numbered": f"{hashes} {index}. {title}",
            "gapped": f"{hashes} {index * 2}. {title} ",
            "bold": f"{hashes} **{index}. {title}**",
            "closed": f"{hashes} {title} {hashes}",
            "same": f"{hashes} News",
            "setext": f"{title}\n" + ("=" if level == 1 else "-") * 7,
            "linked": f"{hashes} [{title}]({self.url()})",
            "attribute": f"{hashes} {title} {{#part-{index}}}",
        }[shape]

    def header(self) -> str:
        day = f"{self.random.randint(2015, 2026)}-0{self.random.randint(1, 9)}-1{self.random.randint(0, 9)}"
        number = self.random.randint(1, 300)
        return self.random.choice(
            [
                "",
                f"---\ntitle: This month {number}\ndate: {day}\n---\n",
                f'---\ntitle: "News #{number}"\ndate: {day}T09:00:00+02:00\nslug: news{number}\nsummary: Dry\ntags: [a, b]\n---\n',
                f"\n\n---\ntitle: 'It''s {number}'\nauthor: Ada\n  \ndate: {day}\nformat:\n  html: {{toc: true}}\n---\n",
                f"Title: This Week {number}\nDate: {day}\nCategory: News\n\n",
                f'+++\ntitle = "Digest {number}"\ndate = {day}\ndraft = false\n+++\n',
                f"\ufeff---\ntitle: {number}\n---\n",
            ]
        )

    def post(self) -> Post:
        level = self.random.choice([1, 2, 2, 2, 3])
        shapes = ["plain", "plain", "numbered", "gapped", "bold", "closed", "same", "linked", "attribute"]
        shape = self.random.choice(shapes + (["setext"] if level < 3 else []))
        parts = []
        if self.random.random() < 0.4:
            parts.append("\n\n".join(self.block() for _ in range(self.random.randint(1, 3))))
        headings = []
        for index in range(1, self.random.randint(2, 8)):
            headings.append(self.heading(index, shape, level))
            blocks = [self.block() for _ in range(self.random.randint(0, 4))]
            if index == 1 and self.random.random() < 0.08:
                blocks.append(self.long_list())
            parts.append(headings[-1] + self.random.choice(["\n", "\n\n"]) + "\n\n".join(blocks))
        if self.random.random() < 0.3:
            parts[self.random.randrange(len(parts))] += (
                f"\n\nSee [the list][far-{self.seed}] and a note[^n{self.seed}].\n"
            )
            parts[-1] += f"\n\n[far-{self.seed}]: {self.url()}\n[^n{self.seed}]: Noted, at <{self.url()}>.\n"
        body = "\n\n".join(parts) + self.random.choice(["", "\n", "\n\n\n"])
        text = self.header() + body
        if self.random.random() < 0.2:
            text, body = text.replace("\n", "\r\n"), body.replace("\n", "\r\n")
        return Post(text, body, headings)


def lines_of(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)


def lost_lines(body: str, headings: list[str], post: str) -> list[str]:
    """The lines of the body that the post does not hold, in their order, byte for byte."""
    own = {line for heading in headings for line in lines_of(heading)}
    rest = iter(lines_of(post))
    return [line for line in lines_of(body) if line not in own and line.strip() and line not in rest]


@dataclass
class Links:
    """Where a text leads, and the images it shows."""

    targets: set[str]
    images: set[str]


def links_of(text: str) -> Links:
    """The links and images of a post, found by another parser set up another way."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(footnote_plugin)
    return links_in(parser.render(text), bare=True)


def links_in(page: str, *, bare: bool = False) -> Links:
    """The links and images of an HTML page; with the addresses in its text if `bare`."""
    document = html.document_fromstring(f"<div>{page}</div>" if bare else page)
    for element in list(document.iter("script", "style")):
        element.drop_tree()
    targets = [element.get("href") or element.get("src") for element in document.iter("a", "iframe", "video", "audio")]
    if bare:
        targets += [link for element in document.iter(etree.Element) for link in _bare_links(element)]
    images = [element.get("src") for element in document.iter("img")]
    return Links(_comparable(targets), _comparable(images))


def _bare_links(element: html.HtmlElement) -> Iterator[str]:
    within = {element.tag, *(parent.tag for parent in element.iterancestors())}
    if within & {"a", "code", "pre"}:
        return
    for text in (element.text, *(child.tail for child in element)):
        for found in BARE.findall(text or ""):
            yield TRAILING.sub("", found)


def _comparable(links: list[str | None]) -> set[str]:
    found = {unquote(link).strip() for link in links if link}
    return {link for link in found if re.match(r"https?://|mailto:|/|\.", link)}
