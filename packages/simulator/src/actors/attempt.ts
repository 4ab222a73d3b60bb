/** What stands for the computation: time passes, and bytes come about that no other attempt would make. */
import { Fault } from "@releve/domain/fault";
import { digestOf, type JobId } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { JobRequest } from "@releve/ledger/events/job";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { NodeLoopDeps } from "@releve/recon/node-loop-deps";
import type { SimProcess } from "../kernel/sim-process.ts";
import { jobIdOf } from "./job-request.ts";
import type { World } from "./world.ts";

export type AttemptBy = {
  readonly process: SimProcess;
  readonly incarnation: string;
  readonly slots: number;
  /** Takes the whole process down. */
  readonly die: () => void;
};

type Result = Awaited<ReturnType<NodeLoopDeps["attempt"]>>;

const sleptMs = 500;
/** One more than would end a job if they counted. */
const awayTries = 4;

/** Attempts so far by job, over all nodes. */
const triesOf = new WeakMap<World, Map<JobId, number>>();

export async function simulatedAttempt(
  world: World,
  by: AttemptBy,
  request: JobRequest,
  signal: AbortSignal,
): Promise<Result> {
  const { scheduler, oracle } = world;
  const startedAtMs = scheduler.nowMs;
  oracle.attemptStarted(by.incarnation, request.job, by.slots);
  world.tell(by.process.name, () => `computes ${request.job}`);
  try {
    const failure = await compute(world, by, request.job, signal);
    return failure ?? resultOf(world, by, request.job, startedAtMs);
  } finally {
    oracle.attemptEnded(by.incarnation);
  }
}

async function compute(
  world: World,
  by: AttemptBy,
  job: JobId,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const planned = world.plan.jobs.find(({ number }) => jobIdOf(world.plan.seed, number) === job)!;
  const tries = countTry(world, job);
  const { behaviour, computeMs } = planned;
  const ms = computeMs * world.random.between(0.8, 1.3);
  const startedAtMs = world.scheduler.nowMs;
  await by.process.clock.wait(behaviour === "poison" ? ms / 2 : ms, signal);
  if (signal.aborted) throw new Error("the attempt was taken away");
  if (behaviour === "poison") {
    by.die();
    await new Promise(() => {}); // nothing of a dead process goes on
  }
  if (behaviour === "refused") return refusal("IRREGULAR_SPACING", "the spacing changes");
  if (behaviour === "input-away" && tries <= awayTries)
    throw new Fault("SITE_UNREACHABLE", "no site that holds the input answers", "later");
  // Whoever was stopped for long finds its connections broken.
  const slept = world.scheduler.nowMs - startedAtMs > ms + sleptMs && world.random.chance(0.5);
  if (slept || behaviour === "fails-always" || (behaviour === "fails-once" && tries === 1))
    throw new Fault("OBJECT_UNREACHABLE", "an object could not be fetched", "later");
  return undefined;
}

function countTry(world: World, job: JobId): number {
  const tries = triesOf.get(world) ?? new Map<JobId, number>();
  triesOf.set(world, tries.set(job, (tries.get(job) ?? 0) + 1));
  return tries.get(job)!;
}

function resultOf(world: World, by: AttemptBy, job: JobId, startedAtMs: number): Result {
  const planned = world.plan.jobs.find(({ number }) => jobIdOf(world.plan.seed, number) === job)!;
  const outputs = Array.from({ length: planned.outputs }, (_, index): StoredObject => {
    const digest = digestOf(`${by.incarnation} ${job} ${index} ${world.nextNumber()}`);
    world.oracle.produced(digest, { job, incarnation: by.incarnation });
    return {
      digest,
      bytes: 1_000,
      sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
      sopInstanceUid: `2.25.${planned.number + 1}.${index + 1}`,
      seriesInstanceUid: `2.25.${planned.number + 1}`,
      transferSyntaxUid: "1.2.840.10008.1.2.1",
    };
  });
  const computeMs = world.scheduler.nowMs - startedAtMs;
  return { outputs, pictures: [], engine: "simulated", computeMs, remarks: [] };
}
