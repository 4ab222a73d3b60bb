/** Frames of a map as one run of 32-bit floats. What lies outside of the measured region becomes the padding value. */

export type FloatPixels = {
  readonly values: Float32Array;
  /** A number that no measured value has; absent where everything was measured. */
  readonly padding?: number;
  readonly min: number;
  readonly max: number;
};

/** Far below any quantity: a viewer that ignores padding shows black, and no measured value is ever that low. */
const lowest = -3.4028234663852886e38;

/** Values that are not finite are padding. `min` and `max` of the others; 0 where there are none. */
export function floatPixels(frames: readonly Float32Array[]): FloatPixels {
  const values = new Float32Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let [min, max, filled, offset] = [Infinity, -Infinity, 0, 0];
  for (const frame of frames)
    for (const value of frame) {
      if (!Number.isFinite(value)) {
        values[offset++] = lowest;
        filled++;
        continue;
      }
      values[offset++] = value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  const range = min <= max ? { min, max } : { min: 0, max: 0 };
  return { values, ...range, ...(filled > 0 && { padding: lowest }) };
}
