/** A generated application is judged by its own tests, the types and the lint, in a copy of the applications' package. */
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nameRefusal } from "./app-files.mjs";
import { makeApp } from "./new-app.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const apps = join(repository, "packages/apps");
const name = "middle-slice-2";
let home = "";
let copy = "";

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "releve-new-app-"));
  copy = join(home, "apps");
  await mkdir(copy);
  await symlink(join(repository, "node_modules"), join(home, "node_modules"));
  await cp(join(apps, "src"), join(copy, "src"), { recursive: true });
  await cp(join(apps, "package.json"), join(copy, "package.json"));
  await symlink(join(apps, "node_modules"), join(copy, "node_modules"));
  await writeFile(join(copy, "vitest.config.mjs"), "export default {};\n");
  const config = { extends: join(repository, "tsconfig.json"), include: [`src/${name}/*.ts`], exclude: [] };
  await writeFile(join(copy, "tsconfig.json"), JSON.stringify(config));
  makeApp(join(copy, "src"), name);
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** @param {string} tool @param {string[]} args */
function run(tool, args) {
  const path = `${join(repository, "node_modules/.bin")}:${process.env["PATH"]}`;
  const { status, stdout, stderr } = spawnSync(tool, args, {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, PATH: path, NO_COLOR: "1" },
  });
  return { status, output: stdout + stderr };
}

test("it passes its own tests, and the catalogue's", () => {
  const { status, output } = run("vitest", ["run", `src/${name}`, "src/catalogue.test.ts"]);
  expect(output).toMatch(/Test Files {2}2 passed/);
  expect(status).toBe(0);
});

test("it passes the type check", () => {
  expect(run("tsc", ["-p", "."])).toEqual({ status: 0, output: "" });
});

test("it passes the lint and the format check", () => {
  const config = join(repository, ".oxlintrc.json");
  expect(run("oxlint", ["--no-ignore", "-c", config, `src/${name}`]).output).toMatch(/ 0 errors/);
  expect(run("oxfmt", ["--check", "-c", join(repository, ".oxfmtrc.json"), `src/${name}`]).status).toBe(0);
});

test("it is in the catalogue, and a second one of its name is refused", async () => {
  expect(await readFile(join(copy, "src/catalogue.ts"), "utf8")).toContain('from "./middle-slice-2/app.ts"');
  expect(() => makeApp(join(copy, "src"), name)).toThrow(/is there already/);
});

test.each(["", "Calcium", "a_b", "-a", "a-", "../x", "a".repeat(32)])("%j is refused as a name", (bad) => {
  expect(nameRefusal(bad, [])).toMatch(/is no name for an application/);
});
