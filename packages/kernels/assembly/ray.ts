/** Which steps of a ray lie inside the volume, in float64: p + k * d for k from 0, voxel indices (sampling-rules.ts). */
import { tolerance } from "./sample";
import { lastX, lastY, lastZ } from "./volume";

/** The first and the last step inside; none where last < first. */
export let firstStep: i32 = 0;
export let lastStep: i32 = 0;
/** Whether both of them lie on the volume without the tolerance, so that nothing between needs clamping. */
export let strictlyInside: bool = false;

let near: f64 = 0;
let far: f64 = 0;

@inline
function narrow(place: f64, step: f64, last: i32): void {
  const low = -tolerance - place;
  const high = <f64>last + tolerance - place;
  if (step == 0) {
    if (low > 0 || high < 0) far = -1;
    return;
  }
  const a = low / step;
  const b = high / step;
  near = max(near, min(a, b));
  far = min(far, max(a, b));
}

@inline
function strict(place: f64, last: i32): bool {
  // Less than float64's noise outside: not worth clamping, it weighs the memory beyond by nothing.
  return place >= -1e-9 && place <= <f64>last + 1e-9;
}

/** Steps `from` to `to` are asked for. */
export function enter(
  px: f64,
  py: f64,
  pz: f64,
  dx: f64,
  dy: f64,
  dz: f64,
  from: f64,
  to: f64,
): void {
  near = from;
  far = to;
  narrow(px, dx, lastX);
  narrow(py, dy, lastY);
  narrow(pz, dz, lastZ);
  const first = ceil(near);
  const last = floor(far);
  if (!(last >= first)) {
    firstStep = 0;
    lastStep = -1;
    strictlyInside = true;
    return;
  }
  firstStep = <i32>first;
  lastStep = <i32>last;
  strictlyInside =
    strict(px + first * dx, lastX) &&
    strict(px + last * dx, lastX) &&
    strict(py + first * dy, lastY) &&
    strict(py + last * dy, lastY) &&
    strict(pz + first * dz, lastZ) &&
    strict(pz + last * dz, lastZ);
}
