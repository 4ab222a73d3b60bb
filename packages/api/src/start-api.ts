/** The console's server: tRPC under /trpc, pictures of results, the built console. */
import { existsSync } from "node:fs";
import type { ServerOptions } from "node:https";
import fastifyStatic from "@fastify/static";
import { catalogue } from "@releve/apps/catalogue";
import { admitPeers, type Admits } from "@releve/domain/admit-peers";
import { systemClock, type Clock } from "@releve/domain/clock";
import type { Digest, SiteId } from "@releve/domain/ids";
import { isDigest } from "@releve/domain/ids";
import { admit } from "@releve/ledger/dispatch/admission";
import type { Commit, EventLog, Position } from "@releve/ledger/event-log";
import type { LedgerHealth } from "@releve/ledger/jetstream/ledger-health";
import { joinedModels, type JoinedModels } from "@releve/ledger/read-models/joined-models";
import type { ReadModel } from "@releve/ledger/read-models/open-read-model";
import type { DrillStatus } from "@releve/wire/drill-status";
import { fastifyTRPCPlugin, type CreateFastifyContextOptions } from "@trpc/server/adapters/fastify";
import fastify, { type FastifyInstance } from "fastify";
import type { ApiContext, LiveNode, Place } from "./api-context.ts";
import { changeFeed } from "./change-feed.ts";
import { ledgerCommands } from "./commands.ts";
import { guardRequests } from "./guard-requests.ts";
import { lagMeter } from "./lag-meter.ts";
import { byHand } from "./requests/by-hand.ts";
import { clusterLoad } from "./room.ts";
import { router } from "./router.ts";
import { openSessions, type Sessions, type SessionsOptions } from "./session/open-sessions.ts";
import { accessNotes, refusalNotes, type AccessNotes } from "./sign-in/access-notes.ts";
import { guardRoutes } from "./sign-in/guard-routes.ts";
import { openSignIn, type SignIn, type SignInOptions } from "./sign-in/open-sign-in.ts";
import { personWithoutSignIn } from "./sign-in/person-without-sign-in.ts";

export type ApiOptions = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Beyond loopback: its certificate, and that callers must show one. */
  readonly https?: ServerOptions | undefined;
  /** Whose certificates it takes then; anybody's when absent. */
  readonly admits?: Admits;
  /** The name in the certificate of who may change something from elsewhere. */
  readonly operatorUri: string;
  readonly consoleDir: string;
  /** Absent: nobody signs in, and who is at this machine or has the operator's certificate may everything. */
  readonly signIn?: SignInOptions;
  readonly place: Place;
  readonly model: ReadModel;
  /** Of the other ledgers that are copied here, by their names. */
  readonly copies?: ReadonlyMap<string, ReadModel>;
  /** Undefined while the ledger was not reached: the model is shown all the same, and nothing can be changed. */
  readonly log: () => EventLog | undefined;
  readonly health: () => LedgerHealth;
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly nodes: () => readonly LiveNode[];
  readonly drill: () => DrillStatus | undefined;
  /** Told of what failed beside an answer; thrown when absent. */
  readonly onFault?: (error: unknown) => void;
  readonly clock?: Clock;
} & Pick<SessionsOptions, "nodeLink" | "onSessionFault">;

export type Api = {
  readonly url: string;
  /** To be told of what the model took in. */
  readonly onWritten: (commits: readonly Commit[]) => void;
  /** To be told of what the model of a copy took in. */
  readonly onCopied: (commits: readonly Commit[]) => void;
  /** To be told where the ledger's end is. */
  readonly onLedgerEnd: (last: Position | undefined) => void;
  readonly close: () => Promise<void>;
};

/** @throws the listener's error, such as EADDRINUSE. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { model, place, clock = systemClock } = options;
  const joined = joinedModels(model, options.copies ?? new Map());
  const { nowMs } = clock;
  const feed = changeFeed();
  const meter = lagMeter(nowMs());
  meter.modelIsAt(model.checkpoint().position, nowMs());
  const sessions = openSessions(options, clock);
  const shared: Omit<ApiContext, "signedIn" | "onRefused"> = {
    place,
    model,
    joined,
    commands: ledgerCommands(options.log, place.site, clock),
    byHand: byHandOf(options, clock),
    sessions,
    readObject: options.readObject,
    nodes: options.nodes,
    health: options.health,
    lag: () => meter.lag(nowMs()),
    drill: options.drill,
    nowMs,
    changes: feed.changes,
  };
  const app = fastify({
    logger: false,
    routerOptions: { maxParamLength: 5000 },
    forceCloseConnections: true,
    ...(options.https ? { https: options.https } : {}),
  }) as unknown as FastifyInstance;
  if (options.https && options.admits) admitPeers(app.server, options.admits);
  guardRequests(app, options.signIn?.consoleUrl);
  const site = place.site as SiteId;
  const notes = accessNotes({ log: options.log, site, clock, onFault: options.onFault ?? rethrow });
  const onRefused = refusalNotes(notes.note);
  const signIn = options.signIn && openSignIn(options.signIn, site, options.operatorUri, clock, notes.note);
  const personOf = signIn?.personOf ?? personWithoutSignIn(options.operatorUri);
  guardRoutes(app, personOf, site, onRefused);
  await app.register(fastifyTRPCPlugin, {
    prefix: "/trpc",
    trpcOptions: {
      router,
      createContext: async ({ req }: CreateFastifyContextOptions): Promise<ApiContext> => ({
        ...shared,
        onRefused,
        signedIn: await personOf(req.raw),
      }),
    },
  });
  signIn?.addRoutes(app);
  pictures(app, joined, options.readObject);
  await consoleFiles(app, options.consoleDir, sessions);
  const tell = (commits: readonly Commit[]) => commits.forEach(feed.tell);
  const url = await app.listen({ host: options.host, port: options.port });
  return {
    url,
    onWritten: (commits) => {
      meter.modelIsAt(commits.at(-1)?.position, nowMs());
      tell(commits);
    },
    onCopied: tell,
    onLedgerEnd: (last) => meter.ledgerIsAt(last, nowMs()),
    close: () => closeAll(app, signIn, notes),
  };
}

function rethrow(error: unknown): never {
  throw error;
}

async function closeAll(app: FastifyInstance, signIn: SignIn | undefined, notes: AccessNotes): Promise<void> {
  await app.close();
  signIn?.close();
  await notes.close();
}

function byHandOf({ model, place, log, readObject, nodes }: ApiOptions, clock: Clock): ApiContext["byHand"] {
  return byHand({
    catalogue,
    log,
    readObject,
    siteOf: (study) => model.ask(({ view }) => view("study", study))?.site as SiteId | undefined,
    admit: (request) =>
      admit(
        model.ask((queries) => clusterLoad(queries, nodes(), clock.nowMs())),
        request,
      ),
    site: place.site,
    clock,
  });
}

async function consoleFiles(app: FastifyInstance, root: string, sessions: Sessions): Promise<void> {
  const hasConsole = existsSync(root);
  if (hasConsole) await app.register(fastifyStatic, { root });
  await sessions.addRoutes(app, hasConsole);
}

/** Only what a completion named as a picture: the store also holds patients' images, which are not for this door. */
function pictures(
  app: FastifyInstance,
  { hasPicture }: JoinedModels,
  readObject: ApiOptions["readObject"],
): void {
  const config = { operation: "pictures.get" } as const;
  app.get<{ Params: { digest: string } }>("/pictures/:digest", { config }, async (request, reply) => {
    const { digest } = request.params;
    const named = isDigest(digest) && hasPicture(digest);
    if (!named) return reply.code(404).send({ detail: "There is no such picture." });
    const bytes = await readObject(digest);
    return reply
      .type("image/png")
      .header("cache-control", "private, max-age=31536000, immutable")
      .send(Buffer.from(bytes));
  });
}
