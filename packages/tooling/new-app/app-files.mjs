import { readFileSync, readdirSync } from "node:fs";

const template = new URL("template/", import.meta.url);
const ending = ".template";

/** The folder's name is the application's id: part of stored job ids and of DICOM keys, so never to change. */
const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * @param {string} name
 * @param {readonly string[]} taken names of the folders that are there already
 * @returns {string | undefined} why the name cannot be used
 */
export function nameRefusal(name, taken) {
  if (!namePattern.test(name) || name.length > 31)
    return `"${name}" is no name for an application: lower-case words with dashes, at most 31 characters, such as calcium-score.`;
  return taken.includes(name) ? `packages/apps/src/${name} is there already.` : undefined;
}

/**
 * The files of a new application, from the templates beside this file.
 * @param {string} name a name that nameRefusal lets pass
 * @returns {{ file: string, text: string }[]} file names relative to the application's folder
 */
export function appFiles(name) {
  const words = name.split("-");
  const Pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const values = new Map([
    ["id", name],
    ["Pascal", Pascal],
    ["camel", Pascal.charAt(0).toLowerCase() + Pascal.slice(1)],
    ["title", words.join(" ").replace(/^./, (letter) => letter.toUpperCase())],
  ]);
  /** @param {string} text */
  const fill = (text) => text.replaceAll(/\{\{(\w+)\}\}/g, (_, key) => values.get(key) ?? "");
  return readdirSync(template)
    .filter((file) => file.endsWith(ending))
    .map((file) => ({
      file: fill(file.slice(0, -ending.length)),
      text: fill(readFileSync(new URL(encodeURIComponent(file), template), "utf8")),
    }));
}
