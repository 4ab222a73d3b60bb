import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const generatedFolders = new Set(["node_modules", "dist"]);

/**
 * SHA-256 over the names and bytes of files and folders (walked, without node_modules and dist).
 * A path that is not there counts as such, so that adding it later changes the fingerprint.
 * @param {string} root
 * @param {readonly string[]} paths relative to root
 * @returns {string} lower-case hexadecimal
 */
export function fingerprint(root, paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((each) => filesUnder(root, each)).toSorted()) {
    const bytes = readIfThere(join(root, path));
    hash.update(`${path}\0${bytes ? bytes.length : "absent"}\0`);
    if (bytes) hash.update(bytes);
  }
  return hash.digest("hex");
}

/**
 * Work is due unless its product is there and the stamp left by the last success names the same inputs.
 * @param {{ stamp: string | undefined, inputs: string, productThere: boolean }} state
 */
export function isDue({ stamp, inputs, productThere }) {
  return !productThere || stamp !== inputs;
}

/** @param {string} file @returns {string | undefined} */
export function readStamp(file) {
  return readIfThere(file)?.toString("utf8").trim();
}

/** @param {string} file @param {string} inputs */
export function writeStamp(file, inputs) {
  writeFileSync(file, `${inputs}\n`);
}

/** @param {string} root @param {string} path @returns {string[]} */
function filesUnder(root, path) {
  const full = join(root, path);
  if (!existsSync(full) || !statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .filter((name) => !generatedFolders.has(name))
    .flatMap((name) => filesUnder(root, `${path}/${name}`));
}

/** @param {string} file @returns {Buffer | undefined} */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file) : undefined;
}
