/** The bytes of one object at one other site. A broken connection goes on behind the last byte, by a Range request. */
import { setTimeout as wait } from "node:timers/promises";
import { StoreFault } from "./faults.ts";
import type { SiteFetch } from "./tls-fetch.ts";

export type FetchLimits = {
  readonly maxBytes: number;
  /** Without a byte for this long the connection counts as broken. */
  readonly idleMs: number;
  /** Requests to one site in a row that brought no further byte: a slow line that breaks often still gets there. */
  readonly maxRequestsPerSite: number;
};

export type FetchOptions = {
  /** Over TLS where it leaves this machine, see `mutualTlsFetch`. */
  readonly fetchImpl?: SiteFetch;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<FetchLimits>;
  /** Told of a site that did not answer, or stopped in the middle. */
  readonly onUnreachable?: (site: URL) => void;
  /** True of a site that lately did not answer: it gets one request an object. */
  readonly isAway?: (site: URL) => boolean;
};

/** @throws StoreFault `OBJECT_MISSING` (404), `SITE_UNREACHABLE` after the last request. */
export async function* remoteBytes(
  url: URL,
  options: FetchOptions,
  limits: FetchLimits,
): AsyncIterable<Uint8Array> {
  let received = 0;
  let cause: unknown;
  for (let request = 0; request < limits.maxRequestsPerSite; request += 1) {
    if (request > 0) await pause(100 * 2 ** request, options.signal);
    try {
      for await (const chunk of bytesFrom(url, received, options, limits.idleMs)) {
        received += chunk.byteLength;
        request = 0;
        yield chunk;
      }
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof StoreFault) throw error;
      cause = error;
    }
  }
  throw new StoreFault("SITE_UNREACHABLE", `${url.host} did not send the object`, cause);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(ms, undefined, signal ? { signal } : {});
}

/** One request. A site that ignores Range starts again from the first byte: what was there already is skipped. */
async function* bytesFrom(
  url: URL,
  from: number,
  { fetchImpl = fetch, signal }: FetchOptions,
  idleMs: number,
): AsyncIterable<Uint8Array> {
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error(`no byte for ${idleMs} ms`)), idleMs);
  try {
    const response = await fetchImpl(url, {
      signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal,
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
    });
    let skip = response.status === 206 ? 0 : from;
    for await (const chunk of bodyOf(response, url)) {
      timer.refresh();
      if (skip < chunk.byteLength) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.byteLength);
      timer.refresh();
    }
  } finally {
    clearTimeout(timer);
  }
}

function bodyOf(response: Response, url: URL): AsyncIterable<Uint8Array> {
  if (response.status === 404) throw new StoreFault("OBJECT_MISSING", `${url.host} does not hold the object`);
  if (!response.ok || !response.body) throw new Error(`${url.host} answered ${response.status}`);
  return response.body;
}
