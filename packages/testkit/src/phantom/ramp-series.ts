/** A CT whose value is linear in patient space, so that every reformatted value can be computed by hand. */
import type { Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type PlaneGeometry } from "@releve/domain/volume";
import { ctAttributes, ctImageStorage } from "./ct-phantom.ts";
import { imageSeries } from "./image-series.ts";
import type { DataSet, PhantomFile } from "./part10.ts";
import { axial, evenOffsets, stackPlanes, type Stack } from "./stack.ts";

/** HU = a x + b y + c z + k, with x, y, z in LPS mm. */
export type Ramp = { readonly a: number; readonly b: number; readonly c: number; readonly k: number };

export const defaultRamp: Ramp = { a: 0.5, b: 0.25, c: -0.75, k: 100 };
/** The step of the stored values, HU: a stored value is off by at most half of it. */
export const rampSlope = 0.05;

export const rampHu = ({ a, b, c, k }: Ramp, [x, y, z]: Vec3): number => a * x + b * y + c * z + k;

export type RampSeries = {
  readonly series?: string;
  readonly ramp?: Ramp;
  readonly stack?: Partial<Stack>;
  readonly attributes?: DataSet;
};

/** By default 20 x 16 x 12 with three different spacings. */
export function rampSeries(options: RampSeries = {}): PhantomFile[] {
  const stack: Stack = {
    columns: 20,
    rows: 16,
    columnSpacingMm: 1.25,
    rowSpacingMm: 1,
    sliceOffsetsMm: evenOffsets(12, 2),
    thicknessMm: 2,
    orientation: axial,
    tiltDegrees: 0,
    centerLps: [4, -6, 12],
    ...options.stack,
  };
  return imageSeries({
    identity: {
      study: "ramp",
      series: options.series ?? "ramp",
      seriesNumber: 1,
      description: "Phantom ramp",
    },
    sopClassUid: ctImageStorage,
    thicknessMm: stack.thicknessMm,
    attributes: {
      ...ctAttributes(stack.tiltDegrees),
      RescaleIntercept: "0",
      RescaleSlope: String(rampSlope),
      ...options.attributes,
    },
    images: stackPlanes(stack).map((plane) => ({
      plane,
      pixels: rampPixels(plane, options.ramp ?? defaultRamp),
    })),
  });
}

function rampPixels(plane: PlaneGeometry, ramp: Ramp): Int16Array {
  const grid = { ...plane, slices: 1, sliceStepLps: [0, 0, 0] as const };
  return Int16Array.from({ length: plane.columns * plane.rows }, (_, index) => {
    const point = voxelToLps(grid, index % plane.columns, Math.floor(index / plane.columns), 0);
    return Math.round(rampHu(ramp, point) / rampSlope);
  });
}
