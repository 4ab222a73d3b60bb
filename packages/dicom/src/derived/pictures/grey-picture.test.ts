import { decode } from "fast-png";
import { expect, test } from "vitest";
import type { DerivedImage } from "../derived-series.ts";
import { coronalSeries } from "../derived-fixture.ts";
import { renderPicture, renderSheet } from "./grey-picture.ts";

const window = { center: 50, width: 100 };

function image(columns: number, rows: number, rowStepMm: number, values: readonly number[]): DerivedImage {
  return {
    geometry: {
      columns,
      rows,
      originLps: [0, 0, 0],
      columnStepLps: [1, 0, 0],
      rowStepLps: [0, 0, -rowStepMm],
    },
    thicknessMm: 1,
    values: Float32Array.from(values),
  };
}

test("pixels are square: rows 3 mm apart make the picture three times as high", () => {
  const { width, height } = decode(renderPicture(image(2, 2, 3, [0, 0, 0, 0]), window));
  expect(height).toBe(1024);
  expect(width).toBe(341);
});

test("the window's ends are black and white, its middle grey, and nothing measured is black", () => {
  const { data, width, height, channels } = decode(renderPicture(image(4, 1, 1, [0, 50, 100, NaN]), window));
  expect([width, height, channels]).toEqual([1024, 256, 1]);
  const middles = [128, 384, 640, 896].map((column) => data[128 * 1024 + column]);
  expect(middles).toEqual([0, 128, 255, 0]);
});

test("what is made smaller is averaged: a line of one pixel does not vanish", () => {
  const columns = 4096;
  const values = Array.from({ length: columns }, (_, column) => (column % 4 === 3 ? 100 : 0));
  const { data } = decode(renderPicture(image(columns, 1, 1, values), window));
  expect(new Set(data)).toEqual(new Set([64]));
});

test("a sheet shows at most twelve images, evenly chosen, with room between them", () => {
  const [first] = coronalSeries().images;
  const shades = Array.from({ length: 23 }, (_, index) => image(2, 2, 1, Array(4).fill(index)));
  const series = { ...coronalSeries(), images: shades, window: { center: 11, width: 22 } };
  const { data, width, height } = decode(renderSheet(series));
  expect([width, height]).toEqual([4 * 256 + 5 * 8, 3 * 256 + 4 * 8]);
  const at = (tile: number) => {
    const left = 8 + (tile % 4) * 264;
    const top = 8 + Math.floor(tile / 4) * 264;
    return data[(top + 100) * width + left + 100]!;
  };
  expect([at(0), at(11)]).toEqual([0, 255]);
  expect(at(5)).toBe(Math.round((10 * 255) / 22));
  expect(data[4 * width + 4]).toBe(48);
  expect(decode(renderSheet({ ...series, images: [first!] })).width).toBe(1024);
});

test("without a window the picture shows what was measured, whatever its unit", () => {
  const values = Array.from({ length: 100 }, (_, index) => index * 1e-5);
  const { data } = decode(renderSheet({ ...coronalSeries(), images: [image(10, 10, 1, values)] }));
  const shades = new Set(data);
  expect([shades.has(0), shades.has(255)]).toEqual([true, true]);
  expect(shades.size).toBeGreaterThan(100);
});
