/**
 * When a node tries again what it gave back for a reason that says nothing about the job: the sites that hold its input were
 * away, or the node itself could not work. Pure; a node counts what it has seen itself, so no clock of another one matters.
 */
import type { ReleaseReason } from "../events/job.ts";

/** A restart of a process takes some seconds ... */
export const firstPauseMs = 5_000;
/** ... and who is away for hours is asked every five minutes, beside other work. */
export const longestPauseMs = 300_000;

/** @param times how often in succession, from 1. @returns the pause after the last of them: it doubles up to five minutes. */
export const putOffMs = (times: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** (Math.max(1, times) - 1));

export type PutOffReason = Extract<ReleaseReason, "input-away" | "node-unfit">;

/** Faults' codes that say nothing about the job. A kernel that died does: it may be the job that took it down. */
const reasons: ReadonlyMap<string, PutOffReason> = new Map([
  ["SITE_UNREACHABLE", "input-away"],
  ["STORE_FULL", "node-unfit"],
  ["STORE_FAILED", "node-unfit"],
  ["STORE_LOCKED", "node-unfit"],
]);

/** @returns undefined where the fault counts as a spent attempt. */
export const putOffReason = (faultCode: string): PutOffReason | undefined => reasons.get(faultCode);

export const isPutOff = (reason: ReleaseReason): reason is PutOffReason =>
  reason === "input-away" || reason === "node-unfit";
