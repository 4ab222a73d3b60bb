import type { Vec3 } from "@releve/domain/vec3";
import { expect, test } from "vitest";
import { labelComponents, type Connectivity, type GridSize } from "./label-components.ts";

/** Rows of text, slices apart by an empty line; anything but a dot is set. */
function maskOf(text: string): { mask: Uint8Array; size: GridSize } {
  const slices = text.trim().split("\n\n");
  const rows = slices[0]!.split("\n").map((row) => row.trim());
  const cells = text.replaceAll(/\s/g, "").split("");
  return {
    mask: Uint8Array.from(cells, (cell) => +(cell !== ".")),
    size: [rows[0]!.length, rows.length, slices.length],
  };
}

const connectivities: readonly Connectivity[] = [4, 8, 6, 18, 26];

test.each<[string, string, Record<Connectivity, number>]>([
  ["nothing", "...\n...", { 4: 0, 8: 0, 6: 0, 18: 0, 26: 0 }],
  ["a corner within a slice", "#.\n.#", { 4: 2, 8: 1, 6: 2, 18: 1, 26: 1 }],
  ["a face between slices", "#.\n..\n\n#.\n..", { 4: 2, 8: 2, 6: 1, 18: 1, 26: 1 }],
  ["an edge between slices, along the row", "#.\n..\n\n.#\n..", { 4: 2, 8: 2, 6: 2, 18: 1, 26: 1 }],
  ["an edge between slices, down the column", "..\n#.\n\n#.\n..", { 4: 2, 8: 2, 6: 2, 18: 1, 26: 1 }],
  ["a corner between slices", "..\n.#\n\n#.\n..", { 4: 2, 8: 2, 6: 2, 18: 2, 26: 1 }],
  ["a U whose arms meet last", "#.#\n#.#\n###", { 4: 1, 8: 1, 6: 1, 18: 1, 26: 1 }],
  [
    "the ends of two rows, which lie side by side in memory only",
    "..#\n#..",
    { 4: 2, 8: 2, 6: 2, 18: 2, 26: 2 },
  ],
])("%s", (_, text, counts) => {
  const { mask, size } = maskOf(text);
  for (const connectivity of connectivities)
    expect(labelComponents(mask, size, connectivity).count, `${connectivity}`).toBe(counts[connectivity]);
});

test("labels are numbered by their first voxels, and counted", () => {
  const { mask, size } = maskOf("#.##\n#..#\n....\n.#..");
  const { labels, voxelCounts } = labelComponents(mask, size, 4);
  expect([...labels]).toEqual([1, 0, 2, 2, 1, 0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0]);
  expect([...voxelCounts]).toEqual([10, 2, 3, 1]);
});

test("a snake through a whole slice is one component, however long its path", () => {
  const side = 257;
  const mask = Uint8Array.from({ length: side * side }, (_, index) => {
    const row = Math.floor(index / side);
    const turn = row % 4 === 1 ? side - 1 : 0;
    return +(row % 2 === 0 || index % side === turn);
  });
  expect(labelComponents(mask, [side, side, 1], 4)).toMatchObject({ count: 1 });
});

const offsets: readonly Vec3[] = ([-1, 0, 1] as const).flatMap((z) =>
  ([-1, 0, 1] as const).flatMap((y) => ([-1, 0, 1] as const).map((x) => [x, y, z] as const)),
);
const touches: Readonly<Record<Connectivity, (distance: number, dz: number) => boolean>> = {
  4: (distance, dz) => distance === 1 && dz === 0,
  8: (distance, dz) => distance >= 1 && dz === 0,
  6: (distance) => distance === 1,
  18: (distance) => distance === 1 || distance === 2,
  26: (distance) => distance >= 1,
};

/** A flood from every voxel that has no label yet, neighbour by neighbour. */
function floodReference(mask: Uint8Array, size: GridSize, connectivity: Connectivity): Int32Array {
  const labels = new Int32Array(mask.length);
  const steps = offsets.filter(([x, y, z]) =>
    touches[connectivity](Math.abs(x) + Math.abs(y) + Math.abs(z), z),
  );
  let count = 0;
  for (let seed = 0; seed < mask.length; seed++) {
    if (!mask[seed] || labels[seed]) continue;
    labels[seed] = ++count;
    const open = [seed];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const step of steps) {
        const next = neighbour(at, step, size);
        if (next === undefined || !mask[next] || labels[next]) continue;
        labels[next] = count;
        open.push(next);
      }
  }
  return labels;
}

function neighbour(at: number, step: Vec3, [columns, rows, slices]: GridSize): number | undefined {
  const x = (at % columns) + step[0];
  const y = (Math.floor(at / columns) % rows) + step[1];
  const z = Math.floor(at / columns / rows) + step[2];
  const inside = x >= 0 && y >= 0 && z >= 0 && x < columns && y < rows && z < slices;
  return inside ? (z * rows + y) * columns + x : undefined;
}

/** Park and Miller's generator: the same masks in every run. */
function randomMask(length: number, filled: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state * 48271) % 0x7fffffff;
    return +(state / 0x7fffffff < filled);
  });
}

test.each(connectivities)("%i-connected components of noise are those of a flood", (connectivity) => {
  const size: GridSize = [9, 7, 5];
  for (const filled of [0.1, 0.25, 0.4, 0.6, 0.9])
    for (let seed = 1; seed <= 5; seed++) {
      const mask = randomMask(9 * 7 * 5, filled, seed);
      expect(labelComponents(mask, size, connectivity).labels).toEqual(
        floodReference(mask, size, connectivity),
      );
    }
});

test("a mask of another size is a mistake of the caller", () => {
  expect(() => labelComponents(new Uint8Array(5), [2, 2, 1], 4)).toThrow(RangeError);
});
