/** From a voxel's residue to CBF, CBV, MTT and Tmax. */
import { correctionFor, type ModelPoint } from "./truncation-model.ts";

export type VoxelResidue = {
  /** Area under the voxel's curve over that under the artery's. */
  readonly areaRatio: number;
  /** The residue's largest value, 1/s, and its lag. */
  readonly peakPerSecond: number;
  readonly lagSeconds: number;
};

export type Quantities = {
  /** mL/100 g/min. */
  readonly cbf: number;
  /** mL/100 g. */
  readonly cbv: number;
  readonly mttSeconds: number;
  readonly tmaxSeconds: number;
};

const notMeasured = { cbf: Number.NaN, cbv: Number.NaN, mttSeconds: Number.NaN, tmaxSeconds: Number.NaN };

/**
 * The central volume theorem: MTT = CBV / CBF. Where no blood arrives, flow and volume are 0 and the times have no value.
 * @param scale haematocrit factor over density.
 * @param model of the voxel's truncation; undefined: its effect is left in.
 */
export function quantitiesOf(
  { areaRatio, peakPerSecond, lagSeconds }: VoxelResidue,
  scale: number,
  model: readonly ModelPoint[] | undefined,
): Quantities {
  if (!Number.isFinite(areaRatio) || !Number.isFinite(peakPerSecond)) return notMeasured;
  if (!(areaRatio > 0) || !(peakPerSecond > 0)) return { ...notMeasured, cbf: 0, cbv: 0 };
  const apparentSeconds = areaRatio / peakPerSecond;
  const correction = model ? correctionFor(model, apparentSeconds) : { factor: 1, lagSeconds: 0 };
  const mttSeconds = apparentSeconds * correction.factor;
  return {
    cbf: (6000 * scale * areaRatio) / mttSeconds,
    cbv: 100 * scale * areaRatio,
    mttSeconds,
    tmaxSeconds: lagSeconds - correction.lagSeconds,
  };
}
