/**
 * The node's door for sessions: WebSockets from the APIs, which bring pages, and from other nodes, which bring mirrors. On
 * loopback, or with mutual TLS. The first message says what the link is for; one that misbehaves loses its own link alone.
 */
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { admitPeers, type Admits } from "@releve/domain/admit-peers";
import { isRefusal } from "@releve/domain/refusal";
import {
  helloSchema,
  linkMessageBytesMost,
  toHostSchema,
  type Attach,
  type FromHost,
  type FromStandby,
  type Mirror,
} from "@releve/wire/session/link-messages";
import { decodeText } from "@releve/wire/session/page-messages";
import { WebSocketServer, type WebSocket } from "ws";
import type { HostedSession, PageLink } from "./hosted-session.ts";
import type { SessionHost } from "./session-host.ts";
import { sendOn, textIn } from "./text-socket.ts";

export type SessionListenerOptions = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly https?: ServerOptions | undefined;
  readonly admits: Admits;
  readonly sessions: SessionHost;
  readonly onFault: (error: unknown) => void;
};

export type SessionListener = { readonly url: string; readonly close: () => Promise<void> };

const linksMost = 128;
const helloWithinMs = 5_000;
/** RFC 6455 section 7.4.1. */
const [policyViolation, tryAgainLater] = [1008, 1013] as const;
/** Of what a page says while its volume is loaded; more is none of a page's. */
const earlyMost = 64;

/** @throws the listener's error, such as EADDRINUSE. */
export async function listenForSessions(options: SessionListenerOptions): Promise<SessionListener> {
  const server: Server = options.https ? createHttpsServer(options.https) : createHttpServer();
  if (options.https) admitPeers(server, options.admits);
  const sockets = new WebSocketServer({ server, maxPayload: linkMessageBytesMost, perMessageDeflate: false });
  sockets.on("connection", (socket) =>
    sockets.clients.size > linksMost ? socket.close(tryAgainLater) : greet(socket, options),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.https ? "wss" : "ws"}://${options.host}:${port}/`,
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function greet(socket: WebSocket, options: SessionListenerOptions): void {
  const silent = setTimeout(() => socket.terminate(), helloWithinMs);
  socket.on("error", () => socket.terminate());
  socket.once("close", () => clearTimeout(silent));
  socket.once("message", (data, isBinary) => {
    clearTimeout(silent);
    const hello = decodeText(helloSchema, textIn(data, isBinary) ?? "");
    if (!hello) return socket.close(policyViolation);
    if (hello.type === "attach") return void bringPage(socket, hello, options);
    return bringMirrors(socket, hello, options.sessions);
  });
}

function bringMirrors(socket: WebSocket, first: Mirror, sessions: SessionHost): void {
  const answer = (mirror: Mirror) =>
    sendOn(socket, JSON.stringify(sessions.mirror(mirror) satisfies FromStandby));
  socket.on("message", (data, isBinary) => {
    const hello = decodeText(helloSchema, textIn(data, isBinary) ?? "");
    if (hello?.type !== "mirror") return socket.close(policyViolation);
    return answer(hello);
  });
  answer(first);
}

/** What the page says before its session is ready waits for it. */
async function bringPage(socket: WebSocket, hello: Attach, options: SessionListenerOptions): Promise<void> {
  const { sessions, onFault } = options;
  const tell = (message: FromHost) => sendOn(socket, JSON.stringify(message));
  const link: PageLink = { page: hello.page, tell, show: (frame) => sendOn(socket, frame) };
  const early: string[] = [];
  let hosted: HostedSession | undefined;
  socket.on("message", (data, isBinary) => {
    const text = textIn(data, isBinary);
    if (text === undefined || early.length >= earlyMost) return socket.close(policyViolation);
    if (!hosted) return void early.push(text);
    return take(socket, text, hosted, link, hello.session, sessions);
  });
  socket.once("close", () => hosted?.detach(link));
  tell({ type: "loading", fraction: 0 });
  try {
    const attached = await sessions.attach(hello);
    if (isRefusal(attached)) {
      tell({ type: "refused", code: attached.refused, reason: attached.reason });
      return socket.close();
    }
    hosted = attached;
    if (socket.readyState !== socket.OPEN) return undefined;
    attached.attach(link);
    for (const text of early) take(socket, text, attached, link, hello.session, sessions);
    early.length = 0;
  } catch (error) {
    onFault(error);
    tell({ type: "refused", code: "NODE_FAILED", reason: "The node could not open the session." });
    socket.close();
  }
  return undefined;
}

function take(
  socket: WebSocket,
  text: string,
  hosted: HostedSession,
  link: PageLink,
  session: string,
  sessions: SessionHost,
): void {
  const message = decodeText(toHostSchema, text);
  if (!message) return socket.close(policyViolation);
  if (message.type === "recorded") return sessions.recorded(session, message.applied);
  return hosted.take(link, message);
}
