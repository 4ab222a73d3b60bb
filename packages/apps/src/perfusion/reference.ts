/**
 * Block-circulant SVD with an oscillation index as Wu 2003 states it, in float64: the matrix written out, its singular value
 * decomposition by one-sided Jacobi rotations, and the same rules for the peak. Slow and obvious.
 */
import { oscillationOf, peakOf, type LagRange, type Peak } from "./residue-peak.ts";

type Matrix = readonly Float64Array[];
type Svd = { readonly left: Matrix; readonly values: readonly number[]; readonly right: Matrix };

export class BlockCirculantSvd {
  readonly #svd: Svd;
  readonly #size: number;

  constructor(aif: readonly number[], stepSeconds: number) {
    this.#size = 2 * aif.length;
    this.#svd = singularValues(circulantColumns(aif, stepSeconds));
  }

  /** From lag 0 on, then the negative lags; in 1/s. */
  residue(curve: readonly number[], fraction: number): number[] {
    const { left, values, right } = this.#svd;
    const least = fraction * Math.max(...values);
    const residue = Array.from({ length: this.#size }, () => 0);
    for (const [index, value] of values.entries()) {
      if (!(value >= least)) continue;
      const share = curve.reduce((sum, sample, t) => sum + left[index]![t]! * sample, 0) / value;
      for (let n = 0; n < this.#size; n++) residue[n]! += right[index]![n]! * share;
    }
    return residue;
  }

  /** The least truncation that is calm enough, found by halving as the kernel does. */
  calmPeak(
    curve: readonly number[],
    fractions: readonly number[],
    oscillationMax: number,
    range: LagRange,
  ): Peak & { readonly level: number } {
    let low = 0;
    let high = fractions.length - 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const index = oscillationOf(this.residue(curve, fractions[middle]!), range);
      if (index < oscillationMax) high = middle;
      else low = middle + 1;
    }
    return { ...peakOf(this.residue(curve, fractions[low]!), range), level: low };
  }
}

function circulantColumns(aif: readonly number[], stepSeconds: number): Matrix {
  const size = 2 * aif.length;
  return Array.from({ length: size }, (_, column) =>
    Float64Array.from({ length: size }, (__, row) => stepSeconds * (aif[(row - column + size) % size] ?? 0)),
  );
}

const sweepsMax = 60;
const orthogonal = 1e-14;

/** Rotates pairs of columns until all are at right angles: their lengths are then the singular values (Hestenes 1958). */
function singularValues(columns: Matrix): Svd {
  const size = columns.length;
  const turned = columns.map((column) => column.slice());
  const right = columns.map((_, index) => Float64Array.from({ length: size }, (__, row) => +(row === index)));
  for (let sweep = 0; sweep < sweepsMax; sweep++) {
    let rotated = false;
    for (let a = 0; a < size; a++)
      for (let b = a + 1; b < size; b++) {
        const angle = angleBetween(turned[a]!, turned[b]!);
        if (angle === 0) continue;
        rotated = true;
        rotate(turned[a]!, turned[b]!, angle);
        rotate(right[a]!, right[b]!, angle);
      }
    if (!rotated) break;
  }
  const values = turned.map((column) => Math.sqrt(product(column, column)));
  const left = turned.map((column, index) => column.map((value) => value / values[index]!));
  return { left, values, right };
}

function angleBetween(a: Float64Array, b: Float64Array): number {
  const [aa, bb, ab] = [product(a, a), product(b, b), product(a, b)];
  return Math.abs(ab) <= orthogonal * Math.sqrt(aa * bb) ? 0 : 0.5 * Math.atan2(2 * ab, aa - bb);
}

function rotate(a: Float64Array, b: Float64Array, angle: number): void {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [a[row]!, b[row]!];
    a[row] = cosine * x + sine * y;
    b[row] = cosine * y - sine * x;
  }
}

const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, row) => sum + value * b[row]!, 0);
