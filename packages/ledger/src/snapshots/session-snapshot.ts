/** A session's state as JSON: every view that settles and every annotation is a commit. */
import type { Digest, Uuid } from "@releve/domain/ids";
import type { SessionState } from "../deciders/session.ts";
import type { SnapshotCodec } from "./snapshot-codec.ts";

type Known = Exclude<SessionState, { status: "none" }>;

/** JSON has no Map. */
type SessionJson =
  | Extract<SessionState, { status: "none" }>
  | (Omit<Known, "annotations"> & { readonly annotations: readonly (readonly [Uuid, Digest | null])[] });

function toJson(state: SessionState): SessionJson {
  return state.status === "none" ? state : { ...state, annotations: [...state.annotations] };
}

function fromJson(json: unknown): SessionState {
  const stored = json as SessionJson;
  if (stored.status === "none") return stored;
  return { ...stored, annotations: new Map(stored.annotations) } as Known;
}

export const sessionSnapshot: SnapshotCodec<SessionState> = {
  kind: "session",
  version: 1,
  toJson,
  fromJson,
};
