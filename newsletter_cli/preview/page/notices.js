// What is said over the rendering: what stops it, and for a while where something comes from or what became of a wish.
import { announce, byId, el, icon, isWeb, onceLetGo, whereIs } from "./dom.js";
import { say } from "./words.js";

const SHOWN_MS = 8000;
let hadError = false;
let hiding;

/** What stops the rendering, above the last one that worked. */
export function showError({ error, has_rendering: isThere }) {
  const box = byId("error"), errors = error?.errors ?? [];
  box.hidden = !errors.length;
  if (!errors.length) {
    if (hadError) announce(say("fixed"));
    hadError = false;
    onceLetGo("error", () => box.replaceChildren());
    return;
  }
  hadError = true;
  const items = errors.map((one) => el("li", {},
    el("div", { class: "where" }, el("strong", {}, one.message), one.file ? whereIs(one.file, one.line, one.editor) : null),
    one.hint ? el("p", {}, `→ ${one.hint}`) : null));
  onceLetGo("error", () => box.replaceChildren(icon("error"),
    el("div", {}, el("p", {}, say(isThere ? "error-one" : "error-first")), el("ul", {}, ...items))));
}

/** Where a part of the rendering comes from: `file`, or `file:line`. */
export function showPlace(place, editor) {
  const [, file, line] = /^(.*?)(?::(\d+))?$/.exec(place);
  tell(el("span", {}, say("from", { place: "" }).trim()), whereIs(file, line, editor));
}

/** A link that was clicked on: those of the web open beside the page. */
export function openLink(address) {
  if (isWeb(address)) open(address, "_blank", "noopener,noreferrer");
  tell(el("span", {}, say(isWeb(address) ? "link-opened" : "link-to", { address })));
}

/** What became of a wish; `onUndo` where it can be taken back. */
export function showOutcome({ done: isDone, message }, onUndo) {
  tell(el("span", {}, `${isDone ? "✓" : "⚠"} ${message}`),
    onUndo ? el("button", { type: "button", onclick: onUndo }, say("undo")) : "");
}

export function hideNotice() { byId("whence").hidden = true; }

function tell(...parts) {
  const box = byId("whence");
  box.replaceChildren(...parts);
  box.hidden = false;
  announce(box.textContent);
  clearTimeout(hiding);
  hiding = setTimeout(() => { if (!box.contains(document.activeElement)) box.hidden = true; }, SHOWN_MS);
}
