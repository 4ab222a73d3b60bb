/** `/session/ID`, the page of a session, and its stream: a WebSocket that a page says hello on. */
import fastifyWebsocket from "@fastify/websocket";
import { mayDo } from "@releve/access/may-do";
import type { Clock } from "@releve/domain/clock";
import { isUuid, type Digest, type SiteId, type StudyId } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { StudyView } from "@releve/ledger/views/study-view";
import {
  decodeText,
  pageHelloSchema,
  pageMessageBytesMost,
  pageMessageSchema,
  type HostMessage,
} from "@releve/wire/session/page-messages";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ClientOptions, WebSocket } from "ws";
import type { LiveNode } from "../api-context.ts";
import type { SignedIn } from "../sign-in/person-of.ts";
import { volumeBytes } from "./open-session.ts";
import { PageStream } from "./page-stream.ts";
import type { SessionLedger } from "./session-ledger.ts";

export type SessionRoutesDeps = {
  readonly ledger: SessionLedger;
  readonly study: (study: StudyId) => StudyView | undefined;
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly nodes: () => readonly LiveNode[];
  readonly site: string;
  readonly link: ClientOptions;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
};

const streamsMost = 256;
const helloWithinMs = 10_000;
/** A hand makes some hundred movements a second, and each is answered by up to four paintings. */
const messagesPerSecondMost = 2_000;
/** The page does not read: it is ended before it costs the others memory. */
const waitingBytesMost = 32 * 1024 * 1024;
/** RFC 6455 section 7.4.1; 4401: as HTTP's 401. */
const closeCodes = { normal: 1000, policyViolation: 1008, tryAgainLater: 1013, signedOut: 4401 } as const;

/** @param hasConsole whether the built console is served here. */
export async function sessionRoutes(
  app: FastifyInstance,
  deps: SessionRoutesDeps,
  hasConsole: boolean,
): Promise<void> {
  await app.register(fastifyWebsocket, {
    options: { maxPayload: pageMessageBytesMost, perMessageDeflate: false },
  });
  // The page holds no data: who may see the session is asked for at its stream.
  if (hasConsole)
    app.get("/session/:session", { config: { operation: "anyone" } }, (_, reply) =>
      reply.sendFile("index.html"),
    );
  let streams = 0;
  app.get<{ Params: { session: string } }>(
    "/session/:session/stream",
    { websocket: true, config: { operation: "sessions.stream" } },
    (socket, request) => {
      if (streams >= streamsMost) return socket.close(closeCodes.tryAgainLater);
      streams += 1;
      socket.once("close", () => (streams -= 1));
      return serve(socket, request, request.params.session, deps);
    },
  );
}

function serve(socket: WebSocket, request: FastifyRequest, session: string, deps: SessionRoutesDeps): void {
  const signedIn = request.signedIn!;
  const tell = (message: HostMessage) => send(socket, JSON.stringify(message));
  const onSignedOut = () => socket.close(closeCodes.signedOut);
  const isWithinRate = rateMeter(messagesPerSecondMost);
  const silent = setTimeout(() => socket.close(closeCodes.policyViolation), helloWithinMs);
  let stream: PageStream | undefined;
  signedIn.ended.addEventListener("abort", onSignedOut, { once: true });
  socket.on("error", () => socket.terminate());
  socket.once("close", () => {
    clearTimeout(silent);
    signedIn.ended.removeEventListener("abort", onSignedOut);
    stream?.stop();
  });
  socket.once("message", (first, isBinary) => {
    clearTimeout(silent);
    const hello = isBinary ? undefined : decodeText(pageHelloSchema, (first as Buffer).toString());
    if (!hello) return socket.close(closeCodes.policyViolation);
    socket.on("message", (data, binary) => {
      const text = (data as Buffer).toString();
      if (binary || !isWithinRate() || !decodeText(pageMessageSchema, text))
        return socket.close(closeCodes.policyViolation);
      return stream?.say(text);
    });
    return void begin(hello.page).catch(deps.onFault);
  });

  const begin = async (page: string): Promise<void> => {
    const found = await sessionFor(deps, session, signedIn);
    if (isRefusal(found)) {
      tell({ type: "refused", code: found.refused, reason: found.reason });
      return socket.close(closeCodes.normal);
    }
    if (socket.readyState !== socket.OPEN) return undefined;
    stream = new PageStream({
      ...deps,
      ...found,
      page,
      tell,
      pass: (text) => send(socket, text),
      show: (frame) => send(socket, frame),
      end: () => socket.close(closeCodes.normal),
    });
    return stream.start();
  };
}

/** "Not there" and "not allowed" look alike. */
async function sessionFor(deps: SessionRoutesDeps, session: string, { person }: SignedIn) {
  const unknown: Refusal = refusal("SESSION_UNKNOWN", "There is no such session.");
  if (!isUuid(session)) return unknown;
  const now = await deps.ledger.now(session);
  if (isRefusal(now)) return now;
  const site = (deps.study(now.study)?.site ?? deps.site) as SiteId;
  if (mayDo(person, "sessions.stream", { site })) return unknown;
  const needBytes = await volumeBytes(deps, now.plan);
  return isRefusal(needBytes) ? needBytes : { now, needBytes };
}

function send(socket: WebSocket, data: string | Buffer): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > waitingBytesMost) return socket.terminate();
  socket.send(data);
}

/** @returns false for one more than that in a second. */
function rateMeter(perSecondMost: number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(performance.now() / 1_000);
    count = now === second ? count + 1 : 1;
    second = now;
    return count <= perSecondMost;
  };
}
