/** What a browser on this machine must not be talked into: other hosts' names for us, and other pages' requests. */
import { isIP } from "node:net";
import type { FastifyInstance } from "fastify";

const securityHeaders = {
  // Mantine writes style elements; scripts are files of ours only.
  "content-security-policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

export function guardRequests(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders);
    // A name that resolves here from elsewhere (DNS rebinding) would make another site's page our origin.
    if (!cannotBeRebound(nameOf(request.headers.host ?? ""))) {
      return reply.code(403).send({ detail: "This server answers to its address and to localhost only." });
    }
    const { origin } = request.headers;
    if (origin !== undefined && URL.parse(origin)?.host !== request.headers.host) {
      return reply.code(403).send({ detail: "Requests from other pages are not answered." });
    }
    return undefined;
  });
}

/** An address is what it says; only names are looked up, and by whom the page's author wants. */
const cannotBeRebound = (name: string): boolean =>
  name === "localhost" || isIP(name.replace(/^\[|\]$/g, "")) !== 0;

const nameOf = (host: string): string => host.replace(/:\d+$/, "").toLowerCase();
