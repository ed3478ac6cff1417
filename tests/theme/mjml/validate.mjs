// Reads MJML on standard input; prints what npm mjml's validator has against it, as JSON; exits 1 if there is anything.
import { text } from "node:stream/consumers";
import mjml2html from "mjml";

let faults;
try {
  const { errors } = mjml2html(await text(process.stdin), { validationLevel: "soft", fonts: {} });
  faults = errors.map(({ line, tagName, message }) => ({ line, tag: tagName, message }));
} catch (error) {
  // Not even MJML: the parser itself gave up.
  faults = [{ line: null, tag: null, message: error.message }];
}
console.log(JSON.stringify(faults));
process.exitCode = faults.length ? 1 : 0;
