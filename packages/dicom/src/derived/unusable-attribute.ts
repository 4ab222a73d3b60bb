import { refusal, type Refusal } from "@releve/domain/refusal";
import { entryOfKeyword, tagText } from "../data-set/dicom-dictionary.ts";

/** The source cannot be derived from because of one attribute, which the reason names; never its value. */
export function unusableAttribute(keyword: string): Refusal {
  const name = `${keyword} ${tagText(entryOfKeyword(keyword).tag)}`;
  return refusal("SOURCE_ATTRIBUTE_UNUSABLE", `The source has no usable ${name}.`);
}
