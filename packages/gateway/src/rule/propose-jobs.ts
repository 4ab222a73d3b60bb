/** The rule: ask every application whether it takes a volume, and turn each of its proposals into a job request. */
import type { Application } from "@releve/apps/application";
import { needBytesOf } from "@releve/apps/need-bytes";
import { canonicalJson, type Json } from "@releve/domain/canonical-json";
import { digestOf, jobIdOf, type Digest, type SiteId, type StudyId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { JobRequest } from "@releve/ledger/events";

export type ProposalInput = {
  readonly study: StudyId;
  readonly planDigest: Digest;
  readonly plan: VolumePlan;
  readonly inputSite: SiteId;
  readonly inputBytes: number;
};

/** What one application said of one volume: the jobs it wants, or why it wants none. */
export type Proposal = {
  readonly application: string;
  readonly applicationVersion: string;
  readonly plan: Digest;
  readonly jobs: readonly JobRequest[];
  readonly refused?: { readonly code: string; readonly reason: string };
};

export function proposeJobs(catalogue: readonly Application[], input: ProposalInput): Proposal[] {
  return catalogue.map((application) => {
    const proposed = application.propose(input.plan);
    const named = {
      application: application.id,
      applicationVersion: application.version,
      plan: input.planDigest,
    };
    if (isRefusal(proposed)) {
      return { ...named, jobs: [], refused: { code: proposed.refused, reason: proposed.reason } };
    }
    return { ...named, jobs: proposed.map((parameters) => requestOf(application, input, parameters)) };
  });
}

/** The request of one application on one volume; the same one twice has the same job id. */
export function requestOf(
  application: { readonly id: string; readonly version: string },
  input: ProposalInput,
  parameters: Json,
): JobRequest {
  const job = jobIdOf({
    application: application.id,
    version: application.version,
    parameters: canonicalJson(parameters),
    inputDigest: inputDigestOf(input.plan),
  });
  return {
    job,
    study: input.study,
    application: application.id,
    applicationVersion: application.version,
    parameters,
    plan: input.planDigest,
    inputSite: input.inputSite,
    inputBytes: input.inputBytes,
    needBytes: needBytesOf(input.plan, input.inputBytes),
    priority: "routine",
    deadlineAtMs: null,
  };
}

/** Digest of what the job reads: the series and each slice's bytes, in order. */
function inputDigestOf(plan: VolumePlan): Digest {
  const slices = plan.slices.map(
    (slice) => `${slice.digest} ${slice.frameIndex} ${JSON.stringify(slice.tile ?? null)}`,
  );
  return digestOf([plan.seriesInstanceUid, JSON.stringify(plan.split), ...slices].join("\n"));
}
