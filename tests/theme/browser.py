"""E-mails measured in headless Chromium: each in a frame of its own, all in one start of the browser."""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter_cli.check.browser.chromium import FLAGS, find_chromium

# Runs in the e-mail's own document: what is behind a text is the nearest background that is not transparent.
SCRIPT = """
const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
const behind = element => {
  for (let at = element; at; at = at.parentElement) {
    const colour = rgb(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
  }
  return null;
};
// A word that goes on in the next line, with the lines it takes; those of addresses and code may.
const cutWords = node => {
  if (node.parentElement.closest("a.address,code,pre")) return [];
  const range = document.createRange(), found = [];
  for (const {0: word, index} of node.data.matchAll(/[\\p{L}\\p{M}\\p{N}_]+/gu)) {
    range.setStart(node, index); range.setEnd(node, index + word.length);
    const lines = new Set([...range.getClientRects()].filter(box => box.width).map(box => Math.round(box.top)));
    if (lines.size > 1 && !/[\\u2e80-\\uffff]/.test(word)) found.push(word);
  }
  return found;
};
const describe = (element, text, box) => {
  const style = getComputedStyle(element);
  return {text: text.slice(0, 60), ink: rgb(style.color).slice(0, 3), paper: behind(element),
          size: parseFloat(style.fontSize), left: box.left, right: box.right, height: box.height};
};
addEventListener("load", () => {
  const root = document.documentElement, texts = [], images = [], cut = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement;
    if (!node.data.trim() || holder.closest("style,script,title,body > div[style*='max-height:0']")) continue;
    if (!holder.getClientRects().length) continue;
    range.selectNodeContents(node);
    cut.push(...cutWords(node));
    texts.push(describe(holder, node.data.trim(), range.getBoundingClientRect()));
  }
  for (const image of document.images) images.push(describe(image, image.alt, image.getBoundingClientRect()));
  parent.postMessage({name: NAME, scroll: root.scrollWidth, width: root.clientWidth, texts, images, cut}, "*");
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


def measure(
    pages: Mapping[str, str],
    folder: Path,
    *,
    width: int | Mapping[str, int],
    is_dark: bool = False,
    has_images: bool = True,
) -> dict[str, dict[str, Any]]:
    """What Chromium makes of each page, in a window `width` CSS pixels wide: one for all, or each its own."""
    frames = []
    for index, (name, page) in enumerate(pages.items()):
        script = f"<script>const NAME = {json.dumps(name)};{SCRIPT}</script></body>"
        assert page.count("</body>") == 1
        file = folder / f"{index}.html"
        file.write_text(page.replace("</body>", script), encoding="utf-8")
        pixels = width if isinstance(width, int) else width[name]
        frames.append(f'<iframe src="{file.as_uri()}" style="width: {pixels}px"></iframe>')
    wrapper = folder / "wrapper.html"
    wrapper.write_text(WRAPPER.format(frames="\n".join(frames)), encoding="utf-8")
    settings = [f"preferredColorScheme={0 if is_dark else 1}", *([] if has_images else ["imagesEnabled=false"])]
    command = [
        str(find_chromium()),
        *FLAGS,
        "--dump-dom",
        f"--blink-settings={','.join(settings)}",
        f"--user-data-dir={folder / 'profile'}",
    ]
    done = subprocess.run([*command, wrapper.as_uri()], capture_output=True, check=True, timeout=180)
    dumped = re.search(r"<pre>(.*?)</pre>", done.stdout.decode(), re.DOTALL)
    assert dumped
    assert dumped[1], done.stderr.decode()[-2000:]
    found: dict[str, dict[str, Any]] = json.loads(html.unescape(dumped[1]))
    assert found.keys() == pages.keys()
    return found
