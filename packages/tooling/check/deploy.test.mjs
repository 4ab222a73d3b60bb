import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

const deploy = new URL("../../../deploy/", import.meta.url);
const read = (/** @type {string} */ path) => readFileSync(new URL(path, deploy), "utf8");
const compose = parse(read("compose.yaml"), { merge: true });
const services = Object.entries(compose.services);

test.each(services)("%s has a pinned image, a health check and no published port", (_, service) => {
  expect(service.image).toMatch(/^[\w./-]+:\d/);
  expect(service.healthcheck?.test).toBeDefined();
  expect(service.ports).toBeUndefined();
});

test("every file that the compose file mounts is there, and every volume is declared", () => {
  const mounts = services.flatMap(([, service]) => service.volumes ?? []).map((mount) => mount.split(":")[0]);
  const [files, volumes] = [
    mounts.filter((name) => name.startsWith(".")),
    mounts.filter((name) => !name.startsWith(".")),
  ];
  expect(files.filter((name) => !existsSync(new URL(name, deploy)))).toEqual([]);
  expect(new Set(volumes)).toEqual(new Set(Object.keys(compose.volumes)));
});

test("two sites have a gateway, two nodes and an API each, beside three ledger servers", () => {
  const roles = Map.groupBy(services, ([, service]) => service.command?.[0]);
  expect(["gateway", "recon", "api"].map((role) => roles.get(role)?.length)).toEqual([2, 4, 2]);
  expect(services.filter(([name]) => name.startsWith("nats-"))).toHaveLength(3);
});

test.each(["nats-1.conf", "nats-2.conf", "nats-3.conf"])("nats-server accepts %s", (name) => {
  const binary = process.env["RELEVE_NATS_SERVER"] ?? "nats-server";
  const path = new URL(`nats/${name}`, deploy).pathname;
  const { status, stderr } = spawnSync(binary, ["-c", path, "-t"], { encoding: "utf8" });
  expect(stderr).toContain("is valid");
  expect(status).toBe(0);
  expect(read(`nats/${name}`)).toContain("sync_interval: always");
});

test("the realm has every role and no user", () => {
  const realm = JSON.parse(read("keycloak/releve-realm.json"));
  expect(realm.roles.realm.map((/** @type {{ name: string }} */ role) => role.name)).toEqual([
    "radiologist",
    "nuclear-physician",
    "clinician",
    "technologist",
    "site-admin",
    "operator",
    "auditor",
    "dpo",
  ]);
  expect(realm.users).toBeUndefined();
});

test.each(readdirSync(new URL("systemd/", deploy)))("%s runs its role as a user of its own", (name) => {
  const unit = read(`systemd/${name}`);
  const [, role] = /^releve-(\w+)@\.service$/.exec(name) ?? [];
  expect(unit).toContain(`main.ts role ${role}`);
  expect(unit).toContain("User=releve");
  expect(unit).toContain("NoNewPrivileges=yes");
});
