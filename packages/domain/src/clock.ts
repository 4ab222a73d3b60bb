/** Time comes in through this port, so that deciders stay pure and tests own the clock. */
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
};

/**
 * Starts at the wall clock's time and then only goes forward, whatever is done to that: for waits and silences, which a
 * clock that is set by hours must not stretch or end.
 */
export const steadyClock: Clock = {
  nowMs: () => Math.round(performance.timeOrigin + performance.now()),
  wait: (ms, signal) => systemClock.wait(ms, signal),
};

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done, { once: true });
    }),
};
