// The page of `nl preview`: asks for the state, shows it, and asks again whenever something has changed.
import { carryOut, fetchState } from "./asking.js";
import { Card } from "./card.js";
import { Clients } from "./clients.js";
import { announce, byId, closeBeside } from "./dom.js";
import { Findings, readLevels } from "./findings.js";
import { partsOf, showInbox } from "./inbox.js";
import { listenToEvents, pulse } from "./live.js";
import { hideNotice, openLink, showError, showOutcome, showPlace } from "./notices.js";
import { Panel } from "./panel.js";
import { Stage } from "./stage.js";
import * as tools from "./tools.js";
import { count, say } from "./words.js";

const choices = tools.readChoices();
let state = null;
let asked = 0;

const listenToKeys = tools.keyListener({
  ...Object.fromEntries(tools.NUMBERED.map((view, index) => [String(index + 1), () => chooseNumber(index, view)])),
  "+": () => { if (card.isPinned && card.finding.own_word) addWord(card.finding); },
  u: () => undo(),
  h: () => chooseView("html"),
  t: () => chooseView("announce"),
  k: () => chooseView("calendar"),
  d: () => chooseManner(!choices.differences),
  "/": () => { if (stage.written.isShown) byId("find").focus(); },
  y: () => stage.written.copy(),
  w: () => chooseWidth(tools.nextWidth(choices.width)),
  n: () => stepFinding(1),
  p: () => stepFinding(-1),
  f: () => panel.open("findings", { hasFocus: true }),
  s: () => panel.open("sections", { hasFocus: true }),
  l: () => panel.open("links", { hasFocus: true }),
  a: () => panel.open("outline", { hasFocus: true }),
  m: () => panel.open("clients", { hasFocus: true }),
  "[": () => stepIssue(-1),
  "]": () => stepIssue(1),
  c: () => compareWith(choices.compare === null ? issueBefore() : null),
  i: () => byId("remote").click(),
  "?": () => byId("help").showModal(),
});
const stage = new Stage({
  onPlace: showPlace, onLink: openLink, onKey: listenToKeys, onWords, onMove: () => card.place(), onWidth: chooseWidth,
});
const { main } = stage;
const panel = new Panel({ onAnchor: goToAnchor, onTab: (tab) => { keep({ tab }); showClients(); } });
const clients = new Clients({ onReader: (client) => { choices.client = client; refreshChoices(); }, onAnchor: goToAnchor });
const findings = new Findings({
  onFinding: goToFinding, onLevels: (levels) => keep({ levels }), onAccept: accept, onWord: addWord, onUndo: undo,
});
const card = new Card({ boxOf: (key) => main.boxOf(key), onAccept: accept, onWord: addWord, onClose: letGo });

function keep(chosen) {
  Object.assign(choices, chosen);
  tools.keepChoices(choices);
}

// --- asking -------------------------------------------------------------------------------------------------------

async function renew({ isChange = false } = {}) {
  const mine = ++asked;
  try {
    const fresh = await fetchState(choices);
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
  showError(fresh);
  main.glass.classList.toggle("stale", Boolean(fresh.error));
  showInbox(fresh);
  const isThere = Boolean(fresh.has_rendering);
  byId("screens").hidden = !isThere;
  byId("empty").hidden = isThere || Boolean(fresh.error);
  byId("empty-hint").textContent = fresh.hint || say("empty-hint");
  const title = fresh.title || fresh.name || say("preview");
  byId("title").textContent = title;
  document.title = `${title} – nl`;
  panel.show(fresh);
  findings.show(fresh);
  showClients();
  main.spot(findings.all.filter((one) => one.words));
  renewCard();
  if (isThere) stage.show(fresh, choices);
  const isNew = before && before.version !== fresh.version;
  if (isChange && isNew && !fresh.error) announce(`${say("updated")} ${summary()}`);
}

function summary() {
  return ["error", "warning"].map((level) => [level, findings.numberOf(level)])
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
  byId("reader-name").textContent = people.shown ? partsOf(people.shown_label)[0] : say("everybody");
  byId("remote").checked = choices.remote;
  markChoices();
}

function markChoices() {
  tools.checkView(choices.view);
  tools.checkRadio("width", choices.width);
  tools.checkRadio("manner", choices.differences ? "differences" : "side");
  byId("together").checked = !choices.apart;
  tools.keepChoices(choices);
}

// --- choosing -----------------------------------------------------------------------------------------------------

function chooseView(view) {
  Object.assign(choices, { view, differences: false });
  refreshChoices();
  announce(say(`hint-${view}`));
}

function chooseWidth(width) {
  choices.width = width;
  refreshChoices();
}

function showClients() { if (state) clients.show(state, choices); }

function refreshChoices() {
  markChoices();
  if (state?.has_rendering) stage.show(state, choices);
  showClients();
}

function chooseIssue(number) {
  choices.issue = number;
  choices.person = null;
  letGo();
  findings.chosenAt = 0;
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

/** The two issues' differences, or side by side; the issue before is the other one where none is chosen. */
function chooseManner(hasDifferences) {
  choices.differences = hasDifferences;
  if (hasDifferences && choices.compare === null) compareWith(issueBefore());
  refreshChoices();
}

// --- leading to a place -------------------------------------------------------------------------------------------

async function goToAnchor(id) {
  // Sources and the plain text have no places: the e-mail has.
  if (main.light(id)) return true;
  if (choices.view === "email" && !choices.differences) return false;
  Object.assign(choices, { view: "email", differences: false });
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
  showPlace(finding.line ? `${finding.file}:${finding.line}` : finding.file, finding.editor);
  if (!isThere) announce(say("no-anchor"));
  else if (isNarrow()) byId("screens").scrollIntoView({ block: "start" });
}

/** The rendering and what stands beside it are one above the other. */
const isNarrow = () => matchMedia("(max-width: 960px), (max-height: 519px)").matches;

function stepFinding(step) {
  panel.open("findings");
  findings.step(step);
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
  findings.letGo();
}

/** The pointer came to the words of a finding, or left them; a click keeps their card open. */
function onWords(key, isClick) {
  const finding = key === null ? null : findings.all.find((one) => one.key === key);
  if (isClick && finding) {
    findings.choose(finding, { isQuiet: true });
    pin(finding);
    announce(finding.message);
  } else if (isClick) {
    if (card.isPinned) letGo();
  } else if (!card.isPinned) finding ? card.show(finding, { isPinned: false }) : card.leave();
}

/** The card of a finding that is gone goes, too; another one may stand at its place by now. */
function renewCard() {
  if (!card.finding) return;
  const same = findings.all.find((one) => one.name === card.finding.name);
  if (same) card.show(same, { isPinned: card.isPinned });
  else hideCard();
}

/** A digit: the proposal of that number where a card is open, else the view. */
function chooseNumber(index, view) {
  if (!card.isPinned || index > 2) return chooseView(view);
  if (index < card.finding.proposals.length) accept(card.finding, index);
}

async function act(name, wish) {
  const pinned = card.finding?.name, { chosen } = findings;
  const told = await carryOut(name, { issue: state.issue, ...wish });
  // Who has gone on to another one meanwhile stays with that.
  if (told.done && card.finding?.name === pinned && findings.chosen === chosen) letGo();
  showOutcome(told, told.undo && told.done && name !== "undo" ? undo : null);
  renew();
}

function accept(finding, index) { act("accept", { finding: finding.name, proposal: index }); }

function addWord(finding) { act("words", { finding: finding.name }); }

function undo() { act("undo", {}); }

// --- beginning ----------------------------------------------------------------------------------------------------

for (const radio of document.getElementsByName("view")) radio.addEventListener("change", () => chooseView(radio.value));
for (const radio of document.getElementsByName("kind")) radio.addEventListener("change", () => chooseView(tools.viewOfKind(radio.value)));
for (const radio of document.getElementsByName("manner")) radio.addEventListener("change", () => chooseManner(radio.value === "differences"));
for (const radio of document.getElementsByName("width")) radio.addEventListener("change", () => chooseWidth(radio.value));
byId("issue").addEventListener("change", (event) => chooseIssue(Number(event.target.value)));
byId("compare").addEventListener("change", (event) => compareWith(event.target.value ? Number(event.target.value) : null));
byId("together").addEventListener("change", (event) => { choices.apart = !event.target.checked; refreshChoices(); });
byId("remote").addEventListener("change", (event) => { choices.remote = event.target.checked; refreshChoices(); });
byId("help-open").addEventListener("click", () => byId("help").showModal());
addEventListener("keydown", listenToKeys);
addEventListener("keydown", (event) => { if (event.key === "Escape") { hideNotice(); if (card.isPinned) letGo(); } });
addEventListener("hashchange", () => {
  Object.assign(choices, tools.readChoices());
  panel.open(choices.tab);
  findings.filter(readLevels(choices.levels));
  renew();
});
tools.setUpReaders({
  find: async (query) => { try { return (await fetchState(choices, { q: query })).people; } catch { return null; } },
  onReader: (key) => { choices.person = key; renew(); },
});
tools.placeControls();
document.querySelectorAll("dialog").forEach(closeBeside);
panel.open(choices.tab);
findings.filter(readLevels(choices.levels));
renew();
listenToEvents({ onChange, onReturn: renew });
