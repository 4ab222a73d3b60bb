/**
 * Objects that nobody names: left by a crash between the object and its journal entry, or by an attempt whose result was
 * refused. They cost disk and nothing else, so they are listed for people and never removed by themselves.
 */
import type { Digest } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import type { ObjectIndex } from "@releve/store/object-index";
import type { ListedObject, ObjectStore } from "@releve/store/object-store";

export type OrphanDeps = {
  readonly store: Pick<ObjectStore, "list">;
  /** Holds every entry of the intake journal. */
  readonly index: Pick<ObjectIndex, "withDigest">;
  readonly log: Pick<EventLog, "readAll">;
  readonly nowMs: () => number;
};

export type Orphans = {
  readonly objects: readonly ListedObject[];
  /** Where the next look begins: so many objects are looked at in one. */
  readonly nextPrefix: number;
};

/** What is younger may yet be named: a result is stored before its completion, an image before its entry. */
const youngestMs = 24 * 3_600_000;
/** Objects looked at in one go, at about 150 bytes each. */
const objectsMaxByDefault = 200_000;
const prefixes = 256;

/** @param fromPrefix 0 to 255. Reads the whole ledger once, and only where something is in doubt. */
export async function findOrphans(
  deps: OrphanDeps,
  fromPrefix: number,
  objectsMax = objectsMaxByDefault,
): Promise<Orphans> {
  const doubtful = new Map<string, ListedObject>();
  let folders = 0;
  while (folders < prefixes && doubtful.size < objectsMax) {
    const prefix = ((fromPrefix + folders) % prefixes).toString(16).padStart(2, "0");
    for (const object of await deps.store.list(prefix))
      if (isDoubtful(deps, object)) doubtful.set(object.digest, object);
    folders += 1;
  }
  const nextPrefix = (fromPrefix + folders) % prefixes;
  if (doubtful.size > 0) await removeNamed(deps.log, doubtful);
  return { objects: [...doubtful.values()], nextPrefix };
}

const isDoubtful = ({ index, nowMs }: OrphanDeps, { digest, atMs }: ListedObject): boolean =>
  nowMs() - atMs > youngestMs && index.withDigest(digest).length === 0;

/** Whatever looks like a digest in any event counts, also in events that this code cannot read. */
async function removeNamed(log: OrphanDeps["log"], doubtful: Map<string, unknown>): Promise<void> {
  for await (const { events, unread = [] } of log.readAll()) {
    if (doubtful.size === 0) return;
    const texts = [...events.map(({ event }) => JSON.stringify(event)), ...unread.map(({ json }) => json)];
    for (const text of texts) for (const digest of digestsIn(text)) doubtful.delete(digest);
  }
}

const digestsIn = (text: string): readonly Digest[] =>
  (text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? []) as Digest[];
