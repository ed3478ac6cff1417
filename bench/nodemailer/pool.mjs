// nodemailer's pool, each message built from its parts: node pool.mjs PORT MESSAGES FOLDER
// FOLDER holds the bodies, email.html and email.txt.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import nodemailer from "nodemailer";

const [port, messages, folder] = process.argv.slice(2);
const html = readFileSync(join(folder, "email.html"), "utf8");
const text = readFileSync(join(folder, "email.txt"), "utf8");
const pool = nodemailer.createTransport({
  pool: true, host: "127.0.0.1", port: Number(port), ignoreTLS: true, maxConnections: 20, maxMessages: Infinity,
});
await Promise.all(Array.from({ length: Number(messages) }, (_, number) => pool.sendMail({
  from: "lettre@example.org",
  to: `Reader ${number} <reader${number}@example.org>`,
  subject: "Lettre",
  text, html, textEncoding: "quoted-printable",
  list: { unsubscribe: { url: `https://example.org/leave/${number}` } },
})));
pool.close();
