import { expect, test } from "vitest";
import type { Vec3 } from "@releve/domain/vec3";
import type { GridGeometry, Volume } from "@releve/domain/volume";
import type { RenderLook, RenderView } from "../kernel-runner.ts";
import { renderReference } from "./render-reference.ts";

const grid: GridGeometry = {
  columns: 5,
  rows: 5,
  slices: 11,
  originLps: [10, 20, 30],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 1, 0],
  sliceStepLps: [0, 0, 0.5],
};

function volumeOf(valueAt: (x: number, y: number, z: number) => number): Volume {
  const values = Int16Array.from({ length: 275 }, (_, index) =>
    valueAt(index % 5, Math.floor(index / 5) % 5, Math.floor(index / 25)),
  );
  return { geometry: grid, voxels: { kind: "stored", values, slope: 1, intercept: 0 } };
}

const middle: RenderView = {
  plane: {
    columns: 1,
    rows: 1,
    originLps: [12, 22, 30],
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
  },
  stepLps: [0, 0, 0.5],
  steps: 11,
};

const unshaded: RenderLook = {
  points: [
    { value: 0, rgb: [1, 0, 0], opacityPerMm: 0 },
    { value: 100, rgb: [1, 0, 0], opacityPerMm: 0.2 },
  ],
  ambient: 1,
  diffuse: 0,
  specular: 0,
  shininess: 1,
  backgroundRgb: [0, 0, 1],
  clip: [],
};

const opacityOf = (depthMm: number, perMm = 0.2) => 1 - Math.exp(-perMm * depthMm);

test("a homogeneous block absorbs by Beer and Lambert, and the background is seen through what is left", () => {
  const opacity = opacityOf(11 * 0.5);
  expect([
    ...renderReference(
      volumeOf(() => 100),
      middle,
      unshaded,
    ),
  ]).toEqual([opacity, 0, 1 - opacity, opacity].map((part) => Math.round(255 * part)));
});

test("half the step and twice the samples is the same picture", () => {
  const fine = { ...middle, stepLps: [0, 0, 0.25] as Vec3, steps: 22 };
  const block = volumeOf(() => 100);
  // The last of 22 fine samples lies beyond the last voxel centre.
  const shorter = opacityOf(21 * 0.25);
  expect(renderReference(block, fine, unshaded)[3]).toBe(Math.round(255 * shorter));
});

test("opacity is linear between the points and constant beyond them", () => {
  for (const [value, perMm] of [
    [-50, 0],
    [50, 0.1],
    [3000, 0.2],
  ] as const)
    expect(
      renderReference(
        volumeOf(() => value),
        middle,
        unshaded,
      )[3],
    ).toBe(Math.round(255 * opacityOf(5.5, perMm)));
});

test("what a plane cuts away does not count: 6 of 11 samples are left", () => {
  const look = { ...unshaded, clip: [{ normalLps: [0, 0, -1] as Vec3, offsetMm: -32.5 }] };
  expect(
    renderReference(
      volumeOf(() => 100),
      middle,
      look,
    )[3],
  ).toBe(Math.round(255 * opacityOf(3)));
});

test.each([
  ["facing the eye", (_x: number, _y: number, z: number) => 100 + 10 * z, 1],
  ["rising away to the side", (x: number) => 100 + 10 * x, 0],
  // 10 per voxel of 1 mm against 5 per voxel of 0.5 mm: 45 degrees in patient space, not in the grid.
  ["at 45 degrees", (x: number, _y: number, z: number) => 100 + 10 * x + 5 * z, Math.SQRT1_2],
])("a surface %s is lit by Blinn and Phong", (_, valueAt, cosine) => {
  const look: RenderLook = {
    ...unshaded,
    points: [{ value: 0, rgb: [0.5, 0.25, 0], opacityPerMm: 1e6 }],
    ambient: 0.1,
    diffuse: 0.6,
    specular: 0.2,
    shininess: 10,
  };
  // One pixel deep inside, so that no difference is clamped.
  const inside = { ...middle, plane: { ...middle.plane, originLps: [12, 22, 32.5] as Vec3 }, steps: 1 };
  const light = 0.1 + 0.6 * cosine;
  const shine = 0.2 * cosine ** 10;
  const wanted = [0.5 * light + shine, 0.25 * light + shine, shine, 1].map((part) => Math.round(255 * part));
  expect([...renderReference(volumeOf(valueAt), inside, look)]).toEqual(wanted);
});

test("a ray that misses the volume is the background, without opacity", () => {
  const beside = { ...middle, plane: { ...middle.plane, originLps: [0, 0, 0] as Vec3 } };
  expect([
    ...renderReference(
      volumeOf(() => 100),
      beside,
      unshaded,
    ),
  ]).toEqual([0, 0, 255, 0]);
});

test("points that do not rise are refused", () => {
  const points = [unshaded.points[1]!, unshaded.points[0]!];
  expect(() =>
    renderReference(
      volumeOf(() => 1),
      middle,
      { ...unshaded, points },
    ),
  ).toThrow(RangeError);
});
