/** STOW-RS as a client (PS3.18 section 10.5): one multipart/related request per batch, the stored files as they are. */
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { GatewayFault } from "../faults.ts";

/** Keeps one request below what common servers take, and a retry cheap. */
const batchBytes = 32 * 1024 * 1024;

type Send = (url: string, init: RequestInit) => Promise<Response>;

export type StowSending = {
  readonly read: (object: StoredObject) => Promise<Uint8Array>;
  /** Told what the receiver has confirmed, as soon as it has. */
  readonly stored: (objects: readonly StoredObject[]) => void;
  readonly responseMs: number;
  readonly send?: Send;
};

/**
 * Sends every object, or throws: a delivery is whole or it is retried; the receiver knows repeated objects by their UIDs.
 * @throws GatewayFault PACS_UNREACHABLE (later) or PACS_REFUSED (later: a full or misconfigured PACS is mended by people).
 */
export async function sendObjectsByStow(
  url: string,
  objects: readonly StoredObject[],
  { read, stored, responseMs, send = fetch }: StowSending,
): Promise<void> {
  for (const batch of batchesOf(objects)) {
    const boundary = `releve-${batch[0]!.digest.slice(0, 32)}`;
    const body = multipart(boundary, await Promise.all(batch.map(read)));
    const response = await post(url, boundary, body, responseMs, send);
    await throwUnlessAllStored(response);
    stored(batch);
  }
}

function batchesOf(objects: readonly StoredObject[]): StoredObject[][] {
  const batches: StoredObject[][] = [];
  let room = 0;
  for (const object of objects) {
    if (room < object.bytes || batches.length === 0) {
      batches.push([]);
      room = batchBytes;
    }
    batches.at(-1)!.push(object);
    room -= object.bytes;
  }
  return batches;
}

function multipart(boundary: string, files: readonly Uint8Array[]): Blob {
  const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
  const parts = files.flatMap((file) => [head, file as Uint8Array<ArrayBuffer>, "\r\n"]);
  return new Blob([...parts, `--${boundary}--\r\n`]);
}

async function post(
  url: string,
  boundary: string,
  body: Blob,
  responseMs: number,
  send: Send,
): Promise<Response> {
  try {
    return await send(`${url}/studies`, {
      method: "POST",
      headers: {
        "Content-Type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
        Accept: "application/dicom+json",
      },
      body,
      signal: AbortSignal.timeout(responseMs),
    });
  } catch (cause) {
    throw new GatewayFault("PACS_UNREACHABLE", "the STOW-RS service did not answer", "later", cause);
  }
}

/** 200 means all stored (with at most warnings); 202 that some failed; PS3.18 table 10.5.3-1. */
async function throwUnlessAllStored(response: Response): Promise<void> {
  await response.body?.cancel();
  if (response.status === 200) return;
  throw new GatewayFault("PACS_REFUSED", `the STOW-RS service answered ${response.status}`, "later");
}
