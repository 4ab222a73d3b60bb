/**
 * Masks of 0 and 1 as one run of bits (PS3.5 section 8.1.1): frame after frame without a gap, the first pixel in the lowest
 * bit.
 */
export function packMasks(masks: readonly Uint8Array[], pixelsPerMask: number): Uint8Array {
  const packed = new Uint8Array(Math.ceil((masks.length * pixelsPerMask) / 8));
  let [byte, bit] = [0, 0];
  for (const mask of masks)
    for (let pixel = 0; pixel < pixelsPerMask; pixel++) {
      packed[byte]! |= mask[pixel]! << bit;
      bit = (bit + 1) & 7;
      if (bit === 0) byte++;
    }
  return packed;
}
