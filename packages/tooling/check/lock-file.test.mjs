import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the lock file names packages and their digests, no address: it must serve behind any registry", () => {
  const lock = readFileSync(new URL("../../../pnpm-lock.yaml", import.meta.url), "utf8");
  expect(lock).toMatch(/integrity: sha512-/);
  expect(lock).not.toMatch(/\w+:\/\/|tarball:/);
});
