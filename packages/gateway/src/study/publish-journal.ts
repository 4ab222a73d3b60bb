/**
 * Tells the ledger of every accepted object, from the intake journal, in batches per study. An image never waits for the
 * ledger: while it is down the journal grows and this catches up. The checkpoint may lag after a crash; what is told twice
 * appends nothing.
 */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { onAbort } from "@releve/domain/on-abort";
import type { SiteId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import {
  objectsPerBatchMax,
  studyDecider,
  type StudyCommand,
  type StudyState,
} from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { load, type Snapshots } from "@releve/ledger/fold";
import { studyStream } from "@releve/ledger/streams";
import { noFailpoint, type FailpointPort } from "@releve/store/failpoint";
import type { IntakeJournal } from "@releve/store/intake-journal";
import type { JournalRecord, Sequence } from "@releve/store/journal-entry";
import { batched } from "./batched.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { studyCommands, type AddressedCommand } from "./study-commands.ts";

export type PublishDeps = {
  readonly journal: Pick<IntakeJournal, "subscribe">;
  readonly checkpoint: Checkpoint;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly site: SiteId;
  /** Another site recorded other bytes under the same SOP Instance UID: the same object, a revision, or other pixels? */
  readonly compare: (
    recorded: StoredObject,
    received: StoredObject,
  ) => Promise<"same" | "revision" | "other-pixels">;
  readonly onFault: (fault: Fault) => void;
  /** Without them a study is folded from its first object on at every batch. */
  readonly snapshots?: Snapshots<StudyState>;
  /** Between each pair of steps a test may kill the process; see `kill-gateway.int.test.ts`. */
  readonly failpoint?: FailpointPort<PublishFailpoint>;
};

export type PublishFailpoint = "batch-taken" | "ledger-told" | "checkpoint-written";

/** An object is in the ledger this long after its acceptance, and a burst becomes few events. */
const batchMs = 250;
const retryPauseMs = 1_000;

/** Objects whose comparison waits for another site: more of them hold up everything behind. */
const putOffMax = 1_000;
const putOffPauseMs = 15_000;

/** Runs until the signal is aborted. @throws what ends the journal's subscription, or a bug. */
export async function publishJournal(deps: PublishDeps, signal: AbortSignal): Promise<void> {
  const subscription = deps.journal.subscribe(await deps.checkpoint.read(deps.log.epoch));
  onAbort(signal, () => subscription.stop());
  const limits = { maxItems: objectsPerBatchMax, maxWaitMs: batchMs };
  const ended = new AbortController();
  const progress: Progress = { putOff: [], told: undefined, last: undefined };
  const retrying = retryPutOff(deps, progress, AbortSignal.any([signal, ended.signal]));
  retrying.catch(() => subscription.stop()); // a bug: awaited below
  for await (const batch of batched(subscription, limits, deps.clock))
    await publishUntilDone(deps, progress, batch, signal);
  ended.abort();
  await retrying;
}

/**
 * What another site recorded under the same UID cannot be read while that site is away: such an object is put off, so that
 * it holds up no other, and the checkpoint stays before it until it was told.
 */
type Progress = {
  putOff: readonly AddressedCommand[];
  /** What the checkpoint may say. */
  told: Sequence | undefined;
  /** The last record that was told or put off. */
  last: Sequence | undefined;
};

/** Without an end on purpose: an accepted object must reach the ledger, however long that is down; the pause bounds the load. */
async function publishUntilDone(
  deps: PublishDeps,
  progress: Progress,
  batch: readonly JournalRecord[],
  signal: AbortSignal,
): Promise<void> {
  const { failpoint = noFailpoint } = deps;
  while (!signal.aborted) {
    try {
      failpoint("batch-taken");
      const putOff: AddressedCommand[] = [];
      for (const command of studyCommands(batch.map((record) => record.entry)))
        putOff.push(...(await publish(deps, command, putOffMax - progress.putOff.length - putOff.length)));
      failpoint("ledger-told");
      progress.putOff = [...progress.putOff, ...putOff];
      progress.last = batch.at(-1)!.sequence;
      await note(deps, progress);
      return failpoint("checkpoint-written");
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      deps.onFault(error);
      await deps.clock.wait(retryPauseMs, signal);
    }
  }
}

async function note({ log, checkpoint }: PublishDeps, progress: Progress): Promise<void> {
  if (progress.putOff.length > 0 || progress.last === progress.told || !progress.last) return;
  await checkpoint.write(log.epoch, progress.last);
  progress.told = progress.last;
}

/** That an object still waits was told when it was put off. */
async function retryPutOff(deps: PublishDeps, progress: Progress, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.wait(putOffPauseMs, signal);
    for (const command of progress.putOff) {
      if (signal.aborted) return;
      try {
        if ((await publish({ ...deps, onFault: () => {} }, command, 1)).length > 0) continue;
        progress.putOff = progress.putOff.filter((one) => one !== command);
        await note(deps, progress);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        deps.onFault(error);
        break;
      }
    }
  }
}

/** @returns what must be put off, at most `room` commands of one object each; beyond that it throws what kept them. */
async function publish(
  deps: PublishDeps,
  { study, command }: AddressedCommand,
  room: number,
): Promise<readonly AddressedCommand[]> {
  const context = { atMs: deps.clock.nowMs(), site: deps.site, actor: `gateway:${deps.site}` };
  const { log, snapshots } = deps;
  const done = await execute(log, studyStream(study), studyDecider, command, context, undefined, snapshots);
  if (!isRefusal(done)) return [];
  if (command.type !== "receive" || done.refused !== "OBJECT_CONFLICT") throw new PublishFault(done.reason);
  const { commands, putOff } = await untangle(deps, { study, command }, room);
  for (const addressed of commands) putOff.push(...(await publish(deps, addressed, room - putOff.length)));
  return putOff;
}

type Receive = Extract<StudyCommand, { type: "receive" }>;
type Untangled = { readonly commands: AddressedCommand[]; readonly putOff: AddressedCommand[] };

/** Some objects are known under other bytes, from another site: each of those gets what the intake would have said. */
async function untangle(
  deps: PublishDeps,
  { study, command }: { readonly study: AddressedCommand["study"]; readonly command: Receive },
  room: number,
): Promise<Untangled> {
  const { state } = await load(deps.log, studyStream(study), studyDecider, deps.snapshots);
  const recorded = state.status === "none" ? new Map<string, StoredObject>() : state.objects;
  const fresh = command.objects.filter((object) => !recorded.has(object.sopInstanceUid));
  const commands: AddressedCommand[] =
    fresh.length > 0 ? [{ study, command: { ...command, objects: fresh } }] : [];
  const putOff: AddressedCommand[] = [];
  for (const object of command.objects) {
    const known = recorded.get(object.sopInstanceUid);
    if (!known || known.digest === object.digest) continue;
    const how = await comparison(deps, known, object, room - putOff.length);
    if (how === "later") putOff.push({ study, command: { ...command, objects: [object] } });
    if (how === "revision")
      commands.push({ study, command: { type: "revise", object, replaces: known.digest } });
    if (how === "other-pixels")
      commands.push({ study, command: { type: "quarantine", object, conflictsWith: known.digest } });
  }
  return { commands, putOff };
}

async function comparison(
  { compare, onFault }: PublishDeps,
  known: StoredObject,
  object: StoredObject,
  room: number,
): Promise<"same" | "revision" | "other-pixels" | "later"> {
  try {
    return await compare(known, object);
  } catch (error) {
    if (!(error instanceof Fault) || room <= 0) throw error;
    onFault(error);
    return "later";
  }
}

/** The ledger refused what the journal holds: shown and tried again, because the object was accepted. */
class PublishFault extends Fault {
  constructor(reason: string) {
    super("PUBLISH_REFUSED", reason, "later");
    this.name = "PublishFault";
  }
}
