/** One output of each kind beyond images, small and with known content, for the tests of their writers. */
import type { CodedConcept } from "./derived-series.ts";
import type {
  Blending,
  Drawing,
  Measurements,
  ParametricMap,
  PseudoColour,
  RenderedFrames,
  Segmentation,
  UnplacedImages,
} from "./derived-output.ts";

export const sct = (codeValue: string, codeMeaning: string): CodedConcept => ({
  codeValue,
  codingSchemeDesignator: "SCT",
  codeMeaning,
});

export const dcm = (codeValue: string, codeMeaning: string): CodedConcept => ({
  codeValue,
  codingSchemeDesignator: "DCM",
  codeMeaning,
});

/** Axial, 5 columns of 0.5 mm and 3 rows of 0.75 mm, 2 mm apart: 15 pixels, so that frames do not end at a byte's end. */
export const planes = [0, 1, 2].map((index) => ({
  geometry: {
    columns: 5,
    rows: 3,
    originLps: [-1, -2, 10 + index * 2] as const,
    columnStepLps: [0.5, 0, 0] as const,
    rowStepLps: [0, 0.75, 0] as const,
  },
  thicknessMm: 2,
}));

/** Pixels that are inside, by their index in row order. */
export function maskOf(...inside: number[]): Uint8Array {
  const mask = new Uint8Array(15);
  for (const pixel of inside) mask[pixel] = 1;
  return mask;
}

export const lungs: Segmentation = {
  kind: "segmentation",
  key: "lungs",
  seriesDescription: "Lung masks",
  algorithm: {
    type: "AUTOMATIC",
    name: "lung threshold",
    version: "1.2.0",
    family: dcm("123105", "Histogram Analysis"),
  },
  planes,
  segments: [
    {
      label: "left lung",
      category: sct("123037004", "Anatomical Structure"),
      type: sct("39607008", "Lung"),
      laterality: sct("7771000", "Left"),
      colorRgb: [255, 0, 0],
      masks: [maskOf(0, 14), undefined, maskOf(7)],
    },
    {
      label: "right lung",
      category: sct("123037004", "Anatomical Structure"),
      type: sct("39607008", "Lung"),
      anatomy: sct("51185008", "Chest"),
      laterality: sct("24028007", "Right"),
      colorRgb: [255, 255, 255],
      masks: [undefined, maskOf(1, 2, 3), maskOf()],
    },
  ],
};

const ucum = (codeValue: string, codeMeaning: string): CodedConcept => ({
  codeValue,
  codingSchemeDesignator: "UCUM",
  codeMeaning,
});

export const lungReport: Measurements = {
  kind: "measurements",
  key: "lung-report",
  seriesDescription: "Lung density",
  procedure: sct("169069000", "CT of chest"),
  groups: [
    {
      label: "left lung",
      finding: sct("39607008", "Lung"),
      site: sct("39607008", "Lung"),
      laterality: sct("7771000", "Left"),
      segment: { key: "lungs", number: 1 },
      measurements: [
        { concept: sct("118565006", "Volume"), value: 2_812.5, unit: ucum("ml", "milliliter") },
        {
          concept: dcm("112031", "Attenuation Coefficient"),
          value: -1 / 3,
          unit: ucum("[hnsf'U]", "Hounsfield Unit"),
          derivation: sct("373098007", "Mean"),
          method: dcm("126410", "SUV body weight calculation method"),
        },
      ],
      qualitative: [{ concept: sct("246112005", "Severity"), value: sct("255604002", "Mild") }],
    },
    {
      label: "whole body",
      measurements: [{ concept: sct("118565006", "Volume"), value: 0, unit: ucum("ml", "milliliter") }],
    },
  ],
  remarks: ["Threshold -950 HU.", "Only for what it is: naïve."],
};

/** Value 1000 * plane + pixel in 1e-6 mm2/s; the first pixel of each plane was not measured. The planes come top first. */
export const adcMap: ParametricMap = {
  kind: "parametric-map",
  key: "adc",
  seriesDescription: "ADC",
  derivationDescription: "Mono-exponential fit",
  derivationCode: dcm("113041", "Apparent Diffusion Coefficient"),
  quantity: dcm("113041", "Apparent Diffusion Coefficient"),
  unit: ucum("mm2/s", "square millimeter per second"),
  method: dcm("113250", "Mono-exponential diffusion model"),
  window: { center: 0.001, width: 0.002 },
  images: [2, 1, 0].map((plane) => ({
    ...planes[plane]!,
    values: Float32Array.from({ length: 15 }, (_, pixel) =>
      pixel === 0 ? NaN : (1000 * plane + pixel) * 1e-6,
    ),
  })),
};

/** Three frames of 3 x 1 pixels: red, green and blue, turning. An odd number of bytes. */
export const turning: RenderedFrames = {
  kind: "rendered",
  key: "turning",
  seriesDescription: "Bones, turning",
  derivationDescription: "Volume rendering",
  derivationCode: dcm("113074", "Volume rendering"),
  columns: 3,
  rows: 1,
  frames: [0, 1, 2].map((turn) => {
    const colours = [255, 0, 0, 0, 128, 0, 0, 0, 64];
    return Uint8Array.from(colours, (_, index) => colours[(index + turn * 3) % 9]!);
  }),
  frameTimeMs: 66.7,
};

/** Two images of 4 x 3 pixels 0.4 mm apart: value 100 * image + pixel, half of it between whole steps; the first is outside. */
export const straightened: UnplacedImages = {
  kind: "unplaced",
  key: "straightened",
  seriesDescription: "Curved MPR",
  imageTypeValues: ["CURVED_MPR"],
  derivationDescription: "Straightened along a path",
  derivationCode: dcm("113073", "Curved multiplanar reformatting"),
  views: [0, 1].map((image) => ({
    columns: 4,
    rows: 3,
    spacingMm: 0.4,
    values: Float32Array.from({ length: 12 }, (_, pixel) => (pixel === 0 ? NaN : 100 * image + pixel / 2)),
  })),
};

/** Over the source series of `sourceObject`: the images "coronal" of `coronalSeries`. */
export const overSource = (seriesInstanceUid: string): Blending => ({
  kind: "blending",
  key: "fused",
  seriesDescription: "PET over CT",
  underlying: {
    from: "source",
    seriesInstanceUid,
    slope: 1,
    intercept: -1024,
    plane: planes[0]!.geometry,
    window: { center: 40, width: 400 },
  },
  superimposed: { from: "output", key: "coronal", window: { center: 0.45, width: 0.9 } },
  superimposedOpacity: 0.5,
});

/** On the source's first image; its second has a dot. */
export const drawnOver = (seriesInstanceUid: string, uids: readonly [string, string]): Drawing => {
  const { underlying } = overSource(seriesInstanceUid);
  return {
    kind: "drawing",
    key: "drawn",
    seriesDescription: "Path on the source",
    images: underlying,
    layer: "PATH",
    lines: [
      {
        sopInstanceUid: uids[0],
        points: [
          [0, 0],
          [1.5, 2],
          [3, 2],
        ],
      },
      { sopInstanceUid: uids[1], points: [[4, 1]] },
    ],
  };
};

export const inColour: PseudoColour = {
  kind: "pseudo-colour",
  key: "coloured",
  seriesDescription: "In colour",
  images: { from: "output", key: "coronal", window: { center: 20, width: 100 } },
};
