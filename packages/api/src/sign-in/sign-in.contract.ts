/** What signing in must do, with whichever identity provider: the embedded one, and the real Keycloak. */
import { createServer, request } from "node:http";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "@releve/access/roles";
import { freePorts } from "@releve/testkit/free-ports";
import { memoryLog } from "@releve/ledger/memory-log";
import { openReadModel } from "@releve/ledger/read-models/open-read-model";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startApi, type Api } from "../start-api.ts";
import { browser, type Browser } from "./browser.fixture.ts";

export type ProviderUnderTest = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly passwordOf: (role: Role) => string;
  /** A token of this client for a program, and one that is not for us. */
  readonly programToken?: () => Promise<string>;
  readonly accessTokenS: number;
  readonly stop: () => Promise<void>;
};

/** Keycloak compiles itself at its first start. */
const startWithinMs = 360_000;

/** @param start of the provider, told where the console will be. */
export function signInContract(start: (consoleUrl: string) => Promise<ProviderUnderTest>): void {
  let dir: string;
  let consoleUrl: string;
  let provider: ProviderUnderTest;
  let api: Api;

  const startConsole = async (issuer = provider.issuer): Promise<Api> => {
    const model = openReadModel();
    const log = memoryLog();
    const { clientId, clientSecret } = provider;
    const started = await startApi({
      host: "127.0.0.1",
      port: Number(new URL(consoleUrl).port),
      operatorUri: "releve://system/operator/operator",
      consoleDir: join(dir, "console"),
      signIn: { issuer, clientId, clientSecret, audience: "releve", consoleUrl, dir: join(dir, "sign-in") },
      place: { site: "site-a", address: "127.0.0.1", otherSites: [] },
      model,
      log: () => log,
      health: () => ({ silentSinceMs: 1, members: [], last: undefined, bytes: 0 }),
      drill: () => undefined,
      readObject: async () => new Uint8Array(),
      nodes: () => [],
    });
    return { ...started, close: () => started.close().finally(() => model.close()) };
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "releve-sign-in-"));
    const [port] = await freePorts(1);
    consoleUrl = `http://127.0.0.1:${port}`;
    provider = await start(consoleUrl);
    await mkdir(join(dir, "console"));
    await writeFile(join(dir, "console/index.html"), "<title>the console</title>");
    api = await startConsole();
  }, startWithinMs);
  afterAll(async () => {
    await api.close();
    await provider.stop();
    await rm(dir, { recursive: true });
  });

  const ask = (person: Browser, question: string) => person.get(`${consoleUrl}/trpc/${question}`);
  const signedIn = async (role: Role): Promise<Browser> => {
    const person = browser();
    await person.signIn(`${consoleUrl}/sign-in`, role, provider.passwordOf(role));
    return person;
  };

  test("without a sign-in nothing is answered, and a sign-in leads back to where it began", async () => {
    const person = browser();
    expect((await ask(person, "studies.list")).status).toBe(401);
    const to = encodeURIComponent("/?jobs=1#/jobs");
    const page = await person.signIn(
      `${consoleUrl}/sign-in?to=${to}`,
      "radiologist",
      provider.passwordOf("radiologist"),
    );
    expect([page.status, page.url]).toEqual([200, `${consoleUrl}/?jobs=1#/jobs`]);
    const me = await ask(person, "system.me");
    expect(JSON.parse(me.body)).toMatchObject({
      result: { data: { name: "radiologist", roles: ["radiologist"], sites: "every" } },
    });
    expect((await ask(person, "studies.list")).status).toBe(200);
    expect((await ask(person, "nodes.list")).status).toBe(200);
  });

  test("the browser holds no token, and no script can read its cookie", async () => {
    const person = await signedIn("clinician");
    const held = [...person.cookies(), ...person.visited()].filter(
      (text) => text.includes(new URL(consoleUrl).host) || text.startsWith("releve-"),
    );
    expect(held.join("\n")).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
    const left = await fetch(`${consoleUrl}/sign-in`, { redirect: "manual" });
    expect(left.headers.get("set-cookie")).toMatch(/HttpOnly/i);
    expect(left.headers.get("set-cookie")).toMatch(/SameSite=Lax/i);
    const going = new URL(left.headers.get("location")!);
    expect(Object.fromEntries(going.searchParams)).toMatchObject({
      code_challenge_method: "S256",
      response_type: "code",
    });
    expect(going.searchParams.get("state")!.length).toBeGreaterThan(20);
    expect(going.searchParams.get("nonce")!.length).toBeGreaterThan(20);
  });

  test.each(["auditor", "dpo", "operator"] as const)(
    "%s sees what the table says and no more",
    async (role) => {
      const person = await signedIn(role);
      expect((await ask(person, "events.list?input={}")).status).toBe(200);
      expect((await ask(person, "studies.list")).status).toBe(role === "operator" ? 200 : 403);
      const picture = `${consoleUrl}/pictures/${"0".repeat(64)}`;
      expect((await person.get(picture)).status).toBe(403);
    },
  );

  test("a wrong password is refused by the provider, and nobody is signed in", async () => {
    const person = browser();
    const page = await person.signIn(`${consoleUrl}/sign-in`, "technologist", "no");
    expect(page.url).not.toContain(consoleUrl);
    expect((await ask(person, "system.me")).status).toBe(401);
  });

  test.each([
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/%2F/evil",
    "javascript:alert(1)",
    "/ok\nx",
  ])("a sign-in does not lead to %s", async (to) => {
    const person = browser();
    const page = await person.signIn(
      `${consoleUrl}/sign-in?to=${encodeURIComponent(to)}`,
      "clinician",
      provider.passwordOf("clinician"),
    );
    expect(new URL(page.url).origin).toBe(consoleUrl);
  });

  test("an answer that was not asked for, or that is used twice, signs nobody in", async () => {
    const stranger = browser();
    expect((await stranger.get(`${consoleUrl}/sign-in/back?code=x&state=y`)).status).toBe(403);
    const person = await signedIn("clinician");
    const back = person.visited().find((url) => url.includes("/sign-in/back"))!;
    expect((await person.get(back)).status).toBe(403);
    const begun = browser();
    await begun.get(`${consoleUrl}/sign-in`);
    expect((await begun.get(back)).status).toBe(403);
    expect((await ask(begun, "system.me")).status).toBe(401);
  });

  test("another page cannot act for who is signed in", async () => {
    const person = await signedIn("operator");
    const type = { "content-type": "application/json" };
    const drain = JSON.stringify({ site: "site-a", node: "a1" });
    const url = `${consoleUrl}/trpc/nodes.drain`;
    expect((await person.post(url, drain, { ...type, origin: "http://127.0.0.1:1" })).status).toBe(403);
    expect((await person.post(url, drain, { ...type, origin: "null" })).status).toBe(403);
    expect(JSON.parse((await person.post(url, drain, type)).body)).toMatchObject({
      result: { data: { refused: "NODE_UNKNOWN" } },
    });
    const cookie = cookieOf(person);
    const withoutOrigin = await fetch(url, { method: "POST", body: drain, headers: { ...type, cookie } });
    expect(withoutOrigin.status).toBe(403);
    const upgrade = { cookie, upgrade: "websocket", connection: "upgrade", origin: "http://127.0.0.1:1" };
    expect(await statusOfUpgrade(`${consoleUrl}/trpc/system.me`, upgrade)).toBe(403);
  });

  test("a restart of the API keeps the sign-in; what it keeps is its owner's alone, and shows no token", async () => {
    const person = await signedIn("radiologist");
    await api.close();
    api = await startConsole();
    expect((await ask(person, "system.me")).status).toBe(200);
    for (const file of await readdir(join(dir, "sign-in"))) {
      const path = join(dir, "sign-in", file);
      if (/key|sqlite$/.test(file)) expect((await stat(path)).mode & 0o077).toBe(0);
      const content = (await readFile(path)).toString("latin1");
      expect(content).not.toMatch(/eyJ|radiologist/);
      expect(content).not.toContain(cookieOf(person).split("=")[1]);
    }
  });

  test(
    "an access token that runs out is renewed without anybody noticing",
    { timeout: 120_000 },
    async () => {
      const person = await signedIn("radiologist");
      const before = person.visited().length;
      await new Promise((resolve) => setTimeout(resolve, provider.accessTokenS * 1_000));
      expect((await ask(person, "system.me")).status).toBe(200);
      expect(person.visited().length).toBe(before + 1);
    },
  );

  test("sign-out ends it here and at the provider", async () => {
    const person = await signedIn("radiologist");
    expect((await person.post(`${consoleUrl}/sign-out`)).status).toBe(200);
    expect((await ask(person, "system.me")).status).toBe(401);
    // The provider asks for the password again.
    const again = await person.get(`${consoleUrl}/sign-in`);
    expect(again.url).not.toContain(consoleUrl);
    expect(again.body).toContain("password");
  });

  test("what is open ends with the sign-in", async () => {
    const person = await signedIn("radiologist");
    const cookie = cookieOf(person);
    const live = await fetch(`${consoleUrl}/trpc/live`, { headers: { accept: "text/event-stream", cookie } });
    expect(live.status).toBe(200);
    const reader = live.body!.getReader();
    await reader.read();
    await person.post(`${consoleUrl}/sign-out`);
    while (!(await reader.read()).done);
  });

  test("a program's token is checked, and one that is not for us is refused", async () => {
    const withToken = (token: string) =>
      fetch(`${consoleUrl}/trpc/nodes.list`, { headers: { authorization: `Bearer ${token}` } });
    expect((await withToken("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")).status).toBe(401);
    if (!provider.programToken) return;
    const token = await provider.programToken();
    expect((await withToken(token)).status).toBe(200);
    expect((await withToken(`${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401);
  });

  test("the provider down: who is signed in works on, nobody new comes in, and the page says so", async () => {
    const person = await signedIn("radiologist");
    await api.close();
    const away = createServer((_, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => away.listen(0, "127.0.0.1", resolve));
    onTestFinished(async () => {
      away.close();
      await api.close();
      api = await startConsole();
    });
    const { port } = away.address() as { port: number };
    api = await startConsole(`http://127.0.0.1:${port}/realms/releve`);
    expect((await ask(person, "system.me")).status).toBe(200);
    const page = await browser().get(`${consoleUrl}/sign-in`);
    expect(page.status).toBe(503);
    expect(page.body).toContain("nobody can sign in now");
    expect(page.body).toContain("personne ne peut se connecter");
  });
}

const cookieOf = (person: Browser): string =>
  person.cookies().findLast((pair) => pair.startsWith("releve-site-a-session="))!;

async function statusOfUpgrade(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once("upgrade", () => resolve(101));
    asked.once("error", reject);
    asked.end();
  });
}
