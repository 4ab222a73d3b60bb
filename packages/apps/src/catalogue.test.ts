import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { catalogue } from "./catalogue.ts";
import { applicationFolders, generatedFiles } from "./generate-catalogue.ts";

test.each(generatedFiles())("%s holds every folder that it should", (file, text) => {
  expect(readFileSync(new URL(`./${file}`, import.meta.url), "utf8")).toBe(text);
});

test("an application's folder, id and file name agree, and ids are unique", () => {
  expect(catalogue.map((app) => app.id)).toEqual(applicationFolders());
});

test.each(catalogue.map((app) => [app.id, app] as const))(
  "%s takes no free text: a person's words could name a patient, and the ledger keeps them for ever",
  (_, app) => {
    const schema = z.toJSONSchema(app.parameters, { unrepresentable: "throw" });
    expect(freeTexts(schema)).toEqual([]);
  },
);

/** Paths of the schemas within a schema that accept any text, or anything at all. */
function freeTexts(schema: unknown, path = ""): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((one, index) => freeTexts(one, `${path}/${index}`));
  const { type, enum: options, const: only, pattern, ...rest } = schema as Readonly<Record<string, unknown>>;
  const own = type === "string" && !options && only === undefined && !pattern ? [path] : [];
  const deeper = Object.entries(rest)
    .filter(([key]) => key !== "examples")
    .flatMap(([key, value]) => freeTexts(value, `${path}/${key}`));
  return [...own, ...deeper];
}
