/** What is done to the system, and what people ask of it, while it works. */
import type { Random } from "../kernel/seeded-random.ts";

export type MischiefKind =
  /** SIGKILL; it starts again after `forMs`. */
  | "kill-node"
  /** SIGKILL, and the machine never comes back. */
  | "lose-node"
  /** SIGSTOP and SIGCONT. */
  | "stop-node"
  /** The main loop is busy; the thread with the heartbeats is not. */
  | "stall-node"
  | "shut-node"
  | "kill-gateway"
  | "stop-gateway"
  | "kill-ledger"
  | "kill-ledger-leader"
  | "stop-ledger"
  | "stop-ledger-leader"
  | "ledger-leader-hands-over"
  | "kill-all-ledgers"
  | "power-cut"
  | "cut-site"
  /** One site is not heard by another, but hears it. */
  | "cut-one-way"
  | "bad-network"
  | "pacs-down"
  /** The PACS stores a part of what it gets and says no. */
  | "pacs-half-stores"
  | "cancel-job"
  | "retry-job"
  | "drain-node"
  | "resume-node";

export type Mischief = {
  readonly kind: MischiefKind;
  readonly atMs: number;
  readonly forMs: number;
  /** Which node, site, server or job; a kind that needs none ignores it. */
  readonly target: number;
  readonly other: number;
};

type Sizes = {
  readonly replicas: 1 | 3;
  readonly nodes: number;
  readonly sites: number;
  readonly jobs: number;
  readonly healAtMs: number;
};

/** Each kind with how often it is drawn and for how long it lasts, from and to, milliseconds. */
const weights: Readonly<Record<MischiefKind, readonly [weight: number, minMs: number, maxMs: number]>> = {
  "kill-node": [14, 300, 6_000],
  "lose-node": [8, 0, 0],
  "stop-node": [12, 800, 15_000],
  "stall-node": [8, 800, 25_000],
  "shut-node": [4, 500, 4_000],
  "kill-gateway": [6, 300, 5_000],
  "stop-gateway": [4, 800, 12_000],
  "kill-ledger": [5, 100, 9_000],
  "kill-ledger-leader": [7, 100, 12_000],
  "stop-ledger": [4, 800, 14_000],
  "stop-ledger-leader": [7, 1_000, 15_000],
  "ledger-leader-hands-over": [4, 0, 0],
  "kill-all-ledgers": [5, 300, 24_000],
  "power-cut": [2, 500, 4_000],
  "cut-site": [8, 500, 12_000],
  "cut-one-way": [6, 500, 12_000],
  "bad-network": [5, 500, 5_000],
  "pacs-down": [5, 500, 9_000],
  "pacs-half-stores": [3, 500, 6_000],
  "cancel-job": [8, 0, 0],
  "retry-job": [12, 0, 0],
  "drain-node": [3, 0, 0],
  "resume-node": [1, 0, 0],
};

/** More nodes than this must be left when machines are lost for good. */
const lostForGoodMax = 2;

export function plannedMischief(random: Random, sizes: Sizes): readonly Mischief[] {
  const count = random.chance(0.1) ? 0 : random.int(1, 7);
  const drawn = Array.from({ length: count }, () => draw(random, sizes));
  let lost = 0;
  const kept = drawn.filter(({ kind }) => kind !== "lose-node" || ++lost <= lostForGoodMax);
  return kept.toSorted((a, b) => a.atMs - b.atMs);
}

function draw(random: Random, { replicas, nodes, sites, jobs, healAtMs }: Sizes): Mischief {
  const kind = drawKind(random);
  const [, minMs, maxMs] = weights[kind];
  const range = targetsOf(kind, replicas, nodes, sites, jobs);
  return {
    kind,
    atMs: random.int(600, healAtMs - 1_000),
    forMs: random.int(minMs, maxMs),
    target: random.int(0, range - 1),
    other: random.int(0, sites - 1),
  };
}

function drawKind(random: Random): MischiefKind {
  const kinds = Object.entries(weights) as [MischiefKind, readonly [number, number, number]][];
  let left = random.between(
    0,
    kinds.reduce((sum, [, [weight]]) => sum + weight, 0),
  );
  for (const [kind, [weight]] of kinds) {
    left -= weight;
    if (left < 0) return kind;
  }
  return "kill-node";
}

function targetsOf(kind: MischiefKind, replicas: number, nodes: number, sites: number, jobs: number): number {
  if (kind.endsWith("-node")) return nodes;
  if (kind.endsWith("-job")) return jobs;
  return kind.includes("ledger") ? replicas : sites;
}
