/** What happens to a study: its objects come in and are copied, it settles, its rule is applied. */
import type { Digest, JobId, SiteId, StudyId } from "@releve/domain/ids";
import type { StoredObject } from "./stored-object.ts";

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
