/** The messages between the runner and its worker. */
import type { RayTask } from "./ray-task.ts";
import type { SharedVolume } from "./shared-volume.ts";

export type WorkRequest = { readonly id: number; readonly volume: SharedVolume; readonly task: RayTask };

export type WorkReply =
  | { readonly id: number; readonly values: Float32Array<ArrayBuffer>; readonly engine: string }
  | { readonly id: number; readonly tooLarge: { readonly neededBytes: number; readonly budgetBytes: number } }
  | { readonly id: number; readonly failed: string };
