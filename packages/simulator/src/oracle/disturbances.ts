/** What was done to whom and when: a node may be taken for lost only when something was. */
export type Disturbances = {
  /** @param scope a process, `site-N`, or `all`. */
  readonly begin: (scope: string) => void;
  readonly end: (scope: string) => void;
  readonly touched: (scopes: readonly string[]) => boolean;
};

/** Detection, its confirmation, and an observer that could not write it down while the ledger was away. */
const rememberedMs = 25_000;

export function newDisturbances(nowMs: () => number): Disturbances {
  const present = new Map<string, number>();
  const lastMs = new Map<string, number>();
  return {
    begin: (scope) => {
      present.set(scope, (present.get(scope) ?? 0) + 1);
      lastMs.set(scope, nowMs());
    },
    end: (scope) => {
      present.set(scope, Math.max(0, (present.get(scope) ?? 0) - 1));
      lastMs.set(scope, nowMs());
    },
    touched: (scopes) =>
      scopes.some(
        (scope) => (present.get(scope) ?? 0) > 0 || nowMs() - (lastMs.get(scope) ?? -Infinity) < rememberedMs,
      ),
  };
}
