// Texts and sources: found in, and copied as a whole.
import { announce, byId } from "./dom.js";
import { say } from "./words.js";

const WRITTEN = ["text", "post-source", "source", "html", "announce", "calendar"];
const MOST = 2000;
const SAID_MS = 2500;

/** Every place of the words in one element: ranges, whatever their case. */
function* placesIn(element, words) {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push([text.length, node]);
    text += node.data;
  }
  // Letters that change their number when made small are rare, and would shift all behind them.
  const small = text.toLowerCase();
  const searched = small.length === text.length ? small : text;
  const point = (offset) => nodes.findLast(([start]) => start <= offset);
  for (let at = searched.indexOf(words); at >= 0; at = searched.indexOf(words, at + words.length)) {
    const range = element.ownerDocument.createRange(), [start, first] = point(at), [end, last] = point(at + words.length - 1);
    range.setStart(first, at - start);
    range.setEnd(last, at + words.length - end);
    yield range;
  }
}

function allPlaces(doc, words) {
  const found = [], lines = doc.querySelectorAll("[data-line]");
  // Line by line in a source: so much text in one is slow to go through.
  for (const element of lines.length ? [...doc.querySelectorAll("main"), ...lines] : [doc.body]) {
    // Of a hundred thousand lines most do not have them.
    if (!element.textContent.toLowerCase().includes(words)) continue;
    for (const range of placesIn(element, words)) {
      found.push(range);
      if (found.length === MOST) return found;
    }
  }
  return found;
}

/** The text of the file that is shown. */
function textOf(doc) {
  const lines = [...doc.querySelectorAll("[data-line]")];
  return lines.length ? `${lines.map((line) => line.textContent).join("\n")}\n` : doc.querySelector("pre")?.textContent ?? "";
}

/** Into the clipboard; also where the browser gives no leave for that, by a selection. False: it did not work. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { /* no leave, no clipboard: as it was done before there was one */ }
  const held = document.activeElement, field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } finally {
    field.remove();
    held?.focus({ preventScroll: true });
  }
}

export class Written {
  constructor(screen) {
    this.screen = screen;
    this.places = [];
    this.at = -1;
    byId("find").addEventListener("input", () => this.find());
    byId("find").addEventListener("keydown", (event) => {
      if (event.key === "Escape") byId("find").value = "", this.find();
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    });
    byId("find-next").addEventListener("click", () => this.step(1));
    byId("find-before").addEventListener("click", () => this.step(-1));
    byId("copy").addEventListener("click", () => this.copy());
  }

  show(view) {
    byId("written").hidden = !WRITTEN.includes(view);
  }

  get isShown() { return !byId("written").hidden; }

  get doc() { return this.screen.frame?.contentDocument; }

  /** Looks anew: the words were changed, or the text was. `isQuiet`: nobody is led anywhere. */
  find({ isQuiet = false } = {}) {
    const words = byId("find").value.toLowerCase(), before = this.at;
    this.places = this.isShown && words && this.doc?.body ? allPlaces(this.doc, words) : [];
    this.at = this.places.length ? (isQuiet ? Math.min(Math.max(before, 0), this.places.length - 1) : 0) : -1;
    this.#paint();
    if (!isQuiet) this.#lead();
    this.#say();
  }

  step(step) {
    if (!this.places.length) return;
    this.at = (this.at + step + this.places.length) % this.places.length;
    this.#paint();
    this.#lead();
    this.#say();
  }

  #say() {
    const words = byId("find").value, count = this.places.length;
    byId("found").textContent = !words ? "" : !count ? say("found-none")
      : say("found-of", { number: this.at + 1, count: count === MOST ? `${MOST}+` : count });
    for (const id of ["find-next", "find-before"]) byId(id).disabled = !count;
  }

  #paint() {
    const view = this.screen.frame?.contentWindow, highlights = view?.CSS?.highlights;
    if (!highlights || !view.Highlight) return;
    highlights.set("nl-found", new view.Highlight(...this.places));
    highlights.set("nl-found-now", new view.Highlight(...this.places.slice(this.at, this.at + 1)));
    highlights.get("nl-found-now").priority = 1;
  }

  #lead() {
    const range = this.places[this.at];
    if (!range) return;
    const folded = range.startContainer.parentElement.closest("details");
    if (folded) folded.open = true;
    // Also for browsers that paint nothing: what is selected is seen.
    const selection = this.doc.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
  }

  async copy() {
    if (!this.isShown || !this.doc?.body) return;
    const isDone = await copy(textOf(this.doc)), word = say(isDone ? "copied" : "not-copied");
    byId("copy-word").textContent = word;
    byId("copy").classList.toggle("done", isDone);
    announce(word);
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      byId("copy-word").textContent = say("copy");
      byId("copy").classList.remove("done");
    }, SAID_MS);
  }
}
