/**
 * One nats-server with its replica of the ledger's stream. As the real one: the leader alone takes messages, checks the
 * message id and the subject's last sequence when it proposes, and answers when a majority holds the entry on disk. Whoever
 * waits for an answer when the leader changes waits in vain, and the entry may still come.
 */
import { JetStreamApiError } from "@nats-io/jetstream";
import type { Network } from "../kernel/network.ts";
import type { Random } from "../kernel/seeded-random.ts";
import type { SimProcess } from "../kernel/sim-process.ts";
import type { RaftMessage } from "./raft-message.ts";
import { RaftReplica } from "./raft-replica.ts";
import type { ReplicaDisk, StoredEntry } from "./replica-disk.ts";
import { StreamState, type StreamMessage } from "./stream-state.ts";

export type PublishRequest = {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly id: string | undefined;
  readonly expected: number | undefined;
};
export type PublishAnswer = { readonly stream: string; readonly seq: number; readonly duplicate: boolean };
export type Answer<Value> = (value: Value | Error) => void;

/** Gets every message of the stream from some server, in whatever order the network brings them. */
export type Follower = {
  readonly process: SimProcess;
  readonly take: (messages: readonly StreamMessage[]) => void;
};

export type StreamServerDeps = {
  readonly id: number;
  readonly members: number;
  readonly process: SimProcess;
  readonly disk: ReplicaDisk;
  readonly network: Network;
  readonly random: Random;
  /** It keeps no table of the message ids that it saw. */
  readonly forgetful: boolean;
  readonly sendToPeer: (to: number, message: RaftMessage) => void;
  readonly onCommitted: (entry: StoredEntry, place: number) => void;
};

const wrongSequence = 10071;
const wrongSequenceUnknown = 10164;
const duplicateInProcess = 10158;
const notLeader = 10074;

const apiError = (status: number, code: number, description: string) =>
  new JetStreamApiError({ code: status, err_code: code, description });

export class StreamServer {
  readonly id: number;
  readonly process: SimProcess;
  readonly #deps: StreamServerDeps;
  readonly #state: StreamState;
  readonly #raft: RaftReplica;
  readonly #followers = new Set<Follower>();
  /** Proposed here and not committed yet, by their place. */
  readonly #pending = new Map<
    number,
    { readonly entry: StoredEntry; readonly answer: Answer<PublishAnswer> }
  >();

  constructor(deps: StreamServerDeps) {
    this.#deps = deps;
    this.id = deps.id;
    this.process = deps.process;
    this.#state = new StreamState(!deps.forgetful);
    const { id: self, members, disk, random, process } = deps;
    this.#raft = new RaftReplica({
      self,
      members,
      disk,
      random,
      nowMs: () => process.clock.nowMs(),
      after: (delayMs, what, act) => void process.after(delayMs, what, act),
      send: (to, message) => process.step() && deps.sendToPeer(to, message),
      onCommit: (entry, place) => this.#committed(entry, place),
      onStepDown: () => this.#pending.clear(),
    });
  }

  get leads(): boolean {
    return this.#raft.leads;
  }

  /** Whom this server takes for the leader. */
  get leader(): number | undefined {
    return this.#raft.leader;
  }

  receive(message: RaftMessage): void {
    this.#raft.receive(message);
  }

  stepDown(): void {
    this.#raft.stepDown();
  }

  publish({ subject, data, id, expected }: PublishRequest, answer: Answer<PublishAnswer>): void {
    if (!this.leads) return answer(unavailable());
    if (id !== undefined) {
      const seq = this.#state.duplicateOf(id, this.#nowMs());
      if (seq !== undefined) return answer({ stream: "LEDGER", seq, duplicate: true });
      if (this.#isPending((message) => message.id === id))
        return answer(apiError(409, duplicateInProcess, "duplicate message id is in process"));
    }
    if (expected !== undefined) {
      if (this.#isPending((message) => message.subject === subject))
        return answer(apiError(400, wrongSequenceUnknown, "wrong last sequence"));
      const tail = this.#state.tail(subject)?.seq ?? 0;
      if (tail !== expected) return answer(this.#wrongSequence(tail));
    }
    const place = this.#raft.length;
    this.#pending.set(place, { entry: this.#raft.propose({ subject, data, id }), answer });
  }

  /** The last message of a subject, or the one with a sequence; only the leader answers. */
  message(
    wanted: { readonly subject: string } | { readonly seq: number },
    answer: Answer<StreamMessage | null>,
  ): void {
    if (!this.leads) return answer(unavailable());
    const found =
      "subject" in wanted ? this.#state.tail(wanted.subject) : this.#state.messages[wanted.seq - 1];
    answer(found ?? null);
  }

  lastSequence(answer: Answer<number>): void {
    answer(this.leads ? this.#state.messages.length : unavailable());
  }

  /** How long ago the leader heard each of the others. */
  heardMs(): readonly number[] {
    return this.#raft.heardMs();
  }

  /** What this replica has of it, which may be less than there is. */
  direct(seq: number, subject: string | undefined, max: number): StreamMessage[] {
    return this.#state.from(seq, subject, max);
  }

  follow(follower: Follower): void {
    this.#followers.add(follower);
  }

  unfollow(follower: Follower): void {
    this.#followers.delete(follower);
  }

  #wrongSequence(tail: number): Error {
    return this.#deps.random.chance(0.5)
      ? apiError(400, wrongSequence, `wrong last sequence: ${tail}`)
      : apiError(400, wrongSequenceUnknown, "wrong last sequence");
  }

  #committed(entry: StoredEntry, place: number): void {
    this.#deps.onCommitted(entry, place);
    const stored = this.#state.apply(entry);
    if (!stored) return;
    const waiting = this.#pending.get(place);
    this.#pending.delete(place);
    if (waiting?.entry === entry) waiting.answer({ stream: "LEDGER", seq: entry.seq, duplicate: false });
    for (const follower of this.#followers) this.#tell(follower, stored);
  }

  #tell(follower: Follower, message: StreamMessage): void {
    if (!follower.process.alive) return this.unfollow(follower);
    this.#deps.network.send(this.process, follower.process, "follow", () => follower.take([message]));
  }

  #isPending(matches: (message: NonNullable<StoredEntry["message"]>) => boolean): boolean {
    for (const { entry } of this.#pending.values()) if (entry.message && matches(entry.message)) return true;
    return false;
  }

  #nowMs(): number {
    return this.process.clock.nowMs();
  }
}

const unavailable = () => apiError(503, notLeader, "JetStream system temporarily unavailable");
