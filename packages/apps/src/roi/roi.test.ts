import type { Attributes } from "@releve/dicom/data-set/attributes";
import { isRefusal } from "@releve/domain/refusal";
import { voxelToLps, type GridGeometry, type Volume } from "@releve/domain/volume";
import { seededNoise } from "@releve/testkit/phantom/seeded-noise";
import { expect, test } from "vitest";
import {
  accepted,
  axialGrid,
  contextOf,
  grids,
  noAttributes,
  planOf,
  ramp,
  realVolume,
} from "../known-volume.fixture.ts";
import { referenceRunner } from "../reference-runner.fixture.ts";
import { ibsiPhantom } from "../statistics/ibsi-phantom.fixture.ts";
import { app } from "./app.ts";
import { measureRegions } from "./measure-regions.ts";
import { roiParameters, type RoiParameters } from "./parameters.ts";
import { roiReference } from "./reference.ts";

const compute = (
  volume: Volume,
  given: RoiParameters,
  modality = "CT",
  attributes: Attributes = noAttributes,
) =>
  app.compute(
    contextOf(volume, roiParameters.parse(given), referenceRunner, {
      attributes,
      plan: planOf(volume.geometry, { modality }),
    }),
  );

async function measure(...args: Parameters<typeof compute>) {
  const { outputs, remarks } = accepted(await compute(...args));
  const report = outputs.find((output) => output.kind === "measurements")!;
  const masks = outputs.find((output) => output.kind === "segmentation")!;
  const groups = report.groups.map(
    ({ measurements }) => new Map(measurements.map(({ concept, value }) => [concept.codeValue, value])),
  );
  const units = new Map(
    report.groups[0]!.measurements.map(({ concept, unit }) => [concept.codeValue, unit.codeValue]),
  );
  return { groups, units, masks, remarks };
}

/** 5 x 4 x 4 voxels of 2 mm; NaN outside IBSI's region of interest. */
const ibsiGrid: GridGeometry = {
  columns: 5,
  rows: 4,
  slices: 4,
  originLps: [0, 0, 0],
  columnStepLps: [2, 0, 0],
  rowStepLps: [0, 2, 0],
  sliceStepLps: [0, 0, 2],
};

test("IBSI's digital phantom through the application: the values of the reference manual's tables", async () => {
  const volume: Volume = { geometry: ibsiGrid, voxels: { kind: "real", values: ibsiPhantom() } };
  const { groups, masks } = await measure(volume, { regions: [{ shape: "volume" }] });
  const [found] = groups;
  const wanted = {
    Q4LE: 2.15,
    ECT3: 3.05,
    KE2A: 1.08,
    IPH6: -0.355,
    Y12H: 1,
    "1GSF": 1,
    QG58: 1,
    "8DWT": 4,
    "84IY": 6,
    SALO: 3,
    "2OJQ": 5,
    "4FUA": 1.55,
    "1128": 1.11,
    N72L: 1.15,
    "7TET": 0.812,
    "9S40": 0.6,
    N8CA: 567,
    "5ZWQ": 2.77,
  };
  const three = Object.keys(wanted).map((code) => [code, +found!.get(code)!.toPrecision(3)]);
  expect(Object.fromEntries(three)).toEqual(wanted);
  expect(found!.get("118565006")).toBeCloseTo(74 * 0.008, 12);
  const inside = masks.segments[0]!.masks.map((mask) => mask!.reduce((sum, one) => sum + one, 0));
  expect(inside.reduce((sum, voxels) => sum + voxels, 0)).toBe(74);
});

test.each(Object.keys(grids))(
  "a sphere and a box in a ramp, %s: their means are the ramp at their centre",
  async (name) => {
    const grid = grids[name]!;
    const centerLps = voxelToLps(grid, 12, 10, 6);
    const volume = realVolume(grid, ramp);
    const { groups } = await measure(volume, { regions: [{ shape: "sphere", centerLps, radiusMm: 5.31 }] });
    // Voxels lie point-symmetrically about a voxel's centre, and none on the surface, so the mean is exact.
    expect(groups[0]!.get("Q4LE")).toBeCloseTo(ramp(centerLps), 4);
    expect(groups[0]!.get("KE2A")).toBeCloseTo(0, 4);
    expect(groups[0]!.get("118565006")! / ((4 / 3) * Math.PI * 0.531 ** 3)).toBeCloseTo(1, 0);
    const [x, y, z] = centerLps;
    const box = { shape: "box", lowLps: [x - 4, y - 4, z - 4], highLps: [x + 4, y + 4, z + 4] } as const;
    const boxed = (await measure(volume, { regions: [box] })).groups[0]!;
    expect(boxed.get("Q4LE")).toBeCloseTo(ramp(centerLps), 4);
  },
);

test("each region has its mask and its group, in the order given", async () => {
  const at = (column: number) => voxelToLps(axialGrid, column, 3, 4);
  const point = (column: number) => ({ shape: "sphere", centerLps: at(column), radiusMm: 0.1 }) as const;
  const { groups, masks } = await measure(realVolume(axialGrid, ramp), { regions: [point(2), point(20)] });
  expect(groups.map((group) => group.get("84IY"))).toEqual(
    [2, 20].map((column) => expect.closeTo(ramp(at(column)), 4)),
  );
  expect(masks.segments.map(({ label, masks: [, , , , mask] }) => [label, mask!.indexOf(1)])).toEqual([
    ["Region 1", 3 * 24 + 2],
    ["Region 2", 3 * 24 + 20],
  ]);
});

const saying = (strings: Readonly<Record<string, string>>): Attributes => ({
  ...noAttributes,
  string: (keyword) => strings[keyword],
});

test.each([
  ["CT", {}, "[hnsf'U]"],
  ["CT", { RescaleType: "US" }, "[arb'U]"],
  ["PT", { Units: "BQML" }, "Bq/ml"],
  ["PT", { Units: "CNTS" }, "[arb'U]"],
  ["MR", {}, "[arb'U]"],
])("%s %j is measured in %s", async (modality, strings: Record<string, string>, unit) => {
  const { units, remarks } = await measure(
    realVolume(axialGrid, ramp),
    { regions: [{ shape: "volume" }] },
    modality,
    saying(strings),
  );
  expect([units.get("Q4LE"), units.get("ECT3"), units.get("KE2A")]).toEqual([unit, `(${unit})2`, "1"]);
  expect(remarks.some((remark) => remark.includes("unit is not known"))).toBe(unit === "[arb'U]");
});

test("a region in the air beside the volume is refused by its number", async () => {
  const away = { shape: "sphere", centerLps: [900, 0, 0], radiusMm: 5 } as const;
  expect(await compute(realVolume(axialGrid, ramp), { regions: [{ shape: "volume" }, away] })).toMatchObject({
    refused: "REGION_EMPTY",
    reason: expect.stringContaining("Region 2"),
  });
});

test("nobody is proposed it; what is suggested can be measured", async () => {
  const plan = planOf(axialGrid);
  expect(app.takes === "volume" && app.propose(plan)).toEqual([]);
  expect((await measure(realVolume(axialGrid, ramp), app.suggest!([plan]))).groups).toHaveLength(1);
});

test.each(Object.entries(grids))(
  "noise in %s slices has the reference's statistics, padding left out",
  (_, grid) => {
    const noise = seededNoise(7, 400);
    const length = grid.columns * grid.rows * grid.slices;
    const values = Int16Array.from({ length }, () => Math.max(-1999, noise()));
    for (let voxel = 0; voxel < length; voxel += 17) values[voxel] = -2000;
    const volume: Volume = {
      geometry: grid,
      voxels: { kind: "stored", values, slope: 0.5, intercept: -24 },
      padding: { low: -2000, high: -2000 },
    };
    const centerLps = voxelToLps(grid, 11.3, 9.1, 5.6);
    const shapes = [
      { shape: "sphere", centerLps, radiusMm: 7.3 },
      {
        shape: "box",
        lowLps: centerLps.map((part) => part - 5) as [number, number, number],
        highLps: centerLps.map((part) => part + 6) as [number, number, number],
      },
      { shape: "volume" },
    ] as const;
    const measured = measureRegions({ volume, regions: shapes });
    if (isRefusal(measured)) throw new Error(measured.reason);
    for (const [index, shape] of shapes.entries()) {
      const reference = roiReference(volume, shape);
      const { statistics } = measured[index]!;
      expect(reference.count).toBeGreaterThan(50);
      for (const [name, wanted] of Object.entries(reference)) {
        const found = statistics[name as keyof typeof reference];
        expect(Math.abs(found - wanted)).toBeLessThan(1e-9 * Math.max(1, Math.abs(wanted)));
      }
    }
  },
);
