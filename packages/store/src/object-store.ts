/**
 * The only truth about pixels: files named by the SHA-256 of their bytes, and by nothing that a sender wrote.
 *
 *   staging/<process>.<n>          being received; a dead process's are swept at open
 *   objects/<first two>/<digest>   complete and durable, or not there
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, rename, rm, stat, statfs, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { isDigest, type Digest } from "@releve/domain/ids";
import { noFailpoint, type FailpointPort, type StoreFailpoint } from "./failpoint.ts";
import { diskFault, StoreFault, systemCode } from "./faults.ts";
import { prefixFolders } from "./prefix-folders.ts";
import { receive, writeAll, type Received } from "./staged-object.ts";
import { isLeftover, stagingName } from "./staging-name.ts";
import { makeSyncedFolder } from "./synced-folder.ts";

/** Bytes from `start` up to, not including, `end`. */
export type ByteRange = { readonly start: number; readonly end: number };

export type StagedObject = {
  readonly digest: Digest;
  readonly bytes: number;
  readonly read: (range?: ByteRange) => Promise<Buffer>;
  /** Resolves when the object, its name and its folder are on disk. Committing what is there already writes nothing. */
  readonly commit: () => Promise<void>;
  readonly discard: () => Promise<void>;
};

export type ListedObject = {
  readonly digest: Digest;
  readonly bytes: number;
  /** When it was written, milliseconds since the epoch. */
  readonly atMs: number;
};

export type ObjectStore = {
  /** @throws StoreFault `OBJECT_TOO_LARGE`, `STORE_FULL` (free disk below the mark, or none), `STORE_FAILED`. */
  readonly stage: (
    chunks: AsyncIterable<Uint8Array> | Uint8Array,
    limit: { readonly maxBytes: number },
  ) => Promise<StagedObject>;
  /** Stage and commit. The same bytes twice are one object. */
  readonly put: (
    chunks: AsyncIterable<Uint8Array> | Uint8Array,
    limit: { readonly maxBytes: number },
  ) => Promise<{ readonly digest: Digest; readonly bytes: number }>;
  readonly has: (digest: Digest) => Promise<boolean>;
  /** True once the object is here and its name would survive a power cut, whoever wrote it. */
  readonly confirm: (digest: Digest) => Promise<boolean>;
  /** The whole object, checked against its name. @throws StoreFault `OBJECT_MISSING`, `OBJECT_DAMAGED`. */
  readonly read: (digest: Digest) => Promise<Buffer>;
  /** A part of it, unchecked. @throws StoreFault `OBJECT_MISSING`. */
  readonly readRange: (digest: Digest, range: ByteRange) => Promise<Buffer>;
  /** The bytes as a stream, unchecked: the receiver compares the digest. */
  readonly stream: (digest: Digest, range?: ByteRange) => AsyncIterable<Uint8Array>;
  /** Bytes, or undefined where it is absent. */
  readonly size: (digest: Digest) => Promise<number | undefined>;
  /** The objects whose digests begin with these two digits. */
  readonly list: (prefix: string) => Promise<readonly ListedObject[]>;
  readonly freeBytes: () => Promise<number>;
  /** Removes a damaged or abandoned object. The caller knows that nobody needs it. */
  readonly remove: (digest: Digest) => Promise<void>;
};

export type ObjectStoreOptions = {
  readonly dir: string;
  /** Below this much free disk nothing is accepted. */
  readonly minFreeBytes: number;
  readonly failpoint?: FailpointPort<StoreFailpoint>;
};

/** @throws StoreFault `STORE_FAILED` when the folder cannot be made or swept. */
export async function openObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { dir, minFreeBytes, failpoint = noFailpoint } = options;
  const staging = join(dir, "staging");
  await prepare(dir, staging);

  const folderOf = (digest: Digest) => join(dir, "objects", digest.slice(0, 2));
  const pathOf = (digest: Digest) => join(folderOf(digest), digest);
  const folders = prefixFolders();

  const freeBytes = async () => {
    const disk = await statfs(dir);
    return disk.bavail * disk.bsize;
  };

  const size = async (digest: Digest) => {
    try {
      return (await stat(pathOf(digest))).size;
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw diskFault(error, "looking for an object");
    }
  };

  const commit = async (received: Received, path: string) => {
    if ((await size(received.digest)) === received.bytes) {
      await forget(received.file, path);
    } else {
      await folders.make(folderOf(received.digest));
      await writeDurably(received, path, failpoint);
      await rename(path, pathOf(received.digest));
      failpoint("object-renamed");
    }
    // Also for an object that was there: its first writer may have died between the name and the folder's fsync.
    await folders.sync(folderOf(received.digest));
    failpoint("object-committed");
  };

  const stage: ObjectStore["stage"] = async (chunks, { maxBytes }) => {
    if ((await freeBytes()) < minFreeBytes) throw belowTheMark(minFreeBytes);
    const path = join(staging, stagingName());
    const received = await receive(chunks, path, maxBytes);
    failpoint("object-received");
    return {
      digest: received.digest,
      bytes: received.bytes,
      read: (range) => readStaged(received, range),
      commit: () =>
        commit(received, path).catch(async (error: unknown) => {
          await forget(received.file, path);
          throw diskFault(error, "keeping an object");
        }),
      discard: () => forget(received.file, path),
    };
  };

  return {
    stage,
    put: async (chunks, limit) => {
      const staged = await stage(chunks, limit);
      await staged.commit();
      return { digest: staged.digest, bytes: staged.bytes };
    },
    has: async (digest) => (await size(digest)) !== undefined,
    confirm: async (digest) => {
      if ((await size(digest)) === undefined) return false;
      await folders.sync(folderOf(digest));
      return true;
    },
    read: async (digest) => checked(digest, await readFrom(pathOf(digest))),
    readRange: (digest, range) => readFrom(pathOf(digest), range),
    stream: (digest, range) => streamFrom(pathOf(digest), range),
    size,
    list: (prefix) => listFolder(join(dir, "objects", prefix)),
    freeBytes,
    remove: (digest) => rm(pathOf(digest), { force: true }),
  };
}

async function listFolder(folder: string): Promise<readonly ListedObject[]> {
  const listed: ListedObject[] = [];
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return [];
    throw diskFault(error, "listing objects");
  });
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => undefined); // removed meanwhile
    if (found && isDigest(name)) listed.push({ digest: name, bytes: found.size, atMs: found.mtimeMs });
  }
  return listed;
}

async function prepare(dir: string, staging: string): Promise<void> {
  try {
    await makeSyncedFolder(staging);
    await makeSyncedFolder(join(dir, "objects"));
    await sweep(staging);
  } catch (error) {
    throw diskFault(error, "opening the object store");
  }
}

async function sweep(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    const path = join(staging, name);
    const found = await stat(path).catch(() => undefined);
    if (found && isLeftover(name, Date.now() - found.mtimeMs)) await rm(path, { force: true });
  }
}

async function writeDurably(
  received: Received,
  path: string,
  failpoint: FailpointPort<StoreFailpoint>,
): Promise<void> {
  const file = received.file ?? (await open(path, "wx+"));
  try {
    if (received.inMemory) await writeAll(file, [received.inMemory]);
    failpoint("object-written");
    await file.sync();
    failpoint("object-synced");
  } finally {
    await file.close();
  }
}

async function forget(file: FileHandle | undefined, path: string): Promise<void> {
  await file?.close();
  await rm(path, { force: true });
}

async function readStaged(received: Received, range?: ByteRange): Promise<Buffer> {
  const { start, end } = range ?? { start: 0, end: received.bytes };
  if (received.inMemory) return received.inMemory.subarray(start, end);
  return readFully(received.file!, start, Math.min(end, received.bytes) - start);
}

async function readFrom(path: string, range?: ByteRange): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const { size } = await file.stat();
    const start = range?.start ?? 0;
    return await readFully(file, start, Math.max(0, Math.min(range?.end ?? size, size) - start));
  } catch (error) {
    if (systemCode(error) === "ENOENT") throw missing(error);
    throw diskFault(error, "reading an object");
  } finally {
    await file?.close();
  }
}

/** One read call moves at most 2 GiB - 4 KiB on Linux, so it is asked again until all is there. */
async function readFully(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length;) {
    const step = Math.min(length - at, 1 << 30);
    const { bytesRead } = await file.read(buffer, at, step, start + at);
    if (bytesRead === 0) throw new StoreFault("OBJECT_DAMAGED", "an object is shorter than it was");
    at += bytesRead;
  }
  return buffer;
}

function checked(digest: Digest, bytes: Buffer): Buffer {
  if (createHash("sha256").update(bytes).digest("hex") === digest) return bytes;
  throw new StoreFault("OBJECT_DAMAGED", `object ${digest} no longer has the bytes that its name says`);
}

async function* streamFrom(path: string, range?: ByteRange): AsyncIterable<Uint8Array> {
  const part = range ? { start: range.start, end: range.end - 1 } : {};
  if (range && range.end <= range.start) return;
  try {
    yield* createReadStream(path, { ...part, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
  } catch (error) {
    if (systemCode(error) === "ENOENT") throw missing(error);
    throw diskFault(error, "reading an object");
  }
}

function missing(cause: unknown): StoreFault {
  return new StoreFault("OBJECT_MISSING", "this site does not hold the object", cause);
}

function belowTheMark(minFreeBytes: number): StoreFault {
  return new StoreFault("STORE_FULL", `less than ${minFreeBytes} bytes of disk are free`);
}
