// Beside the rendering: findings, sections, links and what a screen reader meets.
import { byId, el, icon, isScript, isWeb, link, mark } from "./dom.js";
import { wordButtons } from "./card.js";
import { count, isKnown, kilobytes, say } from "./words.js";

const LEVELS = ["error", "warning", "info"];
const TABS = ["findings", "sections", "links", "outline"];
const LINK_TONES = { broken: "error", timeout: "warning", redirected: "warning", unverifiable: "info", ok: "good" };
const LINK_ORDER = ["broken", "timeout", "redirected", "unverifiable", "unchecked", "ok"];
const SECTION_TONES = { ready: "good", draft: "warning", absent: "error", skip: "plain" };

const placeName = (file, line) => (line ? `${file}:${line}` : file);

/** What a finding is known by from one state to the next: lines move, so its rank among its equals stands for them. */
function withKeys(findings) {
  const ranks = new Map();
  return findings.map((finding) => {
    const same = [finding.rule, finding.file, finding.message].join("|");
    ranks.set(same, (ranks.get(same) ?? 0) + 1);
    return { ...finding, key: `${same}|${ranks.get(same)}` };
  });
}

/** A place in a file: a link to the editor where one is set. */
export function whereIs(file, line, editor) {
  const name = placeName(file, line);
  return editor && !isScript(editor)
    ? link(editor, name, { class: "place", title: say("open-editor") })
    : el("span", { class: "place" }, name);
}

export class Panel {
  /** `onFinding(finding)` and `onAnchor(id)` lead to the rendering; `onTab(name)` is told which is open. `onAccept`,
   * `onWord` and `onUndo` are asked for what is changed in the files. */
  constructor({ onFinding, onAnchor, onTab, onAccept, onWord, onUndo }) {
    this.heard = { onFinding, onAnchor, onTab, onAccept, onWord, onUndo };
    this.chosenAt = 0;
    this.hidden = new Set();
    this.chosen = null;
    this.state = null;
    this.findings = [];
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
    this.findings = withKeys(state.findings ?? []);
    this.#facts();
    this.#renew("findings", () => this.#findings());
    this.#renew("sections", () => this.#sections());
    this.#renew("links", () => this.#links());
    this.#renew("outline", () => this.#outline());
  }

  /** Renews a sheet without taking its scroll place or the focus away. */
  #renew(name, build) {
    const sheet = byId(name), top = sheet.scrollTop;
    const held = sheet.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    sheet.replaceChildren(...build());
    sheet.scrollTop = top;
    if (held) (sheet.querySelector(`[data-key="${CSS.escape(held)}"]`) ?? sheet).focus({ preventScroll: true });
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

  get shown() { return this.findings.filter((one) => !this.hidden.has(one.level)); }

  #findings() {
    const all = this.findings;
    const numbers = Object.fromEntries(LEVELS.map((level) => [level, all.filter((one) => one.level === level).length]));
    const badge = byId("findings-count");
    badge.hidden = !all.length;
    badge.textContent = all.length;
    badge.className = `badge ${LEVELS.find((level) => numbers[level]) ?? ""}`;
    if (!this.state?.has_rendering && !all.length) return [];
    const ahead = this.#ahead();
    if (!all.length) return [...ahead, el("p", { class: "allgood" }, icon("good"), say("no-findings"))];
    const parts = [...ahead, this.#levels(numbers)];
    const groups = new Map();
    for (const finding of this.shown) {
      const title = finding.file_title || (finding.file ?? say("elsewhere"));
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push(finding);
    }
    for (const [title, findings] of groups) {
      parts.push(el("h2", { class: "group" }, title), el("ul", {}, ...findings.map((one) => this.#finding(one))));
    }
    if (!groups.size) parts.push(el("p", { class: "muted" }, say("all-hidden")));
    return parts;
  }

  /** What is under way, and what can be taken back. */
  #ahead() {
    const undo = this.state.undo;
    return [
      this.state.is_reading ? el("p", { class: "muted reading" }, say("reading")) : null,
      undo ? el("p", { class: "taken" }, el("span", {}, undo),
        el("button", { type: "button", "data-key": "undo", onclick: () => this.heard.onUndo() }, el("kbd", { "aria-hidden": "true" }, "u"), say("undo"))) : null,
    ].filter(Boolean);
  }

  #levels(numbers) {
    const chips = LEVELS.filter((level) => numbers[level]).map((level) =>
      el("button", {
        type: "button", class: level, "aria-pressed": String(!this.hidden.has(level)), "data-key": `level-${level}`,
        onclick: () => {
          this.hidden.has(level) ? this.hidden.delete(level) : this.hidden.add(level);
          this.#renew("findings", () => this.#findings());
        },
      }, icon(level), count(`${level}s`, numbers[level])));
    return el("div", { class: "levels", role: "group", "aria-label": say("shown-levels") }, ...chips);
  }

  #finding(finding) {
    const isChosen = this.chosen === finding.key;
    return el("li", { class: `finding ${finding.level}${isChosen ? " chosen" : ""}` },
      el("button", {
        type: "button", "data-key": finding.key, "aria-current": isChosen ? "true" : null,
        onclick: () => this.choose(finding),
      },
      el("span", { class: "top" }, mark(finding.level, say(`level-${finding.level}`)), el("span", { class: "rule" }, finding.rule)),
      el("span", { class: "said" }, finding.message),
      finding.suggestion ? el("span", { class: "advice" }, finding.suggestion) : null),
      finding.name ? el("div", { class: "proposals" },
        ...wordButtons(finding, this.heard)) : null,
      el("footer", {}, whereIs(finding.file, finding.line, finding.editor),
        finding.fixable ? el("span", { class: "fixes" }, `✓ ${say("fixable")}`) : null));
  }

  choose(finding, { isQuiet = false } = {}) {
    this.chosen = finding.key;
    this.chosenAt = this.shown.findIndex((one) => one.key === finding.key);
    for (const button of byId("findings").querySelectorAll("li > button")) {
      const isIt = button.dataset.key === this.chosen;
      button.parentElement.classList.toggle("chosen", isIt);
      isIt ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current");
    }
    if (!isQuiet) this.heard.onFinding(finding);
  }

  /** None is chosen any more: the next one is the one that has come to its place. */
  letGo() {
    this.chosen = null;
    for (const one of byId("findings").querySelectorAll("li.chosen")) {
      one.classList.remove("chosen");
      one.querySelector("[aria-current]")?.removeAttribute("aria-current");
    }
  }

  /** The next finding (`step` 1) or the one before (-1), from the one that is chosen. */
  step(step) {
    const shown = this.shown;
    if (!shown.length) return;
    const at = shown.findIndex((one) => one.key === this.chosen);
    const from = at >= 0 ? at : step > 0 ? this.chosenAt - 1 : this.chosenAt;
    const finding = shown[(from + step + 2 * shown.length) % shown.length];
    this.open("findings");
    this.choose(finding);
    const button = byId("findings").querySelector(`[data-key="${CSS.escape(finding.key)}"]`);
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: "nearest" });
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
