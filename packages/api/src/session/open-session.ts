/** Opening a volume of a study: the plan is looked at, a node and its standby are chosen, and the ledger knows of it. */
import { randomUUID } from "node:crypto";
import { Fault } from "@releve/domain/fault";
import type { Digest, SessionId, StudyId, SubjectId } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { decodeVolumePlan } from "@releve/domain/series-split";
import type { StudyView } from "@releve/ledger/views/study-view";
import type { LiveNode } from "../api-context.ts";
import type { Done } from "../commands.ts";
import { choosePlaces } from "./choose-places.ts";
import type { SessionLedger } from "./session-ledger.ts";

export type OpenSessionDeps = {
  readonly ledger: SessionLedger;
  readonly study: (study: StudyId) => StudyView | undefined;
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly nodes: () => readonly LiveNode[];
  readonly site: string;
};

/** What a person may ask for about sessions beside looking at one. */
export type SessionCommands = {
  readonly open: (wanted: WantedSession) => Promise<Opened | Refusal>;
  readonly close: (session: SessionId) => Promise<Done>;
};

export type WantedSession = { readonly study: StudyId; readonly plan: Digest; readonly owner: SubjectId };

export type Opened = { readonly session: SessionId };

/** @returns STUDY_UNKNOWN, VOLUME_UNKNOWN, VOLUME_AWAY, SATURATED, or the ledger's Refusal. */
export async function openSession(deps: OpenSessionDeps, wanted: WantedSession): Promise<Opened | Refusal> {
  const { study, plan, owner } = wanted;
  const view = deps.study(study);
  if (!view) return refusal("STUDY_UNKNOWN", "There is no such study.");
  if (!view.series.some(({ volumes }) => volumes.some((volume) => volume.plan === plan)))
    return refusal("VOLUME_UNKNOWN", "The study does not hold this volume.");
  const needBytes = await volumeBytes(deps, plan);
  if (isRefusal(needBytes)) return needBytes;
  const places = choosePlaces({ nodes: deps.nodes(), site: deps.site, needBytes });
  if (isRefusal(places)) return places;
  const session = randomUUID() as string as SessionId;
  const refused = await deps.ledger.open({ session, study, plan, owner, ...places });
  return refused ?? { session };
}

export async function volumeBytes(
  { readObject }: Pick<OpenSessionDeps, "readObject">,
  plan: Digest,
): Promise<number | Refusal> {
  try {
    const { columns, rows, slices } = decodeVolumePlan(await readObject(plan)).geometry;
    return columns * rows * slices * Int16Array.BYTES_PER_ELEMENT;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return refusal("VOLUME_AWAY", "No site that holds the volume answers.");
  }
}
