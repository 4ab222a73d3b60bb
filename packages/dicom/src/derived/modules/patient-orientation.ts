/**
 * NM/PET Patient Orientation, PS3.3 C.8.4.6, for a source that gives only Patient Position: the same fact in the codes
 * of context groups 19, 20 and 21.
 */
import type { Attributes } from "../../data-set/attributes.ts";
import { elementsOf, type Elements } from "../elements.ts";
import { codedElements } from "./code-sequence.ts";

const sct = (codeValue: string, codeMeaning: string) =>
  codedElements({ codeValue, codingSchemeDesignator: "SCT", codeMeaning });

const recumbent = sct("102538003", "recumbent");

const postures: Readonly<Record<string, Elements>> = {
  S: sct("40199007", "supine"),
  P: sct("1240000", "prone"),
  DR: sct("102535000", "right lateral decubitus"),
  DL: sct("102536004", "left lateral decubitus"),
};

const gantryRelations: Readonly<Record<string, Elements>> = {
  HF: sct("102540008", "headfirst"),
  FF: sct("102541007", "feet-first"),
};

/** Nothing where the source has the codes itself, or no position that they can say. */
export function patientOrientation(source: Attributes): Elements {
  const position = source.string("PatientPosition") ?? "";
  const posture = postures[position.slice(2)];
  const relation = gantryRelations[position.slice(0, 2)];
  const coded = source.items("PatientOrientationCodeSequence").length > 0;
  if (coded || !posture || !relation) return new Map();
  const modifier = elementsOf({ PatientOrientationModifierCodeSequence: [posture] });
  return elementsOf({
    PatientOrientationCodeSequence: [new Map([...recumbent, ...modifier])],
    PatientGantryRelationshipCodeSequence: [relation],
  });
}
