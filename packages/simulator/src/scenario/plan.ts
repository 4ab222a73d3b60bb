/** What happens in one simulation, drawn wholly from its seed before it starts. */
import type { NetworkQuality } from "../kernel/network.ts";
import { seededRandom, type Random } from "../kernel/seeded-random.ts";
import { plannedMischief, type Mischief } from "./mischief.ts";

/**
 * How a job's attempts end: `poison` takes the node down each time, `fails-once` succeeds from the second attempt on,
 * `input-away` cannot reach its input more often than a job may fail.
 */
export type JobBehaviour = "good" | "input-away" | "fails-once" | "fails-always" | "refused" | "poison";

export type PlannedJob = {
  readonly number: number;
  /** Who asks for it and when; the same request may come from several sites. */
  readonly requests: readonly { readonly site: number; readonly atMs: number }[];
  readonly homeSite: number;
  readonly computeMs: number;
  readonly outputs: number;
  readonly behaviour: JobBehaviour;
};

export type PlannedNode = { readonly name: string; readonly site: number; readonly slots: number };

export type Plan = {
  readonly seed: number;
  readonly replicas: 1 | 3;
  /** The stream has no duplicate table: all must rest on the expected versions. */
  readonly forgetful: boolean;
  /** The gateways believe each other's sites to be lost. */
  readonly suspicious: boolean;
  readonly quality: NetworkQuality;
  readonly skewsMs: readonly number[];
  readonly nodes: readonly PlannedNode[];
  readonly jobs: readonly PlannedJob[];
  readonly mischief: readonly Mischief[];
  /** Then everything is mended, and what is open must end. */
  readonly healAtMs: number;
};

export const sites = 3;
const nodesPerSite = 2;

export function planOf(seed: number): Plan {
  const random = seededRandom(seed, 1);
  const replicas = random.chance(0.25) ? 1 : 3;
  const nodes = Array.from({ length: sites * nodesPerSite }, (_, index) => plannedNode(random, index));
  const healAtMs = random.int(14_000, 30_000);
  const jobs = Array.from({ length: random.int(4, 9) }, (_, number) => plannedJob(random, number, healAtMs));
  return {
    seed,
    replicas,
    forgetful: random.chance(0.3),
    suspicious: random.chance(0.2),
    quality: plannedQuality(random),
    skewsMs: Array.from({ length: sites }, () => (random.chance(0.3) ? random.int(-90_000, 90_000) : 0)),
    nodes,
    jobs,
    mischief: plannedMischief(random, { replicas, nodes: nodes.length, sites, jobs: jobs.length, healAtMs }),
    healAtMs,
  };
}

const plannedNode = (random: Random, index: number): PlannedNode => {
  const site = Math.floor(index / nodesPerSite);
  return { name: `${"abc"[site]}${(index % nodesPerSite) + 1}`, site, slots: random.chance(0.3) ? 2 : 1 };
};

function plannedJob(random: Random, number: number, healAtMs: number): PlannedJob {
  const homeSite = random.int(0, sites - 1);
  const atMs = random.int(500, healAtMs - 4_000);
  const requests = [{ site: homeSite, atMs }];
  if (random.chance(0.3))
    requests.push({
      site: random.int(0, sites - 1),
      atMs: atMs + random.int(0, random.chance(0.5) ? 5 : 2_000),
    });
  return {
    number,
    requests,
    homeSite,
    computeMs: random.int(50, random.chance(0.4) ? 8_000 : 2_500),
    outputs: random.int(1, 2),
    behaviour: plannedBehaviour(random),
  };
}

function plannedBehaviour(random: Random): JobBehaviour {
  const drawn = random.next();
  if (drawn < 0.63) return "good";
  if (drawn < 0.7) return "input-away";
  if (drawn < 0.8) return "fails-once";
  if (drawn < 0.85) return "fails-always";
  if (drawn < 0.9) return "refused";
  return "poison";
}

function plannedQuality(random: Random): NetworkQuality {
  const bad = random.chance(0.5);
  return {
    lossRate: bad ? random.between(0, 0.03) : 0,
    duplicateRate: bad ? random.between(0, 0.05) : 0,
    lateRate: bad ? random.between(0, 0.05) : 0,
    lateMs: random.pick([50, 300, 700]),
    wanMs: random.pick([1, 4, 10, 40]),
  };
}
