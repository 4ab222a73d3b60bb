/**
 * The gpu.js kernel behind volume rendering, by the rules of rendering-rules.ts. One call gives the colours of a tile, packed as
 * red * 65536 + green * 256 + blue, which float32 carries exactly; another one the opacities, 0 to 255: a vector for each
 * pixel would cost an object each. Written under the same constraints as sample-rays.ts.
 */
/* oxlint-disable complexity, max-depth, max-lines, max-lines-per-function, oxc/no-this-in-exported-function -- one gpu.js kernel, see above */
import type { IKernelFunctionThis } from "gpu.js";
import type { VolumeConstants } from "./sample-rays.ts";

export type RenderConstants = VolumeConstants & { readonly leastTransmittance: number };

/** The values of `part`. Of a volume in slabs, each slab's colours and transmittance are taken as they are, without a background. */
export const renderParts = { colour: 0, red: 1, green: 2, blue: 3, opacity: 4, transmittance: 5 } as const;

/**
 * o, u, v, d, columns, rows and the slab as in sample-rays.ts, but that o is where the first ray begins.
 * `clip`: a plane each, [distance of the tile's first ray's begin beyond the plane, its change per u, v and d].
 * `look`: a point each, rising: [stored value, red, green, blue, opacity per mm].
 * `light`: [mm per step, gradient floor in stored units per mm, ambient, diffuse, specular, shininess, background red, green,
 * blue, then the axes of the grid as covectors: |A|^2, |B|^2, |C|^2, 2AB, 2AC, 2BC, and each one's component along the ray].
 */
export function renderRays(
  this: Pick<IKernelFunctionThis, "thread"> & { constants: RenderConstants },
  ox: number,
  oy: number,
  oz: number,
  ux: number,
  uy: number,
  uz: number,
  vx: number,
  vy: number,
  vz: number,
  columns: number,
  rows: number,
  dx: number,
  dy: number,
  dz: number,
  steps: number,
  part: number,
  lowZ: number,
  highZ: number,
  fromZ: number,
  toZ: number,
  planes: number,
  clip: number[][],
  points: number,
  look: number[][],
  light: number[][],
): number {
  let result = 0.0;
  if (this.thread.x < columns && this.thread.y < rows) {
    const px = ox + this.thread.x * ux + this.thread.y * vx;
    const py = oy + this.thread.x * uy + this.thread.y * vy;
    const pz = oz + this.thread.x * uz + this.thread.y * vz;
    const tolerance = this.constants.tolerance;
    const nearX = (0 - tolerance - px) / dx;
    const nearY = (0 - tolerance - py) / dy;
    const nearZ = (0 - tolerance - pz) / dz;
    const farX = (this.constants.lastX + tolerance - px) / dx;
    const farY = (this.constants.lastY + tolerance - py) / dy;
    const farZ = (this.constants.lastZ + tolerance - pz) / dz;
    const enterXY = Math.max(Math.min(nearX, farX), Math.min(nearY, farY));
    const leaveXY = Math.min(Math.max(nearX, farX), Math.max(nearY, farY));
    const cutFrom = Math.ceil((fromZ - pz) / dz);
    const cutTo = Math.ceil((toZ - pz) / dz);
    let first = Math.max(
      Math.ceil(Math.max(Math.max(enterXY, Math.min(nearZ, farZ)), 0)),
      Math.min(cutFrom, cutTo),
    );
    let last = Math.min(
      Math.floor(Math.min(Math.min(leaveXY, Math.max(nearZ, farZ)), steps - 1)),
      Math.max(cutFrom, cutTo) - 1,
    );
    for (let plane = 0; plane < planes; plane++) {
      const beyond = clip[plane]![0]! + this.thread.x * clip[plane]![1]! + this.thread.y * clip[plane]![2]!;
      const perStep = clip[plane]![3]!;
      // Never zero: see render-task.ts.
      const crossing = (0 - beyond) / perStep;
      if (perStep > 0) {
        last = Math.min(last, Math.floor(crossing));
      } else {
        first = Math.max(first, Math.ceil(crossing));
      }
    }
    let red = 0.0;
    let green = 0.0;
    let blue = 0.0;
    let transmittance = 1.0;
    for (let step = first; step <= last; step += 1) {
      if (transmittance > this.constants.leastTransmittance) {
        const x = Math.min(Math.max(px + step * dx, 0), this.constants.lastX);
        const y = Math.min(Math.max(py + step * dy, 0), this.constants.lastY);
        const z = Math.min(Math.max(pz + step * dz, lowZ), highZ);
        let value = 0.0;
        let alpha = 0.0;
        let index = 0.0;
        let fraction = 0.0;
        let gradientX = 0.0;
        let gradientY = 0.0;
        let gradientZ = 0.0;
        // The sample itself, then its two neighbours along x, y and z, which only a visible and shaded sample needs.
        let visits = 1.0;
        for (let visit = 0; visit < 7; visit++) {
          if (visit < visits) {
            let atX = x;
            let atY = y;
            let atZ = z;
            let sign = 1.0;
            if (visit === 2 || visit === 4 || visit === 6) sign = -1.0;
            if (visit === 1 || visit === 2) atX = Math.min(Math.max(x + sign, 0), this.constants.lastX);
            if (visit === 3 || visit === 4) atY = Math.min(Math.max(y + sign, 0), this.constants.lastY);
            if (visit === 5 || visit === 6) atZ = Math.min(Math.max(z + sign, lowZ), highZ);
            const x0 = Math.floor(atX);
            const y0 = Math.floor(atY);
            const z0 = Math.floor(atZ);
            const x1 = Math.min(x0 + 1, this.constants.lastX);
            const y1 = Math.min(y0 + 1, this.constants.lastY);
            const below = z0 - lowZ;
            const above = Math.min(z0 + 1, highZ) - lowZ;
            let fx = atX - x0;
            let fy = atY - y0;
            let fz = atZ - z0;
            if (this.constants.hasGaps > 0) {
              if (fx < tolerance) fx = 0;
              if (fy < tolerance) fy = 0;
              if (fz < tolerance) fz = 0;
              if (fx > 1 - tolerance) fx = 1;
              if (fy > 1 - tolerance) fy = 1;
              if (fz > 1 - tolerance) fz = 1;
            }
            const gx = 1 - fx;
            const gy = 1 - fy;
            const v00 =
              this.constants.volume[below]![y0]![x0]! * gx + this.constants.volume[below]![y0]![x1]! * fx;
            const v01 =
              this.constants.volume[below]![y1]![x0]! * gx + this.constants.volume[below]![y1]![x1]! * fx;
            const v10 =
              this.constants.volume[above]![y0]![x0]! * gx + this.constants.volume[above]![y0]![x1]! * fx;
            const v11 =
              this.constants.volume[above]![y1]![x0]! * gx + this.constants.volume[above]![y1]![x1]! * fx;
            let sample = (v00 * gy + v01 * fy) * (1 - fz) + (v10 * gy + v11 * fy) * fz;
            if (visit < 0.5) {
              if (sample > this.constants.outsideLimit) {
                value = sample;
                // The last point at or below the value; beyond the ends the fraction is 0 or 1.
                for (let point = 0; point < points - 1; point++) {
                  if (sample >= look[point]![0]!) index = point;
                }
                const least = look[index]![0]!;
                const width = look[index + 1]![0]! - least;
                fraction = Math.min(Math.max((sample - least) / width, 0), 1);
                const opacity = look[index]![4]! * (1 - fraction) + look[index + 1]![4]! * fraction;
                if (opacity > 0) {
                  alpha = 1 - Math.exp(0 - opacity * light[0]![0]!);
                  if (part < 3.5 && light[0]![3]! + light[0]![4]! > 0) visits = 7.0;
                }
              }
            } else {
              if (sample < this.constants.outsideLimit) sample = value;
              const half = (sample * sign) / 2;
              if (visit < 2.5) {
                gradientX = gradientX + half;
              } else {
                if (visit < 4.5) {
                  gradientY = gradientY + half;
                } else {
                  gradientZ = gradientZ + half;
                }
              }
            }
          }
        }
        if (alpha > 0) {
          if (part < 3.5) {
            let lit = light[0]![2]!;
            let shine = 0.0;
            if (visits > 1.5) {
              const square =
                gradientX * gradientX * light[0]![9]! +
                gradientY * gradientY * light[0]![10]! +
                gradientZ * gradientZ * light[0]![11]! +
                gradientX * gradientY * light[0]![12]! +
                gradientX * gradientZ * light[0]![13]! +
                gradientY * gradientZ * light[0]![14]!;
              const along =
                gradientX * light[0]![15]! + gradientY * light[0]![16]! + gradientZ * light[0]![17]!;
              const size = Math.max(Math.sqrt(Math.max(square, 0)), light[0]![1]!);
              const cosine = Math.min(Math.abs(along) / size, 1);
              lit = lit + light[0]![3]! * cosine;
              if (light[0]![4]! > 0 && cosine > 0) shine = light[0]![4]! * Math.pow(cosine, light[0]![5]!);
            }
            const weight = transmittance * alpha;
            const ownRed = look[index]![1]! * (1 - fraction) + look[index + 1]![1]! * fraction;
            const ownGreen = look[index]![2]! * (1 - fraction) + look[index + 1]![2]! * fraction;
            const ownBlue = look[index]![3]! * (1 - fraction) + look[index + 1]![3]! * fraction;
            red = red + weight * Math.min(ownRed * lit + shine, 1);
            green = green + weight * Math.min(ownGreen * lit + shine, 1);
            blue = blue + weight * Math.min(ownBlue * lit + shine, 1);
          }
          transmittance = transmittance * (1 - alpha);
        }
      }
    }
    if (part < 0.5) {
      red = Math.min(Math.max(red + transmittance * light[0]![6]!, 0), 1);
      green = Math.min(Math.max(green + transmittance * light[0]![7]!, 0), 1);
      blue = Math.min(Math.max(blue + transmittance * light[0]![8]!, 0), 1);
      result =
        Math.floor(255 * red + 0.5) * 65536 +
        Math.floor(255 * green + 0.5) * 256 +
        Math.floor(255 * blue + 0.5);
    } else {
      result = Math.floor(255 * (1 - transmittance) + 0.5);
      if (part < 1.5) result = red;
      if (part > 1.5 && part < 2.5) result = green;
      if (part > 2.5 && part < 3.5) result = blue;
      if (part > 4.5) result = transmittance;
    }
  }
  return result;
}
