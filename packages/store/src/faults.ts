/** Everything that can go wrong with the disk or with another site's copy. Codes are stable. */
import { Fault } from "@releve/domain/fault";

export type StoreFaultCode =
  | "STORE_FULL"
  | "STORE_FAILED"
  | "STORE_LOCKED"
  | "OBJECT_MISSING"
  | "OBJECT_TOO_LARGE"
  | "OBJECT_DAMAGED"
  | "JOURNAL_BUSY"
  | "JOURNAL_DAMAGED"
  | "JOURNAL_FAILED"
  | "SITE_UNREACHABLE";

/** `later` where the same call can succeed once somebody has made room, or the other site is back. */
const retryOf: Readonly<Record<StoreFaultCode, "never" | "later">> = {
  STORE_FULL: "later",
  STORE_FAILED: "later",
  STORE_LOCKED: "later",
  OBJECT_MISSING: "later",
  OBJECT_TOO_LARGE: "never",
  OBJECT_DAMAGED: "never",
  JOURNAL_BUSY: "later",
  JOURNAL_DAMAGED: "never",
  JOURNAL_FAILED: "never",
  SITE_UNREACHABLE: "later",
};

export class StoreFault extends Fault {
  declare readonly code: StoreFaultCode;

  constructor(code: StoreFaultCode, message: string, cause?: unknown) {
    super(code, message, retryOf[code], cause);
    this.name = "StoreFault";
  }
}

const diskFull: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Translates an error of the file system; anything else (a bug, the sender's own error) passes unchanged. */
export function diskFault(error: unknown, doing: string): unknown {
  const code = systemCode(error);
  if (error instanceof StoreFault || code === undefined) return error;
  if (diskFull.has(code)) return new StoreFault("STORE_FULL", `the disk is full: ${doing} failed`, error);
  return new StoreFault("STORE_FAILED", `${doing} failed with ${code}`, error);
}

export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
