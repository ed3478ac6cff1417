// What the page asks of the server, and what it is answered.
import { say } from "./words.js";

/** The state of the issue that is chosen. Throws where there is none, or nobody answers. */
export async function fetchState(choices, extra = {}) {
  const query = new URLSearchParams();
  if (choices.issue !== null) query.set("issue", choices.issue);
  if (choices.person) query.set("person", choices.person);
  for (const [name, value] of Object.entries(extra)) query.set(name, value);
  const answer = await fetch(`state?${query}`, { cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** The address of a view of an issue, as what is chosen has it. */
export function addressOfView(choices, issue, version, view = choices.view) {
  const query = new URLSearchParams({ version });
  if (choices.person) query.set("person", choices.person);
  if (choices.remote) query.set("remote", "1");
  if (choices.client) query.set("client", choices.client);
  return `view/${issue}/${view}?${query}`;
}

/** The address of what one issue has that another has not. */
export const addressOfDifferences = (issue, other, version) => `view/${issue}/differences?${new URLSearchParams({ with: other, version })}`;

/** Has something changed in the files; promises what became of it. */
export async function carryOut(name, wish) {
  const answer = await fetch(name, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(wish),
  }).catch(() => null);
  return answer?.ok || answer?.status === 409 ? answer.json() : { done: false, message: say("not-done") };
}
