import type { UnplacedImage, UnplacedImages } from "@releve/dicom/derived/derived-output";
import { add, cross, dot, length, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { VolumePlan } from "@releve/domain/series-split";
import { voxelToLps, type GridGeometry, type Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  accepted,
  contextOf,
  grids,
  planOf,
  ramp,
  realVolume,
  storedVolume,
} from "../known-volume.fixture.ts";
import { referenceRunner } from "../reference-runner.fixture.ts";
import { app } from "./app.ts";
import { straightenedImage } from "./curved-rows.ts";
import { curvedParameters, type CurvedParameters } from "./parameters.ts";
import { pathFrames } from "./path-frames.ts";
import { pathThrough } from "./path.ts";
import { finely, straightenedReference } from "./reference.ts";

/** 1 mm cubes around the origin. */
const cube = (side: number): GridGeometry => ({
  columns: side,
  rows: side,
  slices: side,
  originLps: [(1 - side) / 2, (1 - side) / 2, (1 - side) / 2],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 1, 0],
  sliceStepLps: [0, 0, 1],
});

const reformat = async (volume: Volume, parameters: CurvedParameters, runner = referenceRunner) => {
  const result = accepted(await app.compute(contextOf(volume, parameters, runner)));
  return { ...result, curved: result.outputs[0] as UnplacedImages };
};

const at = ({ columns, values }: UnplacedImage, row: number, column: number) =>
  values[row * columns + column]!;

// ---- A tube along a circle

const circleMm = 12;
const onCircle = (angle: number): Vec3 => [circleMm * Math.cos(angle), circleMm * Math.sin(angle), 0];
const toCircle = ([x, y, z]: Vec3) => Math.hypot(Math.hypot(x, y) - circleMm, z);
/** From -120 to 120 degrees, a point every ten. */
const arc = Array.from({ length: 25 }, (_, index) => onCircle(((index * 10 - 120) * Math.PI) / 180));
const arcMm = ((240 * Math.PI) / 180) * circleMm;

/** A tube of 5 mm radius with a narrow place of 2.5 mm, halfway. Positive inside, falling 1 a mm. */
const narrowed = (point: Vec3) => {
  const alongMm = circleMm * Math.atan2(point[1], point[0]);
  return 5 - 2.5 * Math.exp(-((alongMm / 4) ** 2)) - toCircle(point);
};

test("a bent tube of known length is straight, as wide everywhere as it is, and narrow where it is narrow", async () => {
  const spacingMm = 0.5;
  const parameters = {
    pathLps: arc,
    mode: { kind: "straightened", cuts: 3 },
    widthMm: 14,
    spacingMm,
  } as const;
  const { curved, remarks } = await reformat(realVolume(cube(38), narrowed), parameters);
  expect(curved.views).toHaveLength(3);
  for (const view of curved.views) {
    // Within 0.1 % of the circle's arc: the spline is drawn through points, not through the circle.
    expect(Math.abs((view.rows - 1) * spacingMm - arcMm)).toBeLessThan(spacingMm + 0.001 * arcMm);
    for (let row = 4; row < view.rows - 4; row++) {
      const alongMm = row * spacingMm - arcMm / 2;
      const inside = Array.from({ length: view.columns }, (_, column) => at(view, row, column)).filter(
        (v) => v > 0,
      );
      const diameterMm = 2 * (5 - 2.5 * Math.exp(-((alongMm / 4) ** 2)));
      // A pixel at either side.
      expect(Math.abs(inside.length * spacingMm - diameterMm)).toBeLessThan(2 * spacingMm);
    }
  }
  expect(remarks[0]).toContain(`${(Math.round(arcMm * 10) / 10).toFixed(1)} mm long`);
});

test("every pixel is as far from the tube's middle as it is drawn, in a reformat and in its cross sections", async () => {
  const volume = realVolume(cube(38), (point) => 10 - toCircle(point));
  const parameters = {
    pathLps: arc,
    mode: { kind: "straightened", cuts: 2 },
    widthMm: 12,
    spacingMm: 1,
    crossSections: { intervalMm: 5, sizeMm: 12 },
  } as const;
  const { curved, series } = await reformat(volume, parameters);
  const errors = curved.views.flatMap((view) =>
    [...view.values].map((value, index) => {
      const offMm = Math.abs((index % view.columns) - (view.columns - 1) / 2);
      // The distance has a tip in the middle, which no interpolation meets.
      return offMm < 2 ? 0 : Math.abs(10 - offMm - value);
    }),
  );
  expect(Math.max(...errors)).toBeLessThan(0.12);
  const [sections] = series;
  expect(sections!.images).toHaveLength(Math.floor(arcMm / 5) + 1);
  for (const { geometry, values } of sections!.images) {
    const normal = cross(geometry.columnStepLps, geometry.rowStepLps);
    const centre = add(geometry.originLps, scale(add(geometry.columnStepLps, geometry.rowStepLps), 6));
    expect(toCircle(centre)).toBeLessThan(0.01);
    expect(Math.abs(dot(normal, [centre[0], centre[1], 0]))).toBeLessThan(0.1);
    values.forEach((value, index) => {
      const offMm = Math.hypot((index % 13) - 6, Math.floor(index / 13) - 6);
      if (offMm >= 2 && offMm < 8) expect(Math.abs(10 - offMm - value)).toBeLessThan(0.15);
    });
  }
});

// ---- A helix

const pitchMm = 18;
const helix = (turns: number): Vec3 => [
  9 * Math.cos(2 * Math.PI * turns),
  9 * Math.sin(2 * Math.PI * turns),
  pitchMm * (turns - 0.5),
];
const helixPoints = Array.from({ length: 25 }, (_, index) => helix(index / 24));
const helixMm = Math.hypot(2 * Math.PI * 9, pitchMm);

/** Nearest of many points of the helix. */
const toHelix = (point: Vec3) => {
  let least = Infinity;
  for (let look = -20; look <= 140; look++)
    least = Math.min(least, length(subtract(point, helix(look / 120))));
  return least;
};

test("a helix has its length, and a path is walked in equal steps", () => {
  const path = pathThrough(helixPoints);
  expect(Math.abs(path.lengthMm / helixMm - 1)).toBeLessThan(0.001);
  const looks = finely(helixPoints);
  const polyline = looks
    .slice(1)
    .reduce((sum, look, index) => sum + length(subtract(look, looks[index]!)), 0);
  expect(path.lengthMm).toBeCloseTo(polyline, 4);
  // Half the way is as long as the other half, point by point along the finest polyline.
  const half = path.at(path.lengthMm / 2).pointLps;
  let walked = 0;
  const nearest = looks.slice(1).reduce(
    (found, look, index) => {
      walked += length(subtract(look, looks[index]!));
      return length(subtract(look, half)) < found.mm ? { mm: length(subtract(look, half)), walked } : found;
    },
    { mm: Infinity, walked: 0 },
  );
  expect(Math.abs(nearest.walked - path.lengthMm / 2)).toBeLessThan(0.01);
});

test("the tube along it is straight and round in every cut", async () => {
  const volume = realVolume(cube(30), (point) => 4 - toHelix(point));
  const parameters = {
    pathLps: helixPoints,
    mode: { kind: "straightened", cuts: 4 },
    widthMm: 12,
    spacingMm: 0.5,
  } as const;
  const { curved } = await reformat(volume, parameters);
  for (const view of curved.views)
    for (let row = 8; row < view.rows - 8; row++) {
      const inside = Array.from({ length: view.columns }, (_, column) => at(view, row, column)).filter(
        (v) => v > 0,
      );
      expect(Math.abs(inside.length * 0.5 - 8)).toBeLessThan(1);
    }
});

test("stretched, the helix is a line as long as itself on the sheet that is rolled out", async () => {
  const volume = realVolume(cube(30), (point) => -toHelix(point));
  const spacingMm = 0.5;
  const parameters = {
    pathLps: helixPoints.slice(0, 19),
    mode: { kind: "stretched", alongLps: [0, 0, 2] },
    widthMm: 4,
    spacingMm,
  } as const;
  const [view] = (await reformat(volume, parameters)).curved.views;
  const ridge = Array.from({ length: view!.rows }, (_, row) => {
    const values = Array.from({ length: view!.columns }, (_unused, column) => at(view!, row, column));
    return values.indexOf(Math.max(...values.filter((value) => !Number.isNaN(value))));
  });
  // Three quarters of the cylinder rolled out: as high as the circle is long, the line as far along the axis as the pitch.
  const acrossMm = (view!.rows - 1) * spacingMm;
  const alongMm = (ridge.at(-1)! - ridge[0]!) * spacingMm;
  expect(Math.abs(acrossMm - 0.75 * 2 * Math.PI * 9)).toBeLessThan(1);
  expect(Math.abs(Math.abs(alongMm) - 0.75 * pitchMm)).toBeLessThan(1.5);
  expect(Math.abs(Math.hypot(acrossMm, alongMm) / (0.75 * helixMm) - 1)).toBeLessThan(0.02);
});

// ---- Values

test.each(Object.entries(grids))(
  "along a path through %s slices a ramp is its formula at every pixel",
  async (_, grid) => {
    const middle = (x: number, y: number, z: number) =>
      voxelToLps(grid, x * (grid.columns - 1), y * (grid.rows - 1), z * (grid.slices - 1));
    const pathLps = [
      middle(0.2, 0.3, 0.1),
      middle(0.7, 0.4, 0.4),
      middle(0.5, 0.7, 0.6),
      middle(0.6, 0.3, 0.9),
    ];
    const parameters = {
      pathLps,
      mode: { kind: "straightened", cuts: 2 },
      widthMm: 6,
      spacingMm: 0.6,
    } as const;
    const { curved } = await reformat(realVolume(grid, ramp), parameters);
    const path = pathThrough(pathLps);
    let inside = 0;
    for (const [cut, view] of curved.views.entries()) {
      const frames = pathFrames(path, 0.6, view.rows);
      const { rows } = straightenedImage(frames, 6, 0.6, (cut * Math.PI) / 2);
      view.values.forEach((value, index) => {
        if (Number.isNaN(value)) return;
        const { originLps, columnStepLps } = rows[Math.floor(index / view.columns)]!;
        inside += 1;
        expect(
          Math.abs(value - ramp(add(originLps, scale(columnStepLps, index % view.columns)))),
        ).toBeLessThan(0.002);
      });
    }
    expect(inside).toBeGreaterThan(300);
  },
);

test("turning the volume, the path and the rows together changes nothing", async () => {
  const turn = ([x, y, z]: Vec3): Vec3 => [
    0.36 * x + 0.48 * y - 0.8 * z,
    -0.8 * x + 0.6 * y,
    0.48 * x + 0.64 * y + 0.6 * z,
  ];
  const volume = realVolume(
    cube(24),
    ([x, y, z]) => 100 * Math.sin(x / 2 + 1) * Math.cos(y / 3) * Math.sin(z / 2),
  );
  const grid = volume.geometry;
  const turned: Volume = {
    ...volume,
    geometry: {
      ...grid,
      originLps: turn(grid.originLps),
      columnStepLps: turn(grid.columnStepLps),
      rowStepLps: turn(grid.rowStepLps),
      sliceStepLps: turn(grid.sliceStepLps),
    },
  };
  const pathLps: Vec3[] = [
    [-8, -6, -9],
    [2, -7, -3],
    [7, 3, 1],
  ];
  const alongLps: Vec3 = [0, 1, 0.5];
  const common = { widthMm: 6, spacingMm: 0.7 };
  const [before] = (await reformat(volume, { ...common, pathLps, mode: { kind: "stretched", alongLps } }))
    .curved.views;
  const [after] = (
    await reformat(turned, {
      ...common,
      pathLps: pathLps.map(turn),
      mode: { kind: "stretched", alongLps: turn(alongLps) },
    })
  ).curved.views;
  expect([after!.columns, after!.rows]).toEqual([before!.columns, before!.rows]);
  const worst = [...before!.values].map((value, at) =>
    Number.isNaN(value) ? 0 : Math.abs(value - after!.values[at]!),
  );
  expect(Math.max(...worst)).toBeLessThan(0.01);
  expect(before!.values.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(200);
});

let engine: GpuJsRunner;
beforeAll(async () => {
  engine = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => engine.close());

test("noise is what the reference says, which builds spline, lengths and frames by other means; so with the engine", async () => {
  const noise = realVolume(
    cube(24),
    ([x, y, z]) => 100 * Math.sin(x / 2 + 1) * Math.cos(y / 3) * Math.sin(z / 2),
  );
  const pathLps: Vec3[] = [
    [-8, -6, -9],
    [2, -7, -3],
    [7, 3, 1],
    [-2, 8, 6],
  ];
  const parameters = { pathLps, mode: { kind: "straightened", cuts: 2 }, widthMm: 6, spacingMm: 1 } as const;
  const { curved } = await reformat(noise, parameters);
  const computed = await reformat(noise, parameters, engine);
  expect(computed.engine).toBe("gpu.js/webasm");
  for (const [cut, view] of curved.views.entries()) {
    const image = { rows: view.rows, half: (view.columns - 1) / 2, spacingMm: 1, angle: (cut * Math.PI) / 2 };
    const expected = straightenedReference(noise, pathLps, image);
    expect(view.values.length).toBe(expected.length);
    view.values.forEach((value, index) => {
      if (Number.isNaN(expected[index]!)) return expect(value).toBeNaN();
      expect(Math.abs(value - expected[index]!)).toBeLessThan(0.2);
      expect(Math.abs(computed.curved.views[cut]!.values[index]! - value)).toBeLessThan(0.05);
      return undefined;
    });
  }
});

test("frames stay perpendicular and never turn around the path, also where it bends the other way", () => {
  const wave = Array.from({ length: 20 }, (_, index) => [4 * Math.sin(index / 2), 0, 3 * index] as const);
  const frames = pathFrames(pathThrough(wave), 0.5, 100);
  for (const { tangent, across, binormal } of frames) {
    expect(Math.abs(dot(tangent, across))).toBeLessThan(1e-9);
    expect(length(subtract(cross(across, binormal), tangent))).toBeLessThan(1e-9);
    // The path lies in a plane, so that what points out of it keeps doing so.
    expect(Math.abs(Math.abs(binormal[1]) - 1)).toBeLessThan(1e-6);
  }
});

test("two points are a straight line, and a point twice is one", () => {
  const path = pathThrough([
    [0, 0, 0],
    [0, 0, 0],
    [3, 4, 0],
  ]);
  expect(path.lengthMm).toBeCloseTo(5, 9);
  expect(length(subtract(path.at(2.5).pointLps, [1.5, 2, 0]))).toBeLessThan(1e-5);
  expect(length(subtract(path.at(99).pointLps, [3, 4, 0]))).toBeLessThan(1e-5);
});

test("what cannot be reformatted is refused with its reason", async () => {
  const volume = realVolume(cube(12), () => 1);
  const base: CurvedParameters = {
    pathLps: [
      [0, 0, -4],
      [0, 0, 4],
    ],
    mode: { kind: "straightened", cuts: 1 },
    widthMm: 4,
  };
  const refusing = (changes: Partial<CurvedParameters>, plan = {}) =>
    app.compute(
      contextOf(volume, { ...base, ...changes }, referenceRunner, { plan: planOf(cube(12), plan) }),
    );
  const far: Vec3[] = [...base.pathLps, [0, 0, 40]];
  expect(await refusing({ pathLps: far })).toMatchObject({
    refused: "PATH_OUTSIDE",
    reason: "1 of 3 points of the path lie outside the volume.",
  });
  expect(await refusing({ mode: { kind: "stretched", alongLps: [0, 0, 1] } })).toMatchObject({
    refused: "PATH_ALONG_ROWS",
  });
  expect(
    await refusing({
      pathLps: [
        [0, 0, 0],
        [0, 0, 0.5],
      ],
    }),
  ).toMatchObject({ refused: "PATH_TOO_SHORT" });
  expect(await refusing({}, { regular: false })).toMatchObject({ refused: "IRREGULAR_SPACING" });
  expect(
    curvedParameters.safeParse({
      ...base,
      pathLps: [
        [1, 1, 1],
        [1, 1, 1],
      ],
    }).success,
  ).toBe(false);
});

test("a bend that is tighter than the image is wide is said", async () => {
  const volume = realVolume(cube(38), toCircle);
  const parameters = {
    pathLps: arc,
    mode: { kind: "straightened", cuts: 1 },
    widthMm: 30,
    spacingMm: 2,
  } as const;
  expect((await reformat(volume, parameters)).remarks.join(" ")).toMatch(
    /radius of 1[12](\.\d)? mm: .* shows twice/,
  );
});

test("it proposes nothing, and what it suggests is a request that it takes", () => {
  for (const grid of Object.values(grids)) {
    const plan = planOf(grid);
    expect(app.propose(plan)).toEqual([]);
    const suggested = app.suggest!([plan]);
    expect(curvedParameters.parse(suggested)).toEqual(suggested);
    expect(app.refuses!([plan], suggested)).toBeUndefined();
  }
});

// ---- The path on the source

const slices = Array.from({ length: 30 }, (_, index) => ({
  digest: "",
  sopInstanceUid: `1.2.${index}`,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  frameIndex: 0,
}));

async function drawn(volume: Volume, pathLps: readonly Vec3[], changes: Partial<VolumePlan> = {}) {
  const plan = planOf(volume.geometry, { slices, ...changes });
  const parameters = { pathLps, mode: { kind: "straightened", cuts: 1 }, widthMm: 4 } as const;
  const { outputs, remarks } = accepted(
    await app.compute(contextOf(volume, parameters, referenceRunner, { plan })),
  );
  return { remarks, drawing: outputs.find((output) => output.kind === "drawing") };
}

test("the path is drawn on the slices that it passes: a dot where it goes through, a line where it stays", async () => {
  const volume = storedVolume(cube(30), ramp);
  const through = await drawn(volume, [
    [2.5, -3.5, -4.5],
    [2.5, -3.5, 5.5],
  ]);
  expect(through.drawing?.lines).toEqual(
    Array.from({ length: 11 }, (_, index) => ({ sopInstanceUid: `1.2.${10 + index}`, points: [[17, 11]] })),
  );
  expect(through.drawing?.images).toMatchObject({ from: "source", slope: 0.05, intercept: -50 });
  expect(through.remarks.join(" ")).toContain("from (2.5, -3.5, -4.5) to (2.5, -3.5, 5.5), LPS mm");
  const within = await drawn(volume, [
    [-4.5, 0.5, 0.5],
    [5.5, 0.5, 0.5],
  ]);
  const [line, ...others] = within.drawing!.lines;
  expect(others).toEqual([]);
  expect(line).toMatchObject({ sopInstanceUid: "1.2.15" });
  expect([line!.points[0], line!.points.at(-1)]).toEqual([
    [expect.closeTo(10, 6), expect.closeTo(15, 6)],
    [expect.closeTo(20, 6), expect.closeTo(15, 6)],
  ]);
});

test("of one object with many frames the frames are named; where no slope holds for all, the path is left out, and that said", async () => {
  const enhanced = slices.map((slice, frameIndex) => ({ ...slice, sopInstanceUid: "1.2.9", frameIndex }));
  const path: Vec3[] = [
    [0.5, 0.5, 0.5],
    [0.5, 0.5, 2.5],
  ];
  const { drawing } = await drawn(storedVolume(cube(30), ramp), path, { slices: enhanced });
  expect(drawing!.lines.map(({ sopInstanceUid, frameNumber }) => [sopInstanceUid, frameNumber])).toEqual([
    ["1.2.9", 16],
    ["1.2.9", 17],
    ["1.2.9", 18],
  ]);
  const sloped = await drawn(realVolume(cube(30), ramp), path);
  expect(sloped.drawing).toBeUndefined();
  expect(sloped.remarks.join(" ")).toContain("The path is not shown on the source's slices");
});
