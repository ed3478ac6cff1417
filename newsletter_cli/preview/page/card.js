// The card at the words of a finding: what is said of them, and what may be put in their place.
import { byId, el, mark, onceLetGo } from "./dom.js";
import { say } from "./words.js";

const GAP = 6;
const LEAVE_AFTER_MS = 250;

/** The buttons of a finding on words: its proposals, and its word among the newsletter's own. */
export function wordButtons(finding, { onAccept, onWord }) {
  const buttons = finding.proposals.map((text, index) => el("button", {
    type: "button", class: "proposal", "data-key": `${finding.key}|${index}`, onclick: () => onAccept(finding, index),
  }, el("kbd", { "aria-hidden": "true" }, index + 1),
  text === "" ? say("take-out") : el("span", {}, el("span", { class: "unseen" }, `${say("put-in")} `), text)));
  if (finding.own_word) {
    buttons.push(el("button", {
      type: "button", class: "own", "data-key": `${finding.key}|word`, onclick: () => onWord(finding),
    }, el("kbd", { "aria-hidden": "true" }, "+"), say("own-word")));
  }
  return buttons;
}

export class Card {
  /** `boxOf(key)` says where the words of a finding are on the page, `null` where they cannot be seen. */
  constructor({ boxOf, onAccept, onWord, onClose }) {
    this.heard = { onAccept, onWord };
    this.boxOf = boxOf;
    this.finding = null;
    this.isPinned = false;
    this.element = byId("card");
    byId("card-close").addEventListener("click", onClose);
    this.element.addEventListener("pointerenter", () => clearTimeout(this.leaving));
    this.element.addEventListener("pointerleave", () => this.leave());
    addEventListener("resize", () => this.place());
  }

  show(finding, { isPinned }) {
    clearTimeout(this.leaving);
    this.finding = finding;
    this.isPinned = isPinned;
    this.element.classList.toggle("pinned", isPinned);
    onceLetGo("card", () => this.#fill());
    this.element.hidden = false;
    this.place();
  }

  #fill() {
    if (!this.finding) return;
    const { level, message } = this.finding, buttons = wordButtons(this.finding, this.heard);
    byId("card-said").replaceChildren(mark(level, say(`level-${level}`)), el("span", {}, message));
    byId("card-buttons").replaceChildren(...(buttons.length ? buttons : [el("span", { class: "muted" }, say("no-proposal"))]));
    this.place();
  }

  /** Beneath the words, above them where there is more room; at the foot of a narrow screen, as CSS has it. */
  place() {
    if (this.element.hidden || !this.finding) return;
    const box = this.boxOf(this.finding.key);
    this.element.classList.toggle("away", !box);
    if (!box) return;
    const { width, height } = this.element.getBoundingClientRect();
    const isBelow = box.bottom + GAP + height <= innerHeight || box.top < innerHeight - box.bottom;
    const left = Math.max(8, Math.min(box.left, box.edge - width - 8));
    this.element.style.left = `${left}px`;
    this.element.style.top = `${Math.max(8, isBelow ? box.bottom + GAP : box.top - GAP - height)}px`;
  }

  /** The pointer has left the words; it may be on its way to the card. */
  leave() {
    clearTimeout(this.leaving);
    if (!this.isPinned) this.leaving = setTimeout(() => { if (!this.isPinned) this.hide(); }, LEAVE_AFTER_MS);
  }

  hide() {
    clearTimeout(this.leaving);
    this.element.hidden = true;
    this.element.classList.remove("pinned");
    this.finding = null;
    this.isPinned = false;
  }
}
