/** The ledger servers of deploy/: their files are accepted by a real nats-server, with the identities that the command makes. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { makeIdentities } from "../commands/make-identities.ts";
import { natsServerBinary } from "./read-settings.ts";

const deploy = fileURLToPath(new URL("../../../../deploy/", import.meta.url));
const identitiesThere = "/etc/releve/identities";
let root: string;
let identities: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "releve-deploy-"));
  identities = join(root, "releve", "identities");
  mkdirSync(identities, { recursive: true });
  await makeIdentities({ installation: join(deploy, "installation.json"), dir: identities });
});
afterAll(() => rmSync(root, { recursive: true }));

test.each(["nats-1.conf", "nats-2.conf", "nats-3.conf"])("nats-server accepts %s", (name) => {
  const text = readFileSync(join(deploy, "nats", name), "utf8");
  expect(text).toContain("sync_interval: always");
  expect(text.match(/verify_and_map: true/g)).toHaveLength(2);
  mkdirSync(join(root, "nats"), { recursive: true });
  writeFileSync(join(root, "nats", name), text.replaceAll(identitiesThere, identities));
  const checked = spawnSync(natsServerBinary(), ["-c", join(root, "nats", name), "-t"], { encoding: "utf8" });
  expect(checked.stderr).toContain("is valid");
  expect(checked.status).toBe(0);
});

test("every key and certificate that a service is given is one that the command makes", () => {
  const compose = parse(readFileSync(join(deploy, "compose.yaml"), "utf8"), { merge: true }) as {
    readonly services: Record<string, { readonly environment?: Record<string, string> }>;
  };
  const given = Object.values(compose.services).flatMap(({ environment = {} }) =>
    Object.values(environment).filter((value) => value.startsWith(identitiesThere)),
  );
  expect(given).toHaveLength(3 * 4 * 3);
  const missing = given.filter((path) => !existsSync(path.replace(identitiesThere, identities)));
  expect(missing).toEqual([]);
});
