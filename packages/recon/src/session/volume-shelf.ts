/** The volumes of a node's sessions: one copy for all who look at the same, within the budget, the unused ones out first. */
import type { Digest } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { decodeVolumePlan } from "@releve/domain/series-split";
import { loadInput } from "../load-input.ts";
import { sessionVolume, type SessionVolume } from "./session-volume.ts";

export type VolumeShelfOptions = {
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly budgetBytes: number;
};

export type VolumeShelf = {
  /** Each `take` wants one `release`, also where it was refused. @throws the store's faults. */
  readonly take: (plan: Digest) => Promise<SessionVolume | Refusal>;
  readonly release: (plan: Digest) => void;
  readonly freeBytes: () => number;
};

type Shelved = { users: number; bytes: number; readonly loading: Promise<SessionVolume | Refusal> };

export function volumeShelf({ readObject, budgetBytes }: VolumeShelfOptions): VolumeShelf {
  /** The one that was used last is at the end. */
  const shelf = new Map<Digest, Shelved>();
  const used = () => [...shelf.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const unused = () => [...shelf].find(([, { users }]) => users === 0)?.[0];

  const makeRoom = (bytes: number): number => {
    for (let oldest = unused(); oldest && budgetBytes - used() < bytes; oldest = unused())
      shelf.delete(oldest);
    return budgetBytes - used();
  };
  const load = async (plan: Digest, shelved: () => Shelved): Promise<SessionVolume | Refusal> => {
    const { columns, rows, slices } = decodeVolumePlan(await readObject(plan)).geometry;
    const bytes = columns * rows * slices * Int16Array.BYTES_PER_ELEMENT;
    const room = makeRoom(bytes);
    if (room < bytes)
      return refusal("NODE_FULL", `The volume takes ${bytes} bytes, and this node has ${room} left.`);
    shelved().bytes = bytes; // before it waits: who loads beside it sees what is left
    const loaded = sessionVolume(await loadInput(readObject, plan, { budgetBytes: room }));
    if (!isRefusal(loaded)) shelved().bytes = loaded.volume.voxels.values.byteLength;
    return loaded;
  };
  const put = (plan: Digest): Shelved => {
    const shelved: Shelved = {
      users: 0,
      bytes: 0,
      loading: Promise.resolve().then(() => load(plan, () => shelved)),
    };
    const forget = () => shelf.get(plan) === shelved && shelf.delete(plan);
    shelved.loading.then((loaded) => isRefusal(loaded) && forget(), forget);
    shelf.set(plan, shelved);
    return shelved;
  };
  return {
    take: (plan) => {
      const shelved = shelf.get(plan) ?? put(plan);
      shelved.users += 1;
      shelf.delete(plan);
      shelf.set(plan, shelved);
      return shelved.loading;
    },
    release: (plan) => {
      const shelved = shelf.get(plan);
      if (shelved) shelved.users = Math.max(0, shelved.users - 1);
    },
    freeBytes: () =>
      budgetBytes - [...shelf.values()].reduce((sum, { users, bytes }) => (users > 0 ? sum + bytes : sum), 0),
  };
}
