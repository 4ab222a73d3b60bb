/** Writes the generated parts of README.md and deploy/.env.example anew: `node packages/server/src/config/write-documents.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { environmentExample, settingsTable } from "./document-settings.ts";

const root = new URL("../../../../", import.meta.url);
const readme = new URL("README.md", root);
const begin = "<!-- settings: generated -->";
const end = "<!-- end of settings -->";

const text = readFileSync(readme, "utf8");
const [before, rest = ""] = text.split(begin);
const [, after = ""] = rest.split(end);
writeFileSync(readme, `${before}${begin}\n\n${settingsTable()}\n\n${end}${after}`);
writeFileSync(new URL("deploy/.env.example", root), environmentExample());
