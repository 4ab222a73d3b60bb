import { expect, test } from "vitest";
import { compareVersions, requireServer } from "./server-version.ts";

test("versions are compared as numbers", () => {
  expect(compareVersions("2.9.10", "2.11.0")).toBe(-1);
  expect(compareVersions("2.15.2", "2.11.0")).toBe(1);
  expect(compareVersions("nats-server: v2.11.0", "2.11.0")).toBe(0);
});

test.each(["2.9.10", "2.10.27", "1.99.0", "unknown"])("a server %s is refused with the reason", (version) => {
  expect(() => requireServer(version)).toThrow(/2\.11\.0 or newer is needed, because/);
});

test.each(["2.11.0", "2.15.2", "3.0.0", "nats-server: v2.15.2"])("a server %s is taken", (version) => {
  expect(() => requireServer(version)).not.toThrow();
});
