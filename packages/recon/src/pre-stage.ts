/**
 * Fetches the inputs of a job that another site computes, so that this site could go on at once if that one were lost. It
 * takes a part of the link and of the disk only: whoever has work to do comes first.
 */
import type { Clock } from "@releve/domain/clock";
import type { Digest } from "@releve/domain/ids";
import { decodeVolumePlan } from "@releve/domain/series-split";
import type { JobRequest } from "@releve/ledger/events/job";
import type { ObjectStore } from "@releve/store/object-store";

export type PreStageDeps = {
  readonly store: Pick<ObjectStore, "has" | "freeBytes">;
  /** Reads an object, and makes it local where it is not. */
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly clock: Clock;
  /** Below this much free disk nothing is fetched in advance: several times what the store keeps free. */
  readonly spareBytes: number;
};

/** Half of the slowest link that is reckoned with. */
export const preStageBytesPerS = 6_250_000;
/** A job that reads more than this is fetched when it is claimed. */
export const preStageBytesMax = 2 ** 30;

/** Stops quietly when the signal is aborted. @throws Fault of the store. */
export async function preStageInputs(
  deps: PreStageDeps,
  job: JobRequest,
  signal: AbortSignal,
): Promise<void> {
  const { store, readObject, clock, spareBytes } = deps;
  if (job.inputBytes > preStageBytesMax) return;
  const plans = [];
  for (const digest of [job.plan, ...(job.otherPlans ?? [])])
    plans.push(decodeVolumePlan(await readObject(digest)));
  const slices = plans.flatMap((plan) => plan.slices);
  for (const digest of new Set(slices.map((slice) => slice.digest as Digest))) {
    if (signal.aborted || (await store.freeBytes()) < spareBytes) return;
    if (await store.has(digest)) continue;
    const startedMs = clock.nowMs();
    const { byteLength } = await readObject(digest);
    const restMs = (byteLength / preStageBytesPerS) * 1_000 - (clock.nowMs() - startedMs);
    await clock.wait(Math.max(0, restMs), signal);
  }
}
