// One rendering in its sandboxed frame. The next one loads behind the present one and takes its place when it is
// whole: nothing flickers, and the scroll place is kept.
import { el, isStill, isWeb } from "./dom.js";
import { findWords, keyAt, paint } from "./sightings.js";

const MARKED = "[data-nl]";

/** Where the reader is: the first block in view, how far down it stands, and the plain distance. */
function placeIn(frame) {
  const view = frame?.contentWindow, doc = frame?.contentDocument;
  if (!doc?.body || !view.scrollY) return null;
  const blocks = [...doc.querySelectorAll(MARKED)];
  const index = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 0);
  const block = blocks[index];
  return { distance: view.scrollY, index, text: block?.textContent, top: block?.getBoundingClientRect().top };
}

function goBackTo(place, frame) {
  const view = frame.contentWindow, doc = frame.contentDocument;
  if (!place || !doc?.body) return;
  // Lines move while someone writes above; what a block says is what it is known by.
  const same = [...doc.querySelectorAll(MARKED)]
    .map((block, index) => ({ block, far: Math.abs(index - place.index) }))
    .filter(({ block }) => place.text && block.textContent === place.text)
    .sort((one, other) => one.far - other.far)[0];
  const moved = same ? same.block.getBoundingClientRect().top + view.scrollY - place.top : place.distance;
  view.scrollTo({ top: moved, behavior: "instant" });
}

export class Screen {
  /** `onPlace(file:line)` is told what was clicked on, `onLink(address)` which link; `onWords(key, isClick)` at which
   * words of a finding the pointer is (`null`: at none), `onMove` that all has moved, `onCome` that a document is there. */
  constructor({ onPlace, onLink, onKey, onWords = () => {}, onMove = () => {}, onCome = () => {} }) {
    this.glass = el("div", { class: "glass" });
    this.caption = el("h2", { hidden: true });
    this.note = el("p", { class: "note", hidden: true });
    this.element = el("div", { class: "screen" }, this.caption, this.note, this.glass);
    this.heard = { onPlace, onLink, onKey, onWords, onMove, onCome };
    this.spotted = [];
    this.ranges = new Map();
    this.chosen = null;
    this.leading = null;
    this.frame = null;
    this.coming = null;
    this.lit = null;
  }

  /** Shows the document at this address. `isSame`: the scroll place is worth keeping; `absent`: said if there is none. */
  async show(address, title, { isSame, absent = null }) {
    if (address === this.address) {
      if (this.frame) this.frame.title = title;
      return;
    }
    this.address = address;
    this.note.hidden = true;
    if (absent !== null) {
      // Of another issue nothing is known: a frame does not tell what was answered.
      const answer = await fetch(address, { method: "HEAD", cache: "no-store" }).catch(() => null);
      if (address !== this.address) return;
      this.note.hidden = Boolean(answer?.ok);
      this.note.textContent = absent;
      if (!answer?.ok) {
        this.address = null;
        this.frame?.remove();
        this.frame = null;
        return;
      }
    }
    await this.#load(address, title, isSame);
  }

  #load(address, title, isSame) {
    this.coming?.remove();
    const frame = el("iframe", { class: "coming", sandbox: "allow-same-origin", "aria-hidden": "true", tabindex: "-1" });
    this.coming = frame;
    return new Promise((done) => {
      frame.addEventListener("load", () => {
        if (this.coming !== frame) return done();
        this.#settle(frame, title, isSame);
        done();
      });
      frame.src = address;
      this.glass.append(frame);
    });
  }

  #settle(frame, title, isSame) {
    const old = this.frame, hadFocus = old && document.activeElement === old;
    if (isSame) goBackTo(placeIn(old), frame);
    this.frame = frame;
    this.coming = null;
    frame.title = title;
    frame.classList.remove("coming");
    frame.removeAttribute("aria-hidden");
    frame.removeAttribute("tabindex");
    old?.remove();
    if (hadFocus) frame.focus();
    this.#listen(frame.contentDocument);
    this.spot(this.spotted);
    if (this.leading) this.goToWords(this.leading);
    this.heard.onMove();
    this.heard.onCome();
    if (this.lit) this.light(this.lit, { isQuiet: true });
  }

  #listen(doc) {
    doc?.addEventListener("click", (event) => {
      const target = event.target;
      const link = target.closest?.("a[href], area[href]");
      const place = target.closest?.(MARKED)?.getAttribute("data-nl");
      if (link) {
        const address = link.getAttribute("href");
        if (!address.startsWith("#")) {
          event.preventDefault();
          this.heard.onLink(isWeb(address) ? link.href : address);
        }
        return;
      }
      const key = keyAt(this.ranges, event.clientX, event.clientY);
      this.heard.onWords(key, true);
      if (key === null && place) this.heard.onPlace(place);
    });
    let last = null;
    doc?.addEventListener("pointermove", (event) => {
      const key = event.pointerType === "mouse" ? keyAt(this.ranges, event.clientX, event.clientY) : null;
      if (key !== last) this.heard.onWords(last = key, false);
    });
    doc?.documentElement.addEventListener("pointerleave", () => { if (last !== null) this.heard.onWords(last = null, false); });
    doc?.defaultView.addEventListener("scroll", () => this.heard.onMove(), { passive: true });
    // Shortcuts work wherever the focus is, also in the rendering.
    doc?.addEventListener("keydown", (event) => this.heard.onKey(event));
  }

  /** Underlines the words of these findings wherever they are found. */
  spot(findings) {
    this.spotted = findings;
    const doc = this.frame?.contentDocument;
    this.ranges = doc?.body ? findWords(doc, findings) : new Map();
    this.choose(this.chosen);
  }

  /** Sets off the words of one finding, of none with `null`. */
  choose(key) {
    this.chosen = key;
    paint(this.frame?.contentWindow, this.spotted, this.ranges, key);
  }

  /** Where the words of a finding are on the page; `null` where they are not to be seen. */
  boxOf(key) {
    const box = this.ranges.get(key)?.getClientRects()[0], glass = this.frame?.getBoundingClientRect();
    if (!box || box.bottom < 0 || box.top > glass.height) return null;
    return { left: glass.left + box.left, top: glass.top + box.top, bottom: glass.top + box.bottom, edge: glass.right };
  }

  /** Leads to the words of a finding; false where they are not found. */
  goToWords(key) {
    const box = this.ranges.get(key)?.getBoundingClientRect(), view = this.frame?.contentWindow;
    if (!box) return false;
    this.light(null);
    this.choose(key);
    // A rendering that is about to come has to be led there, too.
    this.leading = this.coming ? key : null;
    if (box.top < 0 || box.bottom > view.innerHeight) {
      view.scrollTo({ top: view.scrollY + box.top - view.innerHeight / 3, behavior: isStill() ? "instant" : "smooth" });
    }
    return true;
  }

  /** Leads to the block of this id and outlines it; false where the document has none. */
  light(id, { isQuiet = false } = {}) {
    const doc = this.frame?.contentDocument;
    doc?.querySelectorAll("[data-nl-lit]").forEach((one) => one.removeAttribute("data-nl-lit"));
    this.lit = id;
    const block = id && doc?.getElementById(id);
    if (!block) return false;
    block.setAttribute("data-nl-lit", "");
    if (!isQuiet) {
      // Of a block taller than the screen, its beginning.
      const isTall = block.getBoundingClientRect().height > this.frame.contentWindow.innerHeight;
      block.scrollIntoView({ block: isTall ? "start" : "center", behavior: isStill() ? "instant" : "smooth" });
    }
    return true;
  }
}
