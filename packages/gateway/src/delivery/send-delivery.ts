/** One try at one delivery. The bytes sent are the stored ones; a repeated try sends the same bytes under the same UIDs. */
import { dataSetOffset } from "@releve/dicom/data-set/file-meta";
import { statusClass } from "@releve/dicom/dimse/dimse-status";
import { sendObjects, type ObjectToSend, type SendOutcome } from "@releve/dicom/dimse/send-objects";
import { Fault } from "@releve/domain/fault";
import type { Digest } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { Destination } from "./destination.ts";
import { sendObjectsByStow } from "./send-objects-stow.ts";

export type SendDeps = {
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly callingAeTitle: string;
};

/** `refused` says why the rest is not confirmed; undefined: all are. */
export type Sent = { readonly confirmed: readonly Digest[]; readonly refused: Refusal | undefined };

const maxPduBytes = 128 * 1024;
const connectMs = 5_000;
/** A slow archive may take long for one object; a silent one must not hold the sender for ever. */
const responseMs = 60_000;

/** @returns what the peer confirmed, and the first reason where that is not all. @throws Fault of the store. */
export async function sendDelivery(
  deps: SendDeps,
  destination: Destination,
  objects: readonly StoredObject[],
  signal: AbortSignal,
): Promise<Sent> {
  signal.throwIfAborted();
  return destination.kind === "dimse"
    ? byDimse(deps, destination, objects)
    : byStow(deps, destination.url, objects);
}

export function receiptOf({ kind }: Destination, objects: readonly StoredObject[]): string {
  const how = kind === "dimse" ? "C-STORE Success" : "STOW-RS 200";
  return `${how} for ${objects.length} of ${objects.length} objects`;
}

async function byStow(deps: SendDeps, url: string, objects: readonly StoredObject[]): Promise<Sent> {
  const confirmed: Digest[] = [];
  const stored = (batch: readonly StoredObject[]) => void confirmed.push(...batch.map(digestIn));
  const read = (object: StoredObject) => deps.readObject(object.digest);
  try {
    await sendObjectsByStow(url, objects, { read, stored, responseMs });
    return { confirmed, refused: undefined };
  } catch (error) {
    return { confirmed, refused: refusalOfPeer(error) };
  }
}

const digestIn = ({ digest }: StoredObject): Digest => digest;

async function byDimse(
  deps: SendDeps,
  destination: Extract<Destination, { kind: "dimse" }>,
  objects: readonly StoredObject[],
): Promise<Sent> {
  const { host, port, calledAeTitle } = destination;
  const target = {
    host,
    port,
    calledAeTitle,
    callingAeTitle: deps.callingAeTitle,
    maxPduBytes,
    connectMs,
    responseMs,
  };
  const outcomes = await sendObjects(
    target,
    objects.map((object) => toSend(deps, object)),
  );
  const refusals = outcomes.map(refusalOf);
  return {
    confirmed: objects.filter((_, index) => refusals[index] === undefined).map(digestIn),
    refused: refusals.find((found) => found !== undefined),
  };
}

function toSend(deps: SendDeps, object: StoredObject): ObjectToSend {
  return {
    ...object,
    open: async () => {
      const file = await deps.readObject(object.digest);
      return file.subarray(dataSetOffset(file));
    },
  };
}

/** A warning status (such as coercion of data elements) still means stored: PS3.4 table B.2-1. */
function refusalOf(outcome: SendOutcome): Refusal | undefined {
  if (outcome.kind === "failed") return refusalOfPeer(outcome.cause);
  const meaning = statusClass(outcome.status.status);
  if (meaning === "success" || meaning === "warning") return undefined;
  const code = outcome.status.status.toString(16).padStart(4, "0").toUpperCase();
  return refusal("PACS_REFUSED", `the PACS answered C-STORE status ${code}`);
}

/** Our own store's faults are not the peer's: they go up, so that nobody looks for them at the PACS. */
function refusalOfPeer(error: unknown): Refusal {
  if (error instanceof Fault && /^(DIMSE|PACS)_/.test(error.code)) return refusal(error.code, error.message);
  throw error;
}
