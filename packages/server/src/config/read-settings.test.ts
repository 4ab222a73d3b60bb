import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { readSettings } from "./read-settings.ts";

const enough = {
  RELEVE_SITE: "site-a",
  RELEVE_NATS_URL: "nats://127.0.0.1:4222",
  RELEVE_DATA_DIR: "/var/lib/releve",
  RELEVE_NODE: "a1",
};

test("a node starts with the four settings that have no default", () => {
  expect(readSettings("recon", enough)).toMatchObject({ RELEVE_SLOTS: 1, RELEVE_ENGINE: "webasm" });
});

test("all faults are named at once, without their values", () => {
  const refused = readSettings("recon", { ...enough, RELEVE_SITE: "Site A", RELEVE_SLOTS: "none-of-it" });
  expect(refused).toMatchObject({ refused: "CONFIGURATION_INVALID" });
  const reason = isRefusal(refused) ? refused.reason : "";
  expect(reason).toContain("RELEVE_SITE");
  expect(reason).toContain("RELEVE_SLOTS");
  expect(reason).not.toContain("none-of-it");
});

test.each(["0.0.0.0", "192.0.2.7", "::"])(
  "a listener on %s is refused until sign-in and TLS exist",
  (host) => {
    const refused = readSettings("gateway", {
      ...enough,
      RELEVE_HTTP_PORT: "8042",
      RELEVE_DIMSE_PORT: "11112",
      RELEVE_HTTP_HOST: host,
    });
    expect(isRefusal(refused) && refused.reason).toContain("RELEVE_HTTP_HOST");
  },
);

test("destinations that are no JSON are named, not thrown", () => {
  const refused = readSettings("gateway", {
    ...enough,
    RELEVE_HTTP_PORT: "8042",
    RELEVE_DIMSE_PORT: "11112",
    RELEVE_DESTINATIONS: "{",
  });
  expect(isRefusal(refused) && refused.reason).toContain("RELEVE_DESTINATIONS: is not JSON");
});
