/** What happens to a job, from its request to its one effective end. */
import type { Json } from "@releve/domain/canonical-json";
import type { Digest, JobId, NodeId, SiteId, StudyId } from "@releve/domain/ids";
import type { Version } from "../event-log.ts";
import type { StoredObject, Picture } from "./stored-object.ts";

/** `stat`: a patient is on the table; `urgent`: today; `routine`: what a rule asks for by itself. */
export const jobPriorities = ["stat", "urgent", "routine"] as const;
export type JobPriority = (typeof jobPriorities)[number];

/**
 * Names one claim for ever. `version` is that of the claim's commit; `epoch` that of the ledger which gave it, because a
 * ledger restored from an older backup gives the same versions again.
 */
export type Token = { readonly epoch: number; readonly version: Version };

export type JobRequest = {
  readonly job: JobId;
  readonly study: StudyId;
  readonly application: string;
  readonly applicationVersion: string;
  readonly parameters: Json;
  /** Digest of the VolumePlan, which names every input object by digest. */
  readonly plan: Digest;
  /** Of the further volumes, in the application's order; absent where it takes one. */
  readonly otherPlans?: readonly Digest[];
  /** Where the input objects are known to be. */
  readonly inputSite: SiteId;
  readonly inputBytes: number;
  /** Memory that the computation needs at its peak; a node offers its budget against it. */
  readonly needBytes: number;
  readonly priority: JobPriority;
  /** Milliseconds since the epoch; null: whenever its turn comes. */
  readonly deadlineAtMs: number | null;
};

/** Only `node-lost` says something about the job: it may have taken its node down. */
export const releaseReasons = [
  "node-lost",
  "drain",
  "shutdown",
  /** No site that holds the inputs answered. */
  "input-away",
  /** The node itself could not work: its disk was full or failed. */
  "node-unfit",
] as const;
export type ReleaseReason = (typeof releaseReasons)[number];

export type JobEvent =
  | ({ readonly type: "JobRequested" } & JobRequest)
  /** The epoch and the version of this commit are the attempt's fencing token. */
  | {
      readonly type: "JobClaimed";
      readonly job: JobId;
      readonly node: NodeId;
      readonly site: SiteId;
      readonly attempt: number;
      /** Which start of the node's process took it; absent where the writer has none. */
      readonly incarnation?: string;
      readonly epoch: number;
      /** For how long the node had been computing when the ledger could record the claim: 0 unless it started ahead. */
      readonly aheadMs: number;
    }
  | {
      readonly type: "JobAttemptFailed";
      readonly job: JobId;
      readonly node: NodeId;
      readonly attempt: number;
      readonly code: string;
      readonly reason: string;
      readonly final: boolean;
    }
  | {
      readonly type: "JobReleased";
      readonly job: JobId;
      readonly node: NodeId;
      readonly attempt: number;
      readonly reason: ReleaseReason;
    }
  | {
      readonly type: "JobCompleted";
      readonly job: JobId;
      readonly node: NodeId;
      readonly site: SiteId;
      readonly attempt: number;
      readonly token: Token;
      readonly outputs: readonly StoredObject[];
      readonly pictures: readonly Picture[];
      readonly engine: string;
      readonly computeMs: number;
      /** What the application says of its result, for people: method, limits, corrections applied. */
      readonly remarks: readonly string[];
    }
  | { readonly type: "JobDeadLettered"; readonly job: JobId; readonly code: string; readonly reason: string }
  | { readonly type: "JobCancelled"; readonly job: JobId; readonly reason: string }
  /** A person asks again for what was dead-lettered or cancelled. */
  | { readonly type: "JobRetried"; readonly job: JobId; readonly reason: string }
  /** Another completion counts: another job's, or the same job's of another autonomous site. */
  | {
      readonly type: "JobSuperseded";
      readonly job: JobId;
      readonly by: JobId;
      readonly bySite: SiteId | null;
    };
