/**
 * The identity provider's public keys. A provider that is down or hangs costs a request at most `timeoutMs`, and is then left
 * alone for a while: not every request that comes in meanwhile asks it again.
 */
import { createRemoteJWKSet, customFetch, type RemoteJWKSet } from "jose";
import { Fault } from "@releve/domain/fault";

export type KeyLimits = {
  readonly timeoutMs: number;
  /** After a failure, and after a success that did not have the key that was looked for. */
  readonly coolDownMs: number;
  /** A key that the provider withdrew counts so long at most. */
  readonly keptMs: number;
};

export const keyLimits: KeyLimits = { timeoutMs: 3_000, coolDownMs: 10_000, keptMs: 600_000 };

/** @returns jose's key resolver; it throws Fault KEYS_UNREACHABLE when the provider does not answer. */
export function fetchKeys(url: URL, limits: KeyLimits, nowMs: () => number): RemoteJWKSet {
  let failedAtMs = -Infinity;
  return createRemoteJWKSet(url, {
    timeoutDuration: limits.timeoutMs,
    cooldownDuration: limits.coolDownMs,
    cacheMaxAge: limits.keptMs,
    [customFetch]: async (address, options) => {
      if (nowMs() - failedAtMs < limits.coolDownMs) throw unreachable();
      try {
        const response = await fetch(address, options);
        if (response.status !== 200) throw unreachable();
        // The body is waited for here too: a provider that hangs in the middle of it has failed as well.
        return new Response(await response.text(), { headers: response.headers });
      } catch (error) {
        failedAtMs = nowMs();
        throw unreachable(error);
      }
    },
  });
}

const unreachable = (cause?: unknown): Fault =>
  cause instanceof Fault
    ? cause
    : new Fault("KEYS_UNREACHABLE", "The identity provider does not give its keys.", "later", cause);
