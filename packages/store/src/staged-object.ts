/**
 * An object on its way in: received and hashed, not yet visible. Small ones wait in memory and touch no disk when they are
 * refused; larger ones lie in a file on the store's volume. `commit` makes it durable and visible, `discard` forgets it.
 */
import { createHash } from "node:crypto";
import { open, rm, type FileHandle } from "node:fs/promises";
import type { Digest } from "@releve/domain/ids";
import { diskFault, StoreFault } from "./faults.ts";

const maxBytesInMemory = 4 * 1024 * 1024;
const writeBatchBytes = 1024 * 1024;

export type Received = {
  readonly digest: Digest;
  readonly bytes: number;
  /** The whole object where it was small. */
  readonly inMemory: Buffer | undefined;
  /** Written, not yet fsynced; undefined while the object is in memory only. */
  readonly file: FileHandle | undefined;
};

/**
 * Streams `chunks` through SHA-256, to memory first and to `path` once they outgrow it.
 * @throws StoreFault `OBJECT_TOO_LARGE`, `STORE_FULL`, `STORE_FAILED`; the sender's own errors pass. Leaves no file behind.
 */
export async function receive(
  chunks: AsyncIterable<Uint8Array> | Uint8Array,
  path: string,
  maxBytes: number,
): Promise<Received> {
  const hash = createHash("sha256");
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let bytes = 0;
  let file: FileHandle | undefined;
  const flush = async () => {
    file ??= await open(path, "wx+");
    await writeAll(file, waiting);
    waiting = [];
    waitingBytes = 0;
  };
  try {
    for await (const chunk of asChunks(chunks)) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      waiting.push(chunk);
      waitingBytes += chunk.byteLength;
      if (waitingBytes >= (file ? writeBatchBytes : maxBytesInMemory)) await flush();
    }
    if (file && waitingBytes > 0) await flush();
  } catch (error) {
    await file?.close();
    await rm(path, { force: true });
    throw diskFault(error, "writing an object");
  }
  const inMemory = file ? undefined : Buffer.concat(waiting, bytes);
  return { digest: hash.digest("hex") as Digest, bytes, inMemory, file };
}

function asChunks(chunks: AsyncIterable<Uint8Array> | Uint8Array): AsyncIterable<Uint8Array> | Uint8Array[] {
  return chunks instanceof Uint8Array ? [chunks] : chunks;
}

function tooLarge(maxBytes: number): StoreFault {
  return new StoreFault("OBJECT_TOO_LARGE", `an object may have at most ${maxBytes} bytes`);
}

/** A vector write may write less than asked: the rest is written again until it is out or fails. */
export async function writeAll(file: FileHandle, buffers: readonly Uint8Array[]): Promise<void> {
  const total = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  const { bytesWritten } = await file.writev(buffers);
  if (bytesWritten === total) return;
  const rest = Buffer.concat(buffers).subarray(bytesWritten);
  for (let at = 0; at < rest.length;) {
    const { bytesWritten: more } = await file.write(rest, at);
    if (more === 0) throw new StoreFault("STORE_FAILED", "the disk took no more bytes");
    at += more;
  }
}
