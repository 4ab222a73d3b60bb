/** The digital phantom of the IBSI reference manual: 5 x 4 x 4 voxels of 2 mm; dots lie outside its region of interest. */
const phantomText = `
  1 4 4 1 1
  1 4 6 1 1
  4 1 6 4 1
  4 4 6 4 1

  1 4 4 1 1
  1 1 6 1 1
  . 1 3 1 1
  4 4 6 1 1

  1 4 4 . .
  1 1 1 1 1
  1 1 . 1 1
  1 1 6 1 1

  1 4 4 . .
  1 1 1 1 1
  1 1 1 1 1
  1 1 6 1 1`;

/** In [slice][row][column] order, NaN outside the region. */
export function ibsiPhantom(): Float32Array {
  return Float32Array.from(phantomText.trim().split(/\s+/), (text) => (text === "." ? Number.NaN : +text));
}
