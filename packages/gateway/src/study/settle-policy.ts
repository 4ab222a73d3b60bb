/**
 * A series has no end marker: a study counts as complete after a silence. The limit bounds the wait where objects keep
 * trickling in; a late object re-opens the study, so settling early loses nothing.
 */
export type SettlePolicy = {
  /** No new object for this long settles the study. */
  readonly silenceMs: number;
  /** Counted from the first object since the study opened; settles it even while objects still come in. */
  readonly limitMs: number;
};

/** When an open study settles, in milliseconds since the Unix epoch, if nothing more arrives. */
export function settlesAtMs(
  policy: SettlePolicy,
  firstReceivedAtMs: number,
  lastReceivedAtMs: number,
): number {
  return Math.min(lastReceivedAtMs + policy.silenceMs, firstReceivedAtMs + policy.limitMs);
}
