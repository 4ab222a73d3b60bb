/** One run: load the cluster, do the harm, heal, wait until all of it has ended, and look at what is left. */
import { systemClock, type Clock } from "@releve/domain/clock";
import { allFaults } from "../faults/all-faults.ts";
import type { Done, FaultDrill, Harm } from "../faults/fault.ts";
import type { FaultName } from "../fault-names.ts";
import { violationsOf } from "../invariants/invariants.ts";
import type { AcceptedObject, RunEvidence } from "../invariants/run-evidence.ts";
import { runStudies } from "../load/run-studies.ts";
import { sendUntilAccepted } from "../load/send-load.ts";
import { targetAt } from "../load/target-at.ts";
import { seededRandom, type SeededRandom } from "../seeded-random.ts";
import type { Stage } from "../stage/stage.ts";
import { appendUntil, type Appended } from "../watch/appender.ts";
import { anyProgress, gapMs } from "./gap.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import type { RunResult } from "./run-result.ts";
import { lookedAt } from "./looked-at.ts";
import { stillOpen } from "./still-open.ts";

export type Phase = "loading" | "fault" | "healing" | "checking";

export type RunOnce = {
  readonly fault: FaultName;
  readonly run: number;
  readonly seed: string;
  readonly onPhase: (phase: Phase) => void;
};

export type Ran = { readonly result: RunResult; readonly evidence: RunEvidence };

const studiesPerRun = 3;
const firstClaimMs = 20_000;
/** On a machine with cores to spare a run takes well below a minute; on a busy one nothing is proved by giving up early. */
const finishMs = 120_000;

/** @throws Fault when the drill itself could not be done; a violation is a result. */
export async function runOnce(stage: Stage, { fault, run, seed, onPhase }: RunOnce): Promise<Ran> {
  const clock = systemClock;
  const startedMs = clock.nowMs();
  const random = seededRandom(seed);
  stage.watch.begin();
  const load = loadOf(stage, seed, random);
  const harm: Harm = { stage, random, clock, load };
  const ending = new AbortController();
  onPhase("loading");
  const writing = Promise.all(
    stage.writers.map(({ site, log }) => appendUntil(log, clock, site, ending.signal)),
  );
  const sending = Promise.all(load.map((part) => sendPart(part, clock)));
  // A run that is broken off closes the ledger under them; nobody then waits for what they say.
  for (const work of [writing, sending]) work.catch(() => {});
  try {
    const struck = await strike(allFaults[fault], harm, onPhase);
    const accepted = (await sending).flat();
    stage.accepted.push(...accepted);
    const unfinished = await finished(stage, accepted);
    ending.abort();
    const appended = await writing;
    stage.acknowledged.push(...appended.flatMap(({ acknowledged }) => acknowledged));
    onPhase("checking");
    const studies = load.map(({ study }) => study);
    const evidence = await gatherEvidence(
      stage,
      studies,
      [...unfinished, ...unaccepted(load, accepted)],
      clock,
    );
    const looked = lookedAt(evidence);
    return {
      evidence,
      result: {
        fault,
        run,
        seed,
        startedAt: new Date(startedMs).toISOString(),
        what: struck.what,
        gapMs: gapMs(stage.watch.arrivals(), struck.atMs, struck.goesOn),
        ledgerGapMs: longestGapMs(appended),
        tookMs: clock.nowMs() - startedMs,
        looked,
        violations: [
          ...violationsOf(evidence),
          ...emptyHanded(looked),
          ...struck.mustHold().map((sentence) => ({ invariant: "own", sentence })),
        ],
      },
    };
  } finally {
    ending.abort();
    await Promise.allSettled([writing, sending]);
  }
}

type Part = Harm["load"][number];

function loadOf({ cluster }: Stage, seed: string, random: SeededRandom): Part[] {
  const sites = random.shuffle(cluster.sites);
  return runStudies(seed, studiesPerRun).map((study, index) => ({
    site: sites[index % sites.length]!,
    study,
  }));
}

const sendPart = ({ site, study }: Part, clock: Clock): Promise<AcceptedObject[]> =>
  sendUntilAccepted(targetAt(site), study, clock, finishMs);

type Struck = Required<Pick<Done, "what" | "goesOn" | "mustHold">> & { readonly atMs: number };

/** Waits for the fault's moment, does it, holds it, heals. */
async function strike(drill: FaultDrill, harm: Harm, onPhase: (phase: Phase) => void): Promise<Struck> {
  const { stage, random, clock } = harm;
  const when = drill.when === "any" ? random.pick(["receiving", "working"] as const) : drill.when;
  const claimed = () =>
    stage.watch
      .arrivals()
      .some(({ commit }) => commit.events.some(({ event }) => event.type === "JobClaimed"));
  if (when === "working") await stage.watch.until(claimed, firstClaimMs);
  await clock.wait(random.integer(0, 1_000));
  onPhase("fault");
  const atMs = clock.nowMs();
  const done = await drill.inject(harm);
  let words: string | void;
  try {
    await clock.wait(done.holdMs);
  } finally {
    onPhase("healing");
    words = await done.heal();
  }
  const seconds = (done.holdMs / 1000).toFixed(1);
  return {
    what: `${done.what}, for ${seconds} s${words ? `; ${words}` : ""}`,
    goesOn: done.goesOn ?? anyProgress,
    mustHold: done.mustHold ?? (() => givenUp(stage)),
    atMs,
  };
}

/** A run that looked at nothing proves nothing. */
function emptyHanded(looked: RunResult["looked"]): RunResult["violations"] {
  const { jobs, acceptedObjects, acknowledgedAppends, pacsInstances } = looked;
  const nothing = Object.entries({ jobs, acceptedObjects, acknowledgedAppends, pacsInstances }).filter(
    ([, count]) => count === 0,
  );
  return nothing.map(([what]) => ({ invariant: "own", sentence: `the run had no ${what}` }));
}

/** A fault of the machines is no reason to give a job up: only a poison job may end in this way. */
const givenUp = ({ watch }: Stage): string[] =>
  watch
    .arrivals()
    .flatMap(({ commit }) => commit.events.map(({ event }) => event))
    .flatMap((event) =>
      event.type === "JobDeadLettered"
        ? [`job ${event.job} was given up: ${event.code}: ${event.reason}`]
        : [],
    );

async function finished(stage: Stage, accepted: readonly AcceptedObject[]): Promise<string[]> {
  const open = () => stillOpen(stage.watch.index(), accepted, 1);
  await stage.watch.until(() => open().length === 0, finishMs);
  return open();
}

function unaccepted(load: readonly Part[], accepted: readonly AcceptedObject[]): string[] {
  const missing = load.reduce((sum, { study }) => sum + study.objects.length, 0) - accepted.length;
  return missing > 0 ? [`${missing} objects were accepted by no gateway within ${finishMs / 1000} s`] : [];
}

const longestGapMs = (appended: readonly Appended[]): number =>
  Math.max(0, ...appended.map((writer) => writer.longestGapMs));
