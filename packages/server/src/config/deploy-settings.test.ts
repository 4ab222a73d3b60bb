/** What deploy/ gives each role must be what the role takes: the compose file is judged by the settings' own schemas. */
import { readFileSync } from "node:fs";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readSettings } from "./read-settings.ts";
import { roles, type Role } from "./settings.ts";

type Service = { readonly command?: readonly string[]; readonly environment?: Record<string, string> };

const compose = parse(readFileSync(new URL("../../../../deploy/compose.yaml", import.meta.url), "utf8"), {
  merge: true,
}) as { readonly services: Record<string, Service> };

const ours = Object.entries(compose.services).flatMap(([name, { command, environment }]) => {
  const role = roles.find((candidate) => candidate === command?.[0]);
  return role ? [[name, role, environment ?? {}] as const] : [];
});

test("every role of a site is in the compose file", () => {
  expect(new Set(ours.map(([, role]) => role))).toEqual(new Set<Role>(["gateway", "recon", "api"]));
});

test.each(ours)("%s has the settings that its role needs", (_, role, environment) => {
  const settings = readSettings(role, environment);
  expect(isRefusal(settings) ? settings.reason : "accepted").toBe("accepted");
});

test("no two services of the compose file want the same port", () => {
  const ports = ours.flatMap(([, , environment]) =>
    ["RELEVE_HTTP_PORT", "RELEVE_DIMSE_PORT", "RELEVE_SITE_PORT"].flatMap((name) => environment[name] ?? []),
  );
  expect(new Set(ports).size).toBe(ports.length);
});
