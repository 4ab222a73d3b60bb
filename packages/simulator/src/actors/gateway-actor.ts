/**
 * A site's gateway: asks for jobs until the ledger has them, and runs the real flow, which asks for deliveries and sends
 * them. Studies do not occur here; what a delivery sends goes to the simulated PACS.
 */
import { Fault } from "@releve/domain/fault";
import { deliveryIdOf, type DeliveryId, type JobId, type SiteId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import type { Action } from "@releve/gateway/flow/due-actions";
import { runFlow } from "@releve/gateway/flow/run-flow";
import { execute } from "@releve/ledger/command-handler";
import { deliveryDecider } from "@releve/ledger/deciders/delivery";
import { jobDecider } from "@releve/ledger/deciders/job";
import type { EventLog } from "@releve/ledger/event-log";
import { load } from "@releve/ledger/fold";
import { deliveryStream, jobStream } from "@releve/ledger/streams";
import type { SimProcess } from "../kernel/sim-process.ts";
import type { PlannedJob } from "../scenario/plan.ts";
import { jobRequestOf } from "./job-request.ts";
import { siteName, type World } from "./world.ts";

const restartMs = 500;
const retryMs = 1_000;
const destination = "pacs";
const policy = { settle: { silenceMs: 10_000, limitMs: 600_000 }, destinations: [destination] };

export class GatewayActor {
  readonly name: string;
  readonly #world: World;
  readonly #site: number;
  /** Requests that are due and not in the ledger yet: on disk, as the intake's journal. */
  readonly #wanted = new Set<PlannedJob>();
  #process: SimProcess | undefined;

  constructor(world: World, site: number) {
    this.#world = world;
    this.#site = site;
    this.name = `gateway-${"abc"[site]}`;
    for (const job of world.plan.jobs)
      for (const { atMs } of job.requests.filter((request) => request.site === site))
        world.scheduler.after(atMs, "wanted", () => this.#want(job));
    this.start();
  }

  start(): void {
    if (this.#process?.alive) return;
    this.#process = this.#world.spawn(this.name, this.#site);
    void this.#run(this.#process);
  }

  kill(forMs: number): void {
    this.#process?.crash();
    this.#world.scheduler.after(forMs, "supervisor", () => this.start());
  }

  pause(): () => void {
    const process = this.#process;
    process?.pause();
    return () => process?.resume();
  }

  #want(job: PlannedJob): void {
    this.#wanted.add(job);
    if (this.#process?.alive && this.#ask) void this.#ask(job);
  }

  #ask: ((job: PlannedJob) => Promise<void>) | undefined;

  async #run(process: SimProcess): Promise<void> {
    const world = this.#world;
    const { log } = world.openLedger(process);
    this.#ask = (job) => this.#request(log, process, job);
    for (const job of this.#wanted) void this.#ask(job);
    try {
      await runFlow(
        {
          log,
          clock: process.clock,
          policy: { site: siteName(this.#site), ...policy },
          perform: (action) => this.#perform(log, process, action),
          onFault: (_, fault) => this.#onFault(fault),
          lostSites: () => this.#lostSites(process),
          onUnread: (stream) => world.oracle.violated(`${this.name} cannot read ${stream}`),
        },
        new AbortController().signal,
      );
    } catch (error) {
      this.#onFault(error);
    }
    process.crash();
    world.scheduler.after(restartMs, "supervisor", () => this.start());
  }

  /** Some gateways believe all others to be lost: two then do the same work, which must harm nobody. */
  #lostSites(process: SimProcess): ReadonlyMap<string, number> {
    if (!this.#world.plan.suspicious) return new Map();
    const since = process.clock.nowMs();
    return new Map([0, 1, 2].filter((site) => site !== this.#site).map((site) => [siteName(site), since]));
  }

  async #request(log: EventLog, process: SimProcess, job: PlannedJob): Promise<void> {
    const request = jobRequestOf(this.#world.plan.seed, job);
    for (;;) {
      try {
        const command = { type: "request", request } as const;
        const done = await execute(
          log,
          jobStream(request.job),
          jobDecider,
          command,
          this.#context(process),
          this.#world.newEventId,
        );
        if (isRefusal(done)) return this.#world.oracle.violated(`a request was refused: ${done.reason}`);
        this.#world.oracle.accepted.add(request.job);
        this.#wanted.delete(job);
        return;
      } catch (error) {
        this.#onFault(error);
        await process.clock.wait(retryMs);
      }
    }
  }

  async #perform(log: EventLog, process: SimProcess, action: Action): Promise<void> {
    if (action.kind === "request-delivery") return this.#requestDelivery(log, process, action.job);
    if (action.kind === "send") return this.#send(log, process, action.delivery);
  }

  async #requestDelivery(log: EventLog, process: SimProcess, job: JobId): Promise<void> {
    const { state } = await load(log, jobStream(job), jobDecider);
    if (state.status !== "completed") return;
    const delivery = deliveryIdOf(job, destination);
    const { study, inputSite: site } = state.request;
    const request = { delivery, job, study, destination, site, objects: state.completion.outputs };
    const command = { type: "request", request } as const;
    await execute(
      log,
      deliveryStream(delivery),
      deliveryDecider,
      command,
      this.#context(process),
      this.#world.newEventId,
    );
  }

  async #send(log: EventLog, process: SimProcess, delivery: DeliveryId): Promise<void> {
    const { state } = await load(log, deliveryStream(delivery), deliveryDecider);
    if (state.status !== "pending") return;
    const attempt = state.attempts + 1;
    const stored = await this.#world.pacs.send(process, state.request.objects).catch(faultOf);
    const refused = stored instanceof Fault ? stored.code : stored.stored ? undefined : "PACS_REFUSED";
    const command =
      refused === undefined
        ? ({ type: "deliver", attempt, receipt: "C-STORE Success" } as const)
        : ({
            type: "fail",
            attempt,
            code: refused,
            reason: refused,
            nowMs: process.clock.nowMs(),
            final: false,
          } as const);
    await execute(
      log,
      deliveryStream(delivery),
      deliveryDecider,
      command,
      this.#context(process),
      this.#world.newEventId,
    );
  }

  #context(process: SimProcess) {
    return {
      atMs: process.clock.nowMs(),
      site: siteName(this.#site) as SiteId,
      actor: `gateway:${siteName(this.#site)}`,
    };
  }

  #onFault(error: unknown): void {
    if (!(error instanceof Fault))
      return this.#world.oracle.violated(`${this.name} fell over a bug: ${String(error)}`);
    this.#world.tell(this.name, () => `${error.code}: ${error.message}`);
    if (error.retry === "never")
      this.#world.oracle.violated(`${this.name} met ${error.code}: ${error.message}`);
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  throw error;
}
