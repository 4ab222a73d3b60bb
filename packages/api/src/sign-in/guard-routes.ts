/**
 * Every HTTP and WebSocket route names its row in the table of rights, and is asked for by who may. A route without a row
 * keeps the server from starting. tRPC's own is checked procedure by procedure, and the console's files hold no data.
 */
import { mayDo } from "@releve/access/may-do";
import type { Operation } from "@releve/access/rights";
import type { SiteId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import type { FastifyInstance } from "fastify";
import type { OnRefused, PersonOf, SignedIn } from "./person-of.ts";

declare module "fastify" {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- the library is told its keys by this interface
  interface FastifyContextConfig {
    /** `procedures`: each has its own row. `anyone`: shows nothing that needs a right. */
    readonly operation?: Operation | "procedures" | "anyone";
  }
  // oxlint-disable-next-line typescript/consistent-type-definitions -- as above
  interface FastifyRequest {
    /** Who asks, on routes that name an operation; null elsewhere. */
    signedIn: SignedIn | null;
  }
}

/** To be called before any route is made. */
export function guardRoutes(
  app: FastifyInstance,
  personOf: PersonOf,
  site: SiteId,
  onRefused: OnRefused,
): void {
  app.decorateRequest("signedIn", null);
  app.addHook("onRoute", (route) => {
    const operation = route.config?.operation ?? ofLibraries(route.url);
    if (operation === undefined)
      throw new TypeError(`the route ${route.url} names no operation of the table of rights`);
    route.config = { ...route.config, operation };
  });
  app.addHook("onRequest", async (request, reply) => {
    const { operation } = request.routeOptions.config;
    // Also what no route takes: it is answered with 404 and nothing else.
    if (operation === undefined || operation === "procedures" || operation === "anyone") return undefined;
    const found = await personOf(request.raw);
    if (isRefusal(found)) return reply.code(401).send({ code: found.refused, detail: found.reason });
    const no = mayDo(found.person, operation, { site });
    if (no) {
      onRefused(found.person, operation, site, no);
      return reply.code(403).send({ code: no.refused, detail: no.reason });
    }
    request.signedIn = found;
    return undefined;
  });
}

/** Routes that a plugin makes cannot name theirs. */
function ofLibraries(url: string): "procedures" | "anyone" | undefined {
  if (url.startsWith("/trpc/")) return "procedures";
  return url === "/*" || url === "/" ? "anyone" : undefined;
}
