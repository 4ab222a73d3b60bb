/** Errors of the HTTP doors as JSON (RFC 9457): one clear sentence, no patient data, nothing that the client sent. */
import type { FastifyReply } from "fastify";

export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply.code(status).type("application/problem+json").send({ status, detail });
}
