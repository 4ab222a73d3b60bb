/** What was found of a volume, short enough for a list. Pure. */
import type { Language } from "../app/use-language.ts";

/** The code itself where nothing is known of it. */
export const findingName = (code: string, language: Language): string =>
  Object.hasOwn(names, code) ? names[code]![language] : code;

const names: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  GANTRY_TILT: { en: "tilted gantry", fr: "statif incliné" },
  IRREGULAR_SPACING: { en: "uneven slices", fr: "coupes irrégulières" },
  MISSING_SLICES: { en: "slices missing", fr: "coupes manquantes" },
  MIXED_MATRIX_SIZES: { en: "several image sizes", fr: "plusieurs tailles d'image" },
  MIXED_ORIENTATIONS: { en: "several orientations", fr: "plusieurs orientations" },
  MIXED_PIXEL_SPACING: { en: "several pixel spacings", fr: "plusieurs tailles de pixel" },
  MIXED_SOP_CLASSES: { en: "several kinds of objects", fr: "plusieurs types d'objets" },
  MIXED_UNITS: { en: "several units", fr: "plusieurs unités" },
  RESCALE_ABSENT: { en: "no rescale", fr: "sans mise à l'échelle" },
  SEVERAL_FRAMES_OF_REFERENCE: { en: "several frames of reference", fr: "plusieurs repères" },
  SINGLE_SLICE: { en: "one slice", fr: "une seule coupe" },
  SLICES_SHIFTED: { en: "shifted slices", fr: "coupes décalées" },
  SOP_INSTANCE_UID_REUSED: { en: "SOP Instance UID used twice", fr: "SOP Instance UID réutilisé" },
  SPACING_DISAGREES: { en: "spacing contradicted", fr: "distance contredite" },
  TILT_DISAGREES: { en: "tilt contradicted", fr: "inclinaison contredite" },
};
