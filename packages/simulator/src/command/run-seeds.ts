/** Many seeds over all cores: progress, and the first seed that fails with its trace and the command that repeats it. */
import { availableParallelism } from "node:os";
import type { Verdict } from "../scenario/run-scenario.ts";
import { startSeedChild } from "./seed-child.ts";
import type { SeedOrder, SeedReport } from "./seed-process.ts";

/** A share small enough that a failure is told soon, large enough that telling costs nothing. */
const shareSeeds = 50;
const shareLimitMs = 300_000;
const progressEveryMs = 10_000;
/** The end of a trace is where it went wrong. */
const traceLinesShown = 120;

/** @returns the exit code. */
export async function runSeeds(from: number, count: number, write: (text: string) => void): Promise<number> {
  const startedMs = performance.now();
  const shares = new Shares(from, count);
  const progress = setInterval(
    () => write(`${shares.ran} of ${count} seeds, ${perSecond(shares.ran, startedMs)}\n`),
    progressEveryMs,
  );
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, () => work(shares)));
  } finally {
    clearInterval(progress);
  }
  const hours = (shares.virtualMs / 3_600_000).toFixed(1);
  const speed = perSecond(shares.ran, startedMs);
  write(`${shares.ran} seeds, ${speed}, ${shares.events} events, ${hours} simulated hours\n`);
  return shares.failed ? tellFailure(shares.failed.seed, write) : sayFine(write);
}

/** Hands out the seeds in small shares until all are taken or one has failed. */
class Shares {
  ran = 0;
  events = 0;
  virtualMs = 0;
  failed: Verdict | undefined;
  #next: number;
  readonly #end: number;

  constructor(from: number, count: number) {
    this.#next = from;
    this.#end = from + count;
  }

  next(): SeedOrder | undefined {
    if (this.#next >= this.#end || this.failed) return undefined;
    const from = this.#next;
    this.#next = Math.min(this.#end, from + shareSeeds);
    return { from, to: this.#next, stopAtFailure: true, keepTrace: false };
  }

  take({ ran, events, virtualMs, failed }: SeedReport): void {
    this.ran += ran;
    this.events += events;
    this.virtualMs += virtualMs;
    this.failed ??= failed[0];
  }
}

async function work(shares: Shares): Promise<void> {
  const child = startSeedChild();
  try {
    for (let order = shares.next(); order; order = shares.next())
      shares.take(await child.run(order, shareLimitMs));
  } finally {
    child.end();
  }
}

function sayFine(write: (text: string) => void): number {
  write("0 violations\n");
  return 0;
}

/** Runs one seed and prints what happened in it. @returns the exit code. */
export async function runSeed(
  seed: number,
  allLines: boolean,
  write: (text: string) => void,
): Promise<number> {
  const child = startSeedChild();
  const { failed, trace, digests } = await child
    .run({ from: seed, to: seed + 1, stopAtFailure: true, keepTrace: true }, shareLimitMs)
    .finally(() => child.end());
  const shown = allLines ? trace : trace.slice(-traceLinesShown);
  write(shown.map((line) => `${line}\n`).join(""));
  for (const violation of failed[0]?.violations ?? []) write(`VIOLATION ${violation}\n`);
  write(`seed ${seed}: ${failed.length === 0 ? "0 violations" : "FAILED"}, trace ${digests}\n`);
  return failed.length === 0 ? 0 : 1;
}

async function tellFailure(seed: number, write: (text: string) => void): Promise<number> {
  await runSeed(seed, false, write);
  write(`again, with the whole trace: npm run sim -- --seed ${seed} --trace\n`);
  return 1;
}

const perSecond = (ran: number, startedMs: number): string =>
  `${((ran / (performance.now() - startedMs)) * 1000).toFixed(0)} seeds/s`;
