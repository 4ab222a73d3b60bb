import { expect, test } from "vitest";
import { localPath } from "./local-path.ts";

test.each(["/", "/#/jobs/1", "/open?accession=1&app=mpr", "/session/x#y"])(
  "%s is a place of ours",
  (path) => {
    expect(localPath(path)).toBe(path);
  },
);

test.each([
  undefined,
  "",
  "jobs",
  "https://evil.example/",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/a\\..\\\\evil",
  "/\t/evil.example",
  "/\n/evil.example",
  " //evil.example",
  `/${"a".repeat(3_000)}`,
])("%j leads home", (path) => {
  expect(localPath(path)).toBe("/");
});

test("dots do not make two slashes of a path", () => {
  expect(localPath("/..//evil.example")).toBe("/evil.example");
});
