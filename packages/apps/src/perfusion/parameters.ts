/** What can be asked of the perfusion analysis. */
import { z } from "zod";

const voxels = z
  .object({
    kind: z.literal("voxels"),
    /** Column, row, slice, each from 0. */
    voxels: z
      .array(z.tuple([z.int().min(0), z.int().min(0), z.int().min(0)]).readonly())
      .min(1)
      .max(1000)
      .readonly(),
  })
  .readonly();
const found = z.object({ kind: z.literal("found") }).readonly();
const none = z.object({ kind: z.literal("none") }).readonly();

const truncation = z.discriminatedUnion("kind", [
  /** Per voxel the least truncation whose residue oscillates less than this, see residue-peak.ts (oSVD, Wu 2003). */
  z.object({ kind: z.literal("oscillation"), oscillationMax: z.number().min(1).max(20) }).readonly(),
  /** Singular values below this fraction of the largest are left out in every voxel (cSVD). */
  z.object({ kind: z.literal("fixed"), fraction: z.number().min(0.001).max(0.9) }).readonly(),
]);

export const perfusionParameters = z.object({
  /** The artery: found by itself, or the voxels that a person chose. */
  aif: z.discriminatedUnion("kind", [found, voxels]),
  /** The vein, whose larger area makes up for an artery smaller than a voxel. */
  vof: z.discriminatedUnion("kind", [none, found, voxels]),
  truncation,
  /** Undoes what the truncation does to an exponential residue: CBF too low, MTT too long, Tmax too late. */
  truncationCorrection: z.boolean(),
  /** (1 - haematocrit of large vessels) / (1 - haematocrit of small ones); 1 for none. */
  haematocritFactor: z.number().min(0.5).max(1),
  /** Of brain tissue; 1 gives results per 100 mL. */
  densityGPerMl: z.number().min(1).max(1.2),
  /** Images at the beginning that are no steady state yet. */
  skippedFrames: z.int().min(0).max(20),
  /** Tissue that is reached later than this is hypoperfused. */
  tmaxSecondsMin: z.number().min(1).max(20),
  /** Hypoperfused tissue with less than this fraction of normal CBF is core. */
  coreCbfFraction: z.number().min(0.05).max(1),
  /** Smaller islands are no lesion, mL. */
  lesionMlMin: z.number().min(0).max(10),
});

export type PerfusionParameters = z.infer<typeof perfusionParameters>;
export type InputVoxels = PerfusionParameters["aif"] | PerfusionParameters["vof"];

export const defaultPerfusionParameters = {
  aif: { kind: "found" },
  vof: { kind: "none" },
  truncation: { kind: "oscillation", oscillationMax: 3 },
  truncationCorrection: true,
  haematocritFactor: 0.733,
  densityGPerMl: 1.04,
  skippedFrames: 0,
  tmaxSecondsMin: 6,
  coreCbfFraction: 0.3,
  lesionMlMin: 1,
} as const satisfies PerfusionParameters;
