/** A volume's voxels as real-world values, NaN where nothing was measured. */
import type { Volume } from "@releve/domain/volume";

/** In [slice][row][column] order; `indices`: only these, by index, in the order given. */
export function realValues({ voxels, padding }: Volume, indices?: Int32Array): Float32Array {
  const { values } = voxels;
  const { slope, intercept } = voxels.kind === "stored" ? voxels : identity;
  const { low, high } = padding ?? nothing;
  const real = new Float32Array(indices?.length ?? values.length);
  for (let at = 0; at < real.length; at++) {
    const value = values[indices ? indices[at]! : at]!;
    real[at] = value >= low && value <= high ? Number.NaN : value * slope + intercept;
  }
  return real;
}

const identity = { slope: 1, intercept: 0 };
const nothing = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
