import { expect, test } from "vitest";
import { judgeNatsVersion } from "./nats-version.mjs";

test.each([
  ["nats-server: v2.15.2\n", "2.15.2"],
  ["nats-server: v2.11.0", "2.11.0"],
  ["nats-server: v2.14.0-RC.1", "2.14.0-RC.1"],
  ["nats-server: v3.0.0", "3.0.0"],
])("%j is accepted", (printed, version) => {
  expect(judgeNatsVersion(printed)).toEqual({ kind: "accepted", version });
});

test.each(["nats-server: v2.9.10", "nats-server: v2.10.27", "nats-server: v1.99.0"])(
  "%j is refused with the reason",
  (printed) => {
    expect(judgeNatsVersion(printed)).toEqual({
      kind: "refused",
      reason: expect.stringMatching(/older than 2\.11.*expected sequence.*sync_interval/),
    });
  },
);

test("a program that prints no version is refused", () => {
  expect(judgeNatsVersion("hello")).toEqual({ kind: "refused", reason: "it does not print a version" });
});
