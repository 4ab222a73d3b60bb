/** Messages between processes: late, lost, twice, out of order, and cut off between sites in one direction or both. */
import type { Random } from "./seeded-random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimProcess } from "./sim-process.ts";

export type NetworkQuality = {
  readonly lossRate: number;
  readonly duplicateRate: number;
  /** How often a message is late by up to `lateMs`, which also puts it after younger ones. */
  readonly lateRate: number;
  readonly lateMs: number;
  /** One way between two sites. */
  readonly wanMs: number;
};

/** After everything is healed: a network as it should be. */
export const goodNetwork: NetworkQuality = {
  lossRate: 0,
  duplicateRate: 0,
  lateRate: 0,
  lateMs: 0,
  wanMs: 4,
};

const lanMs = 0.2;

export class Network {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #cuts = new Map<string, number>();
  quality: NetworkQuality;

  constructor(scheduler: Scheduler, random: Random, quality: NetworkQuality) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.quality = quality;
  }

  /** Cuts one direction; cuts nest. */
  cut(from: number, to: number): void {
    this.#cuts.set(`${from}>${to}`, (this.#cuts.get(`${from}>${to}`) ?? 0) + 1);
  }

  mend(from: number, to: number): void {
    this.#cuts.set(`${from}>${to}`, Math.max(0, (this.#cuts.get(`${from}>${to}`) ?? 0) - 1));
  }

  mendAll(): void {
    this.#cuts.clear();
  }

  reaches(from: number, to: number): boolean {
    return from === to || (this.#cuts.get(`${from}>${to}`) ?? 0) === 0;
  }

  /** A message that comes through does `deliver` at the receiver, perhaps twice. */
  send(from: SimProcess, to: SimProcess, what: string, deliver: () => void, quiet = false): void {
    if (!from.step() || this.isLost(from.site, to.site)) return;
    const copies = this.#random.chance(this.quality.duplicateRate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++)
      this.#scheduler.after(this.delayMs(from.site, to.site), what, deliver, { owner: to, quiet });
  }

  isLost(from: number, to: number): boolean {
    return !this.reaches(from, to) || this.#random.chance(this.quality.lossRate);
  }

  delayMs(from: number, to: number): number {
    const { lateRate, lateMs, wanMs } = this.quality;
    const way = (from === to ? lanMs : wanMs) * this.#random.between(0.8, 1.6);
    return this.#random.chance(lateRate) ? way + this.#random.between(0, lateMs) : way;
  }
}
