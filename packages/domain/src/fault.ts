/**
 * Something outside the domain failed (a disk, a peer, the ledger). Every package derives its own classes in `faults.ts`.
 * `code` is stable; `retry` tells the caller whether the same call can succeed later; no patient data in `message`.
 */
export class Fault extends Error {
  readonly code: string;
  readonly retry: "never" | "later";

  constructor(code: string, message: string, retry: "never" | "later", cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Fault";
    this.code = code;
    this.retry = retry;
  }
}
