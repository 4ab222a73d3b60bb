/** A process's connection to one of the servers: requests with a time-out, and another server when this one is gone. */
import { errors } from "@nats-io/nats-core";
import type { Network } from "../kernel/network.ts";
import type { Random } from "../kernel/seeded-random.ts";
import type { SimProcess } from "../kernel/sim-process.ts";
import type { Cluster } from "./cluster.ts";
import type { Answer, StreamServer } from "./stream-server.ts";

/** So many requests in a row without an answer, and another server is tried. */
const missesMax = 4;
const lookMs = 500;

export class Connection {
  readonly process: SimProcess;
  readonly #cluster: Cluster;
  readonly #network: Network;
  readonly #random: Random;
  readonly #onReconnect: (() => void)[] = [];
  #server: StreamServer | undefined;
  #misses = 0;

  constructor(process: SimProcess, cluster: Cluster, network: Network, random: Random) {
    this.process = process;
    this.#cluster = cluster;
    this.#network = network;
    this.#random = random;
    this.#choose(undefined);
    this.#watch();
  }

  get server(): StreamServer | undefined {
    return this.#server?.process.alive ? this.#server : undefined;
  }

  onReconnect(act: () => void): void {
    this.#onReconnect.push(act);
  }

  /** To the server that this process is connected to. @throws TimeoutError, or what the server answers as an error. */
  request<Value>(
    what: string,
    timeoutMs: number,
    ask: (server: StreamServer, answer: Answer<Value>) => void,
  ): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    const timer = this.process.after(timeoutMs, "no answer", () => {
      this.#missed();
      reject(new errors.TimeoutError());
    });
    const { server } = this;
    if (!server) return promise;
    const settle = (value: Value | Error) => {
      if (timer.cancelled) return;
      timer.cancelled = true;
      this.#misses = 0;
      if (value instanceof Error) reject(value);
      else resolve(value);
    };
    const answerFrom =
      (from: SimProcess): Answer<Value> =>
      (value) =>
        this.#network.send(from, this.process, "answer", () => settle(value));
    this.#network.send(this.process, server.process, what, () => ask(server, answerFrom(server.process)));
    return promise;
  }

  /** To the stream's leader, through the server at hand; nobody there is an error, as without responders. */
  requestOfLeader<Value>(
    what: string,
    timeoutMs: number,
    ask: (leader: StreamServer, answer: Answer<Value>) => void,
  ): Promise<Value> {
    return this.request(what, timeoutMs, (server, answer) => {
      const id = server.leader;
      const leader = id === undefined ? undefined : this.#cluster.servers[id];
      if (!leader)
        return answer(
          new errors.RequestError("no responders", { cause: new errors.NoRespondersError(what) }),
        );
      if (leader === server) return ask(server, answer);
      this.#network.send(server.process, leader.process, "route", () =>
        ask(leader, (value) =>
          this.#network.send(leader.process, server.process, "route back", () => answer(value)),
        ),
      );
    });
  }

  /** A server that answers nobody is left; one without a leader behind it is not the worse for that. */
  #missed(): void {
    if (++this.#misses >= missesMax && this.#server && !this.#answers(this.#server))
      this.#choose(this.#server);
  }

  #answers({ process }: StreamServer): boolean {
    const { site } = this.process;
    const reached = this.#network.reaches(site, process.site) && this.#network.reaches(process.site, site);
    return process.alive && !process.paused && reached;
  }

  /** A connection to a dead server breaks at once; a new one takes a moment. */
  #watch(): void {
    const inMs = lookMs * this.#random.between(0.5, 1.5);
    const look = () => {
      if (!this.server) this.#choose(this.#server);
      this.#watch();
    };
    this.process.after(inMs, "connected?", look, true);
  }

  #choose(besides: StreamServer | undefined): void {
    this.#misses = 0;
    const { site } = this.process;
    const usable = this.#cluster.servers.filter((server) => this.#answers(server));
    const own = usable.find(({ process }) => process.site === site);
    const others = usable.filter((server) => server !== besides);
    const chosen = own && own !== besides ? own : (others[0] ?? own);
    if (!chosen || chosen === this.#server) return;
    const again = this.#server !== undefined;
    this.#server = chosen;
    if (again) for (const act of this.#onReconnect) act();
  }
}
