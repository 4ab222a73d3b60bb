import { decode } from "fast-png";
import { expect, test } from "vitest";
import type { DerivedOutput } from "./derived-output.ts";
import { outputPicture } from "./output-picture.ts";
import { adcMap, lungReport, lungs, planes, turning } from "./outputs-fixture.ts";

function pictureOf(output: DerivedOutput) {
  const picture = outputPicture(output);
  if (!picture) throw new Error("no picture");
  const { width, height, channels, data } = decode(picture);
  const at = (x: number, y: number) => [
    ...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels),
  ];
  return { width, height, channels, at };
}

/** The first plane alone, which is shown large: 1024 pixels for 2.5 mm, so that a mask's pixel is 205 wide and 307 high. */
const firstPlane = {
  ...lungs,
  planes: planes.slice(0, 1),
  segments: lungs.segments.map((segment) => ({ ...segment, masks: segment.masks.slice(0, 1) })),
};

test("masks are regions of their colour over black", () => {
  const { width, height, channels, at } = pictureOf(firstPlane);
  expect([width, height, channels]).toEqual([1024, 922, 3]);
  expect(at(100, 150)).toEqual([255, 0, 0]);
  expect(at(310, 150)).toEqual([0, 0, 0]);
  expect(at(1000, 900)).toEqual([255, 0, 0]);
});

test("a sheet of masks shows only planes where something is inside; without any there is no picture", () => {
  expect(pictureOf(lungs).width).toBe(3 * (256 + 8) + 8);
  const [left] = lungs.segments;
  expect(pictureOf({ ...lungs, segments: [left!] }).width).toBe(2 * (256 + 8) + 8);
  expect(
    outputPicture({ ...lungs, segments: [{ ...left!, masks: planes.map(() => undefined) }] }),
  ).toBeUndefined();
});

test("a map goes from black over red and yellow to white, with its scale beside it", () => {
  const values = Float32Array.from({ length: 15 }, (_, pixel) => [0, 1, 1.5, 2, 3][pixel] ?? NaN);
  const images = [{ ...planes[0]!, values }];
  const { width, height, channels, at } = pictureOf({ ...adcMap, images, window: { center: 1.5, width: 3 } });
  expect([height, channels]).toEqual([922, 3]);
  expect(width).toBeGreaterThan(1024);
  expect(at(20, 20)).toEqual([0, 0, 0]);
  expect(at(307, 100)).toEqual([255, 0, 0]);
  expect(at(717, 100)).toEqual([255, 255, 0]);
  expect(at(1000, 100)).toEqual([255, 255, 255]);
  expect(at(500, 800)).toEqual([0, 0, 0]);
  // The bar: white above, black below.
  expect(at(1024 + 12, 27)).toEqual([255, 255, 255]);
  expect(at(1024 + 12, 922 - 27)).toEqual([0, 0, 0]);
});

test("rendered frames keep their colours, and a large one is averaged", () => {
  const { width, at } = pictureOf(turning);
  expect(width).toBe(3 * (3 + 8) + 8);
  expect(at(8, 8)).toEqual([255, 0, 0]);
  const frame = Uint8Array.from({ length: 2048 * 2 * 3 }, (_, index) =>
    Math.floor(index / 3) % 2 === 0 ? 200 : 100,
  );
  const large = pictureOf({ ...turning, columns: 2048, rows: 2, frames: [frame] });
  expect([large.width, large.height]).toEqual([1024, 1]);
  expect(large.at(500, 0)).toEqual([150, 150, 150]);
});

test("a report has no picture", () => {
  expect(outputPicture(lungReport)).toBeUndefined();
});
