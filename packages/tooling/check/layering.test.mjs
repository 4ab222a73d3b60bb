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

/** @param {string} path @param {string} text */
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
  // One circle is reported from one or both of its ends, as they happen to be read.
  const rules = violations.map((violation) => violation.split(":")[0]);
  expect(new Set(rules)).toEqual(new Set(["no-cycles", "store-imports-down"]));
});

test("imports that go down pass", async () => {
  await put("packages/apps/src/a.ts", 'import { b } from "../../kernels/src/b.ts";\nexport const a = b;\n');
  await put("packages/kernels/src/b.ts", "export const b = 1;\n");
  expect((await checkLayers(["packages"], repository)).violations).toEqual([]);
});

test("the browser gets an application's panel, never its computation, and phantoms stay in the demo", async () => {
  const app = "packages/apps/src/mpr";
  await put(`${app}/panel.tsx`, 'import { k } from "../../../kernels/src/k.ts";\nexport const panel = k;\n');
  await put(`${app}/compute.ts`, "export const compute = 1;\n");
  await put("packages/kernels/src/k.ts", "export const k = 1;\n");
  await put(
    "packages/console/src/a.ts",
    `import { panel } from "../../apps/src/mpr/panel.tsx";
import { compute } from "../../apps/src/mpr/compute.ts";
export const a = [panel, compute];
`,
  );
  const usesPhantom = 'import { p } from "../../../testkit/src/p.ts";\nexport const d = p;\n';
  await put("packages/testkit/src/p.ts", "export const p = 1;\n");
  await put("packages/server/src/demo/d.ts", usesPhantom);
  await put("packages/server/src/roles/d.ts", usesPhantom);
  const { violations } = await checkLayers(["packages"], repository);
  expect(violations.toSorted()).toEqual([
    `console-takes-panels-only: packages/console/src/a.ts -> ${app}/compute.ts`,
    `panels-compute-nothing: ${app}/panel.tsx -> packages/kernels/src/k.ts`,
    "phantoms-stay-out-of-production: packages/server/src/roles/d.ts -> packages/testkit/src/p.ts",
  ]);
});

test("where nothing can be cruised, the number of modules says so", async () => {
  await mkdir(join(repository, "packages"));
  await put("vitest.config.ts", "export const outside = 1;\n");
  expect((await checkLayers(["packages"], repository)).modules).toBe(0);
});
