/** The air within the body: everything dark that is not joined to the sides of the picture. */
import { componentBoxes } from "../regions/component-boxes.ts";
import { labelComponents, type GridSize } from "../regions/label-components.ts";

/**
 * Clears, in place, the components that touch a side of the picture (not its first and last slice: a lung may be cut off
 * there): the room around the patient, and what lies outside the scanner's round field.
 */
export function clearOuterAir(air: Uint8Array, size: GridSize): void {
  const found = labelComponents(air, size, 6);
  const [columns, rows] = size;
  const outer = Uint8Array.from(
    componentBoxes(found, size),
    ({ low, high }) => +(low[0] === 0 || low[1] === 0 || high[0] === columns - 1 || high[1] === rows - 1),
  );
  for (let voxel = 0; voxel < air.length; voxel++) if (outer[found.labels[voxel]!]) air[voxel] = 0;
}
