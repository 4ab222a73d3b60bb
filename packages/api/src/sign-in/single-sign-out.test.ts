import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedProvider } from "@releve/access/embedded/embedded-provider";
import { prepareProvider, readSecret, secretFileOf } from "@releve/access/embedded/prepare-provider";
import { systemClock } from "@releve/domain/clock";
import type { SiteId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { freePorts } from "@releve/testkit/free-ports";
import fastify, { type FastifyInstance } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { browser } from "./browser.fixture.ts";
import { openSignIn } from "./open-sign-in.ts";

const sites = ["site-a", "site-b"] as const;

test("one sign-in serves both sites, and who signs out at one is signed out at the other", async () => {
  const dir = await mkdtemp(join(tmpdir(), "releve-two-sites-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const [shown] = await prepareProvider(dir, sites);
  const [consoleA, consoleB] = (await freePorts(2)).map((port) => `http://127.0.0.1:${port}`) as [
    string,
    string,
  ];
  const clients = [
    { id: "site-a", consoleUrl: consoleA },
    { id: "site-b", consoleUrl: consoleB },
  ];
  const provider = await startEmbeddedProvider({ dir, port: 0, clients });
  onTestFinished(provider.close);
  for (const { id, consoleUrl } of clients) await startSite(id, consoleUrl, provider.issuer, dir);

  const person = browser();
  await person.signIn(`${consoleA}/sign-in`, shown!.name, shown!.password);
  expect((await person.get(`${consoleA}/`)).body).toBe(shown!.name);
  // No password again.
  expect((await person.get(`${consoleB}/sign-in`)).body).toBe(shown!.name);
  await person.post(`${consoleB}/sign-out`);
  expect((await person.get(`${consoleB}/`)).body).toBe("NOT_SIGNED_IN");
  expect((await person.get(`${consoleA}/`)).body).toBe("SIGN_IN_EXPIRED");

  const forged = new URLSearchParams({ logout_token: "eyJhbGciOiJub25lIn0.e30." }).toString();
  const type = { "content-type": "application/x-www-form-urlencoded" };
  expect((await person.post(`${consoleA}/sign-in/back-channel-logout`, forged, type)).status).toBe(400);
});

/** As much of an API as says who asks. */
async function startSite(id: string, consoleUrl: string, issuer: string, dir: string): Promise<void> {
  const app = fastify() as unknown as FastifyInstance;
  const clientSecret = readSecret(secretFileOf(dir, id));
  const options = {
    issuer,
    clientId: id,
    clientSecret,
    audience: "releve",
    consoleUrl,
    dir: join(dir, "signed-in", id),
  };
  const signIn = openSignIn(
    options,
    id as SiteId,
    "releve://system/operator/operator",
    systemClock,
    () => {},
  );
  signIn.addRoutes(app);
  app.get("/", (request) =>
    signIn.personOf(request.raw).then((found) => (isRefusal(found) ? found.refused : found.person.name)),
  );
  await app.listen({ host: "127.0.0.1", port: Number(new URL(consoleUrl).port) });
  onTestFinished(() => app.close().finally(signIn.close));
}
