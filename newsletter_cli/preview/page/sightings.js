// Where the words of a finding stand in a rendering. Nothing of the document is changed: a range is found for each, and
// the browser underlines it as a highlight of its own.
const LETTER = /[\p{L}\p{N}]/u;
const BESIDE_LETTERS = /[^\p{L}\p{N}]+/gu;
const BLANK = /[\s\u00a0\u2007\u202f]/;
// Set by typography or by a theme, typed by nobody.
const UNTYPED = /[\u00ad\u200b-\u200d\u2060\ufeff]/;
const ALIKE = { "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "‑": "-", "‐": "-" };
// Letters on each side: as many as the server sends.
const AROUND = 40;
const NAMES = { misspelt: "nl-spelling" }, OTHERS = "nl-grammar", CHOSEN = "nl-chosen";

/** The text below an element as it is compared, and for each of its characters the node and the place in it. */
function flatten(element) {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [], places = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("style, script, title")) continue;
    for (let at = 0; at < node.data.length; at += 1) {
      const typed = node.data[at];
      if (UNTYPED.test(typed)) continue;
      const is = BLANK.test(typed) ? " " : ALIKE[typed] ?? typed;
      if (is === " " && text.endsWith(" ")) continue;
      text += is;
      nodes.push(node);
      places.push(at);
    }
  }
  return { text, nodes, places };
}

const compared = (text) => [...text].map((one) => (UNTYPED.test(one) ? "" : BLANK.test(one) ? " " : ALIKE[one] ?? one)).join("")
  .replace(/ +/g, " ").trim();

const letters = (text) => text.replace(BESIDE_LETTERS, "").toLowerCase();

function shared(one, other) {
  let count = 0;
  while (count < Math.min(one.length, other.length) && one[count] === other[count]) count += 1;
  return count;
}

const turned = (text) => [...text].reverse().join("");

/** Every place of the words in a text, with how well the letters around it agree. */
function* places({ text }, words) {
  const wanted = compared(words.text);
  if (!wanted) return;
  const before = turned(words.before), isWord = [LETTER.test(wanted[0]), LETTER.test(wanted.at(-1))];
  for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + 1)) {
    const end = start + wanted.length;
    if ((isWord[0] && LETTER.test(text[start - 1] ?? " ")) || (isWord[1] && LETTER.test(text[end] ?? " "))) continue;
    const ahead = letters(text.slice(Math.max(0, start - 6 * AROUND), start)), behind = letters(text.slice(end, end + 6 * AROUND));
    yield { start, end, score: shared(turned(ahead), before) + shared(behind, words.behind) };
  }
}

function rangeOf(doc, { nodes, places: offsets }, { start, end }) {
  const range = doc.createRange();
  range.setStart(nodes[start], offsets[start]);
  range.setEnd(nodes[end - 1], offsets[end - 1] + 1);
  return range;
}

/** A range for each finding (by its key) whose words are found in the document. */
export function findWords(doc, findings) {
  const blocks = new Map(), flat = new Map(), taken = new Set(), found = new Map();
  for (const element of doc.querySelectorAll("[data-nl]")) {
    const [, file, line] = /^(.*):(\d+)$/.exec(element.dataset.nl) ?? [];
    if (!blocks.has(file)) blocks.set(file, []);
    blocks.get(file).push({ element, line: Number(line) });
  }
  if (!blocks.size) return found;
  const flattened = (element) => flat.get(element) ?? flat.set(element, flatten(element)).get(element);
  const best = (elements, words, isAlone) => {
    const all = elements.flatMap((element) => [...places(flattened(element), words)].map((place) => {
      const range = rangeOf(doc, flattened(element), place);
      return { range, score: place.score, id: `${place.end - place.start}`, shown: range.getClientRects().length > 0 };
    })).filter(({ range, shown }) => shown && ![...taken].some((other) => isSame(other, range)));
    if (isAlone && all.length !== 1) return null;
    return all.reduce((one, other) => (one && one.score >= other.score ? one : other), null);
  };
  for (const { key, file, line, words } of findings) {
    if (!words) continue;
    const own = blocks.get(file) ?? [];
    const nearest = Math.max(...own.map((one) => one.line).filter((one) => one <= line));
    const here = own.filter((one) => one.line === nearest).map((one) => one.element);
    const others = own.map((one) => one.element);
    // Titles of events, of sections: some are set by the theme, and have no place of their own.
    const place = best(here, words) ?? best(others, words) ?? best([doc.body], words, true);
    if (!place) continue;
    taken.add(place.range);
    found.set(key, place.range);
  }
  return found;
}

const isSame = (one, other) => one.startContainer === other.startContainer && one.startOffset === other.startOffset
  && one.endContainer === other.endContainer && one.endOffset === other.endOffset;

/** Underlines them, where the browser can (CSS Custom Highlight API); the chosen one is set off. */
export function paint(view, findings, ranges, chosen) {
  const highlights = view?.CSS?.highlights;
  if (!highlights || !view.Highlight) return;
  const groups = new Map([[NAMES.misspelt, []], [OTHERS, []], [CHOSEN, []]]);
  for (const { key, rule } of findings) {
    const range = ranges.get(key);
    if (!range) continue;
    groups.get(NAMES[rule] ?? OTHERS).push(range);
    if (key === chosen) groups.get(CHOSEN).push(range);
  }
  for (const [name, list] of groups) highlights.set(name, new view.Highlight(...list));
}

/** The key of the finding whose words are at this point of the frame. */
export function keyAt(ranges, x, y) {
  for (const [key, range] of ranges) {
    for (const box of range.getClientRects()) {
      if (x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 3) return key;
    }
  }
  return null;
}
