/** A clock that stands still until a test moves it. */
import type { Clock } from "@releve/domain/clock";

export type FakeClock = Clock & {
  /** Moves the time on, stops at each moment that somebody waits for, and lets everything that follows from it happen. */
  readonly advance: (ms: number) => Promise<void>;
};

type Waiter = { readonly atMs: number; readonly wake: () => void };

/** More wake-ups in one advance than any test means: somebody waits for no time at all, in a loop. */
const wakeUpsMax = 100_000;

export function fakeClock(startMs = 1_000_000): FakeClock {
  let nowMs = startMs;
  const waiters = new Set<Waiter>();

  const wait = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        waiters.delete(waiter);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const waiter = { atMs: nowMs + ms, wake };
      waiters.add(waiter);
      signal?.addEventListener("abort", wake, { once: true });
    });

  const advance = async (ms: number) => {
    const untilMs = nowMs + ms;
    await settled();
    for (let wakeUps = 0; ; wakeUps++) {
      if (wakeUps > wakeUpsMax) throw new Error(`${wakeUpsMax} wake-ups within ${ms} ms`);
      const next = [...waiters].reduce<Waiter | undefined>(
        (a, b) => (a && a.atMs <= b.atMs ? a : b),
        undefined,
      );
      if (!next || next.atMs > untilMs) break;
      nowMs = Math.max(nowMs, next.atMs);
      next.wake();
      await settled();
    }
    nowMs = untilMs;
    await settled();
  };
  return { nowMs: () => nowMs, wait, advance };
}

/** Promises that follow from one another are through when the event loop has turned. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));
