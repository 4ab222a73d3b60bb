/** The circle of projections and the grid that the workers share. Lengths in mm; the axis of rotation is z, through 0, 0. */

/** [angle][row][bin], float32. */
export let projections: usize = 0;
/** [angle][bin][row], float32, `rowStride` rows each: rows of one bin are what a column of voxels looks at. */
export let filtered: usize = 0;
/** Cosine and sine of where the source stands, float64. */
export let angles: usize = 0;
export let angleCount: i32 = 0;
export let binCount: i32 = 0;
export let rowCount: i32 = 0;
export let rowStride: i32 = 0;
export let binMm: f64 = 1;
export let rowMm: f64 = 1;
/** One over the distance from the source to the axis; 0 for parallel beams. */
export let perSource: f64 = 0;

export function setScan(
  projectionsAt: usize,
  filteredAt: usize,
  anglesAt: usize,
  angleTotal: i32,
  bins: i32,
  rows: i32,
  stride: i32,
  binWidth: f64,
  rowHeight: f64,
  inverseSource: f64,
): void {
  projections = projectionsAt;
  filtered = filteredAt;
  angles = anglesAt;
  angleCount = angleTotal;
  binCount = bins;
  rowCount = rows;
  rowStride = stride;
  binMm = binWidth;
  rowMm = rowHeight;
  perSource = inverseSource;
}
