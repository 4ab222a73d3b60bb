import { expect, test } from "vitest";
import { hrefOf, parseRoute } from "./use-route.ts";

test.each([
  ["", { page: "studies", id: undefined }],
  ["#/jobs", { page: "jobs", id: undefined }],
  ["#/jobs/abc", { page: "jobs", id: "abc" }],
  ["#/no-such-page/x", { page: "studies", id: undefined }],
] as const)("%s leads to its page", (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test("an address leads back to where it came from", () => {
  expect(parseRoute(hrefOf("jobs", "abc"))).toEqual({ page: "jobs", id: "abc" });
});
