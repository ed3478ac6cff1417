// The page of `nl preview`: asks for the state, shows it, and asks again whenever something has changed.
import { Card } from "./card.js";
import { announce, byId, closeBeside, el, icon, isWeb } from "./dom.js";
import { listenToEvents, pulse } from "./live.js";
import { Panel, whereIs } from "./panel.js";
import { Screen } from "./screen.js";
import * as tools from "./tools.js";
import { count, say, shortDate } from "./words.js";

const choices = tools.readChoices();
let state = null;
let asked = 0;
let hadError = false;
let whenceTimer;

const listenToKeys = tools.keyListener({
  ...Object.fromEntries(tools.VIEWS.map((view, index) => [String(index + 1), () => chooseNumber(index, view)])),
  "+": () => { if (card.isPinned && card.finding.own_word) addWord(card.finding); },
  u: () => undo(),
  w: () => chooseWidth(tools.nextWidth(choices.width)),
  n: () => panel.step(1),
  p: () => panel.step(-1),
  f: () => panel.open("findings", { hasFocus: true }),
  s: () => panel.open("sections", { hasFocus: true }),
  l: () => panel.open("links", { hasFocus: true }),
  a: () => panel.open("outline", { hasFocus: true }),
  "[": () => stepIssue(-1),
  "]": () => stepIssue(1),
  c: () => compareWith(choices.compare === null ? issueBefore() : null),
  i: () => byId("remote").click(),
  "?": () => byId("help").showModal(),
});
const heard = { onPlace: showWhence, onLink: openLink, onKey: listenToKeys };
const main = new Screen({ ...heard, onWords, onMove: () => card.place() });
const beside = new Screen(heard);
const panel = new Panel({
  onFinding: goToFinding,
  onAnchor: goToAnchor,
  onTab: (tab) => { choices.tab = tab; tools.keepChoices(choices); },
  onAccept: accept, onWord: addWord, onUndo: undo,
});
const card = new Card({ boxOf: (key) => main.boxOf(key), onAccept: accept, onWord: addWord, onClose: letGo });
const handle = tools.makeHandle(main.element, (width) => chooseWidth(width));

// --- asking -------------------------------------------------------------------------------------------------------

function addressOfState(extra = {}) {
  const query = new URLSearchParams();
  if (choices.issue !== null) query.set("issue", choices.issue);
  if (choices.person) query.set("person", choices.person);
  for (const [name, value] of Object.entries(extra)) query.set(name, value);
  return `state?${query}`;
}

async function fetchState(extra) {
  const answer = await fetch(addressOfState(extra), { cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function renew({ isChange = false } = {}) {
  const mine = ++asked;
  try {
    const fresh = await fetchState();
    if (mine !== asked) return;
    show(fresh, { isChange });
  } catch {
    // A reader or an issue of an old address may be gone. Anything else is a lost connection, which the events tell.
    if (mine !== asked || state || (choices.issue === null && !choices.person)) return;
    Object.assign(choices, { issue: null, person: null });
    renew();
  }
}

function onChange({ issue = null, version }) {
  const isShown = issue === null || issue === state?.issue || issue === choices.compare;
  if (isShown && version !== undefined && version === state?.version && !state?.error) return renew();
  pulse();
  renew({ isChange: true });
}

// --- showing ------------------------------------------------------------------------------------------------------

function show(fresh, { isChange }) {
  const before = state;
  state = fresh;
  if (choices.issue !== null) choices.issue = fresh.issue ?? null;
  choices.person = fresh.people?.shown ?? null;
  showChoices();
  showError();
  showInbox();
  const isThere = Boolean(fresh.has_rendering);
  byId("screens").hidden = !isThere;
  byId("empty").hidden = isThere || Boolean(fresh.error);
  byId("empty-hint").textContent = fresh.hint || say("empty-hint");
  const title = fresh.title || fresh.name || say("preview");
  byId("title").textContent = title;
  document.title = `${title} – nl`;
  panel.show(fresh);
  main.spot(panel.findings.filter((one) => one.words));
  renewCard();
  if (isThere) showScreens();
  const isNew = before && before.version !== fresh.version;
  if (isChange && isNew && !fresh.error) announce(`${say("updated")} ${summary()}`);
}

function summary() {
  return ["error", "warning"].map((level) => [level, panel.findings.filter((one) => one.level === level).length])
    .filter(([, number]) => number).map(([level, number]) => count(`${level}s`, number)).join(", ") || say("no-findings");
}

function showChoices() {
  const issues = state.issues ?? [];
  tools.fillIssues(byId("issue"), issues, state.issue);
  byId("issue-field").hidden = !issues.length;
  const others = issues.filter((number) => number !== state.issue);
  if (!others.includes(choices.compare)) choices.compare = null;
  byId("compare-field").hidden = !others.length;
  tools.fillIssues(byId("compare"), others, choices.compare, { none: say("compare-none") });
  const people = state.people ?? {};
  byId("reader-field").hidden = !people.available && !people.error;
  byId("reader-name").textContent = people.shown ? people.shown_label : say("everybody");
  byId("remote").checked = choices.remote;
  tools.checkRadio("view", choices.view);
  tools.checkRadio("width", choices.width);
  tools.keepChoices(choices);
}

function showError() {
  const box = byId("error"), errors = state.error?.errors ?? [];
  box.hidden = !errors.length;
  main.glass.classList.toggle("stale", errors.length > 0);
  if (!errors.length) {
    if (hadError) announce(say("fixed"));
    hadError = false;
    box.replaceChildren();
    return;
  }
  hadError = true;
  const items = errors.map((one) => el("li", {},
    el("div", { class: "where" }, el("strong", {}, one.message), one.file ? whereIs(one.file, one.line, one.editor) : null),
    one.hint ? el("p", {}, `→ ${one.hint}`) : null));
  box.replaceChildren(icon("error"),
    el("div", {}, el("p", {}, say(state.has_rendering ? "error-one" : "error-first")), el("ul", {}, ...items)));
}

function showInbox() {
  byId("inbox").hidden = !state.has_rendering;
  const put = (id, text, otherwise) => {
    byId(id).textContent = text || say(otherwise);
    byId(id).classList.toggle("absent", !text);
  };
  const sender = (state.sender ?? "").replace(/\s*<[^>]*>\s*$/, "").replace(/^"(.*)"$/, "$1") || state.sender;
  put("sender", sender, "no-sender");
  put("subject", state.subject, "no-subject");
  put("preheader", state.preheader, "no-preheader");
  byId("avatar").textContent = ([...(sender || "?").replace(/^\P{L}+/u, "")][0] ?? "?").toUpperCase();
  byId("date").textContent = shortDate(state.date);
}

const addressOfView = (issue, version) => {
  const query = new URLSearchParams({ version });
  if (choices.person) query.set("person", choices.person);
  if (choices.remote) query.set("remote", "1");
  return `view/${issue}/${choices.view}?${query}`;
};

const frameTitle = (number) => say("frame-title", { number, view: say(`view-${choices.view}`) });

function showScreens() {
  const screens = byId("screens"), isCompared = choices.compare !== null;
  if (main.element.parentElement !== screens) {
    main.element.append(handle);
    screens.append(main.element);
  }
  isCompared ? screens.append(beside.element) : beside.element.remove();
  handle.hidden = isCompared;
  main.caption.hidden = beside.caption.hidden = !isCompared;
  main.caption.textContent = say("issue-number", { number: state.issue });
  if (isCompared) beside.caption.textContent = say("issue-number", { number: choices.compare });
  const width = /^\d+$/.test(choices.width) ? `${choices.width}px` : "";
  // The border is no part of the screen: 320 means that the e-mail has 320.
  for (const { element } of [main, beside]) {
    element.style.width = width && `calc(${width} + 2px)`;
    element.style.flex = width && "none";
  }
  const isSame = main.issue === state.issue;
  main.issue = state.issue;
  main.show(addressOfView(state.issue, state.version ?? 0), frameTitle(state.issue), { isSame });
  if (isCompared) {
    const isSameBeside = beside.issue === choices.compare;
    beside.issue = choices.compare;
    beside.show(addressOfView(choices.compare, state.version ?? 0), frameTitle(choices.compare), {
      isSame: isSameBeside, absent: say("no-rendering", { number: choices.compare }),
    });
  }
}

// --- choosing -----------------------------------------------------------------------------------------------------

function chooseView(view) {
  choices.view = view;
  refreshChoices();
  announce(say(`hint-${view}`));
}

function chooseWidth(width) {
  choices.width = width;
  refreshChoices();
}

function refreshChoices() {
  tools.checkRadio("view", choices.view);
  tools.checkRadio("width", choices.width);
  tools.keepChoices(choices);
  if (state?.has_rendering) showScreens();
}

function chooseIssue(number) {
  choices.issue = number;
  choices.person = null;
  letGo();
  panel.chosenAt = 0;
  main.light(null);
  renew();
}

function stepIssue(step) {
  const issues = [...(state?.issues ?? [])].sort((one, other) => one - other);
  const next = issues[issues.indexOf(state?.issue) + step];
  if (next !== undefined) chooseIssue(next);
}

const issueBefore = () =>
  (state?.issues ?? []).filter((one) => one < state.issue).sort((one, other) => other - one)[0] ?? null;

function compareWith(number) {
  choices.compare = number;
  byId("compare").value = number ?? "";
  refreshChoices();
}

// --- leading to a place -------------------------------------------------------------------------------------------

async function goToAnchor(id) {
  // Sources and the plain text have no places: the e-mail has.
  if (main.light(id)) return true;
  if (choices.view === "email") return false;
  choices.view = "email";
  refreshChoices();
  for (let tries = 0; main.coming && tries < 100; tries += 1) await new Promise((go) => setTimeout(go, 20));
  return main.light(id);
}

async function goToFinding(finding) {
  finding.name ? pin(finding) : hideCard();
  if (finding.name && main.goToWords(finding.key)) {
    if (isNarrow()) byId("screens").scrollIntoView({ block: "start" });
    return card.place();
  }
  const isThere = finding.anchor ? await goToAnchor(finding.anchor) : (main.light(null), false);
  showWhence(finding.line ? `${finding.file}:${finding.line}` : finding.file, finding.editor);
  if (!isThere) announce(say("no-anchor"));
  else if (isNarrow()) byId("screens").scrollIntoView({ block: "start" });
}

/** The rendering and what stands beside it are one above the other. */
const isNarrow = () => matchMedia("(max-width: 960px), (max-height: 519px)").matches;

function showWhence(place, editor) {
  const box = byId("whence");
  const [, file, line] = /^(.*?)(?::(\d+))?$/.exec(place);
  box.replaceChildren(el("span", {}, say("from", { place: "" }).trim()), whereIs(file, line, editor));
  hideLater(box);
}

function openLink(address) {
  const box = byId("whence");
  if (isWeb(address)) open(address, "_blank", "noopener,noreferrer");
  box.replaceChildren(el("span", {}, say(isWeb(address) ? "link-opened" : "link-to", { address })));
  hideLater(box);
}

function hideLater(box) {
  box.hidden = false;
  announce(box.textContent);
  clearTimeout(whenceTimer);
  whenceTimer = setTimeout(() => { if (!box.contains(document.activeElement)) box.hidden = true; }, 8000);
}

// --- words ----------------------------------------------------------------------------------------------------------

function pin(finding) {
  main.choose(finding.key);
  card.show(finding, { isPinned: true });
}

function hideCard() {
  card.hide();
  main.choose(null);
}

function letGo() {
  hideCard();
  panel.letGo();
}

/** The pointer came to the words of a finding, or left them; a click keeps their card open. */
function onWords(key, isClick) {
  const finding = key === null ? null : panel.findings.find((one) => one.key === key);
  if (isClick && finding) {
    panel.choose(finding, { isQuiet: true });
    pin(finding);
    announce(finding.message);
  } else if (isClick) {
    if (card.isPinned) letGo();
  } else if (!card.isPinned) finding ? card.show(finding, { isPinned: false }) : card.leave();
}

/** The card of a finding that is gone goes, too; another one may stand at its place by now. */
function renewCard() {
  if (!card.finding) return;
  const same = panel.findings.find((one) => one.name === card.finding.name);
  if (same) card.show(same, { isPinned: card.isPinned });
  else hideCard();
}

/** A digit: the proposal of that number where a card is open, else the view. */
function chooseNumber(index, view) {
  if (!card.isPinned || index > 2) return chooseView(view);
  if (index < card.finding.proposals.length) accept(card.finding, index);
}

async function act(name, wish) {
  const answer = await fetch(name, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ issue: state.issue, ...wish }),
  }).catch(() => null);
  const told = answer?.ok || answer?.status === 409 ? await answer.json() : { done: false, message: say("not-done") };
  if (told.done) letGo();
  const box = byId("whence");
  box.replaceChildren(el("span", {}, `${told.done ? "✓" : "⚠"} ${told.message}`),
    told.undo && told.done && name !== "undo" ? el("button", { type: "button", onclick: undo }, say("undo")) : "");
  hideLater(box);
  renew();
}

function accept(finding, index) { act("accept", { finding: finding.name, proposal: index }); }

function addWord(finding) { act("words", { finding: finding.name }); }

function undo() { act("undo", {}); }

// --- beginning ----------------------------------------------------------------------------------------------------

for (const radio of document.getElementsByName("view")) radio.addEventListener("change", () => chooseView(radio.value));
for (const radio of document.getElementsByName("width")) radio.addEventListener("change", () => chooseWidth(radio.value));
byId("issue").addEventListener("change", (event) => chooseIssue(Number(event.target.value)));
byId("compare").addEventListener("change", (event) => compareWith(event.target.value ? Number(event.target.value) : null));
byId("remote").addEventListener("change", (event) => { choices.remote = event.target.checked; refreshChoices(); });
byId("help-open").addEventListener("click", () => byId("help").showModal());
addEventListener("keydown", listenToKeys);
addEventListener("keydown", (event) => { if (event.key === "Escape") { byId("whence").hidden = true; if (card.isPinned) letGo(); } });
addEventListener("hashchange", () => { Object.assign(choices, tools.readChoices()); panel.open(choices.tab); renew(); });
tools.setUpReaders({
  find: async (query) => { try { return (await fetchState({ q: query })).people; } catch { return null; } },
  onReader: (key) => { choices.person = key; renew(); },
});
document.querySelectorAll("dialog").forEach(closeBeside);
panel.open(choices.tab);
renew();
listenToEvents({ onChange, onReturn: renew });
