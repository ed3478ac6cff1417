// Reads a JSON list of MJML texts on standard input; prints what npm mjml's validator has against each, as JSON.
import { text } from "node:stream/consumers";
import mjml2html from "mjml";

async function faultsOf(source) {
  try {
    const { errors } = await mjml2html(source, { validationLevel: "soft", fonts: {} });
    return errors.map(({ line, tagName, message }) => ({ line, tag: tagName, message }));
  } catch (error) {
    // Not even MJML: the parser itself gave up.
    return [{ line: null, tag: null, message: error.message }];
  }
}

const faults = [];
for (const source of JSON.parse(await text(process.stdin))) faults.push(await faultsOf(source));
console.log(JSON.stringify(faults));
