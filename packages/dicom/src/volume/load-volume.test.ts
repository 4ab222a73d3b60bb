import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lpsToVoxel, voxelToLps, type Volume } from "@releve/domain/volume";
import { isRefusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { enhancedCt } from "@releve/testkit/phantom/enhanced-ct";
import { imageSeries } from "@releve/testkit/phantom/image-series";
import { defaultRamp, rampHu, rampSeries, rampSlope } from "@releve/testkit/phantom/ramp-series";
import { siemensMosaic } from "@releve/testkit/phantom/siemens-mosaic";
import { axial, coronal, evenOffsets, stackPlanes, type Stack } from "@releve/testkit/phantom/stack";
import { sharedData } from "@releve/testkit/shared-data";
import { describe, expect, test } from "vitest";
import { filesBelow, readerOf, split, type Bytes } from "../series/series.fixture.ts";
import { loadVolume } from "./load-volume.ts";

const budgetBytes = 64 * 1024 * 1024;

async function load(files: readonly Bytes[], index = 0): Promise<Volume> {
  const volume = await loadVolume(split(files).volumes[index]!, readerOf(files), { budgetBytes });
  if (isRefusal(volume)) throw new Error(volume.reason);
  return volume;
}

/** The real-world value of one voxel. */
function valueAt({ geometry, voxels }: Volume, column: number, row: number, slice: number): number {
  const at = (slice * geometry.rows + row) * geometry.columns + column;
  return voxels.kind === "real" ? voxels.values[at]! : voxels.values[at]! * voxels.slope + voxels.intercept;
}

function worstRampError(volume: Volume): number {
  let worst = 0;
  const { columns, rows, slices } = volume.geometry;
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const expected = rampHu(defaultRamp, voxelToLps(volume.geometry, column, row, slice));
        worst = Math.max(worst, Math.abs(valueAt(volume, column, row, slice) - expected));
      }
  return worst;
}

describe("a ramp keeps its formula to half a step of the stored values", () => {
  test.each<[string, Partial<Stack>]>([
    ["axial", {}],
    ["coronal", { orientation: coronal }],
    ["oblique", { orientation: { row: [0.8, 0.6, 0], column: [-0.36, 0.48, 0.8] } }],
    ["with a tilted gantry", { tiltDegrees: 15 }],
  ])("%s", async (_, stack) => {
    const volume = await load(rampSeries({ stack }));
    expect(volume.voxels).toMatchObject({ kind: "stored", slope: rampSlope, intercept: 0 });
    expect(volume.voxels.values).toBeInstanceOf(Int16Array);
    expect(volume.voxels.values.buffer).toBeInstanceOf(SharedArrayBuffer);
    // Positions are written with up to 15 digits: nothing but the stored values' step remains.
    expect(worstRampError(volume)).toBeLessThanOrEqual(rampSlope / 2 + 1e-6);
  });

  const others = sharedData("synthetic-truth/ramp-geometry");
  test.skipIf(!others).each(["axial", "coronal_feetfirst_order", "gantry_tilt", "oblique", "sagittal"])(
    "made by another generator: %s",
    async (name) => {
      const volume = await load(filesBelow(join(others!, name)));
      expect(worstRampError(volume)).toBeLessThanOrEqual(rampSlope / 2 + 1e-5);
    },
  );
});

const flat: Stack = {
  columns: 4,
  rows: 3,
  columnSpacingMm: 1,
  rowSpacingMm: 1,
  sliceOffsetsMm: evenOffsets(3, 2),
  thicknessMm: 2,
  orientation: axial,
  tiltDegrees: 0,
  centerLps: [0, 0, 0],
};

/** Three slices whose every pixel is `values[slice]`; attributes by slice over the common ones. */
function flatSeries(
  values: readonly number[],
  options: { unsigned?: boolean; common?: object; each?: readonly object[] } = {},
): Bytes[] {
  return imageSeries({
    identity: { study: "flat", series: "flat", seriesNumber: 1, description: "flat" },
    sopClassUid: "1.2.840.10008.5.1.4.1.1.128",
    thicknessMm: 2,
    attributes: { Modality: "PT", ImageType: ["ORIGINAL", "PRIMARY"], ...options.common },
    images: stackPlanes(flat).map((plane, index) => ({
      plane,
      pixels: (options.unsigned ? new Uint16Array(12) : new Int16Array(12)).fill(values[index]!),
      attributes: { ...options.each?.[index] },
    })),
  });
}

describe("values", () => {
  test("a slope of each slice gives real-world values", async () => {
    const each = [
      { RescaleSlope: "0.5", RescaleIntercept: "0" },
      { RescaleSlope: "0.25", RescaleIntercept: "10" },
      { RescaleSlope: "0.001", RescaleIntercept: "0" },
    ];
    const volume = await load(flatSeries([3, 7, 32_767], { each }));
    expect(volume.voxels.kind).toBe("real");
    expect([0, 1, 2].map((slice) => valueAt(volume, 1, 1, slice))).toEqual([1.5, 11.75, Math.fround(32.767)]);
  });

  test("65535 unsigned stays 65535", async () => {
    const volume = await load(flatSeries([0, 32_768, 65_535], { unsigned: true }));
    expect(volume.voxels.values).toBeInstanceOf(Uint16Array);
    expect([0, 1, 2].map((slice) => valueAt(volume, 3, 2, slice))).toEqual([0, 32_768, 65_535]);
  });

  test("signed and unsigned slices together become real-world values", async () => {
    const signed = flatSeries([-5, -5, -5]);
    const unsigned = flatSeries([60_000, 60_000, 60_000], { unsigned: true });
    const volume = await load([signed[0]!, unsigned[1]!, signed[2]!]);
    expect([0, 1, 2].map((slice) => valueAt(volume, 0, 0, slice))).toEqual([-5, 60_000, -5]);
  });

  test("padding is a range of stored values", async () => {
    const common = { PixelPaddingValue: -2000, PixelPaddingRangeLimit: -1990 };
    const volume = await load(flatSeries([-2000, 0, 5], { common }));
    expect(volume.padding).toEqual({ low: -2000, high: -1990 });
    expect(valueAt(volume, 0, 0, 0)).toBe(-2000);
  });

  test("padding survives where each slice has its own slope", async () => {
    const each = ["1", "2", "3"].map((RescaleSlope) => ({ RescaleSlope, RescaleIntercept: "0" }));
    const volume = await load(flatSeries([-9, 4, -9], { each, common: { PixelPaddingValue: -9 } }));
    const { low, high } = volume.padding!;
    const padded = [0, 1, 2].map((slice) => valueAt(volume, 2, 1, slice)).map((v) => v >= low && v <= high);
    expect(padded).toEqual([true, false, true]);
    expect(valueAt(volume, 0, 0, 1)).toBe(8);
  });

  test("an Enhanced object's frames, each with the rescale of its own functional groups", async () => {
    const files = enhancedCt({ slices: 4, timePoints: 2, intercepts: [-1024, -1000] });
    const single = await load(enhancedCt({ slices: 4 }));
    for (const [index, intercept] of [-1024, -1000].entries()) {
      const volume = await load(files, index);
      expect(volume.voxels).toMatchObject({ kind: "stored", slope: 1, intercept });
      expect(volume.voxels.values).toEqual(single.voxels.values);
    }
  });

  test("the tiles of a mosaic", async () => {
    const firstPlane = stackPlanes({ ...flat, sliceOffsetsMm: [0] })[0]!;
    const files = siemensMosaic({ bValues: [0], firstPlane, slices: 5, sliceSpacingMm: 2 });
    const volume = await load(files);
    expect(volume.geometry.slices).toBe(5);
    for (let slice = 0; slice < 5; slice++)
      for (let row = 0; row < 3; row++) expect(valueAt(volume, 3, row, slice)).toBe(slice * 100 + row);
  });
});

test("the phantom's skull and air have their Hounsfield units where they lie", async () => {
  const volume = await load(ctPhantom());
  const toVoxel = lpsToVoxel(volume.geometry);
  const near = ([x, y, z]: readonly [number, number, number]) =>
    valueAt(volume, ...(toVoxel([x, y, z]).map(Math.round) as [number, number, number]));
  expect(near([110, -110, 40])).toBe(-1000);
  expect(near([26, 20, 40])).toBeCloseTo(28, 0);
});

const neverRead = () => Promise.reject(new Error("nothing should be read"));

describe("refused with the reason", () => {
  const files = rampSeries();
  const plan = split(files).volumes[0]!;
  const loading = (changed: VolumePlan, bytes = budgetBytes) =>
    loadVolume(changed, readerOf(files), { budgetBytes: bytes });

  test("beyond the budget, with the numbers, before anything is read", async () => {
    const volume = await loadVolume(plan, neverRead, { budgetBytes: 7679 });
    expect(volume).toMatchObject({ refused: "VOLUME_TOO_LARGE", reason: expect.stringMatching(/MiB.*MiB/) });
    expect(isRefusal(await loading(plan, 7680))).toBe(false);
  });

  test("beyond the budget only once real-world values are needed", async () => {
    const each = ["1", "2", "3"].map((RescaleSlope) => ({ RescaleSlope, RescaleIntercept: "0" }));
    const pet = flatSeries([1, 1, 1], { each });
    const volume = await loadVolume(split(pet).volumes[0]!, readerOf(pet), { budgetBytes: 100 });
    expect(volume).toMatchObject({ refused: "VOLUME_TOO_LARGE" });
  });

  test("a slice of another size, even with as many pixels", async () => {
    const turned = { ...plan, geometry: { ...plan.geometry, columns: 16, rows: 20 } };
    expect(await loading(turned)).toMatchObject({ refused: "SLICE_MISMATCH" });
  });

  test("a slice that the plan lacks", async () => {
    expect(await loading({ ...plan, slices: plan.slices.slice(1) })).toMatchObject({
      refused: "SLICE_MISMATCH",
    });
  });

  test.each(["0", "1e40"])("a rescale slope of %s", async (RescaleSlope) => {
    const broken = rampSeries({ attributes: { RescaleSlope } });
    const pointed = { ...plan, slices: plan.slices.map((slice) => ({ ...slice })) };
    const byUid = new Map(files.map(({ bytes }, index) => [bytes, broken[index]!.bytes]));
    const read = async (digest: string) => byUid.get(await readerOf(files)(digest))!;
    expect(await loadVolume(pointed, read, { budgetBytes })).toMatchObject({ refused: "BAD_RESCALE" });
  });
});

test("each file is read once, and at most four at a time", async () => {
  const files = rampSeries();
  const reads: string[] = [];
  let open = 0;
  let most = 0;
  const read = async (digest: string) => {
    reads.push(digest);
    most = Math.max(most, ++open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return readerOf(files)(digest);
  };
  await loadVolume(split(files).volumes[0]!, read, { budgetBytes });
  expect(new Set(reads).size).toBe(12);
  expect(reads).toHaveLength(12);
  expect(most).toBe(4);
});

test("an aborted load stops with the signal's reason", async () => {
  const files = rampSeries();
  const aborter = new AbortController();
  let reads = 0;
  const read = (digest: string) => {
    reads += 1;
    if (reads === 3) aborter.abort(new Error("claim lost"));
    return readerOf(files)(digest);
  };
  const loading = loadVolume(split(files).volumes[0]!, read, { budgetBytes, signal: aborter.signal });
  await expect(loading).rejects.toThrow("claim lost");
  expect(reads).toBeLessThan(12);
});

test("a file that cannot be read ends the load and no other file is asked for", async () => {
  const files = rampSeries();
  let reads = 0;
  const read = (digest: string) =>
    ++reads === 1 ? Promise.reject(new Error("disk")) : readerOf(files)(digest);
  await expect(loadVolume(split(files).volumes[0]!, read, { budgetBytes })).rejects.toThrow("disk");
  await new Promise((resolve) => setImmediate(resolve));
  expect(reads).toBeLessThanOrEqual(8);
});

const oddities = sharedData("oddities-real/pydicom");
const loadNamed = (name: string) => load([{ bytes: new Uint8Array(readFileSync(join(oddities!, name))) }]);

test
  .skipIf(!oddities)
  .each([
    "MR_small_bigendian.dcm",
    "MR_small_expb.dcm",
    "MR_small_implicit.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "MR_small_jp2klossless.dcm",
  ])("%s holds the voxels of the plain file", async (name) => {
  expect((await loadNamed(name)).voxels).toEqual((await loadNamed("MR_small.dcm")).voxels);
});
