/** A DICOM listener: verification and storage (C-ECHO, C-STORE) with limits on everything that a peer can make grow. */
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { Connection } from "./connection.ts";
import type { DimseStatus } from "./dimse-status.ts";
import { DimseFault } from "./faults.ts";
import type { AcceptContext } from "./negotiate.ts";
import type { RejectionReason } from "./reasons.ts";
import { serveConnection } from "./serve-connection.ts";
import type { StoreHandler } from "./serve-store.ts";

export type Caller = {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** IP address of the peer; an IPv4 address is written as such. */
  readonly address: string;
};

export type ScpLimits = {
  /** Beyond it A-ASSOCIATE-RJ, transient, local-limit-exceeded; beyond twice it and 8 connections are dropped unread. */
  readonly maxAssociations: number;
  readonly maxPduBytes: number;
  /** Beyond it the handler's read throws, the SCP discards at most as much again, and answers A700. */
  readonly maxObjectBytes: number;
  /** Silence between two PDUs of an association, and the longest time without the peer taking an answer. */
  readonly idleMs: number;
  /** For the first PDU, for the rest of a PDU that has begun, and for the peer's close at the end. */
  readonly artimMs: number;
};

/** A handler waits for as long as it likes and holds its association meanwhile: its limits are its own. */
export type ScpHandlers = {
  readonly store: StoreHandler;
  readonly echo: (caller: Caller) => DimseStatus | Promise<DimseStatus>;
};

export type Admission = "admitted" | { readonly rejected: RejectionReason };

/** Nothing in it comes from a data set. AE titles and addresses are the peer's words. */
export type ScpEvent =
  | { readonly kind: "not-dicom"; readonly address: string; readonly reason: string }
  | { readonly kind: "rejected"; readonly caller: Caller; readonly reason: RejectionReason }
  | { readonly kind: "admission-failed"; readonly caller: Caller; readonly cause: unknown }
  | { readonly kind: "store-failed"; readonly caller: Caller; readonly cause: unknown }
  | { readonly kind: "released"; readonly caller: Caller }
  | { readonly kind: "ended"; readonly caller: Caller; readonly cause: unknown };

export type ScpOptions = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly limits: ScpLimits;
  readonly admit: (caller: Caller) => Admission | Promise<Admission>;
  readonly acceptContext: AcceptContext;
  readonly handlers: ScpHandlers;
  readonly tls?: TlsOptions;
  readonly onEvent?: (event: ScpEvent) => void;
};

export type Scp = {
  readonly port: number;
  /** Takes no more connections, lets associations go on for `withinMs`, then aborts those that are left. */
  readonly close: (withinMs: number) => Promise<void>;
};

/** @throws the listener's error, such as EADDRINUSE. */
export async function startScp(options: ScpOptions): Promise<Scp> {
  const open = new Map<Connection, Promise<void>>();
  const { limits } = options;
  const report = options.onEvent ?? (() => {});
  const acceptor = { ...options, report, takePlace: places(limits.maxAssociations) };
  const server = listener(options, (socket) => {
    const connection = new Connection(socket, { ...limits, stallMs: limits.idleMs });
    const served = serveConnection(connection, plainAddress(socket), acceptor);
    open.set(
      connection,
      served.finally(() => open.delete(connection)),
    );
  });
  server.maxConnections = limits.maxAssociations * 2 + 8;
  await listening(server, options);
  const { port } = server.address() as AddressInfo;
  return { port, close: (withinMs) => close(server, open, withinMs, limits.artimMs) };
}

function listener(options: ScpOptions, onSocket: (socket: Socket) => void): Server {
  if (!options.tls) return createTcpServer(onSocket);
  const server = createTlsServer({ handshakeTimeout: options.limits.artimMs, ...options.tls }, onSocket);
  server.on("tlsClientError", (error, socket) => {
    options.onEvent?.({ kind: "not-dicom", address: plainAddress(socket), reason: `TLS: ${error.message}` });
    socket.destroy();
  });
  return server;
}

function listening(server: Server, where: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where.port, where.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** At most `count` places; giving one back twice counts once. */
function places(count: number) {
  let taken = 0;
  return () => {
    if (taken >= count) return undefined;
    taken += 1;
    let isTaken = true;
    return {
      release: () => {
        if (isTaken) taken -= 1;
        isTaken = false;
      },
    };
  };
}

/** Who does not end even when aborted (a handler that hangs) is left behind after another ARTIM. */
async function close(
  server: Server,
  open: Map<Connection, Promise<void>>,
  withinMs: number,
  artimMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const ended = Promise.all([closed, ...open.values()]);
  if (await settledWithin(ended, withinMs)) return;
  const shutDown = new DimseFault("DIMSE_SHUT_DOWN", "the listener is shutting down", "later");
  for (const connection of open.keys()) connection.fail(shutDown);
  if (await settledWithin(ended, artimMs)) return;
  for (const connection of open.keys()) connection.destroy();
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const isSettled = await Promise.race([promise.then(() => true), expired]);
  clearTimeout(timer);
  return isSettled;
}

function plainAddress(socket: Socket): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
