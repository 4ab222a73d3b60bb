/**
 * One replica's part in agreeing on the stream: Raft as in Ongaro and Ousterhout 2014, figure 2, with the times of
 * nats-server (`server/raft.go`): a heartbeat each second, an election after 4 to 9 s of silence, and a leader that has not
 * heard a majority for 10 s steps down. Lengths, not indices, are sent: an entry's place is the length before it.
 */
import type { Random } from "../kernel/seeded-random.ts";
import { Followers } from "./followers.ts";
import type { RaftMessage, Unsigned } from "./raft-message.ts";
import type { ReplicaDisk, StoredEntry } from "./replica-disk.ts";
import { SyncQueue } from "./sync-queue.ts";

export type RaftDeps = {
  readonly self: number;
  readonly members: number;
  readonly disk: ReplicaDisk;
  readonly random: Random;
  readonly nowMs: () => number;
  readonly after: (delayMs: number, what: string, act: () => void) => void;
  readonly send: (to: number, message: RaftMessage) => void;
  /** Entry number `place` is committed here. */
  readonly onCommit: (entry: StoredEntry, place: number) => void;
  /** No longer the leader: what was proposed and not committed may or may not come. */
  readonly onStepDown: () => void;
};

const heartbeatMs = 1_000;
const lostQuorumMs = 10_000;
const electionMinMs = 4_000;
const electionMaxMs = 9_000;

export class RaftReplica {
  readonly #deps: RaftDeps;
  readonly #disk: ReplicaDisk;
  readonly #syncs: SyncQueue;
  #role: "follower" | "candidate" | "leader" = "follower";
  #leader: number | undefined;
  #votes = new Set<number>();
  /** As of the last time that it was elected. */
  #followers: Followers | undefined;
  #firstOfTerm = 0;
  #electAtMs = 0;

  constructor(deps: RaftDeps) {
    this.#deps = deps;
    this.#disk = deps.disk;
    this.#syncs = new SyncQueue(deps);
    for (let place = 0; place < this.#disk.committed; place++)
      deps.onCommit(this.#disk.entries[place]!, place);
    if (deps.members === 1) this.#stand();
    else {
      this.#postponeElection();
      this.#watch();
    }
  }

  /** Whether it may take proposals: the leader, once everything before its term is committed. */
  get leads(): boolean {
    return this.#role === "leader" && this.#disk.committed > this.#firstOfTerm;
  }

  get leader(): number | undefined {
    return this.#leader;
  }

  get length(): number {
    return this.#disk.entries.length;
  }

  /** How long ago each of the others was heard; of use at the leader alone. */
  heardMs(): readonly number[] {
    return this.#others().map((other) => this.#deps.nowMs() - (this.#followers?.heardMs(other) ?? 0));
  }

  propose(message: NonNullable<StoredEntry["message"]>): StoredEntry {
    const entry = this.#write(message);
    this.#replicate(true);
    return entry;
  }

  /** An orderly hand-over: the best follower stands at once. */
  stepDown(): void {
    if (this.#role !== "leader" || this.#deps.members === 1) return;
    const best = this.#followers!.best(this.#others());
    this.#follow(this.#disk.term);
    this.#send(best, { kind: "stand" });
  }

  receive(message: RaftMessage): void {
    if (message.term > this.#disk.term) this.#follow(message.term);
    if (message.kind === "ask-vote") return this.#answerCandidate(message);
    if (message.term < this.#disk.term) return this.#refuseOld(message);
    if (message.kind === "vote") return this.#count(message.from, message.granted);
    if (message.kind === "append") return this.#take(message);
    if (message.kind === "stand") return this.#stand();
    return this.#answered(message.from, message.ok, message.length);
  }

  // ---- Elections

  #watch(): void {
    const inMs = Math.max(1, this.#electAtMs - this.#deps.nowMs());
    this.#deps.after(inMs, "election?", () => {
      if (this.#role === "leader") this.#postponeElection();
      else if (this.#deps.nowMs() >= this.#electAtMs) this.#stand();
      this.#watch();
    });
  }

  #postponeElection(): void {
    this.#electAtMs = this.#deps.nowMs() + this.#deps.random.between(electionMinMs, electionMaxMs);
  }

  #stand(): void {
    this.#role = "candidate";
    this.#leader = undefined;
    this.#disk.term++;
    this.#disk.votedFor = this.#deps.self;
    this.#votes = new Set([this.#deps.self]);
    this.#postponeElection();
    for (const other of this.#others())
      this.#send(other, { kind: "ask-vote", length: this.length, lastTerm: this.#termBefore(this.length) });
    this.#winIfElected();
  }

  #answerCandidate({ from, term, length, lastTerm }: Extract<RaftMessage, { kind: "ask-vote" }>): void {
    const own = this.#termBefore(this.length);
    const isAtLeastOurs = lastTerm > own || (lastTerm === own && length >= this.length);
    const free = this.#disk.votedFor === undefined || this.#disk.votedFor === from;
    const granted = term === this.#disk.term && free && isAtLeastOurs;
    if (granted) {
      this.#disk.votedFor = from;
      this.#postponeElection();
    }
    this.#send(from, { kind: "vote", granted });
  }

  #count(from: number, granted: boolean): void {
    if (this.#role !== "candidate" || !granted) return;
    this.#votes.add(from);
    this.#winIfElected();
  }

  #winIfElected(): void {
    if (this.#votes.size < this.#majority()) return;
    this.#role = "leader";
    this.#leader = this.#deps.self;
    const { self, members, nowMs } = this.#deps;
    this.#followers = new Followers(self, members, this.length, nowMs());
    this.#firstOfTerm = this.length;
    this.#write(undefined);
    this.#beat(this.#disk.term);
  }

  #beat(term: number): void {
    if (this.#role !== "leader" || this.#disk.term !== term) return;
    if (this.#heardLately() < this.#majority()) return this.#follow(term);
    this.#replicate(true);
    if (this.#deps.members > 1) this.#deps.after(heartbeatMs, "leader's beat", () => this.#beat(term));
  }

  #heardLately(): number {
    const sinceMs = this.#deps.nowMs() - lostQuorumMs;
    return 1 + this.#others().filter((other) => this.#followers!.heardMs(other) >= sinceMs).length;
  }

  #follow(term: number): void {
    const led = this.#role === "leader";
    if (term > this.#disk.term) {
      this.#disk.term = term;
      this.#disk.votedFor = undefined;
    }
    this.#role = "follower";
    this.#leader = undefined;
    if (!led) return;
    this.#postponeElection();
    this.#deps.onStepDown();
  }

  // ---- Replication

  #write(message: StoredEntry["message"]): StoredEntry {
    const before = this.#disk.entries.at(-1)?.seq ?? 0;
    const { term } = this.#disk;
    const atMs = this.#deps.nowMs();
    const entry = message ? { term, seq: before + 1, message, atMs } : { term, seq: before, atMs };
    this.#disk.entries.push(entry);
    this.#syncs.whenSynced(this.length, () => this.#advance());
    return entry;
  }

  #replicate(answer: boolean): void {
    for (const other of this.#others()) this.#sendEntries(other, answer);
  }

  #sendEntries(to: number, answer: boolean): void {
    const before = Math.min(this.#followers!.nextOf(to), this.length);
    this.#send(to, {
      kind: "append",
      before,
      beforeTerm: this.#termBefore(before),
      entries: answer ? this.#disk.entries.slice(before) : [],
      committed: this.#disk.committed,
      answer,
    });
  }

  #take({
    from,
    term,
    before,
    beforeTerm,
    entries,
    committed,
    answer,
  }: Extract<RaftMessage, { kind: "append" }>) {
    this.#role = "follower";
    this.#leader = from;
    this.#postponeElection();
    if (this.length < before || this.#termBefore(before) !== beforeTerm) {
      const length = Math.max(this.#disk.committed, Math.min(this.length, before - 1));
      return this.#send(from, { kind: "appended", ok: false, length });
    }
    this.#merge(before, entries);
    const known = before + entries.length;
    this.#commit(Math.min(committed, known));
    if (!answer) return;
    this.#syncs.whenSynced(known, () => {
      if (this.#disk.term === term) this.#send(from, { kind: "appended", ok: true, length: known });
    });
  }

  #merge(before: number, entries: readonly StoredEntry[]): void {
    entries.forEach((entry, index) => {
      const place = before + index;
      const own = this.#disk.entries[place];
      if (own?.term === entry.term) return;
      if (own) this.#cutTo(place);
      this.#disk.entries.push(entry);
    });
  }

  #cutTo(length: number): void {
    if (length < this.#disk.committed) throw new Error("the model of the stream dropped a committed entry");
    this.#disk.entries.length = length;
    this.#syncs.cutTo(length);
  }

  #answered(from: number, ok: boolean, length: number): void {
    if (this.#role !== "leader") return;
    this.#followers!.heard(from, this.#deps.nowMs());
    if (!ok) {
      this.#followers!.lacks(from, length);
      return this.#sendEntries(from, true);
    }
    this.#followers!.holds(from, length);
    this.#advance();
  }

  #advance(): void {
    if (this.#role !== "leader") return;
    const agreed = this.#followers!.agreed(this.#majority(), this.#disk.synced);
    if (agreed <= this.#disk.committed || this.#termBefore(agreed) !== this.#disk.term) return;
    this.#commit(agreed);
    this.#replicate(false);
  }

  #commit(length: number): void {
    while (this.#disk.committed < length) {
      const place = this.#disk.committed++;
      this.#deps.onCommit(this.#disk.entries[place]!, place);
    }
  }

  // ---- Small things

  #refuseOld(message: RaftMessage): void {
    if (message.kind === "append")
      this.#send(message.from, { kind: "appended", ok: false, length: this.length });
  }

  #termBefore(length: number): number {
    return this.#disk.entries[length - 1]?.term ?? 0;
  }

  #majority(): number {
    return Math.floor(this.#deps.members / 2) + 1;
  }

  #others(): number[] {
    return Array.from({ length: this.#deps.members }, (_, id) => id).filter((id) => id !== this.#deps.self);
  }

  #sign(message: Unsigned<RaftMessage>): RaftMessage {
    return { ...message, from: this.#deps.self, term: this.#disk.term };
  }

  #send(to: number, message: Unsigned<RaftMessage>): void {
    this.#deps.send(to, this.#sign(message));
  }
}
