/** How a decider's state is kept as JSON. A state that is read back must equal the one that was written. */
import type { StreamKind } from "../event-log.ts";
import { kindOfEvent } from "../event-schemas.ts";
import type { EventType } from "../events.ts";
import { schemaVersionOf } from "../upcasters.ts";

export type SnapshotCodec<State> = {
  readonly kind: StreamKind;
  /** To be raised with every change of the state's shape or of what the decider's `evolve` makes of an event. */
  readonly version: number;
  /** What JSON can write: no Map, no Set, nothing undefined. */
  readonly toJson: (state: State) => unknown;
  /** @param json what `toJson` gave, under the same version. */
  readonly fromJson: (json: unknown) => State;
};

/** Names the code that made a snapshot. Another codec version or another schema of an event of the kind: another name. */
export function generationOf({ kind, version }: Pick<SnapshotCodec<never>, "kind" | "version">): string {
  const types = Object.keys(kindOfEvent).filter((type) => kindOfEvent[type as EventType] === kind);
  const schemas = types.toSorted().map((type) => `${type}.${schemaVersionOf(type as EventType)}`);
  return [version, ...schemas].join(" ");
}
