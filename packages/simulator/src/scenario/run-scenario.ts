/** One simulation from its plan to its verdict. */
import type { Uuid } from "@releve/domain/ids";
import { GatewayActor } from "../actors/gateway-actor.ts";
import { HeartbeatBus } from "../actors/heartbeat-bus.ts";
import { NodeActor } from "../actors/node-actor.ts";
import { Pacs } from "../actors/pacs.ts";
import { Person } from "../actors/person.ts";
import type { World } from "../actors/world.ts";
import { Network } from "../kernel/network.ts";
import { Scheduler } from "../kernel/scheduler.ts";
import { seededRandom } from "../kernel/seeded-random.ts";
import { SimProcess } from "../kernel/sim-process.ts";
import { newTrace, type Trace } from "../kernel/trace.ts";
import { newDisturbances } from "../oracle/disturbances.ts";
import { checkFolds } from "../oracle/folds-agree.ts";
import { Oracle } from "../oracle/oracle.ts";
import { newViolations } from "../oracle/violations.ts";
import { Cluster } from "../stream/cluster.ts";
import { Connection } from "../stream/connection.ts";
import { simLog } from "../stream/sim-log.ts";
import { startMischief } from "./do-mischief.ts";
import { sites, type Plan } from "./plan.ts";

export type ScenarioOptions = {
  readonly keepTrace?: boolean;
  /** Called before every I/O step of every process. */
  readonly onStep?: (process: SimProcess, world: World) => void;
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
};

/** After the heal: an election, the longest pause of every retry, and each job's remaining attempts. */
const settleMs = 240_000;
/** What comes late must come before the end is looked at. */
const aftermathMs = 2_500;

export async function runScenario(plan: Plan, options: ScenarioOptions = {}): Promise<Verdict> {
  const trace = newTrace(options.keepTrace ?? false);
  const world = newWorld(plan, trace, options);
  const { scheduler, oracle } = world;
  const actors = {
    nodes: plan.nodes.map((planned) => new NodeActor(world, planned)),
    gateways: Array.from({ length: sites }, (_, site) => new GatewayActor(world, site)),
    person: new Person(world),
  };
  const heal = startMischief(world, actors);
  let healed = false;
  scheduler.after(plan.healAtMs, "heal", () => {
    world.tell("world", () => "heals");
    healed = true;
    heal();
  });
  const expected = plan.jobs.length;
  try {
    await scheduler.run(() => healed && oracle.allDone(expected), plan.healAtMs + settleMs);
    await scheduler.run(() => false, scheduler.nowMs + aftermathMs);
  } catch (error) {
    oracle.violated(String(error));
  }
  oracle.finish(expected);
  checkFolds(oracle, oracle.messages());
  return {
    seed: plan.seed,
    violations: world.violations.all(),
    digest: trace.digest(),
    trace: trace.lines(),
    events: scheduler.events,
    commits: oracle.messages().length,
    virtualMs: scheduler.nowMs,
  };
}

function newWorld(plan: Plan, trace: Trace, options: ScenarioOptions) {
  const scheduler = new Scheduler(trace);
  const random = seededRandom(plan.seed, 2);
  const network = new Network(scheduler, random, plan.quality);
  const tell: World["tell"] = (who, text) => trace.tell(scheduler.nowMs, who, text);
  const violations = newViolations((what) => tell("judge", () => `VIOLATION ${what}`));
  const disturbances = newDisturbances(() => scheduler.nowMs);
  const oracle = new Oracle({
    nowMs: () => scheduler.nowMs,
    violations,
    disturbances,
    onCommit: ({ seq, kind, id, events }) =>
      tell(
        "ledger",
        () => `#${seq} ${kind} ${id.slice(-4)} ${events.map((event) => JSON.stringify(event)).join(" ")}`,
      ),
  });
  const onStep = (process: SimProcess) => options.onStep?.(process, world);
  const spawn: World["spawn"] = (name, site) =>
    new SimProcess(scheduler, { name, site, skewMs: plan.skewsMs[site] ?? 0, onStep });
  const cluster = new Cluster({
    scheduler,
    network,
    random,
    replicas: plan.replicas,
    forgetful: plan.forgetful,
    onStep,
    onCommitted: (entry, place) => oracle.committed(entry, place),
  });
  let numbers = 0;
  const nextNumber = () => ++numbers;
  const prefix = (plan.seed >>> 0).toString(16).padStart(8, "0");
  const world: World & { violations: typeof violations } = {
    plan,
    scheduler,
    network,
    random,
    cluster,
    oracle,
    disturbances,
    violations,
    bus: new HeartbeatBus(scheduler, network),
    pacs: new Pacs(spawn("pacs", 0), network, () => oracle),
    newEventId: () => `${prefix}-0000-4000-8000-${nextNumber().toString(16).padStart(12, "0")}` as Uuid,
    nextNumber,
    spawn,
    tell,
    openLedger: (process) => {
      const connection = new Connection(process, cluster, network, random);
      const log = simLog({
        connection,
        random,
        scheduler,
        replicas: plan.replicas,
        epoch: oracle.epoch,
        onAnswer: ({ subject, firstEventId }, outcome) => {
          if (process.alive) oracle.answered({ by: process.name, subject, firstEventId, outcome });
        },
        onRead: (subject, after, commits) => oracle.read(process.name, subject, after, commits),
      });
      return { log, connection };
    },
  };
  return world;
}
