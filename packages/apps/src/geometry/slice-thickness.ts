/** Nominal thickness of a volume's slices, mm: as written, else the distance between them. */
import type { ComputeInput } from "../application.ts";
import { sliceSpacingMm } from "./grid-facts.ts";

export function sliceThicknessMm({ attributes, plan }: Pick<ComputeInput, "attributes" | "plan">): number {
  const written = attributes.number("SliceThickness");
  if (written !== undefined && written > 0) return written;
  const spacing = plan.geometry.slices > 1 ? sliceSpacingMm(plan.geometry) : 0;
  return spacing > 0 ? spacing : 1;
}
