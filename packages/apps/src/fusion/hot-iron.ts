/** DICOM's Hot Iron palette (PS3.6 B.1.1, UID 1.2.840.10008.1.5.1): black, red, yellow, white. */

/** 256 rows of red, green and blue, 0 to 255. */
export const hotIron: Float32Array = Float32Array.from(
  Array.from({ length: 256 }, (_, index) => [red(index), green(index), blue(index)]).flat(),
);

function red(index: number): number {
  return Math.min(255, 2 * index);
}

/** The last entry is white, one more than the ramp's next step. */
function green(index: number): number {
  return index === 255 ? 255 : Math.max(0, 2 * (index - 128));
}

function blue(index: number): number {
  return Math.min(255, Math.max(0, 4 * (index - 191)));
}
