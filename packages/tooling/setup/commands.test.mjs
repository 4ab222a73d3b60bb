import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { commands, helpText } from "./commands.mjs";

test("every command is an npm script that goes through the set-up, and every script is a command", () => {
  const expected = Object.keys(commands).map((name) => [name, `node packages/tooling/setup/run.mjs ${name}`]);
  expect(Object.fromEntries(expected)).toEqual(manifest.scripts);
});

test("the help names every command", () => {
  for (const name of Object.keys(commands)) expect(helpText()).toMatch(new RegExp(`^ {2}${name} `, "m"));
});

test.each(Object.entries(commands))("%s runs a file that is there", (_, command) => {
  const [file] = command.run([]);
  expect(existsSync(new URL(`../../../${file}`, import.meta.url))).toBe(true);
});
