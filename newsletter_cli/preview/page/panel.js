// Beside the rendering: size, sections, links and what a screen reader meets. The findings: findings.js.
import { byId, el, isWeb, link, mark, renewSheet, whereIs } from "./dom.js";
import { count, isKnown, kilobytes, say } from "./words.js";

const TABS = ["findings", "sections", "links", "outline", "clients"];
const LINK_TONES = { broken: "error", timeout: "warning", redirected: "warning", unverifiable: "info", ok: "good" };
const LINK_ORDER = ["broken", "timeout", "redirected", "unverifiable", "unchecked", "ok"];
const SECTION_TONES = { ready: "good", draft: "warning", absent: "error", skip: "plain" };

export class Panel {
  /** `onAnchor(id)` leads to the rendering; `onTab(name)` is told which is open. */
  constructor({ onAnchor, onTab }) {
    this.heard = { onAnchor, onTab };
    this.state = null;
    const tabs = TABS.map((name) => byId(`tab-${name}`));
    for (const [index, tab] of tabs.entries()) {
      tab.addEventListener("click", () => this.open(TABS[index]));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, Home: -index, End: TABS.length - 1 - index }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        this.open(TABS[(index + step + TABS.length) % TABS.length], { hasFocus: true });
      });
    }
  }

  open(name, { hasFocus = false } = {}) {
    if (!TABS.includes(name)) return;
    for (const one of TABS) {
      const tab = byId(`tab-${one}`), isOpen = one === name;
      tab.setAttribute("aria-selected", isOpen);
      tab.tabIndex = isOpen ? 0 : -1;
      byId(one).hidden = !isOpen;
    }
    if (hasFocus) byId(`tab-${name}`).focus();
    this.heard.onTab(name);
  }

  show(state) {
    this.state = state;
    this.#facts();
    renewSheet("sections", () => this.#sections());
    renewSheet("links", () => this.#links());
    renewSheet("outline", () => this.#outline());
  }

  #facts() {
    const { sizes = {}, limits = {}, words, minutes, has_rendering: isThere } = this.state;
    byId("facts").hidden = !isThere;
    if (!isThere) return;
    const size = sizes["email.html"] ?? 0, limit = limits.error ?? 102400, near = limits.warning ?? 90000;
    const standing = size > limit ? "over" : size > near ? "close" : "fits";
    const text = `${say("size-of", { size: kilobytes(size), limit: kilobytes(limit) })} – ${say(`size-${standing}`)}`;
    const meter = byId("size");
    meter.dataset.state = standing;
    meter.setAttribute("aria-valuemax", limit);
    meter.setAttribute("aria-valuenow", Math.min(size, limit));
    meter.setAttribute("aria-valuetext", text);
    byId("size-bar").style.width = `${Math.min(100, (100 * size) / limit)}%`;
    byId("size-warning").style.insetInlineStart = `${(100 * near) / limit}%`;
    byId("size-text").textContent = text;
    byId("word-count").textContent = words === undefined ? "" : count("words", words);
    byId("minutes").textContent = minutes === undefined ? "" : count("minutes", minutes);
  }

  #sections() {
    const sections = this.state?.sections ?? [];
    if (!sections.length) return [el("p", { class: "muted" }, say("no-sections"))];
    return [el("ul", { class: "rows" }, ...sections.map((one) => {
      const lacks = (one.missing ?? []).map((code) => (isKnown(`missing-${code}`) ? say(`missing-${code}`) : code));
      const detail = [one.author ? say("by", { author: one.author }) : null, one.words ? count("words", one.words) : null];
      return el("li", {},
        el("div", { class: "head" },
          el("span", { class: "name" }, one.title),
          mark(SECTION_TONES[one.status] ?? "plain", isKnown(`status-${one.status}`) ? say(`status-${one.status}`) : one.status)),
        el("div", { class: "detail" }, detail.filter(Boolean).join(" · ")),
        lacks.length ? el("div", { class: "detail lack" }, say("missing", { what: lacks.join(", ") })) : null,
        one.file ? whereIs(one.file, null, one.editor) : null);
    }))];
  }

  #links() {
    const rank = (one) => LINK_ORDER.indexOf(one.status) + (LINK_ORDER.includes(one.status) ? 0 : 4);
    const links = [...(this.state?.links ?? [])].sort((one, other) => rank(one) - rank(other));
    const broken = links.filter((one) => one.status === "broken").length, badge = byId("links-count");
    badge.hidden = !broken;
    badge.textContent = broken;
    badge.className = "badge error";
    const parts = this.state?.offline ? [el("p", { class: "muted" }, say("offline"))] : [];
    if (!links.length) return [...parts, el("p", { class: "muted" }, say("no-links"))];
    const rows = links.map((one) => el("li", {},
      mark(LINK_TONES[one.status] ?? "plain", isKnown(`link-${one.status}`) ? say(`link-${one.status}`) : one.status),
      one.reason || one.code ? el("span", { class: "detail" }, ` – ${[one.code, one.reason].filter(Boolean).join(" ")}`) : null,
      el("div", { class: "url" }, isWeb(one.url) ? link(one.url, one.url, { target: "_blank" }) : one.url),
      one.new_address ? el("div", { class: "detail" }, `→ ${one.new_address}`) : null,
      ...(one.places ?? []).map((place) => el("div", { class: "detail place" }, place))));
    return [...parts, el("ul", { class: "rows" }, ...rows)];
  }

  #outline() {
    const entries = this.state?.outline ?? [];
    if (!entries.length) return [el("p", { class: "muted" }, say("no-outline"))];
    const rows = entries.map((one, index) => {
      const kind = say(`kind-${one.kind}`, { level: one.level ?? "" });
      const text = one.anchor
        ? el("button", { type: "button", "data-key": `outline-${index}`, onclick: () => this.heard.onAnchor(one.anchor) }, one.text)
        : el("span", {}, one.text);
      return el("li", { class: [one.kind, one.fault ? "fault" : ""].join(" ").trim() },
        el("span", { class: "kind" }, kind),
        el("span", { class: "body" }, text, one.note ? el("span", { class: "note" }, one.note) : null));
    });
    return [el("p", { class: "muted" }, say("outline-intro")), el("ol", { class: "spoken" }, ...rows)];
  }
}
