/** Puts a simulation's world together: nothing runs in it yet. */
import type { Uuid } from "@releve/domain/ids";
import { HeartbeatBus } from "../actors/heartbeat-bus.ts";
import { Pacs } from "../actors/pacs.ts";
import type { World } from "../actors/world.ts";
import { Network } from "../kernel/network.ts";
import { Scheduler } from "../kernel/scheduler.ts";
import { seededRandom } from "../kernel/seeded-random.ts";
import { SimProcess } from "../kernel/sim-process.ts";
import type { Trace } from "../kernel/trace.ts";
import { newDisturbances } from "../oracle/disturbances.ts";
import { Oracle } from "../oracle/oracle.ts";
import { newViolations, type Violations } from "../oracle/violations.ts";
import { Cluster } from "../stream/cluster.ts";
import { Connection } from "../stream/connection.ts";
import { simLog } from "../stream/sim-log.ts";
import type { Plan } from "./plan.ts";

export type WatchedWorld = World & {
  readonly violations: Violations;
  /** How many I/O steps each process took, by its name, over all of its starts. */
  readonly steps: ReadonlyMap<string, number>;
  /** Told of each I/O step right before it is taken. */
  onStep: (process: string, step: number) => void;
};

export function newWorld(plan: Plan, trace: Trace): WatchedWorld {
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
  const steps = new Map<string, number>();
  const onStep = ({ name }: SimProcess) => {
    const step = (steps.get(name) ?? 0) + 1;
    steps.set(name, step);
    world.onStep(name, step);
  };
  const spawn: World["spawn"] = (name, site) =>
    new SimProcess(scheduler, { name, site, skewMs: plan.skewsMs[site] ?? 0, onStep });
  const onCommitted: Oracle["committed"] = (entry, place) => oracle.committed(entry, place);
  const { replicas, forgetful } = plan;
  const cluster = new Cluster({ scheduler, network, random, replicas, forgetful, onStep, onCommitted });
  const nextNumber = counter();
  const world: WatchedWorld = {
    plan,
    scheduler,
    network,
    random,
    cluster,
    oracle,
    disturbances,
    violations,
    steps,
    onStep: () => {},
    bus: new HeartbeatBus(scheduler, network),
    pacs: new Pacs(spawn("pacs", 0), network, () => oracle),
    newEventId: () => eventId(plan.seed, nextNumber()),
    nextNumber,
    spawn,
    tell,
    openLedger: (process) => openLedger(world, process),
  };
  return world;
}

function counter(): () => number {
  let last = 0;
  return () => ++last;
}

const eventId = (seed: number, number: number): Uuid =>
  `${hex(seed >>> 0, 8)}-0000-4000-8000-${hex(number, 12)}` as Uuid;
const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, "0");

function openLedger(world: World, process: SimProcess): ReturnType<World["openLedger"]> {
  const { cluster, network, random, scheduler, oracle, plan } = world;
  const connection = new Connection(process, cluster, network, random);
  const log = simLog({
    connection,
    random,
    scheduler,
    replicas: plan.replicas,
    onAnswer: ({ subject, firstEventId }, outcome) => {
      if (process.alive) oracle.answered({ by: process.name, subject, firstEventId, outcome });
    },
    onRead: (subject, after, commits) => oracle.read(process.name, subject, after, commits),
  });
  return { log, connection };
}
