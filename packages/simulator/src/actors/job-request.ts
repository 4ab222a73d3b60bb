/** The requests of a plan: one job is the same request wherever it is asked for. */
import { digestOf, type Digest, type JobId, type SiteId, type StudyId } from "@releve/domain/ids";
import type { JobRequest } from "@releve/ledger/events/job";
import type { PlannedJob } from "../scenario/plan.ts";
import { siteName } from "./world.ts";

/** By the seed as well, so that the nodes' order for a job differs from seed to seed. */
export const jobIdOf = (seed: number, number: number): JobId =>
  `${(seed >>> 0).toString(16).padStart(8, "0")}-0000-5000-8000-${number.toString(16).padStart(12, "0")}` as JobId;

export function jobRequestOf(seed: number, { number, homeSite }: PlannedJob): JobRequest {
  return {
    job: jobIdOf(seed, number),
    study: "00000000-0000-5000-8000-000000000000" as StudyId,
    application: "mpr",
    applicationVersion: "1.0.0",
    parameters: {},
    plan: planDigest,
    inputSite: siteName(homeSite) as SiteId,
    inputBytes: 1_000,
    needBytes: 1_000,
    priority: "routine",
    deadlineAtMs: null,
  };
}

const planDigest: Digest = digestOf("plan");
