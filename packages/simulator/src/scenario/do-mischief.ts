/** Does what a plan says, and undoes it when its time is over or everything is healed. */
import type { GatewayActor } from "../actors/gateway-actor.ts";
import type { NodeActor } from "../actors/node-actor.ts";
import type { Person } from "../actors/person.ts";
import { siteName, type World } from "../actors/world.ts";
import { goodNetwork } from "../kernel/network.ts";
import type { Mischief, MischiefKind } from "./mischief.ts";

export type Actors = {
  readonly nodes: readonly NodeActor[];
  readonly gateways: readonly GatewayActor[];
  readonly person: Person;
};

type Undo = (() => void) | void;
type Doing = (world: World, actors: Actors, mischief: Mischief) => Undo;

const badNetwork = { lossRate: 0.3, duplicateRate: 0.2, lateRate: 0.3, lateMs: 2_000, wanMs: 60 };

const doings: Readonly<Record<MischiefKind, Doing>> = {
  "kill-node": (_, { nodes }, { target, forMs }) => nodes[target]!.kill(forMs),
  "lose-node": (_, { nodes }, { target }) => nodes[target]!.loseForGood(),
  "stop-node": (_, { nodes }, { target }) => nodes[target]!.pause(),
  "stall-node": (_, { nodes }, { target }) => nodes[target]!.stall(),
  "shut-node": (_, { nodes }, { target, forMs }) => nodes[target]!.shut(forMs),
  "kill-gateway": (_, { gateways }, { target, forMs }) => gateways[target]!.kill(forMs),
  "stop-gateway": (_, { gateways }, { target }) => gateways[target]!.pause(),
  "kill-ledger": (world, _, { target }) => killLedger(world, target),
  "kill-ledger-leader": (world) => killLedger(world, world.cluster.leader()?.id ?? 0),
  "stop-ledger": (world, _, { target }) => stopLedger(world, target),
  "stop-ledger-leader": (world) => stopLedger(world, world.cluster.leader()?.id ?? 0),
  "ledger-leader-hands-over": (world) => world.cluster.leader()?.stepDown(),
  "kill-all-ledgers": (world) => together(world.cluster.servers.map(({ id }) => killLedger(world, id))),
  "power-cut": (world, { nodes, gateways }, { forMs }) => {
    for (const node of nodes) node.kill(forMs);
    for (const gateway of gateways) gateway.kill(forMs);
    return together(world.cluster.servers.map(({ id }) => killLedger(world, id)));
  },
  "cut-site": (world, _, { target }) =>
    together(
      [0, 1, 2]
        .filter((site) => site !== target)
        .flatMap((site) => [cut(world, site, target), cut(world, target, site)]),
    ),
  "cut-one-way": (world, _, { target, other }) => cut(world, target, other),
  "bad-network": (world) => {
    const before = world.network.quality;
    world.network.quality = badNetwork;
    const end = disturbed(world, "all");
    return () => {
      world.network.quality = before;
      end();
    };
  },
  "pacs-down": (world) => {
    world.pacs.down++;
    return () => world.pacs.down--;
  },
  "pacs-half-stores": (world) => {
    world.pacs.halfStores++;
    return () => world.pacs.halfStores--;
  },
  "cancel-job": (_, { person }, { target }) => person.ofJob(target, { type: "cancel", reason: "not wanted" }),
  "retry-job": (_, { person }, { target }) => person.ofJob(target, { type: "retry", reason: "once more" }),
  "drain-node": (_, { person }, { target }) =>
    person.ofNode(target, { type: "drain", reason: "maintenance" }),
  "resume-node": (_, { person }, { target }) => person.ofNode(target, { type: "resume" }),
};

/** @returns heals everything. */
export function startMischief(world: World, actors: Actors): () => void {
  const undo = new Set<() => void>();
  for (const mischief of world.plan.mischief) {
    world.scheduler.after(mischief.atMs, mischief.kind, () => {
      world.tell("mischief", () => `${mischief.kind} ${mischief.target} for ${mischief.forMs} ms`);
      const undone = doings[mischief.kind](world, actors, mischief);
      if (!undone) return;
      undo.add(undone);
      world.scheduler.after(mischief.forMs, "undone", () => {
        if (undo.delete(undone)) undone();
      });
    });
  }
  return () => {
    for (const undone of undo) undone();
    undo.clear();
    world.network.quality = goodNetwork;
    world.network.mendAll();
    for (const { id } of world.cluster.servers) world.cluster.restart(id);
    for (const node of actors.nodes) node.start();
    for (const gateway of actors.gateways) gateway.start();
  };
}

function together(undone: readonly (() => void)[]): () => void {
  return () => {
    for (const undo of undone) undo();
  };
}

function disturbed(world: World, scope: string): () => void {
  world.disturbances.begin(scope);
  return () => world.disturbances.end(scope);
}

/** One server is everybody's; one of three carries its site's connections. */
const scopeOf = (world: World, id: number): string => (world.plan.replicas === 1 ? "all" : siteName(id));

function killLedger(world: World, id: number): () => void {
  const end = disturbed(world, scopeOf(world, id));
  world.cluster.crash(id);
  return () => {
    world.cluster.restart(id);
    end();
  };
}

function stopLedger(world: World, id: number): () => void {
  const { process } = world.cluster.servers[id]!;
  const end = disturbed(world, scopeOf(world, id));
  process.pause();
  return () => {
    process.resume();
    end();
  };
}

function cut(world: World, from: number, to: number): () => void {
  const ends = [from, to].map((site) => disturbed(world, siteName(site)));
  world.network.cut(from, to);
  return () => {
    world.network.mend(from, to);
    for (const end of ends) end();
  };
}
