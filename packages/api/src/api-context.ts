/** What every question has at hand. */
import type { Position, StreamKind } from "@releve/ledger/event-log";
import type { LedgerHealth } from "@releve/ledger/jetstream/ledger-health";
import type { JoinedModels } from "@releve/ledger/read-models/joined-models";
import type { ReadModel } from "@releve/ledger/read-models/open-read-model";
import type { DrillStatus } from "@releve/wire/drill-status";
import type { Digest } from "@releve/domain/ids";
import type { Refusal } from "@releve/domain/refusal";
import type { Commands } from "./commands.ts";
import type { ByHand } from "./requests/by-hand.ts";
import type { SessionCommands } from "./session/open-session.ts";
import type { OnRefused, SignedIn } from "./sign-in/person-of.ts";

/** A node as its heartbeats tell. `progress`: 0 to 1 by job id. */
export type LiveNode = {
  readonly node: string;
  readonly site: string;
  readonly status: string;
  readonly draining?: boolean;
  readonly slots: number;
  readonly busy: number;
  /** What one job may need of it; null or absent: not said. */
  readonly memoryBytes?: number | null;
  readonly loopLagMs: number;
  /** Where it takes sessions, how many it holds and may hold, and its room for their volumes. */
  readonly sessions?: {
    readonly url: string;
    readonly held: number;
    readonly most: number;
    readonly freeBytes: number;
  };
  readonly progress: Readonly<Record<string, number>>;
};

/** Where this API stands, by its settings. */
export type Place = {
  readonly site: string;
  readonly address: string;
  /** Where the other sites' gateways are. */
  readonly otherSites: readonly string[];
};

/** How far the read model is behind the ledger; null while the ledger does not say where its end is. */
export type Lag = {
  readonly commits: number | null;
  /** Since when it has not been at the ledger's end; 0: it is there. */
  readonly ms: number;
};

export type Change = { readonly position: Position; readonly kinds: readonly StreamKind[] };

export type ApiContext = {
  readonly place: Place;
  readonly model: ReadModel;
  /** The same for jobs, with those of the other ledgers. */
  readonly joined: JoinedModels;
  /** Who asks; each procedure checks the table of rights before anything is answered. */
  readonly signedIn: SignedIn | Refusal;
  /** Told of what the table of rights refused. */
  readonly onRefused: OnRefused;
  readonly commands: Commands;
  /** What a person may ask for that no rule asks for by itself. */
  readonly byHand: ByHand;
  /** Of any site that holds it. */
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly sessions: SessionCommands;
  readonly nodes: () => readonly LiveNode[];
  readonly health: () => LedgerHealth;
  readonly lag: () => Lag;
  readonly drill: () => DrillStatus | undefined;
  readonly nowMs: () => number;
  /** Changes from now on, until the signal is aborted; several in quick succession become one. */
  readonly changes: (signal: AbortSignal) => AsyncIterable<Change>;
};
