/** The ledger's port over the simulated stream, by the ledger's own code for appending, retrying and reading. */
import { decodeCommit, encodeCommit, type ReadEvents } from "@releve/ledger/event-codec";
import type { Commit, EventLog, Position, Version } from "@releve/ledger/event-log";
import { appendCommit, type CommitMessage } from "@releve/ledger/jetstream/append-commit";
import { streamReader } from "@releve/ledger/jetstream/stream-reader";
import { streamOfSubject, subjectOf } from "@releve/ledger/streams";
import type { Random } from "../kernel/seeded-random.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Connection } from "./connection.ts";
import { followStream } from "./followed.ts";
import { natsDouble } from "./nats-double.ts";

export type SimLogDeps = {
  readonly connection: Connection;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly replicas: 1 | 3;
  /** An append was answered, to this process. */
  readonly onAnswer: (message: CommitMessage, outcome: Awaited<ReturnType<EventLog["append"]>>) => void;
  /** A stream was read, wholly or from a version on. */
  readonly onRead: (subject: string, after: number, commits: readonly Commit[]) => void;
};

type Raw = { readonly subject: string; readonly seq: number; readonly data: Uint8Array };

/** The product's own numbers. */
const requestTimeoutMs = 500;
const limitMs = 15_000;

export function simLog(deps: SimLogDeps): EventLog {
  const { connection, scheduler, replicas } = deps;
  const { clock } = connection.process;
  const nats = natsDouble(connection, deps.random, replicas);
  const limits = { clock, limitMs, requestTimeoutMs, monotonicMs: () => scheduler.nowMs };
  const reader = streamReader(nats, { name: "LEDGER", replicas }, limits);
  const appending = { client: nats.client, reader, streamName: "LEDGER", limits };

  return {
    epoch: 1,
    append: async (to, events, expected) => {
      const data = encodeCommit(to, events);
      const message = { subject: subjectOf(to), data, firstEventId: events[0]!.eventId, expected };
      const outcome = await appendCommit(appending, message);
      deps.onAnswer(message, outcome);
      return outcome;
    },
    read: async (from, after) => {
      const subject = subjectOf(from);
      const first = (after ?? 0) + 1;
      const tail = await reader.tail(subject);
      const commits =
        tail && tail.seq >= first ? await collect(reader.ofSubject(subject, first, tail.seq)) : [];
      deps.onRead(subject, after ?? 0, commits);
      return commits;
    },
    readAll: async function* (after) {
      for await (const message of reader.all((after ?? 0) + 1, await reader.lastSequence()))
        yield commitOf(message);
    },
    subscribe: (after) => {
      const followed = followStream(connection, after ?? 0);
      const iterator = commitsOf(followed);
      return { [Symbol.asyncIterator]: () => iterator, stop: followed.stop };
    },
    close: async () => {},
  };
}

async function* commitsOf(messages: AsyncIterable<Raw>): AsyncGenerator<Commit> {
  for await (const message of messages) yield commitOf(message);
}

async function collect(messages: AsyncIterable<Raw>): Promise<readonly Commit[]> {
  const all: Commit[] = [];
  for await (const message of messages) all.push(commitOf(message));
  return all;
}

const commitOf = ({ subject, seq, data }: Raw): Commit => ({
  stream: streamOfSubject(subject)!,
  version: seq as Version,
  position: seq as Position,
  ...decoded(data),
});

/** Every reader decodes the same bytes to the same events; once is enough. */
const known = new WeakMap<Uint8Array, ReadEvents>();

function decoded(data: Uint8Array): ReadEvents {
  const before = known.get(data);
  if (before) return before;
  const events = decodeCommit(data);
  known.set(data, events);
  return events;
}
