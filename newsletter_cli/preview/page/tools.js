// What is chosen on the page: kept in the address's fragment, which never leaves the browser.
import { byId, el, onceLetGo } from "./dom.js";
import { count, say } from "./words.js";

const VIEWS = [...document.querySelectorAll("[name=view]")].map((one) => one.value);
/** Those that digits stand for, from 1. */
export const NUMBERED = ["email", "dark", "inverted", "images-off", "style-stripped", "text", "post", "post-source", "source"];
const WIDTHS = ["320", "480", "680", "free"];
const NARROWEST = 280;

/** The choices as they stand: issue, view, width, tab, levels of findings, compare (side by side, or the
 * differences; each scrolling apart), person, mail reader, remote. */
export function readChoices() {
  const given = new URLSearchParams(location.hash.slice(1));
  const number = (name) => (/^\d+$/.test(given.get(name) ?? "") ? Number(given.get(name)) : null);
  return {
    issue: number("issue"),
    view: VIEWS.includes(given.get("view")) ? given.get("view") : "email",
    width: WIDTHS.includes(given.get("width")) ? given.get("width") : number("width") ?? "free",
    tab: given.get("tab") ?? "findings",
    levels: given.get("levels"),
    compare: number("compare"),
    differences: given.get("differences") === "1",
    apart: given.get("apart") === "1",
    person: given.get("person"),
    client: given.get("client"),
    remote: given.get("remote") === "1",
  };
}

export function keepChoices(choices) {
  const usual = { view: "email", width: "free", tab: "findings", remote: false, differences: false, apart: false };
  const kept = Object.entries(choices).filter(([name, value]) => value !== null && value !== usual[name]);
  const fragment = new URLSearchParams(kept.map(([name, value]) => [name, value === true ? "1" : String(value)]));
  history.replaceState(null, "", `#${fragment}`);
}

export function checkRadio(name, value) {
  for (const radio of document.getElementsByName(name)) radio.checked = radio.value === String(value);
}

const kindOf = (view) => document.querySelector(`[name=view][value="${view}"]`).closest("[data-kind]").dataset.kind;
const lastOfKind = new Map();

/** Marks a view as chosen; beside it, the other views of its kind can be chosen, where there are any. */
export function checkView(view) {
  const kind = kindOf(view);
  lastOfKind.set(kind, view);
  checkRadio("view", view);
  checkRadio("kind", kind);
  const labels = [...document.querySelectorAll("#views [data-kind]")];
  for (const label of labels) {
    label.hidden = label.dataset.kind !== kind;
    label.firstElementChild.disabled = label.hidden;
  }
  // Of the others nothing is far away.
  byId("remote").closest("label").hidden = !["email", "post"].includes(kind);
  byId("views").hidden = labels.filter((label) => !label.hidden).length < 2;
}

/** The view of a kind that was looked at last; else its first. */
export const viewOfKind = (kind) =>
  lastOfKind.get(kind) ?? document.querySelector(`#views [data-kind="${kind}"] [name=view]`).value;

/** On a telephone the mail comes first, and what chooses it stands below: in the document, too, for those who tab. */
export function placeControls() {
  const narrow = matchMedia("(max-width: 640px)"), below = byId("below"), header = document.querySelector("header");
  const place = () => {
    below.hidden = !narrow.matches;
    narrow.matches ? below.append(byId("tools"), byId("choices")) : (header.querySelector(".bar").append(byId("choices")), header.append(byId("tools")));
  };
  narrow.addEventListener("change", place);
  place();
}

export function fillIssues(select, numbers, chosen, { none } = {}) {
  const options = numbers.map((number) =>
    el("option", { value: number, selected: number === chosen }, say("issue-number", { number })));
  if (none) options.unshift(el("option", { value: "", selected: chosen === null }, none));
  select.replaceChildren(...options);
}

export const nextWidth = (width) => WIDTHS[(WIDTHS.indexOf(String(width)) + 1) % WIDTHS.length];

/** The handle at the rendering's side: dragged, or moved by the arrow keys. `onWidth(px)` is told. */
export function makeHandle(screen, onWidth) {
  const output = el("output", { "aria-hidden": "true" });
  const handle = el("div", {
    class: "handle", role: "separator", tabindex: "0", "aria-orientation": "vertical",
    "aria-label": say("width-handle"), "aria-valuemin": NARROWEST,
  }, output);
  const widest = () => Math.max(NARROWEST, Math.floor(screen.parentElement?.clientWidth ?? 0) - 24);
  const renew = () => {
    const width = Math.round(screen.getBoundingClientRect().width);
    handle.setAttribute("aria-valuenow", width);
    handle.setAttribute("aria-valuemax", Math.max(width, widest()));
    handle.setAttribute("aria-valuetext", say("pixels", { count: width }));
    output.textContent = say("pixels", { count: width });
  };
  const change = (width) => onWidth(Math.round(Math.min(Math.max(width, NARROWEST), widest())));
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    handle.classList.add("held");
    document.body.classList.add("dragging");
    const start = event.clientX, width = screen.getBoundingClientRect().width;
    const side = getComputedStyle(screen).direction === "rtl" ? -1 : 1;
    // It is centred: what the handle moves is half of what the width changes.
    const move = (moved) => change(width + 2 * side * (moved.clientX - start));
    const stop = () => {
      handle.removeEventListener("pointermove", move);
      handle.classList.remove("held");
      document.body.classList.remove("dragging");
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", stop, { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const width = screen.getBoundingClientRect().width, far = event.shiftKey ? 100 : 10;
    const to = { ArrowRight: width + far, ArrowLeft: width - far, Home: NARROWEST, End: widest() }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    change(to);
  });
  new ResizeObserver(renew).observe(screen);
  return handle;
}

function actionOf(event, actions) {
  // Many keyboards want AltGr for brackets, which Windows tells as Ctrl and Alt; a Mac's wants Alt.
  const isBracket = event.altKey && "[]".includes(event.key);
  if (event.metaKey || ((event.ctrlKey || event.altKey) && !isBracket)) return undefined;
  // A French one wants Shift for digits: its key without will do.
  const digit = event.shiftKey ? null : /^Digit(\d)$/.exec(event.code);
  return actions[event.key] ?? actions[digit?.[1]];
}

/** Single keys; they can be switched off (WCAG 2.1.4), and are left alone while someone types. */
export function keyListener(actions) {
  const isOn = byId("keys-on");
  try { isOn.checked = localStorage.getItem("nl-keys") !== "off"; } catch { /* no storage: on */ }
  isOn.addEventListener("change", () => {
    try { localStorage.setItem("nl-keys", isOn.checked ? "on" : "off"); } catch { /* for this time, then */ }
  });
  return (event) => {
    if (event.defaultPrevented) return;
    if (event.target.closest?.("input:not([type=radio], [type=checkbox]), select, textarea, dialog")) return;
    if (!isOn.checked) return;
    const action = actionOf(event, actions);
    if (!action) return;
    event.preventDefault();
    action();
  };
}

/** The list of readers: a few of many, found by what is typed. `find(query)` promises `people`. */
export function setUpReaders({ find, onReader }) {
  const dialog = byId("readers"), query = byId("reader-query");
  let last = 0;
  const entry = (key, label, isShown) => el("li", {}, el("button", {
    type: "button", "aria-current": isShown ? "true" : null,
    onclick: () => { dialog.close(); onReader(key); },
  }, label));
  const renew = async () => {
    const mine = ++last;
    const people = await find(query.value);
    if (mine !== last || !people) return;
    const found = people.choices.map(({ key, label }) => entry(key, label, key === people.shown));
    const everybody = entry(null, say("everybody"), people.shown === null);
    onceLetGo("reader-list", () => byId("reader-list").replaceChildren(everybody, ...found));
    const isMore = people.count > people.choices.length;
    byId("reader-note").textContent = people.error ? people.error : !found.length ? say("no-reader")
      : isMore ? say("readers-more", { count: found.length }) : count("readers", people.count);
  };
  let waiting;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(renew, 150); });
  byId("reader").addEventListener("click", () => { query.value = ""; dialog.showModal(); query.focus(); renew(); });
}
