/** The SIMD engine's fused picture is this application's, pixel by pixel. */
import type { GridGeometry, Volume } from "@releve/domain/volume";
import { VolumeTooLargeFault } from "@releve/kernels/faults";
import { projectReference } from "@releve/kernels/reference/project-reference";
import type { FusedLook, FusedSlabs } from "@releve/kernels/simd/fuse-planes";
import { openSimdEngine, type SimdEngine } from "@releve/kernels/simd/open-simd-engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hotIron } from "./hot-iron.ts";
import type { Look } from "./look.ts";
import { fusionReference, mixReference } from "./reference.ts";

const look: Look = { ctCenter: 40, ctWidth: 400, petTop: 9000, alpha: 0.4 };
const fused: FusedLook = {
  grey: { low: look.ctCenter - look.ctWidth / 2, high: look.ctCenter + look.ctWidth / 2 },
  colour: { low: 0, high: look.petTop, rgb: hotIron },
  alpha: look.alpha,
};

/** Levels of 255: one of rounding, and the neighbouring entry of the palette, whose steps are 4 at most. */
const tolerance = 1 + 4 * look.alpha;

function volumeOf(
  geometry: GridGeometry,
  unsigned: boolean,
  valueAt: (x: number, y: number, z: number) => number,
): Volume {
  const { columns, rows, slices } = geometry;
  const count = columns * rows * slices;
  const values = unsigned ? new Uint16Array(count) : new Int16Array(count);
  for (let at = 0; at < count; at++)
    values[at] = valueAt(at % columns, Math.floor(at / columns) % rows, Math.floor(at / (columns * rows)));
  const scaling = unsigned ? { slope: 0.4, intercept: 0 } : { slope: 1, intercept: -1024 };
  return { geometry, voxels: { kind: "stored", values, ...scaling } };
}

const ct = volumeOf(
  {
    columns: 40,
    rows: 34,
    slices: 21,
    originLps: [-20, -17, 0],
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
    sliceStepLps: [0, 0.2, 2],
  },
  false,
  (x, y, z) => 1024 + 9 * x - 7 * y + 5 * z,
);

/** Coarser, turned a little, and narrower than the CT. */
const pet = volumeOf(
  {
    columns: 9,
    rows: 8,
    slices: 11,
    originLps: [-15, -14, 2],
    columnStepLps: [3.9, 0.3, 0],
    rowStepLps: [-0.3, 3.9, 0],
    sliceStepLps: [0, 0, 3.3],
  },
  true,
  (x, y, z) => 900 * x + 1200 * y + 700 * z,
);

const plane = {
  columns: 43,
  rows: 29,
  originLps: [-21.3, -15.2, 11.7],
  columnStepLps: [0.98, 0.05, 0.1],
  rowStepLps: [-0.06, 1.02, 0.3],
} as const;
const planes: FusedSlabs = {
  under: { plane, stepLps: [0, 0, 0], steps: 1 },
  over: { plane, stepLps: [0, 0, 0], steps: 1 },
};
const slabs: FusedSlabs = {
  under: { plane, stepLps: [0.1, 0, 1.9], steps: 5 },
  over: { plane, stepLps: [0, 0.2, 3.1], steps: 3 },
};

describe.each(["plain", "relaxed"] as const)("%s", (build) => {
  let engine: SimdEngine;
  beforeAll(async () => {
    engine = await openSimdEngine({ threads: 2, budgetBytes: 2 ** 28, build });
  });
  afterAll(() => engine.close());

  async function picture(pair: FusedSlabs, at = fused): Promise<Uint8ClampedArray> {
    for await (const { rgba } of engine.fuse(ct, pet, [pair], "max", at)) return rgba;
    throw new Error("no picture");
  }

  function worst(rgba: Uint8ClampedArray, wanted: readonly number[]): number {
    let most = 0;
    for (const [at, level] of wanted.entries())
      most = Math.max(most, Math.abs(rgba[4 * Math.floor(at / 3) + (at % 3)]! - level));
    return most;
  }

  test("a plane through both is the application's", async () => {
    const wanted = fusionReference(ct, pet, plane, look);
    const rgba = await picture(planes);
    expect(worst(rgba, wanted)).toBeLessThanOrEqual(tolerance);
    expect(new Set(wanted.map(Math.round)).size).toBeGreaterThan(100);
    expect(rgba.filter((level, at) => at % 4 === 3 && level !== 255)).toHaveLength(0);
  });

  test("so is a slab of each, with steps of its own", async () => {
    const wanted = mixReference(
      projectReference(ct, slabs.under, "max"),
      projectReference(pet, slabs.over, "max"),
      look,
    );
    expect(worst(await picture(slabs), wanted)).toBeLessThanOrEqual(tolerance);
  });

  test("grey alone and colour alone", async () => {
    const values = mixReference(
      projectReference(ct, planes.under, "max"),
      projectReference(pet, planes.over, "max"),
      { ...look, alpha: 0 },
    );
    expect(worst(await picture(planes, { ...fused, alpha: 0 }), values)).toBeLessThanOrEqual(1);
    const colours = fusionReference(ct, pet, plane, { ...look, alpha: 1 });
    expect(worst(await picture(planes, { ...fused, alpha: 1 }), colours)).toBeLessThanOrEqual(5);
  });

  test("what has no meaning is refused", () => {
    const narrower = { ...planes, over: { ...planes.over, plane: { ...plane, columns: 42 } } };
    expect(() => engine.fuse(ct, pet, [narrower], "max", fused)).toThrow(RangeError);
    expect(() => engine.fuse(ct, pet, [planes], "max", { ...fused, alpha: 1.1 })).toThrow(RangeError);
  });
});

test("a budget that holds one of the two alone is refused with the numbers", async () => {
  const engine = await openSimdEngine({ threads: 1, budgetBytes: 300_000 });
  const first = engine.fuse(ct, pet, [planes], "max", fused)[Symbol.asyncIterator]();
  await expect(first.next()).rejects.toThrow(VolumeTooLargeFault);
  await engine.close();
});
