/** Somebody at a console: cancels, asks again, drains. What the ledger says is all that counts; a person gives up soon. */
import { Fault } from "@releve/domain/fault";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider, type JobCommand } from "@releve/ledger/deciders/job";
import { nodeDecider, type NodeCommand } from "@releve/ledger/deciders/node";
import type { EventLog } from "@releve/ledger/event-log";
import { jobStream, nodeStream } from "@releve/ledger/streams";
import type { SimProcess } from "../kernel/sim-process.ts";
import { jobIdOf } from "./job-request.ts";
import { siteName, type World } from "./world.ts";

export class Person {
  readonly #world: World;
  readonly #process: SimProcess;
  readonly #log: EventLog;

  constructor(world: World) {
    this.#world = world;
    this.#process = world.spawn("person", 1);
    this.#log = world.openLedger(this.#process).log;
  }

  ofJob(number: number, command: JobCommand): void {
    const stream = jobStream(jobIdOf(this.#world.plan.seed, number));
    void this.#told(execute(this.#log, stream, jobDecider, command, this.#context(), this.#world.newEventId));
  }

  ofNode(index: number, command: NodeCommand): void {
    const { name, site } = this.#world.plan.nodes[index]!;
    const stream = nodeStream(siteName(site) as SiteId, name as NodeId);
    void this.#told(
      execute(this.#log, stream, nodeDecider, command, this.#context(), this.#world.newEventId),
    );
  }

  async #told(done: Promise<unknown>): Promise<void> {
    try {
      await done;
    } catch (error) {
      if (error instanceof Fault && error.retry === "later") return;
      this.#world.oracle.violated(`a person met ${String(error)}`);
    }
  }

  #context() {
    return { atMs: this.#process.clock.nowMs(), site: siteName(1), actor: "api:site-b" };
  }
}
