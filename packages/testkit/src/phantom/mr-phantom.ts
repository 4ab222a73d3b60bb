/** MR series of the phantom head: one volume, or several in one series told apart as scanners do it. */
import type { Vec3 } from "@releve/domain/vec3";
import { timeOfDay } from "./ct-phantom.ts";
import { decimalString } from "./decimal-string.ts";
import { paintPlane } from "./ellipsoids.ts";
import { headScene, type Tissue } from "./head.ts";
import { imageSeries, type PhantomImage } from "./image-series.ts";
import type { DataSet, PhantomFile, PrivateElement } from "./part10.ts";
import { seededNoise } from "./seeded-noise.ts";
import { axial, evenOffsets, stackPlanes, type Orientation } from "./stack.ts";

const mrImageStorage = "1.2.840.10008.5.1.4.1.1.4";

/** One volume of the series: what its images say of it, and by how much its signal differs. */
export type MrVolume = {
  readonly attributes?: DataSet;
  readonly privates?: readonly PrivateElement[];
  readonly gain?: number;
};

export type MrPhantom = {
  readonly study?: string;
  readonly series?: string;
  readonly seriesNumber?: number;
  readonly description?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly slices?: number;
  readonly pixelSpacingMm?: number;
  readonly sliceSpacingMm?: number;
  readonly orientation?: Orientation;
  readonly centerLps?: Vec3;
  readonly noise?: number;
  readonly volumes?: readonly MrVolume[];
};

/** Signal of a T1-weighted sequence, in no unit. */
const signals: Readonly<Record<Tissue, number>> = {
  air: 0,
  aerated: 20,
  foam: 0,
  fat: 950,
  skin: 480,
  muscle: 330,
  cortical: 25,
  diploe: 420,
  marrow: 500,
  tooth: 0,
  cerebrospinalFluid: 120,
  greyMatter: 460,
  whiteMatter: 640,
  falx: 260,
  plexus: 200,
  vitreous: 130,
  lens: 380,
  vessel: 60,
  marker: 1200,
};

const defaults = {
  study: "one",
  series: "mr",
  seriesNumber: 3,
  description: "Phantom head MR",
  columns: 32,
  rows: 32,
  slices: 6,
  pixelSpacingMm: 7,
  sliceSpacingMm: 25,
  orientation: axial,
  centerLps: [0, 0, 10],
  noise: 0,
  volumes: [{}],
} as const;

/** By default 32 x 32 x 6. Images of all volumes come slice by slice, as scanners send them, not volume by volume. */
export function mrPhantom(options: MrPhantom = {}): PhantomFile[] {
  const phantom = { ...defaults, ...options };
  const planes = stackPlanes({
    ...phantom,
    columnSpacingMm: phantom.pixelSpacingMm,
    rowSpacingMm: phantom.pixelSpacingMm,
    sliceOffsetsMm: evenOffsets(phantom.slices, phantom.sliceSpacingMm),
    thicknessMm: phantom.sliceSpacingMm,
    tiltDegrees: 0,
  });
  const noise = seededNoise(2, phantom.noise);
  const volumes: readonly MrVolume[] = phantom.volumes;
  const images = planes.flatMap((plane) => {
    const signal = paintPlane(plane, headScene, (tissue) => signals[tissue], 0);
    return volumes.map(({ attributes = {}, privates = [], gain = 1 }): PhantomImage => ({
      plane,
      pixels: Uint16Array.from(signal, (value) => Math.max(0, Math.round(value * gain + noise()))),
      attributes,
      privates,
    }));
  });
  return imageSeries({
    identity: phantom,
    sopClassUid: mrImageStorage,
    thicknessMm: phantom.sliceSpacingMm,
    bitsStored: 12,
    attributes: mrAttributes(phantom.sliceSpacingMm),
    // Scanners count time per image: it differs within a volume.
    images: images.map((image, index) => ({
      ...image,
      attributes: { AcquisitionTime: timeOfDay(30_000 + index * 0.05), ...image.attributes },
    })),
  });
}

function mrAttributes(sliceSpacingMm: number): DataSet {
  return {
    ImageType: ["ORIGINAL", "PRIMARY", "OTHER"],
    Modality: "MR",
    ScanningSequence: "GR",
    SequenceVariant: "NONE",
    ScanOptions: "",
    MRAcquisitionType: "2D",
    RepetitionTime: "500",
    EchoTime: "10",
    EchoTrainLength: 1,
    SpacingBetweenSlices: decimalString(sliceSpacingMm),
    WindowCenter: "400",
    WindowWidth: "900",
  };
}

/** b = 0 once and every other b-value in each direction, as the standard's attributes say it. */
export function diffusionVolumes(bValues: readonly number[], directions: readonly Vec3[]): MrVolume[] {
  return bValues.flatMap((bValue) =>
    (bValue === 0 ? [undefined] : directions).map((direction) => ({
      gain: Math.exp(-bValue * 8e-4),
      attributes: {
        DiffusionBValue: bValue,
        ...(direction && { DiffusionGradientOrientation: [...direction] }),
      },
    })),
  );
}

/** The same moment by moment, `stepSeconds` apart, as Temporal Position Identifier and Acquisition Time say it. */
export function timeVolumes(count: number, stepSeconds: number): MrVolume[] {
  return Array.from({ length: count }, (_, index) => ({
    gain: 1 + index * 0.02,
    attributes: {
      TemporalPositionIdentifier: index + 1,
      NumberOfTemporalPositions: count,
      AcquisitionTime: timeOfDay(30_000 + index * stepSeconds),
    },
  }));
}

export function echoVolumes(echoTimesMs: readonly number[]): MrVolume[] {
  return echoTimesMs.map((echoTimeMs, index) => ({
    gain: Math.exp(-echoTimeMs / 80),
    attributes: { EchoNumbers: index + 1, EchoTime: decimalString(echoTimeMs) },
  }));
}
