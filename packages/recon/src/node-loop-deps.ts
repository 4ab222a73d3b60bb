/** What a node is given: its ledger, its clock, its size, whom it hears, and how a job is computed. */
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { Bandwidth, NodeWithSlots } from "@releve/ledger/dispatch/placement";
import type { KernelTested } from "@releve/ledger/events/node";
import type { Attempt } from "./attempts.ts";
import type { VoiceDeps } from "./node-voice.ts";
import type { PreStage } from "./pre-stager.ts";
import type { RefusedOf } from "./refused-by-all.ts";

export type NodeLoopDeps = VoiceDeps & {
  readonly slots: number;
  readonly engine: string;
  /** What a job's `needBytes` is held against. */
  readonly memoryBytes: number;
  /** The nodes that are alive, as the heartbeats tell. */
  readonly aliveNodes: () => readonly NodeWithSlots[];
  /** False while the node's own heartbeat does not come back: a node that nobody hears must not claim. Absent: it does. */
  readonly hearsItself?: () => boolean;
  /** Whether other observers say that they hear a start that is silent here. Absent: nobody does. */
  readonly isHeardElsewhere?: (start: Incarnation) => boolean;
  /** Measured between sites; absent: what is assumed of any two. */
  readonly bandwidth?: Bandwidth;
  /** What the kernels gave on known objects, and the applications whose jobs it does not take because of it. */
  readonly selfTest?: { readonly kernels: readonly KernelTested[]; readonly refusedOf: RefusedOf };
  readonly attempt: Attempt;
  /** Makes a job's inputs local, in advance; absent: none is. @throws Fault, which is told and no more. */
  readonly preStage?: PreStage;
  /** What the next heartbeat says. */
  readonly report: (now: {
    readonly busy: number;
    readonly progress: Record<string, number>;
    readonly draining: boolean;
  }) => void;
};
