/** General Study, PS3.3 C.7.2.1. Study Instance UID comes with the request, not from here. */
import { many, type1C, type2, type3, type AttributeRule } from "../attribute-rule.ts";
import { type3Codes } from "./code-sequence.ts";

const issuerItem: readonly AttributeRule[] = [
  type1C("LocalNamespaceEntityID"),
  type1C("UniversalEntityID"),
  type1C("UniversalEntityIDType", {
    oneOf: ["DNS", "EUI64", "ISO", "URI", "UUID", "X400", "X500"],
    needsOneOf: ["UniversalEntityID"],
  }),
];

export const studyModule: readonly AttributeRule[] = [
  type2("StudyDate"),
  type2("StudyTime"),
  type2("ReferringPhysicianName"),
  type2("StudyID"),
  type2("AccessionNumber"),
  type3("IssuerOfAccessionNumberSequence", { items: issuerItem }),
  type3("StudyDescription"),
  type3("PhysiciansOfRecord", many),
  type3Codes("ProcedureCodeSequence"),
];
