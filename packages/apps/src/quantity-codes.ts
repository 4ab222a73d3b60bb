/** Codes that several applications give to what they measure: PS3.16, and units in UCUM. */
import type { CodedConcept } from "@releve/dicom/derived/derived-series";

const coded =
  (codingSchemeDesignator: string) =>
  (codeValue: string, codeMeaning = codeValue): CodedConcept => ({
    codeValue,
    codingSchemeDesignator,
    codeMeaning,
  });

export const dcm = coded("DCM");
export const ucum = coded("UCUM");
export const sct = coded("SCT");
export const ln = coded("LN");
/** For what no public scheme has a code. */
export const releve = coded("99RELEVE");
export const ibsi = coded("IBSI");
