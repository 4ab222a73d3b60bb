/**
 * What a ledger that came back older has lost, as far as this machine can tell: the range of its entries from the marks, the
 * objects from journals and stores. Accepted objects are told to the ledger again by their gateway; the rest is for people.
 */
import type { Digest, Uuid } from "@releve/domain/ids";
import { judgeLedger, type Judgement } from "@releve/ledger/adoption/judge-ledger";
import type { EventLog, Position } from "@releve/ledger/event-log";
import type { FoundMark, FoundSite } from "./found-sites.ts";

export type JudgedMark = FoundMark & { readonly site: string; readonly judgement: Judgement };

export type LostObject = {
  readonly site: string;
  readonly digest: Digest;
  readonly bytes: number;
  /** `accepted`: the journal has it, its gateway tells it again. `unnamed`: nothing names it, such as a result of lost work. */
  readonly known: "accepted" | "unnamed";
  readonly sopInstanceUid?: string;
};

export type Survey = {
  readonly epoch: number;
  /** The last position of the ledger; 0 when it is empty. */
  readonly tail: number;
  /** The last position that any process on this machine knew. */
  readonly remembered: number;
  readonly marks: readonly JudgedMark[];
  readonly lost: readonly LostObject[];
};

export async function surveyLedger(log: EventLog, sites: readonly FoundSite[]): Promise<Survey> {
  const found = sites.flatMap(({ site, marks }) => marks.map((mark) => ({ ...mark, site })));
  const ledger = await readLedger(log, new Set(found.map(({ position }) => position)));
  const marks = found.map((mark) => {
    const eventIdAtMark = ledger.eventIds.get(mark.position);
    return { ...mark, judgement: judgeLedger(mark, { epoch: log.epoch, eventIdAtMark }) };
  });
  const remembered = Math.max(ledger.tail, ...marks.filter(isRestored).map(({ position }) => position));
  const lost = sites.flatMap((site) => lostAt(site, ledger.named));
  return { epoch: log.epoch, tail: ledger.tail, remembered, marks, lost };
}

export const isRestored = ({ judgement }: JudgedMark): boolean =>
  judgement === "older" || judgement === "foreign";

type ReadLedger = {
  readonly tail: number;
  readonly eventIds: ReadonlyMap<Position, Uuid>;
  /** Every digest that any event names, whatever for. */
  readonly named: ReadonlySet<string>;
};

const anyDigest = /\b[0-9a-f]{64}\b/g;

async function readLedger(log: EventLog, positions: ReadonlySet<Position>): Promise<ReadLedger> {
  const eventIds = new Map<Position, Uuid>();
  const named = new Set<string>();
  let tail = 0;
  for await (const { position, events, unread = [] } of log.readAll()) {
    tail = position;
    const [first] = events;
    if (first && positions.has(position)) eventIds.set(position, first.eventId);
    for (const [digest] of JSON.stringify([events, unread]).matchAll(anyDigest)) named.add(digest);
  }
  return { tail, eventIds, named };
}

function lostAt({ site, journal, objects }: FoundSite, named: ReadonlySet<string>): readonly LostObject[] {
  const accepted = new Map(journal.map((entry) => [entry.digest, entry]));
  const told = [...accepted.values()].filter(({ digest }) => !named.has(digest));
  const unnamed = objects.filter(({ digest }) => !named.has(digest) && !accepted.has(digest));
  return [
    ...told.map(({ digest, bytes, sopInstanceUid }) => {
      return { site, digest, bytes, known: "accepted" as const, sopInstanceUid };
    }),
    ...unnamed.map((object) => ({ site, ...object, known: "unnamed" as const })),
  ];
}
