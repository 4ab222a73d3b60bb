/** The messages between the runner and its worker. */
import type { RayTask } from "./ray-task.ts";
import type { RenderTask } from "./render-task.ts";
import type { SharedVolume } from "./shared-volume.ts";
import type { VoxelProgram, VoxelTile } from "./voxel-program.ts";

export type Work =
  | { readonly kind: "plane"; readonly volume: SharedVolume; readonly task: RayTask }
  | { readonly kind: "view"; readonly volume: SharedVolume; readonly task: RenderTask }
  | { readonly kind: "voxels"; readonly program: VoxelProgram; readonly tile: VoxelTile };

export type WorkRequest =
  | { readonly id: number; readonly work: Work }
  /** The task of this program is over. Not answered. */
  | { readonly releaseProgram: number };

/** A plane has one array of values, voxels have one per output, a view has colours and opacities as its kernel packs them. */
export type WorkDone = { readonly values: readonly Float32Array<ArrayBuffer>[]; readonly engine: string };

export type WorkAnswer =
  | WorkDone
  | { readonly tooLarge: { readonly neededBytes: number; readonly budgetBytes: number } }
  | { readonly failed: string };

export type WorkReply = { readonly id: number; readonly answer: WorkAnswer };
