/** GET over mutual TLS: both ends show a certificate of the system's own authority. Only what copying objects needs of fetch. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { TlsFiles } from "@releve/domain/tls-files";

export type SiteFetch = (
  url: URL,
  init: { readonly signal?: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>;

/** Connections to one site at once; further requests wait for one of them. */
const connectionsMax = 32;

/** @throws Error when a file cannot be read. The returned function rejects as fetch does: for no answer, not for a status. */
export function mutualTlsFetch({ certFile, keyFile, caFile }: TlsFiles): SiteFetch {
  const agent = new Agent({
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ca: readFileSync(caFile),
    minVersion: "TLSv1.3",
    keepAlive: true,
    maxSockets: connectionsMax,
  });
  return (url, { signal, headers = {} }) =>
    new Promise((resolve, reject) => {
      const asked = request(url, { agent, headers, ...(signal ? { signal } : {}) }, (answer) => {
        const body = Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>;
        resolve(new Response(body, { status: answer.statusCode ?? 502 }));
      });
      asked.once("error", reject);
      asked.end();
    });
}
