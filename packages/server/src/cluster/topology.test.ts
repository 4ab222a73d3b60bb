import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { readSettings } from "../config/read-settings.ts";
import { consecutivePorts, topology } from "./topology.ts";

const plans = topology({
  dataDir: "/var/lib/releve",
  consoleDir: "/usr/share/releve/console",
  ports: consecutivePorts(18080),
  settleSilenceMs: 1000,
});

test("two sites have a gateway, two nodes and an API each, beside one archive", () => {
  const roles = Object.groupBy(plans, (plan) => plan.role);
  expect(roles.recon?.map((plan) => plan.name)).toEqual(["a1", "a2", "b1", "b2"]);
  expect([roles.gateway, roles.api, roles.archive].map((list) => list?.length)).toEqual([2, 2, 1]);
});

test("every process starts with the settings that the plan gives it", () => {
  const refused = plans.map((plan) => readSettings(plan.role, plan.environment)).filter(isRefusal);
  expect(refused).toEqual([]);
});

test("no port is used twice", () => {
  const ports = plans.flatMap((plan) => [
    plan.environment.RELEVE_HTTP_PORT,
    plan.environment.RELEVE_DIMSE_PORT,
  ]);
  const used = ports.filter((port) => port !== undefined);
  expect(new Set(used).size).toBe(used.length);
});
