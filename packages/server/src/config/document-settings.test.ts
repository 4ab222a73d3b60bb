import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { environmentExample, settingsTable } from "./document-settings.ts";

const root = new URL("../../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

test("the README's configuration table is what the settings say", () => {
  expect(read("README.md")).toContain(settingsTable());
});

test("deploy/.env.example is what the settings say", () => {
  expect(read("deploy/.env.example")).toBe(environmentExample());
});
