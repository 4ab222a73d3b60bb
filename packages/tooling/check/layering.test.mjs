import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkLayers } from "./layering.mjs";

const rootConfig = new URL("../../../tsconfig.json", import.meta.url);
let repository = "";

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), "releve-layers-"));
  await copyFile(rootConfig, join(repository, "tsconfig.json"));
});
afterEach(() => rm(repository, { recursive: true }));

async function put(path, text) {
  const file = join(repository, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, text);
}

test("an import that goes up is caught", async () => {
  await put("packages/domain/src/a.ts", 'import { b } from "../../ledger/src/b.ts";\nexport const a = b;\n');
  await put("packages/ledger/src/b.ts", "export const b = 1;\n");
  const { modules, violations } = await checkLayers(["packages"], repository);
  expect(modules).toBe(2);
  expect(violations).toEqual(["domain-imports-down: packages/domain/src/a.ts -> packages/ledger/src/b.ts"]);
});

test("two packages of one row never meet, and a circle is caught", async () => {
  await put("packages/store/src/a.ts", 'import { b } from "../../wire/src/b.ts";\nexport const a = b;\n');
  await put("packages/wire/src/b.ts", 'import { c } from "./c.ts";\nexport const b = c;\n');
  await put("packages/wire/src/c.ts", 'import { b } from "./b.ts";\nexport const c = b;\n');
  const { violations } = await checkLayers(["packages"], repository);
  expect(violations.map((violation) => violation.split(":")[0]).toSorted()).toEqual([
    "no-cycles",
    "store-imports-down",
  ]);
});

test("imports that go down pass", async () => {
  await put("packages/apps/src/a.ts", 'import { b } from "../../kernels/src/b.ts";\nexport const a = b;\n');
  await put("packages/kernels/src/b.ts", "export const b = 1;\n");
  expect((await checkLayers(["packages"], repository)).violations).toEqual([]);
});
