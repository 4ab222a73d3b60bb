/** The rule: ask every application which volumes of a study it takes, and turn each of its proposals into a job request. */
import type { Application } from "@releve/apps/application";
import { requestOf, type PlannedVolume, type StudyInput } from "@releve/apps/request-job";
import type { Json } from "@releve/domain/canonical-json";
import type { Digest } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { JobRequest } from "@releve/ledger/events/job";

/** What one application said of one volume, or of several together: the jobs it wants, or why it wants none. */
export type Proposal = {
  readonly application: string;
  readonly applicationVersion: string;
  /** Of the first volume. */
  readonly plan: Digest;
  readonly jobs: readonly JobRequest[];
  readonly refused?: { readonly code: string; readonly reason: string };
};

/** An application that neither wants a job nor was to be refused one is not mentioned: people ask for it by hand. */
export function proposeJobs(catalogue: readonly Application[], input: StudyInput): Proposal[] {
  return catalogue
    .flatMap((application) => proposalsOf(application, input))
    .filter(({ jobs, refused }) => jobs.length > 0 || refused !== undefined);
}

function proposalsOf(application: Application, input: StudyInput): Proposal[] {
  if (application.takes === "volumes") return proposeTogether(application, input);
  return input.volumes.map((volume) =>
    proposalOf(application, input, [volume], application.propose(volume.plan)),
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

function proposalOf(
  application: Application,
  input: StudyInput,
  volumes: readonly [PlannedVolume, ...PlannedVolume[]],
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
