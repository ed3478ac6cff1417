"""What `nl publish` wrote, built by the generators themselves: what readers of the site are shown."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import html

from tests.pictures import png
from tests.publish.built_sites import BRACES, ELEVENTY, HOST, JEKYLL, PELICAN, RICH, BuiltSite, Generator

GENERATORS = [
    pytest.param(PELICAN, id="pelican"),
    pytest.param(JEKYLL, id="jekyll", marks=pytest.mark.needs("jekyll")),
    pytest.param(ELEVENTY, id="eleventy", marks=pytest.mark.needs("node", "eleventy")),
]


class Shown:
    """A page of a built site, found by the address that the e-mail gives it."""

    def __init__(self, built: BuiltSite):
        self.output = built.build()
        assert built.nl("assemble", "1", "--offline").status == 0
        mail = html.document_fromstring((built.root / "build/001/email.html").read_bytes())
        self.address = next(url for url in mail.xpath("//a/@href") if url.startswith(f"{HOST}/site/"))
        self.address = self.address.partition("#")[0]
        self.tree = html.document_fromstring(
            self.file_at(self.address).read_bytes(), parser=html.HTMLParser(encoding="utf-8")
        )
        for address in mail.xpath("//img/@src"):
            assert self.file_at(address).read_bytes() == png(9, 9), address

    def file_at(self, address: str) -> Path:
        """The file that a server of the site would give."""
        path = urlsplit(urljoin(self.address, address))
        assert f"{path.scheme}://{path.netloc}" == HOST, address
        below = unquote(path.path).removeprefix("/site/")
        found = self.output / below
        assert (found / "index.html" if below.endswith("/") or not below else found).is_file(), (address, below)
        return found / "index.html" if below.endswith("/") or not below else found

    @property
    def text(self) -> str:
        return re.sub(r"[ \n\t]+", " ", self.tree.text_content())


@pytest.mark.long
@pytest.mark.parametrize("generator", GENERATORS)
class TestBuilt:
    def test_all_of_an_issue(self, tmp_path: Path, generator: Generator) -> None:
        shown = Shown(BuiltSite(tmp_path, generator, RICH))
        headings = [one.text_content() for one in shown.tree.iter("h2", "h3")]
        assert "1. À l’agenda" in headings
        assert "Les chiffres" in headings
        assert "Bonjour à tous, dit-elle\u00a0: «\u00a0Ça marche\u202f!\u00a0» 🎉" in shown.text
        assert "Salut." in shown.text
        (image,) = [one for one in shown.tree.iter("img") if one.get("alt") == "A square"]
        assert shown.file_at(image.get("src", "")).read_bytes() == png(9, 9)
        links = {one.text_content(): one.get("href", "") for one in shown.tree.iter("a")}
        assert shown.file_at(links["the minutes"]).read_bytes() == b"%PDF-1.4\n"
        assert "We." in shown.file_at(links["the team"]).read_text("utf-8")
        assert links["elsewhere"] == "https://example.org/?a=1&b=2"
        cells = [one.text_content().strip() for one in shown.tree.iter("td")]
        assert cells[:2] == ["Thé", "12 000"]
        assert 'if a < b and "c" in d:\n    print("é")' in next(shown.tree.iter("pre")).text_content()
        assert [one.text_content().strip() for one in shown.tree.iter("blockquote")] == ["Cité."]
        assert "En bas de page." in shown.text
        assert "[^n]" not in shown.text

    def test_braces_are_shown_and_not_run(self, tmp_path: Path, generator: Generator) -> None:
        shown = Shown(BuiltSite(tmp_path, generator, BRACES))
        assert "Dear {{ name }}, with {% if x %}a tag{% endif %} and {# a remark #};" in shown.text
        assert "{{ page.title }} and {% raw %}{{ y }}{% endraw %} end." in shown.text
        assert "A {%- half tag, a lonely }} and {{{ three }}}." in shown.text
        code = next(shown.tree.iter("pre")).text_content()
        assert "{% for one in all %}\n  {{ one | upper }}\n{% endfor %}" in code
        (image,) = [one for one in shown.tree.iter("img") if one.get("alt") == "A square"]
        assert shown.file_at(image.get("src", "")).read_bytes() == png(9, 9)
        links = {one.text_content(): one.get("href", "") for one in shown.tree.iter("a")}
        assert "We." in shown.file_at(links["the team"]).read_text("utf-8")
