/** Masks as one run of bits (PS3.5 section 8.1.1): frame after frame without a gap, the first pixel in the lowest bit. */
export function packMasks(masks: readonly Uint8Array[], pixelsPerMask: number): Uint8Array {
  const packed = new Uint8Array(Math.ceil((masks.length * pixelsPerMask) / 8));
  for (const [frame, mask] of masks.entries()) {
    const start = frame * pixelsPerMask;
    for (let pixel = 0; pixel < pixelsPerMask; pixel++)
      if (mask[pixel] === 1) packed[(start + pixel) >>> 3]! |= 1 << ((start + pixel) & 7);
  }
  return packed;
}
