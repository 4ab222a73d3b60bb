/** Core NATS as far as heartbeats need it: through the servers that both ends are connected to, once or not at all. */
import type { Heartbeat } from "@releve/wire/heartbeat";
import type { Network } from "../kernel/network.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { SimProcess } from "../kernel/sim-process.ts";
import type { Connection } from "../stream/connection.ts";

export type Listener = { readonly connection: Connection; readonly hear: (beat: Heartbeat) => void };

export class HeartbeatBus {
  readonly #scheduler: Scheduler;
  readonly #network: Network;
  #listeners: Listener[] = [];
  /** When the last beat that is on its way arrives: a connection keeps the order, so a late message holds up those behind it. */
  readonly #arrivals = new WeakMap<Connection, number>();

  constructor(scheduler: Scheduler, network: Network) {
    this.#scheduler = scheduler;
    this.#network = network;
  }

  listen(listener: Listener): void {
    this.#listeners = this.#listeners.filter(({ connection }) => connection.process.alive);
    this.#listeners.push(listener);
  }

  send(sender: Connection, beat: Heartbeat): void {
    for (const { connection, hear } of this.#listeners) {
      const { process } = connection;
      if (!process.alive || !this.#comesThrough(sender, connection)) continue;
      const delayMs = this.#inOrder(connection, this.#network.delayMs(sender.process.site, process.site));
      this.#scheduler.after(delayMs, "beat", () => hear(beat), { owner: process, quiet: true });
    }
  }

  #inOrder(to: Connection, delayMs: number): number {
    const { nowMs } = this.#scheduler;
    const atMs = Math.max(nowMs + delayMs, this.#arrivals.get(to) ?? 0);
    this.#arrivals.set(to, atMs);
    return atMs - nowMs;
  }

  /** Whether the server at hand answers a ping. */
  answers(connection: Connection): boolean {
    const { server, process } = connection;
    return server !== undefined && !server.process.paused && this.#bothWays(process, server.process);
  }

  #comesThrough(from: Connection, to: Connection): boolean {
    const first = from.server;
    const second = to.server;
    if (!first || !second || first.process.paused || second.process.paused) return false;
    const hops = [from.process, first.process, second.process, to.process];
    for (let hop = 0; hop < 3; hop++)
      if (!this.#network.reaches(hops[hop]!.site, hops[hop + 1]!.site)) return false;
    return !this.#network.isLost(from.process.site, to.process.site);
  }

  #bothWays(a: SimProcess, b: SimProcess): boolean {
    return this.#network.reaches(a.site, b.site) && this.#network.reaches(b.site, a.site);
  }
}
