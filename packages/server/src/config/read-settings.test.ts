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

const gateway = { ...enough, RELEVE_HTTP_PORT: "8042", RELEVE_DIMSE_PORT: "11112" };
const identity = { RELEVE_TLS_CERT: "/k/cert.pem", RELEVE_TLS_KEY: "/k/key.pem", RELEVE_TLS_CA: "/k/ca.pem" };
const peers = { RELEVE_PEERS: '[{"aeTitle":"CT1","addresses":["192.0.2.0/24"]}]' };

test.each([
  ["RELEVE_HTTP_HOST", { RELEVE_HTTP_HOST: "0.0.0.0" }],
  ["RELEVE_HTTP_HOST", { RELEVE_HTTP_HOST: "::" }],
  ["RELEVE_DIMSE_HOST", { RELEVE_DIMSE_HOST: "192.0.2.7", ...peers }],
  ["RELEVE_PEERS", { RELEVE_DIMSE_HOST: "192.0.2.7", ...identity }],
  ["RELEVE_TLS_KEY", { RELEVE_TLS_CERT: "/k/cert.pem", RELEVE_TLS_CA: "/k/ca.pem" }],
  ["RELEVE_NATS_URL", { RELEVE_NATS_URL: "nats://127.0.0.1:4222,nats://192.0.2.7:4222" }],
  ["RELEVE_NATS_URL", { RELEVE_NATS_URL: "" }],
  ["RELEVE_OTHER_SITES", { RELEVE_OTHER_SITES: "http://192.0.2.7:8090", ...identity }],
  ["RELEVE_OTHER_SITES", { RELEVE_OTHER_SITES: "https://192.0.2.7:8090" }],
  ["RELEVE_SITE_PORT", { RELEVE_SITE_PORT: "8443" }],
])("beyond loopback %s is refused: %j", (variable, settings) => {
  const refused = readSettings("gateway", { ...gateway, ...settings });
  expect(isRefusal(refused) && refused.reason).toContain(variable);
});

test("with a certificate and named senders a gateway listens beyond loopback", () => {
  const beyond = {
    RELEVE_HTTP_HOST: "192.0.2.7",
    RELEVE_DIMSE_HOST: "192.0.2.7",
    RELEVE_SITE_PORT: "8443",
    RELEVE_OTHER_SITES: "https://192.0.2.8:8443",
    RELEVE_NATS_URL: "tls://192.0.2.7:4222,tls://192.0.2.8:4222",
  };
  const settings = readSettings("gateway", { ...gateway, ...identity, ...peers, ...beyond });
  expect(isRefusal(settings) ? settings.reason : "accepted").toBe("accepted");
});

test("an autonomous site is not told to wait for a second site's copy, which no other site would make", () => {
  const autonomous = { ...gateway, RELEVE_SITE_MODE: "autonomous", RELEVE_LEDGER_COPIES: "hub" };
  expect(readSettings("gateway", autonomous)).toMatchObject({ RELEVE_LEDGER_COPIES: ["hub"] });
  const refused = readSettings("gateway", { ...autonomous, RELEVE_SAFETY: "safe-2" });
  expect(isRefusal(refused) && refused.reason).toContain("RELEVE_SAFETY");
});

test("destinations that are no JSON are named, not thrown", () => {
  const refused = readSettings("gateway", {
    ...enough,
    RELEVE_HTTP_PORT: "8042",
    RELEVE_DIMSE_PORT: "11112",
    RELEVE_DESTINATIONS: "{",
  });
  expect(isRefusal(refused) && refused.reason).toContain("RELEVE_DESTINATIONS: is not JSON");
});
