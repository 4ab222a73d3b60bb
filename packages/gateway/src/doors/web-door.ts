/** The gateway's HTTP listener: DICOMweb for people's systems, objects by digest for the other sites. */
import type { ServerOptions } from "node:https";
import { Fault } from "@releve/domain/fault";
import fastify, { type FastifyInstance } from "fastify";
import type { Intake } from "../intake/open-intake.ts";
import { qidoDoor } from "./dicomweb/qido.ts";
import { stowDoor } from "./dicomweb/stow.ts";
import { wadoDoor } from "./dicomweb/wado.ts";
import { webRoot } from "./dicomweb/resource-url.ts";
import { objectDoor } from "./object-door.ts";
import { sendProblem } from "./problem.ts";

const idleMs = 120_000;
const mostConnections = 256;

/** Without a request log on purpose: QIDO queries hold names and numbers of patients. */
export function webDoor(
  intake: Intake,
  onFault: (fault: unknown) => void,
  /** False where the other sites have a listener of their own, see `siteDoor`. */
  givesObjects = true,
  /** Beyond loopback: its certificate, and that callers must show one. */
  https?: ServerOptions,
): FastifyInstance {
  const app = fastify({
    logger: false,
    routerOptions: { maxParamLength: 4096 },
    requestTimeout: 0, // a study may take hours over a slow line; silence is what ends a connection
    connectionTimeout: idleMs,
    ...(https ? { https } : {}),
  }) as unknown as FastifyInstance;
  app.server.maxConnections = mostConnections;
  // What a sender wrote is data in JSON or bytes: no browser may take it for a page.
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
  });
  app.setErrorHandler(async (error, _request, reply) => {
    const status = error instanceof Fault ? 503 : clientStatus(error);
    if (status >= 500) onFault(error);
    return sendProblem(
      reply,
      status,
      error instanceof Fault ? error.message : (sentences[status] ?? "It failed here."),
    );
  });
  app.setNotFoundHandler(async (_request, reply) => sendProblem(reply, 404, "There is no such resource."));
  if (givesObjects) app.register(objectDoor(intake.store));
  app.register(stowDoor(intake), { prefix: webRoot });
  app.register(qidoDoor(intake.catalogue), { prefix: webRoot });
  app.register(wadoDoor(intake), { prefix: webRoot });
  return app;
}

const sentences: Readonly<Record<number, string>> = {
  400: "The request cannot be understood.",
  413: "The body is too large.",
  415: "The resource does not take this kind of body.",
};

function clientStatus(error: unknown): number {
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
