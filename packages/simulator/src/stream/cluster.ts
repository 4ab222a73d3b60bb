/** The servers of the ledger: one at each site (R3), or one at the first site (R1). */
import type { Network } from "../kernel/network.ts";
import type { Random } from "../kernel/seeded-random.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { SimProcess, type ProcessOptions } from "../kernel/sim-process.ts";
import type { RaftMessage } from "./raft-message.ts";
import { emptyDisk, loseUnsynced, type ReplicaDisk, type StoredEntry } from "./replica-disk.ts";
import { StreamServer } from "./stream-server.ts";

export type ClusterDeps = {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  readonly replicas: 1 | 3;
  readonly forgetful: boolean;
  readonly onStep: NonNullable<ProcessOptions["onStep"]>;
  /** Each entry once for each replica that learns of it. */
  readonly onCommitted: (entry: StoredEntry, place: number) => void;
};

export class Cluster {
  readonly servers: StreamServer[] = [];
  readonly #deps: ClusterDeps;
  readonly #disks: ReplicaDisk[];

  constructor(deps: ClusterDeps) {
    this.#deps = deps;
    this.#disks = Array.from({ length: deps.replicas }, emptyDisk);
    for (let id = 0; id < deps.replicas; id++) this.servers.push(this.#boot(id));
  }

  crash(id: number): void {
    const { process } = this.servers[id]!;
    if (!process.alive) return;
    process.crash();
    loseUnsynced(this.#disks[id]!);
  }

  restart(id: number): void {
    if (!this.servers[id]!.process.alive) this.servers[id] = this.#boot(id);
  }

  leader(): StreamServer | undefined {
    return this.servers.find((server) => server.process.alive && server.leads);
  }

  #boot(id: number): StreamServer {
    const { scheduler, network, random, replicas: members, forgetful, onCommitted, onStep } = this.#deps;
    const process = new SimProcess(scheduler, { name: `ledger-${id}`, site: id, onStep });
    const sendToPeer = (to: number, message: RaftMessage) =>
      network.send(process, this.servers[to]!.process, message.kind, () =>
        this.servers[to]!.receive(message),
      );
    const disk = this.#disks[id]!;
    return new StreamServer({
      id,
      members,
      process,
      disk,
      network,
      random,
      forgetful,
      sendToPeer,
      onCommitted,
    });
  }
}
