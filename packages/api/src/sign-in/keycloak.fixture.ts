/** The real Keycloak for a test: brought by Maven into the cache, started on free ports with the realm of `deploy/`. */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { roles, type Role } from "@releve/access/roles";
import { freePorts } from "@releve/testkit/free-ports";
import type { ProviderUnderTest } from "./sign-in.contract.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const version = "26.7.3";
const cache = join(root, ".cache/keycloak");
const installed = join(cache, `keycloak-${version}`);
const realmFile = join(root, "deploy/keycloak/releve-realm.json");

const bringWithinMs = 240_000;
/** Its first start compiles itself: a minute on a busy machine, or two. */
const startWithinMs = 300_000;
const accessTokenS = 5;

/** @returns a sentence that says what is missing, or undefined when it can be started. */
export async function missingForKeycloak(): Promise<string | undefined> {
  const java = await run("java", ["-version"]).then(
    () => true,
    () => false,
  );
  if (!java) return "Java 17 is not installed, so the real Keycloak was not tried.";
  if (existsSync(join(installed, "bin/kc.sh"))) return undefined;
  await mkdir(cache, { recursive: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
  const args = ["-q", "-B", "dependency:unpack", `-Dartifact=${artifact}`, `-DoutputDirectory=${cache}`];
  return run("mvn", args, { timeout: bringWithinMs, cwd: cache }).then(
    () => undefined,
    () => `Maven did not bring ${artifact}, so the real Keycloak was not tried.`,
  );
}

type Client = { readonly clientId: string; readonly attributes?: Readonly<Record<string, string>> };
type Realm = { readonly clients: readonly Client[]; readonly users: readonly object[] };

const secretOf = (client: string): string => `a secret of ${client} in tests`;
const passwordOf = (role: Role): string => `password of ${role}`;

/** The realm as it is deployed, with what an administrator adds: secrets, people, and where this console is. */
async function realmWith(consoleUrl: string): Promise<Realm> {
  const realm = JSON.parse(await readFile(realmFile, "utf8")) as Realm;
  const here = {
    redirectUris: [`${consoleUrl}/sign-in/back`],
    attributes: {
      ...realm.clients.find(({ clientId }) => clientId === "releve-site-a")!.attributes,
      "backchannel.logout.url": `${consoleUrl}/sign-in/back-channel-logout`,
    },
  };
  return {
    ...realm,
    accessTokenLifespan: accessTokenS,
    clients: realm.clients.map((client) => ({
      ...client,
      secret: secretOf(client.clientId),
      ...(client.clientId === "releve-site-a" && here),
    })),
    users: [...realm.users, ...roles.map(userOf)],
  } as Realm;
}

const userOf = (role: Role) => ({
  username: role,
  enabled: true,
  email: `${role}@releve.invalid`,
  emailVerified: true,
  firstName: role,
  lastName: "Tester",
  credentials: [{ type: "password", value: passwordOf(role), temporary: false }],
  realmRoles: [role],
  groups: ["/sites/every"],
});

/** @throws Error with what it said last when it does not come up. */
export async function startKeycloak(consoleUrl: string): Promise<ProviderUnderTest> {
  const home = await ownHome();
  await writeFile(join(home, "data/import/releve-realm.json"), JSON.stringify(await realmWith(consoleUrl)));
  const [port, management] = (await freePorts(2)) as [number, number];
  const options = ["--http-host=127.0.0.1", `--http-port=${port}`, `--http-management-port=${management}`];
  const command = ["start-dev", "--import-realm", "--db=dev-mem", ...options];
  const keycloak = spawn(join(home, "bin/kc.sh"), command, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  for (const stream of [keycloak.stdout, keycloak.stderr])
    stream.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  const gone = new Promise<void>((resolve) => void keycloak.once("exit", () => resolve()));
  // Its script starts Java as a child: the group is what is ended.
  const stop = async () => {
    if (keycloak.exitCode === null && keycloak.signalCode === null) process.kill(-keycloak.pid!, "SIGTERM");
    await gone;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  const issuer = `http://127.0.0.1:${port}/realms/releve`;
  if (!(await answers(issuer, gone))) {
    await stop();
    throw new Error(`Keycloak did not come up: ${said}`);
  }
  return {
    issuer,
    clientId: "releve-site-a",
    clientSecret: secretOf("releve-site-a"),
    passwordOf,
    programToken: () => programToken(issuer),
    accessTokenS,
    stop,
  };
}

/** It writes into its own folder, compiling itself at the first start: a copy leaves the cache as it came. */
async function ownHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "releve-keycloak-"));
  for (const part of ["bin", "conf", "lib", "providers", "themes", "version.txt"])
    if (existsSync(join(installed, part)))
      await cp(join(installed, part), join(home, part), { recursive: true });
  await mkdir(join(home, "data/import"), { recursive: true });
  return home;
}

async function answers(issuer: string, gone: Promise<void>): Promise<boolean> {
  const ended = new AbortController();
  void gone.then(() => ended.abort());
  const endsAtMs = Date.now() + startWithinMs;
  while (!ended.signal.aborted && Date.now() < endsAtMs) {
    const up = await fetch(`${issuer}/.well-known/openid-configuration`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}

async function programToken(issuer: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: "releve-command",
    client_secret: secretOf("releve-command"),
  });
  const response = await fetch(`${issuer}/protocol/openid-connect/token`, { method: "POST", body });
  return ((await response.json()) as { access_token: string }).access_token;
}
