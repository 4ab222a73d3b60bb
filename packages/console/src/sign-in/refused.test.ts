import { expect, test } from "vitest";
import { refusedBy, signInHref } from "./refused.ts";

test.each([
  ["UNAUTHORIZED", "signedOut"],
  ["FORBIDDEN", "notAllowed"],
  ["NOT_FOUND", undefined],
])("%s means %s", (code, expected) => {
  expect(refusedBy(Object.assign(new Error("no"), { data: { code } }))).toBe(expected);
});

test("a lost connection is no refusal", () => {
  expect(refusedBy(new Error("fetch failed"))).toBeUndefined();
  expect(refusedBy(undefined)).toBeUndefined();
});

test("the sign-in leads back to this very place", () => {
  const href = signInHref({ pathname: "/", search: "?a=1&b=2", hash: "#/jobs/1" });
  expect(new URLSearchParams(href.split("?")[1]).get("to")).toBe("/?a=1&b=2#/jobs/1");
});
