// Mail readers: what of the issue each does not show, and the issue as one of them shows it.
import { announce, byId, el, mark, renewSheet } from "./dom.js";
import { count, say } from "./words.js";

// The views that a mail reader's look is made of.
const VIEWS = ["email", "dark", "images-off"];
const TONES = { text: "warning", look: "plain", ear: "info" };

export class Clients {
  /** `onReader(name)` is told which mail reader to show the issue as (`null`: none), `onAnchor(id)` leads to a place. */
  constructor({ onReader, onAnchor }) {
    this.heard = { onReader, onAnchor };
    this.list = null;
    this.losses = new Map();
    this.turns = new Map();
    this.state = null;
    this.choices = {};
    this.hasOthers = false;
    byId("as-reader-end").addEventListener("click", () => this.heard.onReader(null));
  }

  /** Asked for while it is open alone: each mail reader takes its time. */
  show(state, choices) {
    const isNew = state.issue !== this.state?.issue || state.version !== this.state?.version;
    this.state = state;
    this.choices = choices;
    if (isNew) {
      this.list = null;
      this.losses.clear();
    }
    this.#strip();
    if (choices.tab === "clients" || choices.client) this.#ask();
    if (choices.tab === "clients") renewSheet("clients", () => this.#parts());
  }

  async #ask() {
    const { issue, version, has_rendering: isThere } = this.state ?? {};
    const key = `${issue}|${version}`;
    if (!isThere || this.asking === key) return;
    this.asking = key;
    try {
      this.list ??= await this.#fetch(`clients/${issue}`);
      for (const one of this.list.clients) {
        if (this.#isOther(key)) return;
        this.#strip();
        if (this.choices.tab !== "clients") return;
        if (this.losses.has(one.name) || !(one.counts || this.hasOthers)) continue;
        renewSheet("clients", () => this.#parts());
        const told = await this.#fetch(`clients/${issue}/${one.name}`);
        if (this.#isOther(key)) return;
        this.losses.set(one.name, told.losses);
        renewSheet("clients", () => this.#parts());
      }
    } catch { /* the connection is lost, which the page says */ } finally {
      if (this.asking === key) this.asking = null;
    }
  }

  #isOther(key) { return key !== `${this.state.issue}|${this.state.version}`; }

  async #fetch(address) {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  /** Above the rendering: whose it is, and how it does with the dark. */
  #strip() {
    const { client, view } = this.choices, strip = byId("as-reader");
    const reader = this.list?.clients.flatMap((one) => one.readers).find((one) => one.name === client);
    strip.hidden = !reader || !VIEWS.includes(view);
    if (!reader) return;
    const said = [say("as-reader", { reader: reader.label })];
    if (reader.known === "little") said.push(say("known-little"));
    if (view === "dark") said.push(say(`dark-${reader.dark}`));
    byId("as-reader-said").textContent = said.join(" ");
  }

  #parts() {
    if (!this.state?.has_rendering) return [];
    if (!this.list) return [el("p", { class: "muted" }, say("clients-asking"))];
    const shown = this.list.clients.filter((one) => one.counts || this.hasOthers);
    return [
      el("p", { class: "muted" }, say("clients-intro", { date: new Date(this.list.updated).toLocaleDateString(document.documentElement.lang) })),
      el("table", { class: "clients" },
        el("caption", { class: "unseen" }, say("tab-clients")),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, say("client")), el("th", { scope: "col" }, say("client-lacks")))),
        el("tbody", {}, ...shown.map((one) => this.#row(one)))),
      this.hasOthers ? null : el("button", {
        type: "button", class: "more", "data-key": "clients-others",
        onclick: () => { this.hasOthers = true; this.asking = null; this.#ask(); },
      }, say("clients-others")),
    ].filter(Boolean);
  }

  #row(client) {
    return el("tr", {},
      el("th", { scope: "row" }, el("span", { class: "name" }, client.label),
        el("div", { class: "presets", role: "group", "aria-label": say("show-as", { client: client.label }) },
          ...client.readers.map((one) => this.#preset(one)))),
      el("td", {}, ...this.#cell(client)));
  }

  #preset(reader) {
    if (reader.known === "nothing") return el("span", { class: "muted" }, say("not-known", { platform: reader.platform }));
    const isShown = this.choices.client === reader.name;
    return el("button", {
      type: "button", "aria-pressed": String(isShown), "data-key": `reader-${reader.name}`, title: say("as-reader", { reader: reader.label }),
      onclick: () => this.heard.onReader(isShown ? null : reader.name),
    }, reader.platform);
  }

  #cell(client) {
    const losses = this.losses.get(client.name);
    if (!losses) return [el("span", { class: "muted" }, say("clients-asking"))];
    const parts = ["text", "look", "ear"].map((kind) => this.#kind(client, losses.filter((one) => one.kind === kind), kind));
    const isLittle = client.readers.some((one) => one.known !== "well");
    if (!isLittle && !losses.length) return [mark("good", say("all-shown"))];
    return [...parts, isLittle ? el("p", { class: "muted" }, say("known-little")) : null].filter(Boolean);
  }

  #kind(client, losses, kind) {
    if (!losses.length) return null;
    return el("div", { class: `lost-kind ${kind}` }, mark(TONES[kind], say(`lost-${kind}`)),
      el("ul", {}, ...losses.map((one) => el("li", {}, this.#loss(client, one)))));
  }

  #loss(client, one) {
    const platforms = client.readers.filter((reader) => one.readers.includes(reader.name)).map((reader) => reader.platform);
    const where = one.everywhere || client.readers.length === 1 ? "" : ` (${platforms.join(", ")})`;
    if (!one.anchors.length) return el("span", {}, one.label + where);
    const key = `${client.name}|${one.label}`;
    return el("button", { type: "button", "data-key": key, onclick: () => this.#lead(key, one.anchors) },
      one.label + where, one.anchors.length > 1 ? el("span", { class: "times" }, ` ${count("places", one.anchors.length)}`) : null);
  }

  /** Each click leads on to the next place. */
  #lead(key, anchors) {
    const turn = this.turns.get(key) ?? 0;
    this.turns.set(key, turn + 1);
    const number = (turn % anchors.length) + 1;
    this.heard.onAnchor(anchors[number - 1]);
    if (anchors.length > 1) announce(say("place-of", { number, count: anchors.length }));
  }
}
