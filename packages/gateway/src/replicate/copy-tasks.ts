/** Which copies are this site's to make now. Pure. */
import type { Digest, StudyId } from "@releve/domain/ids";
import type { LostSince } from "../sites/lost-sites.ts";
import { siteOrder, turnAtMs } from "../sites/turns.ts";
import type { Sole, StudyLack } from "./sole-copies.ts";

export type CopyTask = {
  readonly study: StudyId;
  readonly objects: readonly Digest[];
  readonly derived: readonly Digest[];
};

/** Objects of one task: as many as one commit tells. */
const objectsPerTask = 500;

/** The site whose turn it is, and that copied nothing for this long, is helped by the next one. */
const patience = { patienceMs: 300_000 };

export type CopyView = {
  readonly site: string;
  readonly members: ReadonlySet<string>;
  readonly lostSinceMs: LostSince;
  /** When, by this gateway's clock, each site last told of a copy. */
  readonly progressMs: ReadonlyMap<string, number>;
  readonly nowMs: number;
};

/** @returns undefined where the study needs nothing from this site now. */
export function copyTask(
  study: StudyId,
  home: string | undefined,
  lack: StudyLack,
  view: CopyView,
): CopyTask | undefined {
  const mine = new Map<string, boolean>();
  const isMine = (holder: string) => {
    const known = mine.get(holder) ?? isOurTurn(study, home, holder, lack.sinceMs, view);
    mine.set(holder, known);
    return known;
  };
  const objects: Digest[] = [];
  const derived: Digest[] = [];
  for (const [digest, sole] of lack.sole) {
    if (!isMine(sole.holder)) continue;
    (sole.derived ? derived : objects).push(digest);
    if (objects.length + derived.length === objectsPerTask) break;
  }
  return objects.length + derived.length > 0 ? { study, objects, derived } : undefined;
}

/** The study's home first, which needs results to deliver them, then the other sites that hold nothing of it yet. */
function isOurTurn(
  study: StudyId,
  home: string | undefined,
  holder: Sole["holder"],
  sinceMs: number,
  { site, members, lostSinceMs, progressMs, nowMs }: CopyView,
): boolean {
  if (holder === site || lostSinceMs.has(holder)) return false;
  const others = [...members].filter((member) => member !== holder);
  const homes = home === undefined || home === holder ? [] : [home];
  const [first = site] = siteOrder(study, homes, others);
  const waitedFromMs = Math.max(sinceMs, progressMs.get(first) ?? 0);
  const sites = { members: others, lostSinceMs };
  return turnAtMs(site, study, homes, waitedFromMs, sites, patience) <= nowMs;
}
