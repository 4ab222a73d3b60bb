/** A reconstruction node: the real loop, the real liveness, and a supervisor that starts it again when it ends. */
import { Fault } from "@releve/domain/fault";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { NodeLoop } from "@releve/recon/node-loop";
import { heartbeatEveryMs, type Heartbeat } from "@releve/wire/heartbeat";
import {
  answered,
  heard,
  judge,
  newLiveness,
  reconnected,
  suspectsOf,
  type Judged,
  type LivenessChange,
} from "@releve/wire/liveness";
import type { SimProcess } from "../kernel/sim-process.ts";
import type { PlannedNode } from "../scenario/plan.ts";
import type { Connection } from "../stream/connection.ts";
import { simulatedAttempt } from "./attempt.ts";
import { siteName, type World } from "./world.ts";

/** As the listener of the product does it. */
const judgeEveryMs = 100;
const pingMs = 1;
const restartMs = 500;

/** One start of a node's process. */
type Start = {
  readonly main: SimProcess;
  /** The thread that beats: it goes on when the main loop is busy. */
  readonly beater: SimProcess;
  readonly incarnation: string;
  readonly stop: AbortController;
  stalledSinceMs: number | undefined;
};

export class NodeActor {
  readonly planned: PlannedNode;
  readonly #world: World;
  #start: Start | undefined;
  #starts = 0;
  /** The machine is gone: no start of it comes again. */
  #gone = false;
  /** Until then nobody starts it again. */
  #downUntilMs = 0;

  constructor(world: World, planned: PlannedNode) {
    this.#world = world;
    this.planned = planned;
    this.start();
  }

  get gone(): boolean {
    return this.#gone;
  }

  start(): void {
    if (this.#gone || this.#start?.main.alive) return;
    const { name, site } = this.planned;
    const incarnation = `${name}-${++this.#starts}`;
    const main = this.#world.spawn(name, site);
    const beater = this.#world.spawn(`${name}-beat`, site);
    main.onCrash(() => beater.crash());
    this.#start = { main, beater, incarnation, stop: new AbortController(), stalledSinceMs: undefined };
    this.#world.tell(name, () => `starts as ${incarnation}`);
    void this.#run(this.#start);
  }

  kill(forMs: number): void {
    this.#world.disturbances.begin(this.planned.name);
    this.#start?.main.crash();
    this.#startAgain(forMs);
  }

  loseForGood(): void {
    this.kill(0);
    this.#gone = true;
  }

  /** SIGTERM. */
  shut(forMs: number): void {
    this.#world.disturbances.begin(this.planned.name);
    this.#downUntilMs = this.#world.scheduler.nowMs + forMs;
    this.#start?.stop.abort();
  }

  /** @returns what undoes it. */
  pause(): () => void {
    const start = this.#start;
    if (!start) return () => {};
    const end = this.#disturb();
    for (const process of [start.main, start.beater]) process.pause();
    return () => {
      for (const process of [start.main, start.beater]) process.resume();
      end();
    };
  }

  stall(): () => void {
    const start = this.#start;
    if (!start) return () => {};
    const end = this.#disturb();
    start.stalledSinceMs = this.#world.scheduler.nowMs;
    start.main.pause();
    return () => {
      start.stalledSinceMs = undefined;
      start.main.resume();
      end();
    };
  }

  #disturb(): () => void {
    const { disturbances } = this.#world;
    const { name } = this.planned;
    disturbances.begin(name);
    return () => disturbances.end(name);
  }

  async #run(start: Start): Promise<void> {
    const { planned } = this;
    const world = this.#world;
    const { main, incarnation } = start;
    const { log, connection } = world.openLedger(main);
    const site = siteName(planned.site) as SiteId;
    const self = { node: planned.name as NodeId, site, incarnation };
    const beating = newBeating(world, start, planned, connection);
    const loop = new NodeLoop({
      log,
      clock: main.clock,
      self,
      slots: planned.slots,
      engine: "simulated",
      memoryBytes: 1_000_000,
      newEventId: world.newEventId,
      aliveNodes: () => beating.aliveNodes(),
      attempt: (job, signal) =>
        simulatedAttempt(
          world,
          {
            process: main,
            incarnation,
            slots: planned.slots,
            die: () => this.kill(world.random.between(300, 3_000)),
          },
          job,
          signal,
        ),
      report: (now) => beating.update(now),
      onFault: (fault) => this.#onFault(fault, incarnation),
    });
    beating.observe((change) => this.#tellLost(loop, change));
    try {
      await loop.run(start.stop.signal);
      world.tell(planned.name, () => "has left");
    } catch (error) {
      this.#onEnd(error);
    }
    if (!main.alive) return;
    world.disturbances.begin(planned.name);
    main.crash();
    this.#startAgain(Math.max(restartMs, this.#downUntilMs - world.scheduler.nowMs));
  }

  #startAgain(inMs: number): void {
    const { scheduler, disturbances } = this.#world;
    this.#downUntilMs = Math.max(this.#downUntilMs, scheduler.nowMs + inMs);
    scheduler.after(inMs, "supervisor", () => {
      if (scheduler.nowMs < this.#downUntilMs) return;
      disturbances.end(this.planned.name);
      this.start();
    });
  }

  #tellLost(loop: NodeLoop, { kind, from, to, node, site, incarnation, silentMs }: LivenessChange): void {
    if (kind !== "recon") return;
    const lost = { node: node as NodeId, site: site as SiteId, incarnation };
    if (from === "lost") loop.nodeReturned(lost);
    if (to !== "lost") return;
    this.#world.tell(this.planned.name, () => `takes ${incarnation} for lost after ${silentMs} ms`);
    this.#world.scheduler.loud();
    loop.nodeLost(lost, silentMs).catch((error: unknown) => this.#onEnd(error));
  }

  #onEnd(error: unknown): void {
    if (error instanceof Fault) return this.#onFault(error, this.planned.name);
    this.#world.oracle.violated(`${this.planned.name} fell over a bug: ${String(error)}`);
  }

  #onFault(fault: Fault, incarnation: string): void {
    this.#world.tell(this.planned.name, () => `${fault.code}: ${fault.message}`);
    if (never.has(fault.code))
      this.#world.oracle.violated(`${incarnation} met ${fault.code}: ${fault.message}`);
    const job = /^job (\S+):/.exec(fault.message)?.[1];
    if (fault.code === "STALE_TOKEN" && job) this.#world.oracle.toldStale(job, incarnation);
  }
}

/** What the protocol must never make a ledger's server or reader say. */
const never: ReadonlySet<string> = new Set([
  "LEDGER_REFUSED",
  "LEDGER_NOT_UNDERSTOOD",
  "LEDGER_EVENT_ID_REUSED",
  "LEDGER_CLOSED",
  "JOB_UNKNOWN",
]);

type Beating = Pick<Heartbeat, "busy" | "progress" | "draining" | "suspects">;

function newBeating(world: World, start: Start, planned: PlannedNode, connection: Connection) {
  const { main, beater, incarnation } = start;
  const { scheduler, bus } = world;
  const site = siteName(planned.site);
  const nowMs = () => main.clock.nowMs();
  let said: Beating = { busy: 0, progress: {}, draining: false, suspects: null };
  let liveness = newLiveness(nowMs(), `${site}/${planned.name}`);
  let sequence = 0;

  const beat = () => {
    const loopLagMs = start.stalledSinceMs === undefined ? 0 : scheduler.nowMs - start.stalledSinceMs;
    const kind = "recon" as const;
    const fixed = {
      node: planned.name,
      site,
      kind,
      incarnation,
      slots: planned.slots,
      memoryBytes: 1_000_000,
      engine: "simulated",
    };
    bus.send(connection, { ...fixed, ...said, sequence: sequence++, loopLagMs });
    beater.after(heartbeatEveryMs, "beats", beat, true);
  };

  const observe = (onChange: (change: LivenessChange) => void) => {
    const take = (judged: Judged) => {
      liveness = judged.liveness;
      for (const change of judged.changes) onChange(change);
    };
    const look = () => {
      if (bus.answers(connection))
        main.after(pingMs, "pong", () => (liveness = answered(liveness, nowMs())), true);
      take(judge(liveness, nowMs()));
      said = { ...said, suspects: suspectsOf(liveness, nowMs()) };
      main.after(judgeEveryMs, "judge", look, true);
    };
    bus.listen({ connection, hear: (heartbeat) => take(heard(liveness, heartbeat, nowMs())) });
    connection.onReconnect(() => (liveness = reconnected(liveness, nowMs())));
    beat();
    look();
  };

  const aliveNodes = () =>
    [...liveness.nodes.values()]
      .filter(({ status }) => status === "alive" || status === "lagging")
      .map(({ beat: { node, site: at, draining, slots, busy, memoryBytes, engine } }) => ({
        node: node as NodeId,
        site: at as SiteId,
        freeSlots: draining ? 0 : slots - busy,
        memoryBytes,
        engine,
      }));

  return { observe, aliveNodes, update: (now: Partial<Beating>) => (said = { ...said, ...now }) };
}
