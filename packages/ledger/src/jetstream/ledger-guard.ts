/**
 * Stands before every append and every read: is this still the ledger that the process knows? Judged when the log is opened
 * and again after each reconnect, because a server may have been restored from a backup while the process lived on.
 */
import { PubHeaders } from "@nats-io/jetstream";
import { errors, type NatsConnection } from "@nats-io/nats-core";
import type { Clock } from "@releve/domain/clock";
import type { Uuid } from "@releve/domain/ids";
import { judgeLedger } from "../adoption/judge-ledger.ts";
import type { LedgerMark, MarkKeeper } from "../adoption/ledger-mark.ts";
import { adoptionDecider } from "../deciders/adoption.ts";
import type { Position } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";
import { fold } from "../fold.ts";
import { adoptionStream, subjectOf } from "../streams.ts";
import { commitOf } from "./stored-message.ts";
import type { StreamReader } from "./stream-reader.ts";
import { asFault } from "./transient.ts";

export type LedgerGuard = {
  /** Of the ledger as it was opened. */
  readonly epoch: number;
  /** @throws a transient error while it is not known, LedgerFault LEDGER_RESTORED once it is another ledger. */
  readonly check: () => void;
};

export type GuardOptions = {
  readonly connection: NatsConnection;
  /** Reads without asking the guard. */
  readonly reader: StreamReader;
  readonly mark: MarkKeeper;
  readonly clock: Clock;
};

type Verdict = "known" | "unknown" | LedgerFault;

const judgeAgainMs = 1_000;

/** @throws LedgerFault LEDGER_RESTORED when the ledger is not the one that the mark knows; LEDGER_UNREACHABLE. */
export async function openGuard({ connection, reader, mark, clock }: GuardOptions): Promise<LedgerGuard> {
  const { epoch } = await judged(reader, mark.newest());
  if (epoch !== mark.newest()?.epoch) mark.startFrom(undefined);
  let verdict: Verdict = "known";

  const judgeUntilKnown = async (): Promise<void> => {
    while (verdict === "unknown") {
      try {
        const found = await judged(reader, mark.newest());
        verdict = found.epoch === epoch ? "known" : restored(adoptedMeanwhile);
      } catch (error) {
        const fault = asFault(error);
        if (fault instanceof LedgerFault && fault.code === "LEDGER_RESTORED") verdict = fault;
        else if (connection.isClosed()) return;
        else await clock.wait(judgeAgainMs);
      }
    }
  };

  void (async () => {
    for await (const { type } of connection.status()) {
      if (typeof verdict !== "string") return;
      if (type === "disconnect") verdict = "unknown";
      if (type === "reconnect") {
        verdict = "unknown";
        void judgeUntilKnown();
      }
    }
  })();

  return {
    epoch,
    check: () => {
      if (verdict === "known") return;
      throw verdict === "unknown" ? new errors.TimeoutError() : verdict;
    },
  };
}

async function judged(reader: StreamReader, mark: LedgerMark | undefined): Promise<{ epoch: number }> {
  const epoch = await epochOf(reader);
  const eventIdAtMark = mark === undefined ? undefined : await eventIdAt(reader, mark.position);
  const judgement = judgeLedger(mark, { epoch, eventIdAtMark });
  if (judgement === "older" || judgement === "foreign") throw restored(said[judgement]);
  return { epoch };
}

async function epochOf(reader: StreamReader): Promise<number> {
  const subject = subjectOf(adoptionStream);
  const tail = await reader.tail(subject);
  const commits = [];
  if (tail)
    for await (const message of reader.ofSubject(subject, 1, tail.seq)) commits.push(commitOf(message)!);
  return fold(adoptionDecider, commits).state.epoch;
}

/** By the message's id, which can be read also where the event itself was written by newer code. */
async function eventIdAt(reader: StreamReader, position: Position): Promise<Uuid | undefined> {
  if ((await reader.lastSequence()) < position) return undefined;
  return (await reader.at(position)).header.get(PubHeaders.MsgIdHdr) as Uuid;
}

const said = {
  older: "The ledger is older than what this process knows of it, as after a restored backup.",
  foreign: "The ledger is not the one that this process knows: at the same place it holds another event.",
} as const;
const adoptedMeanwhile = "The ledger was adopted under a new epoch while this process ran.";

const restored = (what: string): LedgerFault => {
  const advice =
    what === adoptedMeanwhile
      ? "Start the process again."
      : "Stop, make sure that no newer copy exists, then run: releve ledger adopt";
  return new LedgerFault("LEDGER_RESTORED", `${what} ${advice}`);
};
