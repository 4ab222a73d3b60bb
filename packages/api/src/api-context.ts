/** What every question has at hand. */
import type { Position, StreamKind } from "@releve/ledger/event-log";
import type { EventIndex } from "@releve/ledger/views/event-index";

/** A node as its heartbeats tell. `progress`: 0 to 1 by job id. */
export type NodeView = {
  readonly node: string;
  readonly site: string;
  readonly status: string;
  readonly slots: number;
  readonly busy: number;
  readonly loopLagMs: number;
  readonly progress: Readonly<Record<string, number>>;
};

export type Change = { readonly position: Position; readonly kinds: readonly StreamKind[] };

export type ApiContext = {
  readonly index: EventIndex;
  readonly nodes: () => readonly NodeView[];
  /** Changes from now on, until the signal is aborted; several in quick succession become one. */
  readonly changes: (signal: AbortSignal) => AsyncIterable<Change>;
};
