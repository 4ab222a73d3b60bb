/**
 * The inverses of the block-circulant matrix of the arterial input function, one for each truncation.
 *
 * A circulant matrix is diagonal in the Fourier basis: its singular values are the magnitudes of the Fourier transform of its
 * column, and leaving out small ones is leaving out frequencies (Gall 2010, "the mathematical equivalence of Fourier and
 * circular SVD"). So the truncated inverse needs no numerical SVD, and being circulant too it is one row; `reference.ts` does
 * it by the SVD and the tests compare the two. Float64.
 */

export type TruncatedInverse = {
  /** Of the largest singular value: smaller ones are left out. */
  readonly fraction: number;
  /** residue[n] = sum over t of row[(n - t) mod size] * curve[t], in 1/s. */
  readonly row: Float64Array;
};

/** Rising, so that the first one whose residue is calm enough truncates least. */
const fractionMin = 0.005;
const fractionMax = 0.7;
const fractionRatio = 1.3;

export function ladder(): readonly number[] {
  const count = Math.floor(Math.log(fractionMax / fractionMin) / Math.log(fractionRatio)) + 1;
  return Array.from({ length: count }, (_, index) => fractionMin * fractionRatio ** index);
}

/**
 * @param aif per step; padded with as many zeros, so that a curve that comes before the artery's is a negative lag and not
 *   folded into the late ones (Wu 2003).
 */
export function truncatedInverses(
  aif: readonly number[],
  stepSeconds: number,
  fractions: readonly number[],
): readonly TruncatedInverse[] {
  const size = 2 * aif.length;
  const angles = Array.from({ length: size }, (_, index) => (2 * Math.PI * index) / size);
  const cosines = angles.map(Math.cos);
  const sines = angles.map(Math.sin);
  // The column of the matrix is real: half of the frequencies say all.
  const spectrum = Array.from({ length: aif.length + 1 }, (_, frequency) => {
    let real = 0;
    let imaginary = 0;
    for (const [step, value] of aif.entries()) {
      real += value * cosines[(frequency * step) % size]!;
      imaginary -= value * sines[(frequency * step) % size]!;
    }
    return { real, imaginary, magnitude: Math.hypot(real, imaginary) };
  });
  const largest = Math.max(...spectrum.map(({ magnitude }) => magnitude));
  return fractions.map((fraction) => {
    const row = new Float64Array(size);
    for (const [frequency, { real, imaginary, magnitude }] of spectrum.entries()) {
      if (!(magnitude >= fraction * largest)) continue;
      const weight =
        (frequency === 0 || frequency === aif.length ? 1 : 2) / (size * magnitude ** 2 * stepSeconds);
      for (let n = 0; n < size; n++) {
        const turn = (frequency * n) % size;
        row[n]! += weight * (real * cosines[turn]! + imaginary * sines[turn]!);
      }
    }
    return { fraction, row };
  });
}

/** The residue of one curve, all lags: from 0 on, then the negative ones. */
export function residueOf({ row }: TruncatedInverse, curve: readonly number[]): number[] {
  const size = row.length;
  return Array.from(row, (_, n) =>
    curve.reduce((sum, value, t) => sum + row[(n - t + size) % size]! * value, 0),
  );
}

/** As the kernels read it: each row twice over, so that n - t + size needs no remainder. */
export function inverseTable(inverses: readonly TruncatedInverse[]): {
  columns: number;
  values: Float32Array;
} {
  const columns = 2 * inverses[0]!.row.length;
  const values = new Float32Array(columns * inverses.length);
  for (const [index, { row }] of inverses.entries()) {
    values.set(row, index * columns);
    values.set(row, index * columns + row.length);
  }
  return { columns, values };
}
