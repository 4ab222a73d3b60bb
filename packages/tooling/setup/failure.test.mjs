import { expect, test } from "vitest";
import { buildFailure, SetupFailure, sentenceFor, stepFailure } from "./failure.mjs";

test.each([
  ["npm error code ENOTFOUND", /network or the package registry cannot be reached/],
  [
    "tcp connect error\n  ╰─▶ Connection refused (os error 111)",
    /network or the package registry cannot be reached/,
  ],
  ["dial tcp: lookup failed", /network or the package registry cannot be reached/],
  ["npm error ENOSPC: no space left on device, write", /the disk is full/],
  ["cannot write: No\n      space left on device (os error 28)", /the disk is full/],
  ["ECONNRESET after ENOSPC", /the disk is full/],
  ["ERR_PNPM_OUTDATED_LOCKFILE  Cannot install", /pnpm-lock\.yaml does not match/],
  ["EACCES: permission denied, mkdir", /cannot be written/],
  ["first line\nthe last line", /the last line/],
])("a tool that printed %j fails with one sentence that says what to do", (output, expected) => {
  const { message } = stepFailure("Installing", output, "/log");
  expect(message).toMatch(expected);
  expect(message).not.toContain("\n");
  expect(message).toContain("/log");
});

test("a full disk and a known failure become sentences, a bug keeps its stack", () => {
  expect(sentenceFor(new SetupFailure("Install X."))).toBe("Install X.");
  expect(sentenceFor(Object.assign(new Error("write"), { code: "ENOSPC" }))).toMatch(/the disk is full/);
  expect(sentenceFor(new TypeError("x is not a function"))).toBeUndefined();
});

test("a build fails with its first error, and no line of the source that it shows is taken for the network's", () => {
  const output = 'vite v8\n[ERROR] "x" is not exported by y.ts\n  12 | case "ECONNREFUSED":';
  expect(buildFailure("Building", output, "/log").message).toBe(
    'Building failed: [ERROR] "x" is not exported by y.ts (details in /log).',
  );
});
