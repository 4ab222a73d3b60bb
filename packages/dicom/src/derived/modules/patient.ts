/** Patient (PS3.3 C.7.1.1) and Patient Study (C.7.2.2). Comments and history stay behind: free text about people. */
import { many, type1, type1C, type2, type3, type AttributeRule } from "../attribute-rule.ts";
import { codeItem } from "./code-sequence.ts";

export const patientModule: readonly AttributeRule[] = [
  type2("PatientName", { identity: true }),
  type2("PatientID", { identity: true }),
  type3("IssuerOfPatientID"),
  type2("PatientBirthDate"),
  type2("PatientSex", { oneOf: ["M", "F", "O"] }),
  type3("PatientBirthTime"),
  type3("OtherPatientIDsSequence", {
    ...many,
    items: [
      type1("PatientID"),
      type3("IssuerOfPatientID"),
      type1("TypeOfPatientID", { oneOf: ["TEXT", "RFID", "BARCODE"] }),
    ],
  }),
  type3("QualityControlSubject", { oneOf: ["YES", "NO"] }),
  type3("PatientSpeciesDescription"),
  type1C("PatientIdentityRemoved", {
    oneOf: ["YES", "NO"],
    needsOneOf: ["DeidentificationMethod", "DeidentificationMethodCodeSequence"],
  }),
  type1C("DeidentificationMethod", many),
  type1C("DeidentificationMethodCodeSequence", { ...many, items: codeItem }),
];

export const patientStudyModule: readonly AttributeRule[] = [
  type3("PatientAge"),
  type3("PatientSize"),
  type3("PatientWeight"),
];
