// Two renderings that scroll together: where one section begins in the one, it does in the other.

const slugOf = (mark) => /([^/]*)\.\w+:\d+$/.exec(mark)?.[1];

/** Where each section begins: its slug (the name of its file) and how far down, in pixels. */
function beginnings(view) {
  const found = new Map();
  for (const block of view.document.querySelectorAll("[data-nl]")) {
    const slug = slugOf(block.dataset.nl), { top, height } = block.getBoundingClientRect();
    if (slug && height && !found.has(slug)) found.set(slug, top + view.scrollY);
  }
  return found;
}

const lengthOf = (view) => view.document.documentElement.scrollHeight;
const depthOf = (view) => Math.max(0, lengthOf(view) - view.innerHeight);

/** Pairs of distances that belong together, both growing: the beginnings of the sections that both have. */
function pairs(from, to) {
  const there = beginnings(to), all = [[0, 0]];
  for (const [slug, top] of beginnings(from)) {
    const [before, beforeThere] = all.at(-1);
    // A section that stands elsewhere in the other would lead back.
    if (there.has(slug) && top > before && there.get(slug) > beforeThere) all.push([top, there.get(slug)]);
  }
  all.push([lengthOf(from), lengthOf(to)]);
  return all;
}

/** How far down `to` belongs when `from` is where it is; without sections in common, the same share of the way. */
function counterpart(from, to) {
  if (from.scrollY <= 0) return 0;
  if (from.scrollY >= depthOf(from) - 1) return depthOf(to);
  const all = pairs(from, to), at = all.findIndex(([top]) => top > from.scrollY);
  const [[top, topThere], [end, endThere]] = [all[at - 1] ?? all[0], all[at] ?? all.at(-1)];
  return topThere + ((from.scrollY - top) / Math.max(1, end - top)) * (endThere - topThere);
}

export class Together {
  constructor(one, other) {
    this.screens = [one, other];
    this.isOn = false;
    // Where a rendering was sent: its scrolling there is no wish of anybody's.
    this.sent = new Map();
  }

  /** Both begin at the same place from now on; or each goes its own way. */
  turn(isOn) {
    const wasOn = this.isOn;
    this.isOn = isOn;
    if (isOn && !wasOn) this.lead(this.screens[0]);
  }

  /** A rendering was scrolled, or has come: the other one follows. */
  lead(screen) {
    const [from, to] = screen === this.screens[0] ? this.screens : [...this.screens].reverse();
    const one = from.frame?.contentWindow, other = to.frame?.contentWindow;
    if (!this.isOn || !one?.document?.body || !other?.document?.body) return;
    // It counts once, wherever the rendering is by now: somebody who later goes to that very place is followed.
    const sent = this.sent.get(from);
    this.sent.delete(from);
    if (sent !== undefined && Math.abs(sent - one.scrollY) < 2) return;
    const wanted = Math.round(Math.min(depthOf(other), counterpart(one, other)));
    if (Math.abs(wanted - other.scrollY) < 1) return;
    this.sent.set(to, wanted);
    other.scrollTo({ top: wanted, behavior: "instant" });
  }
}
