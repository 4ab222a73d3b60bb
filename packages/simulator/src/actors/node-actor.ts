/** A reconstruction node: the real loop, the real liveness, and a supervisor that starts it again when it ends. */
import { Fault } from "@releve/domain/fault";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { NodeLoop } from "@releve/recon/node-loop";
import { unheardMs } from "@releve/recon/heard-nodes";
import type { LivenessChange } from "@releve/wire/liveness";
import type { PlannedNode } from "../scenario/plan.ts";
import { simulatedAttempt } from "./attempt.ts";
import { newBeating, type Start } from "./beating.ts";
import { siteName, type World } from "./world.ts";

const restartMs = 500;
const lookForUnheardEveryMs = 5_000;

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

  start(): void {
    if (this.#gone || this.#start?.main.alive) return;
    const { name, site } = this.planned;
    const incarnation = `${name}-${++this.#starts}`;
    const main = this.#world.spawn(name, site);
    const beater = this.#world.spawn(`${name}-beat`, site);
    main.onCrash(() => {
      beater.crash();
      this.#world.disturbances.begin(incarnation); // it is dead for ever, whenever that is noticed
    });
    this.#start = { main, beater, incarnation, stop: new AbortController(), stalledSinceMs: undefined };
    this.#world.tell(name, () => `starts as ${incarnation}`);
    void this.#run(this.#start);
  }

  kill(forMs: number): void {
    this.#start?.main.crash();
    this.#startAgain(forMs);
  }

  loseForGood(): void {
    this.kill(0);
    this.#gone = true;
  }

  /** SIGTERM. */
  shut(forMs: number): void {
    if (this.#start) this.#world.disturbances.begin(this.#start.incarnation);
    this.#downUntilMs = this.#world.scheduler.nowMs + forMs;
    this.#start?.stop.abort();
  }

  /** @returns what undoes it. */
  pause(): () => void {
    const start = this.#start;
    if (!start) return () => {};
    const end = this.#disturb(start);
    for (const process of [start.main, start.beater]) process.pause();
    return () => {
      for (const process of [start.main, start.beater]) process.resume();
      end();
    };
  }

  stall(): () => void {
    const start = this.#start;
    if (!start) return () => {};
    const end = this.#disturb(start);
    start.stalledSinceMs = this.#world.scheduler.nowMs;
    start.main.pause();
    return () => {
      start.stalledSinceMs = undefined;
      start.main.resume();
      end();
    };
  }

  #disturb({ incarnation }: Start): () => void {
    const { disturbances } = this.#world;
    disturbances.begin(incarnation);
    return () => disturbances.end(incarnation);
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
      hearsItself: () => beating.hearsItself(),
      isHeardElsewhere: beating.isHeardElsewhere,
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
    const giveUpUnheard = () => {
      for (const holder of beating.unheard(loop.holders(unheardMs))) void loop.nodeLost(holder, unheardMs);
      main.after(lookForUnheardEveryMs, "unheard?", giveUpUnheard);
    };
    giveUpUnheard();
    try {
      await loop.run(start.stop.signal);
      world.tell(planned.name, () => "has left");
    } catch (error) {
      this.#onEnd(error);
    }
    if (!main.alive) return;
    main.crash();
    this.#startAgain(Math.max(restartMs, this.#downUntilMs - world.scheduler.nowMs));
  }

  #startAgain(inMs: number): void {
    const { scheduler } = this.#world;
    this.#downUntilMs = Math.max(this.#downUntilMs, scheduler.nowMs + inMs);
    scheduler.after(inMs, "supervisor", () => {
      if (this.#gone || scheduler.nowMs < this.#downUntilMs) return;
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
    void loop.nodeLost(lost, silentMs);
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
