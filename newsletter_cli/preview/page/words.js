// What the page says: the words come with it, in the editor's language.
const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);

/** The words of that name, their {holes} filled. */
export const say = (name, values = {}) => filled(words[name] ?? name, values);

/** The words of that name for so many things. */
export const count = (name, number) =>
  filled(words[name][plural.select(number) === "one" ? 0 : 1], { count: number.toLocaleString(language) });

export const isKnown = (name) => name in words;

export const kilobytes = (bytes) =>
  (bytes / 1000).toLocaleString(language, {
    style: "unit", unit: "kilobyte", minimumFractionDigits: 1, maximumFractionDigits: 1,
  });

/** A date as inboxes show it: day and month, the year where it is not this one. */
export const shortDate = (text) => {
  const date = text ? new Date(text) : null;
  if (!date || Number.isNaN(date.getTime())) return text ?? "";
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString(language, { day: "numeric", month: "short", year });
};
