import { mayDo } from "@releve/access/may-do";
import type { Person } from "@releve/access/person";
import { isOperation, operations, reachOf, type Operation } from "@releve/access/rights";
import { roles } from "@releve/access/roles";
import type { SiteId, SubjectId } from "@releve/domain/ids";
import { refusal } from "@releve/domain/refusal";
import { TRPCError } from "@trpc/server";
import fastify from "fastify";
import { expect, test } from "vitest";
import type { ApiContext } from "../api-context.ts";
import { router } from "../router.ts";
import { guardRoutes } from "./guard-routes.ts";
import type { SignedIn } from "./person-of.ts";

const here = "site-a" as SiteId;
const elsewhere = "site-b" as SiteId;
const ended = new AbortController().signal;

const person = (role: Person["roles"][number], site: SiteId): Person => ({
  subject: "00000000-0000-5000-8000-000000000001" as SubjectId,
  name: "somebody",
  roles: [role],
  sites: [site],
});

/** Whoever gets past the check meets an API with nothing behind it: any other failure is as good as an answer. */
const contextFor = (signedIn: ApiContext["signedIn"]): ApiContext =>
  ({
    signedIn,
    onRefused: () => {},
    place: { site: here },
    model: { ask: (question: (queries: object) => unknown) => question({ view: () => undefined }) },
  }) as unknown as ApiContext;

// oxlint-disable-next-line no-underscore-dangle -- tRPC names it so
const procedures = Object.keys(router._def.procedures);

async function answerTo(path: string, signedIn: ApiContext["signedIn"]): Promise<string> {
  const call = path
    .split(".")
    .reduce(
      (at: unknown, name) => (at as Record<string, unknown>)[name],
      router.createCaller(contextFor(signedIn)),
    );
  try {
    await (call as (input: unknown) => Promise<unknown>)({});
    return "answered";
  } catch (error) {
    if (error instanceof TRPCError && error.code === "FORBIDDEN") return "forbidden";
    if (error instanceof TRPCError && error.code === "UNAUTHORIZED") return "unauthorized";
    return "answered";
  }
}

test("every procedure has a row", () => {
  expect(procedures.length).toBeGreaterThan(15);
  expect(procedures.filter((path) => !isOperation(path))).toEqual([]);
});

test.each(procedures)("%s is for whom the table says, of the own site and of another", async (path) => {
  for (const role of roles)
    for (const site of [here, elsewhere]) {
      const reach = reachOf(role, path as Operation);
      const may = reach === "every" || (reach === "own" && site === here);
      const signedIn = { person: person(role, site), ended };
      expect([role, site, await answerTo(path, signedIn)]).toEqual([
        role,
        site,
        may ? "answered" : "forbidden",
      ]);
    }
});

test.each(["NOT_SIGNED_IN", "SIGN_IN_EXPIRED", "SIGN_IN_REVOKED", "TOKEN_WRONG_AUDIENCE"])(
  "%s: no procedure answers",
  async (code) => {
    for (const path of procedures) expect(await answerTo(path, refusal(code, "No."))).toBe("unauthorized");
  },
);

test("what names another site is asked of that site", async () => {
  const admin: SignedIn = { person: person("site-admin", here), ended };
  const caller = router.createCaller(contextFor(admin));
  await expect(caller.nodes.drain({ site: elsewhere, node: "b1" })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});

test("a route is for whom the table says, and one without a row keeps the server from starting", async () => {
  let asking: ApiContext["signedIn"] = refusal("NOT_SIGNED_IN", "Nobody.");
  const app = fastify();
  guardRoutes(
    app,
    async () => asking,
    here,
    () => {},
  );
  for (const operation of operations) app.get(`/${operation}`, { config: { operation } }, async () => "yes");
  expect(() => app.get("/forgotten", async () => "no")).toThrow(/names no operation/);
  for (const operation of operations) {
    asking = refusal("NOT_SIGNED_IN", "Nobody.");
    expect((await app.inject(`/${operation}`)).statusCode).toBe(401);
    for (const role of roles) {
      asking = { person: person(role, here), ended };
      const may = mayDo(asking.person, operation, { site: here }) === undefined;
      expect((await app.inject(`/${operation}`)).statusCode).toBe(may ? 200 : 403);
    }
  }
  await app.close();
});
