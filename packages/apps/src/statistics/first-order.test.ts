import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { digestOf } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { splitSeries } from "@releve/dicom/series/split-series";
import { loadVolume } from "@releve/dicom/volume/load-volume";
import { sharedData } from "@releve/testkit/shared-data";
import { describe, expect, test } from "vitest";
import { firstOrderStatistics } from "./first-order.ts";
import { histogramStatistics } from "./histogram.ts";
import { ibsiPhantom } from "./ibsi-phantom.fixture.ts";

test("the digital phantom of the IBSI reference manual has the values that its tables give", () => {
  const values = ibsiPhantom().filter((value) => !Number.isNaN(value));
  const found = firstOrderStatistics(values);
  const three = Object.fromEntries(Object.entries(found).map(([name, v]) => [name, +v.toPrecision(3)]));
  expect(three).toEqual({
    count: 74,
    mean: 2.15,
    variance: 3.05,
    standardDeviation: 1.75,
    skewness: 1.08,
    excessKurtosis: -0.355,
    median: 1,
    minimum: 1,
    percentile10: 1,
    percentile90: 4,
    maximum: 6,
    interquartileRange: 3,
    range: 5,
    meanAbsoluteDeviation: 1.55,
    robustMeanAbsoluteDeviation: 1.11,
    medianAbsoluteDeviation: 1.15,
    coefficientOfVariation: 0.812,
    quartileCoefficientOfDispersion: 0.6,
    energy: 567,
    rootMeanSquare: 2.77,
  });
  const { entropyBits, uniformity, mode } = histogramStatistics(values, { low: 0.5, width: 1 });
  expect([entropyBits, uniformity].map((v) => +v.toPrecision(3))).toEqual([1.27, 0.512]);
  expect(mode).toBe(1);
});

test("its voxels lie where the manual has them: what the tables give of their places holds too", () => {
  const [columns, rows] = [5, 4];
  const voxels = Array.from(ibsiPhantom(), (value, at) => {
    const place = [at % columns, Math.floor(at / columns) % rows, Math.floor(at / columns / rows)];
    return { value, mm: place.map((index) => 2 * index) as [number, number, number] };
  }).filter(({ value }) => !Number.isNaN(value));
  const mean = voxels.reduce((sum, { value }) => sum + value, 0) / voxels.length;
  let [weights, moran, geary] = [0, 0, 0];
  for (const a of voxels)
    for (const b of voxels) {
      if (a === b) continue;
      const weight = 1 / Math.hypot(...a.mm.map((mm, axis) => mm - b.mm[axis]!));
      weights += weight;
      moran += weight * (a.value - mean) * (b.value - mean);
      geary += weight * (a.value - b.value) ** 2;
    }
  const spread = voxels.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  expect(((voxels.length / weights) * moran) / spread).toBeCloseTo(0.0397, 4);
  expect((((voxels.length - 1) / (2 * weights)) * geary) / spread).toBeCloseTo(0.974, 3);
  const centre = (weigh: (value: number) => number) =>
    [0, 1, 2].map(
      (axis) =>
        voxels.reduce((sum, { value, mm }) => sum + weigh(value) * mm[axis]!, 0) /
        voxels.reduce((sum, { value }) => sum + weigh(value), 0),
    );
  const [ofShape, ofValues] = [centre(() => 1), centre((value) => value)];
  expect(Math.hypot(...ofShape.map((mm, axis) => mm - ofValues[axis]!))).toBeCloseTo(0.672, 3);
});

test("closed forms: two values, and a single one", () => {
  // A share p of ones among zeros: mean p, variance p(1-p), skewness (1-2p)/s, excess kurtosis (1-6p(1-p))/(p(1-p)).
  const found = firstOrderStatistics([0, 0, 0, 1]);
  expect(found.mean).toBe(0.25);
  expect(found.variance).toBeCloseTo(0.1875, 14);
  expect(found.skewness).toBeCloseTo(0.5 / Math.sqrt(0.1875), 14);
  expect(found.excessKurtosis).toBeCloseTo((1 - 6 * 0.1875) / 0.1875, 14);
  expect(found.percentile90).toBeCloseTo(0.7, 14);
  expect(firstOrderStatistics([7, 7, 7])).toMatchObject({
    variance: 0,
    skewness: 0,
    excessKurtosis: 0,
    range: 0,
  });
  expect(histogramStatistics([7, 7], { low: 0, width: 1 })).toEqual({
    entropyBits: 0,
    uniformity: 1,
    mode: 7.5,
  });
});

test("a mean far above the spread costs no digits", () => {
  const values = Float64Array.from({ length: 10_000 }, (_, index) => 1e9 + (index % 2));
  const { mean, variance, skewness } = firstOrderStatistics(values);
  expect([mean, variance, skewness]).toEqual([1e9 + 0.5, 0.25, 0]);
});

test("values are not sorted where they lie", () => {
  const values = Float32Array.of(3, 1, 2);
  firstOrderStatistics(values);
  expect([...values]).toEqual([3, 1, 2]);
});

test.each([[[]], [[1, Number.NaN]], [[Infinity, 1]], [[-Infinity, 1]]])(
  "nothing is measured of %j",
  (values) => {
    expect(() => firstOrderStatistics(values)).toThrow(RangeError);
    expect(() => histogramStatistics(values, { low: 0, width: 1 })).toThrow(RangeError);
  },
);

const phantoms = sharedData("ibsi-digital-phantoms");

describe.skipIf(!phantoms)("the IBSI's volumes, read from DICOM", () => {
  test.each(["orientation", "sphere", "impulse", "pattern_2"])("%s", async (name) => {
    const values = await dicomValues(join(phantoms!, "dicom", name));
    const same = niftiValues(join(phantoms!, "nifti", name, "image", `${name}.nii.gz`));
    const found = firstOrderStatistics(values);
    // The phantoms hold whole numbers: sums of their powers, each value as often as it occurs, are exact.
    const counts = [...Map.groupBy(same, (value) => value)].map(
      ([v, all]) => [BigInt(v), BigInt(all.length)] as const,
    );
    const sumOf = (term: (value: bigint) => bigint) =>
      counts.reduce((sum, [v, often]) => sum + often * term(v), 0n);
    const count = BigInt(same.length);
    const sum = sumOf((value) => value);
    const squares = sumOf((value) => value * value);
    expect(found.mean).toBe(Number(sum) / Number(count));
    expect(found.energy).toBe(Number(squares));
    const variance = Number(count * squares - sum * sum) / Number(count * count);
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(1e-14);
    const cubes = sumOf((value) => (count * value - sum) ** 3n);
    const fourths = sumOf((value) => (count * value - sum) ** 4n);
    const n = Number(count);
    expect(found.skewness).toBeCloseTo(Number(cubes) / n ** 4 / variance ** 1.5, 11);
    expect(found.excessKurtosis / (Number(fourths) / n ** 5 / variance ** 2 - 3)).toBeCloseTo(1, 12);
  });
});

async function dicomValues(folder: string): Promise<Float64Array> {
  const files = readdirSync(folder).map((name) => new Uint8Array(readFileSync(join(folder, name))));
  const byDigest = new Map<string, Uint8Array>(files.map((bytes) => [digestOf(bytes), bytes]));
  const objects = files.map((bytes) => ({ digest: digestOf(bytes), object: parseDicom(bytes) }));
  const [plan] = splitSeries(objects).volumes;
  const read = (digest: string) => Promise.resolve(byDigest.get(digest)!);
  const volume = await loadVolume(plan!, read, { budgetBytes: 2 ** 26 });
  if (isRefusal(volume)) throw new Error(volume.reason);
  const { voxels } = volume;
  const scale = voxels.kind === "stored" ? voxels : { slope: 1, intercept: 0 };
  return Float64Array.from(voxels.values, (value) => value * scale.slope + scale.intercept);
}

/** NIfTI-1: dimensions at byte 40, data type at 70, where the voxels begin at 108. */
function niftiValues(path: string): Float64Array {
  const bytes = new Uint8Array(gunzipSync(readFileSync(path)));
  const view = new DataView(bytes.buffer);
  const [columns, rows, slices] = [42, 44, 46].map((at) => view.getInt16(at, true)) as [
    number,
    number,
    number,
  ];
  const start = view.getFloat32(108, true);
  const readers: Readonly<Record<number, readonly [number, (at: number) => number]>> = {
    2: [1, (at) => view.getUint8(at)],
    4: [2, (at) => view.getInt16(at, true)],
    8: [4, (at) => view.getInt32(at, true)],
    16: [4, (at) => view.getFloat32(at, true)],
    512: [2, (at) => view.getUint16(at, true)],
  };
  const [size, read] = readers[view.getInt16(70, true)]!;
  return Float64Array.from({ length: columns * rows * slices }, (_, index) => read(start + index * size));
}
