/** What the scores, vessels and masks are called in DICOM: PS3.16. */
import type { CodedConcept } from "@releve/dicom/derived/derived-series";
import { dcm, sct, ucum } from "../quantity-codes.ts";
import type { Vessel } from "./parameters.ts";

export const calciumScoring = sct("426005005", "Cardiac CT for calcium scoring");
export const calcification = sct("18115005", "Pathologic calcification, calcified structure");
export const abnormalStructure = sct("49755003", "Morphologically Abnormal Structure");
export const coronaryArtery = sct("41801008", "Coronary artery");

type CoronaryVessel = Exclude<Vessel, "not-coronary">;

export const vesselCodes: Readonly<Record<CoronaryVessel, CodedConcept>> = {
  LM: sct("3227004", "Left Main Coronary Artery"),
  LAD: sct("59438005", "Left Anterior Descending Coronary Artery"),
  LCX: sct("57396003", "Circumflex Coronary Artery"),
  RCA: sct("13647002", "Right Coronary Artery"),
};

export const agatstonScore = {
  concept: dcm("112058", "Calcium score"),
  method: dcm("112055", "Agatston scoring method"),
  unit: ucum("[arb'U]", "arbitrary unit"),
};
export const volumeScore = {
  concept: dcm("112197", "Volume of Vascular Calcification"),
  method: dcm("112056", "Volume scoring method"),
  unit: ucum("mm3", "cubic millimeter"),
};
export const massScore = {
  concept: dcm("112199", "Mass of Vascular Calcification"),
  method: dcm("112057", "Mass scoring method"),
  unit: ucum("mg", "milligram"),
};
