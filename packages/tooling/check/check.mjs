/** Lint, format, types, layers, unused code: all of them run, whatever the first ones say, and each is named with its result. */
import { spawnSync } from "node:child_process";

/** @type {readonly (readonly [what: string, program: string, args: readonly string[]])[]} */
const checks = [
  ["lint", "oxlint", []],
  ["format", "oxfmt", ["--check", "packages", "e2e", "deploy", "vitest.config.ts"]],
  ["types", "tsc", ["-p", "."]],
  ["types of the console", "tsc", ["-p", "packages/console"]],
  ["types of the tooling", "tsc", ["-p", "packages/tooling"]],
  ["layers", process.execPath, ["packages/tooling/check/layering.mjs"]],
  ["unused code", "knip", []],
];

const failed = checks.filter(([what, program, args]) => {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  const passed = status === 0 && !error;
  process.stdout.write(`${passed ? "passed" : "FAILED"}: ${what}${error ? ` (${error.message})` : ""}\n`);
  return !passed;
});
process.exitCode = failed.length === 0 ? 0 : 1;
