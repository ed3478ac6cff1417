// Elements made in a line. Texts go in as texts: nothing of the newsletter is ever read as HTML here.
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  error: ["M7 2.500h6L17.500 7v6L13 17.500H7L2.500 13V7z", "M10 6v5M10 13.700v.1"],
  warning: ["M10 2.800L18 16.800H2z", "M10 8v4.200M10 14.500v.1"],
  info: ["M10 2.500a7.500 7.500 0 1 0 0 15a7.500 7.500 0 1 0 0-15z", "M10 9v5M10 6.300v.1"],
  good: ["M10 2.500a7.500 7.500 0 1 0 0 15a7.500 7.500 0 1 0 0-15z", "M6.500 10.300l2.500 2.500 4.500-5"],
  plain: ["M10 2.500a7.500 7.500 0 1 0 0 15a7.500 7.500 0 1 0 0-15z", "M6.500 10h7"],
};

export const byId = (id) => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name] ?? PATHS.plain) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** A sign and its word: never one without the other. */
export const mark = (tone, word) => el("span", { class: `mark ${tone}` }, icon(tone), word);

export const link = (address, text, properties = {}) =>
  el("a", { href: address, rel: "noopener noreferrer", ...properties }, text);

/** Only what a browser or an editor may be sent to. */
export const isWeb = (address) => /^https?:\/\//i.test(address ?? "");

const isScript = (address) => /^\s*(javascript|data|vbscript):/i.test(address ?? "");

/** A place in a file: a link to the editor where one is set. */
export function whereIs(file, line, editor) {
  const name = line ? `${file}:${line}` : file;
  return editor && !isScript(editor)
    ? link(editor, name, { class: "place", title: say("open-editor") })
    : el("span", { class: "place" }, name);
}

// What is pressed stands until it is let go: were it replaced in between, no click would come of it.
let isPressed = false;
const putOff = new Map();

function letGo() {
  isPressed = false;
  // The click itself comes after this.
  setTimeout(() => {
    if (isPressed) return;
    const renewals = [...putOff.values()];
    putOff.clear();
    for (const renew of renewals) renew();
  });
}

addEventListener("pointerdown", () => { isPressed = true; }, true);
addEventListener("keydown", (event) => { if (event.key === " ") isPressed = true; }, true);
for (const name of ["pointerup", "pointercancel", "keyup", "blur"]) addEventListener(name, letGo, true);

/** Renews the element of this id: at once, or when nothing on the page is pressed any more; then the last time alone. */
export function onceLetGo(id, renew) {
  putOff.delete(id);
  if (isPressed) putOff.set(id, renew);
  else renew();
}

/** Fills a sheet of the panel anew; its scroll place is kept, and the focus where the same thing is there again. */
export function renewSheet(name, parts) {
  onceLetGo(name, () => {
    const sheet = byId(name), top = sheet.scrollTop;
    const held = sheet.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    sheet.replaceChildren(...parts());
    sheet.scrollTop = top;
    if (held) (sheet.querySelector(`[data-key="${CSS.escape(held)}"]`) ?? sheet).focus({ preventScroll: true });
  });
}

/** Tells those who do not see the page what has happened. */
export function announce(text) {
  const said = byId("said");
  said.textContent = "";
  setTimeout(() => { said.textContent = text; }, 50);
}

/** A click beside a dialog closes it; one on its own margin, though aimed at the same element, does not. */
export function closeBeside(dialog) {
  dialog.addEventListener("click", (event) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect(), { clientX: x, clientY: y } = event;
    if (event.target === dialog && (x < left || x > right || y < top || y > bottom)) dialog.close();
  });
}

export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
