/** What a browser must not be talked into: other hosts' names for us, and other pages' requests, WebSockets among them. */
import { isIP } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";

const securityHeaders = {
  // Mantine writes style elements; scripts are files of ours only.
  "content-security-policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** @param consoleUrl where people reach the console, when it has a name. */
export function guardRequests(app: FastifyInstance, consoleUrl?: string): void {
  const own = consoleUrl === undefined ? undefined : new URL(consoleUrl).hostname;
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders);
    // One that was no upgrade in the end belongs to nobody: neither the HTTP server nor the WebSocket's would close it.
    if (request.headers.upgrade !== undefined)
      reply.raw.once("finish", () => request.raw.socket.destroySoon());
    const name = nameOf(request.headers.host ?? "");
    // A name that resolves here from elsewhere (DNS rebinding) would make another site's page our origin.
    if (name !== own && !cannotBeRebound(name)) {
      return reply.code(403).send({ detail: "This server answers to its address and to its own name only." });
    }
    if (!isFromOwnPage(request)) {
      return reply.code(403).send({ detail: "Requests from other pages are not answered." });
    }
    return undefined;
  });
}

/**
 * Browsers name the page that asks wherever a page can change something or open a WebSocket; a request that carries a cookie
 * and names none is not answered then. Programs, which have no cookie, need not name any.
 */
function isFromOwnPage({ method, headers }: FastifyRequest): boolean {
  const { origin, host, cookie, upgrade } = headers;
  if (origin !== undefined) return URL.parse(origin)?.host === host;
  const onlyLooks = (method === "GET" || method === "HEAD") && upgrade === undefined;
  return onlyLooks || cookie === undefined;
}

/** An address is what it says; only names are looked up, and by whom the page's author wants. */
const cannotBeRebound = (name: string): boolean =>
  name === "localhost" || isIP(name.replace(/^\[|\]$/g, "")) !== 0;

const nameOf = (host: string): string => host.replace(/:\d+$/, "").toLowerCase();
