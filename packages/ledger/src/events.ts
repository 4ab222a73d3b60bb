/**
 * The facts. These shapes are what is stored, frozen by golden files: a changed shape gets a new schema version and an upcaster.
 * No patient data: DICOM UIDs and digests, never a name, an id of a person, an accession number or a description.
 */
import type {
  DeliveryId,
  Digest,
  JobId,
  NodeId,
  SessionId,
  SiteId,
  StudyId,
  SubjectId,
  Uuid,
} from "@releve/domain/ids";
import type { Json } from "@releve/domain/canonical-json";
import type { Version } from "./event-log.ts";

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
  | { readonly type: "StudyReopened"; readonly study: StudyId; readonly revision: number }
  /** These objects lie fsynced in the store of this further site, by that site's own word. */
  | {
      readonly type: "StudyObjectsReplicated";
      readonly study: StudyId;
      readonly site: SiteId;
      readonly digests: readonly Digest[];
      /** What was made of the study and is named by other events: volume plans, results, pictures. */
      readonly derived?: readonly Digest[];
    };

/** What one application said of one volume: the jobs that it gets, or why none. */
export type RuleDecision = {
  /** Of the volume, or of the first where the application takes several. */
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
    }
  /** A person asks again for a delivery that had stopped. */
  | { readonly type: "DeliveryRetried"; readonly delivery: DeliveryId; readonly reason: string };

/** What came of one kernel's test on a known object. */
export type KernelTested = {
  readonly kernel: string;
  /** What ran, with the reason where it is not what the node was set up for. */
  readonly engine: string;
  readonly ok: boolean;
  /** The largest deviation from the known answer; null where there is no number, and then there is a reason. */
  readonly worst: number | null;
  readonly tolerance: number;
  readonly reason: string | null;
};

export type NodeEvent =
  | {
      readonly type: "NodeJoined";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly slots: number;
      readonly engine: string;
      /** What a job's `needBytes` is held against; null where the node did not say. */
      readonly memoryBytes: number | null;
      readonly incarnation?: string;
    }
  /** In the commit of its join: what its kernels gave on known objects. It takes no job that needs one that is not right. */
  | {
      readonly type: "NodeSelfTested";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly kernels: readonly KernelTested[];
    }
  /** It finishes what it holds, claims nothing more, and leaves. */
  | { readonly type: "NodeDraining"; readonly node: NodeId; readonly site: SiteId; readonly reason: string }
  /** The drain was taken back before the node left. */
  | { readonly type: "NodeResumed"; readonly node: NodeId; readonly site: SiteId }
  | {
      readonly type: "NodeLost";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly silentMs: number;
      readonly incarnation?: string;
    }
  | { readonly type: "NodeLeft"; readonly node: NodeId; readonly site: SiteId };

/** Where a session runs, or would go on. */
export type SessionHost = { readonly node: NodeId; readonly site: SiteId };

/** A session has an epoch: who opens it elsewhere raises it, and whoever still writes under a lower one is refused. */
export type SessionEvent =
  | {
      readonly type: "SessionOpened";
      readonly session: SessionId;
      readonly study: StudyId;
      readonly application: string;
      /** A pseudonym: derived from the identity provider's subject, never a name. */
      readonly owner: SubjectId;
      readonly host: SessionHost;
      readonly standby: SessionHost | null;
      readonly epoch: number;
    }
  /** The view settled: camera, window, slab; small JSON without free text. */
  | {
      readonly type: "SessionViewSaved";
      readonly session: SessionId;
      readonly epoch: number;
      readonly view: Json;
    }
  /** An annotation's body may hold words about the patient, so it lies in the object store; null: it was taken away. */
  | {
      readonly type: "SessionAnnotated";
      readonly session: SessionId;
      readonly epoch: number;
      readonly annotation: Uuid;
      readonly body: Digest | null;
    }
  | {
      readonly type: "SessionMoved";
      readonly session: SessionId;
      readonly epoch: number;
      readonly host: SessionHost;
      readonly standby: SessionHost | null;
      readonly reason: "node-lost" | "site-lost" | "drain" | "rebalance";
    }
  | {
      readonly type: "SessionClosed";
      readonly session: SessionId;
      readonly epoch: number;
      readonly reason: "by-user" | "idle" | "revoked";
    };

/** `member`: part of the stretched cluster; `autonomous`: its jobs' home is its own leaf stream. A deployment choice. */
export type SiteMode = "member" | "autonomous";
/** When a study counts as safe: when this site holds it, or when a second one does as well. */
export type SafetyPolicy = "local" | "safe-2";

export type SiteEvent =
  | {
      readonly type: "SiteJoined";
      readonly site: SiteId;
      readonly mode: SiteMode;
      readonly safety: SafetyPolicy;
    }
  | { readonly type: "SiteLost"; readonly site: SiteId; readonly by: SiteId; readonly silentMs: number }
  | { readonly type: "SiteReturned"; readonly site: SiteId }
  | { readonly type: "SiteLeft"; readonly site: SiteId };

export const accessRoles = [
  "clinician",
  "radiologist",
  "nuclear-physician",
  "it",
  "auditor",
  "admin",
] as const;
export type AccessRole = (typeof accessRoles)[number];

/** One stream a subject. Subjects are pseudonyms. `site` null: at every site. */
export type AccessEvent =
  | {
      readonly type: "AccessGranted";
      readonly subject: SubjectId;
      readonly role: AccessRole;
      readonly site: SiteId | null;
      readonly by: SubjectId;
    }
  | {
      readonly type: "AccessRevoked";
      readonly subject: SubjectId;
      readonly role: AccessRole;
      readonly site: SiteId | null;
      readonly by: SubjectId;
      readonly reason: string;
    };

/** A ledger that came back older than it was is taken on by a person, under a new epoch: no token of the old one counts. */
export type AdoptionEvent = {
  readonly type: "LedgerAdopted";
  readonly epoch: number;
  /** The last position that the restored ledger had ... */
  readonly tail: number;
  /** ... and the last one that any part of the system remembered. What lay between is lost. */
  readonly remembered: number;
  /** What journal and store still know of the lost range, as JSON in the object store; null where nothing is missing. */
  readonly report: Digest | null;
};

export type LedgerEvent =
  | StudyEvent
  | JobEvent
  | DeliveryEvent
  | NodeEvent
  | SessionEvent
  | SiteEvent
  | AccessEvent
  | AdoptionEvent;
export type EventType = LedgerEvent["type"];
