// The renderings on the page: one, two issues side by side, or their differences, in the width that is chosen.
import { addressOfDifferences, addressOfView } from "./asking.js";
import { byId } from "./dom.js";
import { Screen } from "./screen.js";
import { Together } from "./together.js";
import { makeHandle } from "./tools.js";
import { say } from "./words.js";
import { Written } from "./written.js";

export class Stage {
  /** What a screen tells is told of both, but `onWords` and `onMove` of the main one alone; `onWidth(px)` is the
   * width to which the main one was dragged. */
  constructor({ onPlace, onLink, onKey, onWords, onMove, onWidth }) {
    const moved = (screen) => () => this.together.lead(screen());
    this.main = new Screen({
      onPlace, onLink, onKey, onWords,
      onMove: () => { onMove(); moved(() => this.main)(); }, onCome: () => this.written.find({ isQuiet: true }),
    });
    this.beside = new Screen({ onPlace, onLink, onKey, onMove: moved(() => this.beside), onCome: () => this.together.lead(this.main) });
    this.together = new Together(this.main, this.beside);
    this.written = new Written(this.main);
    this.handle = makeHandle(this.main.element, onWidth);
  }

  show(state, choices) {
    const { main, beside } = this, screens = byId("screens"), isCompared = choices.compare !== null;
    const hasTwo = isCompared && !choices.differences;
    if (main.element.parentElement !== screens) {
      main.element.append(this.handle);
      screens.append(main.element);
    }
    // Put in again, a frame would load again.
    if (!hasTwo) beside.element.remove();
    else if (!beside.element.isConnected) screens.append(beside.element);
    this.handle.hidden = isCompared;
    main.caption.hidden = beside.caption.hidden = !hasTwo;
    this.#setWidth(choices.width, hasTwo);
    byId("comparing").hidden = !isCompared;
    byId("together-field").hidden = !hasTwo;
    this.written.show(isCompared && choices.differences ? null : choices.view);
    this.together.turn(hasTwo && !choices.apart);
    if (isCompared && choices.differences) return this.#fillDifferences(state, choices);
    this.#fill(main, state.issue, state, choices);
    if (hasTwo) this.#fill(beside, choices.compare, state, choices, say("no-rendering", { number: choices.compare }));
  }

  /** The border is no part of the screen: 320 means that the e-mail has 320. */
  #setWidth(chosen, hasTwo) {
    const width = /^\d+$/.test(chosen) ? `calc(${chosen}px + 2px)` : "";
    for (const { element } of [this.main, this.beside]) {
      element.style.width = width;
      element.style.flex = width && "none";
    }
    // An inbox of that width: it is that of the first of two.
    document.querySelector(".envelope").style.width = hasTwo ? "" : width;
  }

  #fill(screen, number, { version = 0 }, choices, absent = null) {
    const isSame = screen.issue === number, title = say("frame-title", { number, view: say(`view-${choices.view}`) });
    screen.issue = number;
    screen.caption.textContent = say("issue-number", { number });
    screen.show(addressOfView(choices, number, version), title, { isSame, absent });
  }

  #fillDifferences({ issue: number, version = 0 }, { compare: other }) {
    const isSame = this.main.issue === number;
    this.main.issue = number;
    this.main.show(addressOfDifferences(number, other, version), say("differences-title", { number, other }),
      { isSame, absent: say("no-rendering", { number: other }) });
  }
}
