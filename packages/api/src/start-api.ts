/** The console's server: tRPC under /trpc, pictures of results, the built console. Loopback only until sign-in exists. */
import { existsSync } from "node:fs";
import fastifyStatic from "@fastify/static";
import type { Digest } from "@releve/domain/ids";
import { isDigest } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import { followIndex } from "@releve/ledger/views/event-index";
import { fastifyTRPCPlugin } from "@trpc/server/adapters/fastify";
import fastify, { type FastifyInstance } from "fastify";
import type { ApiContext, NodeView } from "./api-context.ts";
import { changeFeed } from "./change-feed.ts";
import { guardRequests } from "./guard-requests.ts";
import { router } from "./router.ts";

export type ApiOptions = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly consoleDir: string;
  readonly log: EventLog;
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly nodes: () => readonly NodeView[];
};

export type Api = {
  readonly url: string;
  /** Fails when the ledger can no longer be followed: the process must start again. */
  readonly following: Promise<void>;
  readonly close: () => Promise<void>;
};

/** @throws the listener's error, such as EADDRINUSE; LedgerFault when the ledger cannot be read. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const feed = changeFeed();
  const { index, following, stop } = await followIndex(options.log, feed.tell);
  const context: ApiContext = { index, nodes: options.nodes, changes: feed.changes };
  const app = fastify({
    logger: false,
    routerOptions: { maxParamLength: 5000 },
    forceCloseConnections: true,
  });
  guardRequests(app);
  await app.register(fastifyTRPCPlugin, {
    prefix: "/trpc",
    trpcOptions: { router, createContext: () => context },
  });
  pictures(app, context, options.readObject);
  if (existsSync(options.consoleDir)) await app.register(fastifyStatic, { root: options.consoleDir });
  const url = await app.listen({ host: options.host, port: options.port });
  return {
    url,
    following,
    close: async () => {
      stop();
      await app.close();
    },
  };
}

/** Only what a completion named as a picture: the store also holds patients' images, which are not for this door. */
function pictures(app: FastifyInstance, { index }: ApiContext, readObject: ApiOptions["readObject"]): void {
  app.get<{ Params: { digest: string } }>("/pictures/:digest", async (request, reply) => {
    const { digest } = request.params;
    const named = index.all.some(
      ({ event }) =>
        event.type === "JobCompleted" && event.pictures.some((picture) => picture.digest === digest),
    );
    if (!named || !isDigest(digest)) return reply.code(404).send({ detail: "There is no such picture." });
    const bytes = await readObject(digest);
    return reply
      .type("image/png")
      .header("cache-control", "private, max-age=31536000, immutable")
      .send(Buffer.from(bytes));
  });
}
