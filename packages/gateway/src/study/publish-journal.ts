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
import { objectsPerBatchMax, studyDecider, type StudyCommand } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events";
import { load } from "@releve/ledger/fold";
import { studyStream } from "@releve/ledger/streams";
import { noFailpoint, type FailpointPort } from "@releve/store/failpoint";
import type { IntakeJournal } from "@releve/store/intake-journal";
import type { JournalRecord } from "@releve/store/journal-entry";
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
  /** Between each pair of steps a test may kill the process; see `kill-gateway.int.test.ts`. */
  readonly failpoint?: FailpointPort<PublishFailpoint>;
};

export type PublishFailpoint = "batch-taken" | "ledger-told" | "checkpoint-written";

/** An object is in the ledger this long after its acceptance, and a burst becomes few events. */
const batchMs = 250;
const retryPauseMs = 1_000;

/** Runs until the signal is aborted. @throws what ends the journal's subscription, or a bug. */
export async function publishJournal(deps: PublishDeps, signal: AbortSignal): Promise<void> {
  const subscription = deps.journal.subscribe(await deps.checkpoint.read());
  onAbort(signal, () => subscription.stop());
  const limits = { maxItems: objectsPerBatchMax, maxWaitMs: batchMs };
  for await (const batch of batched(subscription, limits, deps.clock))
    await publishUntilDone(deps, batch, signal);
}

/** Without an end on purpose: an accepted object must reach the ledger, however long that is down; the pause bounds the load. */
async function publishUntilDone(
  deps: PublishDeps,
  batch: readonly JournalRecord[],
  signal: AbortSignal,
): Promise<void> {
  const { failpoint = noFailpoint } = deps;
  while (!signal.aborted) {
    try {
      failpoint("batch-taken");
      for (const command of studyCommands(batch.map((record) => record.entry))) await publish(deps, command);
      failpoint("ledger-told");
      await deps.checkpoint.write(batch.at(-1)!.sequence);
      return failpoint("checkpoint-written");
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      deps.onFault(error);
      await deps.clock.wait(retryPauseMs, signal);
    }
  }
}

async function publish(deps: PublishDeps, { study, command }: AddressedCommand): Promise<void> {
  const context = { atMs: deps.clock.nowMs(), site: deps.site, actor: `gateway:${deps.site}` };
  const done = await execute(deps.log, studyStream(study), studyDecider, command, context);
  if (!isRefusal(done)) return;
  if (command.type !== "receive" || done.refused !== "OBJECT_CONFLICT") throw new PublishFault(done.reason);
  for (const addressed of await untangle(deps, { study, command })) await publish(deps, addressed);
}

type Receive = Extract<StudyCommand, { type: "receive" }>;

/** Some objects are known under other bytes, from another site: each of those gets what the intake would have said. */
async function untangle(
  deps: PublishDeps,
  { study, command }: { readonly study: AddressedCommand["study"]; readonly command: Receive },
): Promise<AddressedCommand[]> {
  const { state } = await load(deps.log, studyStream(study), studyDecider);
  const recorded = state.status === "none" ? new Map<string, StoredObject>() : state.objects;
  const fresh = command.objects.filter((object) => !recorded.has(object.sopInstanceUid));
  const commands: AddressedCommand[] =
    fresh.length > 0 ? [{ study, command: { ...command, objects: fresh } }] : [];
  for (const object of command.objects) {
    const known = recorded.get(object.sopInstanceUid);
    if (!known || known.digest === object.digest) continue;
    const how = await deps.compare(known, object);
    if (how === "revision")
      commands.push({ study, command: { type: "revise", object, replaces: known.digest } });
    if (how === "other-pixels")
      commands.push({ study, command: { type: "quarantine", object, conflictsWith: known.digest } });
  }
  return commands;
}

/** The ledger refused what the journal holds: shown and tried again, because the object was accepted. */
class PublishFault extends Fault {
  constructor(reason: string) {
    super("PUBLISH_REFUSED", reason, "later");
    this.name = "PublishFault";
  }
}
