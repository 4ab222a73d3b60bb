/** What a leader knows of the other replicas: how far each has come, and when it was heard. */
export class Followers {
  readonly #self: number;
  /** What is sent next begins there. */
  readonly #next: number[];
  /** So much of the log each has on its disk. */
  readonly #held: number[];
  readonly #heardMs: number[];

  /** @param length of the leader's log when it was elected. */
  constructor(self: number, members: number, length: number, nowMs: number) {
    this.#self = self;
    this.#next = Array.from({ length: members }, () => length);
    this.#held = Array.from({ length: members }, () => 0);
    this.#heardMs = Array.from({ length: members }, () => nowMs);
  }

  nextOf(member: number): number {
    return this.#next[member]!;
  }

  heardMs(member: number): number {
    return this.#heardMs[member]!;
  }

  heard(member: number, nowMs: number): void {
    this.#heardMs[member] = nowMs;
  }

  holds(member: number, length: number): void {
    this.#held[member] = Math.max(this.#held[member]!, length);
    this.#next[member] = Math.max(this.#next[member]!, length);
  }

  /** It does not have what came before: the next try begins earlier, but never before what it holds. */
  lacks(member: number, length: number): void {
    this.#next[member] = Math.max(this.#held[member]!, Math.min(length, this.#next[member]! - 1));
  }

  /** Of `others`, the one with the longest log. */
  best(others: readonly number[]): number {
    return others.toSorted((a, b) => this.#held[b]! - this.#held[a]!)[0]!;
  }

  /** So much is on the disks of `majority` replicas. @param synced what the leader's own disk has. */
  agreed(majority: number, synced: number): number {
    const held = [...this.#held];
    held[this.#self] = synced;
    return held.toSorted((a, b) => b - a)[majority - 1]!;
  }
}
