/** What a report's codes are called: their own English meaning, or the French one. Units as people write them. Pure. */
import type { MeasurementReport } from "../app/answers.ts";
import type { Language } from "../app/use-language.ts";

export type Concept = MeasurementReport["groups"][number]["measurements"][number]["concept"];

export const conceptName = (concept: Concept, language: Language): string =>
  (language === "fr" ? french[`${concept.codingSchemeDesignator} ${concept.codeValue}`] : undefined) ??
  concept.codeMeaning;

/** Four significant digits are more than any of these measurements is true to. */
export const valueText = (value: number, language: Language): string =>
  value.toLocaleString(language, { maximumSignificantDigits: 4 });

export function unitText({ codeValue }: Pick<Concept, "codeValue">, language: Language): string {
  const own = units[codeValue];
  return own ? own[language] : codeValue.replace(/\{.*\}/, "");
}

const units: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  "[hnsf'U]": { en: "HU", fr: "UH" },
  "([hnsf'U])2": { en: "HU²", fr: "UH²" },
  "[arb'U]": { en: "", fr: "" },
  "1": { en: "", fr: "" },
  mm3: { en: "mm³", fr: "mm³" },
  cm2: { en: "cm²", fr: "cm²" },
  "ml/[100]g/min": { en: "ml/100 g/min", fr: "ml/100 g/min" },
  "ml/[100]g": { en: "ml/100 g", fr: "ml/100 g" },
};

/** By scheme and code; those that the applications write. */
const french: Readonly<Record<string, string>> = {
  "SCT 118565006": "Volume",
  "SCT 373098007": "moyenne",
  "SCT 56851009": "maximum",
  "SCT 386136009": "Écart-type",
  "SCT 12738006": "Cerveau",
  "SCT 39607008": "Poumon",
  "SCT 41801008": "Artère coronaire",
  "SCT 3227004": "Tronc commun de la coronaire gauche",
  "SCT 59438005": "Artère interventriculaire antérieure",
  "SCT 57396003": "Artère circonflexe",
  "SCT 13647002": "Artère coronaire droite",
  "DCM 112055": "Méthode d'Agatston",
  "DCM 112056": "Score de volume",
  "DCM 112057": "Score de masse",
  "DCM 112058": "Score calcique",
  "DCM 112197": "Volume de calcification vasculaire",
  "DCM 112199": "Masse de calcification vasculaire",
  "DCM 112181": "Densité moyenne",
  "DCM 113288": "Rapport de volumes",
  "DCM 126031": "pic dans la région",
  "DCM 126032": "Volume métabolique",
  "DCM 126033": "Glycolyse totale de la lésion",
  "DCM 126401": "SUVbw",
  "DCM 126403": "SUVbsa",
  "DCM 126405": "SUVlbm (Janma)",
  "DCM 126406": "SUVlbm (James 128)",
  "DCM 126410": "SUV par le poids",
  "DCM 126412": "SUV par la surface corporelle",
  "DCM 126414": "SUV par la masse maigre, Janmahasatian",
  "DCM 126415": "SUV par la masse maigre, facteur 128",
  "99RELEVE LAA-950": "LAA-950, part du poumon sous -950 UH",
  "99RELEVE TIME": "Temps depuis la première image",
  "99RELEVE ENHANCEMENT": "Rehaussement sur la ligne de base",
  "99RELEVE LOG-SIGNAL": "Logarithme de la chute du signal, -ln(S / S0)",
  "99RELEVE PD15": "PD15, 15e percentile de densité pulmonaire",
  "IBSI Q4LE": "Intensité moyenne",
  "IBSI ECT3": "Variance",
  "IBSI KE2A": "Asymétrie",
  "IBSI IPH6": "Kurtosis en excès",
  "IBSI Y12H": "Médiane",
  "IBSI 1GSF": "Minimum",
  "IBSI QG58": "10e percentile",
  "IBSI 8DWT": "90e percentile",
  "IBSI 84IY": "Maximum",
  "IBSI SALO": "Écart interquartile",
  "IBSI 2OJQ": "Étendue",
  "IBSI 4FUA": "Écart absolu moyen",
  "IBSI 1128": "Écart absolu moyen robuste",
  "IBSI N72L": "Écart absolu à la médiane",
  "IBSI 7TET": "Coefficient de variation",
  "IBSI 9S40": "Coefficient de dispersion quartile",
  "IBSI N8CA": "Énergie",
  "IBSI 5ZWQ": "Moyenne quadratique",
};
