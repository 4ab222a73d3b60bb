/**
 * Writes down who came, who went and what was refused, as events of the person's access. What cannot be written now waits
 * here, in order, as far as `waitingMost` reaches; nobody waits for it.
 */
import { randomUUID } from "node:crypto";
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { Uuid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { accessDecider, type AccessNote } from "@releve/ledger/deciders/access";
import type { EventLog } from "@releve/ledger/event-log";
import { accessRefusals } from "@releve/ledger/events/access";
import { accessStream } from "@releve/ledger/streams";
import type { OnRefused } from "./person-of.ts";

export type AccessNotes = {
  readonly note: (happened: Happened) => void;
  /** Resolves when all is written that can be. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What is to be noted; its id is drawn here. */
export type Happened = AccessNote extends infer Note
  ? Note extends unknown
    ? Omit<Note, "note">
    : never
  : never;

export type AccessNotesDeps = {
  readonly log: () => EventLog | undefined;
  readonly site: string;
  readonly clock: Pick<Clock, "nowMs">;
  /** Told of what failed, and of notes that had no room. */
  readonly onFault: (error: unknown) => void;
};

const waitingMost = 1_000;
const againMs = 5_000;
const closeWithinMs = 2_000;
/** A page that asks again and again for what it may not see is one refusal. */
const sameRefusalMs = 600_000;
const refusalsMost = 10_000;

export function accessNotes({ log, site, clock, onFault }: AccessNotesDeps): AccessNotes {
  const waiting: { readonly happened: AccessNote; readonly atMs: number }[] = [];
  const refused = new Map<string, number>();
  let writing: Promise<void> | undefined;

  function isNews(happened: Happened): boolean {
    if (happened.type !== "AccessRefused") return true;
    const key = `${happened.subject} ${happened.operation} ${happened.site}`;
    const now = clock.nowMs();
    if (now - (refused.get(key) ?? -Infinity) < sameRefusalMs) return false;
    if (refused.size >= refusalsMost) refused.clear();
    refused.set(key, now);
    return true;
  }

  async function write(): Promise<void> {
    for (let first = waiting[0]; first; first = waiting[0]) {
      const open = log();
      if (!open) return;
      const { happened, atMs } = first;
      const context = { atMs, site, actor: `api:${site}` };
      const command = { type: "note", happened } as const;
      const done = await execute(open, accessStream(happened.subject), accessDecider, command, context);
      if (isRefusal(done)) throw new Error(done.reason);
      waiting.shift();
    }
  }

  const flush = (): Promise<void> =>
    (writing ??= write()
      .catch(onFault)
      .finally(() => (writing = undefined)));
  const again = setInterval(() => void flush(), againMs).unref();
  return {
    note: (happened) => {
      if (!isNews(happened)) return;
      if (waiting.length >= waitingMost)
        return onFault(new Fault("NOTES_FULL", "A sign-in or refusal could not be written down.", "never"));
      waiting.push({ happened: { ...happened, note: randomUUID() as Uuid }, atMs: clock.nowMs() });
      void flush();
    },
    flush,
    close: async () => {
      clearInterval(again);
      // A ledger that does not answer keeps nobody from ending.
      const long = new Promise<void>((resolve) => setTimeout(resolve, closeWithinMs).unref());
      await Promise.race([flush(), long]);
    },
  };
}

/** The table's refusals as notes; a bug of the table's caller is no refusal of a right. */
export const refusalNotes =
  (note: AccessNotes["note"]): OnRefused =>
  ({ subject }, operation, site, { refused }) => {
    const reason = accessRefusals.find((known) => known === refused);
    if (reason) note({ type: "AccessRefused", subject, operation, site, reason });
  };
