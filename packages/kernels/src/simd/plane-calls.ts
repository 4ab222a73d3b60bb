/** A plane of samples, or of slabs, becomes the engine's calls. */
import type { RayTask } from "../ray-task.ts";
import type { ResidentVolume } from "./resident-volume.ts";
import type { EngineCall } from "./simd-protocol.ts";

export function planeCalls(
  { plan, stored }: Pick<ResidentVolume, "plan" | "stored">,
  task: RayTask,
): EngineCall[] {
  const { origin, right, down, along, columns, rows, steps, mode } = task;
  const scaling = [stored.slope, stored.intercept] as const;
  return [
    ["setPlane", ...origin, ...right, ...down, columns, rows, plan.pixels, plan.counter],
    steps === 1 ? ["reslice", ...scaling] : ["project", ...along, steps, mode, ...scaling],
  ];
}
