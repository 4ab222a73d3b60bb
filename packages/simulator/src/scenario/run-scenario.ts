/** One simulation from its plan to its verdict. */
import { GatewayActor } from "../actors/gateway-actor.ts";
import { NodeActor } from "../actors/node-actor.ts";
import { Person } from "../actors/person.ts";
import type { World } from "../actors/world.ts";
import { newTrace } from "../kernel/trace.ts";
import { checkFolds } from "../oracle/folds-agree.ts";
import { startMischief, type Actors } from "./do-mischief.ts";
import { newWorld, type WatchedWorld } from "./new-world.ts";
import { sites, type Plan } from "./plan.ts";

export type ScenarioOptions = {
  readonly keepTrace?: boolean;
  /** Kills this process right before its I/O step of that number, from 1; it is started again. */
  readonly killAt?: { readonly process: string; readonly step: number };
};

export type Verdict = {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Equal for equal traces. */
  readonly digest: string;
  readonly trace: readonly string[];
  readonly events: number;
  readonly commits: number;
  readonly virtualMs: number;
  /** How many I/O steps each process took, by its name, over all of its starts. */
  readonly steps: ReadonlyMap<string, number>;
};

/** After the heal: an election, the longest pause of every retry, and each job's remaining attempts. */
const settleMs = 150_000;
/** What comes late must come before the end is looked at. */
const aftermathMs = 2_500;

export async function runScenario(plan: Plan, options: ScenarioOptions = {}): Promise<Verdict> {
  const trace = newTrace(options.keepTrace ?? false);
  const world = newWorld(plan, trace);
  const { scheduler, oracle } = world;
  const actors = {
    nodes: plan.nodes.map((planned) => new NodeActor(world, planned)),
    gateways: Array.from({ length: sites }, (_, site) => new GatewayActor(world, site)),
    person: new Person(world),
  };
  const { killAt } = options;
  world.onStep = (name, step) => {
    if (killAt?.process === name && killAt.step === step) killByName(world, actors, name);
  };
  const heal = startMischief(world, actors);
  let healed = false;
  scheduler.after(plan.healAtMs, "heal", () => {
    world.tell("world", () => "heals");
    healed = true;
    heal();
  });
  await runToTheEnd(world, () => healed);
  return {
    seed: plan.seed,
    violations: world.violations.all(),
    digest: trace.digest(),
    trace: trace.lines(),
    events: scheduler.events,
    commits: oracle.messages().length,
    virtualMs: scheduler.nowMs,
    steps: world.steps,
  };
}

/** Ends at once when something is violated: the rest would only follow from it. */
async function runToTheEnd(
  { plan, scheduler, oracle, violations }: WatchedWorld,
  healed: () => boolean,
): Promise<void> {
  const expected = plan.jobs.length;
  const broken = () => violations.all().length > 0;
  try {
    const limitMs = plan.healAtMs + settleMs;
    const done = () => healed() && oracle.allDone(expected);
    // What comes late may be a person's retry, and then it is not the end.
    do {
      await scheduler.run(() => broken() || done(), limitMs);
      await scheduler.run(broken, scheduler.nowMs + aftermathMs);
      if (broken()) return;
    } while (!done() && scheduler.nowMs < limitMs);
    oracle.finish(expected);
    checkFolds(oracle, oracle.messages());
  } catch (error) {
    oracle.violated(String(error));
  }
}

const restartMs = 1_500;

function killByName(world: World, actors: Actors, name: string): void {
  world.tell(name, () => "is killed here");
  const server = world.cluster.servers.find(({ process }) => process.name === name);
  if (server) {
    world.cluster.crash(server.id);
    world.scheduler.after(restartMs, "restart", () => world.cluster.restart(server.id));
  }
  actors.nodes.find(({ planned }) => planned.name === name)?.kill(restartMs);
  actors.gateways.find((gateway) => gateway.name === name)?.kill(restartMs);
}
