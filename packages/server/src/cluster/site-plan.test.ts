import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { readSettings } from "../config/read-settings.ts";
import { identityUri } from "../identities/identity.ts";
import {
  identitiesAt,
  ledgerServerPlan,
  rolePlans,
  siteLetters,
  sitePortsFrom,
  type ThreeSitesPlan,
} from "./site-plan.ts";

const ports = sitePortsFrom([18080, 18081, 18082, 18083, 18084, 18085]);
const planAt = (prefix: string): ThreeSitesPlan => ({
  dataDir: "/var/lib/releve",
  consoleDir: "/usr/share/releve/console",
  places: siteLetters.map((letter, index) => ({ letter, address: `${prefix}.${index + 1}`, ports })),
  settleSilenceMs: 1000,
  destinations: [],
});
const security: NonNullable<ThreeSitesPlan["security"]> = {
  filesOf: (identity) => ({ certFile: `${identityUri(identity)}#c`, keyFile: "k", caFile: "ca" }),
  senders: ["10.1.0.2"],
};

const refusals = (plan: ThreeSitesPlan) =>
  plan.places
    .flatMap((place) => rolePlans(plan, place))
    .map((process) => readSettings(process.role, process.environment))
    .filter(isRefusal);

test("every process starts with the settings that the plan gives it, on loopback and beyond", () => {
  expect(refusals(planAt("127.0.1"))).toEqual([]);
  expect(refusals({ ...planAt("127.0.1"), security })).toEqual([]);
  expect(refusals({ ...planAt("10.1.1"), security })).toEqual([]);
});

test("beyond loopback without certificates every process of a site is refused", () => {
  expect(refusals(planAt("10.1.1"))).toHaveLength(3 * 4);
});

test("each process has its own certificate, and knows its own site's ledger server first", () => {
  const plan = { ...planAt("10.1.1"), security };
  const processes = rolePlans(plan, plan.places[1]!);
  const certificates = processes.map(({ environment }) => environment["RELEVE_TLS_CERT"]);
  const own = identitiesAt("b").filter(({ kind }) => kind !== "ledger");
  expect(certificates).toHaveLength(own.length);
  expect(new Set(certificates)).toEqual(new Set(own.map((identity) => `${identityUri(identity)}#c`)));
  const servers = "nats://10.1.1.2:18083,nats://10.1.1.1:18083,nats://10.1.1.3:18083";
  expect(new Set(processes.map(({ environment }) => environment["RELEVE_NATS_URL"]))).toEqual(
    new Set([servers]),
  );
});

test("a ledger server has a route to each of the others and none to itself", () => {
  const plan = planAt("127.0.1");
  expect(ledgerServerPlan(plan, plan.places[0]!).cluster?.routes).toEqual([
    "127.0.1.2:18084",
    "127.0.1.3:18084",
  ]);
});
