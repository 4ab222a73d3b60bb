/** Puts the colours of slabs together, the nearest slab first, as a ray through all of them would (Porter and Duff's "over"). */
import { leastTransmittance } from "./rendering-rules.ts";

/**
 * `render` gives a slab's red, green, blue and transmittance, one plane each. Not asked where nothing can be seen any more.
 * @returns colours and opacities as the kernel packs them.
 */
export async function compositeSlabs<Slab>(
  slabs: readonly Slab[],
  pixels: number,
  backgroundRgb: readonly number[],
  render: (slab: Slab) => Promise<readonly Float32Array[]>,
): Promise<Float32Array<ArrayBuffer>[]> {
  const rgb = [0, 1, 2].map(() => new Float64Array(pixels));
  const left = new Float64Array(pixels).fill(1);
  for (const slab of slabs) {
    const [red, green, blue, transmittance] = await render(slab);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const before = left[pixel]!;
      // Where a ray through the whole volume has ended.
      if (before <= leastTransmittance) continue;
      rgb[0]![pixel]! += before * red![pixel]!;
      rgb[1]![pixel]! += before * green![pixel]!;
      rgb[2]![pixel]! += before * blue![pixel]!;
      left[pixel] = before * transmittance![pixel]!;
    }
    if (left.every((part) => part <= leastTransmittance)) break;
  }
  const level = (part: number) => Math.floor(255 * Math.min(Math.max(part, 0), 1) + 0.5);
  const seen = (channel: 0 | 1 | 2, pixel: number) =>
    level(rgb[channel]![pixel]! + left[pixel]! * backgroundRgb[channel]!);
  return [
    Float32Array.from(left, (_, pixel) => seen(0, pixel) * 65_536 + seen(1, pixel) * 256 + seen(2, pixel)),
    Float32Array.from(left, (part) => level(1 - part)),
  ];
}
