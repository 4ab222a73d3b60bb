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

test("three sites have a gateway, two nodes, an API and a ledger server each", () => {
  const roles = Map.groupBy(services, ([, service]) => service.command?.[0]);
  expect(["gateway", "recon", "api"].map((role) => roles.get(role)?.length)).toEqual([3, 6, 3]);
  expect(services.filter(([name]) => name.startsWith("nats-"))).toHaveLength(3);
});

test("nothing that listens is told to listen beyond loopback", () => {
  const text = ["nats-1", "nats-2", "nats-3"].map((name) => read(`nats/${name}.conf`)).join("\n");
  const listeners = [...text.matchAll(/^\s*(?:listen|http): "(.*)"/gm)].map(([, address]) => address);
  expect(listeners).toHaveLength(9);
  expect(listeners.filter((address) => !address?.startsWith("127.0.0.1:"))).toEqual([]);
  expect(JSON.parse(read("orthanc/orthanc.json")).RemoteAccessAllowed).toBe(false);
  expect(compose.services.keycloak.command).toContain("--http-host=127.0.0.1");
  expect(compose.services.kurrentdb.environment.KURRENTDB_NODE_IP).toBe("127.0.0.1");
});

test("no secret stands in a file: passwords come from the environment and have no default", () => {
  const secrets = services.flatMap(([, { environment = {} }]) =>
    Object.entries(environment).filter(([name]) => /PASSWORD|SECRET|TOKEN/.test(name)),
  );
  expect(secrets.length).toBeGreaterThan(0);
  for (const [, value] of secrets) expect(value).toMatch(/^\$\{\w+:\?/);
  expect(read("keycloak/releve-realm.json")).not.toContain('"secret"');
});

/** Every setting that any role has, from the generated file. */
const known = new Set([...read(".env.example").matchAll(/^#?(RELEVE_\w+)=/gm)].map(([, name]) => name));
const mentioned = ["deploy/compose.yaml", "terraform/modules/site/main.tf"].flatMap((path) =>
  [...readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8").matchAll(/RELEVE_\w+/g)].map(
    ([name]) => name,
  ),
);

test("the compose file and Terraform name only settings that exist", () => {
  expect(known.size).toBeGreaterThan(10);
  expect([...new Set(mentioned)].filter((name) => !known.has(name))).toEqual([]);
});

test("the realm has every role, and nobody with a password", () => {
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
  // A client's account signs in with the secret that its hospital gives it, not with one from here.
  const users = realm.users.map(
    (/** @type {{ username: string, credentials?: unknown }} */ { username, credentials }) => [
      username,
      credentials,
    ],
  );
  expect(users).toEqual([["service-account-releve-command", undefined]]);
  expect(realm.clients.map((/** @type {{ secret?: string }} */ { secret }) => secret)).toEqual(
    realm.clients.map(() => undefined),
  );
});

test.each(readdirSync(new URL("systemd/", deploy)))("%s runs its role as a user of its own", (name) => {
  const unit = read(`systemd/${name}`);
  const [, role] = /^releve-(\w+)@\.service$/.exec(name) ?? [];
  expect(unit).toContain(`main.ts role ${role}`);
  expect(unit).toContain("User=releve");
  expect(unit).toContain("NoNewPrivileges=yes");
});
