/** From journal entries to commands on studies, in the journal's order. Pure. */
import { studyIdOf, type StudyId } from "@releve/domain/ids";
import type { StudyCommand } from "@releve/ledger/deciders/study";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { JournalEntry } from "@releve/store/journal-entry";

export type AddressedCommand = { readonly study: StudyId; readonly command: StudyCommand };

/** Neighbouring new objects of one study become one command; a revision or a quarantine has its own. */
export function studyCommands(entries: readonly JournalEntry[]): AddressedCommand[] {
  const commands: AddressedCommand[] = [];
  const receiving = new Map<StudyId, StoredObject[]>();
  for (const entry of entries) {
    const study = studyIdOf(entry.studyInstanceUid);
    if (entry.kind === "stored") {
      const objects = receiving.get(study);
      if (objects) objects.push(storedObjectOf(entry));
      else commands.push(receiveCommand(study, entry, receiving));
    } else {
      receiving.delete(study); // what comes later must not move before this
      commands.push({ study, command: exceptionCommand(entry) });
    }
  }
  return commands;
}

function receiveCommand(
  study: StudyId,
  entry: JournalEntry,
  receiving: Map<StudyId, StoredObject[]>,
): AddressedCommand {
  const objects = [storedObjectOf(entry)];
  receiving.set(study, objects);
  return { study, command: { type: "receive", study, studyInstanceUid: entry.studyInstanceUid, objects } };
}

type Exception = Exclude<JournalEntry, { kind: "stored" }>;

function exceptionCommand(entry: Exception): StudyCommand {
  const object = storedObjectOf(entry);
  return entry.kind === "revision"
    ? { type: "revise", object, replaces: entry.replaces }
    : { type: "quarantine", object, conflictsWith: entry.conflictsWith };
}

export function storedObjectOf(entry: JournalEntry): StoredObject {
  const { digest, bytes, sopClassUid, sopInstanceUid, seriesInstanceUid, transferSyntaxUid } = entry;
  return { digest, bytes, sopClassUid, sopInstanceUid, seriesInstanceUid, transferSyntaxUid };
}
