/**
 * One sample that absorbs: its gradient, its light, and what it adds to the ray. The gradient takes the 32 voxels around it as
 * 12 rows of 4, which is the half difference of the trilinear samples one voxel before and after.
 */
import { lowX, lowY, lowZ } from "./box";
import { ambient, colours, diffuse, shineParts, shines } from "./look";
import { mulAdd, sampleOne } from "./sample";
import { lastX, lastY, lastZ, rowBytes, sliceBytes } from "./volume";

/** Half the slope, times the view's direction in voxels per mm: a gradient's part along the ray is its product with this. */
let viewX: f32 = 0;
let viewY: f32 = 0;
let viewZ: f32 = 0;
/** The gradient's squared length, in real units per mm, is its quadratic form with these. */
let xx: f32 = 0;
let yy: f32 = 0;
let zz: f32 = 0;
let xy: f32 = 0;
let yz: f32 = 0;
let zx: f32 = 0;
let floorPerMm: f32 = 0;

export function setGradient(
  ax: f32,
  ay: f32,
  az: f32,
  qxx: f32,
  qyy: f32,
  qzz: f32,
  qxy: f32,
  qyz: f32,
  qzx: f32,
  leastPerMm: f32,
): void {
  viewX = ax;
  viewY = ay;
  viewZ = az;
  xx = qxx;
  yy = qyy;
  zz = qzz;
  xy = qxy;
  yz = qyz;
  zx = qzx;
  floorPerMm = leastPerMm;
}

/** Whether gaps may be beside the samples to come. */
let careful: bool = false;

export function setCare(gaps: bool): void {
  careful = gaps;
}

/**
 * `ray` holds red, green, blue and the transmittance so far. The sample lies at x, y, z from the voxel at `base`, the box's
 * first; `place` is its place in the look's tables, `stored` its value.
 */
export function shade(
  ray: v128,
  base: usize,
  x: f32,
  y: f32,
  z: f32,
  place: f32,
  stored: f32,
): v128 {
  const wholeX = <i32>x;
  const wholeY = <i32>y;
  const wholeZ = <i32>z;
  const atX = lowX + wholeX;
  const atY = lowY + wholeY;
  const atZ = lowZ + wholeZ;
  const cosine =
    !careful && atX > 0 && atY > 0 && atZ > 0 && atX < lastX - 1 && atY < lastY - 1 && atZ < lastZ - 1
      ? cosineAt(
          base + <usize>(wholeX << 1) + <usize>wholeY * rowBytes + <usize>wholeZ * sliceBytes,
          x - <f32>wholeX,
          y - <f32>wholeY,
          z - <f32>wholeZ,
        )
      : cosineSlowly(<f64>lowX + <f64>x, <f64>lowY + <f64>y, <f64>lowZ + <f64>z, <f64>stored);
  return blend(ray, place, cosine);
}

@inline
function blend(ray: v128, place: f32, cosine: f32): v128 {
  const whole = <i32>place;
  const entry = colours + (<usize>whole << 4);
  const own = v128.load(entry);
  const look = mulAdd(
    f32x4.sub(v128.load(entry, 16), own),
    f32x4.splat(place - <f32>whole),
    own,
  );
  const part = cosine * shineParts;
  const shine = shines + (<usize>(<i32>part) << 2);
  const dull = load<f32>(shine);
  const glint = dull + (load<f32>(shine, 4) - dull) * (part - <f32>(<i32>part));
  const lit = f32x4.pmin(
    mulAdd(look, f32x4.splat(ambient + diffuse * cosine), f32x4.splat(glint)),
    f32x4.splat(1),
  );
  const weight = f32x4.extract_lane(ray, 3) * f32x4.extract_lane(look, 3);
  return mulAdd(f32x4.replace_lane(lit, 3, -1), f32x4.splat(weight), ray);
}

@inline
function row(at: usize): v128 {
  return f32x4.convert_i32x4_s(v128.load16x4_s(at));
}

@inline
function mix(from: v128, to: v128, part: v128): v128 {
  return mulAdd(f32x4.sub(to, from), part, from);
}

/** At fx, fy, fz from the voxel at `at`, which has neighbours on all sides. */
function cosineAt(at: usize, fx: f32, fy: f32, fz: f32): f32 {
  const r = rowBytes;
  const s = sliceBytes;
  const y = f32x4.splat(fy);
  const z = f32x4.splat(fz);
  const p = at - 2;
  const near0 = row(p);
  const near1 = row(p + r);
  const far0 = row(p + s);
  const far1 = row(p + s + r);
  const alongX = mix(mix(near0, near1, y), mix(far0, far1, y), z);
  const alongY = mix(
    mix(f32x4.sub(near1, row(p - r)), f32x4.sub(row(p + r + r), near0), y),
    mix(f32x4.sub(far1, row(p + s - r)), f32x4.sub(row(p + s + r + r), far0), y),
    z,
  );
  const alongZ = mix(
    mix(f32x4.sub(far0, row(p - s)), f32x4.sub(far1, row(p + r - s)), y),
    mix(f32x4.sub(row(p + s + s), near0), f32x4.sub(row(p + s + s + r), near1), y),
    z,
  );
  const gx = <f32>1 - fx;
  const sumX = f32x4.mul(alongX, f32x4(-gx, -fx, gx, fx));
  const weights = f32x4(0, gx, fx, 0);
  const sumY = f32x4.mul(alongY, weights);
  const sumZ = f32x4.mul(alongZ, weights);
  return cosineOf(
    f32x4.extract_lane(sumX, 0) +
      f32x4.extract_lane(sumX, 1) +
      (f32x4.extract_lane(sumX, 2) + f32x4.extract_lane(sumX, 3)),
    f32x4.extract_lane(sumY, 1) + f32x4.extract_lane(sumY, 2),
    f32x4.extract_lane(sumZ, 1) + f32x4.extract_lane(sumZ, 2),
  );
}

/** On the volume's faces and beside gaps. */
function cosineSlowly(x: f64, y: f64, z: f64, stored: f64): f32 {
  return cosineOf(
    <f32>(beside(x + 1, y, z, stored) - beside(x - 1, y, z, stored)),
    <f32>(beside(x, y + 1, z, stored) - beside(x, y - 1, z, stored)),
    <f32>(beside(x, y, z + 1, stored) - beside(x, y, z - 1, stored)),
  );
}

function beside(x: f64, y: f64, z: f64, stored: f64): f64 {
  const sample = sampleOne(x, y, z);
  return sample == sample ? sample : stored;
}

/** How far the surface faces the eye, from the differences over two voxels along each axis. */
@inline
function cosineOf(x: f32, y: f32, z: f32): f32 {
  const squared = x * (xx * x + 2 * (xy * y + zx * z)) + y * (yy * y + 2 * yz * z) + zz * z * z;
  const length = max(sqrt(squared), floorPerMm);
  return min(abs(x * viewX + y * viewY + z * viewZ) / length, 1);
}
