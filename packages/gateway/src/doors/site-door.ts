/**
 * The listener for the other sites: objects by digest, to processes of this system only. Whoever connects shows a certificate
 * of the system's own authority that names a process which may read objects; anybody else gets no HTTP at all.
 */
import { readFileSync } from "node:fs";
import { admitPeers, type Admits } from "@releve/domain/admit-peers";
import { Fault } from "@releve/domain/fault";
import type { TlsFiles } from "@releve/domain/tls-files";
import type { ObjectStore } from "@releve/store/object-store";
import fastify, { type FastifyInstance } from "fastify";
import { objectDoor } from "./object-door.ts";
import { sendProblem } from "./problem.ts";

export type SiteDoorOptions = {
  readonly store: ObjectStore;
  readonly tls: TlsFiles;
  readonly admits: Admits;
  readonly onFault: (fault: unknown) => void;
};

const idleMs = 120_000;
const mostConnections = 512;

export function siteDoor({ store, tls, admits, onFault }: SiteDoorOptions) {
  const app = fastify({
    logger: false,
    requestTimeout: 0,
    connectionTimeout: idleMs,
    https: {
      cert: readFileSync(tls.certFile),
      key: readFileSync(tls.keyFile),
      ca: readFileSync(tls.caFile),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.3",
    },
  });
  app.server.maxConnections = mostConnections;
  admitPeers(app.server, admits);
  app.setErrorHandler(async (error, _request, reply) => {
    onFault(error);
    return sendProblem(reply, 503, error instanceof Fault ? error.message : "It failed here.");
  });
  app.setNotFoundHandler(async (_request, reply) => sendProblem(reply, 404, "There is no such resource."));
  app.register(objectDoor(store));
  return app as unknown as FastifyInstance;
}
