/** How far the read model is behind: in commits by the ledger's own end, in time by since when it has not been there. Pure. */
import type { Position } from "@releve/ledger/event-log";
import type { Lag } from "./api-context.ts";

export type LagMeter = {
  /** Where the ledger's end is; to be told at each answer of the ledger. */
  readonly ledgerIsAt: (last: Position | undefined, nowMs: number) => void;
  readonly modelIsAt: (position: Position | undefined, nowMs: number) => void;
  readonly lag: (nowMs: number) => Lag;
};

export function lagMeter(startedAtMs: number): LagMeter {
  let end: number | undefined;
  let position = 0;
  let behindSinceMs: number | undefined = startedAtMs;
  const judge = (nowMs: number): void => {
    if (end === undefined) return;
    if (position >= end) behindSinceMs = undefined;
    else behindSinceMs ??= nowMs;
  };
  return {
    ledgerIsAt: (last, nowMs) => {
      end = last ?? 0;
      judge(nowMs);
    },
    modelIsAt: (at, nowMs) => {
      position = at ?? 0;
      judge(nowMs);
    },
    lag: (nowMs) => ({
      commits: end === undefined ? null : Math.max(0, end - position),
      ms: behindSinceMs === undefined ? 0 : nowMs - behindSinceMs,
    }),
  };
}
