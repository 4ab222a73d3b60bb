/** A CT of the phantom head, single-frame. */
import type { Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import { decimalString } from "./decimal-string.ts";
import { paintPlane } from "./ellipsoids.ts";
import { headScene, hounsfieldUnits } from "./head.ts";
import { imageSeries } from "./image-series.ts";
import type { DataSet, PhantomFile } from "./part10.ts";
import { seededNoise } from "./seeded-noise.ts";
import { axial, evenOffsets, stackPlanes, type Orientation } from "./stack.ts";

export const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";

export type CtPhantom = {
  readonly study?: string;
  readonly series?: string;
  readonly seriesNumber?: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly slices?: number;
  readonly pixelSpacingMm?: number;
  readonly sliceSpacingMm?: number;
  /** Instead of `slices` evenly spaced ones: mm along the pile from its centre. */
  readonly sliceOffsetsMm?: readonly number[];
  readonly orientation?: Orientation;
  readonly tiltDegrees?: number;
  readonly centerLps?: Vec3;
  /** Standard deviation of the noise, HU; the same noise every time. */
  readonly noiseHu?: number;
  /** Over the series' own attributes; undefined leaves one out. */
  readonly attributes?: DataSet;
};

const defaults = {
  study: "one",
  series: "ct",
  seriesNumber: 2,
  columns: 64,
  rows: 64,
  slices: 24,
  pixelSpacingMm: 3.6,
  sliceSpacingMm: 5,
  orientation: axial,
  tiltDegrees: 0,
  centerLps: [0, 0, 10],
  noiseHu: 0,
  attributes: {},
} as const;

/** By default 64 x 64 x 24, to be quick; `demoStudy` has the one to look at. Stored: 12 bits unsigned, HU + 1024. */
export function ctPhantom(options: CtPhantom = {}): PhantomFile[] {
  const phantom = { ...defaults, ...options };
  const planes = stackPlanes({
    ...phantom,
    columnSpacingMm: phantom.pixelSpacingMm,
    rowSpacingMm: phantom.pixelSpacingMm,
    sliceOffsetsMm: options.sliceOffsetsMm ?? evenOffsets(phantom.slices, phantom.sliceSpacingMm),
    thicknessMm: phantom.sliceSpacingMm,
  });
  const noise = seededNoise(1, phantom.noiseHu);
  return imageSeries({
    identity: {
      study: phantom.study,
      series: phantom.series,
      seriesNumber: phantom.seriesNumber,
      description: "Phantom head CT",
    },
    sopClassUid: ctImageStorage,
    thicknessMm: phantom.sliceSpacingMm,
    bitsStored: 12,
    attributes: { ...ctAttributes(phantom.tiltDegrees), ...phantom.attributes },
    images: planes.map((plane, index) => ({
      plane,
      pixels: ctPixels(plane, noise),
      // As in a real CT, every slice has its own time: it must not be taken for a dimension.
      attributes: {
        AcquisitionTime: timeOfDay(29_400 + index * 0.1),
        ContentTime: timeOfDay(29_460 + index * 0.1),
      },
    })),
  });
}

/** Stored values: HU + 1024 in 12 bits unsigned. */
export function ctPixels(plane: PlaneGeometry, noise: () => number): Uint16Array {
  const hu = paintPlane(plane, headScene, (tissue) => hounsfieldUnits[tissue], hounsfieldUnits.air);
  return Uint16Array.from(hu, (value) => Math.min(4095, Math.max(0, Math.round(value + noise() + 1024))));
}

export function ctAttributes(tiltDegrees: number): DataSet {
  return {
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    Modality: "CT",
    KVP: "120",
    AcquisitionNumber: 1,
    GantryDetectorTilt: decimalString(tiltDegrees),
    ConvolutionKernel: "STANDARD",
    RescaleIntercept: "-1024",
    RescaleSlope: "1",
    RescaleType: "HU",
    WindowCenter: "40",
    WindowWidth: "400",
  };
}

/** Seconds since midnight as a DICOM time, to the millisecond. */
export function timeOfDay(seconds: number): string {
  const rest = (seconds % 60).toFixed(3).padStart(6, "0");
  return `${two(seconds / 3600)}${two((seconds % 3600) / 60)}${rest}`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, "0");
}
