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
      .readonly()
      .meta({ en: "Voxels (column, row, slice)", fr: "Voxels (colonne, ligne, coupe)" }),
  })
  .readonly()
  .meta({ en: "marked voxels", fr: "voxels marqués" });
const found = z
  .object({ kind: z.literal("found") })
  .readonly()
  .meta({ en: "found automatically", fr: "trouvée automatiquement" });
const none = z
  .object({ kind: z.literal("none") })
  .readonly()
  .meta({ en: "none", fr: "aucune" });

const truncation = z.discriminatedUnion("kind", [
  /** Per voxel the least truncation whose residue oscillates less than this, see residue-peak.ts (oSVD, Wu 2003). */
  z
    .object({
      kind: z.literal("oscillation"),
      oscillationMax: z
        .number()
        .min(1)
        .max(20)
        .meta({ en: "Oscillation, at most", fr: "Oscillation, au plus" }),
    })
    .readonly()
    .meta({ en: "per voxel, by its oscillation", fr: "par voxel, selon l'oscillation" }),
  /** Singular values below this fraction of the largest are left out in every voxel (cSVD). */
  z
    .object({
      kind: z.literal("fixed"),
      fraction: z.number().min(0.001).max(0.9).meta({
        en: "Fraction of the largest singular value",
        fr: "Fraction de la plus grande valeur singulière",
      }),
    })
    .readonly()
    .meta({ en: "the same everywhere", fr: "la même partout" }),
]);

export const perfusionParameters = z.object({
  /** The artery: found by itself, or the voxels that a person chose. */
  aif: z.discriminatedUnion("kind", [found, voxels]).meta({ en: "Artery", fr: "Artère" }),
  /** The vein, whose larger area makes up for an artery smaller than a voxel. */
  vof: z.discriminatedUnion("kind", [none, found, voxels]).meta({ en: "Vein", fr: "Veine" }),
  truncation: truncation.meta({ en: "Truncation", fr: "Troncature" }),
  /** Undoes what the truncation does to an exponential residue: CBF too low, MTT too long, Tmax too late. */
  truncationCorrection: z
    .boolean()
    .meta({ en: "Undo the bias of the truncation", fr: "Corriger le biais de la troncature" }),
  /** (1 - haematocrit of large vessels) / (1 - haematocrit of small ones); 1 for none. */
  haematocritFactor: z
    .number()
    .min(0.5)
    .max(1)
    .meta({ en: "Haematocrit factor", fr: "Facteur d'hématocrite" }),
  /** Of brain tissue; 1 gives results per 100 mL. */
  densityGPerMl: z.number().min(1).max(1.2).meta({ en: "Density (g/mL)", fr: "Densité (g/mL)" }),
  /** Of the head between the images: undone within the slices, or left as it is. It is measured and said either way. */
  motion: z.enum(["correct", "leave"]).meta({
    en: "Motion of the head",
    fr: "Mouvement de la tête",
    options: {
      correct: { en: "correct within the slices", fr: "corriger dans les coupes" },
      leave: { en: "leave", fr: "laisser" },
    },
  }),
  /** Of the tissue's curves, in the slice and within the brain: full width at half maximum of a Gaussian; 0 for none. */
  smoothingMm: z.number().min(0).max(20).meta({ en: "Smoothing (mm)", fr: "Lissage (mm)" }),
  /** Images at the beginning that are no steady state yet. */
  skippedFrames: z
    .int()
    .min(0)
    .max(20)
    .meta({ en: "First images left out", fr: "Premières images ignorées" }),
  /** Tissue that is reached later than this is hypoperfused. */
  tmaxSecondsMin: z
    .number()
    .min(1)
    .max(20)
    .meta({ en: "Hypoperfused: Tmax above (s)", fr: "Hypoperfusé : Tmax au-dessus de (s)" }),
  /** Hypoperfused tissue with less than this fraction of normal CBF is core. */
  coreCbfFraction: z.number().min(0.05).max(1).meta({
    en: "Core: fraction of normal CBF below",
    fr: "Nécrose : fraction du débit normal en dessous de",
  }),
  /** Smaller islands are no lesion, mL. */
  lesionMlMin: z.number().min(0).max(10).meta({ en: "Smallest lesion (mL)", fr: "Plus petite lésion (mL)" }),
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
  motion: "correct",
  smoothingMm: 0,
  skippedFrames: 0,
  tmaxSecondsMin: 6,
  coreCbfFraction: 0.3,
  lesionMlMin: 1,
} as const satisfies PerfusionParameters;
