/** The plane of pixels that the workers share: origin, step to the pixel on the right and to the one below, in voxel indices. */
export let originX: f64 = 0;
export let originY: f64 = 0;
export let originZ: f64 = 0;
export let rightX: f64 = 0;
export let rightY: f64 = 0;
export let rightZ: f64 = 0;
export let downX: f64 = 0;
export let downY: f64 = 0;
export let downZ: f64 = 0;
export let columns: i32 = 0;
export let rows: i32 = 0;
/** Four bytes a pixel, in row order. */
export let pixels: usize = 0;
/** Counts the bands of rows that workers took. */
let counter: usize = 0;

export function setPlane(
  ox: f64,
  oy: f64,
  oz: f64,
  ux: f64,
  uy: f64,
  uz: f64,
  vx: f64,
  vy: f64,
  vz: f64,
  columnCount: i32,
  rowCount: i32,
  pixelsAt: usize,
  counterAt: usize,
): void {
  originX = ox;
  originY = oy;
  originZ = oz;
  rightX = ux;
  rightY = uy;
  rightZ = uz;
  downX = vx;
  downY = vy;
  downZ = vz;
  columns = columnCount;
  rows = rowCount;
  pixels = pixelsAt;
  counter = counterAt;
}

export const bandRows: i32 = 8;

/** The first row of the next band that no worker has taken, or one beyond the last. */
export function nextBand(): i32 {
  return atomic.add<i32>(counter, 1) * bandRows;
}
