/**
 * What a dose is spread over: body weight, lean body mass or body surface, from the header. W in kg, H in cm.
 * - Lean body mass, Janmahasatian 2005: 9270 W / (6680 + 216 BMI) for men, 9270 W / (8780 + 244 BMI) for women.
 * - Lean body mass, James 1976: 1.10 W - 128 (W/H)^2 for men, 1.07 W - 148 (W/H)^2 for women. Beyond the weight where it begins
 *   to fall (BMI 43.0 and 36.1), it is refused.
 * - Body surface, Du Bois 1916: 0.007184 W^0.425 H^0.725 m2.
 */
import type { Attributes } from "@releve/dicom/data-set/attributes";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { SuvKind } from "./suv-kind.ts";

/** Grams, or cm2 for SUVbsa. Refused without the weight, height or sex that the kind needs. */
export function bodySize(attributes: Attributes, kind: SuvKind): number | Refusal {
  const weightKg = weightOf(attributes);
  if (isRefusal(weightKg) || kind === "SUVbw") return isRefusal(weightKg) ? weightKg : weightKg * 1000;
  const heightCm = heightOf(attributes, kind);
  if (isRefusal(heightCm)) return heightCm;
  if (kind === "SUVbsa") return duBoisM2(weightKg, heightCm) * 10_000;
  const sex = attributes.string("PatientSex");
  if (sex !== "M" && sex !== "F")
    return refusal("PATIENT_SEX_MISSING", `${kind} needs Patient's Sex, M or F; the images do not say it.`);
  if (kind === "SUVlbm(Janma)") return janmahasatianKg(weightKg, heightCm, sex) * 1000;
  const bmi = weightKg / (heightCm / 100) ** 2;
  if (bmi > jamesBmiMax[sex])
    return refusal(
      "JAMES_NOT_VALID",
      "James' lean body mass falls with rising weight in this patient: it holds no more. Take Janmahasatian's.",
    );
  return jamesKg(weightKg, heightCm, sex) * 1000;
}

type Sex = "M" | "F";

function janmahasatianKg(weightKg: number, heightCm: number, sex: Sex): number {
  const bmi = weightKg / (heightCm / 100) ** 2;
  return (9270 * weightKg) / (sex === "M" ? 6680 + 216 * bmi : 8780 + 244 * bmi);
}

const jamesTerms: Readonly<Record<Sex, readonly [number, number]>> = { M: [1.1, 128], F: [1.07, 148] };

function jamesKg(weightKg: number, heightCm: number, sex: Sex): number {
  const [linear, quadratic] = jamesTerms[sex];
  return linear * weightKg - quadratic * (weightKg / heightCm) ** 2;
}

/** Where the formula's slope over weight is zero: linear / (2 quadratic) kg/cm2. */
const jamesBmiMax: Readonly<Record<Sex, number>> = {
  M: (10_000 * jamesTerms.M[0]) / (2 * jamesTerms.M[1]),
  F: (10_000 * jamesTerms.F[0]) / (2 * jamesTerms.F[1]),
};

function duBoisM2(weightKg: number, heightCm: number): number {
  return 0.007184 * weightKg ** 0.425 * heightCm ** 0.725;
}

/** Outside of these a header is in other units than the standard's: grams or pounds, centimetres. */
const weightKgRange = [0.3, 500] as const;
const heightMRange = [0.25, 2.7] as const;

function weightOf(attributes: Attributes): number | Refusal {
  const weightKg = attributes.number("PatientWeight");
  if (!weightKg)
    return refusal("PATIENT_WEIGHT_MISSING", "An SUV needs Patient's Weight; the images do not say it.");
  const [low, high] = weightKgRange;
  if (weightKg < low || weightKg > high)
    return refusal("PATIENT_WEIGHT_UNLIKELY", `Patient's Weight lies outside of ${low} to ${high} kg.`);
  return weightKg;
}

function heightOf(attributes: Attributes, kind: SuvKind): number | Refusal {
  const heightM = attributes.number("PatientSize");
  if (!heightM)
    return refusal(
      "PATIENT_SIZE_MISSING",
      `${kind} needs Patient's Size (height); the images do not say it.`,
    );
  const [low, high] = heightMRange;
  if (heightM < low || heightM > high)
    return refusal("PATIENT_SIZE_UNLIKELY", `Patient's Size lies outside of ${low} to ${high} m.`);
  return heightM * 100;
}
