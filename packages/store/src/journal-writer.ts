/** The one open file of the journal: appends whole batches, syncs them, seals the file when it is full. */
import { open, type FileHandle } from "node:fs/promises";
import type { FailpointPort, StoreFailpoint } from "./failpoint.ts";
import { StoreFault } from "./faults.ts";
import { listSegments, recoverLast, segmentAt } from "./journal-segments.ts";
import { writeAll } from "./staged-object.ts";
import { syncFolder } from "./synced-folder.ts";

export type JournalWriter = Awaited<ReturnType<typeof openJournalWriter>>;

/** @throws StoreFault `JOURNAL_DAMAGED`; errors of the file system pass. */
export async function openJournalWriter(
  dir: string,
  maxSegmentBytes: number,
  failpoint: FailpointPort<StoreFailpoint>,
) {
  const segments = await listSegments(dir);
  if (segments.length === 0) segments.push(segmentAt(dir, 1));
  let file: FileHandle = await open(segments.at(-1)!.path, "a+");
  await syncFolder(dir);
  const last = await recoverLast(dir, segments.at(-1)!).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  let { goodBytes, next } = last;
  let failed: unknown;

  const rotate = async () => {
    const segment = segmentAt(dir, next);
    const fresh = await open(segment.path, "a+");
    await syncFolder(dir);
    await file.close();
    segments.push(segment);
    file = fresh;
    goodBytes = 0;
  };

  /** What half a batch left must go before anything else is written, or the journal would be torn in its middle. */
  const takeBack = async () => {
    await file.truncate(goodBytes);
    await file.sync();
  };

  return {
    segments: () => segments,
    goodBytes: () => goodBytes,
    next: () => next,
    cut: last.cut,
    close: () => file.close(),
    write: async (frames: readonly Buffer[]) => {
      if (failed) throw new StoreFault("JOURNAL_FAILED", "an earlier sync of the journal failed", failed);
      if (goodBytes > maxSegmentBytes) await rotate();
      try {
        await writeAll(file, frames);
      } catch (error) {
        await takeBack().catch((cause: unknown) => (failed = cause));
        throw error;
      }
      failpoint("entry-written");
      await file.datasync().catch((error: unknown) => {
        failed = error;
        throw new StoreFault("JOURNAL_FAILED", "a sync of the intake journal failed", error);
      });
      failpoint("entry-synced");
      goodBytes += frames.reduce((sum, frame) => sum + frame.length, 0);
      next += frames.length;
    },
  };
}
