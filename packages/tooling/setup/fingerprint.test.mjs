import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint, isDue, readStamp, writeStamp } from "./fingerprint.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "releve-fingerprint-"));
  mkdirSync(join(root, "src/deep"), { recursive: true });
  writeFileSync(join(root, "src/deep/a.ts"), "1");
  writeFileSync(join(root, "lock"), "x");
});
afterEach(() => rmSync(root, { recursive: true }));

const inputs = ["src", "lock", "optional"];

test("it changes with bytes, with names and with files that come or go", () => {
  const seen = new Set([fingerprint(root, inputs)]);
  writeFileSync(join(root, "src/deep/a.ts"), "2");
  seen.add(fingerprint(root, inputs));
  writeFileSync(join(root, "src/b.ts"), "");
  seen.add(fingerprint(root, inputs));
  writeFileSync(join(root, "optional"), "");
  seen.add(fingerprint(root, inputs));
  expect(seen.size).toBe(4);
});

test("what installing and building write does not change it", () => {
  const before = fingerprint(root, inputs);
  for (const folder of ["src/node_modules", "src/dist"]) {
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, "x.js"), "generated");
  }
  expect(fingerprint(root, inputs)).toBe(before);
});

test("work is due without a stamp, with another one, or without its product", () => {
  expect(isDue({ stamp: "a", inputs: "a", productThere: true })).toBe(false);
  expect(isDue({ stamp: "a", inputs: "a", productThere: false })).toBe(true);
  expect(isDue({ stamp: "b", inputs: "a", productThere: true })).toBe(true);
  expect(isDue({ stamp: undefined, inputs: "a", productThere: true })).toBe(true);
});

test("a stamp is read back as it was written", () => {
  const file = join(root, "stamp");
  expect(readStamp(file)).toBeUndefined();
  writeStamp(file, "linux-x64 abc");
  expect(readStamp(file)).toBe("linux-x64 abc");
});
