/** A study's state as JSON: a large one is hundreds of commits, read at every batch of objects that comes in. */
import type { Digest, SiteId } from "@releve/domain/ids";
import type { StudyState } from "../deciders/study.ts";
import type { StoredObject } from "../events/stored-object.ts";
import type { SnapshotCodec } from "./snapshot-codec.ts";

type Known = Exclude<StudyState, { status: "none" }>;

/** JSON has no Map and no Set. */
type KnownJson = Omit<Known, "objects" | "known" | "replicas"> & {
  readonly objects: readonly (readonly [string, StoredObject])[];
  readonly known: readonly Digest[];
  readonly replicas: readonly (readonly [SiteId, readonly Digest[]])[];
};
type StudyJson = Extract<StudyState, { status: "none" }> | KnownJson;

function toJson(state: StudyState): StudyJson {
  if (state.status === "none") return state;
  return {
    ...state,
    objects: [...state.objects],
    known: [...state.known],
    replicas: [...state.replicas].map(([site, digests]) => [site, [...digests]]),
  };
}

function fromJson(json: unknown): StudyState {
  const stored = json as StudyJson;
  if (stored.status === "none") return stored;
  const replicas = stored.replicas.map(([site, digests]) => [site, new Set(digests)] as const);
  const maps = {
    objects: new Map(stored.objects),
    known: new Set(stored.known),
    replicas: new Map(replicas),
  };
  return { ...stored, ...maps } as Known;
}

export const studySnapshot: SnapshotCodec<StudyState> = { kind: "study", version: 1, toJson, fromJson };
