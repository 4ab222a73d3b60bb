/** A volume like a CT of a trunk: air, soft tissue with texture, ribs, spine and contrast in vessels. */
import type { Volume } from "@releve/domain/volume";

const [columns, rows, slices] = [512, 512, 300];

export function benchVolume(): Volume {
  const values = new Int16Array(new SharedArrayBuffer(columns * rows * slices * 2));
  for (let z = 0; z < slices; z++) values.set(benchSlice(z), z * columns * rows);
  return {
    geometry: {
      columns,
      rows,
      slices,
      originLps: [0, 0, 0],
      columnStepLps: [0.75, 0, 0],
      rowStepLps: [0, 0.75, 0],
      sliceStepLps: [0, 0, 1],
    },
    voxels: { kind: "stored", values, slope: 1, intercept: 0 },
  };
}

/** One slice of it, 512 x 512. */
export function benchSlice(z: number): Int16Array {
  const values = new Int16Array(columns * rows);
  let at = 0;
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) values[at++] = valueAt(x, y, z);
  return values;
}

function valueAt(x: number, y: number, z: number): number {
  const [u, v] = [(x - 256) / 230, (y - 256) / 160];
  const trunk = u * u + v * v;
  // A hash of the place: noise without a generator's state, of 40 HU from end to end.
  const noise = (((x * 73_856_093) ^ (y * 19_349_663) ^ (z * 83_492_791)) >>> 8) % 41;
  if (trunk > 1) return -1000 + noise / 2;
  if ((x - 256) ** 2 + (y - 370) ** 2 < 900) return 600 + 10 * noise;
  if (trunk > 0.86 && trunk < 0.93 && (z + Math.abs(u) * 40) % 30 < 11) return 700 + 12 * noise;
  if ((x - 290) ** 2 + (y - 300) ** 2 < 200) return 350 + noise;
  const lung = ((Math.abs(u) - 0.45) / 0.33) ** 2 + (v / 0.6) ** 2 + ((z - 130) / 140) ** 2;
  return lung < 1 ? -850 + noise : 40 + noise;
}
