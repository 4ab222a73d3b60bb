/** Which planes an MPR consists of: pure geometry. */
import type { GridGeometry } from "@releve/domain/volume";
import { inPlaneSpacingMm } from "../geometry/grid-facts.ts";
import { orientationOf, patientOrientations, type Orientation } from "../geometry/orientation.ts";
import { planeStack, type PlaneStack } from "../geometry/plane-stack.ts";
import type { MprParameters, MprStack } from "./parameters.ts";

export function mprPlanes(grid: GridGeometry, stack: MprStack, parameters: MprParameters): PlaneStack {
  const spacingMm = parameters.spacingMm ?? inPlaneSpacingMm(grid);
  return planeStack(grid, {
    orientation: orientation(stack),
    spacingMm,
    intervalMm: parameters.intervalMm ?? spacingMm,
    imagesMax: parameters.imagesMax,
  });
}

function orientation(stack: MprStack): Orientation {
  return stack.orientation === "oblique"
    ? orientationOf(stack.rowLps, stack.columnLps)
    : patientOrientations[stack.orientation];
}
