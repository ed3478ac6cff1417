// The renderings on the page: one, or two issues side by side, in the width that is chosen.
import { addressOfView } from "./asking.js";
import { byId } from "./dom.js";
import { Screen } from "./screen.js";
import { makeHandle } from "./tools.js";
import { say } from "./words.js";

export class Stage {
  /** What a screen tells is told of both, but `onWords` and `onMove` of the main one alone; `onWidth(px)` is the
   * width to which the main one was dragged. */
  constructor({ onPlace, onLink, onKey, onWords, onMove, onWidth }) {
    this.main = new Screen({ onPlace, onLink, onKey, onWords, onMove });
    this.beside = new Screen({ onPlace, onLink, onKey });
    this.handle = makeHandle(this.main.element, onWidth);
  }

  show(state, choices) {
    const { main, beside } = this, screens = byId("screens"), isCompared = choices.compare !== null;
    if (main.element.parentElement !== screens) {
      main.element.append(this.handle);
      screens.append(main.element);
    }
    isCompared ? screens.append(beside.element) : beside.element.remove();
    this.handle.hidden = isCompared;
    main.caption.hidden = beside.caption.hidden = !isCompared;
    this.#setWidth(choices.width);
    this.#fill(main, state.issue, state, choices);
    if (isCompared) this.#fill(beside, choices.compare, state, choices, say("no-rendering", { number: choices.compare }));
  }

  /** The border is no part of the screen: 320 means that the e-mail has 320. */
  #setWidth(chosen) {
    const width = /^\d+$/.test(chosen) ? `${chosen}px` : "";
    for (const { element } of [this.main, this.beside]) {
      element.style.width = width && `calc(${width} + 2px)`;
      element.style.flex = width && "none";
    }
  }

  #fill(screen, number, { version = 0 }, choices, absent = null) {
    const isSame = screen.issue === number, title = say("frame-title", { number, view: say(`view-${choices.view}`) });
    screen.issue = number;
    screen.caption.textContent = say("issue-number", { number });
    screen.show(addressOfView(choices, number, version), title, { isSame, absent });
  }
}
