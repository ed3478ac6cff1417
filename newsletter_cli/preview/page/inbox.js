// The issue as a line of an inbox, and whose message it is.
import { byId } from "./dom.js";
import { say, shortDate } from "./words.js";

export function showInbox(state) {
  byId("letter").hidden = !state.has_rendering;
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
  showReader(state.people?.shown ? state.people.shown_label : null);
}

/** The name and the address of a label; who has no name is called by the address. */
export function partsOf(label) {
  const [, name, address] = /^(.*) <([^<>]*)>$/s.exec(label) ?? [null, label, ""];
  return [name, address];
}

function showReader(label) {
  byId("to").hidden = label === null;
  [byId("to-name").textContent, byId("to-address").textContent] = partsOf(label ?? "");
}
