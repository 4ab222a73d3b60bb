/** How much the invariants looked at. */
import { jobCommits } from "../invariants/job-commits.ts";
import type { RunEvidence } from "../invariants/run-evidence.ts";
import type { RunResult } from "./run-result.ts";

export function lookedAt({
  commits,
  studies,
  accepted,
  acknowledged,
  pacs,
}: RunEvidence): RunResult["looked"] {
  const jobs = jobCommits(commits)
    .map(([, history]) => history.flatMap(({ events }) => events.map(({ event }) => event)))
    .filter((events) => events.some((event) => event.type === "JobRequested" && studies.has(event.study)));
  const ended = (type: string) => jobs.filter((events) => events.some((event) => event.type === type)).length;
  return {
    jobs: jobs.length,
    completed: ended("JobCompleted"),
    deadLettered: ended("JobDeadLettered"),
    acceptedObjects: accepted.filter(({ study }) => studies.has(study)).length,
    acknowledgedAppends: acknowledged.length,
    commits: commits.length,
    pacsInstances: pacs.length,
  };
}

export const nothingLookedAt: RunResult["looked"] = {
  jobs: 0,
  completed: 0,
  deadLettered: 0,
  acceptedObjects: 0,
  acknowledgedAppends: 0,
  commits: 0,
  pacsInstances: 0,
};
