import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { applicationFolders, catalogueText } from "./generate-catalogue.ts";

test("the catalogue holds every folder with an app.ts", () => {
  const checkedIn = readFileSync(new URL("./catalogue.ts", import.meta.url), "utf8");
  expect(checkedIn).toBe(catalogueText(applicationFolders()));
});

test("an application's folder, id and file name agree, and ids are unique", () => {
  expect(catalogue.map((app) => app.id)).toEqual(applicationFolders());
});
