// The list of findings: the gravest first, of the levels that are asked for.
import { wordButtons } from "./card.js";
import { byId, el, icon, mark, renewSheet, whereIs } from "./dom.js";
import { count, say } from "./words.js";

const LEVELS = ["error", "warning", "info"];

/** What a finding is known by from one state to the next: lines move, so its rank among its equals stands for them. */
function withKeys(findings) {
  const ranks = new Map();
  return findings.map((finding) => {
    const same = [finding.rule, finding.file, finding.message].join("|");
    ranks.set(same, (ranks.get(same) ?? 0) + 1);
    return { ...finding, key: `${same}|${ranks.get(same)}` };
  });
}

/** The levels that a choice names, in their order; none: all are shown. */
export const readLevels = (text) => LEVELS.filter((level) => (text ?? "").split("-").includes(level));

export class Findings {
  /** `onFinding(finding)` leads to the rendering, `onLevels(text)` is told which levels alone are shown (`null`: all).
   * `onAccept`, `onWord` and `onUndo` are asked for what is changed in the files. */
  constructor(heard) {
    this.heard = heard;
    this.all = [];
    this.levels = [];
    this.chosen = null;
    this.chosenAt = 0;
    this.state = null;
  }

  show(state) {
    this.state = state;
    // The server has them in the order of the text.
    this.all = withKeys(state.findings ?? []).sort((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level));
    this.#renew();
  }

  /** Shows these levels alone; all where there is none. */
  filter(levels) {
    this.levels = levels;
    if (this.state) this.#renew();
  }

  get shown() { return this.all.filter((one) => !this.levels.length || this.levels.includes(one.level)); }

  numberOf(level) { return this.all.filter((one) => one.level === level).length; }

  #renew() {
    renewSheet("findings", () => this.#parts());
    const badge = byId("findings-count");
    badge.hidden = !this.all.length;
    badge.textContent = this.all.length;
    badge.className = `badge ${this.all[0]?.level ?? ""}`;
  }

  #parts() {
    const { all, levels, shown, state } = this;
    if (!state.has_rendering && !all.length) return [];
    const ahead = this.#ahead();
    if (all.length || levels.length) ahead.push(this.#chips());
    if (!all.length) return [...ahead, el("p", { class: "allgood" }, icon("good"), say("no-findings"))];
    if (!shown.length) return [...ahead, this.#noneOf(levels)];
    return [...ahead, ...LEVELS.flatMap((level) => this.#group(level, shown.filter((one) => one.level === level)))];
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

  #chips() {
    // What there is none of is no choice, unless it was chosen.
    const offered = LEVELS.filter((level) => this.numberOf(level) || this.levels.includes(level));
    const chips = offered.map((level) => el("button", {
      type: "button", class: level, "data-key": `level-${level}`, "aria-pressed": String(this.levels.includes(level)),
      onclick: () => this.#choose(LEVELS.filter((one) => this.levels.includes(one) !== (one === level))),
    }, icon(level), count(`${level}s`, this.numberOf(level))));
    const reset = this.levels.length ? this.#resetButton("level-all") : null;
    return el("div", { class: "levels", role: "group", "aria-label": say("only-levels") }, ...chips, reset);
  }

  #resetButton(key) {
    return el("button", { type: "button", class: "quiet", "data-key": key, onclick: () => this.#choose([]) }, say("all-levels"));
  }

  #choose(levels) {
    // Every level there is: that is no choice any more.
    this.filter(levels.length === LEVELS.length ? [] : levels);
    this.heard.onLevels(this.levels.join("-") || null);
  }

  #noneOf(levels) {
    const names = levels.map((level) => count(`${level}s`, 0));
    return el("div", { class: "nothing" }, icon("good"), el("p", {}, say("none-of-these", { levels: names.join(", ") })));
  }

  #group(level, findings) {
    const parts = findings.length ? [el("h2", { class: `level ${level}` }, say(`heading-${level}`))] : [];
    let list = null, section = null;
    for (const finding of findings) {
      const title = finding.file_title || (finding.file ?? say("elsewhere"));
      if (title !== section) parts.push(el("h3", { class: "group" }, title), list = el("ul", {}));
      section = title;
      list.append(this.#item(finding));
    }
    return parts;
  }

  #item(finding) {
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
    this.choose(finding);
    const button = byId("findings").querySelector(`[data-key="${CSS.escape(finding.key)}"]`);
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: "nearest" });
  }
}
