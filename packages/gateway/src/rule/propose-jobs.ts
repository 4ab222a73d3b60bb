/** The rule: ask every application which volumes of a study it takes, and turn each of its proposals into a job request. */
import type { Application } from "@releve/apps/application";
import { needBytesOf } from "@releve/apps/need-bytes";
import { canonicalJson, type Json } from "@releve/domain/canonical-json";
import { digestOf, jobIdOf, type Digest, type SiteId, type StudyId } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { JobRequest } from "@releve/ledger/events";

export type PlannedVolume = { readonly digest: Digest; readonly plan: VolumePlan };

export type StudyInput = {
  readonly study: StudyId;
  readonly volumes: readonly PlannedVolume[];
  readonly inputSite: SiteId;
  /** Of the stored object; 0 for one that the study does not know. */
  readonly bytesOf: (digest: Digest) => number;
};

/** What one application said of one volume, or of several together: the jobs it wants, or why it wants none. */
export type Proposal = {
  readonly application: string;
  readonly applicationVersion: string;
  /** Of the first volume. */
  readonly plan: Digest;
  readonly jobs: readonly JobRequest[];
  readonly refused?: { readonly code: string; readonly reason: string };
};

export function proposeJobs(catalogue: readonly Application[], input: StudyInput): Proposal[] {
  return catalogue.flatMap((application) =>
    application.takes === "volume"
      ? input.volumes.map((volume) =>
          proposalOf(application, input, [volume], application.propose(volume.plan)),
        )
      : proposeTogether(application, input),
  );
}

function proposeTogether(
  application: Extract<Application, { takes: "volumes" }>,
  input: StudyInput,
): Proposal[] {
  const known = new Map(input.volumes.map((volume) => [volume.plan, volume]));
  return application.propose(input.volumes.map(({ plan }) => plan)).map((proposed) => {
    const volumes = proposed.plans.map((plan) => known.get(plan)!);
    const said = "refused" in proposed ? proposed.refused : [proposed.parameters];
    return proposalOf(application, input, volumes as [PlannedVolume], said);
  });
}

type Volumes = readonly [PlannedVolume, ...PlannedVolume[]];

function proposalOf(
  application: Application,
  input: StudyInput,
  volumes: Volumes,
  proposed: readonly Json[] | Refusal,
): Proposal {
  const named = {
    application: application.id,
    applicationVersion: application.version,
    plan: volumes[0].digest,
  };
  if (isRefusal(proposed))
    return { ...named, jobs: [], refused: { code: proposed.refused, reason: proposed.reason } };
  return {
    ...named,
    jobs: proposed.map((parameters) => requestOf(application, input, volumes, parameters)),
  };
}

/** The request of one application on these volumes; the same one twice has the same job id. */
export function requestOf(
  application: { readonly id: string; readonly version: string },
  input: Omit<StudyInput, "volumes">,
  volumes: Volumes,
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
      volumes.map(({ plan }) => plan),
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
