// The line to the server: what has changed, and whether anybody still answers.
import { announce, byId } from "./dom.js";
import { say } from "./words.js";

const LOST_AFTER_MS = 700, AGAIN_AFTER_MS = 3000;

// `onChange` is told what changed; `onReturn` is called when something may have been missed.
export function listenToEvents({ onChange, onReturn }) {
  let events = null, waiting = null;

  function alive() {
    clearTimeout(waiting);
    waiting = null;
    setLive("live");
  }

  function listen() {
    const mine = events = new EventSource("events");
    mine.addEventListener("open", () => { const wasLost = !byId("lost").hidden; alive(); if (wasLost) onReturn(); });
    mine.addEventListener("changed", (event) => { alive(); onChange(JSON.parse(event.data || "{}")); });
    mine.addEventListener("error", () => {
      // The browser tries again by itself, and fails anew each time.
      waiting ??= setTimeout(() => setLive("lost"), LOST_AFTER_MS);
      // Who is refused for good is not asked again by the browser.
      if (mine.readyState !== EventSource.CLOSED) return;
      setTimeout(() => { if (mine === events) listen(); }, AGAIN_AFTER_MS);
    });
  }

  // A browser keeps six connections to a host, and a stream holds one: tabs in the back must not starve the one in front.
  document.addEventListener("visibilitychange", () => {
    events?.close();
    events = null;
    clearTimeout(waiting);
    waiting = null;
    if (document.hidden) return;
    listen();
    onReturn();
  });
  if (!document.hidden) listen();
}

function setLive(how) {
  byId("live").dataset.state = how;
  byId("live-word").textContent = say(how);
  const isLost = how === "lost";
  if (isLost && byId("lost").hidden) announce(`${say("lost")}. ${say("lost-hint")}`);
  byId("lost").hidden = !isLost;
}

// A sign that something came in.
export function pulse() {
  const live = byId("live");
  live.classList.remove("pulse");
  void live.offsetWidth;
  live.classList.add("pulse");
}
