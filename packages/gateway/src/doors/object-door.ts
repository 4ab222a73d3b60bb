/** Objects by digest, for the other sites: GET with one Range, and HEAD. */
import { Readable } from "node:stream";
import { isDigest, type Digest } from "@releve/domain/ids";
import type { ByteRange, ObjectStore } from "@releve/store/object-store";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendProblem } from "./problem.ts";

type ByDigest = { readonly Params: { readonly digest: string } };

export function objectDoor(store: ObjectStore) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get<ByDigest>("/objects/:digest", { exposeHeadRoute: true }, async (request, reply) => {
      const { digest } = request.params;
      const size = isDigest(digest) ? await store.size(digest) : undefined;
      if (size === undefined) return sendProblem(reply, 404, "This site does not hold the object.");
      return answer(store, digest as Digest, size, request, reply);
    });
  };
}

function answer(
  store: ObjectStore,
  digest: Digest,
  size: number,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.header("accept-ranges", "bytes").header("etag", `"${digest}"`).type("application/octet-stream");
  const range = parseRange(request.headers.range, size);
  if (range === "unsatisfiable")
    return sendProblem(
      reply.header("content-range", `bytes */${size}`),
      416,
      "The range lies outside the object.",
    );
  const { start, end } = range ?? { start: 0, end: size };
  if (range) reply.code(206).header("content-range", `bytes ${start}-${end - 1}/${size}`);
  reply.header("content-length", end - start);
  // An empty stream rather than nothing, for which Fastify would write a length of 0.
  if (request.method === "HEAD") return reply.send(Readable.from([]));
  return reply.send(Readable.from(store.stream(digest, { start, end }), { objectMode: false }));
}

/** One range of bytes (RFC 9110 section 14.1.2); anything else is as if it were not there. */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (!found || (found[1] === "" && found[2] === "")) return undefined;
  const [, first = "", last = ""] = found;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : "unsatisfiable";
}
