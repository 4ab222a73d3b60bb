/** Which errors of the EventStoreDB client mean "not now", and the bounded retry over them. Types and codes, never texts. */
import { ErrorType, isCommandError } from "@eventstore/db-client";
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { LedgerFault } from "../faults.ts";

/** No answer within the time of one request: the server may have done it. */
export class NoAnswer extends Error {}

const transientTypes: ReadonlySet<ErrorType> = new Set([
  ErrorType.TIMEOUT,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.NOT_LEADER,
]);
/** gRPC status codes of a connection that broke: CANCELLED, UNKNOWN, INTERNAL (a stream was reset), UNAVAILABLE. */
const transientCodes: ReadonlySet<unknown> = new Set([1, 2, 13, 14]);

/** True for what a later try can cure. */
export function isTransient(error: unknown): boolean {
  if (error instanceof NoAnswer) return true;
  if (isErrorOfType(error)) return transientTypes.has(error.type) || isBrokenConnection(error);
  // The client throws plain errors when no member is found, or when a call meets a channel that it is replacing.
  return error instanceof Error && (error.constructor === Error || isBrokenConnection(error));
}

const isErrorOfType = (error: unknown): error is { readonly type: ErrorType } =>
  error instanceof Error && isCommandError(error);

const isBrokenConnection = (error: object): boolean => "code" in error && transientCodes.has(error.code);

export const isOfType = (error: unknown, type: ErrorType): boolean =>
  isErrorOfType(error) && error.type === type;

export type Limits = {
  readonly clock: Clock;
  /** How long one request waits for its answer. */
  readonly requestTimeoutMs: number;
  /** How long an append or a read goes on trying. */
  readonly limitMs: number;
};

const firstPauseMs = 20;
const longestPauseMs = 500;

/**
 * Tries until it succeeds, an error is final, or `limitMs` have passed.
 * @throws LedgerFault LEDGER_UNREACHABLE at the limit, LEDGER_COMMIT_TOO_LARGE, LEDGER_REFUSED for the rest.
 */
export async function retrying<T>({ clock, limitMs }: Limits, attempt: () => Promise<T>): Promise<T> {
  const untilMs = clock.nowMs() + limitMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw asFault(error);
      if (clock.nowMs() + pauseMs > untilMs) throw unreachable(limitMs, error);
    }
    await clock.wait(pauseMs);
  }
}

const unreachable = (limitMs: number, cause: unknown): LedgerFault =>
  new LedgerFault("LEDGER_UNREACHABLE", `The EventStoreDB gave no answer within ${limitMs} ms.`, cause);

/** A bug stays what it is. */
export function asFault(error: unknown): unknown {
  if (error instanceof Fault || !isErrorOfType(error)) return error;
  if (error.type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED)
    return new LedgerFault("LEDGER_COMMIT_TOO_LARGE", "The commit is more than the server takes.", error);
  return new LedgerFault("LEDGER_REFUSED", `The EventStoreDB refused (${error.type}).`, error);
}

/** The work's result, or NoAnswer after `timeoutMs`: the client itself waits for ever for some answers. */
export async function answered<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
