/**
 * The objects that lie at one site only, by study. Bounded: beyond the limit a study is only remembered by its id, as one to
 * be read again once there is room.
 */
import type { Digest, StudyId } from "@releve/domain/ids";

/** Where the one copy lies, and whether the study received the object or it was made of it. */
export type Sole = { readonly holder: string; readonly derived: boolean };

export type StudyLack = {
  /** Since when, by this gateway's clock, something of it lies at one site only. */
  readonly sinceMs: number;
  readonly sole: ReadonlyMap<Digest, Sole>;
};

/** About 200 bytes each. */
const objectsMaxByDefault = 1_000_000;

export function newSoleCopies(objectsMax = objectsMaxByDefault) {
  const studies = new Map<StudyId, { sinceMs: number; sole: Map<Digest, Sole> }>();
  const leftOut = new Set<StudyId>();
  /** One value for many objects. */
  const interned = new Map<string, Sole>();
  let count = 0;

  return {
    studies: studies as ReadonlyMap<StudyId, StudyLack>,
    leftOut: leftOut as ReadonlySet<StudyId>,
    hasRoom: () => count <= objectsMax / 2,
    add: (study: StudyId, digests: readonly Digest[], { holder, derived }: Sole, seenMs: number): void => {
      const name = `${holder} ${derived}`;
      const sole = interned.get(name) ?? { holder, derived };
      interned.set(name, sole);
      const lack = studies.get(study) ?? { sinceMs: seenMs, sole: new Map<Digest, Sole>() };
      for (const digest of digests) {
        if (lack.sole.has(digest)) continue;
        if (count >= objectsMax) return void leftOut.add(study);
        lack.sole.set(digest, sole);
        studies.set(study, lack);
        count += 1;
      }
    },
    /** A second copy is one at another site than the first. */
    held: (study: StudyId, site: string, digests: readonly Digest[]): void => {
      const lack = studies.get(study);
      if (!lack) return;
      for (const digest of digests) {
        const sole = lack.sole.get(digest);
        if (!sole || sole.holder === site) continue;
        lack.sole.delete(digest);
        count -= 1;
      }
      if (lack.sole.size === 0) studies.delete(study);
    },
    /** The study is about to be read again. */
    takeLeftOut: (study: StudyId): void => void leftOut.delete(study),
  };
}
