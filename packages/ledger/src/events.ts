/**
 * The facts. These shapes are what is stored, frozen by golden files: a changed shape gets a new schema version and an upcaster.
 * No patient data: DICOM UIDs and digests, never a name, an id of a person, an accession number or a description.
 */
import type { DeliveryId, Digest, JobId, NodeId, SiteId, StudyId } from "@releve/domain/ids";
import type { Json } from "@releve/domain/canonical-json";

export type StoredObject = {
  readonly digest: Digest;
  readonly bytes: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly transferSyntaxUid: string;
};

/** A picture of a result for people, PNG, in the object store. */
export type Picture = { readonly digest: Digest; readonly seriesInstanceUid: string; readonly title: string };

export type StudyEvent =
  | {
      readonly type: "StudyObjectsReceived";
      readonly study: StudyId;
      readonly studyInstanceUid: string;
      readonly objects: readonly StoredObject[];
    }
  | {
      readonly type: "StudyObjectRevised";
      readonly study: StudyId;
      readonly object: StoredObject;
      readonly replaces: Digest;
    }
  | {
      readonly type: "StudyObjectQuarantined";
      readonly study: StudyId;
      readonly object: StoredObject;
      readonly conflictsWith: Digest;
    }
  /** Silence, or the limit: `revision` counts how often the study settled; the series decisions lie in the store by digest. */
  | {
      readonly type: "StudySettled";
      readonly study: StudyId;
      readonly revision: number;
      readonly series: readonly SettledSeries[];
    }
  /** The rule went through every volume of this revision; its jobs were requested before this was written. */
  | {
      readonly type: "StudyRuled";
      readonly study: StudyId;
      readonly revision: number;
      readonly decisions: readonly RuleDecision[];
    }
  | { readonly type: "StudyReopened"; readonly study: StudyId; readonly revision: number };

/** What one application said of one volume: the jobs that it gets, or why none. */
export type RuleDecision = {
  readonly plan: Digest;
  readonly application: string;
  readonly applicationVersion: string;
  readonly jobs: readonly JobId[];
  readonly refused?: { readonly code: string; readonly reason: string };
};

export type SettledSeries = {
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly objectCount: number;
  /** Each volume's plan (canonical JSON of VolumePlan) in the object store, with what a list needs to show. */
  readonly volumes: readonly {
    readonly plan: Digest;
    readonly slices: number;
    readonly findings: readonly string[];
  }[];
  readonly leftOut: readonly {
    readonly sopInstanceUid: string;
    readonly code: string;
    readonly reason: string;
  }[];
};

export type JobRequest = {
  readonly job: JobId;
  readonly study: StudyId;
  readonly application: string;
  readonly applicationVersion: string;
  readonly parameters: Json;
  /** Digest of the VolumePlan, which names every input object by digest. */
  readonly plan: Digest;
  /** Where the input objects are known to be. */
  readonly inputSite: SiteId;
  readonly inputBytes: number;
};

export type JobEvent =
  | ({ readonly type: "JobRequested" } & JobRequest)
  /** The version of this commit is the attempt's fencing token. */
  | {
      readonly type: "JobClaimed";
      readonly job: JobId;
      readonly node: NodeId;
      readonly site: SiteId;
      readonly attempt: number;
      /** Which start of the node's process took it; absent where the writer has none. */
      readonly incarnation?: string;
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
      readonly reason: "node-lost" | "drain" | "shutdown";
    }
  | {
      readonly type: "JobCompleted";
      readonly job: JobId;
      readonly node: NodeId;
      readonly site: SiteId;
      readonly attempt: number;
      readonly token: number;
      readonly outputs: readonly StoredObject[];
      readonly pictures: readonly Picture[];
      readonly engine: string;
      readonly computeMs: number;
      /** What the application says of its result, for people: method, limits, corrections applied. */
      readonly remarks: readonly string[];
    }
  | { readonly type: "JobDeadLettered"; readonly job: JobId; readonly code: string; readonly reason: string }
  | { readonly type: "JobCancelled"; readonly job: JobId; readonly reason: string }
  | { readonly type: "JobSuperseded"; readonly job: JobId; readonly by: JobId };

export type DeliveryEvent =
  | {
      readonly type: "DeliveryRequested";
      readonly delivery: DeliveryId;
      readonly job: JobId;
      readonly study: StudyId;
      readonly destination: string;
      readonly site: SiteId;
      readonly objects: readonly StoredObject[];
    }
  | {
      readonly type: "DeliveryFailed";
      readonly delivery: DeliveryId;
      readonly attempt: number;
      readonly code: string;
      readonly reason: string;
      readonly nextAtMs: number | null;
    }
  | {
      readonly type: "Delivered";
      readonly delivery: DeliveryId;
      readonly attempt: number;
      readonly receipt: string;
    };

export type NodeEvent =
  | {
      readonly type: "NodeJoined";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly slots: number;
      readonly engine: string;
      readonly incarnation?: string;
    }
  | {
      readonly type: "NodeLost";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly silentMs: number;
      readonly incarnation?: string;
    }
  | { readonly type: "NodeLeft"; readonly node: NodeId; readonly site: SiteId };

export type LedgerEvent = StudyEvent | JobEvent | DeliveryEvent | NodeEvent;
export type EventType = LedgerEvent["type"];
