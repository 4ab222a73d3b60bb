/** A job request, as the rule and a person make it: the same application, volumes and parameters are the same job. */
import { canonicalJson, type Json } from "@releve/domain/canonical-json";
import { digestOf, jobIdOf, type Digest, type SiteId, type StudyId } from "@releve/domain/ids";
import type { VolumePlan } from "@releve/domain/series-split";
import type { JobRequest } from "@releve/ledger/events/job";
import type { Application } from "./application.ts";
import { needBytesOf } from "./need-bytes.ts";

export type PlannedVolume = { readonly digest: Digest; readonly plan: VolumePlan };

export type StudyInput = {
  readonly study: StudyId;
  readonly volumes: readonly PlannedVolume[];
  readonly inputSite: SiteId;
  /** Of the stored object; 0 for one that the study does not know. */
  readonly bytesOf: (digest: Digest) => number;
};

/** The request of one application on these volumes; the same one twice has the same job id. */
export function requestOf(
  application: Pick<Application, "id" | "version" | "peakBytes">,
  input: Omit<StudyInput, "volumes">,
  volumes: readonly [PlannedVolume, ...PlannedVolume[]],
  parameters: Json,
): JobRequest {
  const job = jobIdOf({
    application: application.id,
    version: application.version,
    parameters: canonicalJson(parameters),
    inputDigest: inputDigestOf(volumes.map(({ plan }) => plan)),
  });
  const objects = new Set(volumes.flatMap(({ plan }) => plan.slices.map((slice) => slice.digest as Digest)));
  const inputBytes = [...objects].reduce((sum, digest) => sum + input.bytesOf(digest), 0);
  const [first, ...others] = volumes;
  return {
    job,
    study: input.study,
    application: application.id,
    applicationVersion: application.version,
    parameters,
    plan: first.digest,
    ...(others.length > 0 && { otherPlans: others.map(({ digest }) => digest) }),
    inputSite: input.inputSite,
    inputBytes,
    needBytes: needBytesOf(
      application,
      volumes.map(({ plan }) => plan),
      parameters,
      inputBytes,
    ),
    priority: "routine",
    deadlineAtMs: null,
  };
}

/** Digest of what the job reads: the series and each slice's bytes, in order, volume by volume. */
function inputDigestOf(plans: readonly VolumePlan[]): Digest {
  const lines = plans.flatMap((plan) => [
    plan.seriesInstanceUid,
    JSON.stringify(plan.split),
    ...plan.slices.map(
      (slice) => `${slice.digest} ${slice.frameIndex} ${JSON.stringify(slice.tile ?? null)}`,
    ),
  ]);
  return digestOf(lines.join("\n"));
}
