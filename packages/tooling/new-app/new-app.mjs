/** `new:app NAME`: one folder in packages/apps/src that passes its own tests, and its line in the catalogue. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appFiles, nameRefusal } from "./app-files.mjs";

/**
 * @param {string} source the folder of applications
 * @param {string} name
 * @returns {string} what happened, for a person
 * @throws Error with a sentence where nothing was made
 */
export function makeApp(source, name) {
  const refused = nameRefusal(name, readdirSync(source));
  if (refused) throw new Error(refused);
  const folder = join(source, name);
  mkdirSync(folder);
  const files = appFiles(name);
  for (const { file, text } of files) writeFileSync(join(folder, file), text);
  run("oxfmt", [folder]);
  run(process.execPath, [join(source, "generate-catalogue.ts")]);
  return `Made ${folder} (${files.map(({ file }) => file).join(", ")}) and entered it in the catalogue.`;
}

/** @param {string} program @param {readonly string[]} args */
function run(program, args) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.trim()}`);
}

if (import.meta.main) {
  const [name = "", ...rest] = process.argv.slice(2);
  try {
    if (rest.length > 0) throw new Error("new:app takes one name.");
    const made = makeApp("packages/apps/src", name);
    process.stdout.write(`${made}\nNext: npm test -- packages/apps/src/${name}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
