/** Which errors of the NATS client mean "not now", and the bounded retry over them. Codes and classes, never texts. */
import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/nats-core";
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { LedgerFault } from "../faults.ts";

/** The same message id is being stored at this moment: ask again. */
const duplicateInProcess = 10158;
/** A cluster that starts has not yet seen as many servers as the stream has replicas. */
const noSuitablePeers = 10005;
const transientCodes: readonly number[] = [duplicateInProcess, noSuitablePeers];

/** True for what a later try can cure: time-outs, no leader, no server, a connection that is being made again. */
export function isTransient(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return error.status === 503 || transientCodes.includes(error.code);
  if (error instanceof errors.TimeoutError || error instanceof errors.NoRespondersError) return true;
  if (error instanceof errors.RequestError || error instanceof errors.ConnectionError) return true;
  return error instanceof Error && error.cause !== undefined && isTransient(error.cause);
}

export type RetryLimits = {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Comes before each try: throws what the try would. */
  readonly check?: () => void;
};

const firstPauseMs = 20;
const longestPauseMs = 500;

/**
 * Tries until it succeeds, an error is final, or `limitMs` have passed.
 * @throws LedgerFault LEDGER_UNREACHABLE at the limit, LEDGER_CLOSED on a closed connection, LEDGER_REFUSED for the rest.
 */
export async function retrying<T>(limits: RetryLimits, attempt: () => Promise<T>): Promise<T> {
  const { clock, limitMs } = limits;
  const untilMs = clock.nowMs() + limitMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      limits.check?.();
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw asFault(error);
      if (clock.nowMs() + pauseMs > untilMs) throw unreachable(limitMs, error);
    }
    await clock.wait(pauseMs);
  }
}

export const unreachable = (limitMs: number, cause?: unknown): LedgerFault =>
  new LedgerFault("LEDGER_UNREACHABLE", `The ledger gave no answer within ${limitMs} ms.`, cause);

export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError)
    return new LedgerFault("LEDGER_CLOSED", "The ledger's connection was closed.", error);
  const code = codeOf(error);
  const hint = code !== undefined && clockCodes.includes(code) ? ": set this machine's clock" : "";
  const why = code === undefined ? "" : ` (code ${code})${hint}`;
  return new LedgerFault("LEDGER_REFUSED", `The ledger's server refused${why}.`, error);
}

/** What TLS says of a certificate that is good at another time. */
const clockCodes: readonly (string | number)[] = ["CERT_NOT_YET_VALID", "CERT_HAS_EXPIRED"];

/** JetStream's number, or the name that Node gives a failed connection; the client keeps it in a chain of causes. */
function codeOf(error: unknown): string | number | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof JetStreamApiError) return error.code;
  return "code" in error && typeof error.code === "string" ? error.code : codeOf(error.cause);
}
