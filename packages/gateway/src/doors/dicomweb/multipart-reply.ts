/** A multipart/related answer, written as its reader takes it. */
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

export type ReplyPart = {
  /** Content-Type, with its parameters. */
  readonly type: string;
  /** Where the part can be had alone. */
  readonly location?: string;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

/** @param type of the parts, for the Content-Type of the whole. What fails in the middle breaks the connection. */
export function sendParts(
  reply: FastifyReply,
  type: string,
  parts: AsyncIterable<ReplyPart> | Iterable<ReplyPart>,
): FastifyReply {
  const boundary = `releve-${randomUUID()}`;
  reply.type(`multipart/related; type="${type}"; boundary=${boundary}`);
  return reply.send(Readable.from(written(boundary, parts), { objectMode: false }));
}

async function* written(
  boundary: string,
  parts: AsyncIterable<ReplyPart> | Iterable<ReplyPart>,
): AsyncIterable<Uint8Array | string> {
  for await (const part of parts) {
    const location = part.location === undefined ? "" : `Content-Location: ${part.location}\r\n`;
    yield `--${boundary}\r\nContent-Type: ${part.type}\r\n${location}\r\n`;
    yield* part.chunks;
    yield "\r\n";
  }
  yield `--${boundary}--\r\n`;
}
