/**
 * Reads an attempt's input, and waits where no site that holds it answers: that a site is away says nothing about the job, and
 * three quick failures would give it up. The slot stays taken meanwhile; the limit is for a site that does not come back.
 */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { Digest } from "@releve/domain/ids";

export type Patience = { readonly clock: Clock; readonly signal: AbortSignal };

type Read = (digest: Digest) => Promise<Uint8Array>;

const pauseMs = 500;
/** A machine starts again in a minute or two; three attempts bear about six. */
const limitMs = 120_000;

/** @throws what `read` throws: at once, but for SITE_UNREACHABLE, which it throws after two minutes or when aborted. */
export function readPatiently(read: Read, { clock, signal }: Patience): Read {
  return async (digest) => {
    const untilMs = clock.nowMs() + limitMs;
    for (;;) {
      try {
        return await read(digest);
      } catch (error) {
        const isAway = error instanceof Fault && error.code === "SITE_UNREACHABLE";
        if (!isAway || signal.aborted || clock.nowMs() >= untilMs) throw error;
        await clock.wait(pauseMs, signal);
      }
    }
  };
}
