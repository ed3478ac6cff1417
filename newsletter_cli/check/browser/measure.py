"""The e-mail in a browser: what axe-core says of it, and whether it is wider than the screen."""

from __future__ import annotations

import html
import json
import re
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from importlib.resources import files
from pathlib import Path

from lxml import etree
from lxml.html import Element, HtmlElement
from msgspec import Struct

from newsletter_cli.base.i18n import interface_language
from newsletter_cli.check.browser.chromium import BrowserFailed, dump_page, readable_folder
from newsletter_cli.check.subjects.renditions import Renditions

# The window of a mail program on a desk, and WCAG 2.2's narrowest (1.4.10), in CSS pixels.
WIDE_PX, NARROW_PX = 1000, 320
TIMEOUT_SECONDS = 60.0
MARK = "data-nl-element"
# Levels A and AA; axe's “best practices” are about pages with landmarks, which an e-mail has not.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# What is looked at by itself where the e-mail is too wide.
UNITS = "h1,h2,h3,h4,h5,h6,p,li,dt,dd,pre,img,table:not([role])"
AXE = files("newsletter_cli.check.browser") / "axe"
# Nothing runs but axe and the code below: no theme can guess the nonce. And nothing is fetched.
NONCE = secrets.token_urlsafe(16)
POLICY = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'nonce-{NONCE}'"
SCRIPT = """
const markOf = element => {
  for (let at = element; at; at = at.parentElement) if (at.hasAttribute("MARK")) return Number(at.getAttribute("MARK"));
  return -1;
};
// One wide block stretches every other in its table: each is shown alone, to see which are wide by themselves.
const wideOnes = () => {
  const root = document.documentElement, isWide = () => root.scrollWidth > root.clientWidth;
  const blocks = [...document.querySelectorAll("UNITS")].filter(one => !one.parentElement.closest("table:not([role])"));
  const styles = new Map(blocks.map(one => [one, one.getAttribute("style")]));
  const hide = one => one.style.setProperty("display", "none", "important");
  const show = one => {
    if (styles.get(one) === null) one.removeAttribute("style"); else one.setAttribute("style", styles.get(one));
  };
  const found = [];
  blocks.forEach(hide);
  if (!isWide()) for (const one of blocks) {
    const shown = blocks.filter(other => other.contains(one));
    if (shown.some(other => found.includes(other))) continue;
    shown.forEach(show);
    if (isWide()) found.push(one);
    shown.forEach(hide);
  }
  blocks.forEach(show);
  return found;
};
addEventListener("load", async () => {
  const answer = {name: NAME, violations: [], wide: []};
  try {
    const root = document.documentElement;
    answer.scroll = root.scrollWidth; answer.width = root.clientWidth;
    if (answer.scroll > answer.width) answer.wide = wideOnes().map(markOf);
    if (LOCALE) axe.configure({locale: LOCALE});
    const found = await axe.run(document, {
      runOnly: TAGS, resultTypes: ["violations"], elementRef: true, iframes: false, preload: false
    });
    answer.violations = found.violations.map(one => ({
      id: one.id, help: one.help, impact: one.impact, url: one.helpUrl,
      elements: one.nodes.map(node => markOf(node.element))
    }));
  } catch (error) { answer.error = String(error); }
  parent.postMessage(answer, "*");
});
"""
WRAPPER = """<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<style>iframe {{ height: 900px; border: 0 }}</style><pre></pre>
<script>
const found = {{}};
addEventListener("message", event => {{
  found[event.data.name] = event.data;
  document.querySelector("pre").textContent = JSON.stringify(found);
}});
</script>
{frames}
"""
DUMPED = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)


class Violation(Struct, frozen=True, kw_only=True):
    """A rule of axe-core that is broken. `elements` are those of the e-mail's page, `None` for none of them."""

    rule: str
    help: str
    impact: str
    url: str
    elements: tuple[HtmlElement | None, ...]


class Measured(Struct, frozen=True, kw_only=True):
    """One look at the e-mail. `mode` is `light`, `dark` or `narrow`; `wide` are the elements that alone would be."""

    mode: str
    violations: tuple[Violation, ...]
    scroll_px: int
    width_px: int
    wide: tuple[HtmlElement, ...]


def measure(renditions: Renditions, program: Path, *, timeout_seconds: float = TIMEOUT_SECONDS) -> dict[str, Measured]:
    """The e-mail in the light, in the dark and on a narrow screen, by mode. Raises `BrowserFailed`."""
    elements = [one for one in renditions.page.iter() if isinstance(one.tag, str)]
    with tempfile.TemporaryDirectory(dir=readable_folder(program), ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "axe.js").write_bytes((AXE / "axe.min.js").read_bytes())
        page = _marked(renditions)
        runs = [
            (_write(folder, "light", page, {"light": WIDE_PX, "narrow": NARROW_PX}), False),
            (_write(folder, "dark", page, {"dark": WIDE_PX}), True),
        ]
        with ThreadPoolExecutor(len(runs)) as pool:
            dumps = list(
                pool.map(lambda run: dump_page(program, run[0], is_dark=run[1], timeout_seconds=timeout_seconds), runs)
            )
    found = {mode: _parsed(mode, answer, elements) for dump in dumps for mode, answer in _answers(dump).items()}
    if found.keys() != {"light", "dark", "narrow"}:
        raise BrowserFailed("no answer")
    return found


def _marked(renditions: Renditions) -> str:
    """The page, each element with its number; known images as empty pictures of their size, since none is loaded."""
    page = deepcopy(renditions.page)
    for number, element in enumerate(one for one in page.iter() if isinstance(one.tag, str)):
        element.set(MARK, str(number))
        asset = renditions.images.get(element.get("src") or "") if element.tag == "img" else None
        if asset is not None and asset.width and asset.height:
            picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="{asset.width}" height="{asset.height}"/>'
            element.set("src", "data:image/svg+xml," + picture.replace("#", "%23"))
    # First of all, so that it holds for all.
    policy = Element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    head = page.find("head")
    (page if head is None else head).insert(0, policy)
    return etree.tostring(page, method="html", encoding="unicode", doctype="<!DOCTYPE html>")


def _write(folder: Path, name: str, page: str, widths: Mapping[str, int]) -> Path:
    """The page that frames the e-mail once for each width."""
    locale = (AXE / "fr.json").read_text(encoding="utf-8") if interface_language() == "fr" else "null"
    frames = []
    for mode, width in widths.items():
        constants = f"const NAME = {json.dumps(mode)}, TAGS = {json.dumps(TAGS)}, LOCALE = {locale};"
        code = (constants + SCRIPT.replace("MARK", MARK).replace("UNITS", UNITS)).replace("</", "<\\/")
        scripts = f'<script nonce="{NONCE}" src="axe.js"></script><script nonce="{NONCE}">{code}</script>'
        file = folder / f"{mode}.html"
        before, end, after = page.rpartition("</body>")
        file.write_text(f"{before}{scripts}{end}{after}" if end else after + scripts, encoding="utf-8")
        frames.append(f'<iframe src="{file.name}" style="width: {width}px"></iframe>')
    wrapper = folder / f"all-{name}.html"
    wrapper.write_text(WRAPPER.format(frames="\n".join(frames)), encoding="utf-8")
    return wrapper


def _answers(dump: str) -> dict[str, dict[str, object]]:
    found = DUMPED.search(dump)
    try:
        answers: dict[str, dict[str, object]] = json.loads(html.unescape(found[1])) if found else {}
    except ValueError:
        answers = {}
    if not answers:
        raise BrowserFailed("no answer")
    return answers


def _parsed(mode: str, answer: Mapping[str, object], elements: Sequence[HtmlElement]) -> Measured:
    if answer.get("error"):
        raise BrowserFailed(str(answer["error"]))

    def known(number: int) -> HtmlElement | None:
        return elements[number] if 0 <= number < len(elements) else None

    violations = [
        Violation(
            rule=one["id"],
            help=one["help"],
            impact=one["impact"] or "",
            url=one["url"],
            elements=tuple(known(number) for number in one["elements"]),
        )
        for one in answer["violations"]  # type: ignore[attr-defined]
    ]
    wide = [known(number) for number in answer["wide"]]  # type: ignore[attr-defined]
    return Measured(
        mode=mode,
        violations=tuple(violations),
        scroll_px=int(str(answer["scroll"])),
        width_px=int(str(answer["width"])),
        wide=tuple(one for one in wide if one is not None),
    )
