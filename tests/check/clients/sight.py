"""What an eye meets on a page in Chromium: each text with its ink and the papers under it; what is too wide.

The browser tells which colours there are; what their contrast is, `check/looks` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsletter_cli.check.looks import Colour, contrast_of, inverted, written
from newsletter_cli.check.looks.colour import parse_colour
from newsletter_cli.check.subjects.origins import squeezed
from newsletter_cli.model.colour import laid_over

LOOK = """
() => {
  const probe = document.createElement("i");
  probe.style.cssText = "background:Canvas;position:absolute";
  document.body.append(probe);
  const canvas = getComputedStyle(probe).backgroundColor;
  probe.remove();
  const root = document.documentElement, found = new Map(), words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim(), element = node.parentElement;
    if (!text || element.closest("style, script, title")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect(), own = getComputedStyle(element);
    if (!box.width || !box.height || own.visibility !== "visible") continue;
    const papers = [];
    let isSeen = true, hasPicture = false;
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at), around = at.getBoundingClientRect();
      if (Number(style.opacity) === 0) isSeen = false;
      const isClosed = style.overflow !== "visible" && (around.height < 1 || around.width < 1);
      if (at !== document.body && at !== root && isClosed) isSeen = false;
      if (style.backgroundImage !== "none" && !papers.some(one => !/, 0\\)$/.test(one))) hasPicture = true;
      papers.push(style.backgroundColor);
    }
    if (!isSeen) continue;
    words.push(text);
    if (hasPicture) continue;
    const key = [own.color, papers.join(";"), own.fontSize, own.fontWeight].join("|");
    if (!found.has(key)) found.set(key, {
      text: text.slice(0, 60), ink: own.color, papers: [...papers, canvas],
      size: parseFloat(own.fontSize), weight: Number(own.fontWeight)
    });
  }
  const wide = [];
  if (root.scrollWidth > root.clientWidth) for (const one of document.body.querySelectorAll("*")) {
    const isWide = one.getBoundingClientRect().right > root.clientWidth + 1;
    if (isWide && !one.querySelector("*")) wide.push(one.outerHTML.slice(0, 120));
  }
  return {texts: [...found.values()], words, scroll: root.scrollWidth, width: root.clientWidth, wide: wide.slice(0, 3)};
}
"""


SETTLED = "([width, isDark]) => innerWidth === width && matchMedia('(prefers-color-scheme: dark)').matches === isDark"


@dataclass(frozen=True)
class Faint:
    """A text that stands out too little."""

    text: str
    ink: str
    paper: str
    ratio: float


@dataclass(frozen=True)
class Sight:
    """One look at a page."""

    told: dict[str, Any]

    def faint(self, *, is_inverted: bool = False) -> Iterator[Faint]:
        """The texts below 4.5:1, large ones 3:1 (WCAG 2.2, 1.4.3)."""
        for one in self.told["texts"]:
            if not any(character.isalnum() for character in one["text"]):
                continue
            paper: Colour = (1.0, 1.0, 1.0)
            for layer in reversed(one["papers"]):
                parsed = parse_colour(layer)
                assert parsed is not None, layer
                paper = laid_over(*parsed, paper)
            ink_parsed = parse_colour(one["ink"])
            assert ink_parsed is not None, one["ink"]
            ink = laid_over(*ink_parsed, paper)
            ratio = contrast_of(inverted(ink), inverted(paper)) if is_inverted else contrast_of(ink, paper)
            is_large = one["size"] >= 24 or (one["size"] >= 18.66 and one["weight"] >= 700)
            if ratio < (3 if is_large else 4.5):
                yield Faint(one["text"], written(ink), written(paper), round(ratio, 2))

    @property
    def words(self) -> list[str]:
        """Each word that is to be read."""
        return re.findall(r"\w+", " ".join(self.told["words"]))

    @property
    def letters(self) -> str:
        """The letters and digits that are to be read."""
        return squeezed("".join(self.told["words"]))

    @property
    def wide(self) -> list[str]:
        """What sticks out of the screen."""
        return [f"{self.told['scroll']} px in {self.told['width']}", *self.told["wide"]] if self.is_too_wide else []

    @property
    def is_too_wide(self) -> bool:
        """Whether one has to scroll sideways."""
        return bool(self.told["scroll"] > self.told["width"])


def look(page: Any, html: str, *, width_px: int, is_dark: bool) -> Sight:
    """The page (of Playwright) with this document in it, which loads nothing."""
    page.set_viewport_size({"width": width_px, "height": 900})
    page.emulate_media(color_scheme="dark" if is_dark else "light")
    # Whatever is written into a page that knew the dark is shown on a dark ground.
    page.goto("about:blank")
    page.set_content(html, wait_until="domcontentloaded")
    # A busy browser may be told of a page before it is told of the screen.
    page.wait_for_function(SETTLED, arg=[width_px, is_dark])
    return Sight(page.evaluate(LOOK))
